"""Reads the bytes of a recording piece by piece, with a bound on what is held at once."""

from __future__ import annotations

import codecs
import os
from collections.abc import Iterator
from types import TracebackType
from typing import BinaryIO

from asr_properties.traces.events import TraceError

MOST_BYTES = 16 * 1024 * 1024
"""The length of the longest line or entry of a recording. Reading needs a multiple of it, however long the recording
is: at worst, for a body that consists of empty lists, 40 times as much, and less than 1 GiB in all."""

_PIECE = 64 * 1024
_BOM = codecs.BOM_UTF8


class Source:
    """A file that is read once, from start to end. It must be UTF-8; a byte order mark is dropped.

    head: the first 64 KiB, or the whole file if it is shorter; they tell what the file is.

    Raises (also from `read` and `lines`):
        TraceError: the file cannot be read, is empty, is packed or binary, is not UTF-8, or has too long an entry.
    """

    def __init__(self, path: str | os.PathLike[str], expected: str) -> None:
        self.file = os.fspath(path)
        self._expected = expected
        self._decoder = codecs.getincrementaldecoder("utf-8")()
        self._lines = 0  # ends of lines before the piece that is read
        self._held = 0  # bytes since the last entry ended
        self._handle = self._open()
        try:
            self.head = self._look_ahead()
        except TraceError:
            self._handle.close()
            raise
        self._pending = self.head

    def __enter__(self) -> Source:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._handle.close()

    def read(self, size: int = -1) -> bytes:
        """The next bytes: at most 64 KiB, even if a parser asks for all."""
        size = _PIECE if size < 0 else min(size, _PIECE)
        if self._pending:
            piece, self._pending = self._pending[:size], self._pending[size:]
        else:
            piece = self._read_file(size)
        self._check(piece)
        self._held += len(piece)
        if self._held > MOST_BYTES + _PIECE:
            raise self.error(f"one entry is longer than {MOST_BYTES // 1024 // 1024} MiB")
        return piece

    def entry_ends(self) -> None:
        """Tell that an entry was read whole. The bound holds anew for the next one."""
        self._held = 0

    def lines(self) -> Iterator[tuple[int, str]]:
        """The lines and their numbers, from 1."""
        rest: list[bytes] = []
        number = 0
        while piece := self.read():
            *whole, last = piece.split(b"\n")
            for line in whole:
                number += 1
                yield number, b"".join([*rest, line, b"\n"]).decode()
                rest = []
            if whole:
                self._held = len(last)
            if last:
                rest.append(last)
        if rest:
            yield number + 1, b"".join(rest).decode()

    def error(self, problem: str, line: int | None = None) -> TraceError:
        """An error of this file."""
        return TraceError(self.file, line, problem)

    def _open(self) -> BinaryIO:
        try:
            return open(self.file, "rb")
        except FileNotFoundError:
            raise self.error("there is no such file") from None
        except IsADirectoryError:
            raise self.error(f"this is a directory; {self._expected}") from None
        except (OSError, ValueError) as error:
            raise self._unreadable(error) from None

    def _read_file(self, size: int) -> bytes:
        try:
            return self._handle.read(size)
        except OSError as error:
            raise self._unreadable(error) from None

    def _unreadable(self, error: Exception) -> TraceError:
        return self.error(f"the file cannot be read: {getattr(error, 'strerror', None) or error}")

    def _look_ahead(self) -> bytes:
        head = self._read_file(_PIECE).removeprefix(_BOM)
        if not head.strip():
            raise self.error(f"the file is empty; {self._expected}")
        if head.startswith((b"\x1f\x8b", b"PK\x03\x04", b"BZh", b"\xfd7zXZ", b"\x28\xb5\x2f\xfd")):
            raise self.error("the file is compressed: unpack it first")
        if b"\0" in head and not head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            raise self.error(f"the file is binary; {self._expected}")
        return head

    def _check(self, piece: bytes) -> None:
        try:
            self._decoder.decode(piece, final=not piece)
        except UnicodeDecodeError as error:
            line = self._lines + error.object.count(b"\n", 0, error.start) + 1
            raise self.error(f"the file is not UTF-8 text; {self._expected}", line) from None
        self._lines += piece.count(b"\n")
