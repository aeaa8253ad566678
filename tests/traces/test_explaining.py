"""A divergence tells what was possible, what that allowed, and the nearest legal continuation."""

from __future__ import annotations

import pytest

from asr_model import profiles
from asr_model.lts import Lts
from asr_properties.traces.trace_verdicts import Continuation
from traces.changes import Changed
from traces.test_judging import ask, diverges_at, job, look


def nearest(*events: object, at: int | None = None) -> Continuation | None:
    found = diverges_at(len(events) - 1 if at is None else at, *events)  # type: ignore[arg-type]
    assert found.divergence is not None
    return found.divergence.nearest


def test_a_failover_that_nobody_asked_for_needs_a_failover(recording: Changed) -> None:
    divergence = recording.drop(108).verdict().divergence
    assert divergence is not None
    assert divergence.nearest is not None
    assert divergence.nearest.start == "protected"
    assert divergence.nearest.end == "failed_over"
    first, *rest = divergence.nearest.steps
    assert first.startswith("fail_over(")
    assert first.endswith(" accepted")
    assert rest == ["failover_succeeds"]
    assert [possible.phase for possible in divergence.before] == ["protected"]
    assert "fail_over" in divergence.before[0].allows


def test_a_reprotect_that_nobody_asked_for_needs_a_reprotect(recording: Changed) -> None:
    divergence = recording.drop(133).verdict().divergence
    assert divergence is not None
    assert divergence.nearest is not None
    assert divergence.nearest.steps[0] == "reprotect accepted"


def test_an_accepted_request_is_explained_by_the_way_to_where_it_is_accepted() -> None:
    refused = ask("planned_failover", "j", recovery_point_type="crash_consistent")
    found = nearest(look("failed_over"), refused, job("j", "succeeded"), at=1)
    assert found is not None
    assert (found.start, found.end) == ("failed_over", "reverse_protected")


def test_what_was_not_recorded_is_told_step_by_step() -> None:
    found = nearest(look("failed_over"), look("failed_back"))
    assert found is not None
    assert (found.start, found.end) == ("failed_over", "failed_back")
    assert [step.partition("(")[0].split()[0] for step in found.steps if step.endswith("accepted")] == [
        "reprotect",
        "planned_failover",
    ]


def test_a_refused_request_that_is_listed() -> None:
    found = nearest(look("failed_back"), ask("cancel_failover", answer="refused"))
    assert found is not None
    assert found.start == "failed_back"
    assert len(found.steps) == 1


def test_a_job_that_ends_as_it_cannot() -> None:
    found = nearest(look("failed_over"), ask("commit", "j"), job("j", "succeeded"), job("j", "cancelled"))
    assert found is None  # the job has ended: nothing brings it to another end


def test_what_no_state_shows_has_no_continuation() -> None:
    assert nearest(look("failed_over"), look("failed_over", allowed_operations=["planned_failover"])) is None


@pytest.mark.parametrize("goal", ["protected", "failed_over", "reverse_protected", "failed_back", "failback_committed"])
def test_the_continuation_is_as_short_as_can_be(goal: str) -> None:
    """From not_replicated: no shorter path exists than the explorer's own."""
    lts: Lts = profiles.lts()
    found = nearest(look("not_replicated"), look(goal))
    shortest = lts.shortest_path(0, lambda n: lts.states[n].phase == goal, lambda edge: edge.transition is not None)
    assert found is not None
    assert shortest is not None
    assert len(found.steps) == len(shortest)
