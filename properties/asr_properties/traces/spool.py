"""Keeps what was read of a recording, so that it can be read again, in its own order or by time, with little memory.

The latest records are in memory. The others are in one temporary file that has no name, so that no file is left behind
however the process ends.
"""

from __future__ import annotations

import io
import pickle
import tempfile
import weakref
from collections.abc import Iterator
from heapq import merge
from typing import IO, Any, NamedTuple

MOST_HELD = 4 * 1024 * 1024
"""How many bytes of records are held in memory. Then they are written to the file, as one sorted run."""

_PIECE = 16 * 1024
"""How many bytes of each run are read at once when all runs are merged."""

_OVERHEAD = 200
"""About how many bytes a record takes in memory beside its content."""


class EntryRecord(NamedTuple):
    """What was read of one entry.

    number: its place, from 1. at, until: when it began and ended, where known (ISO 8601 in UTC, ending in Z).
    """

    number: int
    at: str | None
    until: str | None
    content: bytes


class Spool:
    """Records, in the order they were added. undated: how many have no time.

    The temporary file is closed, and so deleted, when nothing holds the spool any more.
    """

    def __init__(self) -> None:
        self.undated = 0
        self._count = 0
        self._held: list[EntryRecord] = []
        self._bytes = 0
        self._file: IO[bytes] | None = None
        self._runs: list[tuple[int, int]] = []  # where each begins and ends in the file

    def __len__(self) -> int:
        return self._count

    def add(self, record: EntryRecord) -> None:
        """Keep one more record.

        Raises:
            OSError: the temporary file cannot be made or written.
        """
        self._count += 1
        self.undated += record.at is None
        self._held.append(record)
        self._bytes += len(record.content) + _OVERHEAD
        if self._bytes > MOST_HELD:
            self._write()

    def read(self, *, by_time: bool) -> Iterator[EntryRecord]:
        """All records, in the order they were added.

        by_time: ordered by time instead, unless some record has none; those of one time as they were added. Several
        readings may go on at once.
        """
        if by_time and not self.undated:
            runs = [self._run(start, end) for start, end in self._runs]
            yield from merge(*runs, sorted(self._held, key=_by_time), key=_by_time)
            return
        for start, end in self._runs:
            yield from sorted(self._run(start, end))  # by their numbers; one run fits into memory
        yield from self._held

    def _write(self) -> None:
        if self._file is None:
            self._file = tempfile.TemporaryFile()  # noqa: SIM115 (closed with the spool)
            weakref.finalize(self, self._file.close)
        start = self._file.seek(0, io.SEEK_END)
        for record in sorted(self._held, key=_by_time):
            pickle.dump(tuple(record), self._file, pickle.HIGHEST_PROTOCOL)
        self._runs.append((start, self._file.tell()))
        self._held = []
        self._bytes = 0

    def _run(self, start: int, end: int) -> Iterator[EntryRecord]:
        assert self._file is not None
        with io.BufferedReader(_Part(self._file, start, end), _PIECE) as run:
            while run.peek(1):
                yield EntryRecord(*pickle.load(run))


class _Part(io.RawIOBase):
    """A part of a file. Each part remembers its own position, so that several can be read in turn."""

    def __init__(self, file: IO[bytes], start: int, end: int) -> None:
        self._file = file
        self._at = start
        self._end = end

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self._file.seek(self._at)
        piece = self._file.read(min(len(buffer), self._end - self._at))
        buffer[: len(piece)] = piece
        self._at += len(piece)
        return len(piece)


def _by_time(record: EntryRecord) -> tuple[str, int]:
    """What to sort by. Without its Z, a whole second sorts before its fractions."""
    return (record.at or "").removesuffix("Z"), record.number
