"""The order of a job's tasks (contract 6)."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

from asr_model.vocabulary import Operation
from asr_properties.contract.messages import Job

TASK_ORDERS: Mapping[str, tuple[str, ...]] = {
    Operation.FAIL_OVER: ("VmShutdownVmOnPrimary", "VmFailover"),
    Operation.PLANNED_FAILOVER: ("VmFailover", "VmFoStartVmOnSecondary"),
    Operation.CANCEL_FAILOVER: ("CancelFailoverRecovery", "CancelFailoverPrimary", "StartVmOnPrimary"),
}
"""Operation -> those of its tasks whose order is judged (contract 6). The service's own jobs are reverts, which are
judged as cancels."""


def in_order(operation: str, job: Job) -> bool | None:
    """Whether the known tasks of a job come in their order, and none succeeds before the one ahead of it has ended.

    None where fewer than two of them are known: nothing is concluded then (contract 6).
    """
    states = {task.name: task.state for task in job.tasks}
    expected = [name for name in TASK_ORDERS.get(operation, ()) if name in states]
    if len(expected) < 2:
        return None
    if [name for name in states if name in expected] != expected:
        return False
    return not any(
        states[b] == "succeeded" and states[a] in ("not_started", "in_progress") for a, b in pairwise(expected)
    )
