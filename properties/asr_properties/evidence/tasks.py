"""The tasks of jobs, by the service's identifiers (facts section 2); of jobs with other names nothing is concluded."""

from __future__ import annotations

from itertools import combinations

from asr_model.vocabulary import Operation
from asr_properties.contract.faults import SHUTDOWN
from asr_properties.contract.messages import Job

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


def tells_tasks(job: Job) -> bool:
    """Whether a job names its tasks as the service does, so that something can be concluded from them (contract 6)."""
    return any(task.name in _KNOWN for task in job.tasks)


def tells_order(operation: str, job: Job) -> bool:
    """Whether a job names at least two of the tasks whose order is judged."""
    return len({task.name for task in job.tasks}.intersection(TASK_ORDERS.get(operation, ()))) > 1


def in_order(operation: str, job: Job) -> bool | None:
    """Whether the known tasks of a job come in their order, and none has begun before all ahead of it have ended.

    A task has ended where it succeeded, failed, or was skipped or cancelled. None where fewer than two of them are
    known: nothing is concluded then (contract 6). None too where they are in order, and fewer than two were done: a
    task that was skipped, or never begun, shows nothing.
    """
    states = {task.name: task.state for task in job.tasks}
    expected = [name for name in TASK_ORDERS.get(operation, ()) if name in states]
    if len(expected) < 2:
        return None
    if [name for name in states if name in expected] != expected:
        return False
    if any(states[a] in _NOT_ENDED and states[b] in _BEGUN for a, b in combinations(expected, 2)):
        return False
    return True if sum(_was_done(name, states[name]) for name in expected) > 1 else None


def _was_done(task: str, state: str) -> bool:
    """The shutdown of a source is only attempted (R23, R24)."""
    return state == "succeeded" or (task == SHUTDOWN and state == "failed")
