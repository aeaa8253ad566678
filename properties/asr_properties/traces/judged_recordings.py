"""The record of recordings as the page shows it: every text fit to be shown, an event as a step of its item's walk."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Set
from typing import Any, Final

from asr_properties.contract.text import shown
from asr_properties.traces.stored_trace import (
    StoredDivergence,
    StoredEvent,
    StoredItem,
    StoredJobEnd,
    StoredMessage,
    StoredRecording,
    StoredTrace,
)
from asr_properties.traces.timeline import Fate
from asr_properties.traces.trace_verdicts import Conformance
from asr_reports.judged_recordings import JudgedItem, JudgedRecording, JudgedRecordings
from asr_reports.walk import ShownStep, Told, Walk

LONGEST: Final = 1000
"""Characters of one text of a report."""

MOST_LINES: Final = 200
"""Of one list are shown, and how many more there are."""

MOST_ITEMS: Final = 1000
"""Are shown: those that do not conform, then the first."""

MOST_STEPS: Final = 5000
"""Of all items together are shown; which ones were left out is told."""


def judged_recordings(trace: StoredTrace) -> JudgedRecordings:
    """What a record of recordings tells."""
    verdicts = [item.verdict for recording in trace.recordings for item in recording.items]
    urgent = sorted(range(len(verdicts)), key=lambda n: verdicts[n] == Conformance.CONFORMANT)
    kept = frozenset(urgent[:MOST_ITEMS])
    numbers = iter(range(len(verdicts)))
    room = max(1, MOST_STEPS // max(1, len(kept)))
    return JudgedRecordings(
        verdict=trace.verdict,
        recordings=tuple(_recording(one, numbers, kept, room) for one in trace.recordings[:MOST_ITEMS]),
        total=len(verdicts),
        missing=_all(trace.required_and_not_exercised),
        not_read=_all(trace.not_read),
    )


def _recording(recording: StoredRecording, numbers: Iterator[int], kept: Set[int], room: int) -> JudgedRecording:
    followed = sum(len(item.timeline) + item.events_without_a_row for item in recording.items)
    of_all = "" if recording.entries is None else f" of {recording.entries} entries"
    files = [f"{part.file}: {recording.unit} {part.first} to {part.last}" for part in recording.files]
    remarks = [
        ": ".join(filter(None, (one.item, f"{recording.unit} {one.entry}" if one.entry else "", one.text)))
        for one in recording.remarks
    ]
    return JudgedRecording(
        source=_told(recording.source),
        followed=f"{followed} events were followed{of_all}",
        items=tuple(
            _item(item, number + 1, recording.unit, room)
            for item, number in zip(recording.items, numbers, strict=False)
            if number in kept
        ),
        skipped={_told(one.why): _told(f"{one.count}{_ranges(one.entries)}") for one in recording.skipped[:MOST_LINES]},
        notes=_all([*files, *recording.gaps, *remarks]),
    )


def _item(item: StoredItem, number: int, unit: str, room: int) -> JudgedItem:
    name = _told(item.item) + (f" ({_told(item.friendly_name)})" if item.friendly_name else "")
    events = _kept(item.timeline, room)
    steps = tuple(_step(event, item.divergence, unit) for event in events)
    return JudgedItem(
        walk=Walk(number, f"{number}: {name}, {item.verdict}, {len(steps)} events", steps),
        name=name,
        verdict=item.verdict,
        why=_told(item.why),
        profile=item.profile,
        events=item.events,
        agree=item.events_that_agree,
        exercised={one.requirement: one.times for one in item.exercised},
        not_exercised=tuple(one.requirement for one in item.not_exercised),
        ends=_all(item.phases_at_the_end),
        refusals=_all(
            f"{unit} {one.entry}: {one.operation} was refused, as {', '.join(one.required_by) or 'it may be'} says"
            for one in item.refusals
        ),
        gaps=_all(item.gaps),
        updates=_all(f"{unit} {one.entry}: {_flat(one.changes)}: {one.state}" for one in item.updates),
        departure=tuple(text for told in _departure(item.divergence) for text in (f"{told.title}:", *told.texts)),
        left_out=item.events_without_a_row + len(item.timeline) - len(events),
    )


def _kept(timeline: list[StoredEvent], room: int) -> list[StoredEvent]:
    """The events that are shown, as many as there is room for: those that end where the item departs, or the first."""
    departs = next((n for n, event in enumerate(timeline) if event.model.verdict == Fate.DEPARTS), None)
    end = room if departs is None else max(room, departs + 1)
    return timeline[max(0, end - room) : end]


def _step(event: StoredEvent, divergence: StoredDivergence | None, unit: str) -> ShownStep:
    departs = event.model.verdict == Fate.DEPARTS
    phases = _all(event.model.phases)
    one = len(phases) == 1
    told = list(_beside(event, unit))
    if event.model.verdict == Fate.NOT_JUDGED:
        told.append(Told("Not judged", ("the item was not followed any more, or never",)))
    if departs and divergence is not None:
        told += _departure(divergence)
    at = f"{event.time}, " if event.time else ""
    several = "several phases" if len(phases) > 1 else ""
    answer = event.answer or ("not answered" if event.event == "request" else "")
    answers = filter(None, (answer, event.service_state, several))
    phase = (event.shown or {}).get("phase")
    return ShownStep(
        action=_told(_action(event)),
        answer=_told("; ".join([f"{at}{unit} {event.entry}", *answers])),
        phase=None if phase is None else _told(phase),
        agreed=phases[0] if one else None,
        shown={_told(name): _told(_word(value)) for name, value in (event.shown or {}).items()},
        possible=() if one else phases,
        departs=departs,
        told=tuple(told),
    )


def _action(event: StoredEvent) -> str:
    match event.event:
        case "request":
            return f"{event.operation}({_flat(event.arguments or {})})"
        case "job":
            scenario = f" {event.scenario}" if event.scenario else ""
            return f"job {event.job}{scenario}: {(event.state or '').replace('_', ' ')}"
        case "recovery_points":
            return f"{len(event.recovery_points or ())} recovery points listed"
    return f"look: {(event.shown or {}).get('phase') or 'phase not told'}"


def _beside(event: StoredEvent, unit: str) -> Iterator[Told]:
    """What came with an event: how it was sent, its job and how that ended, what the service said."""
    if event.model.missing_before:
        yield Told("Not recorded before it", (_told(event.model.missing_before),), "observed")
    if event.request:
        yield Told("Sent", (_told(f"{event.request}: {event.status or 'no status'}"),))
    if event.event == "request" and event.job:
        end = event.job_ended
        kind = "warning" if end is not None and end.state == "succeeded" else "error"
        said = [f"{kind} {text}" for text in _messages(event.job_messages or ())]
        yield Told("Job", (_told(f"{event.job}: {_ended(end, unit)}"), *said))
    if event.messages:
        yield Told("The service said", _messages(event.messages), "observed")
    if event.recovery_points:
        yield Told("Listed", _all(_flat(point) for point in event.recovery_points))


def _ended(end: StoredJobEnd | None, unit: str) -> str:
    return (
        "how it ended was not recorded"
        if end is None
        else f"{end.state} at {unit} {end.entry}, {end.time or 'no time'}"
    )


def _departure(divergence: StoredDivergence | None) -> Iterator[Told]:
    if divergence is None:
        return
    yield Told("What was observed", _all([divergence.event, divergence.seen]), "observed")
    yield Told("What the model allowed", _all(divergence.allowed), "allowed")
    before = [f"{one.phase}: allows {', '.join(one.allows) or 'nothing'}" for one in divergence.possible_before]
    yield Told("Where it could be before", _all(before))
    if (nearest := divergence.nearest_legal_continuation) is not None:
        yield Told("The nearest legal way on", _all([f"{nearest.start}: {', '.join(nearest.steps)} -> {nearest.to}"]))
    if broken := [*divergence.requirements, *divergence.properties]:
        yield Told("What it breaks", _all(broken), "observed")


def _messages(messages: Iterable[StoredMessage]) -> tuple[str, ...]:
    return _all(f"{message.code} {message.text}".strip() for message in messages)


def _ranges(ranges: list[list[int]]) -> str:
    told = [str(r[0]) if r[0] == r[-1] else f"{r[0]}-{r[-1]}" for r in ranges[:50] if r]
    more = ", ..." if len(ranges) > 50 else ""
    return f": {', '.join(told)}{more}" if told else ""


def _flat(values: Mapping[str, Any]) -> str:
    return ", ".join(f"{name}={_word(value)}" for name, value in values.items())


def _word(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return ", ".join(value) or "nothing"
    return json.dumps(value)


def _told(text: str) -> str:
    return shown(text, LONGEST)


def _all(texts: Iterable[str]) -> tuple[str, ...]:
    every = list(texts)
    more = [f"and {len(every) - MOST_LINES} more"] if len(every) > MOST_LINES else []
    return (*map(_told, every[:MOST_LINES]), *more)
