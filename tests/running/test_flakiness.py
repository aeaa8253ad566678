"""An implementation that answers differently when the same walk is done again is reported as such, with both traces."""

from __future__ import annotations

import json
from random import Random

import pytest

from asr_properties.contract.errors import Refused
from asr_properties.counterexamples.counterexample import counterexample_from_json
from asr_properties.reference import ReferenceService, create
from asr_properties.running.budget import Budget
from asr_properties.running.campaign import Campaign
from asr_properties.running.requirement_verdicts import Overall, Verdict
from asr_properties.running.run_record import record
from wrong.implementations import azure_left_off, no_more_points


class RefusesAtRandom(ReferenceService):
    """Every twentieth request or so is refused, by chance."""

    def __init__(self):
        super().__init__()
        self.chance = Random(5)

    def request(self, operation, arguments):
        if self.chance.random() < 0.05:
            raise Refused("busy")
        return super().request(operation, arguments)


class ShowsAnotherPhaseNowAndThen(ReferenceService):
    """One look in fifty shows the phase `failed_over`, whatever it is."""

    def __init__(self):
        super().__init__()
        self.chance = Random(5)

    def item(self):
        seen = super().item()
        return {**seen, "phase": "failed_over"} if seen and self.chance.random() < 0.02 else seen


class HidesThePhaseNowAndThen(ShowsAnotherPhaseNowAndThen):
    """One look in fifty does not name the phase, which is allowed."""

    def item(self):
        seen = ReferenceService.item(self)
        return {**seen, "phase": None} if seen and self.chance.random() < 0.02 else seen


class FaultsOutliveTheItem(ReferenceService):
    """`new_item` leaves a fault on that was begun before it."""

    def __init__(self):
        super().__init__()
        self.on = set()

    def inject(self, fault, task=None):
        self.on.add(fault)
        super().inject(fault, **({} if task is None else {"task": task}))

    def clear(self, fault):
        self.on.discard(fault)
        super().clear(fault)

    def new_item(self, configuration):
        super().new_item(configuration)
        for fault in sorted(self.on):
            super().inject(fault)


def campaign(factory, budget="2000steps", seed=1):
    return Campaign(factory, profile="modernized", budget=Budget.parse(budget), seed=seed, adapter="x:y").run()


@pytest.fixture(scope="module", params=[RefusesAtRandom, ShowsAnotherPhaseNowAndThen])
def flaky(request):
    return campaign(request.param)


class TestAFlakyImplementation:
    def test_is_not_conformant_and_no_requirement_is_blamed_for_certain(self, flaky):
        assert flaky.overall is Overall.NON_CONFORMANT
        failed = [v for v in flaky.verdicts if v.outcome is Verdict.FAILED]
        assert failed
        assert all(v.reason.startswith(("flaky: ", "no counterexample of its kind")) for v in failed)

    def test_is_shown_with_both_traces_and_the_step_in_which_they_differ(self, flaky):
        for found in flaky.counterexamples:
            assert found.flaky is not None
            first, second, at = found.flaky.first, found.flaky.second, found.flaky.at
            shared = min(len(first), len(second))
            assert [s.action for s in first[:shared]] == [s.action for s in second[:shared]]
            assert 1 <= at <= shared
            lines = "\n".join(found.lines())
            assert "second time" in lines
            assert f"step {at}: " in lines

    def test_is_stored_with_both_traces(self, flaky):
        stored = json.loads(json.dumps(record(flaky, started="", seconds=0)))
        for found, data in zip(flaky.counterexamples, stored["counterexamples"], strict=True):
            assert data["flaky"]["first"]
            assert data["flaky"]["second"]
            assert counterexample_from_json(data).lines() == found.lines()


def test_what_is_flaky_but_breaks_no_rule_is_a_warning():
    result = campaign(HidesThePhaseNowAndThen)
    assert result.counterexamples == []
    assert result.overall is Overall.INCOMPLETE
    assert result.flaky
    assert "phase" in result.flaky[0].difference
    assert record(result, started="", seconds=0)["flaky"][0]["second"]


def test_what_outlives_new_item_is_blamed_on_new_item():
    result = campaign(FaultsOutliveTheItem, "4000steps")
    verdicts = {v.requirement: v for v in result.verdicts}
    assert verdicts["X22"].outcome is Verdict.FAILED
    assert result.counterexamples[0].requirements[0] == "X22"
    assert any("new_item" in found.flaky.cause for found in result.counterexamples if found.flaky)


class SecondSiteAtNight(ReferenceService):
    """Its clock goes on with the next item. In each third hour of four it says that Azure serves a protected item."""

    def __init__(self):
        super().__init__()
        self.passed = 0.0

    def wait(self, job=None, seconds=None):
        self.passed += seconds or 0
        super().wait(**({"job": job} if seconds is None else {"seconds": seconds}))

    def item(self):
        seen = super().item()
        at_night = 2 <= self.passed / 3600 % 4 < 3
        return {**seen, "active_site": "azure"} if seen and at_night and seen["phase"] == "protected" else seen


def test_what_depends_on_a_clock_that_goes_on_is_not_taken_for_something_that_outlives_its_item():
    """The clock may go on across new_item (contract, Time)."""
    result = campaign(SecondSiteAtNight, "700steps")
    assert result.overall is Overall.NON_CONFORMANT
    assert "X22" not in result.first_failures


@pytest.mark.parametrize("seed", [0, *(pytest.param(n, marks=pytest.mark.long) for n in (1, 2))])
def test_the_reference_takes_its_freedom_and_is_not_flaky(seed):
    result = campaign(create, "1500steps", seed)
    assert result.counterexamples == []
    assert result.flaky == []


@pytest.mark.parametrize(
    "wrong",
    [pytest.param(azure_left_off, marks=pytest.mark.long), no_more_points],
    ids=["azure_left_off", "no_more_points"],
)
@pytest.mark.parametrize("seed", [1, *(pytest.param(n, marks=pytest.mark.long) for n in (2, 3))])
def test_what_is_wrong_every_time_is_not_flaky(wrong, seed):
    """A walk that failed is no walk that was answered otherwise when it was done again."""
    result = campaign(wrong, "3000steps", seed)
    assert result.counterexamples
    assert result.flaky == []
