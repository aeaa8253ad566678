"""Recovery points: when they are made, what they hold, how long they are kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import count
from typing import Any

from asr_properties.reference import CommonItem, ReplicatedItem
from asr_properties.reference.configuration import Configuration
from asr_properties.reference.points import Point, Points, Schedule
from asr_properties.reference.replication import Flow
from wrong.registry import breaks


class OtherPolicy(ReplicatedItem):
    """Points are made by another configuration than the item's."""

    __slots__ = ()

    def policy(self, configuration: Configuration) -> Configuration:
        raise NotImplementedError

    def new_points(self, flow: Flow) -> Points:
        own, self.configuration = self.configuration, self.policy(self.configuration)
        try:
            return super().new_points(flow)
        finally:
            self.configuration = own


class OtherPoints(ReplicatedItem):
    """Points are kept in another way."""

    __slots__ = ()

    kind: type[Points]

    def new_points(self, flow: Flow) -> Points:
        configuration = self.configuration
        return self.kind(
            self.identifiers.new("point"),
            configuration.crash_consistent_minutes * 60,
            configuration.app_consistent_minutes * 60,
            configuration.retention_minutes * 60,
            configuration.multi_vm_group is not None,
            self.known(flow),
        )

    def known(self, flow: Flow) -> Callable[[float], int]:
        """What a point of an instant holds."""
        return flow.processed_at


# When they are made.


@breaks("X20", says="point")
class NoMorePoints(CommonItem):
    """After the first recovery point none is made."""

    __slots__ = ()

    def first_point_is_made(self) -> None:
        super().first_point_is_made()
        if self.replication is not None:
            self.replication.points.suspend(self.clock.now)


@breaks("X20", says="point")
class RarePoints(OtherPolicy):
    """Crash-consistent points are made every three hours whatever the interval."""

    __slots__ = ()

    def policy(self, configuration: Configuration) -> Configuration:
        return replace(configuration, crash_consistent_minutes=180)


@breaks("X20", says="point")
class FrequentPoints(OtherPolicy):
    """Crash-consistent points are made at a fifth of their interval."""

    __slots__ = ()

    def policy(self, configuration: Configuration) -> Configuration:
        return replace(configuration, crash_consistent_minutes=configuration.crash_consistent_minutes / 5)


@breaks("X20", says="app-consistent")
class UnwantedAppPoints(OtherPolicy):
    """App-consistent points are made though they are off."""

    __slots__ = ()

    def policy(self, configuration: Configuration) -> Configuration:
        return replace(configuration, app_consistent_minutes=configuration.app_consistent_minutes or 60)


@breaks("X20", says="app-consistent")
class NoAppPoints(OtherPolicy):
    """App-consistent points are never made though they are on."""

    __slots__ = ()

    def policy(self, configuration: Configuration) -> Configuration:
        return replace(configuration, app_consistent_minutes=0)


@breaks("X20", says="group of machines")
class GroupForgotten(OtherPolicy):
    """The points of a machine in a multi-VM group are not marked so."""

    __slots__ = ()

    def policy(self, configuration: Configuration) -> Configuration:
        return replace(configuration, multi_vm_group=None)


# How long they are kept.


@breaks("X20", says="point")
class OneStretchTooShort(OtherPolicy):
    """Points are kept for two stretches of thinning less than the retention."""

    __slots__ = ()

    def policy(self, configuration: Configuration) -> Configuration:
        return replace(configuration, retention_minutes=max(0, configuration.retention_minutes - 240))


@breaks("X20", says="point")
class DoubleRetention(OtherPolicy):
    """Points are kept for twice the retention."""

    __slots__ = ()

    def policy(self, configuration: Configuration) -> Configuration:
        return replace(configuration, retention_minutes=configuration.retention_minutes * 2)


@breaks("X20", says="point")
class KeptWithoutRetention(OtherPolicy):
    """Points are listed though the retention is 0."""

    __slots__ = ()

    def policy(self, configuration: Configuration) -> Configuration:
        return replace(configuration, retention_minutes=configuration.retention_minutes or 1440)


class ThinnedPoints(Points):
    """Of the points older than half an hour only one in six is kept."""

    __slots__ = ()

    def listed(self, now: float) -> list[Point]:
        every = 6 * self._crash._interval
        first = self._crash._spans[0].first if self._crash._spans else 0
        return [p for p in super().listed(now) if now - p.created < 1800 or (p.created - first) % every == 0]


@breaks("X20", says="point")
class ThinnedTooEarly(OtherPoints):
    """Points are thinned when they are half an hour old."""

    __slots__ = ()

    kind = ThinnedPoints


class WholeSchedule(Schedule):
    """Keeps every point of the retention."""

    __slots__ = ()

    def surviving(self, now: float, retention: float) -> Iterator[tuple[float, int]]:
        yield from self._all(now - retention, now)


class UnthinnedPoints(Points):
    """All points of the retention are kept."""

    __slots__ = ()

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self._crash = WholeSchedule(self._crash._interval)
        self._app = WholeSchedule(self._app._interval)


@breaks("X20", says="point")
class NeverThinned(OtherPoints):
    """Points older than two hours are not thinned."""

    __slots__ = ()

    kind = UnthinnedPoints


