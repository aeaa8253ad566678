"""Whatever ends a walk of Hypothesis' in a run, it ends the run as it would end any other."""

from __future__ import annotations

import os
import signal
import threading

import pytest

from asr_properties.reference import ReferenceService, create
from asr_properties.running.budget import Budget
from asr_properties.running.campaign import Campaign
from asr_properties.running.engines import Engine
from asr_properties.running.requirement_verdicts import Overall
from wrong.implementations import needs_drill


def campaign(factory, budget: str) -> Campaign:
    return Campaign(factory, profile="modernized", budget=Budget.parse(budget), engine=Engine.HYPOTHESIS, seed=1)


class BreaksOnce(ReferenceService):
    """Its third look at a protected item does not fit the contract; done again, it does."""

    def __init__(self):
        super().__init__()
        self.looks = 0

    def item(self):
        seen = super().item()
        if seen is not None:
            self.looks += 1
        return {**seen, "phase": 5} if self.looks == 3 else seen


def test_an_adapter_error_that_is_there_only_once_is_one():
    result = campaign(BreaksOnce, "400steps").run()
    assert result.overall is Overall.ADAPTER_ERROR
    assert "phase" in str(result.adapter_error)


@pytest.mark.long
def test_an_engine_goes_through_more_than_its_plainest_walk():
    result = campaign(create, "3000steps").run()
    assert result.counterexamples == []
    assert 3000 <= result.steps < 3100
    assert {"protected", "failed_over"} <= result.coverage.phases
    assert len(result.coverage.transitions) > 15


@pytest.mark.long
def test_a_failure_is_found_made_short_and_does_not_end_the_engine():
    result = campaign(needs_drill, "4000steps").run()
    assert result.overall is Overall.NON_CONFORMANT
    assert result.failures > 1
    assert all(found.complete for found in result.counterexamples)


@pytest.mark.parametrize("after", [0.05, 0.2, 0.31, 0.5])
def test_a_signal_at_any_moment_ends_the_run_and_what_it_had_is_kept(after):
    campaign(create, "20steps").run()  # what is worked out only once is
    run = campaign(create, "10000000steps")
    timer = threading.Timer(after, lambda: os.kill(os.getpid(), signal.SIGINT))
    timer.start()
    result = run.run()
    timer.join()
    assert result.stopped == "interrupted"
    assert result.overall is Overall.INCOMPLETE
    assert result.verdicts
