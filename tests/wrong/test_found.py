"""`run` finds each deliberately wrong implementation within its default budget and names the right requirement."""

from __future__ import annotations

import pytest

from asr_properties.counterexamples.replay import replay
from asr_properties.reference import create
from asr_properties.running.budget import DEFAULT_BUDGET, Budget
from asr_properties.running.campaign import Campaign
from asr_properties.running.verdicts import Outcome, Overall
from wrong.implementations import WRONG


@pytest.mark.parametrize("wrong", WRONG, ids=lambda wrong: wrong.name)
def test_a_wrong_implementation_is_found_and_the_broken_requirement_named(wrong):
    result = Campaign(wrong.factory, profile="modernized", budget=Budget.parse(DEFAULT_BUDGET), seed=3).run()
    assert result.overall is Overall.NON_CONFORMANT
    assert {v.requirement: v.outcome for v in result.verdicts}[wrong.requirement] is Outcome.FAILED
    telling = [c for c in result.counterexamples if wrong.requirement in c.requirements]
    assert telling
    assert any(wrong.says in "\n".join(c.lines()) for c in telling)
    again = replay(telling[0], wrong.factory)
    assert again.failure is not None
    assert replay(telling[0], create).failure is None
