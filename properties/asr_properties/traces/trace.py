"""A trace: what was read from a recording, and what was skipped or left open in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

from asr_properties.traces.entry_numbers import EntryNumbers
from asr_properties.traces.events import TraceEvent
from asr_properties.traces.ordering import Overlap
from asr_properties.traces.plan_requests import PlanRequest


@runtime_checkable
class Reorderable(Protocol):
    """Events that can be made anew as they are in another order of entries."""

    def reordered(self, overlaps: Sequence[Overlap]) -> Iterable[TraceEvent]:
        """The events where the earlier entry of each of these came right after the later one."""


@dataclass(frozen=True, kw_only=True)
class Trace:
    """Everything that a recording tells about the items in it.

    source: where it comes from. profile: the lifecycle of items that do not tell theirs; None where nothing tells it.
    unit: what the places in it count, `line` or `entry`.
    events: in the order of time. Those of a file are read anew each time they are iterated over.
    total: how many entries it has; None: each event is a line, and they were not counted. skipped: how many
    entries gave no event, by kind. Each other one gave one event or, if it is a list, several.
    remarks: what could not be understood, as (item, place in the source, text). more_remarks: how many more there are,
    by item.
    told_profiles: the lifecycles of items that tell theirs elsewhere than in their events.
    not_followed: items whose events are not in the trace, and why. gaps: what is not known of the recording as a whole.
    doubts: items whose order of events is in doubt from some place on, as (that place, why). From there on no verdict
    says that they depart from the model. overlaps: for each item the entries that may have come the other way round.
    Where some may, the events are `Reorderable`. plans: for each item what recovery plans that may have it were asked
    for. unread: for each item the places whose answers could not be read.
    parts: of a trace of several files, each with the last of its places, which count on from one to the next.
    skipped_at: the numbers of the entries that gave no event, by kind. machines: the friendly names of items.
    """

    source: str
    profile: str | None = None
    unit: str = "line"
    events: Iterable[TraceEvent] = ()
    skipped: Counter[str] = field(default_factory=Counter)
    total: int | None = None
    remarks: tuple[tuple[str, int, str], ...] = ()
    more_remarks: Mapping[str, int] = field(default_factory=dict)
    told_profiles: Mapping[str, str] = field(default_factory=dict)
    not_followed: Mapping[str, str] = field(default_factory=dict)
    gaps: tuple[str, ...] = ()
    doubts: Mapping[str, tuple[int, str]] = field(default_factory=dict)
    overlaps: Mapping[str, tuple[Overlap, ...]] = field(default_factory=dict)
    plans: Mapping[str, tuple[PlanRequest, ...]] = field(default_factory=dict)
    unread: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    parts: tuple[tuple[str, int], ...] = ()
    skipped_at: Mapping[str, EntryNumbers] = field(default_factory=dict)
    machines: Mapping[str, str] = field(default_factory=dict)

    def origin(self, place: int) -> tuple[int, int] | None:
        """Of a trace of several files, which of them has a place, and its place in that file; both count from 1."""
        first = 1
        for number, (_, last) in enumerate(self.parts, 1):
            if place <= last:
                return number, place - first + 1
            first = last + 1
        return None

    @property
    def items(self) -> tuple[str, ...]:
        """The items that have events, in the order they appear."""
        return tuple(dict.fromkeys(event.item for event in self.events))
