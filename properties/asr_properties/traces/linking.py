"""Finds what belongs together in the notes of a recording: requests, their jobs, and the items they concern."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from asr_model.vocabulary import Answer, Operation
from asr_properties.arm import tokens as arm
from asr_properties.contract.messages import Item
from asr_properties.traces.events import NOT_REPLICATED, JobSeen, Looked, Requested, TraceEvent
from asr_properties.traces.exchange_facts import UNREADABLE, VAULT, Ask, CancelJob, JobShown, Key, Look, Note, Unnamed
from asr_properties.traces.ordering import Ordering, When

REPEATED = "polls that repeat a state"
OTHER_POLLS = "polls of other operations"
CANCEL_POLLS = "polls of the cancelling of a job"
OTHER_JOBS = "jobs of other objects"
NOT_COVERED = "items that no profile covers"

MOST_JOBS = 20_000
"""So many jobs and operations are known at a time, and as many that cancel a job: those that were met last."""

JobId = tuple[str, str]
"""A job or an operation: the name of its vault, and its id."""

_ANSWERS = {"succeeded": Answer.ACCEPTED, "failed": Answer.REFUSED, "cancelled": Answer.REFUSED}
#: While these run it is not known how the item shows that.
_HIDDEN = (Operation.ENABLE_REPLICATION, Operation.TEST_FAILOVER, Operation.CLEAN_UP_TEST_FAILOVER)


@dataclass(frozen=True, slots=True)
class Settled:
    """What is known only when all of a recording was read.

    names: what each item is called. not_covered: items that are not followed. cancels: how each operation ended that
    was to cancel a job, as far as that was seen.
    """

    names: Mapping[Key, str] = field(default_factory=dict)
    not_covered: Collection[Key] = ()
    cancels: Mapping[JobId, str | None] = field(default_factory=dict)


@dataclass(slots=True)
class _Job:
    """A job of an item: the last state and the last scenario it was seen with."""

    key: Key
    state: str | None = None
    scenario: str | None = None


class Linker:
    """Goes through the notes once, in order.

    names: each item that was met, as it was spelled first. cancels: the last state of each operation that cancels a
    job. ordering: the items whose events may have been in another order. forgotten: how many jobs and operations had to
    be forgotten, so that later polls of them say nothing.
    """

    def __init__(self, settled: Settled, ordering: Ordering) -> None:
        self.names: dict[Key, str] = {}
        self.cancels: OrderedDict[JobId, str | None] = OrderedDict()
        self.ordering = ordering
        self.forgotten = 0
        self._settled = settled
        self._jobs: OrderedDict[JobId, _Job] = OrderedDict()
        self._unknown: OrderedDict[JobId, None] = OrderedDict()  # polled, and not known to be started by anything
        self._running: dict[Key, tuple[Operation, JobId | None]] = {}  # what may still run, of `_HIDDEN`

    def link(self, when: When, notes: tuple[Note, ...] | str) -> list[TraceEvent] | str:
        """The events that an exchange gave, or the kind under which it is counted as skipped."""
        if isinstance(notes, str):
            return notes
        events: list[TraceEvent] = []
        why = ""
        for note in notes:
            found = self._one(when, note)
            if isinstance(found, str):
                why = why or found
            elif found[0] in self._settled.not_covered:
                why = NOT_COVERED
            else:
                events.append(found[1])
        return events or why

    def _one(self, when: When, note: Note) -> tuple[Key, TraceEvent] | str:
        match note:
            case Look():
                return self._look(when, note)
            case Ask():
                return self._ask(when, note)
            case CancelJob():
                return self._cancel(when, note)
            case Unnamed():
                for key in self._concerned(note):
                    self.ordering.doubt_next(key, note.what)
                return VAULT
            case JobShown():
                return self._job(when, note)

    def _concerned(self, note: Unnamed) -> Collection[Key]:
        if note.job is None:
            return [key for key in self.names if key.vault == note.vault]
        known = self._jobs.get(_job_id(note.vault, note.job))
        return () if known is None else (known.key,)

    def _look(self, when: When, note: Look) -> tuple[Key, TraceEvent]:
        self.names.setdefault(note.key, note.name)
        self.ordering.shown(note.key, when)
        seen = note.observation
        if seen.current_job is not None and _job_id(note.key.vault, seen.current_job) not in self._jobs:
            self._remember(_job_id(note.key.vault, seen.current_job), note.key)  # it began before the recording
        if note.key in self._running:
            seen = self._while_it_runs(note.key, seen)
        return note.key, Looked(item=self._item(note.key), observation=seen, at=when.at, number=when.number)

    def _while_it_runs(self, key: Key, seen: Item) -> Item:
        """What a look says while an item is enabled, or while a drill runs or is cleaned up. An item that is not there
        may be so yet, and for drills that are not at rest no token is known: neither says anything."""
        operation, _ = self._running[key]
        if operation is Operation.ENABLE_REPLICATION:
            return Item() if seen.phase == NOT_REPLICATED else seen
        if operation is Operation.TEST_FAILOVER and seen.drill == "drill_awaiting_cleanup":
            del self._running[key]
            return seen
        return seen if seen.drill is None else seen.model_copy(update={"drill": None})

    def _ask(self, when: When, note: Ask) -> tuple[Key, TraceEvent]:
        self.names.setdefault(note.key, note.name)
        started = [_job_id(note.key.vault, job) for job in (note.operation_id, note.job) if job is not None]
        if any(job in self._unknown for job in started):
            self.ordering.doubt(note.key, when.number, f"the operation of entry {when.number} was polled before it")
        self.ordering.asked(note.key, when, started)
        for job in started:
            self._remember(job, note.key)
        if note.operation in _HIDDEN and note.answer is not Answer.REFUSED:
            self._running[note.key] = (note.operation, started[0] if started else None)
        event = Requested(
            item=self._item(note.key),
            operation=note.operation,
            arguments=note.arguments,
            answer=note.answer,
            job=note.operation_id or note.job,
            named_job=note.job if note.operation_id else None,
            at=when.at,
            number=when.number,
        )
        return note.key, event

    def _cancel(self, when: When, note: CancelJob) -> tuple[Key, TraceEvent] | str:
        """Whether a job is cancelled is told by how the operation ends that is to do it."""
        known = self._jobs.get(_job_id(note.vault, note.job))
        if known is None:
            return OTHER_JOBS
        answer = note.answer
        if note.operation_id is not None:
            cancelling = _job_id(note.vault, note.operation_id)
            self.cancels[cancelling] = None
            if len(self.cancels) > MOST_JOBS:
                self.cancels.popitem(last=False)
                self.forgotten += 1
            answer = _ANSWERS.get(self._settled.cancels.get(cancelling) or "", answer)
        self.ordering.asked(known.key, when, ())
        event = Requested(
            item=self._item(known.key),
            operation=Operation.CANCEL_JOB,
            arguments=(("job", note.job),),
            answer=answer,
            at=when.at,
            number=when.number,
        )
        return known.key, event

    def _job(self, when: When, note: JobShown) -> tuple[Key, TraceEvent] | str:
        """A job of an item: one that a request here started, or a lifecycle job that names an item as its target."""
        job = _job_id(note.vault, note.job)
        if note.is_operation and job in self.cancels:
            self.cancels[job] = note.state or self.cancels[job]
            return CANCEL_POLLS
        if job not in self._jobs and note.target is not None and note.scenario in arm.SCENARIOS:
            key = Key(note.vault, arm.last_segment(note.target))
            if key in self.names:
                self._remember(job, key)
        known = self._jobs.get(job)
        if known is None:
            self._unknown[job] = None
            if len(self._unknown) > MOST_JOBS:
                self._unknown.popitem(last=False)
            return OTHER_POLLS if note.is_operation else OTHER_JOBS
        self._jobs.move_to_end(job)
        if note.state is None:
            return UNREADABLE
        scenario = note.scenario if note.scenario != known.scenario else None
        if known.state == note.state and scenario in (None, "None"):
            return REPEATED
        known.state = note.state
        known.scenario = scenario or known.scenario
        if note.state != "in_progress" and self._running.get(known.key, (None, None))[1] == job:
            del self._running[known.key]
        self.ordering.shown(known.key, when, job)
        seen = JobSeen(
            item=self._item(known.key),
            job=note.job,
            state=note.state,
            scenario=scenario,
            warning=note.warning,
            at=when.at,
            number=when.number,
        )
        return known.key, seen

    def _remember(self, job: JobId, key: Key) -> None:
        self._jobs.setdefault(job, _Job(key)).key = key
        self._jobs.move_to_end(job)
        if len(self._jobs) > MOST_JOBS:
            self._jobs.popitem(last=False)
            self.forgotten += 1

    def _item(self, key: Key) -> str:
        return self._settled.names.get(key, key.item)


def _job_id(vault: str, job: str) -> JobId:
    """Ids of operations are unique; where addresses were made anonymous, those in headers may have been left out."""
    return vault.rpartition("/")[2], job
