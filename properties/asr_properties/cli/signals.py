"""The signals that end a command, and when they do not. It imports nothing of ours itself."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_ENDING = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]


def ending_signals() -> list[int]:
    """The signals that end a command, but for those that are ignored: `nohup` ignores SIGHUP."""
    return [number for number in _ENDING if signal.getsignal(number) is not signal.SIG_IGN]


@contextmanager
def undisturbed(*, when: bool) -> Iterator[None]:
    """Nothing ends the command meanwhile, if `when`: whoever interrupts it often does so twice, and the first time is
    to be answered whole."""
    is_main = threading.current_thread() is threading.main_thread()
    before = {n: signal.signal(n, signal.SIG_IGN) for n in ending_signals()} if when and is_main else {}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
