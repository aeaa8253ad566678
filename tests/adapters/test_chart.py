"""The chart behind the contract: it conforms, a changed one is found, and the EFSM and the engine agree on the way."""

from __future__ import annotations

import pytest
from hypothesis import seed, settings
from hypothesis.stateful import run_state_machine_as_test

from asr_model.profiles import CHARTS
from asr_properties.adapters.chart import ChartService
from asr_properties.adapters.loading import load
from asr_properties.generation.lifecycle_machine import LifecycleMachine
from asr_properties.running.budget import Budget
from asr_properties.running.campaign import Campaign
from asr_properties.running.requirement_verdicts import Overall, Verdict
from asr_properties.running.run_result import RunResult
from asr_properties.smoke import smoke as try_all
from asr_properties.smoke.probe import CheckOutcome
from model.changed_charts import MISTAKES

SOON = ("commit_keeps_points", "commit_leads_back", "aborted_fails_over_again")
"""Those of which each kind is looked for by `make test`: a dropped effect, a wrong target, a missing refusal."""

NOT_THE_CHARTS = {"workload", "settings", "disks", "sites", "health_issues", "last_planned_failover"}
"""What the chart has nothing of, and does not offer."""


def judged(spec: str, profile: str, steps: int) -> RunResult:
    return Campaign(
        load(spec, profile=profile), profile=profile, budget=Budget.parse(f"{steps}steps"), seed=1, adapter=spec
    ).run()


@pytest.mark.parametrize("profile", CHARTS)
def test_the_adapter_is_in_order(profile):
    outcomes = {finding.check: finding.outcome for finding in try_all(load("model", profile=profile))}
    assert CheckOutcome.FAILED not in outcomes.values()
    assert list(outcomes.values()).count(CheckOutcome.OK) >= 45


@pytest.mark.parametrize("profile", CHARTS)
def test_the_chart_agrees_with_the_model_it_declares(profile):
    result = judged("model", profile, 800)
    assert [counterexample.lines() for counterexample in result.counterexamples] == []
    assert result.adapter_error is None
    assert result.overall is Overall.INCOMPLETE


@pytest.mark.long
@pytest.mark.parametrize("profile", CHARTS)
def test_all_that_is_left_open_is_what_the_chart_does_not_have(profile):
    result = judged("model", profile, 20_000)
    assert result.overall is Overall.INCOMPLETE
    assert not result.account.left
    assert not result.account.pairs_left
    assert not [v for v in result.verdicts if v.outcome in (Verdict.FAILED, Verdict.NOT_EXERCISED)]
    unseen = {name for v in result.verdicts if v.outcome is Verdict.NOT_OBSERVABLE for name in v.offer}
    assert unseen <= NOT_THE_CHARTS | {"operating_system", "dhcp", "boot_drivers", "iscsi_disks", "appliances"}


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=() if name in SOON else pytest.mark.long) for name in MISTAKES]
)
def test_a_changed_chart_is_found_and_its_requirement_named(name):
    mistake = MISTAKES[name]
    result = Campaign(
        lambda: ChartService(mistake.chart),
        profile="modernized",
        budget=Budget.parse("3000steps"),
        seed=1,
        until=lambda failed: mistake.breaks in failed,
    ).run()
    assert result.overall is Overall.NON_CONFORMANT, mistake.what
    assert mistake.breaks in [c.requirements[0] for c in result.counterexamples], mistake.what


@pytest.mark.parametrize("profile", CHARTS)
def test_hypothesis_exercises_the_chart_against_every_invariant(profile):
    class Machine(LifecycleMachine):
        implementation = staticmethod(load("model", profile=profile))

    Machine.profile = profile
    quick = settings(max_examples=8, stateful_step_count=25, deadline=None, database=None)
    run_state_machine_as_test(seed(1)(Machine), settings=quick)
