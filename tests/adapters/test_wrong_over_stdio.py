"""What is found in an object is found in a program too: the counterexamples replay over stdio."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

import pytest

from adapters.serve import WRONG_ONE
from asr_properties.adapters.loading import load
from asr_properties.counterexamples.counterexample import Counterexample
from asr_properties.counterexamples.replay import replay
from asr_properties.running.budget import DEFAULT_BUDGET, Budget
from asr_properties.running.campaign import Campaign
from wrong.implementations import WRONG

SERVE = Path(__file__).resolve().parent / "serve.py"
SOME = WRONG[:: max(1, len(WRONG) // 20)]


def found_in(wrong) -> Counterexample:
    """A counterexample; the run ends with the first one."""

    def enough(spent, engine):
        if campaign.result.counterexamples:
            raise KeyboardInterrupt

    budget = Budget.parse(DEFAULT_BUDGET)
    campaign = Campaign(wrong.factory, profile="modernized", budget=budget, seed=3, progress=enough)
    return campaign.run().counterexamples[0]


@pytest.mark.parametrize("wrong", SOME, ids=lambda wrong: wrong.name)
def test_a_wrong_program_breaks_the_same_rule_as_the_object(wrong):
    counterexample = found_in(wrong)
    here, there = replay(counterexample, wrong.factory).failure, replay(counterexample, load(spec(wrong.name))).failure
    assert here is not None
    assert there is not None
    assert there.blamed == here.blamed
    assert there.what == here.what


def test_the_right_program_breaks_no_rule():
    right = spec("asr_properties.reference:create", wrong="")
    assert replay(found_in(SOME[0]), load(right)).failure is None


def spec(name: str, wrong: str = WRONG_ONE) -> str:
    return f"stdio:{shlex.quote(sys.executable)} {shlex.quote(str(SERVE))} {shlex.quote(wrong + name)}"
