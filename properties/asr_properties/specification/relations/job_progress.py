"""What jobs tell of their progress, and the job of its own that reverts a planned failover.

Sources: R25, R78; contract 6 and 8.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from asr_model.vocabulary import Answer, Fault, Operation
from asr_properties.contract.faults import PREREQUISITES
from asr_properties.evidence.step import EndedJob, Step
from asr_properties.evidence.tasks import tells_tasks
from asr_properties.evidence.unknown import UNKNOWN, known
from asr_properties.specification.of_profile import MODERNIZED
from asr_properties.specification.relations.relation import Judgement, Monitor, Relation
from asr_properties.specification.rule import OBSERVED

TASKS_END = Relation(
    name="tasks_of_a_job_end_with_it",
    requirements=("R25",),
    says="when a job has succeeded, none of its tasks is still to begin or going on",
    seen="job {job} has succeeded, and of its tasks: {open}",
    right="each task succeeded, failed, skipped or cancelled",
    needs=("tasks_in_order",),
    evidence=OBSERVED,
)
TASKS_MOVE = Relation(
    name="tasks_of_a_job_move_while_it_runs",
    requirements=("R25",),
    says="while a failover runs its tasks begin one after the other, not all at its end",
    seen="job {job} was looked at {looks} times, last shortly before its end; each time all tasks were not_started",
    right="one task in_progress or ended by then",
    needs=("tasks_in_order", "seconds"),
)
REVERT_IS_A_JOB = Relation(
    name="failed_planned_failover_is_reverted_by_a_job",
    requirements=("R78",),
    says="a planned failover that fails after its prerequisites is reverted by a job of the service's own",
    seen="planned failover {job} has failed; newer jobs: {newer}, asked for: {asked}",
    right="a newer job that nobody asked for",
    profiles=MODERNIZED,
)

OF_ENDED_JOBS = (TASKS_END,)
RELATIONS = (TASKS_MOVE, REVERT_IS_A_JOB)

ENOUGH_LOOKS = 3
"""A failover that was looked at so often as it ran, with time between, has shown whether its tasks move."""

MOST_LEFT = 1 / 3
"""The last look at it was so near its end, as a share of the time until that look: a job may wait before it begins, but
hardly three times as long as it then takes."""

_OPEN = ("not_started", "in_progress")
_FOLLOWED = (Operation.FAIL_OVER, Operation.PLANNED_FAILOVER)


class EndedJobs(Monitor):
    """Remembers nothing: a job that has ended tells all."""

    def begin_item(self) -> None:
        pass

    def enter(self, step: Step) -> Iterator[Judgement]:
        for ended in step.ended:
            if ended.job.state == "succeeded" and tells_tasks(ended.job):
                still = [task for task in ended.job.tasks if task.state in _OPEN]
                yield TASKS_END.judged(not still, job=ended.id, open=still)


@dataclass
class _Failback:
    """The planned failover that was asked for last.

    elsewhere: its fault was set on a task after the prerequisites, and no other fault has been on since. done: it was
    seen that something had been done.
    """

    job: str
    elsewhere: bool
    done: bool = False


@dataclass
class _Watched:
    """A job that runs. looks: how often it was seen to, with time between; moved: a task was seen to have begun.

    idle: for how long, at least, none had when it was seen last; since: how long ago, at most, that was. In seconds.
    """

    looks: int = 0
    moved: bool = False
    ran: float = 0.0
    idle: float = 0.0
    since: float = 0.0


class JobProgress(Monitor):
    """Remembers what was seen of each job as it ran, and of the last planned failover."""

    def begin_item(self) -> None:
        self._watched: dict[str, _Watched] = {}
        self._requested: set[str] = set()
        self._task_of_fault: str | None = None
        self._failback: _Failback | None = None

    def enter(self, step: Step) -> Iterator[Judgement]:
        self._note_requests(step)
        if step.now.running is UNKNOWN:
            return
        for watched in self._watched.values():
            watched.ran += step.elapsed[0]
            watched.since += step.elapsed[1]
        for identifier, job in step.now.running.items():
            watched = self._watched.setdefault(identifier, _Watched())
            if job.state == "in_progress" and tells_tasks(job) and not step.is_timeless:
                watched.looks += 1
                watched.moved |= any(task.state != "not_started" for task in job.tasks)
                watched.idle, watched.since = watched.ran, 0.0
        self._note_failback(step)
        for ended in step.ended:
            yield from self._ended(ended)
            if self._failback is not None and ended.id == self._failback.job:
                yield from self._reverted(step, ended, self._failback)
                self._failback = None

    def _ended(self, ended: EndedJob) -> Iterator[Judgement]:
        watched = self._watched.pop(ended.id, None)
        if watched is None or ended.job.state != "succeeded" or ended.operation not in _FOLLOWED:
            return
        was_near = watched.since <= MOST_LEFT * watched.idle
        if tells_tasks(ended.job) and watched.looks >= ENOUGH_LOOKS and (watched.moved or was_near):
            yield TASKS_MOVE.judged(watched.moved, job=ended.id, looks=watched.looks)

    def _note_requests(self, step: Step) -> None:
        if step.event == "inject" and step.action.name == Fault.PLANNED_FAILOVER_FAILS:
            self._task_of_fault = step.action.task
        if step.job is not None:
            self._requested.add(step.job)
            if step.event == Operation.PLANNED_FAILOVER and step.agreed_before.phase == "reverse_protected":
                lossless = known(step.recovery_point_type) == "crash_consistent"  # the other kind may be refused
                self._failback = _Failback(step.job, self._fails_elsewhere(step)) if lossless else None
        if step.event in (Operation.CANCEL_FAILOVER, Operation.CANCEL_JOB) and step.response is not Answer.REFUSED:
            self._failback = None

    def _fails_elsewhere(self, step: Step) -> bool:
        only = step.faults == {Fault.PLANNED_FAILOVER_FAILS}
        return only and self._task_of_fault not in (None, PREREQUISITES)

    def _note_failback(self, step: Step) -> None:
        failback = self._failback
        if failback is None:
            return
        failback.elsewhere &= self._fails_elsewhere(step)
        is_off = step.was.azure is not UNKNOWN and step.was.azure == "on" and step.now.azure == "off"
        if step.agreed.phase == "failing_back" and is_off and Fault.AZURE_VM_OFF not in step.faults:
            failback.done = True

    def _reverted(self, step: Step, ended: EndedJob, failback: _Failback) -> Iterator[Judgement]:
        if ended.job.state != "failed":
            return
        prepared = any(task.name == PREREQUISITES and task.state == "succeeded" for task in ended.job.tasks)
        if (prepared or failback.done or failback.elsewhere) and step.now.jobs is not UNKNOWN:
            newer = step.now.jobs[: step.now.jobs.index(ended.id)] if ended.id in step.now.jobs else ()
            asked = self._requested.intersection(newer)
            yield REVERT_IS_A_JOB.judged(len(asked) < len(newer), job=ended.id, newer=newer, asked=asked)
