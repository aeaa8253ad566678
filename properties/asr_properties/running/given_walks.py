"""Walks that somebody has planned, in the place of those that engines make."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from time import monotonic
from typing import Any, NamedTuple, Protocol

from asr_model.stepper import Stepper
from asr_properties.evidence.actions import Action
from asr_properties.oracle.explanation import Explanation
from asr_properties.running.run_memory import RunMemory
from asr_properties.session.nonconformance import NonConformance
from asr_properties.session.session import Session
from asr_properties.session.tries import asked_by


class GivenWalk(NamedTuple):
    """A walk on a fresh item. number: its name among all."""

    number: int
    configuration: Mapping[str, Any]
    actions: tuple[Action, ...]


class GivenWalks(Protocol):
    """Walks, and what is to be kept of them."""

    def left(self) -> Iterable[GivenWalk]:
        """Those that are still to be done, in their order."""

    def keep(self, memory: RunMemory, done: int | None) -> None:
        """Keep what this session has seen. done: the walk that has just come to its end, if one has."""

    def took(self, operation: str, minutes: float) -> None:
        """An operation took so long, in real time, until the next one was asked for."""

    def earlier(self) -> Iterable[RunMemory]:
        """What other sessions have seen."""


def do_given(
    given: GivenWalks,
    session: Session,
    go_on: Callable[[], bool],
    failed: Callable[[NonConformance], None],
    memory: Callable[[], RunMemory],
) -> None:
    """Do each walk that is left while `go_on()`, and keep what was seen after each. One that fails is passed to
    `failed`, and has come to its end.

    Raises:
        AdapterError: the adapter is at fault.
    """
    for walk in given.left():
        if not go_on():
            return
        try:
            _do(walk, session, given.took)
        except NonConformance as failure:
            try:
                failed(failure)
            finally:
                given.keep(memory(), walk.number)
        else:
            given.keep(memory(), walk.number)


def _do(walk: GivenWalk, session: Session, took: Callable[[str, float], None]) -> None:
    """Do a walk, and tell how long each operation took that was done. A virtual clock tells nothing of that."""
    session.begin(walk.configuration)
    since, running = monotonic(), ""
    for action in walk.actions:
        is_asked = action.kind in ("request", "cancel_job")
        if is_asked and running:
            took(running, (monotonic() - since) / 60)
            running = ""
        begun, before = monotonic(), session.oracle.explanations
        step = session.perform(action)
        is_measured = is_asked and step.answer == "accepted" and not session.connection.has_clock
        if is_measured and any(may_be_done(session.oracle.stepper, each, action) for each in before):
            since, running = begun, str(asked_by(action).name)
    session.settle()
    if running:
        took(running, (monotonic() - since) / 60)


def may_be_done(stepper: Stepper, explanation: Explanation, action: Action) -> bool:
    """Whether the model does what an action asks for, where this explains the item: else its job can only refuse it."""
    name = asked_by(action).name
    events = [event for event in stepper.events if event.name == name]
    return any(stepper.step(explanation.state, event).transition is not None for event in events)
