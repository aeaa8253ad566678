"""What the transitions that an item of a recording certainly took put to the test."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from asr_model.blame import OF_ARGUMENTS
from asr_model.efsm import Efsm, Transition
from asr_model.requirements import CATALOGUE
from asr_model.vocabulary import JobEnd, Operation


def credited_by_transitions(efsm: Efsm, taken: Mapping[str, int], untold: Mapping[str, int]) -> Counter[str]:
    """How often each requirement was put to the test.

    An operation whose job is not certain to have succeeded shows nothing: it may have failed, and left the item as it
    was (contract 1).

    taken: how often each transition was taken for certain. untold: how often each operation was asked for, and its
    recovery point was not recorded.
    """
    credited: Counter[str] = Counter()
    for identifier, times in taken.items():
        transition = efsm.transition(identifier)
        for requirement in transition.requirements:
            if CATALOGUE[requirement].shown_by_transitions:
                shown = min(times, _successes(efsm, transition, taken))
                credited[requirement] += shown - (untold.get(transition.event, 0) if requirement in OF_ARGUMENTS else 0)
    return +credited


def succeeded(efsm: Efsm, taken: Mapping[str, int], operation: Operation) -> int:
    """How often an operation certainly began, and its job succeeded."""
    begun = [efsm.transition(identifier) for identifier in taken]
    return sum(min(taken[t.id], _successes(efsm, t, taken)) for t in begun if t.event == operation)


def _successes(efsm: Efsm, transition: Transition, taken: Mapping[str, int]) -> int:
    """How often the job that a transition begins has succeeded; where it begins none, how often it was taken."""
    after = [t for t in efsm.transitions if t.variable == transition.variable and t.source == transition.target]
    ends = [t for t in after if t.ends is JobEnd.SUCCEEDED]
    if not ends or transition.event not in tuple(Operation) or transition.event == Operation.CANCEL_JOB:
        return taken[transition.id]
    return sum(taken.get(t.id, 0) for t in ends)
