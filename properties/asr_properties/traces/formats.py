"""Reads a recording of any format. The format is told by the content of the file, never by its name."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from asr_properties.traces import cassette, har, session_records
from asr_properties.traces.documents import BEGINS, Malformed, ParserEvent, Path, json_events, walk, yaml_events
from asr_properties.traces.events import TraceError, TraceEvent
from asr_properties.traces.exchanges import Exchange, NotAnExchange
from asr_properties.traces.jsonl import read_header, read_jsonl
from asr_properties.traces.source import Source
from asr_properties.traces.trace import Trace
from asr_properties.traces.translation import Translation

EXPECTED = (
    "expected a trace in JSON Lines (its header first), a cassette of vcrpy, a session record of Azure PowerShell, "
    "or an HTTP Archive (HAR)"
)


class _Format(NamedTuple):
    """A format whose entries are exchanges.

    entry: what an entry is called. by_time: entries are ordered by their times, as the file may have another order.
    grouped: the file has the entries of one address together, and only these are in the order of time.
    """

    exchange_of: Callable[[Any, int], Exchange]
    entry: str
    by_time: bool
    grouped: bool = False


_FORMATS: Mapping[Path, _Format] = {
    cassette.ENTRIES: _Format(cassette.exchange_of, "interaction", by_time=False),
    session_records.ENTRIES: _Format(session_records.exchange_of, "entry", by_time=True, grouped=True),
    har.ENTRIES: _Format(har.exchange_of, "entry", by_time=True),
}


def read_trace(path: str | os.PathLike[str]) -> Trace:
    """The trace in a file of any of the formats.

    The events of JSON Lines are read when they are iterated over, which raises as this does. Of other formats the whole
    file is read now. What it tells is kept by the trace, where it is much in a temporary file.

    Raises:
        TraceError: the file cannot be read, or is of no such format, or is cut off; one line says what is wrong.
    """
    with Source(path, EXPECTED) as source:
        head = source.head.lstrip()
        if not head.startswith(b"{"):
            return _document(source, yaml_events(source))
        first = head.partition(b"\n")[0]
        if _is_header(first):
            lines = source.lines()
            header = read_header(lines, source.file)
            again = os.path.isfile(source.file)
            events = _Lines(source.file) if again else tuple(read_jsonl(lines, source.file, header))
            return Trace(source=header.source or source.file, profile=header.profile, events=events)
        if b'"format"' in first:
            raise source.error("the header is not one whole JSON object", 1)
        return _document(source, json_events(source))


@dataclass(frozen=True)
class _Lines:
    """The events of a file in JSON Lines."""

    file: str

    def __iter__(self) -> Iterator[TraceEvent]:
        with Source(self.file, EXPECTED) as source:
            lines = source.lines()
            yield from read_jsonl(lines, source.file, read_header(lines, source.file))


def _is_header(line: bytes) -> bool:
    """Whether a line is a whole JSON object that is no document of exchanges."""
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        return False
    return isinstance(found, dict) and not any(path[0] in found for path in _FORMATS)


def _document(source: Source, events: Iterator[ParserEvent]) -> Trace:
    translation = Translation()
    known: _Format | None = None
    scalars: dict[Path, Any] = {}
    number = 0
    try:
        for path, value in walk(events, _FORMATS, source.entry_ends):
            if path not in _FORMATS:
                if path == cassette.VERSION:
                    scalars[path] = value
                continue
            if known is not None and known is not _FORMATS[path]:
                raise Malformed("the lists of two formats are in one file")
            known = _FORMATS[path]
            if value is BEGINS:
                continue
            number += 1
            translation.take(_exchange(known, value, number, source))
    except Malformed as error:
        raise source.error(str(error), error.line) from None
    except OSError as error:
        problem = f"what was read cannot be kept in a temporary file: {error.strerror}; TMPDIR names another place"
        raise source.error(problem) from None
    if known is None:
        raise source.error(f"unknown format; {EXPECTED}")
    if known is _FORMATS[cassette.ENTRIES]:
        _check_version(scalars, source)
    return translation.trace(source.file, by_time=known.by_time, grouped=known.grouped)


def _exchange(known: _Format, entry: Any, number: int, source: Source) -> Exchange:
    try:
        return known.exchange_of(entry, number)
    except NotAnExchange as error:
        raise source.error(f"{known.entry} {number} {error}; the file may be cut off") from None


def _check_version(scalars: Mapping[Path, Any], source: Source) -> None:
    version = scalars.get(cassette.VERSION)
    if version is None:
        raise TraceError(
            source.file, None, "the cassette lacks its `version`, which is its last line: the file is cut off"
        )
    if version != 1 or version is True:
        raise TraceError(source.file, None, f"version {version!r} of the cassette is not known; expected 1")
