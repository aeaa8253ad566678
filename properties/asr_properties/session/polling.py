"""Waiting in small steps: in real time where the clock is the implementation's own, or to see how long a job takes."""

from __future__ import annotations

import time
from collections.abc import Callable

from asr_properties.contract.connection import Connection
from asr_properties.evidence.actions import SLICE

PATIENCE = 30.0
"""Seconds of real time that a wait takes at most, unless the user says otherwise."""

_FIRST, _FACTOR, _LONGEST = 0.01, 1.5, 30.0
"""Pauses between two looks: the first one in seconds, the factor by which it grows, and the longest one in seconds."""


def polled(happened: Callable[[], bool], patience: float, rest: Callable[[float], None] = time.sleep) -> bool:
    """Ask ever more seldom whether something has happened, for at most `patience` seconds. Returns whether it has.

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


def time_of(connection: Connection, job: str, longest: float) -> float:
    """Wait in steps of SLICE seconds until the job has ended, or takes `longest` seconds. Returns the seconds."""
    seconds = 0.0
    while seconds <= longest and connection.job(job).state == "in_progress":
        connection.wait(seconds=SLICE)
        seconds += SLICE
    return seconds
