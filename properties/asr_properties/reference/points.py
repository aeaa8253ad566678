"""Recovery points: made at intervals, thinned as they grow old.

Nothing is done when a point falls due. The points listed at an instant follow from the spans in which points were made,
from retention and from what had been processed when; only those that retention keeps are ever computed. So a wait of
weeks costs nothing.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator
from math import ceil, floor, inf
from typing import Any, Final

from .contract_words import APP_CONSISTENT, CRASH_CONSISTENT

_HOUR: Final = 3600

# How long every point is kept. Beyond, points made out of turn go: the scheduled ones of their hour stand for them.
_EVERYTHING_KEPT: Final = 2 * _HOUR

# Age from, age to, seconds of which one point is kept (0: all), per kind (facts 3.2).
_BANDS: Final[tuple[tuple[float, float, int], ...]] = (
    (0, _EVERYTHING_KEPT, 0),
    (_EVERYTHING_KEPT, 24 * _HOUR, _HOUR),
    (24 * _HOUR, 168 * _HOUR, 2 * _HOUR),
    (168 * _HOUR, inf, 4 * _HOUR),
)

# App-consistent points are made a quarter of a minute off, so that with intervals of whole minutes no two points are of
# the same instant.
_APP_OFFSET: Final = 15


class Point:
    """A recovery point; `created` in seconds of the clock, `sequence` the newest record in it."""

    __slots__ = ("created", "id", "kind", "multi_vm", "sequence")

    def __init__(self, point_id: str, kind: str, created: float, sequence: int, multi_vm: bool) -> None:
        self.id = point_id
        self.kind = kind
        self.created = created
        self.sequence = sequence
        self.multi_vm = multi_vm

    def shown(self) -> dict[str, Any]:
        """The point as `recovery_points` gives it."""
        return {
            "id": self.id,
            "kind": self.kind,
            "created": self.created,
            "multi_vm": self.multi_vm,
            "sequence": self.sequence,
        }


class _Span:
    """An unbroken series of points: every `interval` seconds from `first` to `last`, numbered from `number`."""

    __slots__ = ("first", "last", "number")

    def __init__(self, first: float, number: int) -> None:
        self.first = first
        self.last: float = inf
        self.number = number


class Schedule:
    """The instants at which points of one kind are made.

    Hours and longer stretches of thinning are counted from the first point of the kind and keep their earliest point.
    As they nest, a point that is pruned never comes back.
    """

    __slots__ = ("_interval", "_spans")

    def __init__(self, interval: float) -> None:
        self._interval = interval
        self._spans: list[_Span] = []

    def begin(self, first: float) -> None:
        """Make points from the instant `first` on."""
        number = 0
        if self._spans:
            span = self._spans[-1]
            number = span.number + self._count(span)
        self._spans.append(_Span(first, number))

    def resume(self, now: float) -> None:
        """Go on making points, the next one interval from now; nothing happens if points are being made."""
        if self._spans and self._spans[-1].last != inf:
            self.begin(now + self._interval)

    def suspend(self, now: float) -> None:
        """Make no points after now."""
        if self._spans and self._spans[-1].last == inf:
            self._spans[-1].last = now

    def surviving(self, now: float, retention: float) -> Iterator[tuple[float, int]]:
        """Instant and number of each point that is kept at `now` (retention in seconds), in no particular order."""
        for age_from, age_to, stretch in _BANDS:
            if age_from >= retention:
                return
            after, until = now - min(age_to, retention), now - age_from
            if stretch:
                yield from self._earliest_of_stretches(after, until, stretch)
            else:
                yield from self._all(after, until)

    def _all(self, after: float, until: float) -> Iterator[tuple[float, int]]:
        interval = self._interval
        for span in self._spans:
            place = 0 if span.first > after else floor((after - span.first) / interval) + 1
            end = min(until, span.last)
            instant = span.first + place * interval
            while instant <= end:
                yield instant, span.number + place
                place += 1
                instant = span.first + place * interval

    def _earliest_of_stretches(self, after: float, until: float, stretch: int) -> Iterator[tuple[float, int]]:
        if not self._spans:
            return
        start = self._spans[0].first
        for place in range(max(0, floor((after - start) / stretch)), floor((until - start) / stretch) + 1):
            found = self._first_from(start + place * stretch)
            if found and after < found[0] <= until and found[0] < start + (place + 1) * stretch:
                yield found

    def _first_from(self, instant: float) -> tuple[float, int] | None:
        for span in self._spans:
            place = max(0, ceil((instant - span.first) / self._interval))
            found = span.first + place * self._interval
            if found <= span.last:
                return found, span.number + place
        return None

    def _count(self, span: _Span) -> int:
        return 0 if span.last < span.first else floor((span.last - span.first) / self._interval) + 1


class Points:
    """The recovery points of one direction of one life of the item.

    Args:
        prefix: begins the ids of these points; never used before.
        crash_interval, app_interval, retention: seconds; app_interval 0 makes no app-consistent points, retention 0
            keeps no points.
        multi_vm: whether the points are shared with a group of machines.
        processed_at: the newest record that had been processed at an instant.
    """

    __slots__ = (
        "_app",
        "_app_interval",
        "_crash",
        "_frozen",
        "_listed",
        "_listed_at",
        "_made",
        "_made_count",
        "_multi_vm",
        "_prefix",
        "_processed_at",
        "_retention",
    )

    def __init__(
        self,
        prefix: str,
        crash_interval: float,
        app_interval: float,
        retention: float,
        multi_vm: bool,
        processed_at: Callable[[float], int],
    ) -> None:
        self._prefix = prefix
        self._app_interval = app_interval
        self._retention = retention
        self._multi_vm = multi_vm
        self._processed_at = processed_at
        self._crash = Schedule(crash_interval)
        self._app = Schedule(app_interval)
        self._made: list[Point] = []
        self._made_count = 0
        self._frozen: list[Point] | None = None
        self._listed: list[Point] = []
        self._listed_at: float | None = None

    def begin(self, now: float) -> None:
        """Make the first crash-consistent point now and further ones at their interval; app-consistent ones likewise,
        from half an interval later (facts 3.1)."""
        self._listed_at = None
        self._crash.begin(now)
        if self._app_interval:
            self._app.begin(now + self._app_interval / 2 + _APP_OFFSET)

    def suspend(self, now: float) -> None:
        """Make no points from now on."""
        self._listed_at = None
        self._crash.suspend(now)
        self._app.suspend(now)

    def resume(self, now: float) -> None:
        """Go on making points, the next of each kind one interval from now."""
        self._listed_at = None
        self._crash.resume(now)
        self._app.resume(now)

    def freeze(self, now: float) -> None:
        """Keep the list as it is now: neither retention nor time changes it any more (facts 1.1, S5 and S6)."""
        if self._frozen is None:
            self._frozen = self.listed(now)

    def thaw(self) -> None:
        """Let retention count again after `freeze`."""
        self._frozen = None
        self._listed_at = None

    def make(self, now: float, kind: str, sequence: int) -> Point:
        """Make a point out of turn; it is listed unless retention keeps none."""
        self._made_count += 1
        point = Point(f"{self._prefix}-x{self._made_count}", kind, now, sequence, self._multi_vm)
        if self._retention > 0:
            self._made.insert(0, point)
            self._listed_at = None
            if self._frozen is not None:
                self._frozen = [point, *self._frozen]
        return point

    def keep_only(self, now: float, point_id: str | None) -> None:
        """Delete every point but the one named, for good."""
        self._frozen = [point for point in self.listed(now) if point.id == point_id]

    def listed(self, now: float) -> list[Point]:
        """The points that are kept, newest first."""
        if self._frozen is not None:
            return self._frozen
        if self._listed_at != now:
            self._listed = self._compute(now)
            self._listed_at = now
        return self._listed

    def newest(self, now: float, kind: str | None = None) -> Point | None:
        """The newest point kept, or the newest of a kind; None when there is none."""
        for point in self.listed(now):
            if kind is None or point.kind == kind:
                return point
        return None

    def find(self, now: float, point_id: str) -> Point | None:
        """The point of this id, if it is kept."""
        for point in self.listed(now):
            if point.id == point_id:
                return point
        return None

    def _compute(self, now: float) -> list[Point]:
        if self._retention <= 0:
            return []
        after = now - min(self._retention, _EVERYTHING_KEPT)
        kept = [point for point in self._made if point.created > after]
        if self._app_interval:
            kept += self._scheduled(self._app, APP_CONSISTENT, "a", now)
        kept += self._scheduled(self._crash, CRASH_CONSISTENT, "c", now)
        kept.sort(key=_created, reverse=True)
        return kept

    def _scheduled(self, schedule: Schedule, kind: str, letter: str, now: float) -> list[Point]:
        start = f"{self._prefix}-{letter}"
        return [
            Point(f"{start}{number}", kind, instant, self._processed_at(instant), self._multi_vm)
            for instant, number in schedule.surviving(now, self._retention)
        ]


def _created(point: Point) -> float:
    return point.created


class History:
    """A number that only grows, and when it had which value."""

    __slots__ = ("_instants", "_values", "value")

    def __init__(self, value: int) -> None:
        self.value = value
        self._instants: list[float] = []
        self._values = [value]

    def grow(self, instant: float, value: int) -> None:
        """From `instant` on the value is `value`; instants must not go back."""
        self.value = value
        self._instants.append(instant)
        self._values.append(value)

    def at(self, instant: float) -> int:
        """The value at an instant, what began at that instant included."""
        return self._values[bisect_right(self._instants, instant)]
