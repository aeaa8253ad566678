"""Explanations: every word of the lifecycle has one, and it names the rules it rests on."""

from __future__ import annotations

import re

import pytest

from asr_model import profiles
from asr_model.efsm import Efsm
from asr_model.requirements import CATALOGUE
from asr_model.stepper import Stepper
from asr_model.vocabulary import Operation
from asr_reports.phrasing import in_words
from asr_reports.plain_text import WIDTH, UnknownWord, explain, known_words

EFSM = profiles.efsm()


def section(text: str, title: str) -> str:
    """The lines under a title, as one line."""
    (found,) = [block for block in text.split("\n\n") if block.startswith(f"{title}\n")]
    return " ".join(found.removeprefix(title).split())


@pytest.mark.parametrize("word", known_words(EFSM))
def test_every_word_is_explained_within_the_width(stepper: Stepper, word: str):
    text = explain(stepper, word)
    assert text.startswith(f"{word}: ")
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


def test_a_requirement_tells_who_cites_it_and_who_judges_it(stepper: Stepper):
    text = explain(stepper, "R38", {"R38": [("points_gone", "After commit no other point is listed.")]})
    assert text.startswith(f"R38: {CATALOGUE['R38'].sentence}")
    assert "commit_succeeds: committing_failover -> failover_committed" in section(
        text, "Transitions that cite it (modernized)"
    )
    assert "change_recovery_point if the phase is 'failover_committed'" in section(text, "Refusals that it explains")
    assert section(text, "Properties that judge it") == "points_gone: After commit no other point is listed."
    assert "Properties" not in explain(stepper, "R38")


@pytest.mark.parametrize("spelling", ["Failed over", "failed-over", " FAILED_OVER "])
def test_capitals_blanks_and_hyphens_are_free(stepper: Stepper, spelling: str):
    assert explain(stepper, spelling) == explain(stepper, "failed_over")


def test_requirements_may_be_written_small(stepper: Stepper):
    assert explain(stepper, "x02") == explain(stepper, "X02")


def test_an_unknown_word_comes_with_close_ones(stepper: Stepper):
    with pytest.raises(UnknownWord, match="did you mean failed_over or") as caught:
        explain(stepper, "failed_ovre")
    assert caught.value.matches[0] == "failed_over"


def test_a_word_that_is_close_to_nothing(stepper: Stepper):
    with pytest.raises(UnknownWord, match="give a phase, an operation or a requirement"):
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
