"""What is known of the time on the implementation's clock."""

from __future__ import annotations

from math import inf


class ClockBounds:
    """The time on the implementation's clock lies between `earliest` and `latest`, in its seconds.

    Instants are told only by recovery points, so the two begin far apart and draw near as points are made.
    """

    def __init__(self) -> None:
        self.earliest = -inf
        self.latest = inf

    def passes(self, elapsed: tuple[float, float]) -> None:
        """At least and at most so many seconds pass."""
        self.earliest += elapsed[0]
        self.latest += elapsed[1]

    def shows(self, created: float) -> None:
        """Something that was made at this instant is seen: it is not in the future."""
        self.earliest = max(self.earliest, created)

    def made_within(self, created: float, seconds: float) -> None:
        """Something made at this instant was made within the last so many seconds."""
        self.latest = min(self.latest, created + seconds)
