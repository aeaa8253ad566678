"""What is different while modules are imported: signals, and the memory. It imports nothing that takes long."""

from __future__ import annotations

import gc
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from asr_properties.cli.signals import ending_signals

_INTERRUPTED = 130  # as `console` has it, whose import takes too long here


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


def _leave(number: int, frame: FrameType | None) -> None:
    os.write(sys.stderr.fileno(), b"interrupted\n")
    os._exit(_INTERRUPTED)
