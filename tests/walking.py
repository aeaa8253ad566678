"""Walks written down for single rules: a few actions, performed on one implementation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from asr_model.profiles import stepper
from asr_properties.contract.connection import Connection, Implementation
from asr_properties.evidence.actions import WAIT_FOR_JOB, WRITE, Action, request, wait
from asr_properties.session.session import Session
from asr_properties.specification.declared import properties_of
from asr_properties.specification.property_monitors import PropertyMonitors
from asr_properties.specification.rule import EvidenceKind

MINUTE, HOUR, DAY = 60.0, 3600.0, 86_400.0

PROTECTED = (request("enable_replication"), WAIT_FOR_JOB, wait(2 * HOUR))


def fail_over(point: str = "latest", *, shut_down: bool = True, pick: int = 0) -> Action:
    """Ask for a failover."""
    return request("fail_over", recovery_point=point, shut_down_source=shut_down)._replace(pick=pick)


def failing_over(point: str, pick: int = 0) -> tuple[Action, ...]:
    """From a fresh item to a failover that has ended, with a record received but not processed at its trigger."""
    return (*PROTECTED, WRITE, wait(90), fail_over(point, pick=pick), WAIT_FOR_JOB)


REVERSE = (*failing_over("latest"), request("reprotect"), WAIT_FOR_JOB, wait(2 * HOUR), WRITE, wait(HOUR))
CHANGED = (
    *failing_over("latest"),
    request("change_recovery_point", recovery_point="listed")._replace(pick=3),
    WAIT_FOR_JOB,
)


def begin(implementation: Implementation, profile: str = "modernized") -> Session:
    """Begin to judge an implementation by all that is judged on runs."""
    monitors = PropertyMonitors(properties_of(profile), EvidenceKind.LIVE)
    return Session(Connection(implementation), stepper(profile), monitors)


def perform(
    implementation: Implementation,
    actions: Iterable[Action],
    configuration: Mapping[str, Any],
    profile: str = "modernized",
) -> Session:
    """Perform a walk on an implementation; every action must be one that can be done.

    Raises:
        NonConformance: it fails.
    """
    session = begin(implementation, profile)
    session.begin(configuration)
    for action in actions:
        step = session.perform(action)
        assert not step.answer.startswith("skipped"), step
    return session
