"""An HTTP exchange: one request and its answer. Every format of recordings consists of these."""

from __future__ import annotations

import base64
import json
import re
import zlib
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import lru_cache
from typing import NamedTuple

from asr_properties.traces.source import MOST_BYTES


class Exchange(NamedTuple):
    """One request and its answer.

    number: its place in the recording, from 1. body, answer: parsed JSON, or None. status: 0 or less where there was no
    answer. headers: those of the answer, with names in lower case. at, until: when it began and when it was over, as
    ISO 8601 times in UTC; None where that was not recorded.
    """

    number: int
    method: str
    url: str
    body: object
    status: int
    headers: Mapping[str, str]
    answer: object
    at: str | None
    until: str | None = None


class NotAnExchange(ValueError):
    """An entry of a recording lacks its request or its answer; the message says what was expected."""


def exchange(
    number: int,
    method: object,
    url: object,
    body: object,
    status: object,
    headers: object,
    answer: object,
    at: object = None,
    milliseconds: object = None,
) -> Exchange:
    """The exchange with these parts, as they were recorded.

    body, answer: text or bytes, which may be packed or in base64. at: a time as in HTTP or ISO 8601; if missing, the
    date in the answer's headers is taken. milliseconds: how long it took.

    Raises:
        NotAnExchange: the method, the address or the status is no such thing.
    """
    is_status = isinstance(status, int) and not isinstance(status, bool)
    if not (isinstance(method, str) and isinstance(url, str) and is_status and isinstance(headers, Mapping)):
        raise NotAnExchange("lacks its request or its response: expected method, address and status code")
    assert isinstance(status, int)
    named = {str(name).lower(): _first(value) for name, value in headers.items()}
    started = _time(at) or _time_of_answer(named)
    return Exchange(
        number, method.upper(), url, _json(body), status, named, _json(answer), _shown(started),
        _shown(_later(started, milliseconds)),
    )  # fmt: skip


def from_base64(text: object) -> object:
    """The content of a text that is told to be in base64; the text itself where it is not.

    Recorders put the label on plain text as well, and leave it away. So the content decides, not the label.
    """
    if not isinstance(text, str) or text.lstrip().startswith(("{", "[")):
        return text
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except ValueError:
        return text


def seconds_of(text: object) -> float:
    """A time as seconds since 1970; 0 where it is not one."""
    found = _time(text)
    return 0.0 if found is None else found.timestamp()


def instant_of(text: object) -> float | None:
    """The same; None where it is not one, or stands for never."""
    return _instant(text) if isinstance(text, str) and len(text) < _LONGEST_TIME else None


_LONGEST_TIME = 100


@lru_cache(maxsize=1000)  # polls repeat the times of tasks
def _instant(text: str) -> float | None:
    return None if time_of(text) is None else seconds_of(text)


def time_of(text: object) -> str | None:
    """A time in the form that all times of a trace have; None where it is not one, or stands for never."""
    found = _time(text)
    return None if found is None or found.year < 2000 else _shown(found)


def _first(value: object) -> str:
    if isinstance(value, list):
        value = value[0] if value else ""
    return value if isinstance(value, str) else ""


def _json(content: object) -> object:
    """The parsed body; None where there is none or it is not JSON."""
    if isinstance(content, Mapping):
        return content
    content = from_base64(content)
    try:
        text = _unpacked(content) if isinstance(content, bytes) else content
        text = text.removeprefix("\ufeff") if isinstance(text, str) else text
        return json.loads(text) if isinstance(text, str | bytes) and text else None
    except (ValueError, RecursionError):
        return None


def _unpacked(content: bytes) -> bytes:
    """The content, unpacked if it is packed by gzip or zlib, which some recorders do not undo.

    Raises:
        ValueError: it is not whole, or longer than an entry may be.
    """
    if not content.startswith((b"\x1f\x8b", b"\x78\x01", b"\x78\x5e", b"\x78\x9c", b"\x78\xda")):
        return content
    unpacking = zlib.decompressobj(wbits=zlib.MAX_WBITS | 32)  # reads gzip and zlib alike
    try:
        found = unpacking.decompress(content, MOST_BYTES)
    except zlib.error as error:
        raise ValueError(f"not whole: {error}") from None
    if not unpacking.eof:
        raise ValueError("not whole, or longer than an entry may be")
    return found


def _time(text: object) -> datetime | None:
    """The time; None where it cannot be understood or is out of range. A time without a zone is UTC."""
    if not isinstance(text, str):
        return None
    for read in (parsedate_to_datetime, datetime.fromisoformat):
        try:
            found = read(text)
            return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
        except (ValueError, TypeError, OverflowError, IndexError):
            continue
    return None


def _time_of_answer(headers: Mapping[str, str]) -> datetime | None:
    """The date of an answer. Records that were published anew bear the date of that; the id of the routing, which is
    `REGION:yyyymmddThhmmssZ:guid`, keeps the true time (facts F20)."""
    dated, routed = _time(headers.get("date")), None
    parts = headers.get("x-ms-routing-request-id", "").split(":")
    if len(parts) == 3 and _ROUTED.fullmatch(parts[1]):
        routed = _time(parts[1])
    if dated is None or routed is None:
        return dated or routed
    return routed if abs(dated - routed) > _MOST_ON_THE_WAY else dated


_ROUTED = re.compile(r"[0-9]{8}T[0-9]{6}Z")
_MOST_ON_THE_WAY = timedelta(hours=1)
"""An answer is under way for less than this. A date that differs by more was put in later."""


def _later(time: datetime | None, milliseconds: object) -> datetime | None:
    if time is None or not isinstance(milliseconds, int | float) or not 0 <= milliseconds < _A_DAY:
        return None
    try:
        return time + timedelta(milliseconds=milliseconds)
    except OverflowError:
        return None


_A_DAY = 24 * 3600 * 1000


def _shown(time: datetime | None) -> str | None:
    """The time as text, in ISO 8601, ending in Z."""
    return None if time is None else time.isoformat().replace("+00:00", "Z")
