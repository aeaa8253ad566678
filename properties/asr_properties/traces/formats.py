"""Reads a recording of any format. The format is told by the content of the file, never by its name."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from asr_properties.traces import cassette, har, session_records
from asr_properties.traces.documents import BEGINS, Malformed, ParserEvent, Path, json_events, walk, yaml_events
from asr_properties.traces.events import TraceError, TraceEvent
from asr_properties.traces.exchanges import Exchange, NotAnExchange
from asr_properties.traces.file_order import OrderOfFile
from asr_properties.traces.joining import joined
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

    by_time: entries are ordered by their times, as the file may have another order.
    grouped: the file has the entries of one address together, and only these are in the order of time.
    """

    exchange_of: Callable[[Any, int], Exchange]
    by_time: bool
    grouped: bool = False


_FORMATS: Mapping[Path, _Format] = {
    cassette.ENTRIES: _Format(cassette.exchange_of, by_time=False),
    session_records.ENTRIES: _Format(session_records.exchange_of, by_time=True, grouped=True),
    har.ENTRIES: _Format(har.exchange_of, by_time=True),
}


def read_trace(path: str | os.PathLike[str]) -> Trace:
    """The trace in a file of any of the formats.

    The events of JSON Lines are read when they are iterated over, which raises as this does. Of other formats the whole
    file is read now. What it tells is kept by the trace, where it is much in a temporary file.

    Raises:
        TraceError: the file cannot be read, or is of no such format, or is cut off; one line says what is wrong.
    """
    with Source(path, EXPECTED) as source:
        if (exchanges := _exchanges_of(source)) is None:
            lines = source.lines()
            header = read_header(lines, source.file)
            again = os.path.isfile(source.file)
            events = _Lines(source.file) if again else tuple(read_jsonl(lines, source.file, header))
            return Trace(source=header.source or source.file, profile=header.profile, events=events)
        return _translated([exchanges])


def read_joined(paths: Sequence[str | os.PathLike[str]]) -> Trace:
    """The trace in all these files together: what they tell of one item is one history, ordered by time.

    Its places count on from one file to the next; `parts` tells which are whose.

    Raises:
        TraceError: as `read_trace`; or files of exchanges and of events are among them, or events of several profiles.
    """
    if len(paths) == 1:
        return read_trace(paths[0])
    with ExitStack() as stack:
        sources = [stack.enter_context(Source(path, EXPECTED)) for path in paths]
        exchanges = [_exchanges_of(source) for source in sources]
        documents = [found for found in exchanges if found is not None]
        if len(documents) == len(sources):
            return _translated(documents)
        if documents:
            raise sources[exchanges.index(None)].error("JSON Lines cannot be joined with files of other formats")
    return joined([read_trace(path) for path in paths], [os.fspath(path) for path in paths])


def _exchanges_of(source: Source) -> _Exchanges | None:
    """The exchanges of a file; None where it is one of JSON Lines."""
    head = source.head.lstrip()
    if not head.startswith(b"{"):
        return _Exchanges(source, yaml_events(source))
    first = head.partition(b"\n")[0]
    if _is_header(first):
        return None
    if b'"format"' in first:
        raise source.error("the header is not one whole JSON object", 1)
    return _Exchanges(source, json_events(source))


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


class _Exchanges:
    """The exchanges of one file, read one by one.

    format: told by the content, once it was read. order: whether they are in the order they were made.
    """

    def __init__(self, source: Source, events: Iterator[ParserEvent]) -> None:
        self.source = source
        self.format: _Format | None = None
        self.order = OrderOfFile()
        self._events = events

    def read(self, number: int) -> Iterator[Exchange]:
        """The exchanges; the first has the place after `number`.

        Raises:
            TraceError: the file is of no such format, or is cut off.
        """
        source, first = self.source, number
        scalars: dict[Path, Any] = {}
        try:
            for path, value in walk(self._events, _FORMATS, source.entry_ends):
                if path not in _FORMATS:
                    if path == cassette.VERSION:
                        scalars[path] = value
                    continue
                if self.format is not None and self.format is not _FORMATS[path]:
                    raise Malformed("the lists of two formats are in one file")
                self.format = _FORMATS[path]
                if value is BEGINS:
                    continue
                number += 1
                found = _exchange(self.format, value, number - first, source)._replace(number=number)
                self.order.take(found)
                yield found
        except Malformed as error:
            raise source.error(str(error), error.line) from None
        if self.format is None:
            raise source.error(f"unknown format; {EXPECTED}")
        if self.format is _FORMATS[cassette.ENTRIES]:
            _check_version(scalars, source)


def _translated(files: Sequence[_Exchanges]) -> Trace:
    """What the exchanges of all files tell together, ordered by time where there are several."""
    translation = Translation()
    parts: list[tuple[str, int]] = []
    sequences: list[range] = []
    for file in files:
        first = translation.total + 1
        try:
            for exchange in file.read(translation.total):
                translation.take(exchange)
        except OSError as error:
            problem = f"what was read cannot be kept in a temporary file: {error.strerror}; TMPDIR names another place"
            raise file.source.error(problem) from None
        parts.append((file.source.file, translation.total))
        if file.format is not None and file.format.grouped and file.order.is_that_of_time:
            sequences.append(range(first, translation.total + 1))
    formats = [file.format for file in files if file.format is not None]
    by_time = len(files) > 1 or any(known.by_time for known in formats)
    grouped = len(files) > 1 or (any(known.grouped for known in formats) and not sequences)
    name = ", ".join(name for name, _ in parts)
    found = translation.trace(name, by_time=by_time, grouped=grouped, sequences=sequences)
    return replace(found, parts=tuple(parts) if len(files) > 1 else ())


def _exchange(known: _Format, entry: Any, number: int, source: Source) -> Exchange:
    try:
        return known.exchange_of(entry, number)
    except NotAnExchange as error:
        raise source.error(f"entry {number} {error}; the file may be cut off") from None


def _check_version(scalars: Mapping[Path, Any], source: Source) -> None:
    version = scalars.get(cassette.VERSION)
    if version is None:
        raise TraceError(
            source.file, None, "the cassette lacks its `version`, which is its last line: the file is cut off"
        )
    if version != 1 or version is True:
        raise TraceError(source.file, None, f"version {version!r} of the cassette is not known; expected 1")
