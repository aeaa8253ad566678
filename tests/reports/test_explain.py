"""Explanations: every word of the lifecycle has one, and it names the rules it rests on."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from asr_model import profiles
from asr_model.efsm import Efsm
from asr_model.requirements import CATALOGUE, Check
from asr_model.stepper import Stepper
from asr_model.vocabulary import ARGUMENTS, Fault, Operation
from asr_reports.explain import KINDS, UnknownWord, explain, known_words
from asr_reports.guards_in_words import event_in_words, in_words, update_in_words
from asr_reports.rule_words import CHECKS, Judging, RuleText
from asr_reports.text_layout import WIDTH

EFSM = profiles.efsm()


def section(text: str, title: str) -> str:
    """The lines under a title, as one line."""
    (found,) = [block for block in text.split("\n\n") if block.startswith(f"{title}\n")]
    return " ".join(found.removeprefix(title).split())


@pytest.mark.parametrize("word", known_words(EFSM))
def test_every_word_is_explained_within_the_width(stepper: Stepper, word: str):
    text = explain(stepper, word)
    assert text.lower().startswith(f"{word}: ".lower())  # a phase may be called as its protectionState
    assert text.endswith("\n")
    assert max(map(len, text.splitlines())) <= WIDTH
    assert set(re.findall(r"\b[RX]\d\d\b", text)) <= set(CATALOGUE)


@pytest.mark.parametrize("word", [*EFSM.phases, *EFSM.drills, *Operation])
def test_every_requirement_that_is_named_is_quoted(stepper: Stepper, word: str):
    text = explain(stepper, word)
    above, _, below = text.partition("\nRequirements\n")
    named = set(re.findall(r"\b[RX]\d\d\b", above))
    quoted = set(re.findall(r"^  ([RX]\d\d)  ", below, re.MULTILINE))
    assert named
    assert named == quoted
    flat = " ".join(below.split())
    assert all(CATALOGUE[identifier].sentence in flat for identifier in quoted)


@pytest.mark.parametrize("phase", EFSM.phases)
def test_every_operation_is_allowed_or_refused_in_every_phase(stepper: Stepper, phase: str):
    text = explain(stepper, phase)
    said = section(text, "Allowed") + " " + section(text, "Refused")
    assert [operation for operation in Operation if operation not in said] == []


CLASSIC = profiles.stepper("classic")


@pytest.mark.parametrize("word", [*CLASSIC.efsm.phases, *CLASSIC.efsm.drills, *Operation])
def test_classic_tells_of_nothing_that_only_the_modernized_lifecycle_has(word: str):
    text = explain(CLASSIC, word)
    assert [phase for phase in EFSM.phases if phase not in CLASSIC.efsm.phases and phase in text] == []
    if word != "planned_failover":
        assert "planned_failover" not in text
    if word != "cancel_failover" and "cancel_failover" in text:  # it is told of where a rule forbids it
        assert re.search("cancel_failover.*: (R75|R76, R77)", section(text, "Refused"))


@pytest.mark.parametrize("lacking", ["planned_failover", "cancel_failover"])
def test_an_operation_that_a_lifecycle_does_not_have_is_told_so(lacking: str):
    assert section(explain(CLASSIC, lacking), "Accepted") == "never: this lifecycle does not have it"


@pytest.mark.parametrize("phase", EFSM.phases)
def test_every_transition_that_leaves_a_phase_is_told(stepper: Stepper, efsm: Efsm, phase: str):
    text = explain(stepper, phase)
    told = section(text, "Allowed") + " " + section(text, "By itself")
    for transition in efsm.transitions:
        if transition.source == phase:
            where = "stays there" if transition.target == phase else f"-> {transition.target}"
            assert f"{transition.event} {where}" in told


def test_a_phase_tells_what_it_is(stepper: Stepper):
    lines = explain(stepper, "failed_over").splitlines()
    assert lines[:8] == [
        "failed_over: a phase of the modernized lifecycle",
        "  steady: no lifecycle job runs",
        "  group:           towards Azure",
        "  serving site:    Azure",
        "  replication:     none",
        "  instanceType:    InMageRcm",
        "  protectionState: UnplannedFailoverCommitPendingStatesBegin",
        "  known how:       observed in recorded traffic of the service",
    ]


def test_refusals_name_the_more_special_rule(stepper: Stepper):
    refused = section(explain(stepper, "failover_committed"), "Refused")
    assert "cancel_failover: R76, R77" in refused
    assert "change_recovery_point: R38, X03" in refused
    assert "commit: R41, X03" in refused


def test_what_is_left_open_is_told(stepper: Stepper):
    assert "cancel_failover may be refused in any case" in section(explain(stepper, "failing_back"), "Left open")
    assert section(explain(stepper, "failover_aborted"), "Left open") == (
        "disable_replication may be refused if a resynchronize job runs"
    )


def test_an_operation_tells_its_arguments_and_where_it_is_accepted(stepper: Stepper):
    text = explain(stepper, "planned_failover")
    assert "recovery_point_type: crash_consistent, app_consistent" in text
    assert "planned_failover -> failing_back from reverse_protected;" in section(text, "Accepted")
    assert "if the phase is 'failed_back': R94, X04" in section(text, "Refused")
    assert "impaired: appliance" in section(text, "Surroundings")


RULE = RuleText(
    name="points_gone",
    kind="specification pattern: absence",
    says="After commit no other point is listed.",
    requirements=("R38", "X03"),
    pattern="After [phase == 'failover_committed'], it is never the case that [points != 'none'].",
    temporal="G((phase == 'failover_committed') -> G(!(points != 'none')))",
    profiles=("modernized",),
    evidence=("the model, exhaustively", "runs"),
)


def test_a_requirement_tells_who_cites_it_and_who_judges_it(stepper: Stepper):
    commit = "commit_succeeds: committing_failover -> failover_committed"
    judging = Judging("on model, runs", "properties points_gone", ("points_gone",), (commit,))
    text = explain(stepper, "R38", (RULE,), {"R38": judging})
    assert text.startswith(f"R38: {CATALOGUE['R38'].sentence}")
    assert "can be checked:  by a trace of requests and answers" in text
    assert "is judged:       on model, runs" in text
    assert f"{commit} (taking it puts the requirement to the test)" in section(
        text, "Transitions that cite it (modernized)"
    )
    assert "change_recovery_point if the phase is 'failover_committed'" in section(text, "Refusals that it explains")
    assert section(text, "Properties that judge it") == "points_gone: After commit no other point is listed."
    assert "Properties" not in explain(stepper, "R38")


def test_a_requirement_that_nothing_judges_says_why(stepper: Stepper):
    judging = Judging("not judgeable", "the contract has no settings of the future Azure machine")
    told = " ".join(explain(stepper, "R11", (), {"R11": judging}).split())
    assert f"is judged: {judging.kind}: {judging.reason}" in told


def test_a_property_tells_its_sentence_its_pattern_and_its_requirements(stepper: Stepper):
    text = explain(stepper, "points gone", (RULE,))
    assert text.startswith("points_gone: After commit no other point is listed.\n")
    assert "judged on:       the model, exhaustively, runs" in text
    assert section(text, "Pattern") == RULE.pattern
    assert section(text, "Temporal form").startswith(RULE.temporal)
    assert all(CATALOGUE[i].sentence in " ".join(text.split()) for i in RULE.requirements)


def test_a_property_of_another_profile_is_explained_and_not_listed(stepper: Stepper):
    other = replace(RULE, profiles=("classic",))
    assert "profiles:        classic" in explain(stepper, "points_gone", (other,))
    assert "points_gone" not in explain(stepper, "R38", (other,))


def test_a_fault_tells_what_depends_on_it(stepper: Stepper):
    text = explain(stepper, "appliance_unhealthy")
    assert text.startswith("appliance_unhealthy: a fault")
    assert "impaired: appliance" in section(text, "Surroundings")
    assert "failover_fails -> failover_failed" in section(text, "Depends on it")
    assert "planned_failover in reverse_protected may be refused if impaired" in section(text, "Left open")


def test_a_word_that_is_a_happening_and_a_fault_is_told_as_both(stepper: Stepper):
    text = explain(stepper, "failover_fails")
    assert text.startswith("failover_fails: a happening")
    assert "\n\nfailover_fails: a fault" in text


def test_a_fault_that_a_lifecycle_does_not_know_is_said_so():
    assert "no transition of this lifecycle" in explain(profiles.stepper("classic"), Fault.CANCEL_FAILS)


def test_a_token_of_the_service_is_explained_by_its_phases(stepper: Stepper):
    token = EFSM.phases["failed_over"].token
    text = explain(stepper, f" {token} ")
    assert text.startswith(f"{token}: the protectionState of ")
    assert f"\n\n{explain(stepper, 'failed_over')}" in text


@pytest.mark.parametrize("spelling", ["Failed over", "failed-over", " FAILED_OVER "])
def test_capitals_blanks_and_hyphens_are_free(stepper: Stepper, spelling: str):
    assert explain(stepper, spelling) == explain(stepper, "failed_over")


def test_requirements_may_be_written_small(stepper: Stepper):
    assert explain(stepper, "x02") == explain(stepper, "X02")


def test_an_unknown_word_comes_with_close_ones(stepper: Stepper):
    with pytest.raises(UnknownWord, match="did you mean failed_over or") as caught:
        explain(stepper, "failed_ovre")
    assert caught.value.matches[0] == "failed_over"


def test_a_part_of_a_name_is_close_to_it(stepper: Stepper):
    with pytest.raises(UnknownWord, match="points_gone"):
        explain(stepper, "gone", (RULE,))


def test_a_word_that_is_close_to_nothing(stepper: Stepper):
    with pytest.raises(UnknownWord, match=f"give {KINDS}"):
        explain(stepper, "xylophone")


# == guards in words =================================================================================================


@pytest.mark.parametrize(
    ("guard", "said"),
    [
        ("True", ""),
        ("False", "never"),
        ("(True and not stopping)", "the job is not being cancelled"),
        ("points != 'none'", "a recovery point is listed"),
        ("on_premises != 'off'", "the on-premises machine is not 'off'"),
        ("recovery_point == 'latest'", "recovery_point is 'latest'"),
        ("recovery_point != 'unknown'", "recovery_point is not an id that names no point"),
        ("(a or b) and c", "(a or b) and c"),
        ("not (a or b)", "not a and not b"),
        ("not (a and b) and c", "(not a or not b) and c"),
        ("azure in ('on', 'off')", "azure in ('on', 'off')"),
    ],
)
def test_a_guard_in_words(guard: str, said: str):
    assert in_words(guard) == said


def test_every_guard_of_the_lifecycle_can_be_said(efsm: Efsm):
    texts = {text for t in efsm.transitions for text in (t.guard, t.may_refuse)} | {r.when for r in efsm.refusals}
    for text in texts:
        assert "==" not in in_words(text)
        assert "!=" not in in_words(text)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("points", "'crash'", "only crash-consistent points are listed"),
        ("stopping", "False", "the job is not being cancelled"),
        ("azure", "'unspecified'", "the Azure machine is left open"),
        ("shutdown_pending", "shut_down_source", "the source is still to be shut down if shut_down_source"),
        ("before", "phase", "the phase that the job started from is this phase"),
    ],
)
def test_an_assignment_in_words(name: str, value: str, said: str):
    assert update_in_words(name, value) == said


def test_no_kind_of_value_is_shown_by_its_code_word(efsm: Efsm):
    said = " ".join(map(event_in_words, efsm.events()))
    assert ARGUMENTS
    assert not re.search(r": (listed|in_use|unknown|running|ended)\b", said)
    assert "change_recovery_point(recovery_point: the id of the point that the item failed over to)" in said


def test_every_way_to_check_has_words():
    assert set(CHECKS) == set(Check)
