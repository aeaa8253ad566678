"""Which requirement concerns which profile follows from what cites it there."""

from __future__ import annotations

import pytest

from asr_model.profiles import CHARTS, efsm
from asr_model.requirements import CATALOGUE
from asr_properties.running.requirement_verdicts import Findings, Verdict, requirement_verdicts
from asr_properties.specification.applicability import profiles_that_have
from asr_properties.specification.declared import properties_of


@pytest.mark.parametrize("requirement", ["R43", "R50", "R59", "R66", "R70", "R78", "R82", "X04", "X05", "X07"])
def test_planned_failover_and_its_cancel_concern_the_modernized_profile(requirement):
    assert profiles_that_have(requirement, instead_of="classic") == ("modernized",)
    assert profiles_that_have(requirement, instead_of="modernized") == ()


def test_that_failback_cannot_be_cancelled_concerns_the_classic_profile():
    assert profiles_that_have("R75", instead_of="modernized") == ("classic",)
    assert profiles_that_have("R75", instead_of="classic") == ()


@pytest.mark.parametrize("requirement", ["R07", "R18", "R24", "R38", "R40", "R86", "R93", "R94", "X17", "X18", "X21"])
def test_what_the_profiles_share_concerns_both(requirement):
    assert all(profiles_that_have(requirement, instead_of=profile) == () for profile in CHARTS)


@pytest.mark.parametrize(
    ("profile", "requirement", "other"), [("classic", "R43", "modernized"), ("modernized", "R75", "classic")]
)
def test_a_run_says_that_it_does_not_apply_and_why(profile, requirement, other):
    verdicts = requirement_verdicts(efsm(profile), properties_of(profile), None, Findings())
    found = {verdict.requirement: verdict for verdict in verdicts}
    assert found[requirement].outcome is Verdict.NOT_APPLICABLE
    assert other in found[requirement].reason


def test_every_requirement_has_a_verdict_in_every_profile():
    for profile in CHARTS:
        verdicts = requirement_verdicts(efsm(profile), properties_of(profile), None, Findings())
        assert [verdict.requirement for verdict in verdicts] == list(CATALOGUE)
