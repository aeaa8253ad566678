"""Puts together what the exchanges of a recording tell: the events of each item, in the order of time.

Every exchange either gives events of the items that are followed or is counted in `skipped`, by kind. What an exchange
tells is kept, not its bodies: memory grows with the events of a recording, not with its bytes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from asr_model.vocabulary import Operation, Response
from asr_properties.arm import words as arm
from asr_properties.contract.messages import Observation
from asr_properties.traces.events import JobSeen, Looked, Requested, TraceEvent
from asr_properties.traces.exchanges import Exchange
from asr_properties.traces.notes import UNREADABLE, Ask, CancelJob, JobShown, Key, Look, Note, notes_of
from asr_properties.traces.trace import Trace

REPEATED = "polls that repeat a state"
OTHER_POLLS = "polls of other operations"
CANCEL_POLLS = "polls of the cancelling of a job"
OTHER_JOBS = "jobs of other objects"
NOT_COVERED = "items that no profile covers"

_Job = tuple[str, str]
"""A job or an operation: its vault and its id."""

_Found = list[tuple[Key, TraceEvent]] | str
"""The events that an exchange gave, or why none."""


class Translation:
    """Takes in the exchanges of one recording."""

    def __init__(self) -> None:
        self._read: list[tuple[int, str | None, tuple[Note, ...] | str]] = []
        self._shared: dict[str, Observation] = {}

    def take(self, exchange: Exchange) -> None:
        """Take in one exchange."""
        notes = notes_of(exchange)
        if not isinstance(notes, str):
            notes = tuple(self._compact(note) for note in notes)
        self._read.append((exchange.number, exchange.at, notes))

    def trace(self, source: str, *, by_time: bool = False) -> Trace:
        """The events of all items.

        by_time: the order of the entries says nothing, their times do. It is kept where a time is missing.
        """
        gaps: tuple[str, ...] = ()
        if by_time and self._read:
            undated = sum(at is None for _, at, _ in self._read)
            if undated:
                gaps = (f"{undated} of {len(self._read)} entries have no time: all are taken in the order of the file",)
            else:
                self._read.sort(key=lambda read: read[1] or "")
        return _Linked(self._read).trace(source, gaps)

    def _compact(self, note: Note) -> Note:
        """The note, its observation shared with all that are equal: most looks repeat what was seen before."""
        if not isinstance(note, Look):
            return note
        told = note.observation.model_dump_json(exclude_unset=True)
        return note._replace(observation=self._shared.setdefault(told, note.observation))


def translate(exchanges: Iterable[Exchange], source: str, *, by_time: bool = False) -> Trace:
    """The trace in these exchanges; as `Translation.trace`."""
    translation = Translation()
    for exchange in exchanges:
        translation.take(exchange)
    return translation.trace(source, by_time=by_time)


class _Linked:
    """Goes through the notes once, in order. What is known of an item only later is settled at the end."""

    def __init__(self, read: Iterable[tuple[int, str | None, tuple[Note, ...] | str]]) -> None:
        self._remarks: list[tuple[Key, int, str]] = []
        self._names: dict[Key, str] = {}
        self._instances: dict[Key, set[str]] = {}
        self._started_by: dict[_Job, Key] = {}  # operation or job -> item
        self._states: dict[_Job, str] = {}  # operation or job -> the last state seen
        self._scenarios: dict[_Job, str] = {}  # job -> the scenario it was shown with
        self._cancels: dict[_Job, str | None] = {}  # operation that cancels a job -> its state
        self._found: list[_Found] = [self._link(number, at, notes) for number, at, notes in read]

    def trace(self, source: str, gaps: tuple[str, ...]) -> Trace:
        """Everything found, for the items that a profile covers."""
        not_covered = {key: why for key, seen in self._instances.items() if (why := arm.why_not_covered(seen))}
        names = self._display_names()
        events: list[TraceEvent] = []
        skipped: Counter[str] = Counter()
        for found in self._found:
            if isinstance(found, str):
                skipped[found] += 1
                continue
            kept = [self._settled(event, key, names[key]) for key, event in found if key not in not_covered]
            events += kept
            if not kept:
                skipped[NOT_COVERED] += 1
        return Trace(
            source=source,
            unit="interaction",
            events=tuple(events),
            skipped=skipped,
            total=len(self._found),
            remarks=tuple((names[key], number, text) for key, number, text in self._remarks if key not in not_covered),
            told_profiles={
                names[key]: told
                for key, seen in self._instances.items()
                if key not in not_covered and seen and (told := arm.profile_of(min(seen)))
            },
            not_followed={names[key]: why for key, why in not_covered.items()},
            gaps=gaps,
        )

    # -- one exchange ---------------------------------------------------------------------------------------------

    def _link(self, number: int, at: str | None, notes: tuple[Note, ...] | str) -> _Found:
        if isinstance(notes, str):
            return notes
        events: list[tuple[Key, TraceEvent]] = []
        why = ""
        for note in notes:
            found = self._one(number, at, note)
            if isinstance(found, str):
                why = why or found
            else:
                events.append(found)
        return events or why

    def _one(self, number: int, at: str | None, note: Note) -> tuple[Key, TraceEvent] | str:
        match note:
            case Look():
                self._note_item(note.key, note.name, note.instance)
                self._remarks += [(note.key, number, remark) for remark in note.remarks]
                return note.key, Looked(item="", observation=note.observation, at=at, number=number)
            case Ask():
                return self._ask(number, at, note)
            case CancelJob():
                return self._cancel(number, at, note)
            case JobShown():
                return self._job(number, at, note)

    def _ask(self, number: int, at: str | None, note: Ask) -> tuple[Key, TraceEvent]:
        self._note_item(note.key, note.name, note.instance)
        for started in (note.operation_id, note.job):
            if started is not None:
                self._started_by[note.key.vault, started] = note.key
        event = Requested(
            item="",
            operation=note.operation,
            arguments=note.arguments,
            answer=note.answer,
            job=note.operation_id or note.job,
            named_job=note.job if note.operation_id else None,
            at=at,
            number=number,
        )
        return note.key, event

    def _cancel(self, number: int, at: str | None, note: CancelJob) -> tuple[Key, TraceEvent] | str:
        key = self._started_by.get((note.vault, note.job))
        if key is None:
            return OTHER_JOBS
        if note.answer is None:
            return UNREADABLE
        if note.operation_id is not None:
            self._cancels[note.vault, note.operation_id] = None
        event = Requested(
            item="",
            operation=Operation.CANCEL_JOB,
            arguments=(("job", note.job),),
            answer=note.answer,
            job=note.operation_id,
            at=at,
            number=number,
        )
        return key, event

    def _job(self, number: int, at: str | None, note: JobShown) -> tuple[Key, TraceEvent] | str:
        """A job of an item: one that a request here started, or a lifecycle job that names an item as its target."""
        job = (note.vault, note.job)
        if note.is_operation and job in self._cancels:
            self._cancels[job] = note.state or self._cancels[job]
            return CANCEL_POLLS
        if job not in self._started_by and note.target is not None and note.scenario in arm.SCENARIOS:
            key = Key(note.vault, arm.last_segment(note.target))
            if key in self._names:
                self._started_by[job] = key
        if job not in self._started_by:
            return OTHER_POLLS if note.is_operation else OTHER_JOBS
        if note.state is None:
            return UNREADABLE
        scenario = note.scenario if note.scenario != self._scenarios.get(job) else None
        if self._states.get(job) == note.state and scenario in (None, "None"):
            return REPEATED
        self._states[job] = note.state
        if scenario is not None:
            self._scenarios[job] = scenario
        seen = JobSeen(
            item="", job=note.job, state=note.state, scenario=scenario, warning=note.warning, at=at, number=number
        )
        return self._started_by[job], seen

    # -- what belongs together ------------------------------------------------------------------------------------

    def _note_item(self, key: Key, name: str, instance: str | None) -> None:
        self._names.setdefault(key, name)
        seen = self._instances.setdefault(key, set())
        if instance is not None:
            seen.add(instance)

    def _display_names(self) -> dict[Key, str]:
        """An item's own name, with that of its vault where several vaults have one of this name."""
        shared = Counter(key.item for key in self._names)
        return {key: f"{key.vault}/{name}" if shared[key.item] > 1 else name for key, name in self._names.items()}

    def _settled(self, event: TraceEvent, key: Key, item: str) -> TraceEvent:
        """The event with its item's name. Cancelling a job is refused, too, if that operation itself fails."""
        if isinstance(event, Requested) and event.operation is Operation.CANCEL_JOB:
            ended = self._cancels.get((key.vault, event.job or ""))
            answer = Response.REFUSED if ended in ("failed", "cancelled") else event.answer
            return replace(event, item=item, job=None, answer=answer)
        return replace(event, item=item)
