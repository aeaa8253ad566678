"""Finds what a counterexample blames: the rule that it breaks, or something that outlasts its end (X22)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations

from asr_model.stepper import Stepper
from asr_model.vocabulary import ARGUMENTS, Fault, Operation
from asr_properties.counterexamples.minimise import SHORT_ENOUGH_FOR_PAIRS, Minimal, Minimiser
from asr_properties.evidence.actions import Action
from asr_properties.specification.relations.after_faults import NEEDS_IT_OVER
from asr_properties.specification.relations.relation import Relation

FORGETS = "X22"

_Walk = tuple[Action, ...]


def simplest(minimal: Minimal, minimiser: Minimiser, stepper: Stepper) -> Minimal:
    """The counterexample itself, or a simpler one with the same departure, whatever rule that one breaks.

    A minimal walk has no shorter one that breaks the same rule. If what is seen at its end is seen without some of its
    steps, or with plainer arguments, these are not the cause, and no rule about them is to blame.
    """
    for actions in _simpler(minimal.actions):
        found = minimiser.replays(minimal.configuration, actions, None)
        if found is not None and len(found.actions) == len(actions) and found.failure.what == minimal.failure.what:
            known = replace(found, steps_spent=minimal.steps_spent + found.steps_spent, complete=minimal.complete)
            return simplest(known, minimiser, stepper)
    return without_idle_faults(minimal, minimiser, stepper)


def _simpler(actions: _Walk) -> Iterator[_Walk]:
    """The walk with the plainest arguments in one step, and without one or two steps but its last."""
    for place, action in enumerate(actions):
        if (plain := _plain(action)) != action:
            yield (*actions[:place], plain, *actions[place + 1 :])
    if len(actions) <= SHORT_ENOUGH_FOR_PAIRS:
        for count in (1, 2):
            for left_out in combinations(range(len(actions) - 1), count):
                yield tuple(action for place, action in enumerate(actions) if place not in left_out)


def _plain(action: Action) -> Action:
    """The action with the first of the declared words for each argument that has one of them."""
    if action.kind != "request" or Operation(action.name) not in ARGUMENTS:
        return action
    options = ARGUMENTS[Operation(action.name)]
    given = {key: options[key][0] if value in options.get(key, ()) else value for key, value in action.arguments}
    given |= {key: value for key, value in action.arguments if isinstance(value, bool)}
    return action._replace(arguments=tuple(given.items()))


def without_idle_faults(minimal: Minimal, minimiser: Minimiser, stepper: Stepper) -> Minimal:
    """The counterexample itself, or one that fails at the same step without a fault that was over by then.

    A fault that was cleared and has nothing to do with what goes wrong only comes first. Leaving out both of its steps
    shifts the free choices of an implementation that counts its calls; so it is also tried to put another fault in the
    place of the one, which is just as many calls.
    """
    for place, _ in _cleared(minimal.actions):
        known = minimal.actions[place].name
        for actions in (_left_out(minimal.actions, known), *_exchanged(minimal.actions, known, stepper)):
            found = minimiser.replays(minimal.configuration, actions, None)
            if found is not None and found.actions[-1] == minimal.actions[-1] and len(found.actions) == len(actions):
                spent = minimal.steps_spent + found.steps_spent
                return replace(found, steps_spent=spent, complete=minimal.complete)
    return minimal


def to_blame(minimal: Minimal, minimiser: Minimiser, *, was_simplified: bool) -> tuple[str, ...]:
    """The requirements to blame instead of the broken rule; none where that rule is to blame.

    was_simplified: whether it is another walk than the one that was found, which may break another rule.
    """
    return _outlasting(minimal, minimiser) or (minimal.failure.blamed if was_simplified else ())


def _outlasting(minimal: Minimal, minimiser: Minimiser) -> tuple[str, ...]:
    """The requirements to blame if the walk fails because something lasts too long; else none.

    No step of a minimal walk can be left out. So if the walk has an earlier item, new_item did not forget that one,
    unless the rule compares items. If the walk also fails when a fault ends at the moment it begins, clear did not end
    that fault. If it does not, and what needed the fault to be over is among what is broken, that comes first.
    """
    actions = minimal.actions
    if any(action.kind == "new_item" for action in actions) and not _compares_items(minimal):
        return (FORGETS,)
    for place, begins in _cleared(actions):
        rest = [a for n, a in enumerate(actions[:place]) if n not in begins]
        at_once = (*rest, Action("inject", actions[place].name, task=actions[begins[-1]].task), *actions[place:])
        if minimiser.replays(minimal.configuration, at_once, minimal.failure.blamed[:1]) is not None:
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
