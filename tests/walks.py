"""Walks written down: a few actions from a fresh item to where something shows, and how they are performed.

The building blocks are those of a run's own scenarios. A tuple is a piece of a walk, `(*PROTECTED, *COMMIT)` is one
piece after the other; what is one action is named like one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

from asr_model.profiles import stepper
from asr_properties.contract.connection import Connection, Implementation
from asr_properties.evidence.actions import TIME_THE_JOB, WAIT_FOR_JOB, WRITE, Action, new_item, request, wait
from asr_properties.generation.scenarios import CANCEL, COMMIT, HOUR, PROTECT, RECORD, REPROTECT, fail_over
from asr_properties.generation.scenarios import CLEAN_UP as CLEAN_UP
from asr_properties.generation.scenarios import DAY as DAY
from asr_properties.generation.scenarios import MINUTE as MINUTE
from asr_properties.session.session import Session
from asr_properties.specification.declared import properties_of
from asr_properties.specification.property_monitors import PropertyMonitors
from asr_properties.specification.rule import EvidenceKind

# -- what is done -----------------------------------------------------------------------------------------------

ENABLE = (request("enable_replication"), WAIT_FOR_JOB)
DISABLE = (request("disable_replication"), WAIT_FOR_JOB)
FAIL_OVER = (fail_over("latest", shut_down=True), WAIT_FOR_JOB)
CHANGE = (request("change_recovery_point", recovery_point="listed")._replace(pick=3), WAIT_FOR_JOB)
DRILL = (request("test_failover", recovery_point="latest"), WAIT_FOR_JOB)
PLANNED = request("planned_failover", recovery_point_type="crash_consistent")
PLANNED_APP_CONSISTENT = request("planned_failover", recovery_point_type="app_consistent")
FAIL_BACK = (PLANNED, WAIT_FOR_JOB)
CANCEL_THE_JOB = Action("cancel_job", "running")


def begins(fault: str, task: str | None = None) -> Action:
    """A fault begins; task: the task of a job that it makes fail."""
    return Action("inject", fault, task=task)


def ends(fault: str) -> Action:
    """A fault ends."""
    return Action("clear", fault)


def once_over(fault: str, walk: tuple[Action, ...], *after: Action) -> tuple[Action, ...]:
    """The walk, a fault that begins and ends, and what must work again then."""
    return (*walk, begins(fault), wait(HOUR), ends(fault), wait(2 * HOUR), *after, WAIT_FOR_JOB)


# -- where it leads ---------------------------------------------------------------------------------------------

PROTECTED = PROTECT


def failing_over(point: str = "latest", pick: int = 0) -> tuple[Action, ...]:
    """From a fresh item to a failover that has ended, with a record received but not processed at its trigger."""
    return (*PROTECTED, *RECORD, fail_over(point, shut_down=True, pick=pick), WAIT_FOR_JOB)


FAILED_OVER = failing_over()
CHANGED = (*FAILED_OVER, *CHANGE)
COMMITTED = (*FAILED_OVER, *COMMIT)
ABORTED = (*PROTECTED, fail_over(), CANCEL_THE_JOB, WAIT_FOR_JOB, wait(HOUR))
FAILED = (*PROTECTED, begins("failover_fails"), fail_over(), WAIT_FOR_JOB)
IN_DRILL = (*PROTECTED, *DRILL)
REVERSE = (*FAILED_OVER, *REPROTECT, WRITE, wait(HOUR))
FAILED_BACK = (*REVERSE, WRITE, *FAIL_BACK)
CANCELLED = (*FAILED_BACK, WRITE, *CANCEL)
REVERT_FAILS = (*REVERSE, begins("planned_failover_fails"), begins("cancel_fails"), *FAIL_BACK, WAIT_FOR_JOB)
TIMED = (*PROTECTED, fail_over(), TIME_THE_JOB)
EVERY_REASON_TIMED = (
    *TIMED,
    *(new_item({"operating_system": "linux"}), *TIMED),
    *(new_item({"dhcp": False}), *TIMED),
    *(new_item({"boot_drivers": False}), *TIMED),
)
"""The same failover of a plain machine, and of one with each reason for the additional step."""
"""The planned failover fails, the service reverts it by itself, and the revert fails too."""


# -- how it is performed ----------------------------------------------------------------------------------------


def begin(implementation: Implementation) -> Session:
    """Begin to judge an implementation by all that is judged on runs of its profile."""
    connection = Connection(implementation)
    profile = connection.hello.profile
    return Session(connection, stepper(profile), PropertyMonitors(properties_of(profile), EvidenceKind.LIVE))


def perform(
    implementation: Implementation, actions: Iterable[Action], configuration: Mapping[str, Any] = MappingProxyType({})
) -> Session:
    """Perform a walk on an implementation; every action must be one that can be done.

    Raises:
        NonConformance: it fails.
    """
    session = begin(implementation)
    session.begin(configuration)
    for action in actions:
        step = session.perform(action)
        assert not step.answer.startswith("skipped"), step
    return session
