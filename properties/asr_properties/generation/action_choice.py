"""What to do next: one way to choose an action, whoever makes the choices (random numbers, bytes, Hypothesis)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, TypeVar

from asr_model.stepper import Stepper
from asr_model.vocabulary import ARGUMENTS, Fault, Operation
from asr_properties.evidence.actions import (
    APPLIANCES,
    AS_AT_FIRST,
    NO_POINT,
    OPTION_WORDS,
    WAIT_FOR_JOB,
    WRITE,
    Action,
    as_request,
    new_item,
    request,
    update_settings,
    wait,
)
from asr_properties.evidence.tasks import PREREQUISITES, SHUTDOWN
from asr_properties.generation.changes import CHANGES, IMPOSSIBLE, LATER
from asr_properties.generation.configurations import draw_configuration
from asr_properties.session.session import Session

Item = TypeVar("Item")

#: Seconds to wait: within a task, a job, a recovery point's interval, beyond every bound, beyond retention.
WAITS = (30.0, 120.0, 600.0, 3600.0, 6 * 3600.0, 30 * 3600.0, 5 * 86400.0)


class FaultyTasks(NamedTuple):
    """A fault of a job. tasks: those that it can be for, by the service's identifiers (facts section 2). fails: the
    operation whose job fails with them; None: the job goes on without the task (R24)."""

    tasks: tuple[str, ...]
    fails: Operation | None


#: Fault -> its tasks; a fault that is missing concerns no job.
JOB_FAULTS: Mapping[str, FaultyTasks] = {
    Fault.SOURCE_SHUTDOWN_FAILS: FaultyTasks((SHUTDOWN,), None),
    Fault.FAILOVER_FAILS: FaultyTasks(
        ("VmUfoPrerequisitesCheck", "VmFailover", "VmFoStartVmOnSecondary"), Operation.FAIL_OVER
    ),
    Fault.PLANNED_FAILOVER_FAILS: FaultyTasks(
        (
            PREREQUISITES,
            "VmPrepareForFailover",
            "VmFailover",
            "VmPrepareProtectedEntitiesTask",
            "VmFoStartVmOnSecondary",
        ),
        Operation.PLANNED_FAILOVER,
    ),
    Fault.CANCEL_FAILS: FaultyTasks(
        ("CancelFailoverPreflightChecksTask", "CancelFailoverRecovery", "CancelFailoverPrimary", "StartVmOnPrimary"),
        Operation.CANCEL_FAILOVER,
    ),
}

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

    def likely_arguments(self, operation: str) -> tuple[tuple[str, str | bool], ...]:
        """Mostly the plainest arguments, which nothing but the item's state speaks against."""
        if self.number(4) == 0:
            return self.arguments(operation)
        return tuple((name, values[0]) for name, values in ARGUMENTS.get(Operation(operation), {}).items())

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

    def reprotect_through(self) -> Action:
        """A reprotect through an appliance of some kind, or with an account that there is not."""
        if self.number(5) == 0:
            return request(Operation.REPROTECT, cache_storage_account="unknown")
        return request(Operation.REPROTECT, appliance=self.one_of(APPLIANCES))

    def legal_request(self, session: Session, stepper: Stepper) -> Action | None:
        """An operation that the model accepts now; None if there is none, as while a job runs."""
        state = session.oracle.explanations[0].state
        legal = [e for e in stepper.events if e.is_operation and stepper.step(state, e).transition is not None]
        return self.one_of([as_request(event, self.number(4)) for event in legal]) if legal else None

    def disturbance(self, session: Session, stepper: Stepper) -> Action:
        """A fault begins, or one that is on ends."""
        if session.faults and self.number(2):
            return Action("clear", self.one_of(sorted(session.faults)))
        return self.fault(self.one_of(stepper.efsm.faults))

    def fault(self, fault: str) -> Action:
        """A fault begins: for its job as a whole, or for one of its tasks."""
        return Action("inject", fault, task=self.one_of((None, *tasks_of(fault))))

    def action(self, session: Session, stepper: Stepper) -> Action:
        """Anything: mostly what gets the item on, often what must be refused, sometimes a fault, a write, a cancel."""
        kind = self.number(16)
        if kind < 5:
            return self.legal_request(session, stepper) or WAIT_FOR_JOB
        if kind < 7:
            return self.any_request()
        if kind < 10:
            return WAIT_FOR_JOB
        if kind < 13:
            return wait(self.one_of(WAITS))
        if kind == 13:
            if session.connection.has_settings and self.number(3) == 0:
                return self.change_of_settings()
            if session.connection.has_sites and self.number(4) == 0:
                return self.reprotect_through()
            return WRITE
        if kind == 14:
            return self.disturbance(session, stepper) if self.number(8) else new_item(self.configuration())
        return Action("cancel_job", self.one_of(("running", "running", "ended")))
