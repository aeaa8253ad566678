"""The declared properties, and how requirements are judged, as the plain data that reports are made of."""

from __future__ import annotations

import re
from functools import cache

from asr_model import profiles
from asr_properties.running.requirement_status import statuses
from asr_properties.specification.declared import PROPERTIES, properties_of
from asr_properties.specification.patterns import Property
from asr_properties.specification.reachability import GraphProperty
from asr_properties.specification.relations.relation import Relation
from asr_properties.specification.remembered import Remembered
from asr_properties.specification.rule import EvidenceKind, Rule
from asr_reports.rule_words import Judging, RuleText

_EVIDENCE = {
    EvidenceKind.MODEL: "the model, exhaustively",
    EvidenceKind.LIVE: "runs",
    EvidenceKind.RECORDING: "recordings",
}


@cache
def rule_texts() -> tuple[RuleText, ...]:
    """Every declared property and relation, of all profiles."""
    return tuple(map(_rule_text, PROPERTIES))


def judgings(profile: str) -> dict[str, Judging]:
    """How each requirement of the catalogue is judged in a profile, by its id."""
    found = statuses(profiles.efsm(profile), properties_of(profile))
    return {s.requirement: Judging(s.kind, s.reason, s.properties, s.transitions) for s in found}


def _rule_text(rule: Rule) -> RuleText:
    return RuleText(
        name=rule.name,
        kind=_kind(rule),
        says=rule.says,
        requirements=rule.requirements,
        pattern=rule.pattern,
        temporal=_temporal(rule),
        profiles=tuple(p for p in profiles.CHARTS if rule.profiles is None or p in rule.profiles),
        evidence=tuple(words for kind, words in _EVIDENCE.items() if kind in rule.evidence),
    )


def _kind(rule: Rule) -> str:
    """What kind of rule it is, in words: `specification pattern: absence`."""
    name = re.sub(r"(?<!^)(?=[A-Z])", " ", type(rule).__name__).lower()
    match rule:
        case Relation():
            return "relation between concrete values (ids, records, instants)"
        case Remembered():
            return "relation with what was seen when the scope opened"
        case GraphProperty():
            return f"rule about what can be reached: {name}"
    return f"specification pattern: {name}"


def _temporal(rule: Rule) -> str:
    assert isinstance(rule, Property | GraphProperty | Relation)
    return rule.ltl
