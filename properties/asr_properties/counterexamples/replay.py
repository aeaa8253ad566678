"""Replays a counterexample: does its steps again on a fresh item of an implementation."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import dataclass

from asr_model.profiles import stepper
from asr_properties.contract.connection import AdapterError, Connection, Implementation
from asr_properties.counterexamples.counterexample import Counterexample
from asr_properties.evidence.step import Step
from asr_properties.session.nonconformance import NonConformance
from asr_properties.session.polling import PATIENCE
from asr_properties.session.session import Session
from asr_properties.specification.declared import properties_of
from asr_properties.specification.property_monitors import PropertyMonitors
from asr_properties.specification.rule import EvidenceKind


@dataclass(frozen=True)
class Replay:
    """What a replay showed. steps: what was done. failure: how it failed; None if it did not."""

    steps: tuple[Step, ...]
    failure: NonConformance | None


def replay(counterexample: Counterexample, factory: Callable[[], Implementation], patience: float = PATIENCE) -> Replay:
    """Do the steps of a counterexample on a fresh item of an implementation.

    patience: how many seconds a wait takes at most, where the implementation has no clock.

    Raises:
        AdapterError: the adapter is at fault, or of another profile than the counterexample.
        UnknownProfile: the counterexample is of a profile that does not exist.
    """
    exclude = counterexample.drills_exclude
    session = session_of(factory, counterexample.profile, drills_exclude=exclude, patience=patience)
    connection = session.connection
    try:
        session.begin(counterexample.configuration)
        for action in counterexample.actions:
            session.perform(action)
        session.settle()
    except NonConformance as failure:
        with contextlib.suppress(AdapterError):  # the failure was seen, whatever the adapter does now
            connection.bye()
        return Replay(failure.steps, failure)
    connection.bye()
    return Replay(tuple(session.steps), None)


def session_of(
    factory: Callable[[], Implementation], profile: str, *, drills_exclude: bool = True, patience: float = PATIENCE
) -> Session:
    """A session that judges an implementation by everything that is judged on runs of a profile.

    Raises:
        AdapterError: the adapter is at fault, or of another profile.
        UnknownProfile: there is no such profile.
    """
    rules = [p for p in properties_of(profile) if drills_exclude or "X15" not in p.requirements]
    lifecycle, connection = stepper(profile), Connection(factory())
    if (offered := connection.hello.profile) != profile:
        raise AdapterError(
            f"the adapter is of the profile {offered!r}, the counterexample of {profile!r}",
            sent="hello",
            got=f"profile={offered!r}",
            hint="its steps show nothing there: replay it on an implementation of its own profile",
        )
    monitors = PropertyMonitors(rules, EvidenceKind.LIVE, connection.offered)
    return Session(connection, lifecycle, monitors, drills_exclude=drills_exclude, patience=patience)
