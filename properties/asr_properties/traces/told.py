"""What a recording tells beyond what is judged: the request as it was sent, the status, the service's own words.

It is kept for people who read a recording. Nothing is concluded from it. Every text is cut to a bound, so that the
events that are read ahead stay small.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any, NamedTuple
from urllib.parse import unquote, urlsplit

MOST_MESSAGES = 5
"""How many errors and warnings of one answer are kept."""

MOST_OF_MESSAGE = 300
"""The length of the longest text that is kept of an error, an address or a name."""


class Message(NamedTuple):
    """An error or a warning of the service: its code and its text, as they were recorded; either may be empty."""

    code: str
    text: str = ""

    def __str__(self) -> str:
        return ": ".join(filter(None, self)) or "without a code"


class Told(NamedTuple):
    """How an event was recorded.

    request: of what asks for something, the method and the address from the vault on; else empty. status: the HTTP
    status of the answer; None where that was not recorded. state: the service's own word for the state of the item or
    the job. messages: the errors and warnings of the answer, or of the job it shows.
    """

    request: str = ""
    status: int | None = None
    state: str = ""
    messages: tuple[Message, ...] = ()


NOTHING_TOLD = Told()


def sent(method: str, url: str) -> str:
    """The method and the address, without what all addresses of a vault begin with and without the query, which may
    hold a signature."""
    try:
        path = unquote(urlsplit(url).path)
    except ValueError:
        path = ""
    *_, rest = path.strip("/").partition("/vaults/")
    segments = rest.split("/")[1:] if rest else path.split("/")
    if len(segments) > 4 and segments[0].lower() == "replicationfabrics":
        segments = segments[4:]  # the names of fabric and container tell nothing more
    return _cut(f"{method} {'/'.join(segments)}".strip())


def words_in(body: object, state: str) -> Told:
    """What a body says: its messages, and the text in the field `state`, of the body or of its properties."""
    return Told(state=text_in(body, state), messages=messages_in(body))


def text_in(body: object, name: str) -> str:
    """The text in a field of a body or of its properties; empty where there is none."""
    whole = _mapping(body)
    found = (where.get(name) for where in (_mapping(whole.get("properties")), whole))
    return _cut(next((value for value in found if isinstance(value, str)), ""))


def messages_in(body: object) -> tuple[Message, ...]:
    """The errors and warnings in a body: those of an answer or an operation (facts 7.2), or of a job and its tasks
    (facts 7.5)."""
    return tuple(islice(dict.fromkeys(_messages(_mapping(body))), MOST_MESSAGES))


def _messages(body: Mapping[str, Any]) -> Iterator[Message]:
    yield from _of_error(body.get("error"))
    properties = _mapping(body.get("properties"))
    if "scenarioName" not in properties:
        return
    for holder in (properties, *_list(properties.get("tasks"))):
        for error in _list(_mapping(holder).get("errors")):
            told = _mapping(error)
            yield from _of_error(told.get("serviceErrorDetails"))
            provider = _mapping(told.get("providerErrorDetails"))
            yield from _message(provider.get("errorCode"), provider.get("errorMessage"))


def _of_error(error: object) -> Iterator[Message]:
    told = _mapping(error)
    yield from _message(told.get("code"), told.get("message"))
    for detail in _list(told.get("details"))[:MOST_MESSAGES]:
        yield from _message(_mapping(detail).get("code"), _mapping(detail).get("message"))


def _message(code: object, text: object) -> Iterator[Message]:
    found = Message(
        _cut(str(code)) if isinstance(code, str | int) and code not in ("", 0) else "",
        _cut(" ".join(text[: 4 * MOST_OF_MESSAGE].split())) if isinstance(text, str) else "",
    )
    if any(found):
        yield found


def _cut(text: str) -> str:
    return text if len(text) <= MOST_OF_MESSAGE else f"{text[: MOST_OF_MESSAGE - 4]} ..."


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
