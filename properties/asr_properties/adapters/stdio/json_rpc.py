"""Reading and writing JSON-RPC 2.0: bytes of one line to an answer, and everything that can be wrong with them."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from asr_properties.contract.errors import ANSWERS, ContractError, Refused
from asr_properties.contract.text import shown

LONGEST_LINE: Final = 4 * 1024 * 1024
"""Bytes of a reply without its newline; what is longer is not read to its end."""

LARGEST_INTEGER: Final = 2**53 - 1
"""Integers beyond it are not the same in every JSON library (RFC 7493, section 2.2)."""


MOST_KEYS: Final = 1000
"""Of one object; the contract's have a dozen."""


class Unreadable(ValueError):
    """A line is no reply to the request. `hint` says what to do about it."""

    def __init__(self, what: str, hint: str = "a reply is one JSON document on one line, and nothing else") -> None:
        self.what, self.hint = shown(what), hint
        super().__init__(self.what)


@dataclass(frozen=True)
class OtherError:
    """A JSON-RPC error whose code the contract does not have."""

    code: int
    message: str


def request_line(number: int, method: str, parameters: dict[str, Any]) -> bytes:
    """A request as it is sent."""
    document = {"jsonrpc": "2.0", "id": number, "method": method, "params": parameters}
    return json.dumps(document, allow_nan=False, separators=(",", ":")).encode("ascii") + b"\n"


def read_reply(line: bytes, number: int, hide: Callable[[Any], Any] | None = None) -> Any | ContractError | OtherError:
    """The result in the reply to request `number`, or the contract's error, or another one.

    hide: takes secrets out of the document, before anything of it is cut or told.

    Raises:
        Unreadable: the line is not that.
    """
    document = read_document(line)
    if hide is not None:
        document = hide(document)
    if isinstance(document, list):
        raise Unreadable("a batch where one reply was due", "the suite sends no batches: reply with one object")
    if not isinstance(document, dict):
        raise Unreadable(f"a {type(document).__name__} where a reply was due", "a reply is an object")
    if "method" in document:
        raise Unreadable("a request or notification", "only the suite asks; write logs to stderr")
    if document.get("jsonrpc") != "2.0":
        raise Unreadable(f"the reply says jsonrpc {document.get('jsonrpc')!r}", 'every reply has "jsonrpc": "2.0"')
    _check_keys(document, ("jsonrpc", "id", "result", "error"))
    if ("result" in document) == ("error" in document):
        raise Unreadable("a reply has either a result or an error", "where a result is nothing, it is null")
    identifier = document.get("id")
    if type(identifier) is not int or identifier != number:
        told = f": {document['error']!r}" if identifier is None and "error" in document else ""
        raise Unreadable(
            f"the reply bears the id {identifier!r}, the request {number}{told}",
            "one request at a time: the reply bears the request's own id",
        )
    return document["result"] if "result" in document else _error(document["error"])


def read_document(line: bytes) -> Any:
    """The JSON value of a line: strict JSON, UTF-8, no duplicate keys, only numbers that every reader reads alike.

    Raises:
        Unreadable: it is none.
    """
    if not line.strip():
        raise Unreadable("an empty line")
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Unreadable(f"not UTF-8 at byte {error.start}", "write UTF-8, whatever the locale") from None
    try:
        value = json.loads(
            text, parse_constant=_no_number, parse_int=_integer, parse_float=_fraction, object_pairs_hook=_object
        )
        if "\\u" in text:
            json.dumps(value, ensure_ascii=False).encode("utf-8")
    except RecursionError:
        raise Unreadable("nested too deeply") from None
    except UnicodeEncodeError:
        raise Unreadable("half of a surrogate pair in a string", "escape both halves, or none") from None
    except json.JSONDecodeError as error:
        raise Unreadable(f"not JSON: {error.msg} at column {error.colno}") from None
    return value


def _error(error: Any) -> ContractError | OtherError:
    if not isinstance(error, dict):
        raise Unreadable(f"the error is a {type(error).__name__}", "an error is an object with code and message")
    _check_keys(error, ("code", "message", "data"))
    code, message, data = error.get("code"), error.get("message"), error.get("data")
    if type(code) is not int or not isinstance(message, str):
        raise Unreadable("an error without a whole number `code` and a string `message`")
    kind = ANSWERS.get(code)
    if kind is None:
        return OtherError(code, message)
    if kind is Refused:
        reason = data.get("reason", message) if isinstance(data, dict) else message
        if not isinstance(reason, str):
            raise Unreadable("the `data.reason` of a refusal is no string")
        return Refused(reason)
    return kind(message)


def _check_keys(document: dict[str, Any], known: Sequence[str]) -> None:
    unknown = [key for key in document if key not in known]
    if unknown:
        raise Unreadable(f"an unknown key {unknown[0]!r}", f"the keys are {', '.join(known)}")


def _no_number(name: str) -> Any:
    raise Unreadable(f"{name} is not JSON", "what is unknown is null")


def _integer(digits: str) -> int:
    value = int(digits) if len(digits) <= 20 else LARGEST_INTEGER + 1
    if abs(value) > LARGEST_INTEGER:
        raise Unreadable(f"the integer {digits[:20]}{'...' if len(digits) > 20 else ''} is beyond 2^53 - 1")
    return value


def _fraction(digits: str) -> float:
    value = float(digits)
    if value in (float("inf"), float("-inf")):
        raise Unreadable(f"the number {digits[:20]} is too large")
    return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(pairs) > MOST_KEYS:
        raise Unreadable(f"an object of {len(pairs)} keys", f"no object of the contract has more than {MOST_KEYS}")
    document = dict(pairs)
    if len(document) != len(pairs):
        keys = [key for key, _ in pairs]
        double = next(key for key in keys if keys.count(key) > 1)
        raise Unreadable(f"the key {double!r} twice in one object")
    return document
