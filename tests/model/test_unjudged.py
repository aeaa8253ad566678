"""Why parts of the lifecycle are judged by no property: each reason is of parts that there are."""

from __future__ import annotations

import re

import pytest

from asr_model.lifecycle.unjudged import REASONS, reason
from asr_model.mutants.every_mutant import every_mutant
from asr_model.profiles import CHARTS


@pytest.fixture(scope="module")
def parts():
    mutants = [mutant for profile in CHARTS for mutant in every_mutant(profile)]
    return {f"{m.gone.id}: {m.part}" if m.part else m.gone.id if m.gone else m.what for m in mutants}


@pytest.mark.parametrize("declared", REASONS, ids=lambda declared: declared.pattern)
def test_each_reason_is_of_a_part_of_the_model(declared, parts):
    assert any(re.fullmatch(declared.pattern, part) for part in parts)


def test_what_is_judged_has_no_reason():
    assert reason("commit_succeeds: committing_failover -> failover_committed", "points = 'none'") is None
    assert reason("fail_over: protected -> failing_over") is None


def test_a_reason_is_of_the_condition_and_not_of_its_transition():
    assert reason("cancel_job: failing_over -> failing_over", "job == 'running'")
    assert reason("cancel_job: failing_over -> failing_over") is None
