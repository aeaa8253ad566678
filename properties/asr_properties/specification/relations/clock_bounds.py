"""What the suite knows of the time on the implementation's clock."""

from __future__ import annotations

from math import inf


class ClockBounds:
    """The time on the implementation's clock lies between `earliest` and `latest`, in its seconds.

    Only recovery points tell instants of that clock, and the times of a recording. So the bounds are infinite at first,
    and draw near to each other as points are made. Where the times of a recording contradict the points, as those that
    were put in later do (facts F20), they are not heeded any more: the bounds are infinite again.
    """

    def __init__(self) -> None:
        self.earliest = -inf
        self.latest = inf
        self.is_contradicted = False

    def passes(self, elapsed: tuple[float, float]) -> None:
        """At least and at most so many seconds pass."""
        self.earliest += elapsed[0]
        self.latest += elapsed[1]

    def shows(self, created: float) -> None:
        """Something is seen that was created at this instant, so the instant is not in the future."""
        self.earliest = max(self.earliest, created)

    def made_within(self, created: float, seconds: float) -> None:
        """Something created at this instant was made at most so many seconds ago: since the look before, or as much
        earlier as it may be listed late."""
        self.latest = min(self.latest, created + seconds)

    def stands(self, earliest: float, latest: float) -> None:
        """A recording tells that it stands between these."""
        if self.is_contradicted:
            return
        self.earliest, self.latest = max(self.earliest, earliest), min(self.latest, latest)
        if self.earliest > self.latest:
            self.earliest, self.latest, self.is_contradicted = -inf, inf, True
