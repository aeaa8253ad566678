"""What a state of the model lists as allowed operations (contract 2)."""

from __future__ import annotations

from collections.abc import Collection, Set
from functools import cache
from typing import NamedTuple

from asr_model.state import State
from asr_model.stepper import Stepper
from asr_model.vocabulary import Operation


class Listed(NamedTuple):
    """The operations that a state lists as allowed: those it lists for certain, and those it may list or not."""

    certain: frozenset[str]
    optional: frozenset[str]

    @property
    def all(self) -> frozenset[str]:
        """Everything that may be listed."""
        return self.certain | self.optional

    def __str__(self) -> str:
        certain = ", ".join(sorted(self.certain)) or "nothing"
        return f"{certain} (optional: {', '.join(sorted(self.optional))})" if self.optional else certain


LISTABLE = tuple(operation for operation in Operation if operation is not Operation.CANCEL_JOB)


def listed(
    stepper: Stepper, state: State, operations: Collection[str] = LISTABLE, surroundings: Set[str] = frozenset()
) -> Listed:
    """What `state` lists of these operations: one for certain if some arguments make it accepted in these surroundings;
    if the implementation may refuse it even so, listing it is optional.

    Transitional phases and a drill that runs or is cleaned up list nothing (contract 2).
    """
    facts = stepper.efsm.phases[state.phase]
    if not facts.steady or stepper.efsm.drills[state.drill].settles_within is not None:
        return Listed(frozenset(), frozenset())
    outcomes = [
        (event.name, stepper.step(state, event, surroundings)) for event in stepper.events if event.name in operations
    ]
    accepted = {name for name, outcome in outcomes if outcome.transition is not None}
    certain = {name for name, outcome in outcomes if outcome.transition is not None and not outcome.may_refuse}
    return Listed(frozenset(certain), frozenset(accepted - certain))


@cache
def never_certain(stepper: Stepper, states: tuple[State, ...]) -> frozenset[str]:
    """The operations that none of these states lists for certain: an implementation need not have them."""
    certain = (listed(stepper, state).certain for state in states)
    return frozenset(LISTABLE).difference(*certain)
