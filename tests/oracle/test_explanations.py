"""The oracle explains what it must, in no more ways than there are."""

from __future__ import annotations

import pytest

from asr_model.closure import closure_of
from asr_model.profiles import CHARTS, stepper
from asr_properties.evidence.actions import WAIT_FOR_JOB, request
from asr_properties.reference import ClassicItem, Fixed, ReferenceService, ReplicatedItem
from walks import begin, begins


@pytest.mark.parametrize("kind", [ReplicatedItem, ClassicItem])
def test_what_came_to_nothing_many_times_is_explained_in_one_way(kind):
    """Each time the job failed, or only refused: nobody can tell, and what has ended makes no difference any more."""
    session = begin(ReferenceService(kind, Fixed({"enable_under_fault": "not_replicated"})))
    session.begin()
    session.perform(begins("appliance_unhealthy"))
    for _ in range(8):
        session.perform(request("enable_replication"))
        session.perform(WAIT_FOR_JOB)
    assert session.oracle.phase == "not_replicated"
    assert len(session.oracle.explanations) == 1


@pytest.mark.parametrize("profile", CHARTS)
def test_in_no_time_only_a_point_that_was_made_just_now_is_gone(profile):
    """A job may take no time, and retention may keep no point, not even the first one (contract 11)."""
    at_once = closure_of(stepper(profile)).at_once
    enabling = stepper(profile).initial._replace(phase="enabling_replication")
    first = {reached.state for reached in at_once(enabling, frozenset()) if reached.state.phase == "protected"}
    assert {state.points for state in first} == {"none", "crash", "app"}
    for state in first:
        kept = {reached.state.points for reached in at_once(state, frozenset())}
        assert state.points == "none" or "none" not in kept


@pytest.mark.parametrize("profile", CHARTS)
@pytest.mark.parametrize(("before", "after"), [("none", "crash"), ("crash", "app")])
def test_an_item_whose_failover_failed_may_go_on_making_points(profile, before, after):
    """Whether it replicates is open (contract 3)."""
    failed = stepper(profile).initial._replace(phase="failover_failed", points=before)
    found = closure_of(stepper(profile)).after(failed, frozenset())
    assert after in {reached.state.points for reached in found}
