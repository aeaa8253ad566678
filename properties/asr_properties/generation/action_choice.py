"""What can be done next: requests, faults and changes, whoever chooses among them (random numbers or Hypothesis)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from asr_model.vocabulary import ARGUMENTS, Operation
from asr_properties.contract.faults import JOB_FAULTS
from asr_properties.evidence.actions import AS_AT_FIRST, NO_POINT, OPTION_WORDS, Action, update_settings
from asr_properties.generation.changes import CHANGES, IMPOSSIBLE, LATER
from asr_properties.generation.configurations import draw_configuration

Item = TypeVar("Item")

#: Seconds to wait: within a task, a job, a recovery point's interval, beyond every bound, beyond retention.
WAITS = (30.0, 120.0, 600.0, 3600.0, 6 * 3600.0, 30 * 3600.0, 5 * 86400.0)


OPERATIONS = tuple(operation for operation in Operation if operation is not Operation.CANCEL_JOB)


def tasks_of(fault: str) -> tuple[str, ...]:
    """The tasks that a fault can be for; none where it concerns no job."""
    return JOB_FAULTS[fault].tasks if fault in JOB_FAULTS else ()


class Chooser:
    """Chooses among several things; `number(n)` gives the choices, each from 0 to n - 1."""

    def __init__(self, number: Callable[[int], int]) -> None:
        self.number = number

    def one_of(self, items: Sequence[Item]) -> Item:
        """One of the items."""
        return items[self.number(len(items))]

    def configuration(self) -> dict[str, Any]:
        """The configuration of a fresh item."""
        return draw_configuration(self.number)

    def arguments(self, operation: str) -> tuple[tuple[str, str | bool], ...]:
        """Some arguments for an operation, every kind of value among them."""
        domains: Mapping[str, tuple[str | bool, ...]] = ARGUMENTS.get(Operation(operation), {})
        return tuple((name, self._value(values)) for name, values in domains.items())

    def _value(self, values: Sequence[str | bool]) -> str | bool:
        """One of the values of an argument; what names no recovery point there is one of several things."""
        value = self.one_of(values)
        return value if value != "unknown" else self.one_of((*NO_POINT, *(w for w in OPTION_WORDS if w not in values)))

    def any_request(self) -> Action:
        """Any operation with any arguments, legal or not."""
        operation = self.one_of(OPERATIONS)
        return Action("request", operation, self.arguments(operation), pick=self.number(4))

    def change_of_settings(self) -> Action:
        """A change of one setting, of some, or back; now and then one that Azure can never have."""
        if self.number(8) == 0:
            key, value = self.one_of(tuple(IMPOSSIBLE.items()))
            return update_settings(**{key: value})
        keys = tuple(CHANGES) if self.number(3) == 0 else (self.one_of(tuple(CHANGES)),)
        return update_settings(**{key: self.one_of((CHANGES[key], LATER[key], AS_AT_FIRST)) for key in keys})

    def fault(self, fault: str) -> Action:
        """A fault begins: for its job as a whole, or for one of its tasks."""
        return Action("inject", fault, task=self.one_of((None, *tasks_of(fault))))
