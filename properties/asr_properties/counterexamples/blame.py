"""Finds what a counterexample blames: the rule that it breaks, or something that outlasts its end (X22)."""

from __future__ import annotations

from asr_properties.counterexamples.minimise import Minimal, Minimiser
from asr_properties.evidence.actions import Action
from asr_properties.specification.relations.after_faults import NEEDS_IT_OVER
from asr_properties.specification.relations.relation import Relation

FORGETS = "X22"


def outlasting(minimal: Minimal, minimiser: Minimiser) -> tuple[str, ...]:
    """The requirements to blame instead of the broken rule: the walk fails because something lasts too long; else none.

    No step of a minimal walk can be left out. So if the walk has an earlier item, new_item did not forget that one,
    unless the rule compares items. If the walk also fails when a fault ends at the moment it begins, clear did not end
    that fault.
    """
    actions = minimal.actions
    if any(action.kind == "new_item" for action in actions) and not _compares_items(minimal):
        return (FORGETS,)
    for place, action in enumerate(actions):
        if action.kind == "clear":
            begins = [n for n in range(place) if (actions[n].kind, actions[n].name) == ("inject", action.name)]
            if not begins:
                continue
            rest = [a for n, a in enumerate(actions[:place]) if n not in begins]
            at_once = (*rest, Action("inject", action.name, task=actions[begins[-1]].task), *actions[place:])
            if minimiser.replays(minimal.configuration, at_once, minimal.failure.blamed[:1]) is not None:
                return (FORGETS, *NEEDS_IT_OVER.get(action.name, ()))
    return ()


def _compares_items(minimal: Minimal) -> bool:
    return any(isinstance(rule, Relation) and rule.compares_items for rule in minimal.failure.broken)
