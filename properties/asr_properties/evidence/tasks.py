"""The tasks of jobs, by the service's identifiers (facts section 2); of jobs with other names nothing is concluded."""

from __future__ import annotations

from itertools import combinations
from typing import Annotated

from pydantic import Field

from asr_model.vocabulary import Operation
from asr_properties.contract.faults import SHUTDOWN
from asr_properties.contract.messages import Job, Task

REVERT = "CancelFailover"
"""The scenario of a revert, where it bears the service's name (facts 2.8)."""

TASK_ORDERS: dict[str, tuple[str, ...]] = {
    Operation.FAIL_OVER: (SHUTDOWN, "VmFailover"),
    Operation.PLANNED_FAILOVER: ("VmFailover", "VmFoStartVmOnSecondary"),
    Operation.CANCEL_FAILOVER: ("CancelFailoverRecovery", "CancelFailoverPrimary", "StartVmOnPrimary"),
}
"""Tasks whose order is judged, by operation (contract 6); the service's own jobs are reverts."""

_KNOWN = frozenset(name for names in TASK_ORDERS.values() for name in names)

_BEGUN = ("in_progress", "succeeded", "failed")
_NOT_ENDED = ("not_started", "in_progress")

TASK_TIMES_DIFFER = 10
"""So many seconds the times of two tasks may contradict their order: those that the service tells of one job do by one
second (the job of 2017 that ended at 10:51:17 has tasks that began at 10:51:18). Tasks take minutes (facts 2.3, 2.7).
"""

_Instant = Annotated[float | None, Field(allow_inf_nan=False)]


class DatedTask(Task):
    """A task with the times that the service tells of it (facts 7.5), in seconds since 1970; None where it tells none.

    No adapter tells these; recordings do.
    """

    began: _Instant = None
    ended: _Instant = None


def tells_tasks(job: Job) -> bool:
    """Whether a job names its tasks as the service does, so that something can be concluded from them (contract 6)."""
    return any(task.name in _KNOWN for task in job.tasks)


def tells_order(operation: str, job: Job) -> bool:
    """Whether a job names at least two of the tasks whose order is judged."""
    return len({task.name for task in job.tasks}.intersection(TASK_ORDERS.get(operation, ()))) > 1


def in_order(operation: str, job: Job, *, shutdown_asked: bool | None = None) -> bool | None:
    """Whether the known tasks of a job come in their order, and none has begun before all ahead of it have ended.

    A task has ended where it succeeded, failed, or was skipped or cancelled; the times that it tells must agree. None
    where fewer than two of them are known: nothing is concluded then (contract 6). None too where they are in order,
    and fewer than two were done, or the first was not: a task that was skipped, or never begun, shows nothing.

    What a planned failover or a cancel does comes after what it takes: a job that has succeeded, and one of these tasks
    has failed, did not keep to it (contract 8, R50, R71). A failover to Azure goes on without its shutdown (R24); how
    one ends whose other task has failed is not told.

    shutdown_asked: whether a failover was to shut its source down; None: not known. Only of one that was R23 speaks:
    the shutdown is attempted before, and so it is not skipped, which it is where it was not asked for (facts 2.3).
    """
    if shutdown_asked is False:
        return None
    tasks = {task.name: task for task in job.tasks}
    expected = [tasks[name] for name in TASK_ORDERS.get(operation, ()) if name in tasks]
    if len(expected) < 2:
        return None
    if [task for task in tasks.values() if task in expected] != expected:
        return False
    if any(_began_too_early(later, ahead) for ahead, later in combinations(expected, 2)):
        return False
    if operation != Operation.FAIL_OVER and job.state == "succeeded" and any(t.state == "failed" for t in expected):
        return False
    if shutdown_asked and expected[0].name == SHUTDOWN and expected[0].state == "skipped":
        return False if expected[1].state in _BEGUN else None
    first_done = expected[0].name == TASK_ORDERS[operation][0] and _was_done(expected[0])
    return True if first_done and sum(map(_was_done, expected)) > 1 else None


def _began_too_early(task: Task, ahead: Task) -> bool:
    """Whether a task began before the one ahead of it had ended, by their states or by their times."""
    if task.state not in _BEGUN:
        return False
    if ahead.state in _NOT_ENDED:
        return True
    if not isinstance(task, DatedTask) or not isinstance(ahead, DatedTask) or ahead.state not in _BEGUN:
        return False
    began = task.ended if task.began is None else task.began
    ended = ahead.began if ahead.ended is None else ahead.ended
    return began is not None and ended is not None and began < ended - TASK_TIMES_DIFFER


def _was_done(task: Task) -> bool:
    """The shutdown of a source is only attempted (R23, R24)."""
    return task.state == "succeeded" or (task.name == SHUTDOWN and task.state == "failed")
