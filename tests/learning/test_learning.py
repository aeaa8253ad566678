"""Learned machines: what conforms agrees in every step, and what is wrong differs in the broken step alone."""

from __future__ import annotations

import sys

import pytest

from asr_model import profiles
from asr_model.profiles import CHARTS
from asr_properties.adapters.loading import embedded, load
from asr_properties.contract.connection import Connection
from asr_properties.learning.abstract_model import AbstractModel
from asr_properties.learning.abstraction import AbstractItem, inputs
from asr_properties.learning.comparison import compare
from asr_properties.learning.learner import Algorithm, LearnerMissing, Nondeterministic, OutOfBudget, learn
from asr_properties.learning.picture import to_dot
from asr_reports.svg import render_svg
from wrong.implementations import WRONG

NAMED = {wrong.name: wrong for wrong in WRONG}

BROKEN = {
    "committed_twice": {("extra", "failover_committed", "commit", ())},
    "committed_in_vain": {("otherwise", "failed_over", "commit", ("phase",))},
    "kept_points": {("otherwise", "failed_over", "commit", ("recovery_points",))},
    "changed_after_commit": {("extra", "failover_committed", "change_recovery_point", ())},
    "reprotect_needs_commit": {("missing", "failed_over", "reprotect", ())},
    "source_left_on": {
        ("otherwise", "failed_over", "reprotect", ("on_premises machine",)),
        ("otherwise", "failover_committed", "reprotect", ("on_premises machine",)),
    },
    "cancel_refused": {("missing", "failed_back", "cancel_failover", ())},
    "azure_left_off": {("otherwise", "failed_back", "cancel_failover", ("azure machine",))},
    "not_started": {("otherwise", "protected", "fail_over", ("azure machine",))},
    "drill_not_cleaned_up": {("otherwise", "protected", "clean_up_test_failover", ("drill",))},
    "cancel_listed_in_reverse": {("otherwise", "failover_committed", "reprotect", ("allowed_operations",))},
    "failback_needs_shutdown_asked": {("missing", "reverse_protected", "fail_over", ())},
    "commit_of_a_failback_keeps_azure": {("otherwise", "failed_back", "commit", ("azure machine",))},
}
"""The steps that are broken, and the fields that show it."""


def learned(factory, profile="modernized", **options):
    stepper = profiles.stepper(profile)
    model, asked = AbstractModel(stepper), inputs(stepper.efsm)
    item = AbstractItem(Connection(factory()), stepper.efsm, patience=1.0)
    machine = learn(item, asked, first=model.walks(asked), **options)
    return compare(machine, model, profiles.lts(profile))


@pytest.mark.parametrize("algorithm", Algorithm)
@pytest.mark.parametrize("profile", CHARTS)
def test_the_reference_agrees_in_every_step(profile, algorithm):
    found = learned(load(embedded(profile)), profile, algorithm=algorithm)
    assert found.differences == ()
    assert found.unreached == 0
    assert found.agreeing == len(found.machine.steps) * len(found.machine.inputs)
    assert len(found.machine.steps) >= 10


@pytest.mark.parametrize("profile", CHARTS)
def test_so_does_the_chart(profile):
    found = learned(load("model", profile=profile), profile)
    assert found.differences == ()


@pytest.mark.parametrize("name", BROKEN)
def test_a_wrong_implementation_differs_in_the_broken_step_alone(name):
    wrong = NAMED[name]
    found = learned(wrong.factory, wrong.profile)
    told = {
        (d.kind.value, d.phase, d.step.name, tuple(field.split(": ")[0] for field in d.fields if d.kind == "otherwise"))
        for d in found.differences
    }
    told = {(kind, phase, step, fields[:1]) for kind, phase, step, fields in told}
    assert told == BROKEN[name]
    assert found.agreeing + len(found.differences) + found.unreached == len(found.machine.steps) * len(
        found.machine.inputs
    )


def test_a_difference_is_shown_by_the_shortest_inputs():
    (first, *_) = learned(NAMED["committed_twice"].factory).differences
    assert [event.name for event in first.asked] == ["enable_replication", "fail_over", "commit", "commit"]
    assert first.allowed == ("refused  [failover_committed]",)
    assert first.requirements[0] == "R41"


def test_what_answers_the_same_inputs_differently_is_nondeterministic():
    with pytest.raises(Nondeterministic) as found:
        learned(NAMED["lasting_service"].factory)
    assert found.value.first != found.value.then
    assert found.value.asked


def test_no_more_is_asked_than_may_be():
    with pytest.raises(OutOfBudget):
        learned(load(embedded("modernized")), most=100)


def test_what_was_looked_for_is_told():
    found = learned(load(embedded("modernized")))
    assert found.machine.states_checked == len(found.machine.steps)


def test_without_aalpy_it_is_told_what_to_install(monkeypatch):
    for name in [name for name in sys.modules if name.split(".")[0] == "aalpy"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "aalpy", None)
    with pytest.raises(LearnerMissing, match=r"pip install 'asr-conformance\[learn\]'"):
        learned(load(embedded("modernized")))


def test_the_picture_marks_the_broken_step_and_no_other():
    dot = to_dot(learned(NAMED["kept_points"].factory))
    marked = [line for line in dot.splitlines() if "#b3261e" in line]
    assert len(marked) == 2  # from both states in which a failover can be: the source on, and off
    assert all("commit accepted (otherwise)" in line for line in marked)
    assert render_svg(dot).startswith("<svg")
    assert "#b3261e" not in to_dot(learned(load(embedded("modernized"))))
