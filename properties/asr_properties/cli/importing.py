"""What is different while modules are imported, or an interrupted run is told: signals, and the memory.

It imports nothing of ours itself.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_INTERRUPTED = 130  # as `console` has it, whose import takes too long here

_ENDING = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]


def ending_signals() -> list[int]:
    """The signals that end a command, but for those that are ignored: `nohup` ignores SIGHUP."""
    return [number for number in _ENDING if signal.getsignal(number) is not signal.SIG_IGN]


@contextmanager
def importing() -> Iterator[None]:
    """While modules are imported nothing has begun, and an exception could be taken for a failed import: a signal
    ends the process at once. What they make stays, so to look for garbage in it only takes time (a fifth of it).
    Afterwards all is as it was before."""
    is_main = threading.current_thread() is threading.main_thread()  # no other may say what signals do
    before = {number: signal.signal(number, _leave) for number in ending_signals()} if is_main else {}
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def undisturbed(*, when: bool) -> Iterator[None]:
    """Nothing ends the command meanwhile, if `when`: who has interrupted it waits for what it had, which takes no time,
    and often interrupts it twice."""
    is_main = threading.current_thread() is threading.main_thread()
    before = {n: signal.signal(n, signal.SIG_IGN) for n in ending_signals()} if when and is_main else {}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _leave(number: int, frame: FrameType | None) -> None:
    os.write(sys.stderr.fileno(), b"interrupted\n")
    os._exit(_INTERRUPTED)
