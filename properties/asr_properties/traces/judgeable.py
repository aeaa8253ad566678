"""Which requirements a recording can put to the test at all, so that those it left open can be told."""

from __future__ import annotations

from functools import cache

from asr_model import profiles
from asr_model.requirements import CATALOGUE
from asr_properties.evidence import observation, step
from asr_properties.specification.applicability import cited_in
from asr_properties.specification.declared import properties_of
from asr_properties.specification.relations.machine_settings import SETTINGS
from asr_properties.specification.rule import EvidenceKind, Rule
from asr_properties.traces.follower import RUN_AGAIN
from asr_properties.traces.recording_rules import RULES

_CONTROLS = frozenset({"clock", "workload", "machines"})
_NEEDS = {**observation.NEEDS, **step.NEEDS}


@cache
def judgeable(profile: str) -> tuple[str, ...]:
    """The ids of the requirements that some recording of an item of this profile exercises, in the catalogue's order:
    by a transition, by a refusal, by a property of what a recording shows, or by the rules of recordings alone (of the
    settings, too)."""
    efsm = profiles.efsm(profile)
    found = {*RULES, *SETTINGS, *(cited_in(profile) & set(RUN_AGAIN))}
    for transition in efsm.transitions:
        found.update(key for key in transition.requirements if CATALOGUE[key].shown_by_transitions)
    for refusal in efsm.refusals:
        found.update(refusal.requirements)
    for rule in properties_of(profile):
        if EvidenceKind.RECORDING in rule.evidence and not _takes_a_control(rule):
            found.update(rule.credits)
    return tuple(key for key, requirement in CATALOGUE.items() if key in found and requirement.judgeable)


def _takes_a_control(rule: Rule) -> bool:
    """Whether a rule reads what only a control of an adapter shows."""
    return any(not _CONTROLS.isdisjoint(_NEEDS.get(name.removeprefix("was_"), ())) for name in rule.names)
