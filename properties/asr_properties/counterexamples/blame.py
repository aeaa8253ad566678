"""Finds what a counterexample blames: the rule that it breaks, or something that outlasts its end (X22)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from asr_model.stepper import Stepper
from asr_model.vocabulary import Fault
from asr_properties.counterexamples.minimise import Minimal, Minimiser
from asr_properties.evidence.actions import Action
from asr_properties.session.nonconformance import NonConformance
from asr_properties.specification.relations.after_faults import NEEDS_IT_OVER
from asr_properties.specification.relations.relation import Relation

FORGETS = "X22"

_Walk = tuple[Action, ...]


def without_idle_faults(minimal: Minimal, minimiser: Minimiser, stepper: Stepper) -> Minimal:
    """The counterexample itself, or one that fails without a fault that was over by then.

    A fault that was cleared and has nothing to do with what goes wrong only comes first, or only hides it for a while.
    Leaving out both of its steps shifts the free choices of an implementation that counts its calls; so it is also
    tried to put another fault in the place of the one, which is just as many calls: then it must fail at the same step.
    """
    for place, _ in _cleared(minimal.actions):
        known = minimal.actions[place].name
        left_out = minimiser.replays(minimal.configuration, _left_out(minimal.actions, known), None)
        if left_out is not None:
            shortest = minimiser.minimise(minimal.configuration, left_out.failure)
            if shortest is None:
                return minimal
            return replace(shortest, steps_spent=minimal.steps_spent + left_out.steps_spent + shortest.steps_spent)
        for actions in _exchanged(minimal.actions, known, stepper):
            found = minimiser.replays(minimal.configuration, actions, None)
            if found is not None and found.actions[-1] == minimal.actions[-1] and len(found.actions) == len(actions):
                spent = minimal.steps_spent + found.steps_spent
                return replace(found, steps_spent=spent, complete=minimal.complete)
    return minimal


def to_blame(found: NonConformance, minimal: Minimal, minimiser: Minimiser, *, was_idle: bool) -> tuple[str, ...]:
    """The requirements to blame instead of what `found` names; none where that is to blame.

    minimal: what it was made. was_idle: whether `without_idle_faults` has left out a fault.
    """
    is_another = was_idle or not set(found.blamed[:1]) <= set(minimal.failure.blamed)
    return _outlasting(minimal, minimiser) or (minimal.failure.blamed if is_another else ())


def _outlasting(minimal: Minimal, minimiser: Minimiser) -> tuple[str, ...]:
    """The requirements to blame if the walk fails because something lasts too long; else none.

    No step of a minimal walk can be left out. So if the walk has an earlier item, new_item did not forget that one,
    unless the rule compares items. If the walk also fails when a fault ends at the moment it begins, and its going on
    would explain all that is seen, clear did not end that fault. If it would not, and what needed the fault to be over
    is among what is broken, that comes first. Nothing is concluded from a walk that is not minimal.
    """
    actions = minimal.actions
    if not minimal.complete:
        return ()
    if any(action.kind == "new_item" for action in actions) and not _compares_items(minimal):
        return (FORGETS,)
    for place, begins in _cleared(actions):
        if sum((a.kind, a.name) == ("inject", actions[place].name) for a in actions) > 1:
            continue  # which of them would go on is not clear
        rest = [a for n, a in enumerate(actions[:place]) if n not in begins]
        at_once = (*rest, Action("inject", actions[place].name, task=actions[begins[-1]].task), *actions[place:])
        later = (*at_once, actions[-1])  # what is late by an hour may need another hour to be so
        known = minimal.failure.blamed
        fails_at_once = any(minimiser.replays(minimal.configuration, walk, known) for walk in (at_once, later))
        if fails_at_once and minimiser.is_explained_by(actions[place].name, minimal.configuration, actions):
            return (FORGETS, *NEEDS_IT_OVER.get(actions[place].name, ()))
    needed = (rule for place, _ in _cleared(actions) for rule in NEEDS_IT_OVER.get(actions[place].name, ()))
    return tuple(rule for rule in needed if rule in minimal.failure.blamed)[:1]


def _cleared(actions: _Walk) -> Iterator[tuple[int, list[int]]]:
    """Where a fault ends, and where the same fault began before."""
    for place, action in enumerate(actions):
        if action.kind == "clear":
            begins = [n for n in range(place) if (actions[n].kind, actions[n].name) == ("inject", action.name)]
            if begins:
                yield place, begins


def _left_out(actions: _Walk, fault: str) -> _Walk:
    return tuple(a for a in actions if a.kind not in ("inject", "clear") or a.name != fault)


def _exchanged(actions: _Walk, fault: str, stepper: Stepper) -> Iterator[_Walk]:
    """The walk with another fault in the place of this one, of another kind first."""
    kind = {f for s in stepper.efsm.surroundings if fault in s.faults for f in s.faults}
    known = {f for s in stepper.efsm.surroundings for f in s.faults}
    for other in sorted(known - {Fault(fault)}, key=lambda f: (f in kind, f))[:2]:
        yield tuple(
            a._replace(name=str(other), task=None) if a.kind in ("inject", "clear") and a.name == fault else a
            for a in actions
        )


def _compares_items(minimal: Minimal) -> bool:
    return any(isinstance(rule, Relation) and rule.compares_items for rule in minimal.failure.broken)
