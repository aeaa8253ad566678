"""A short walk through the lifecycle, and all that is seen on the way, with ids replaced by their order."""

from __future__ import annotations

from typing import Any

from asr_properties.contract.errors import ContractError
from asr_properties.contract.messages import Observation
from asr_properties.smoke.probe import Probe, written

_STEPS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("enable_replication", {}),
    ("test_failover", {}),
    ("clean_up_test_failover", {}),
    ("fail_over", {"recovery_point": "latest", "shut_down_source": True}),
    ("commit", {}),
    ("reprotect", {}),
    ("planned_failover", {"recovery_point_type": "crash_consistent"}),
    ("disable_replication", {}),
)


def a_short_walk(probe: Probe) -> list[tuple[str, Any]]:
    """Calls and their answers from a fresh item on, each id replaced by the place of its first appearance."""
    seen: list[tuple[str, Any]] = []
    ids: dict[str, str] = {}

    def see(method: str, **parameters: Any) -> Any:
        told = answer = probe.answer(method, **parameters)
        if isinstance(answer, ContractError):
            told = f"error {answer.code}"
        else:
            _collect(method, probe.as_declared(answer, method, parameters), ids)
        named = {key: ids.get(value, value) if isinstance(value, str) else value for key, value in parameters.items()}
        seen.append((written(method, named), _renamed(told, ids)))
        return told

    see("new_item", configuration={})
    for operation, arguments in _STEPS:
        if probe.offers("write"):
            see("write")
        started = see("request", operation=operation, arguments=arguments)
        if isinstance(started, dict):
            see("wait", job=started["job"])
            see("job", job=started["job"])
        see("wait", seconds=7200)
        for method in ("item", "recovery_points", "jobs"):
            see(method)
    return seen


def _collect(method: str, answer: Any, ids: dict[str, str]) -> None:
    """Take note of the ids in an answer, in their order."""
    found: list[str] = []
    if method == "request":
        found = [answer["job"]]
    elif method == "jobs":
        found = list(answer)
    elif method == "recovery_points":
        found = [point["id"] for point in answer]
    elif method == "item" and answer is not None:
        observation = Observation.model_validate(answer)
        found = [i for i in (observation.id, observation.failover_recovery_point, observation.current_job) if i]
    for identifier in found:
        ids.setdefault(identifier, f"id {len(ids) + 1}")


def _renamed(value: Any, ids: dict[str, str]) -> Any:
    if isinstance(value, str):
        return ids.get(value, value)
    if isinstance(value, list):
        return [_renamed(part, ids) for part in value]
    if isinstance(value, dict):
        return {key: _renamed(part, ids) for key, part in value.items()}
    return value
