"""All mutants of a profile, in a fixed order, each behaviour once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import cache

from asr_model import profiles
from asr_model.efsm import Efsm
from asr_model.mutants.answers import missing_refusals, wrong_observations, wrong_responses
from asr_model.mutants.guards import guards_off_by_one, negated_guards, weakened_guards
from asr_model.mutants.mutant import Mutant, Operator
from asr_model.mutants.transitions import changed_updates, dropped_updates, missing_transitions, wrong_targets

VISITS = (1, 2)
"""Extra states: a mistake is made only after so many visits."""


def extra_states(efsm: Efsm) -> Iterator[Mutant]:
    """Copies of a phase, or of a state of the drill, that are right for the first visits: after these, a transition
    that leaves it is missing or makes no update, or an operation that it must refuse is accepted."""
    for visits in VISITS:
        for base in (*missing_transitions(efsm), *dropped_updates(efsm), *missing_refusals(efsm)):
            changed = base.gone or base.added
            assert changed is not None
            place = changed.source
            times = "visit" if visits == 1 else "visits"
            yield replace(
                base,
                operator=Operator.EXTRA_STATES,
                name=f"{Operator.EXTRA_STATES}: {visits}: {base.name}",
                what=f"after {visits} {times} to {place}: {base.what}",
                place=place,
                visits=visits,
            )


OPERATORS: Mapping[Operator, Callable[[Efsm], Iterator[Mutant]]] = {
    Operator.TRANSITION_MISSING: missing_transitions,
    Operator.REFUSAL_MISSING: missing_refusals,
    Operator.WRONG_TARGET: wrong_targets,
    Operator.GUARD_NEGATED: negated_guards,
    Operator.GUARD_WEAKENED: weakened_guards,
    Operator.GUARD_OFF_BY_ONE: guards_off_by_one,
    Operator.UPDATE_DROPPED: dropped_updates,
    Operator.UPDATE_CHANGED: changed_updates,
    Operator.WRONG_OBSERVATION: wrong_observations,
    Operator.WRONG_RESPONSE: wrong_responses,
    Operator.EXTRA_STATES: extra_states,
}
"""What makes the mutants of each operator."""


@cache
def every_mutant(profile: str) -> tuple[Mutant, ...]:
    """All mutants of a profile. Two with the same name differ in nothing, and are one.

    Raises:
        UnknownProfile: there is no such profile.
    """
    efsm = profiles.efsm(profile)
    return tuple({m.name: m for make in OPERATORS.values() for m in make(efsm)}.values())
