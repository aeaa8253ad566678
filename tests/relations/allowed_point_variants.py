"""Correct implementations whose recovery points are others than the reference's. None of them may fail."""

from __future__ import annotations

from collections.abc import Iterator
from math import inf
from typing import Any

from asr_properties.reference import ReplicatedItem
from asr_properties.reference.points import Point, Points, Schedule
from asr_properties.reference.replication import Flow

MINUTE, HOUR = 60.0, 3600.0
APP = "app_consistent"


class OtherPointsItem(ReplicatedItem):
    """Points of another kind are made."""

    __slots__ = ()

    points_kind: type[Points] = Points

    def new_points(self, flow: Flow) -> Points:
        own = self.configuration
        return self.points_kind(
            self.identifiers.new("point"),
            own.crash_consistent_minutes * 60,
            own.app_consistent_minutes * 60,
            own.retention_minutes * 60,
            own.multi_vm_group is not None,
            flow.processed_at,
        )


# When points are made.


class AlignedSchedule(Schedule):
    """After the first point, points at the full multiples of the interval."""

    __slots__ = ()

    def begin(self, first: float) -> None:
        super().begin(first)
        self._spans[-1].last = first
        super().begin((first // self._interval + 1) * self._interval)

    def suspend(self, now: float) -> None:
        """Nor is the first point made, if it is still to come."""
        super().suspend(now)
        if len(self._spans) > 1 and self._spans[-2].first > now:
            self._spans[-2].last = now


class AlignedPoints(Points):
    """Points at the full five minutes, hours and so on of the wall clock."""

    __slots__ = ()

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self._crash, self._app = AlignedSchedule(self._crash._interval), AlignedSchedule(self._app._interval)


class AlignedToTheClock(OtherPointsItem):
    """Points are made at full multiples of their interval."""

    __slots__ = ()

    points_kind = AlignedPoints


class LateAppPoints(Points):
    """The first app-consistent point comes one interval after the first point."""

    __slots__ = ()

    def begin(self, now: float) -> None:
        super().begin(now)
        if self._app_interval:
            self._app = type(self._app)(self._app._interval)
            self._app.begin(now + self._app_interval)


class FirstAppPointAfterAnInterval(OtherPointsItem):
    """The first app-consistent point comes after a whole interval."""

    __slots__ = ()

    points_kind = LateAppPoints


class SlowPoints(Points):
    """Points every 55 minutes, or one interval if that is longer."""

    __slots__ = ()

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self._crash = Schedule(max(55 * MINUTE, self._crash._interval))


class PointsEveryFiftyFiveMinutes(OtherPointsItem):
    """The next point always comes within the hour that the contract gives it, and not sooner."""

    __slots__ = ()

    points_kind = SlowPoints


# Which points are kept.


class PrunesWhenItFailsOver(ReplicatedItem):
    """While nothing replicates retention deletes nothing; what is due by then goes when it is failed over again."""

    __slots__ = ()

    def fail_over(self, arguments: Any) -> Any:
        job = super().fail_over(arguments)
        self.points().thaw()
        self.points().freeze(self.clock.now)
        return job


class LatestOfStretches(Schedule):
    """Keeps the latest point of each hour, of each two hours, of each four."""

    __slots__ = ()

    def surviving(self, now: float, retention: float) -> Iterator[tuple[float, int]]:
        made = sorted(self._all(now - retention, now))
        stretches = ((2 * HOUR, HOUR), (24 * HOUR, 2 * HOUR), (168 * HOUR, 4 * HOUR))
        latest = {(size, instant // size): instant for _, size in stretches for instant, _ in made}
        for instant, number in made:
            if all(now - instant <= age or latest[size, instant // size] == instant for age, size in stretches):
                yield instant, number


class LatestKeptPoints(Points):
    """Thinning that keeps the latest point of each stretch."""

    __slots__ = ()

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self._crash, self._app = LatestOfStretches(self._crash._interval), LatestOfStretches(self._app._interval)


class LatestOfAStretchIsKept(OtherPointsItem):
    """Of each stretch the latest point is kept."""

    __slots__ = ()

    points_kind = LatestKeptPoints


class StretchesFromNow(Schedule):
    """Goes through the points from the oldest on, and drops those too near to the one before, for good."""

    __slots__ = ("dropped",)

    def __init__(self, interval: float) -> None:
        super().__init__(interval)
        self.dropped: set[float] = set()

    def surviving(self, now: float, retention: float) -> Iterator[tuple[float, int]]:
        before = -inf
        for instant, number in sorted(self._all(now - retention, now)):
            age = now - instant
            stretch = 1 if age <= 24 * HOUR else 2 if age <= 168 * HOUR else 4
            if instant in self.dropped:
                continue
            if age > 2 * HOUR and instant - before < stretch * HOUR:
                self.dropped.add(instant)
                continue
            before = instant
            yield instant, number


class GreedyPoints(Points):
    """Thinning that counts stretches from the oldest point kept."""

    __slots__ = ()

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self._crash, self._app = StretchesFromNow(self._crash._interval), StretchesFromNow(self._app._interval)


class StretchesCountedAnew(OtherPointsItem):
    """Stretches of thinning begin wherever the oldest point happens to be."""

    __slots__ = ()

    points_kind = GreedyPoints


class NothingPrunedUnderFaults(ReplicatedItem):
    """While a fault stops replication, no point is pruned (contract 7: nothing is judged then but the failover)."""

    __slots__ = ()

    def faults_changed(self) -> None:
        super().faults_changed()
        if self.phase != "protected" or self.replication is None:
            return
        if self.faults.stall(reverse=False):
            self.replication.points.freeze(self.clock.now)
        else:
            self.clock.after(1, self.prune_again)

    def prune_again(self) -> None:
        if self.phase == "protected" and self.replication is not None and not self.faults.stall(reverse=False):
            self.replication.points.thaw()


# What points tell.


class NoSequences(ReplicatedItem):
    """Points do not tell which record they hold."""

    __slots__ = ()

    def recovery_points(self) -> list[dict[str, Any]]:
        return [{**point, "sequence": None} for point in super().recovery_points()]


class LatelyListedPoints(Points):
    """Of the crash-consistent points that are due, each is listed and can be chosen two minutes after it was created,
    but for the first."""

    __slots__ = ()

    def listed(self, now: float) -> list[Point]:
        points = super().listed(now)
        free = {id(point) for point in (*self._made, *points[-1:])}
        late = now - 2 * MINUTE
        return [point for point in points if point.kind == APP or point.created <= late or id(point) in free]

    def freeze(self, now: float) -> None:
        if self._frozen is None:
            self._frozen = super().listed(now)


class ListedTwoMinutesLate(OtherPointsItem):
    """A point is listed some time after it was created."""

    __slots__ = ()

    points_kind = LatelyListedPoints


class HastilyPrunedPoints(LatelyListedPoints):
    """They are pruned a minute and a half before the end of the retention, too, if another one is left."""

    __slots__ = ()

    def listed(self, now: float) -> list[Point]:
        points = super().listed(now)
        return [point for point in points if point.created > now - self._retention + 1.5 * MINUTE] or points[:1]


class ListedLateAndPrunedEarly(OtherPointsItem):
    """A point is listed some time after it was created, and pruned some time before its retention ends."""

    __slots__ = ()

    points_kind = HastilyPrunedPoints


class EpochSeconds(ReplicatedItem):
    """The implementation's clock counts from long ago."""

    __slots__ = ()

    def recovery_points(self) -> list[dict[str, Any]]:
        return [{**point, "created": point["created"] + 1.7e9} for point in super().recovery_points()]
