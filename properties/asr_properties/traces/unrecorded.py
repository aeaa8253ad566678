"""Requests that a recording does not hold: somebody made them from a portal or from another session.

Such a request is no departure. It is taken to explain a look that disagrees, and no request that was answered wrongly.
It explains one only where it can: there is a legal way with few operations, none of which was just refused, and the
recording leaves room in time for them. How long an operation takes is known by an order of magnitude only (facts A10),
so that a tenth of what was recorded must fit in.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime

from asr_model.vocabulary import Operation
from asr_properties.arm.operations import OPERATIONS
from asr_properties.specification.relations import named_points
from asr_properties.traces.events import ItemSeen, Time, TraceEvent
from asr_properties.traces.trace_verdicts import Divergence

MOST_UNRECORDED = 2
"""With more operations than these between two events, nothing is explained any more."""

_LEAST_SHARE = 0.1
"""Of the recorded duration."""

_EXPLAINING = frozenset(operation for operation, row in OPERATIONS.items() if row.minutes is not None) | {
    Operation.CHANGE_RECOVERY_POINT
}
"""The operations that a recording shows. The others leave an item as it was, and explain nothing."""

_NEW_LIFE = frozenset({Operation.DISABLE_REPLICATION, Operation.ENABLE_REPLICATION})


def missing_requests(
    divergence: Divergence, last: Time, last_number: int, unit: str, refused: Collection[str] = ()
) -> str:
    """The requests that explain an event, and where they must have been; empty where none do.

    last, last_number: the time and the place of the item's event before it. refused: what was refused since the last
    look: if that was done all the same, it is a departure.
    """
    event, operations = divergence.event, _operations(divergence)
    if not isinstance(event, ItemSeen) or not 0 < len(operations) <= MOST_UNRECORDED:
        return ""
    if len(_NEW_LIFE.intersection(operations)) > 1 or Operation.ENABLE_REPLICATION in operations:
        return ""
    if not _EXPLAINING.issuperset(operations) or not set(operations).isdisjoint(refused):
        return ""
    between = _between(last, event)
    if between is None or between < _LEAST_SHARE * sum(map(_seconds_of, operations)):
        return ""
    names = ", then ".join(operations)
    where = f"after {unit} {last_number} ({last}) and before {unit} {event.number} ({event.at})"
    return f"{names} is not in the recording: it must have been asked for {where}"


def _operations(divergence: Divergence) -> tuple[str, ...]:
    """What would have had to be asked for: operations that lead there, or a change of the point that is in use."""
    if divergence.properties and {rule.name for rule in named_points.RELATIONS}.issuperset(divergence.properties):
        return (Operation.CHANGE_RECOVERY_POINT,)
    return () if divergence.nearest is None else divergence.nearest.operations


def _between(last: Time, event: TraceEvent) -> float | None:
    """Seconds; None where a time is not known."""
    start, end = _seconds(last), _seconds(event.at)
    return None if start is None or end is None else end - start


def _seconds(time: Time) -> float | None:
    if time is None or isinstance(time, float | int):
        return time
    found = datetime.fromisoformat(time)
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()


def _seconds_of(operation: str) -> float:
    """A change of the point was never recorded to its end; it starts a machine, as a failover does (facts 2.4)."""
    alike = Operation.FAIL_OVER if operation == Operation.CHANGE_RECOVERY_POINT else Operation(operation)
    minutes = OPERATIONS[alike].minutes
    return 0.0 if minutes is None else minutes * 60
