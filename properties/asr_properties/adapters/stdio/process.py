"""The program behind a stdio adapter: its pipes, read within bounds, and its end, with all that it started.

It runs in a session of its own, so that it and what it starts form one process group. However we leave, the group is
ended: asked with SIGTERM, then made to with SIGKILL, and the program is waited for.
"""

from __future__ import annotations

import contextlib
import os
import selectors
import signal
import subprocess
import time
import weakref
from collections.abc import Sequence
from typing import IO, Final

from asr_properties.adapters.stdio.wire import LONGEST_LINE

GRACE: Final = 2.0
"""Seconds between SIGTERM and SIGKILL."""

_CHUNK: Final = 64 * 1024
_LOOK: Final = 0.1
"""Seconds of silence after which we look whether the program still runs."""
_KEPT_STDERR: Final = 64 * 1024
_SHOWN_LINES: Final = 10
_LONGEST_SHOWN: Final = 300


class TooSlow(Exception):
    """Nothing complete came within the limit."""


class LineTooLong(Exception):
    """More than LONGEST_LINE bytes came without a newline."""


class Closed(Exception):
    """The program has closed its output, or ended."""


class Process:
    """A running program. Lines go in, lines come out; what it writes to stderr is kept, the last of it.

    Raises:
        OSError: it cannot be started.
    """

    def __init__(self, command: Sequence[str]) -> None:
        child = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            bufsize=0,
            start_new_session=True,
        )
        assert child.stdin is not None
        assert child.stdout is not None
        assert child.stderr is not None
        self._child = child
        self._in, self._out, self._err = child.stdin, child.stdout, child.stderr
        self._selector = selectors.DefaultSelector()
        for stream in (self._in, self._out, self._err):
            os.set_blocking(stream.fileno(), False)
        for stream in (self._out, self._err):
            self._selector.register(stream, selectors.EVENT_READ)
        self._received = bytearray()
        self._stderr = bytearray()
        self._out_open = True
        self._finalizer = weakref.finalize(self, _end, child, self._selector)

    # -- lines -------------------------------------------------------------------------------------------------

    def send(self, line: bytes, deadline: float) -> None:
        """Write a line; `deadline` is an instant of `time.monotonic`.

        Raises:
            TooSlow: it did not read it in time.
            Closed: it does not read any more.
        """
        rest = memoryview(line)
        while rest:
            try:
                rest = rest[os.write(self._in.fileno(), rest) :]
            except BlockingIOError:
                self._selector.register(self._in, selectors.EVENT_WRITE)
                try:
                    self._turn(deadline)
                finally:
                    self._selector.unregister(self._in)
            except OSError:
                raise Closed from None

    def receive(self, deadline: float) -> bytes:
        """The next line, without its newline.

        Raises:
            TooSlow, LineTooLong, Closed: there is none.
        """
        searched = 0
        while True:
            end = self._received.find(b"\n", searched)
            if end >= 0:
                line = bytes(self._received[:end])
                del self._received[: end + 1]
                if len(line) > LONGEST_LINE:
                    raise LineTooLong
                return line
            searched = len(self._received)
            if searched > LONGEST_LINE:
                raise LineTooLong
            if not self._out_open:
                raise Closed
            self._turn(deadline)

    def unasked(self) -> bytes:
        """What has come although nothing was asked for; it is taken away."""
        self._turn(None)
        found = bytes(self._received)
        self._received.clear()
        return found

    def close_input(self) -> None:
        """Let it read the end of its input."""
        self._in.close()

    def last_words(self) -> list[str]:
        """The last lines on stderr, made safe to show."""
        lines = bytes(self._stderr).decode("utf-8", "replace").splitlines()
        shown = ["".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in line) for line in lines]
        return [line[:_LONGEST_SHOWN] for line in shown if line.strip()][-_SHOWN_LINES:]

    def _turn(self, deadline: float | None) -> None:
        """Wait until something can be read or written, and read it once; with no deadline, do not wait."""
        timeout = 0.0 if deadline is None else deadline - time.monotonic()
        if deadline is not None and timeout <= 0:
            raise TooSlow
        events = self._selector.select(min(timeout, _LOOK))
        if not events and _has_ended(self._child):  # what it started may still hold its output open
            self._out_open = False
        for key, _ in events:
            if key.fileobj is self._out:
                self._out_open = self._read(self._out, self._received)
            elif key.fileobj is self._err:
                self._read(self._err, self._stderr)
                del self._stderr[:-_KEPT_STDERR]

    def _read(self, stream: IO[bytes], into: bytearray) -> bool:
        """Read once; whether the stream is still open."""
        try:
            data = os.read(stream.fileno(), _CHUNK)
        except BlockingIOError:
            return True
        if not data:
            self._selector.unregister(stream)
            return False
        into += data
        return True

    # -- the end -----------------------------------------------------------------------------------------------

    def exit_status(self, deadline: float) -> int | None:
        """Its exit status once it has ended (minus the signal's number if one ended it); None if it has not by the
        deadline. Meanwhile stderr is read."""
        while not _has_ended(self._child):
            if time.monotonic() >= deadline:
                return None
            try:
                self._turn(min(deadline, time.monotonic() + 0.02))
            except TooSlow:
                pass
            else:
                time.sleep(0.002)
        self.end()
        return self._child.returncode

    def end(self) -> None:
        """End it and everything it started, at the latest after GRACE seconds; a second time nothing happens."""
        if self._finalizer.alive:
            for _ in range(64):  # a last look at stderr, whose writer may have ended
                before = len(self._stderr)
                self._turn(None)
                if len(self._stderr) == before:
                    break
            self._finalizer()


def _end(child: subprocess.Popen[bytes], selector: selectors.BaseSelector) -> None:
    """End a process group and wait for its leader.

    The leader is only waited for after the last signal: as long as it is not, no other group can get its number.
    """
    selector.close()
    for stream in (child.stdin, child.stdout, child.stderr):
        if stream is not None:
            stream.close()
    if child.returncode is None:
        _signal_group(child, signal.SIGTERM)
        deadline = time.monotonic() + GRACE
        while not _has_ended(child) and time.monotonic() < deadline:
            time.sleep(0.005)
        _signal_group(child, signal.SIGKILL)
        child.wait()


def _signal_group(child: subprocess.Popen[bytes], number: int) -> None:
    # Nobody may be left in it; macOS says PermissionError of a zombie.
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, number)


def _has_ended(child: subprocess.Popen[bytes]) -> bool:
    """Whether it has ended; it stays to be waited for."""
    if child.returncode is not None:
        return True
    return os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None
