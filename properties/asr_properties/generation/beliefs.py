"""What the model says can be asked for now: what it accepts, and what it refuses."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

from asr_model.efsm import Event
from asr_model.profiles import stepper
from asr_model.state import State
from asr_model.vocabulary import Operation
from asr_properties.session.session import Session


class Answers(NamedTuple):
    """How the model answers in one state. Each has an operation with the arguments that are answered so."""

    accepted: Mapping[str, tuple[Event, ...]]
    refused: Mapping[str, tuple[Event, ...]]

    def accepted_values(self, operation: str, argument: str) -> tuple[str | bool, ...]:
        """The values of an argument with which an operation is accepted, the plainest first."""
        return tuple(dict.fromkeys(dict(event.arguments)[argument] for event in self.accepted.get(operation, ())))


def answers_now(session: Session) -> Answers:
    """How the model answers just now, by the first explanation of what was seen."""
    efsm = session.oracle.stepper.efsm
    return _answers(efsm.profile, session.oracle.explanations[0].state, session.surroundings)


@cache
def _answers(profile: str, state: State, holds: frozenset[str]) -> Answers:
    lifecycle = stepper(profile)
    found: dict[bool, dict[str, list[Event]]] = {True: {}, False: {}}
    for event in lifecycle.events:
        if event.is_operation and event.name != Operation.CANCEL_JOB:
            is_accepted = lifecycle.step(state, event, holds).transition is not None
            found[is_accepted].setdefault(str(event.name), []).append(event)
    return Answers(*({name: tuple(events) for name, events in found[kind].items()} for kind in (True, False)))
