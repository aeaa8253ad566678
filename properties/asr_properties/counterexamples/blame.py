"""Whether a counterexample tells of its own rule, or of something that should have been over or forgotten (X22)."""

from __future__ import annotations

from asr_properties.counterexamples.minimise import Minimal, Minimiser
from asr_properties.evidence.actions import Action
from asr_properties.specification.relations.after_faults import NEEDS_IT_OVER
from asr_properties.specification.relations.relation import Relation

FORGETS = "X22"


def outlasting(minimal: Minimal, minimiser: Minimiser) -> tuple[str, ...]:
    """The requirements to blame alone, if it takes something to fail that new_item should have made forgotten, or clear
    should have ended; else none.

    A minimal walk has no step to spare. So where it begins with another item, that one was not forgotten, unless the
    rule compares items; and where it fails just as well with a fault that ends the moment it begins, that fault lasts.
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
