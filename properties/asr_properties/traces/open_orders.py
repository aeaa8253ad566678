"""Where the order of entries is open, a departure stands only if the item departs in each order that is possible."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice, product
from math import prod

from asr_properties.traces.events import TraceEvent
from asr_properties.traces.ordering import Overlap
from asr_properties.traces.trace import Reorderable, Trace
from asr_properties.traces.trace_verdicts import Conformance, TraceVerdict

MOST_TRIED = 32
"""With more orders than these up to a departure, no other one is tried, and the departure does not stand."""


def in_every_order(
    trace: Trace, found: TraceVerdict, overlaps: Sequence[Overlap], judge: Callable[[Trace], Sequence[TraceVerdict]]
) -> TraceVerdict:
    """The verdict on an item, `found` in the recorded order, with what the other orders leave of it.

    overlaps: the entries about the item that may have come the other way round, up to where it departs. judge: judges
    another trace as this one was.
    """
    if found.conformance is not Conformance.NON_CONFORMANT or not overlaps:
        return found
    places: dict[int, list[Overlap | None]] = {}
    for overlap in overlaps:
        places.setdefault(overlap.earlier, [None]).append(overlap)
    if prod(map(len, places.values())) > MOST_TRIED or not isinstance(trace.events, Reorderable):
        return _left_open(found, overlaps[0])
    for order in islice(product(*places.values()), 1, None):  # the first one is that of the recording
        delayed = [overlap for overlap in order if overlap is not None]
        events = _EventsOf(found.item, trace.events.reordered(delayed))
        (other,) = judge(replace(trace, events=events, overlaps={}, unread={}, not_followed={}))
        if other.conformance is not Conformance.NON_CONFORMANT:
            return _left_open(found, next(each for each in overlaps if each.earlier == delayed[0].earlier))
    return found


def _left_open(found: TraceVerdict, overlap: Overlap) -> TraceVerdict:
    return replace(found, conformance=Conformance.INCOMPLETE, why=f"{found.why}; but {overlap}")


@dataclass(frozen=True)
class _EventsOf:
    """Those of the events that are about one item."""

    item: str
    events: Iterable[TraceEvent]

    def __iter__(self) -> Iterator[TraceEvent]:
        return (event for event in self.events if event.item == self.item)
