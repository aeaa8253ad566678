"""The properties hold on the model, and each of them can fail."""

from __future__ import annotations

import pytest

from asr_model.lts import enumerate_lts
from asr_model.profiles import CHARTS, efsm, lts
from asr_model.requirements import CATALOGUE
from asr_model.stepper import Stepper
from asr_properties.model_checking.model_checker import ModelChecker
from asr_properties.specification.declared import PROPERTIES, properties_of
from asr_properties.specification.rule import EvidenceKind
from properties.breaking import BREAKING, ONLY_CLASSIC

#: Each property is broken on one profile: what both share, on the modernized one.
EVERY_BREAK = [("modernized", name) for name in BREAKING["modernized"]] + [("classic", name) for name in ONLY_CLASSIC]


def on_model(profile):
    return [p for p in properties_of(profile) if EvidenceKind.MODEL in p.evidence]


def failing(changed, properties=None):
    checker = ModelChecker(enumerate_lts(Stepper(changed)))
    verdicts = checker.check(properties_of(changed.profile) if properties is None else properties)
    return {verdict.judged.name: verdict for verdict in verdicts if not verdict.holds}


@pytest.mark.parametrize("profile", CHARTS)
def test_every_property_holds_on_its_model_and_is_put_to_the_test(profile):
    verdicts = list(ModelChecker(lts(profile)).check(properties_of(profile)))
    assert [v.judged.name for v in verdicts if not v.holds] == []
    assert len(verdicts) == len(on_model(profile))


@pytest.mark.parametrize("profile", CHARTS)
def test_every_property_on_the_model_has_a_change_that_breaks_it(profile):
    assert set(BREAKING[profile]) == {p.name for p in on_model(profile)}


@pytest.mark.parametrize(("profile", "name"), EVERY_BREAK)
def test_a_broken_model_fails_the_property_it_breaks(profile, name):
    broken = [p for p in properties_of(profile) if p.name == name]
    assert set(failing(BREAKING[profile][name](efsm(profile)), broken)) == {name}


@pytest.mark.parametrize(
    ("profile", "name"),
    [pytest.param(*each, marks=pytest.mark.long if n % 15 else ()) for n, each in enumerate(EVERY_BREAK)],
)
def test_a_broken_model_fails_exactly_the_property_it_breaks(profile, name):
    assert set(failing(BREAKING[profile][name](efsm(profile)))) == {name}


def test_a_counterexample_is_a_shortest_path_of_the_broken_model():
    (verdict,) = failing(BREAKING["modernized"]["failover_to_azure_cannot_be_cancelled"](efsm())).values()
    events = [edge.event.name for edge in verdict.counterexample]
    assert events == [
        "enable_replication",
        "enabling_succeeds",
        "initial_replication_completes",
        "first_recovery_point_created",
        "fail_over",
        "cancel_failover",
    ]
    assert verdict.counterexample[-1].response == "accepted"


def test_a_property_that_is_never_put_to_the_test_does_not_hold():
    changed = efsm().without(*(t.id for t in efsm().transitions if t.event == "planned_failover"))
    vacuous = failing(changed)["failback_serves_on_premises"]
    assert vacuous.counterexample is None
    assert vacuous.exercised == 0


@pytest.mark.parametrize("candidate", PROPERTIES, ids=lambda p: p.name)
def test_every_property_cites_requirements_and_reads_as_a_sentence(candidate):
    assert candidate.requirements
    assert set(candidate.requirements) <= set(CATALOGUE)
    assert candidate.pattern.endswith(".")
    assert candidate.ltl
    assert candidate.says[0].islower()


@pytest.mark.parametrize("profile", CHARTS)
def test_names_are_unique_within_a_profile(profile):
    names = [p.name for p in properties_of(profile)]
    assert len(set(names)) == len(names)


def test_every_property_is_a_rule_of_some_profile():
    assert {p for profile in CHARTS for p in properties_of(profile)} == set(PROPERTIES)
