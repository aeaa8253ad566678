"""How long a run may take: `500steps` or `60s`."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass

DEFAULT_BUDGET = "20000steps"
"""Enough for the reference implementation to be taken through every declared transition."""


class InvalidBudget(ValueError):
    """The text is no budget; the message says how one is written."""


@dataclass
class Budget:
    """How long a run may take: in actions on the implementation, or in seconds of wall-clock time. One is None."""

    steps: int | None = None
    seconds: float | None = None

    def __post_init__(self) -> None:
        self._begin = time.monotonic()

    @classmethod
    def parse(cls, text: str) -> Budget:
        """Read `500steps`, `60s`, `5min` or `2h`.

        Raises:
            InvalidBudget: it is none of these, or nothing.
        """
        match = re.fullmatch(r"([0-9]{1,9}(?:\.[0-9]{1,6})?)\s*(steps?|s|min|h)", text.strip())
        if match is None or float(match[1]) <= 0 or (match[2].startswith("step") and "." in match[1]):
            raise InvalidBudget(f"{text!r} is no budget: write 500steps, 60s, 5min or 2h")
        if match[2].startswith("step"):
            return cls(steps=int(float(match[1])))
        return cls(seconds=float(match[1]) * {"s": 1, "min": 60, "h": 3600}[match[2]])

    def restart(self) -> None:
        """Count time from now."""
        self._begin = time.monotonic()

    def spent(self, steps: int) -> float:
        """The part of the budget that is spent after so many steps. At 1.0 or more nothing is left."""
        if self.steps is not None:
            return steps / self.steps
        assert self.seconds is not None
        return (time.monotonic() - self._begin) / self.seconds

    def __str__(self) -> str:
        return f"{self.steps}steps" if self.steps is not None else f"{self.seconds:g}s"
