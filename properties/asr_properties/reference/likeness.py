"""What decides what an item will do and show, without what never comes again: ids, records and instants.

Two items are alike when everything that they keep is alike, but for what `PASSING` names. Of instants it counts whether
they lie ahead, and of what is due the order; of recovery points their kinds, and their age in steps of half an hour.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from types import MethodType
from typing import Any, Final

from .faults import Faults
from .item import CommonItem
from .jobs import Job, Step
from .machines import Machine
from .points import Point
from .replication import Replication

PASSING: Final = frozenset(
    {
        # the same for all items of an exploration, or found in another place here
        "configuration", "identifiers", "freedom", "clock", "jobs", "_owner", "_clock",
        # ids, and the records on disks: never the same again
        "id", "item_id", "failover_point", "carried", "last_sequence", "sequence",
        # what is only told, of settings and disks above all
        "errors", "times", "task_states", "settings", "bound_settings", "given_address", "disks",
        "disks_before_failback",
    }
)  # fmt: skip
"""Attributes of items, jobs, machines and points that decide nothing which a model of the lifecycle speaks of."""

_PLAIN: Final = frozenset({bool, str, int, frozenset})

_AGE: Final = 1800
_OLDEST: Final = 4
"""Ages of recovery points are counted in so many seconds, up to so many times that."""


def likeness(item: CommonItem) -> Hashable:
    """The same for two items that are alike."""
    now = item.clock.now
    due = tuple(
        (getattr(timer.action, "__qualname__", ""), _alike(getattr(timer.action, "__self__", None), now, within=False))
        for timer in item.clock.pending
    )
    return tuple(_attributes(item, now)), due, _points(item)


def _attributes(thing: object, now: float) -> Iterator[tuple[str, Hashable]]:
    for name in (*_slots(type(thing)), *sorted(getattr(thing, "__dict__", {}).keys() - PASSING)):
        yield name, _alike(getattr(thing, name, None), now)


def _slots(kind: type[Any]) -> tuple[str, ...]:
    found = _SLOTS.get(kind)
    if found is None:
        names = {name for each in kind.__mro__ for name in getattr(each, "__slots__", ())}
        found = _SLOTS[kind] = tuple(sorted(names - PASSING))
    return found


_SLOTS: Final[dict[type[Any], tuple[str, ...]]] = {}


def _alike(value: Any, now: float, *, within: bool = True) -> Hashable:
    """A value, without what passes. within: whether it is a value of the item's, and not the item itself."""
    kind = type(value)
    if value is None or kind in _PLAIN:
        plain: Hashable = value
        return plain
    if kind is float:
        return bool(value > now)
    match value:
        case Step():
            return value.name, value.skipped
        case Point():
            return value.kind
        case tuple() | list():
            return tuple(_alike(each, now) for each in value)
        case dict():
            return tuple((key, _alike(each, now)) for key, each in value.items())
        case Machine():
            return value.power, value.snapshot is not None
        case Faults():
            return _alike(value.active, now)
        case Replication():
            return value.source, value.runs, value.is_initial
        case MethodType():
            return value.__qualname__
        case Job():
            return tuple(_attributes(value, now))
    return type(value).__qualname__ if within else ""


def _points(item: CommonItem) -> Hashable:
    """The newest points of each kind that are not in use, by age; and whether the one in use is listed."""
    if item.replication is None:
        return ()
    now = item.clock.now
    listed = item.replication.points.listed(now)
    ages: dict[str, int] = {}
    for point in listed:
        if point.id != item.failover_point:
            ages.setdefault(point.kind, min(int((now - point.created) // _AGE), _OLDEST))
    return tuple(sorted(ages.items())), any(point.id == item.failover_point for point in listed)
