"""How each requirement is judged is told in one place, for the table and for the verdicts."""

from __future__ import annotations

import pytest

from asr_model.profiles import efsm
from asr_model.requirements import CATALOGUE
from asr_properties.running.requirement_status import NOT_JUDGEABLE, statuses
from asr_properties.running.requirement_verdicts import Findings, Verdict, requirement_verdicts
from asr_properties.specification.declared import properties_of


@pytest.fixture(scope="module")
def known():
    return {status.requirement: status for status in statuses(efsm(), properties_of("modernized"))}


def test_every_requirement_has_a_verdict_kind_and_a_reason(known):
    assert list(known) == list(CATALOGUE)
    assert [status for status in known.values() if not status.is_settled] == []


def test_a_requirement_that_nothing_judges_any_more_is_missing():
    without = [p for p in properties_of("modernized") if "R40" not in p.requirements]
    bare = efsm().without("commit_succeeds: committing_failover -> failover_committed")
    status = {s.requirement: s for s in statuses(bare, without)}["R40"]
    assert not status.is_settled
    assert status.kind == "MISSING"


def test_what_is_not_judgeable_never_gets_a_verdict_and_gives_the_same_reason(known):
    judging = {p.name: 1 for p in properties_of("modernized")}
    taken = {t.id: 1 for t in efsm().transitions}
    verdicts = requirement_verdicts(efsm(), properties_of("modernized"), None, Findings(taken, judging))
    never = {v.requirement: v.reason for v in verdicts if v.outcome not in (Verdict.PASSED, Verdict.ASSUMED)}
    shown = {never.pop(identifier) for identifier in ("X08", "X09")}
    assert shown == {"only the ARM API shows it: arm: and trace judge it"}
    assert {known[identifier].kind for identifier in ("X08", "X09")} == {"on recordings"}
    assert never == {s.requirement: s.reason for s in known.values() if s.kind == NOT_JUDGEABLE}


@pytest.mark.parametrize("requirement", ["R09", "R11", "R12", "R13", "R14", "R52", "R53", "R87", "R90"])
def test_what_optional_controls_show_is_judged_on_runs_and_settings_on_recordings_too(known, requirement):
    is_recorded = requirement in ("R11", "R12", "R13")
    assert known[requirement].kind == ("on runs, recordings" if is_recorded else "on runs")
    assert known[requirement].properties
    assert not known[requirement].transitions


def test_what_is_not_judgeable_only_informs_or_belongs_to_the_other_profile(known):
    reasons = [status.reason for status in known.values() if status.kind == NOT_JUDGEABLE]
    assert all(reason.startswith(("it informs the operator", "it concerns the")) for reason in reasons)


def test_timing_and_preconditions_are_judged_on_runs(known):
    for requirement in ("R26", "R30", "R55", "R56", "R58", "R89"):
        assert "runs" in known[requirement].kind
