"""Requests that a recording does not hold: somebody made them from a portal or from another session.

Such a request is no departure. It is taken to explain an event that disagrees only where it can: there is a legal way
with few operations, and the recording leaves room in time for them. How long an operation takes is known by an order of
magnitude only (facts A10), so that a tenth of what was recorded must fit in.
"""

from __future__ import annotations

from datetime import UTC, datetime

from asr_model.vocabulary import Answer, Operation
from asr_properties.arm.operations import OPERATIONS
from asr_properties.traces.events import ItemSeen, Requested, Time, TraceEvent
from asr_properties.traces.trace_verdicts import Divergence

MOST_UNRECORDED = 2
"""With more operations than these between two events, nothing is explained any more."""

_LEAST_SHARE = 0.1
_LEAST_SECONDS = 1.0
_NEW_LIFE = frozenset({Operation.DISABLE_REPLICATION, Operation.ENABLE_REPLICATION})


def missing_requests(divergence: Divergence, last: Time, last_number: int, unit: str) -> str:
    """The requests that explain an event, and where they must have been; empty where none do.

    last, last_number: the time and the place of the item's event before it.
    """
    event, nearest = divergence.event, divergence.nearest
    looks = isinstance(event, ItemSeen) or (isinstance(event, Requested) and event.answer is Answer.ACCEPTED)
    if nearest is None or not looks or not 0 < len(nearest.operations) <= MOST_UNRECORDED:
        return ""
    if len(_NEW_LIFE.intersection(nearest.operations)) > 1 or Operation.ENABLE_REPLICATION in nearest.operations:
        return ""
    between = _between(last, event)
    if between is None or between < sum(map(_least_seconds, nearest.operations)):
        return ""
    names = ", then ".join(nearest.operations)
    where = f"after {unit} {last_number} ({last}) and before {unit} {event.number} ({event.at})"
    return f"{names} is not in the recording: it must have been asked for {where}"


def _between(last: Time, event: TraceEvent) -> float | None:
    """Seconds; None where a time is not known."""
    start, end = _seconds(last), _seconds(event.at)
    return None if start is None or end is None else end - start


def _seconds(time: Time) -> float | None:
    if time is None or isinstance(time, float | int):
        return time
    found = datetime.fromisoformat(time)
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()


def _least_seconds(operation: str) -> float:
    row = OPERATIONS.get(Operation(operation))
    minutes = None if row is None else row.minutes
    return _LEAST_SECONDS if minutes is None else max(_LEAST_SECONDS, minutes * 60 * _LEAST_SHARE)
