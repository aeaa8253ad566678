"""Links the facts of a recording: which job a request started, and which item a job works on."""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from asr_model.vocabulary import Answer, Operation
from asr_properties.arm import tokens as arm
from asr_properties.contract.messages import Item
from asr_properties.evidence.tasks import DatedTask
from asr_properties.traces.events import (
    CLOCKS_DIFFER,
    ItemSeen,
    JobSeen,
    Requested,
    TraceEvent,
    is_long_before,
    seconds_between,
)
from asr_properties.traces.exchange_facts import (
    PARTS,
    UNREADABLE,
    VAULT,
    ExchangeFact,
    ItemKey,
    ItemShown,
    JobCancelRequested,
    JobShown,
    OperationRequested,
    PointsShown,
    UnmodelledRequest,
    Unread,
    UpdateRequested,
)
from asr_properties.traces.job_targets import TargetId, target_id
from asr_properties.traces.looks_meanwhile import LooksMeanwhile
from asr_properties.traces.ordering import EntryTime, Ordering
from asr_properties.traces.plan_requests import PlanRequest
from asr_properties.traces.point_lists import PointLists
from asr_properties.traces.told import Told
from asr_properties.traces.updates_asked import UpdatesAsked

REPEATED = "polls that repeat a state"
OTHER_POLLS = "polls of other operations"
CANCEL_POLLS = "polls of the cancelling of a job"
OTHER_JOBS = "jobs of other objects"
UNSEEN_ITEMS = "jobs of items that nothing else was recorded of"
NOT_COVERED = "items that no profile covers"

MOST_JOBS = 20_000
"""How many jobs and operations are remembered, and how many operations that cancel a job. The oldest are forgotten."""

MOST_UNREAD = 20
"""How many entries that could not be read are told for each item, and for each vault."""

MOST_PLANS = 100
"""How many requests to recovery plans are told for each item."""

JobId = tuple[str, str]
"""Names a job or an operation: its vault's name, and its id."""

LateEnd = tuple[EntryTime, JobShown]
"""The end of a job, and the entry that tells it."""

_ANSWER_BY_END = {"succeeded": Answer.ACCEPTED, "failed": Answer.REFUSED, "cancelled": Answer.REFUSED}


@dataclass(frozen=True, slots=True)
class KnownAtTheEnd:
    """What is known only after the whole recording was read.

    names: what each item is called in the verdicts. not_covered: items that no profile covers. cancels: how each
    operation that cancels a job ended, as far as that was recorded. targets: the item that jobs of a target work on.
    ended_before: the ends of jobs that were read only after the item was looked at or asked for something, though they
    were before that.
    """

    names: Mapping[ItemKey, str] = field(default_factory=dict)
    not_covered: Collection[ItemKey] = ()
    cancels: Mapping[JobId, str | None] = field(default_factory=dict)
    targets: Mapping[TargetId, ItemKey] = field(default_factory=dict)
    ended_before: Mapping[ItemKey, Sequence[LateEnd]] = field(default_factory=dict)


@dataclass(slots=True)
class _Job:
    """A job of an item, with the last state, scenario and tasks that were seen of it. may_be_cancelled: somebody asked
    for that, and was not refused. is_asked_for: a recorded request started it. since: when that was, or the item named
    it first; None where it did neither. has_result: the item was read as the result of it."""

    key: ItemKey
    state: str | None = None
    scenario: str | None = None
    tasks: tuple[DatedTask, ...] = ()
    events: int = 0  # of the item, when it was seen last
    is_asked_for: bool = False
    since: str | None = None
    may_be_cancelled: bool = False
    has_result: bool = False


