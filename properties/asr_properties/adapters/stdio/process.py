"""The program behind a stdio adapter: its pipes, read within bounds, and its end, with all that it started.

A supervisor of its own runs it (`supervisor`), for only a parent can find all that it started. However we leave, even
without a word, the supervisor ends the program: asked with SIGTERM, then made to with SIGKILL.
"""

from __future__ import annotations

import contextlib
import os
import selectors
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO, Final

from asr_properties.adapters.stdio import supervisor
from asr_properties.adapters.stdio.json_rpc import LONGEST_LINE
from asr_properties.contract.text import shown

_CHUNK: Final = 64 * 1024
_KEPT_STDERR: Final = 64 * 1024
_SHOWN_LINES: Final = 10
_LONGEST_SHOWN: Final = 300
_BEGINS_WITHIN: Final = 30.0
"""Seconds that the supervisor may take to start; it takes a hundredth of one."""
_MARGIN: Final = 1.0
"""Seconds that the supervisor may take longer than it gives the program."""


class TooSlow(Exception):
    """Nothing complete came within the limit."""


class TooMuch(Exception):
    """More than LONGEST_LINE bytes came where one line was due."""


class Closed(Exception):
    """The program has closed the stream that is named, or ended."""

    def __init__(self, stream: str) -> None:
        super().__init__(stream)
        self.stream = stream


class Process:
    """A running program. Lines go in, lines come out; what it writes to stderr is kept, the last of it.

    Attributes:
        pid: the program's process id.
        status: its exit status once it has ended; minus the signal's number if one ended it.

    Raises:
        OSError: it cannot be started.
    """

    def __init__(self, command: Sequence[str]) -> None:
        self._control, there = socket.socketpair()
        with there:
            self._supervisor = subprocess.Popen(
                [sys.executable, "-I", "-S", str(Path(supervisor.__file__)), str(there.fileno()), *command],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                bufsize=0,
                start_new_session=True,
                pass_fds=[there.fileno()],
            )
        assert self._supervisor.stdin is not None
        assert self._supervisor.stdout is not None
        assert self._supervisor.stderr is not None
        self._in, self._out, self._err = self._supervisor.stdin, self._supervisor.stdout, self._supervisor.stderr
        self.status: int | None = None
        self._received = bytearray()
        self._stderr = bytearray()
        self._out_open = True
        self._is_over = False
        self._selector = selectors.DefaultSelector()
        self.pid = self._started()
        for stream in (self._in, self._out, self._err):
            os.set_blocking(stream.fileno(), False)
        for source in (self._out, self._err, self._control):
            self._selector.register(source, selectors.EVENT_READ)

    def _started(self) -> int:
        """What the supervisor says first: the program's id."""
        self._control.settimeout(_BEGINS_WITHIN)
        pid = self._number()
        if pid is None or pid < 0:
            self._end_supervisor()
            raise OSError(-(pid or 0), os.strerror(-pid) if pid else "no process to run it in could be started")
        self._control.setblocking(False)
        return pid

    def _number(self) -> int | None:
        """The next number that the supervisor says; None if it has ended, or says nothing."""
        with contextlib.suppress(OSError):
            if said := self._control.recv(supervisor.NUMBER):
                return int.from_bytes(said, "little", signed=True)
        return None

    # -- lines -------------------------------------------------------------------------------------------------

    def send(self, line: bytes, deadline: float) -> None:
        """Write a line; `deadline` is an instant of `time.monotonic`.

        Raises:
            TooSlow: it did not read it in time.
            TooMuch: it wrote without end meanwhile.
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
                raise Closed("stdin") from None

    def receive(self, deadline: float) -> bytes:
        """The next line, without its newline.

        Raises:
            TooSlow, TooMuch, Closed: there is none.
        """
        searched = 0
        while True:
            end = self._received.find(b"\n", searched)
            searched = len(self._received) if end < 0 else end
            if searched > LONGEST_LINE:
                raise TooMuch
            if end >= 0:
                line = bytes(self._received[:end])
                del self._received[: end + 1]
                return line
            if not self._out_open:
                raise Closed("stdout")
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

    def last_words(self, scrub: Callable[[str], str]) -> list[str]:
        """The last lines on stderr, made fit to be shown. scrub: takes out what must not be."""
        for _ in range(64):
            if self._err.closed or not self._read(self._err, self._stderr):
                break
            del self._stderr[:-_KEPT_STDERR]
        kept = bytes(self._stderr)
        if len(kept) == _KEPT_STDERR and b"\n" in kept[:-1]:
            kept = kept.partition(b"\n")[2]  # the line that was cut could begin within a secret
        lines = scrub(kept.decode("utf-8", "replace")).splitlines()
        return [shown(line, _LONGEST_SHOWN) for line in lines if line.strip()][-_SHOWN_LINES:]

    def _turn(self, deadline: float | None) -> None:
        """Wait until something can be read or written, and read it once; with no deadline, do not wait."""
        timeout = 0.0 if deadline is None else deadline - time.monotonic()
        if deadline is not None and timeout <= 0:
            raise TooSlow
        had_ended = self.status is not None
        ready = [key.fileobj for key, _ in self._selector.select(timeout)]
        if self._out in ready:
            self._read(self._out, self._received)
        elif had_ended:  # what it started may hold its output open where it can't be ended
            self._out_open = False
        if self._err in ready:
            self._read(self._err, self._stderr)
            del self._stderr[:-_KEPT_STDERR]
        if self._control in ready:
            status = self._number()
            self.status = -signal.SIGKILL if status is None else status  # the program dies with the supervisor
            self._selector.unregister(self._control)
        if len(self._received) > LONGEST_LINE + 1:  # a line and its newline
            raise TooMuch

    def _read(self, stream: IO[bytes], into: bytearray) -> int:
        """Read once; how many bytes there were, 0 at the end of the stream too."""
        try:
            data = os.read(stream.fileno(), _CHUNK)
        except BlockingIOError:
            return 0
        if not data:
            with contextlib.suppress(KeyError):  # a second time
                self._selector.unregister(stream)
            self._out_open &= stream is not self._out
        into += data
        return len(data)

    # -- the end -----------------------------------------------------------------------------------------------

    def wait(self, seconds: float) -> int | None:
        """Its exit status once it has ended; None if it has not within so many seconds. What it writes meanwhile is
        read, so that it can go on, and kept within bounds."""
        deadline = time.monotonic() + seconds
        while self.status is None and not self._is_over:
            try:
                self._turn(deadline)
            except TooSlow:
                break
            except TooMuch:
                del self._received[_CHUNK:]
        return self.status

    def end(self, patience: float = 0.0) -> None:
        """End it and everything it started; a second time nothing happens.

        It reads the end of its input, has `patience` seconds to end by itself, and some more once it is asked to.
        """
        if self._is_over:
            return
        self.close_input()
        try:
            if self.wait(patience) is None:
                self._order(supervisor.ASK)
                self.wait(supervisor.GRACE)
        finally:
            self._order(supervisor.KILL)
            self._end_supervisor()

    def _end_supervisor(self) -> None:
        """Wait for the supervisor, who ends once there is nobody left to end."""
        try:
            self._supervisor.wait(supervisor.UNDYING + _MARGIN)
        except subprocess.TimeoutExpired:  # somebody has stopped it
            self._supervisor.kill()
            self._supervisor.wait()
        self._is_over = True
        self._selector.close()
        self._control.close()
        for stream in (self._in, self._out, self._err):
            stream.close()

    def _order(self, order: bytes) -> None:
        with contextlib.suppress(OSError):  # it has ended
            self._control.send(order)
