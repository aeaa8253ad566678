"""Requests that a recording does not hold: somebody made them from a portal or from another session.

Such a request is no departure. It is taken to explain an event that disagrees, where it can: there is a legal way with
few operations, none of which was just refused, and the recording leaves room in time for them. How long an operation
takes is known by an order of magnitude only (facts A10), so that a tenth of what was recorded must fit in. Where a time
is not known, nothing says that there was no room. Where the item itself tells when an operation was asked for, that
decides (facts F19).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from itertools import product
from types import MappingProxyType
from typing import NamedTuple

from asr_model.lts import Lts
from asr_model.state import State
from asr_model.vocabulary import Operation
from asr_properties.arm.operations import OPERATIONS
from asr_properties.specification.relations import named_points
from asr_properties.traces.events import CLOCKS_DIFFER, ItemSeen, JobSeen, Requested, Time, TraceEvent
from asr_properties.traces.jobs_elsewhere import asked_for_by, begins, scenario_in
from asr_properties.traces.nearest_continuation import MOST_OPERATIONS
from asr_properties.traces.plan_requests import PlanRequest
from asr_properties.traces.trace_verdicts import Divergence

_LEAST_SHARE = 0.1
"""Of the recorded duration."""

_AMPLE_SHARE = 0.5
"""Of the recorded duration: so long there must have been where that nothing was done would explain as much."""

_EXPLAINING = frozenset(operation for operation, row in OPERATIONS.items() if row.minutes is not None) | {
    Operation.CHANGE_RECOVERY_POINT,
    Operation.CANCEL_JOB,
}
"""The operations that a recording shows. The others leave an item as it was, and explain nothing."""


_NEW_LIFE = frozenset({Operation.DISABLE_REPLICATION, Operation.ENABLE_REPLICATION})


class Gap(NamedTuple):
    """Where requests may be missing: before an event that disagrees, and after the last one with a time.

    since: when it begins, which is before `last` where that tells of something earlier. unit: what the places in the
    recording count. refused: what was refused since the last look: if that was done all the same, it is a departure.
    told: when the item said before it that each operation was last asked for. plans: what was asked of recovery plans
    that may have the item.
    """

    last: TraceEvent
    since: Time
    event: TraceEvent
    unit: str
    refused: Collection[str] = ()
    told: Mapping[str, Time] = MappingProxyType({})
    plans: Sequence[PlanRequest] = ()

    def has_room_for(self, operations: Sequence[str]) -> bool:
        """Whether these operations may have been done in it, one after another. A job that still runs, and that the
        item names, takes no time, and has nothing that speaks against it."""
        if _NEW_LIFE.issubset(operations):
            return False  # else nothing would contradict that an aborted failover stays so (R34)
        if not _EXPLAINING.issuperset(operations):
            return False
        scenario = scenario_in(self.event)
        still_runs = scenario is not None and not asked_for_by(scenario).isdisjoint(operations[-1:])
        return self._may_have_ended(operations[:-1] if still_runs else operations)

    def _may_have_ended(self, operations: Sequence[str]) -> bool:
        if not set(operations).isdisjoint(self.refused) or False in map(self._is_told, operations):
            return False
        return self._lasts(_LEAST_SHARE, operations)

    def has_ample_room_for(self, operations: Collection[str]) -> bool:
        """Whether there is known to have been far more time for them than the least, or the item tells that they were
        asked for in it."""
        is_told = all(map(self._is_told, operations))
        return is_told or (self._seconds is not None and self._lasts(_AMPLE_SHARE, operations))

    def _lasts(self, share: float, operations: Collection[str]) -> bool:
        between = self._seconds
        return between is None or between >= share * sum(map(_seconds_of, operations))

    def missing(self, divergence: Divergence) -> str:
        """The requests that explain the event, and where they must have been; empty where none do."""
        operations = operations_of(divergence)
        if not 0 < len(operations) <= MOST_OPERATIONS or not self.has_room_for(operations):
            return ""
        asked = [plan for plan in self.plans if plan.operation in operations and plan.is_between(self.last, self.event)]
        by_plan = {plan.operation: plan.in_words(self.unit) for plan in asked}
        others = [operation for operation in operations if operation not in by_plan]
        return "; ".join([*by_plan.values(), *([self._not_recorded(others)] if others else [])])

    def _not_recorded(self, operations: Sequence[str]) -> str:
        names = ", then ".join(operations)
        before, after = self._place(self.last, self.since), self._place(self.event, self.event.at)
        where = f"it must have been asked for after {before} and before {after}"
        told = [f" (the item tells: {op} at {at})" for op, at in last_asked(self.event).items() if op in operations]
        return f"{names} is not in the recording: {where}{''.join(told)}"

    def _place(self, event: TraceEvent, at: Time) -> str:
        told = "" if at == event.at else "which tells of "
        return f"{self.unit} {event.number}" + ("" if at is None else f" ({told}{at})")

    def states_after(self, lts: Lts, starts: Iterable[State]) -> tuple[State, ...]:
        """Where the item may be after the requests that there is room for."""
        numbers = frozenset(lts.number[state] for state in starts if state in lts.number)
        found: set[int] = set()
        for count in range(1, MOST_OPERATIONS + 1):
            for operations in product(_explaining(lts), repeat=count):
                if self.has_room_for(operations):
                    found |= _after(lts, numbers, operations)
        return tuple(lts.states[number] for number in sorted(found))

    def jobs_after(self, lts: Lts, starts: Iterable[State]) -> tuple[tuple[State, State], ...]:
        """How the job may have begun that the item names, and that somebody else asked for: from which state, and in
        which one it then was. None, where it names none."""
        scenario = scenario_in(self.event)
        if scenario is None:
            return ()
        numbers = frozenset(lts.number[state] for state in starts if state in lts.number)
        found: dict[tuple[int, int], None] = {}
        for count in range(MOST_OPERATIONS):
            for operations in product(_explaining(lts), repeat=count):
                here = _after(lts, numbers, operations) if self._may_have_ended(operations) else ()
                edges = (edge for number in sorted(here) for edge in lts.outgoing[number])
                found |= {(edge.source, edge.target): None for edge in edges if begins(lts, edge, scenario)}
        return tuple((lts.states[source], lts.states[target]) for source, target in found)

    def _is_told(self, operation: str) -> bool | None:
        """Whether the item says that the operation was asked for in the gap; None where it says nothing of it."""
        at = last_asked(self.event).get(operation)
        if at is None:
            return None
        if operation in self.told:
            return at != self.told[operation]
        start = _seconds(self.since)
        return start is None or (_seconds(at) or 0) >= start - CLOCKS_DIFFER

    @property
    def _seconds(self) -> float | None:
        """How long it is; None where a time is not known."""
        start, end = _seconds(self.since), _seconds(self.event.at)
        return None if start is None or end is None else end - start


def last_asked(event: TraceEvent) -> Mapping[str, Time]:
    """When the item says that operations were last asked for."""
    return dict(event.last_asked) if isinstance(event, ItemSeen) else {}


def _explaining(lts: Lts) -> list[str]:
    return sorted({edge.event.name for edge in lts.edges if edge.event.is_operation} & _EXPLAINING)


def _after(lts: Lts, starts: frozenset[int], operations: Iterable[str]) -> frozenset[int]:
    """The states that these operations lead to, whatever happens between them and afterwards."""
    here = _settled(lts, starts)
    for operation in operations:
        edges = (edge for number in here for edge in lts.outgoing[number])
        here = _settled(lts, (edge.target for edge in edges if edge.transition and edge.event.name == operation))
    return here


def _settled(lts: Lts, starts: Iterable[int]) -> frozenset[int]:
    """These states and all that the service leads to from them by itself."""
    found = set(starts)
    todo = list(found)
    while todo:
        for edge in lts.outgoing[todo.pop()]:
            if edge.transition is not None and not edge.event.is_operation and edge.target not in found:
                found.add(edge.target)
                todo.append(edge.target)
    return frozenset(found)


def operations_of(divergence: Divergence) -> tuple[str, ...]:
    """What would have had to be asked for: operations that lead there, or a change of the point that is in use."""
    if divergence.properties and {rule.name for rule in named_points.RELATIONS}.issuperset(divergence.properties):
        return (Operation.CHANGE_RECOVERY_POINT,)
    event, nearest = divergence.event, divergence.nearest
    if nearest is None:
        return ()
    explains = isinstance(event, ItemSeen | Requested) or is_a_cancel(divergence)
    return nearest.operations if explains else ()


def may_stay_in(phase: str | None, divergence: Divergence) -> bool:
    """Whether an item that is in a phase again may be so by what explains the divergence: its job was cancelled, and by
    the model that leads there."""
    nearest = divergence.nearest
    return is_a_cancel(divergence) and nearest is not None and nearest.end == phase


def is_a_cancel(divergence: Divergence) -> bool:
    """Whether it is explained by a job having been cancelled, which ended so."""
    event, nearest = divergence.event, divergence.nearest
    cancelled = isinstance(event, JobSeen) and event.state == "cancelled"
    return cancelled and nearest is not None and nearest.operations == (Operation.CANCEL_JOB,)


def _seconds(time: Time) -> float | None:
    if time is None or isinstance(time, float | int):
        return time
    found = datetime.fromisoformat(time)
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()


def _seconds_of(operation: str) -> float:
    """A change of the point was never recorded to its end; it starts a machine, as a failover does (facts 2.4)."""
    if operation == Operation.CANCEL_JOB:
        return 0.0
    alike = Operation.FAIL_OVER if operation == Operation.CHANGE_RECOVERY_POINT else Operation(operation)
    minutes = OPERATIONS[alike].minutes
    return 0.0 if minutes is None else minutes * 60
