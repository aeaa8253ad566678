"""Waiting in real time, for implementations whose clock is their own."""

from __future__ import annotations

import time
from collections.abc import Callable

PATIENCE = 30.0
"""Seconds of real time that a wait takes at most, unless told."""

_FIRST, _FACTOR, _LONGEST = 0.01, 1.5, 30.0
"""Seconds between two looks: the first pause, how it grows, and how long it gets."""


def polled(happened: Callable[[], bool], patience: float, rest: Callable[[float], None] = time.sleep) -> bool:
    """Ask ever more seldom whether something has happened, for at most `patience` seconds; whether it has.

    rest: lets so many seconds pass.
    """
    pause, until = _FIRST, time.monotonic() + patience
    while not happened():
        left = until - time.monotonic()
        if left <= 0:
            return False
        rest(min(pause, left))
        pause = min(pause * _FACTOR, _LONGEST)
    return True
