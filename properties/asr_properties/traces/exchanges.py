"""An HTTP exchange, as every format of recordings holds it: one request and its answer."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import NamedTuple


class Exchange(NamedTuple):
    """One request and its answer.

    number: its place in the recording, from 1. body, answer: parsed JSON, or None. headers: those of the answer, by
    their names in lower case. at: an ISO 8601 time in UTC, None where none was recorded.
    """

    number: int
    method: str
    url: str
    body: object
    status: int
    headers: Mapping[str, str]
    answer: object
    at: str | None


class NotAnExchange(ValueError):
    """An entry of a recording lacks its request or its answer; the message says what was expected."""


def exchange(
    number: int, method: object, url: object, body: object, status: object, headers: object, answer: object, at: object
) -> Exchange:
    """The exchange with these parts, as they were recorded; bodies as text or bytes, the time as in HTTP or ISO 8601.

    Raises:
        NotAnExchange: the method, the address or the status is no such thing.
    """
    is_status = isinstance(status, int) and not isinstance(status, bool)
    if not (isinstance(method, str) and isinstance(url, str) and is_status and isinstance(headers, Mapping)):
        raise NotAnExchange("lacks its request or its response: expected method, address and status code")
    assert isinstance(status, int)
    named = {str(name).lower(): _first(value) for name, value in headers.items()}
    return Exchange(
        number, method.upper(), url, _json(body), status, named, _json(answer), _time(at or named.get("date"))
    )


def _first(value: object) -> str:
    if isinstance(value, list):
        value = value[0] if value else ""
    return value if isinstance(value, str) else ""


def _json(content: object) -> object:
    """The parsed body; None where there is none or it is not JSON."""
    if isinstance(content, Mapping):
        return content
    try:
        return json.loads(content) if isinstance(content, str | bytes) and content else None
    except (ValueError, RecursionError):
        return None


def _time(text: object) -> str | None:
    """The time in UTC, whole seconds or finer; None where it cannot be understood or is out of range."""
    if not isinstance(text, str):
        return None
    for read in (parsedate_to_datetime, datetime.fromisoformat):
        try:
            return read(text).astimezone(UTC).isoformat().replace("+00:00", "Z")
        except (ValueError, TypeError, OverflowError, IndexError):
            continue
    return None