class HalfThinnedSchedule(Schedule):
    """Two points are kept for each stretch, evenly apart."""

    __slots__ = ()

    def _earliest_of_stretches(self, after: float, until: float, stretch: int) -> Iterator[tuple[float, int]]:
        yield from super()._earliest_of_stretches(after, until, stretch // 2)


class HalfThinnedPoints(Points):
    """Two points are kept for each stretch."""

    __slots__ = ()

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self._crash = HalfThinnedSchedule(self._crash._interval)
        self._app = HalfThinnedSchedule(self._app._interval)


@breaks("X20", says="two points with two between")
class HalfThinned(OtherPoints):
    """Of the points older than two hours two are kept for each stretch, not one."""

    __slots__ = ()

    kind = HalfThinnedPoints


class ForgetfulPoints(Points):
    """Points vanish for a while: those in the second hour of their life are not listed."""

    __slots__ = ()

    def listed(self, now: float) -> list[Point]:
        return [p for p in super().listed(now) if not 3600 < now - p.created <= 7200]


@breaks("X20", says="point")
class VanishAndComeBack(OtherPoints):
    """Points are not listed in the second hour of their life, and come back after it."""

    __slots__ = ()

    kind = ForgetfulPoints


class RestoredSchedule(Schedule):
    """Keeps as it should for half a day, and every point of what is older."""

    __slots__ = ()

    def surviving(self, now: float, retention: float) -> Iterator[tuple[float, int]]:
        old = now - 12 * 3600
        yield from ((instant, number) for instant, number in super().surviving(now, retention) if instant > old)
        yield from self._all(now - retention, old)


class RestoredPoints(Points):
    """Points that were thinned are listed again."""

    __slots__ = ()

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self._crash = RestoredSchedule(self._crash._interval)


@breaks("X20", says="point")
class PrunedPointsComeBack(OtherPoints):
    """Points that were pruned are listed again when they are half a day old."""

    __slots__ = ()

    kind = RestoredPoints


# What they hold.


@breaks("X20", says="record")
class PointsFromTheFuture(OtherPoints):
    """A point is shown with a record that was written after it was made."""

    __slots__ = ()

    kind = Points

    def known(self, flow: Flow) -> Callable[[float], int]:
        return lambda instant: flow.processed_at(instant) + 1


@breaks("X20", says="record")
class PointsTooOld(OtherPoints):
    """A point lacks the newest record that was processed when it was made."""

    __slots__ = ()

    kind = Points

    def known(self, flow: Flow) -> Callable[[float], int]:
        return lambda instant: max(0, flow.processed_at(instant) - 1)


@breaks("X20", says="record")
class PointsOfTheUnwritten(OtherPoints):
    """A point tells of a record that nobody has written yet."""

    __slots__ = ()

    kind = Points

    def known(self, flow: Flow) -> Callable[[float], int]:
        return lambda instant: flow.processed_at(instant) + 1


# Their ids and their order.


class RenamedPoints(Points):
    """The newest point of all bears the same id, whichever it is."""

    __slots__ = ()

    def listed(self, now: float) -> list[Point]:
        points = super().listed(now)
        if not points:
            return points
        newest = points[0]
        name = f"{self._prefix}-newest"
        return [Point(name, newest.kind, newest.created, newest.sequence, newest.multi_vm), *points[1:]]


@breaks("X22", says="id")
class NewestByName(OtherPoints):
    """The id of the newest point passes on to the next one."""

    __slots__ = ()

    kind = RenamedPoints


class NumberedLives:
    """Gives identifiers; those of points are counted anew."""

    def __init__(self, identifiers: Any, prefix: str) -> None:
        self._identifiers = identifiers
        self._prefix = prefix

    def new(self, kind: str) -> str:
        return self._prefix if kind == "point" else self._identifiers.new(kind)


@breaks("X22", says="id")
class PointIdsOfFormerLife(ReplicatedItem):
    """When the item is enabled again, its points get the ids of the former life's points."""

    __slots__ = ()

    def __init__(self, configuration: Configuration, identifiers: Any, freedom: Any) -> None:
        super().__init__(configuration, NumberedLives(identifiers, identifiers.new("point")), freedom)


class NumberedItems:
    """Gives identifiers; those of points are the same for every item."""

    def __init__(self, identifiers: Any) -> None:
        self._identifiers = identifiers
        self._points = count(1)

    def new(self, kind: str) -> str:
        return f"point-{next(self._points)}" if kind == "point" else self._identifiers.new(kind)


@breaks("X22", says="id")
class PointIdsOfFormerItem(ReplicatedItem):
    """The points of a new item get the ids of a former item's points."""

    __slots__ = ()

    def __init__(self, configuration: Configuration, identifiers: Any, freedom: Any) -> None:
        super().__init__(configuration, NumberedItems(identifiers), freedom)


@breaks("X22", says="newest first")
class OldestPointFirst(ReplicatedItem):
    """Recovery points are listed oldest first."""

    __slots__ = ()

    def recovery_points(self) -> list[dict[str, Any]]:
        return super().recovery_points()[::-1]
