"""The rules that only recordings show, because an adapter does not offer what they are about.

R25: the job of a failover can be followed. X01: an item stays the same while its `instanceType` alternates. X08: an
operation may succeed with a warning. X09: an operation and its job have the same id, and the scenario of the job is
that of the request (facts 2.13). X22: the id of a job is never used again. R78: a planned failover fails when any of
its tasks does (contract 8); of the tasks whose order is judged, that order tells it.
"""

from __future__ import annotations

from collections import Counter
from typing import TypeVar

from asr_model.vocabulary import Answer, Operation
from asr_properties.arm import tokens as arm
from asr_properties.contract.faults import JOB_FAULTS
from asr_properties.evidence.tasks import TASK_ORDERS
from asr_properties.traces.accepted_requests import AcceptedRequests
from asr_properties.traces.divergence import Difference
from asr_properties.traces.events import ItemSeen, JobSeen, Requested, TraceEvent, seconds_between
from asr_properties.traces.trace_verdicts import MOST_TOLD

_Event = TypeVar("_Event", Requested, JobSeen)

RULES = ("X01", "X08", "X09")

_PROTECTED = "protected"
_OF_POINTS = ("R10", "R92")

_FAILBACK = Operation.PLANNED_FAILOVER
_UNORDERED = frozenset(
    task for faulty in JOB_FAULTS.values() if faulty.fails is _FAILBACK for task in faulty.tasks
).difference(TASK_ORDERS[_FAILBACK])
"""Tasks with which a planned failover fails, and whose order is not judged."""

_A_WHILE = 60
"""Seconds. An answer that is older than another one by less may only have come in later."""


class RecordingRules:
    """Judges the events of one item; `unit` is what the places in the recording count.

    exercised: how often each of the rules was put to the test. remarks: what is odd and breaks none, one line each.
    """

    def __init__(self, unit: str) -> None:
        self.exercised: Counter[str] = Counter()
        self.remarks: list[str] = []
        self._unit = unit
        self._instances: set[str] = set()
        self._job_with_warning: str | None = None
        self._asked: dict[str, Requested] = {}  # by the jobs that were started, the last ones
        self._ended: dict[str, JobSeen] = {}  # the last ones
        self._phase: str | None = None  # the last one that was shown
        self._lists_points: bool | None = None  # whether any was listed of the item when it was protected

    @property
    def not_shown(self) -> tuple[str, ...]:
        """What no transition has shown: a protected item whose lists are empty has no points to show. It may be that
        none are kept (contract 11)."""
        return _OF_POINTS if self._lists_points is False else ()

    def note(self, event: TraceEvent, accepted: AcceptedRequests) -> None:
        """Take in an event, whether it agrees with the model or not."""
        match event:
            case Requested(answer=Answer.ACCEPTED) if event.operation is not Operation.CANCEL_JOB:
                self._job_with_warning = None
            case JobSeen():
                self._note_job(event, accepted)

    def _note_job(self, job: JobSeen, accepted: AcceptedRequests) -> None:
        is_known = job.job in accepted
        if job.state == "succeeded" and job.warning is not None:
            self.exercised["X08"] += 1
            self._job_with_warning = job.job if is_known else None
        if is_known and job.state != "in_progress" and accepted[job.job].event.operation is Operation.FAIL_OVER:
            self.exercised["R25"] += 1

    def _note_instance(self, instance: str | None) -> None:
        if instance is not None:
            if self._instances and instance not in self._instances:
                self.exercised["X01"] += 1
            self._instances.add(instance)

    def contradiction(self, event: TraceEvent, accepted: AcceptedRequests) -> Difference | None:
        """How an event contradicts X09, X22 or R78; None where it does not."""
        match event:
            case Requested(job=str(job)) if (earlier := self._earlier_with(job, event)) is not None:
                seen = f"{event.operation} started job {job}, which was that of {earlier.operation} "
                seen += f"({self._unit} {earlier.number})"
                return Difference(seen, ("the id of a job that no job has had before",), ("X22",))
            case Requested(job=str(job), named_job=str(named)):
                if job != named:
                    seen = f"the operation is {job}, its job is {named}"
                    return Difference(seen, ("the job's id is the operation's",), ("X09",))
                self.exercised["X09"] += 1
            case JobSeen(state="succeeded") if failed := _failed_unnoticed(event):
                fails = "the planned failover fails when a task fails, and is cancelled"
                return Difference(f"{event}, and its task {failed} has failed", (fails,), ("R78",))
            case JobSeen(scenario=str(scenario)) if event.job in accepted:
                operation = accepted[event.job].event.operation
                wanted = arm.SCENARIOS_OF.get(operation, frozenset())
                if scenario in wanted:
                    self.exercised["X09"] += 1
                elif wanted and scenario in arm.SCENARIOS:
                    allowed = tuple(f"its scenario is {word}" for word in sorted(wanted))
                    return Difference(f"the job of {operation} is a {scenario}", allowed, ("X09",))
        return None

    def _earlier_with(self, job: str, event: Requested) -> Requested | None:
        """The earlier request that started a job of this id; None where there is none, or it may be the same one.

        The same request may be recorded twice; so it counts where it was made at another time. An id without a digit
        but zero is what a recorder puts in place of ids.
        """
        earlier = self._asked.get(job)
        if earlier is None or not any(digit in job for digit in "123456789"):
            return None
        is_same = earlier.operation is event.operation and not seconds_between(earlier.at, event.at)
        return None if is_same else earlier

    def passed_over(self, event: TraceEvent) -> None:
        """Take in an event that says nothing new: a job may be in progress again long after it has ended."""
        ended = self._ended.get(event.job) if isinstance(event, JobSeen) else None
        if ended is None or len(self.remarks) >= MOST_TOLD:
            return
        if (seconds_between(ended.at, event.at) or 0) > _A_WHILE:
            was = "was cancelled" if ended.state == "cancelled" else ended.state
            now = f"{self._unit} {event.number}: job {ended.job} is in progress"
            self.remarks.append(f"{now}, and {self._unit} {ended.number} showed that it {was}: passed over")

    def contradicts_success(self, event: TraceEvent) -> bool:
        """Whether an event that does not agree contradicts a job that succeeded with a warning (X08).

        The event shows that job again, or the item before anything else happened to it.
        """
        job = self._job_with_warning
        return job is not None and (isinstance(event, ItemSeen) or getattr(event, "job", None) == job)

    def agreed(self, event: TraceEvent) -> None:
        """Take in that an event agreed with the model: a look confirms what the warning left in doubt."""
        match event:
            case ItemSeen():
                self._job_with_warning = None
                self._note_instance(event.observation.profile_instance)
                self._phase = event.observation.phase or self._phase
                if event.points is not None and self._phase == _PROTECTED:
                    self._lists_points = self._lists_points or bool(event.points)
            case JobSeen() if event.state != "in_progress":
                _keep(self._ended, event.job, event)
            case Requested(answer=Answer.ACCEPTED, job=str(job)):
                _keep(self._asked, job, event)


def _keep(events: dict[str, _Event], job: str, event: _Event) -> None:
    """Keep the event of this job, and of all jobs so many, the last ones."""
    events[job] = event
    if len(events) > 2 * MOST_TOLD:
        del events[next(iter(events))]


def _failed_unnoticed(job: JobSeen) -> str | None:
    """A task that has failed, and that a planned failover does not go on without."""
    if job.scenario not in arm.SCENARIOS_OF[_FAILBACK]:
        return None
    return next((task.name for task in job.tasks if task.state == "failed" and task.name in _UNORDERED), None)