class Linker:
    """Makes events of facts. It goes through the facts of a recording once, in order.

    names: the items so far, each as it was spelled first. cancels: the last state of each operation that cancels a
    job. ordering: which items may have had their events in another order. forgotten: how many jobs and operations were
    forgotten; later polls of these say nothing. unread: the numbers of the entries about an item, or about anything in
    a vault, whose answer could not be read. ended_before: as in `KnownAtTheEnd`. plans: what was asked of recovery
    plans that may have the item.
    """

    def __init__(self, known_at_the_end: KnownAtTheEnd, ordering: Ordering) -> None:
        self.names: dict[ItemKey, str] = {}
        self.cancels: OrderedDict[JobId, str | None] = OrderedDict()
        self.ordering = ordering
        self.forgotten = 0
        self.unread: dict[ItemKey | str, list[int]] = {}
        self.ended_before: dict[ItemKey, list[LateEnd]] = {}
        self._last_at: dict[ItemKey, str | None] = {}  # when an item was last looked at, or asked for something
        self.plans: dict[ItemKey, list[PlanRequest]] = {}
        self._known_at_the_end = known_at_the_end
        self._jobs: OrderedDict[JobId, _Job] = OrderedDict()
        self._unknown: OrderedDict[JobId, None] = OrderedDict()  # polled, but no request that started it was seen
        self._untold: dict[ItemKey, None] = {}  # whose last request did not tell the job that it started
        self._points = PointLists()
        self._events: Counter[ItemKey] = Counter()
        self._meanwhile = LooksMeanwhile()
        self._updates = UpdatesAsked()

    def link(self, when: EntryTime, facts: tuple[ExchangeFact, ...] | str) -> list[TraceEvent] | str:
        """The events that the facts of an exchange give; where they give none, the kind under which it is skipped."""
        if isinstance(facts, str):
            return facts
        events: list[TraceEvent] = []
        why = ""
        for found in (found for fact in facts for found in self._events_of(when, fact)):
            if isinstance(found, str):
                why = why or found
            elif found[0] in self._known_at_the_end.not_covered:
                why = NOT_COVERED
            else:
                self._events[found[0]] += 1
                events.append(found[1])
        return events or why

    def _events_of(self, when: EntryTime, fact: ExchangeFact) -> Iterator[tuple[ItemKey, TraceEvent] | str]:
        """One event, or why there is none; one for each item where it is not known whose job is to be cancelled."""
        if isinstance(fact, JobCancelRequested) and _job_id(fact.vault, fact.job) not in self._jobs:
            alike = [key for key in self._untold if _job_id(key.vault, "") == _job_id(fact.vault, "")]
            concerned = alike if fact.answer is not Answer.REFUSED else []
            yield from (self._cancel_event(when, key, fact.job, None, fact.told) for key in concerned)
            if not concerned:
                yield OTHER_JOBS
        else:
            if isinstance(fact, ItemShown | OperationRequested):
                yield from self._ended_until(when, fact)
                self._last_at[fact.key] = when.at
            yield self._event_of(when, fact)

    def _ended_until(
        self, when: EntryTime, fact: ItemShown | OperationRequested
    ) -> Iterator[tuple[ItemKey, TraceEvent]]:
        """The ends of the item's jobs that were before an entry, by their own times, and are told after it only."""
        named = fact.observation.current_job if isinstance(fact, ItemShown) else None
        for told_at, job in self._known_at_the_end.ended_before.get(fact.key, ()):
            known = self._jobs.get(_job_id(job.vault, job.job))
            runs = known is not None and known.state in (None, "in_progress") and job.job != named
            if runs and is_long_before(job.ended_at, when.at):
                seen = self._job_seen(told_at, job)
                if not isinstance(seen, str):
                    yield seen

    def _event_of(self, when: EntryTime, fact: ExchangeFact) -> tuple[ItemKey, TraceEvent] | str:
        match fact:
            case ItemShown():
                return REPEATED if self._is_an_old_result(fact) else self._item_seen(when, fact)
            case PointsShown():
                self.names.setdefault(fact.key, fact.name)
                points = self._points.take(fact.key, fact.page)
                if points is None:
                    return PARTS
                self.ordering.shown(fact.key, when)
                name = self._item(fact.key)
                return fact.key, ItemSeen(
                    item=name, observation=Item(), points=points, at=when.at, number=when.number, told=fact.told
                )
            case OperationRequested():
                return self._requested(when, fact)
            case UpdateRequested():
                jobs = tuple(_job_id(fact.key.vault, job) for job in fact.started)
                self._updates.asked(fact.key, when, fact.changes, fact.answer, jobs)
                return PARTS
            case JobCancelRequested():
                return self._cancel_requested(when, fact)
            case UnmodelledRequest():
                for key in self._concerned(fact):
                    self.ordering.doubt_next(key, fact.what)
                    if fact.operation is not None and len(asked := self.plans.setdefault(key, [])) < MOST_PLANS:
                        asked.append(PlanRequest(when.number, when.at, fact.operation, fact.what))
                return VAULT
            case JobShown():
                return self._job_seen(when, fact)
            case Unread():
                return self._not_read(when, fact)

    def _not_read(self, when: EntryTime, fact: Unread) -> str:
        of: ItemKey | str | None = fact.vault
        if fact.item is not None:
            of = ItemKey(fact.vault, fact.item)
            self.names.setdefault(of, fact.item)
        elif fact.job is not None:
            known = self._jobs.get(_job_id(fact.vault, fact.job))
            of = None if known is None else known.key
        if of is not None:
            numbers = self.unread.setdefault(of, [])
            if len(numbers) <= MOST_UNREAD:
                numbers.append(when.number)
        return UNREADABLE

    def _concerned(self, fact: UnmodelledRequest) -> Collection[ItemKey]:
        if fact.job is None:
            return [key for key in self.names if key.vault == fact.vault]
        known = self._jobs.get(_job_id(fact.vault, fact.job))
        return () if known is None else (known.key,)

    def _is_an_old_result(self, fact: ItemShown) -> bool:
        """Whether it is the result of an operation that was read before: it may show the item as it was then."""
        known = self._jobs.get(_job_id(fact.key.vault, fact.result_of)) if fact.result_of else None
        if known is None:
            return False
        is_old, known.has_result = known.has_result, True
        return is_old

    def _item_seen(self, when: EntryTime, fact: ItemShown) -> tuple[ItemKey, TraceEvent]:
        self.names.setdefault(fact.key, fact.name)
        self.ordering.shown(fact.key, when)
        seen = fact.observation
        if seen.current_job is not None and _job_id(fact.key.vault, seen.current_job) not in self._jobs:
            self._remember(
                _job_id(fact.key.vault, seen.current_job), fact.key, when.at
            )  # it started before the recording
        elsewhere = fact.scenario if self._is_asked_for_elsewhere(fact) else None
        said = self._meanwhile.look(fact.key, seen, when.at, elsewhere)
        return fact.key, ItemSeen(
            item=self._item(fact.key),
            observation=said,
            last_asked=fact.last_asked,
            machine=self._updates.told(fact.key, when, fact.settings, fact.group),
            scenario_elsewhere=elsewhere if said.current_job is not None else None,
            at=when.at,
            number=when.number,
            told=fact.told,
        )

    def _is_asked_for_elsewhere(self, fact: ItemShown) -> bool:
        """Whether the job that an item names was not started by a recorded request, and has not been seen to end."""
        job = fact.observation.current_job
        known = None if job is None else self._jobs.get(_job_id(fact.key.vault, job))
        if known is None or known.is_asked_for or fact.key in self._untold:
            return False
        return known.state in (None, "in_progress")

    def _requested(self, when: EntryTime, fact: OperationRequested) -> tuple[ItemKey, TraceEvent]:
        self.names.setdefault(fact.key, fact.name)
        started = [_job_id(fact.key.vault, job) for job in (fact.operation_id, fact.job) if job is not None]
        if any(job in self._unknown for job in started):
            why = f"the operation that entry {when.number} started was polled before that entry"
            self.ordering.doubt(fact.key, when.number, why)
        self.ordering.requested(fact.key, when, started)
        for job in started:
            self._remember(job, fact.key, when.at)
            self._jobs[job].is_asked_for = True
        if fact.answer is not Answer.REFUSED:
            self._untold.pop(fact.key, None)
            self._untold |= {} if started else {fact.key: None}
        if fact.operation in (Operation.ENABLE_REPLICATION, Operation.DISABLE_REPLICATION):
            self._updates.forget(fact.key)
        self._meanwhile.asked(fact.key, fact.operation, fact.answer, started, when.at)
        event = Requested(
            item=self._item(fact.key),
            operation=fact.operation,
            arguments=fact.arguments,
            answer=fact.answer,
            job=fact.operation_id or fact.job,
            named_job=fact.job if fact.operation_id else None,
            at=when.at,
            number=when.number,
            told=fact.told,
        )
        return fact.key, event

    def _cancel_requested(self, when: EntryTime, fact: JobCancelRequested) -> tuple[ItemKey, TraceEvent] | str:
        """The answer is how the operation that cancels the job ended, where that was recorded."""
        known = self._jobs[_job_id(fact.vault, fact.job)]
        answer = fact.answer
        if fact.operation_id is not None:
            cancelling = _job_id(fact.vault, fact.operation_id)
            self.cancels[cancelling] = None
            if len(self.cancels) > MOST_JOBS:
                self.cancels.popitem(last=False)
                self.forgotten += 1
            answer = _ANSWER_BY_END.get(self._known_at_the_end.cancels.get(cancelling) or "", answer)
        known.may_be_cancelled = known.may_be_cancelled or answer is not Answer.REFUSED
        return self._cancel_event(when, known.key, fact.job, answer, fact.told)

    def _cancel_event(
        self, when: EntryTime, key: ItemKey, job: str, answer: Answer | None, told: Told
    ) -> tuple[ItemKey, TraceEvent]:
        self.ordering.requested(key, when, ())
        event = Requested(
            item=self._item(key),
            operation=Operation.CANCEL_JOB,
            arguments=(("job", job),),
            answer=answer,
            at=when.at,
            number=when.number,
            told=told,
        )
        return key, event

    def _job_seen(self, when: EntryTime, fact: JobShown) -> tuple[ItemKey, TraceEvent] | str:
        """An item's job is one that a recorded request started, or a lifecycle job whose target is an item."""
        job = _job_id(fact.vault, fact.job)
        if fact.is_operation and job in self.cancels:
            self.cancels[job] = fact.state or self.cancels[job]
            return CANCEL_POLLS
        if job not in self._jobs and fact.target is not None and fact.scenario in arm.SCENARIOS:
            named = ItemKey(fact.vault, arm.last_segment(fact.target))
            targets = self._known_at_the_end.targets
            key = named if named in self.names else targets.get(target_id(fact.vault, fact.target), named)
            if key in self.names:
                self._remember(job, key, None)
        known = self._jobs.get(job)
        self._updates.seen(job, when, fact.state, fact.warning)
        if known is None:
            self._unknown[job] = None
            if len(self._unknown) > MOST_JOBS:
                self._unknown.popitem(last=False)
            if fact.is_operation:
                return OTHER_POLLS
            return UNSEEN_ITEMS if fact.target is not None and fact.scenario in arm.SCENARIOS else OTHER_JOBS
        self._jobs.move_to_end(job)
        if fact.state is None:
            return UNREADABLE
        if known.may_be_cancelled and fact.is_operation and fact.state == "failed" and (fact.told.status or 0) >= 400:
            return CANCEL_POLLS  # a result has one answer for what failed and for what was cancelled
        tells_tasks = fact.tasks not in ((), known.tasks)
        scenario = fact.scenario if tells_tasks or fact.scenario != known.scenario else None
        is_last = fact.state != "in_progress" or self._events[known.key] == known.events
        tells_why = _tells_why(fact) and self._events[known.key] != known.events
        if known.state == fact.state and scenario in (None, "None") and is_last and not tells_tasks and not tells_why:
            return REPEATED  # and nothing came between that it could contradict
        known.state = fact.state
        known.scenario, known.tasks = scenario or known.scenario, fact.tasks or known.tasks
        ended_at = fact.ended_at if _is_between(fact.ended_at, known.since, when.at) else None
        if fact.state != "in_progress":
            self._meanwhile.ends(known.key, job)
            if known.since is not None and is_long_before(ended_at, self._last_at.get(known.key)):
                self.ended_before.setdefault(known.key, []).append((when, fact))
        self.ordering.shown(known.key, when, job)
        seen = JobSeen(
            item=self._item(known.key),
            job=fact.job,
            state=fact.state,
            scenario=scenario,
            warning=fact.warning,
            tasks=fact.tasks if tells_tasks else (),
            has_errors=fact.has_errors,
            ended_at=ended_at,
            at=when.at,
            number=when.number,
            told=fact.told,
        )
        known.events = self._events[known.key] + 1  # this one included
        return known.key, seen

    def _remember(self, job: JobId, key: ItemKey, at: str | None) -> None:
        self._jobs.setdefault(job, _Job(key, since=at)).key = key
        self._jobs.move_to_end(job)
        if len(self._jobs) > MOST_JOBS:
            self._jobs.popitem(last=False)
            self.forgotten += 1

    def _item(self, key: ItemKey) -> str:
        return self._known_at_the_end.names.get(key, key.item)


def _tells_why(fact: JobShown) -> bool:
    """Whether it shows if a failed planned failover tells why, which it need not from the beginning (contract 8)."""
    of_failback = arm.SCENARIOS_OF[Operation.PLANNED_FAILOVER]
    return fact.state == "failed" and fact.has_errors is not None and fact.scenario in of_failback


def _is_between(told: str | None, start: str | None, end: str | None) -> bool:
    """Whether a time that the service tells is none before a job was asked for, as records have that were dated anew
    (facts F20), and none to come."""
    is_late = (seconds_between(start, told) or 0) >= -CLOCKS_DIFFER
    return told is not None and is_late and (seconds_between(told, end) or 0) >= 0


def _job_id(vault: str, job: str) -> JobId:
    """Only the vault's name counts: anonymized recordings may differ in the rest between addresses and headers."""
    return vault.rpartition("/")[2], job
