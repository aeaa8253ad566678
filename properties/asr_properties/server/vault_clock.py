"""The clock of a vault: virtual time, which is that of all of its items and of what else it has."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final

BEGINNING: Final = datetime(2026, 1, 1, tzinfo=UTC)
"""Where clocks begin unless somebody says otherwise."""


class VaultClock:
    """Virtual seconds since the clock began; safe for many threads.

    beginning: the instant at which it begins. speed: virtual seconds per real second. real: gives real seconds.
    started: how many of them there were when it began.
    """

    def __init__(self, beginning: datetime, speed: float, real: Callable[[], float], started: float) -> None:
        self._beginning, self._speed, self._real = beginning, speed, real
        self._started, self._moved = started, 0.0
        self._lock = threading.Lock()

    def now(self) -> float:
        """Seconds since it began."""
        return (self._real() - self._started) * self._speed + self._moved

    def move_to(self, seconds: float) -> None:
        """Let so much time have passed since it began, if it has not."""
        with self._lock:
            self._moved += max(0.0, seconds - self.now())

    def stamp(self, seconds: float) -> str:
        """An instant, in seconds since it began, as the API writes it."""
        return stamp(seconds, self._beginning)


def stamp(seconds: float, beginning: datetime = BEGINNING) -> str:
    """An instant, in seconds since `beginning`, as the API writes it; the calendar's last one where it is later."""
    try:
        instant = beginning + timedelta(seconds=seconds)
    except OverflowError:
        instant = datetime.max.replace(tzinfo=UTC)
    return instant.isoformat(timespec="microseconds").replace("+00:00", "Z")
