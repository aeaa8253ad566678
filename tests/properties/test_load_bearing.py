"""Which transitions carry a property: seen on a cut of the model, from enabling to the committed failover."""

from __future__ import annotations

import pytest

from asr_model.lts import enumerate_lts
from asr_model.profiles import efsm
from asr_model.stepper import Stepper
from asr_properties.model_checking.load_bearing import Effect, LoadBearing
from asr_properties.model_checking.model_checker import ModelChecker
from asr_properties.specification.declared import properties_of

KEPT = (
    "enable_replication: not_replicated -> enabling_replication",
    "enabling_succeeds: enabling_replication -> initial_replication",
    "initial_replication_completes: initial_replication -> awaiting_first_recovery_point",
    "fail_over: protected -> failing_over",
    "failover_succeeds: failing_over -> failed_over",
    "commit: failed_over -> committing_failover",
    "commit_succeeds: committing_failover -> failover_committed",
)
COMMIT = KEPT[-1]


@pytest.fixture(scope="module")
def cut():
    whole = efsm()
    points = {t.id for t in whole.transitions if t.event.endswith("created")}
    gone = [t.id for t in whole.transitions if t.id not in KEPT and t.id not in points]
    return enumerate_lts(Stepper(whole.without(*gone)))


@pytest.fixture(scope="module")
def holding(cut):
    """The properties that hold on the cut."""
    return [verdict.judged for verdict in ModelChecker(cut).check(properties_of("modernized")) if verdict.holds]


@pytest.fixture(scope="module")
def carried(cut, holding):
    return LoadBearing(cut, holding)


def test_a_property_that_needs_a_transition_is_vacuous_without_it(carried):
    assert carried.without(COMMIT).effects["commit_deletes_other_points"] is Effect.VACUOUS


def test_what_only_concerns_the_beginning_is_not_touched_by_the_end(carried):
    assert "failover_needs_replication" not in carried.without(COMMIT).effects


def test_each_removal_says_what_judging_all_that_is_left_says(cut, holding, carried):
    removals = list(carried.removals())
    assert [r.transition for r in removals] == [t.id for t in cut.stepper.efsm.transitions]
    for removal in removals:
        left = enumerate_lts(Stepper(cut.stepper.efsm.without(removal.transition)))
        broken = {v.judged.name for v in ModelChecker(left).check(holding) if not v.holds}
        assert removal.effects.keys() == broken
