"""Every declared property and relation can be explained."""

from __future__ import annotations

import pytest

from asr_model import profiles
from asr_model.requirements import CATALOGUE
from asr_properties.cli.rule_texts import judgings, rule_texts
from asr_properties.specification.declared import PROPERTIES
from asr_reports.explain import explain
from asr_reports.rule_words import RuleText
from asr_reports.text_layout import WIDTH


def test_every_declared_rule_has_a_text():
    assert [text.name for text in rule_texts()] == [rule.name for rule in PROPERTIES]


@pytest.mark.parametrize("rule", rule_texts(), ids=lambda rule: rule.name)
def test_a_rule_is_explained_in_full(rule: RuleText):
    lines = explain(profiles.stepper(), rule.name, rule_texts()).splitlines()
    told = " ".join(" ".join(lines).split())
    assert max(map(len, lines)) <= WIDTH
    assert rule.kind
    assert rule.evidence
    assert rule.profiles
    for part in (rule.says, rule.pattern, rule.temporal):
        assert " ".join(part.split()) in told
    assert all(CATALOGUE[identifier].sentence in told for identifier in rule.requirements)


@pytest.mark.parametrize("profile", profiles.CHARTS)
def test_every_requirement_has_its_judging(profile: str):
    assert set(judgings(profile)) == set(CATALOGUE)
