"""What must never be shown, whoever says it: secrets of the environment, tokens, signatures."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any, Final

from asr_properties.contract.methods import METHODS, RESULTS

HIDDEN: Final = "***"

#: Names of environment variables that say what their values are. Not a keyboard, a keyring, a tokenizer.
_TELLING_NAME: Final = re.compile(
    r"secret|token(?!iz)|passw|passphrase|(?:^|_)pwd_|_pwd$|credential|key(?!board|map|ring|stroke|word|gen)", re.I
)

SHORTEST: Final = 6
"""Characters of a value that is hidden: shorter ones, such as `true`, are parts of words that must be read."""

_SHORTEST_LINE: Final = 16
"""Characters of one line of a value of several, such as a private key."""

_SIGNING: Final = r"\b(sig|signature|\w*accesskey|accountkey|client_secret)(=|%3d)[^&;\s\"'<>\\]+"

#: What is a secret by its looks, and what stays of it.
_LOOKS: Final = (
    (re.compile(r"\b(bearer|basic)(\s+)[A-Za-z0-9._~+/=-]{8,}", re.I), rf"\1\2{HIDDEN}"),
    (re.compile(r"\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*)?"), HIDDEN),
    (re.compile(_SIGNING, re.I), rf"\1\2{HIDDEN}"),
    (re.compile(r"(://[^/\s:@]*:)[^/\s@]+(?=@)"), rf"\1{HIDDEN}"),
)


class Secrets:
    """Takes secrets out of texts: the values of variables whose names tell, whatever is added, and what looks like one.

    A value that is part of a word of the contract is none: without it nothing could be read.
    """

    def __init__(self, environment: Mapping[str, str] | None = None) -> None:
        given = os.environ if environment is None else environment
        told = (value for name, value in given.items() if _TELLING_NAME.search(name))
        self._known: tuple[str, ...] = ()
        for value in told:
            if not _is_a_word(value.strip()):
                self.add(value)

    def add(self, secret: str) -> None:
        """Hide this, too."""
        self._known = tuple(sorted({*self._known, *_spellings(secret)}, key=len, reverse=True))

    def scrub(self, text: str) -> str:
        """The text without them."""
        for secret in self._known:
            text = text.replace(secret, HIDDEN)
        for looks, rest in _LOOKS:
            text = looks.sub(rest, text)
        return text


def _spellings(value: str) -> Iterator[str]:
    """A secret, its lines if it has several, and each as it stands in JSON."""
    lines = [line for line in value.splitlines() if len(line) >= _SHORTEST_LINE] if "\n" in value else []
    for secret in (value.strip(), *map(str.strip, lines)):
        if len(secret) >= SHORTEST:
            yield secret
            yield json.dumps(secret)[1:-1]
            yield json.dumps(secret, ensure_ascii=False)[1:-1]


def _is_a_word(secret: str) -> bool:
    return any(secret in word for word in _words())


@cache
def _words() -> frozenset[str]:
    """The words of the contract: methods, keys, and whatever a value can be one of."""
    schemas = [result.json_schema() for result in RESULTS.values()]
    return frozenset(METHODS) | frozenset(word for schema in schemas for word in _words_in(schema))


def _words_in(schema: Any) -> Iterator[str]:
    inner: Iterable[Any] = ()
    if isinstance(schema, dict):
        yield from (word for word in (*schema.get("enum", ()), schema.get("const")) if isinstance(word, str))
        yield from schema.get("properties", {})
        inner = schema.values()
    elif isinstance(schema, list):
        inner = schema
    for part in inner:
        yield from _words_in(part)
