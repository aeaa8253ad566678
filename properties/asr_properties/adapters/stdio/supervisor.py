"""Runs a program, and ends it with everything it started: `python supervisor.py SOCKET COMMAND...`.

Only a parent can be sure of that, so this is a process between the suite and the program. On Linux it is a child
subreaper: whatever the program started becomes this process's child once its own parent has ended, wherever it went (a
session of its own, a daemon), and nothing else ever does. So all of it is found, and nobody else is signalled. Where
there are no subreapers it ends the program's process group. It runs without our packages, to be there in a moment.

On the socket it says two whole numbers: the program's id, or minus the errno if it can't be started; and the program's
exit status once it has ended (minus the number of the signal, if one ended it). It is told ASK, to ask the program to
end, and KILL, to make it. If the socket closes, the suite is gone: it asks, and makes it to after a moment.
"""

from __future__ import annotations

import contextlib
import math
import os
import select
import signal
import sys
import time
from collections.abc import Iterator

ASK, KILL = b"A", b"K"
GRACE = 2.0
"""Seconds between asking (SIGTERM) and making (SIGKILL)."""
NUMBER = 4
"""Bytes of a number on the socket."""
UNDYING = 5.0
"""Seconds after which what does not die of SIGKILL is left: it hangs in the kernel."""
_SET_PDEATHSIG, _SET_CHILD_SUBREAPER = 1, 36


def main() -> None:
    """Run the command that the arguments name until it has ended, by itself or by us."""
    suite = int(sys.argv[1])
    os.set_inheritable(suite, False)
    adopts = _prctl(_SET_CHILD_SUBREAPER, 1)
    stirred = _stirred_by_children()
    try:
        program = _start(sys.argv[2:])
    except OSError as error:
        _tell(suite, -(error.errno or 1))
        return
    _tell(suite, program)
    with open(os.devnull, "r+b", buffering=0) as nothing:
        for standard in (0, 1, 2):  # they are the program's
            os.dup2(nothing.fileno(), standard)
    status = _status_at_its_end(program, suite, stirred)
    _tell(suite, status)
    _end_the_rest(program, adopts=adopts)


def _start(command: list[str]) -> int:
    """Start a program as leader of a session of its own; its id.

    Raises:
        OSError: it can't be started.
    """
    said, says = os.pipe()  # closed when the program begins
    program = os.fork()
    if program == 0:
        try:
            os.setsid()
            _prctl(_SET_PDEATHSIG, signal.SIGKILL)  # should we be killed
            for ignored in (signal.SIGPIPE, signal.SIGXFSZ):  # by Python
                signal.signal(ignored, signal.SIG_DFL)
            os.execvp(command[0], command)
        except OSError as error:
            os.write(says, (error.errno or 1).to_bytes(NUMBER, "little"))
        finally:
            os._exit(127)
    os.close(says)
    if failed := os.read(said, NUMBER):
        raise OSError(int.from_bytes(failed, "little"), "not started")
    os.close(said)
    return program


def _status_at_its_end(program: int, suite: int, stirred: int) -> int:
    """Wait for the program, do as we are told meanwhile, and bury the orphans; its exit status."""
    sources, deadline = [stirred, suite], math.inf
    while True:
        for pid, status in _ended():
            if pid == program:
                return os.waitstatus_to_exitcode(status)
        if time.monotonic() >= deadline:
            _signal(program, signal.SIGKILL)
            deadline = math.inf
        left = None if deadline == math.inf else max(0.0, deadline - time.monotonic())
        ready, _, _ = select.select(sources, [], [], left)
        if stirred in ready:
            os.read(stirred, 4096)
        if suite in ready:
            order = os.read(suite, 1)
            if order == KILL:
                deadline = 0.0
            else:
                _signal(program, signal.SIGTERM)
            if not order:
                sources.remove(suite)
                deadline = min(deadline, time.monotonic() + GRACE)


def _end_the_rest(program: int, *, adopts: bool) -> None:
    """Kill what the program left. Each death may give us more children: those of the dead."""
    if not adopts:
        _signal(program, signal.SIGKILL)  # a moment after it was waited for nobody else has its number
        return
    deadline = time.monotonic() + UNDYING
    while time.monotonic() < deadline:
        try:
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        except ChildProcessError:
            return
        for child in _children():  # ours until we wait for it: nobody else can have its number
            with contextlib.suppress(PermissionError):
                os.kill(child, signal.SIGKILL)
        time.sleep(0.002)


def _ended() -> Iterator[tuple[int, int]]:
    """Wait for the children that have ended; their ids and how they ended."""
    with contextlib.suppress(ChildProcessError):
        while (ended := os.waitpid(-1, os.WNOHANG))[0]:
            yield ended


def _children() -> Iterator[int]:
    """The ids of our children."""
    for name in filter(str.isdigit, os.listdir("/proc")):
        with contextlib.suppress(OSError), open(f"/proc/{name}/stat", encoding="ascii", errors="replace") as file:
            if int(file.read().rpartition(")")[2].split()[1]) == os.getpid():
                yield int(name)


def _signal(program: int, number: int) -> None:
    """To the program's process group: it leads it as long as it is not waited for."""
    with contextlib.suppress(ProcessLookupError, PermissionError):  # nobody is left in it; so macOS says of a zombie
        os.killpg(program, number)


def _stirred_by_children() -> int:
    """A file that can be read once a child has ended."""
    stirred, stirs = os.pipe()
    os.set_blocking(stirs, False)
    signal.set_wakeup_fd(stirs, warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda number, frame: None)
    return stirred


def _prctl(option: int, value: int) -> bool:
    """Tell Linux something about this process; whether it was done."""
    if not sys.platform.startswith("linux"):
        return False
    try:
        import ctypes

        return bool(ctypes.CDLL(None).prctl(option, ctypes.c_ulong(value), 0, 0, 0) == 0)
    except (ImportError, OSError, AttributeError):
        return False


def _tell(suite: int, number: int) -> None:
    with contextlib.suppress(OSError):  # it may be gone
        os.write(suite, number.to_bytes(NUMBER, "little", signed=True))


if __name__ == "__main__":
    main()
