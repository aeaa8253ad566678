"""Joins traces of events: what several files tell of one item is one history."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from heapq import merge
from itertools import accumulate
from math import inf

from asr_properties.traces.events import TraceError, TraceEvent
from asr_properties.traces.trace import Trace


def joined(traces: Sequence[Trace], names: Sequence[str]) -> Trace:
    """The events of all `traces`, ordered by time. One without a time keeps its place after the one before it.

    names: those of their files.

    Raises:
        TraceError: the traces are of several profiles, or reading the events does.
    """
    told = list(dict.fromkeys(trace.profile for trace in traces if trace.profile is not None))
    if len(told) > 1:
        raise TraceError(names[0], None, f"the files to join are of several profiles: {', '.join(told)}")
    ends = list(accumulate(max((event.number for event in trace.events), default=0) for trace in traces))
    return Trace(
        source=", ".join(names),
        profile=told[0] if told else None,
        events=_Joined(tuple(zip(traces, (0, *ends), strict=False))),
        parts=tuple(zip(names, ends, strict=True)),
    )


@dataclass(frozen=True)
class _Joined:
    """The events of several traces, made anew each time they are iterated over."""

    parts: tuple[tuple[Trace, int], ...]

    def __iter__(self) -> Iterator[TraceEvent]:
        for _, event in merge(*[_timed(trace, start) for trace, start in self.parts], key=lambda timed: timed[0]):
            yield event


def _timed(trace: Trace, start: int) -> Iterator[tuple[float, TraceEvent]]:
    """The events with what they are ordered by, their places counted on from `start`."""
    latest = -inf
    for event in trace.events:
        latest = max(latest, _seconds(event))
        yield latest, replace(event, number=start + event.number)


def _seconds(event: TraceEvent) -> float:
    if event.at is None or isinstance(event.at, float | int):
        return -inf if event.at is None else event.at
    found = datetime.fromisoformat(event.at)
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()
