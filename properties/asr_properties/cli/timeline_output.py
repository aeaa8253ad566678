"""The timeline of an item as `trace --timeline` prints it."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from itertools import groupby

from asr_model.vocabulary import Answer
from asr_properties.cli.event_words import counted, event_in_words, update_in_words
from asr_properties.cli.trace_output import Output
from asr_properties.contract.text import shown
from asr_properties.traces.events import ItemSeen, JobSeen, Requested
from asr_properties.traces.job_ends import JobEnds
from asr_properties.traces.timeline import Fate, Row, updates_in
from asr_properties.traces.told import Message
from asr_properties.traces.trace import Trace

_MOST_PHASES = 3
_MOST_ISSUES = 3
_LONGEST = 400


def show_timeline(out: Output, rows: Sequence[Row], left_out: int, read: Trace) -> None:
    """Print the rows of one item, a row an event; looks that show the same are one row. Below: what came with it."""
    place = f"{read.unit} [file:{read.unit} in it]" if read.parts else read.unit
    out.line(f"    timeline ({place}, time, event; `->`: where the item may be then, by the model)")
    ends = JobEnds(rows)
    phases: tuple[str, ...] | None = None
    updates = deque(updates_in(rows))
    for same in _alike(rows, read):
        row = same[0]
        while updates and updates[0].number < row.event.number:
            update = updates.popleft()
            out.line(f"      {_place(update.number, update.number, read):9}  {'':20}  {update_in_words(update)}")
        if row.missing:
            out.line(f"      {'':9}  not recorded: {row.missing}")
        after = f"  -> {_phases(row.phases)}" if row.fate is Fate.AGREES and row.phases != phases else ""
        phases = row.phases
        after = {Fate.DEPARTS: "  -> departs from the model", Fate.NOT_JUDGED: "  -> not judged"}.get(row.fate, after)
        place = _place(row.event.number, same[-1].event.number, read)
        out.line(f"      {place:9}  {_time(same):20}  {event_in_words(row.event, ends, times=len(same))}{after}")
        for line in _below(row):
            out.line(f"      {'':9}    {shown(line, _LONGEST)}")
    if left_out:
        out.line(f"      ... and {counted(left_out, 'more event')}, which are not shown")


def _alike(rows: Sequence[Row], read: Trace) -> Iterator[list[Row]]:
    """Each row, with those right after it that show the same and are of the same file."""
    for _, group in groupby(enumerate(rows), lambda pair: (_file(pair[1], read), _shows(*pair))):
        yield [row for _, row in group]


def _shows(place: int, row: Row) -> object:
    event = row.event
    if not isinstance(event, ItemSeen) or row.missing:
        return place
    item = event.observation.model_dump_json(exclude_unset=True)
    return item, event.points, event.machine, event.told.state, row.phases, row.fate


def _file(row: Row, read: Trace) -> int | None:
    origin = read.origin(row.event.number)
    return None if origin is None else origin[0]


def _place(first: int, last: int, read: Trace) -> str:
    """Where rows stand: in the whole recording and, if it is of several files, in which of them and where in it."""
    origin = read.origin(first)
    if origin is None:
        return _range(first, last)
    file, start = origin
    return f"{_range(first, last)} [{file}:{_range(start, start + last - first)}]"


def _range(first: int, last: int) -> str:
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
