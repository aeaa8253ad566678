"""What was judged of recordings, as plain data: what `trace --json` writes. docs/verdicts.md describes its keys."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from asr_model.requirements import CATALOGUE
from asr_properties.traces.events import ItemSeen, JobSeen, Requested
from asr_properties.traces.job_ends import JobEnds
from asr_properties.traces.judgeable import judgeable
from asr_properties.traces.timeline import Row, Timeline, updates_in
from asr_properties.traces.told import Message
from asr_properties.traces.trace import Trace
from asr_properties.traces.trace_verdicts import Conformance, Divergence, TraceVerdict

FORMAT = "asr-conformance trace"
VERSION = 1


class JudgedTrace(NamedTuple):
    """A recording with its verdicts and the timeline of its items."""

    read: Trace
    verdicts: Sequence[TraceVerdict]
    timeline: Timeline


def trace_record(
    judged: Iterable[JudgedTrace], outcome: Conformance, missing: Sequence[str], unread: Sequence[str]
) -> dict[str, Any]:
    """The record. missing: what was required and never exercised. unread: why files could not be read."""
    return {
        "format": FORMAT,
        "version": VERSION,
        "verdict": str(outcome),
        "required_and_not_exercised": list(missing),
        "not_read": list(unread),
        "recordings": [_recording(one) for one in judged],
    }


def _recording(judged: JudgedTrace) -> dict[str, Any]:
    read = judged.read
    return {
        "source": read.source,
        "files": [
            {"file": file, "first": before + 1, "last": last}
            for (file, last), before in zip(read.parts, (0, *(last for _, last in read.parts)), strict=False)
        ],
        "unit": read.unit,
        "entries": read.total,
        "skipped": [
            {"why": kind, "count": count, "entries": read.skipped_at[kind].ranges if kind in read.skipped_at else []}
            for kind, count in read.skipped.most_common()
        ],
        "gaps": list(read.gaps),
        "remarks": [{"item": item, "entry": number, "text": text} for item, number, text in read.remarks],
        "items": [_item(verdict, judged) for verdict in judged.verdicts],
    }


def _item(verdict: TraceVerdict, judged: JudgedTrace) -> dict[str, Any]:
    rows = judged.timeline.rows.get(verdict.item, [])
    possible = () if verdict.profile is None else judgeable(verdict.profile)
    return {
        "item": verdict.item,
        "friendly_name": judged.read.machines.get(verdict.item),
        "profile": verdict.profile,
        "verdict": str(verdict.conformance),
        "why": verdict.why,
        "events": verdict.events,
        "events_that_agree": verdict.followed,
        "exercised": [
            {"requirement": key, "times": verdict.exercised[key], "sentence": CATALOGUE[key].sentence}
            for key in CATALOGUE
            if verdict.exercised.get(key)
        ],
        "not_exercised": [
            {"requirement": key, "sentence": CATALOGUE[key].sentence}
            for key in possible
            if not verdict.exercised.get(key)
        ],
        "phases_at_the_end": list(verdict.phases),
        "refusals": [
            {
                "entry": refused.event.number,
                "operation": refused.event.operation,
                "required_by": [*refused.requirements],
            }
            for refused in verdict.refused
        ],
        "gaps": list(verdict.gaps),
        "divergence": None if verdict.divergence is None else _divergence(verdict.divergence),
        "timeline": _rows(rows),
        "updates": [
            {"entry": update.number, "changes": dict(update.changes), "state": update.state}
            for update in updates_in(rows)
        ],
        "events_without_a_row": judged.timeline.left_out[verdict.item],
    }


def _divergence(divergence: Divergence) -> dict[str, Any]:
    nearest = divergence.nearest
    return {
        "entry": divergence.event.number,
        "time": divergence.event.at,
        "event": str(divergence.event),
        "seen": divergence.seen,
        "allowed": list(divergence.allowed),
        "possible_before": [{"phase": one.phase, "allows": list(one.allows)} for one in divergence.before],
        "nearest_legal_continuation": None
        if nearest is None
        else {"from": nearest.start, "steps": list(nearest.steps), "to": nearest.end},
        "requirements": list(divergence.requirements),
        "properties": list(divergence.properties),
    }


def _rows(rows: Sequence[Row]) -> list[dict[str, Any]]:
    ends = JobEnds(rows)
    return [_row(row, ends) for row in rows]


def _row(row: Row, ends: JobEnds) -> dict[str, Any]:
    event = row.event
    found: dict[str, Any] = {
        "entry": event.number,
        "time": event.at,
        "request": event.told.request or None,
        "status": event.told.status,
        "messages": _messages(event.told.messages),
        "model": {"verdict": str(row.fate), "phases": list(row.phases), "missing_before": row.missing or None},
    }
    match event:
        case Requested():
            end = ends.end(event)
            found |= {"event": "request", "operation": str(event.operation), "arguments": dict(event.arguments)}
            found |= {"answer": None if event.answer is None else str(event.answer), "job": event.job}
            found["job_ended"] = None if end is None else {"state": end.state, "entry": end.number, "time": end.at}
            found["job_messages"] = _messages(ends.messages(event))
        case JobSeen():
            found |= {"event": "job", "job": event.job, "scenario": event.scenario, "state": event.state}
            found["service_state"] = event.told.state or None
        case ItemSeen(points=None):
            found |= {"event": "look", "shown": event.observation.model_dump(mode="json", exclude_unset=True)}
            found["service_state"] = event.told.state or None
        case ItemSeen():
            points = [point.model_dump(mode="json", exclude_unset=True) for point in event.points or ()]
            found |= {"event": "recovery_points", "recovery_points": points}
    return found


def _messages(messages: Iterable[Message]) -> list[dict[str, str]]:
    return [{"code": message.code, "text": message.text} for message in messages]
