"""The page to explore the lifecycle with: every state of the model, and a script that shows one after the other.

The script knows no rule: what is possible, what holds and which way is best stands in the page.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from asr_model.requirements import CATALOGUE
from asr_model.state import variables
from asr_reports.exploration import Choice, Exploration, Guard, Refusal, conditions_in_words, state_value
from asr_reports.guards_in_words import update_in_words, words
from asr_reports.html.lifecycle_map import drawing, facts_of
from asr_reports.html.page import render
from asr_reports.state_graph import state_graph


def to_html(explorations: Mapping[str, Exploration], profile: str) -> str:
    """The page of some lifecycles, by profile. profile: the one that is shown first."""
    data = {
        "first": profile,
        "profiles": {name: _lifecycle(one) for name, one in explorations.items()},
        "requirements": {
            one.id: {"sentence": one.sentence, "section": one.section, "evidence": one.evidence.value}
            for one in CATALOGUE.values()
        },
        "variables": [{"title": words(name), "meaning": meaning} for name, meaning in variables().items()],
    }
    maps = {name: Markup(drawing(one.efsm, None)) for name, one in explorations.items()}
    return render("explorer.html.j2", "explorer.js", data=data, maps=maps, profile=profile)


def _lifecycle(one: Exploration) -> dict[str, Any]:
    """A lifecycle as plain data; transitions and states are named by their places in the lists."""
    numbers = {transition.id: number for number, transition in enumerate(one.efsm.transitions)}
    places = [one.place(number) for number in range(len(one.lts.states))]
    return {
        "goals": [{"name": name, "title": words(name)} for name in one.goals],
        "facts": {node.name: facts_of(node) for node in state_graph(one.efsm).nodes},
        "transitions": [
            {
                "event": words(transition.event),
                "target": words(transition.target),
                "stays": transition.source == transition.target,
                "then": [update_in_words(name, value) for name, value in transition.updates],
                "requirements": transition.requirements,
            }
            for transition in one.efsm.transitions
        ],
        "states": [
            {
                "phase": place.state.phase,
                "drill": place.state.drill,
                "values": [state_value(value) for value in place.state],
                "choices": [_choice(one, name, choice, numbers) for name, choice in one.named(place.number)],
                "refusals": [_refusal(one, refusal) for refusal in place.refusals],
                "guards": [_guard(guard, numbers) for guard in place.guards],
            }
            for place in places
        ],
        "ways": {goal: one.steps_to(goal) for goal in one.goals},
    }


def _choice(one: Exploration, name: str, choice: Choice, numbers: Mapping[str, int]) -> dict[str, Any]:
    return {
        "name": name,
        "said": choice.said,
        "kind": choice.kind.value,
        "trouble": choice.is_trouble,
        "refusable": choice.refusable,
        "transition": numbers[choice.transition.id],
        "target": choice.target,
        "conditions": conditions_in_words(one.efsm, choice.conditions),
    }


def _refusal(one: Exploration, refusal: Refusal) -> dict[str, Any]:
    conditions = conditions_in_words(one.efsm, refusal.conditions)
    return {"said": refusal.said, "conditions": conditions, "requirements": refusal.requirements}


def _guard(guard: Guard, numbers: Mapping[str, int]) -> dict[str, Any]:
    return {"transition": numbers[guard.transition.id], "holds": guard.holds, "parts": guard.parts}
