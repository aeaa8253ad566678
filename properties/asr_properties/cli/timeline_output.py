"""The timeline of an item as `trace --timeline` prints it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from asr_model.vocabulary import Answer
from asr_properties.cli.event_words import counted, event_in_words
from asr_properties.cli.trace_output import Output
from asr_properties.contract.text import shown
from asr_properties.traces.events import ItemSeen, JobSeen, Requested
from asr_properties.traces.job_ends import JobEnds
from asr_properties.traces.timeline import Fate, Row
from asr_properties.traces.told import Message

_MOST_PHASES = 3
_MOST_ISSUES = 3
_LONGEST = 400


def show_timeline(out: Output, rows: Sequence[Row], left_out: int, unit: str) -> None:
    """Print the rows of one item, a row an event; looks that show the same are one row. Below: what came with it."""
    out.line(f"    timeline ({unit}, time, event; `->`: where the item may be then, by the model)")
    ends = JobEnds(rows)
    phases: tuple[str, ...] | None = None
    for same in _alike(rows):
        row = same[0]
        if row.missing:
            out.line(f"      {'':9}  not recorded: {row.missing}")
        after = f"  -> {_phases(row.phases)}" if row.fate is Fate.AGREES and row.phases != phases else ""
        phases = row.phases
        after = {Fate.DEPARTS: "  -> departs from the model", Fate.NOT_JUDGED: "  -> not judged"}.get(row.fate, after)
        out.line(f"      {_place(same):9}  {_time(same):20}  {event_in_words(row.event, ends, times=len(same))}{after}")
        for line in _below(row):
            out.line(f"      {'':9}    {shown(line, _LONGEST)}")
    if left_out:
        out.line(f"      ... and {counted(left_out, 'more event')}, which are not shown")


def _alike(rows: Sequence[Row]) -> Iterator[list[Row]]:
    """Each row, with those right after it that show the same."""
    for _, group in groupby(enumerate(rows), lambda pair: _shows(*pair)):
        yield [row for _, row in group]


def _shows(place: int, row: Row) -> object:
    event = row.event
    if not isinstance(event, ItemSeen) or row.missing:
        return place
    return event.observation.model_dump_json(exclude_unset=True), event.points, event.told.state, row.phases, row.fate


def _place(same: Sequence[Row]) -> str:
    first, last = same[0].event.number, same[-1].event.number
    return str(first) if first == last else f"{first}-{last}"


def _time(same: Sequence[Row]) -> str:
    first, last = same[0].event.at, same[-1].event.at
    at = "no time" if first is None else str(first)
    return at if first == last else f"{at} to {last}"


def _below(row: Row) -> Iterator[str]:
    """What the service said beside an event, a line each."""
    match row.event:
        case Requested() as event:
            found = [f"{'error' if event.answer is Answer.REFUSED else 'message'} {one}" for one in event.told.messages]
        case JobSeen() as event:
            kind = "error" if event.state in ("failed", "cancelled") else "warning"
            messages = event.told.messages or ((Message(event.warning),) if event.warning else ())
            found = [f"{kind} {message}" for message in messages]
        case ItemSeen() as event:
            issues = event.observation.health_issues or []
            found = [f"health issue {Message(issue.code, issue.message)}" for issue in issues[:_MOST_ISSUES]]
            if len(issues) > _MOST_ISSUES:
                found.append(f"and {counted(len(issues) - _MOST_ISSUES, 'more health issue')}")
    yield from found


def _phases(phases: Sequence[str]) -> str:
    return " or ".join(phases) if len(phases) <= _MOST_PHASES else f"one of {len(phases)} phases"
