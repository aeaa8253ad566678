"""A short walk through the lifecycle, and all that is seen on the way, made comparable with another walk.

Ids are replaced by their order, sequence numbers are counted from the first that is seen: where they begin is the
implementation's own. Of recovery points only their kinds and number count, and one more or less does not: they may be
made on the grid of a clock that goes on across new_item (contract, Time).
"""

from __future__ import annotations

from typing import Any, NamedTuple

from asr_properties.contract.errors import ContractError
from asr_properties.contract.messages import Item
from asr_properties.contract.surroundings import Sites
from asr_properties.smoke.probe import Probe, in_words, written
from asr_properties.smoke.samples import UNKNOWN_NAME

Walk = list[tuple[str, Any]]
"""Calls and their answers."""


class Points(NamedTuple):
    """A list of recovery points: which kinds there are, and how many points."""

    kinds: tuple[str, ...]
    number: int

    @classmethod
    def of(cls, listed: list[dict[str, Any]]) -> Points:
        """What counts of a list."""
        return cls(tuple(sorted({str(point["kind"]) for point in listed})), len(listed))

    def as_many_as(self, other: Points) -> bool:
        """Whether the two lists are alike, but for one point more or less."""
        is_near = abs(self.number - other.number) <= 1
        return is_near and (self.kinds == other.kinds or min(self.number, other.number) <= 1)

    def __repr__(self) -> str:
        return f"{self.number} points ({', '.join(self.kinds) or 'none'})"


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


def a_short_walk(probe: Probe) -> Walk:
    """Calls and their answers from a fresh item on."""
    seen: Walk = []
    names = _Names()

    def see(method: str, **parameters: Any) -> Any:
        told = answer = probe.answer(method, **parameters)
        if isinstance(answer, ContractError):
            told = f"error {answer.code}"
        else:
            names.learn(method, probe.as_declared(answer, method, parameters))
        listed = method == "recovery_points" and isinstance(told, list)
        seen.append((written(method, names.instead(parameters)), Points.of(told) if listed else names.instead(told)))
        return told

    see("new_item", configuration={})
    for operation, arguments in _STEPS:
        if probe.offers("write"):
            see("write")
        if operation == "reprotect" and probe.offers("sites"):
            arguments = _through(probe.result("sites"))
        started = see("request", operation=operation, arguments=arguments)
        if isinstance(started, dict):
            see("wait", job=started["job"])
            see("job", job=started["job"])
        see("wait", seconds=7200)
        for method in ("item", "recovery_points", "jobs"):
            see(method)
    return seen


def _through(sites: Sites) -> dict[str, Any]:
    """What the reprotect of the walk names: towards on-premises there is no cache."""
    appliance = next((one for one in sites.appliances if one.sees_datastore and one.healthy), None)
    return {"appliance": UNKNOWN_NAME if appliance is None else appliance.name}


def difference(first: Walk, second: Walk) -> tuple[str, str, str] | None:
    """The first call that was answered differently, and both answers."""
    for (call, answer), (_, again) in zip(first, second, strict=False):
        if isinstance(answer, Points) and isinstance(again, Points) and answer.as_many_as(again):
            continue
        if answer != again:
            return call, *apart(answer, again)
    if len(first) != len(second):
        return "the walk", f"{len(first)} calls", f"{len(second)} calls"
    return None


def apart(answer: Any, again: Any) -> tuple[str, str]:
    """Two answers in words, where they differ."""
    if isinstance(answer, dict) and isinstance(again, dict):
        keys = [key for key in {**answer, **again} if answer.get(key) != again.get(key)]
        answer, again = ({key: seen[key] for key in keys if key in seen} for seen in (answer, again))
    elif isinstance(answer, list) and isinstance(again, list):
        if len(answer) == len(again):
            return next(apart(one, other) for one, other in zip(answer, again, strict=True) if one != other)
        return f"{len(answer)} entries", f"{len(again)} entries"
    return in_words(answer), in_words(again)


class _Names:
    """What stands for the ids, instants and sequence numbers of one walk."""

    def __init__(self) -> None:
        self._ids: dict[str, str] = {}
        self._first: dict[str, float] = {}

    def learn(self, method: str, answer: Any) -> None:
        """Take note of what is in an answer, in its order."""
        found: list[str] = []
        if method == "request":
            found = [answer["job"]]
        elif method == "jobs":
            found = list(answer)
        elif method == "item" and answer is not None:
            observation = Item.model_validate(answer)
            found = [i for i in (observation.id, observation.current_job) if i]
            if observation.failover_recovery_point:
                self._ids[observation.failover_recovery_point] = "a point"
        for identifier in found:
            self._ids.setdefault(identifier, f"id {len(self._ids) + 1}")

    def instead(self, value: Any, key: str = "") -> Any:
        """The same value as it compares with that of another walk."""
        if isinstance(value, str):
            return self._ids.get(value, value)
        if isinstance(value, list):
            return [self.instead(part) for part in value]
        if isinstance(value, dict):
            return {name: self.instead(part, name) for name, part in value.items()}
        if key == "created" or (key == "sequence" and value):  # none is 0 or null
            return round(value - self._first.setdefault(key, value), 3)
        return value
