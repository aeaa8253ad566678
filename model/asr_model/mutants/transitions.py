"""Transitions that are missing or lead elsewhere, and updates that are not made or assign something else."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import replace

from asr_model.efsm import Efsm, Transition
from asr_model.mutants.mutant import Mutant, Operator
from asr_model.state import Value

MOST_VALUES = 5
"""An update is changed to every other value of a variable with so many values at most: that keeps out `before`, which
can be any phase."""


def changed(operator: Operator, gone: Transition, added: Transition | None, what: str, part: str = "") -> Mutant:
    """The mutant in which one transition is changed, or missing."""
    name = f"{operator}: {gone.id}: {what}" if added is not None else f"{operator}: {gone.id}"
    return Mutant(operator, name, f"{gone.id}: {what}", gone.requirements, gone, added, part)


def missing_transitions(efsm: Efsm) -> Iterator[Mutant]:
    """Each transition is missing."""
    for transition in efsm.transitions:
        yield changed(Operator.TRANSITION_MISSING, transition, None, "is missing")


def wrong_targets(efsm: Efsm) -> Iterator[Mutant]:
    """Each transition leads to each other state of its region."""
    for transition in efsm.transitions:
        for target in efsm.domains[transition.variable]:
            if target != transition.target:
                wrong = replace(transition, target=str(target))
                yield changed(Operator.WRONG_TARGET, transition, wrong, f"leads to {target}")


def dropped_updates(efsm: Efsm) -> Iterator[Mutant]:
    """Each update of each transition is left out."""
    for transition in efsm.transitions:
        for name, value in transition.updates:
            left = tuple(update for update in transition.updates if update[0] != name)
            what = f"{name} = {value} is left out"
            wrong = replace(transition, updates=left)
            yield changed(Operator.UPDATE_DROPPED, transition, wrong, what, f"{name} = {value}")


def changed_updates(efsm: Efsm) -> Iterator[Mutant]:
    """Each update of each transition assigns each other value of its variable."""
    for transition in efsm.transitions:
        for name, text in transition.updates:
            domain = efsm.domains[name]
            for value in domain if len(domain) <= MOST_VALUES else ():
                if value != _literal(text):
                    updates = tuple((n, repr(value) if n == name else t) for n, t in transition.updates)
                    what = f"{name} = {value!r} in place of {text}"
                    wrong = replace(transition, updates=updates)
                    yield changed(Operator.UPDATE_CHANGED, transition, wrong, what, f"{name} = {text}")


def _literal(text: str) -> Value | None:
    """The value of an update that assigns a literal; None where it assigns another variable's."""
    tree = ast.parse(text, mode="eval").body
    return tree.value if isinstance(tree, ast.Constant) else None  # type: ignore[return-value]
