"""Doing a plan: what was done is kept, nothing that came to its end is done again, and the verdict is on all of it."""

from __future__ import annotations

import json
import tempfile
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from asr_properties.files import Unwritable
from asr_properties.planning import progress
from asr_properties.planning.durations import durations_of, recorded
from asr_properties.planning.plan_document import InvalidPlan
from asr_properties.planning.progress import PlanRun, progress_path
from asr_properties.planning.slow_service import SlowService
from asr_properties.reference import create
from asr_properties.running import given_walks
from asr_properties.running.budget import Budget
from asr_properties.running.campaign import Campaign
from asr_properties.running.requirement_verdicts import Overall
from planning.plans import WALKS, written
from wrong.implementations import kept_points


class Interrupting:
    """The reference, until somebody presses Ctrl-C at the request of this number."""

    def __init__(self, after, make=create):
        self._made, self._left = make(), after

    def __getattr__(self, name):
        if name in ("request", "new_item"):
            self._left -= 1
            if self._left < 0:
                raise KeyboardInterrupt
        return getattr(self._made, name)


def session(plan, path, *, after=10**6, machine=1, make=create):
    """One session of a plan, with the tests that it brought to their end."""
    run = PlanRun(plan, path, "reference", machine)
    before = {test.number for test in run.done}
    result = Campaign(
        lambda: Interrupting(after, make), profile=plan.profile, budget=Budget(steps=run.steps_left), given=run
    ).run()
    return result, [test.number for test in run.done if test.number not in before]


def seen(result):
    """What a result says, whatever number of sessions it took."""
    return (
        result.overall,
        [(v.requirement, v.outcome, v.exercised) for v in result.verdicts],
        result.coverage.times,
        result.coverage.pairs,
        result.coverage.states,
        result.failures,
        sorted(found.requirements[0] for found in result.counterexamples),
    )


@given(st.lists(st.integers(0, 30), max_size=6))
@settings(max_examples=20, deadline=None)
def test_no_test_that_came_to_its_end_is_done_again(interrupted_after):
    plan = written(*WALKS)
    with tempfile.TemporaryDirectory() as folder:
        done = Counter()
        known = 0
        for after in (*interrupted_after, 10**6):
            result, ended = session(plan, Path(folder) / "plan.json", after=after)
            done.update(ended)
            assert sum(v.exercised for v in result.verdicts) >= known  # an interrupted run keeps what it had
            known = sum(v.exercised for v in result.verdicts)
        assert done == Counter(test.number for test in plan.tests)
        assert result.stopped == ""


@pytest.mark.parametrize("make", [create, kept_points])
def test_sessions_add_up_to_what_one_would_have_said(tmp_path, make):
    plan = written(*WALKS)
    whole, _ = session(plan, tmp_path / "whole.json", make=make)
    path = tmp_path / "parts.json"
    for walk in plan.tests[:-1]:  # each session does one test, and is interrupted as the next one begins
        _, ended = session(plan, path, after=1 + sum(step.do == "request" for step in walk.steps), make=make)
        assert ended == [walk.number]
    parts, ended = session(plan, path, make=make)
    assert ended == [4]
    if make is create:
        assert seen(parts) == seen(whole)
    assert [v.outcome for v in parts.verdicts] == [v.outcome for v in whole.verdicts]
    assert parts.overall is (Overall.INCOMPLETE if make is create else Overall.NON_CONFORMANT)


def test_machines_add_up_whichever_ends_last(tmp_path):
    path, plan = tmp_path / "plan.json", written(*WALKS, machines=2)
    alone, _ = session(written(*WALKS), tmp_path / "alone.json")
    _, second = session(plan, path, machine=2)
    both, first = session(plan, path, machine=1)
    assert (first, second) == ([1, 3], [2, 4])
    assert seen(both) == seen(alone)
    kept = progress_path(path, 2).read_text()
    assert session(plan, path, machine=2)[1] == []
    assert progress_path(path, 2).read_text() == kept


def test_what_is_broken_stays_broken_in_the_session_after(tmp_path):
    path, plan = tmp_path / "plan.json", written(*WALKS)
    first, _ = session(plan, path, make=kept_points)
    again, ended = session(plan, path)
    assert (first.overall, again.overall, ended) == (Overall.NON_CONFORMANT, Overall.NON_CONFORMANT, [])
    assert [found.to_json() for found in again.counterexamples] == [found.to_json() for found in first.counterexamples]
    assert again.failures == first.failures == 2
    assert {v.requirement for v in again.verdicts if v.outcome == "FAILED"} == {"R40"}


def damaged(**changes):
    def damage(path):
        data = json.loads(path.read_text())
        path.write_text(json.dumps(data | changes))

    return damage


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        (damaged(plan="0" * 64), "what was done of another plan; remove it to begin anew"),
        (damaged(adapter="other:one"), "done on other:one, not on reference; remove it to begin anew"),
        (damaged(done=[{"number": 0, "minutes": 1.0}]), "no progress of a plan: done.0.number: "),
        (lambda path: path.write_text("{"), "not JSON"),
    ],
)
def test_what_is_not_the_progress_of_this_plan_is_told(tmp_path, damage, told):
    path, plan = tmp_path / "plan.json", written(*WALKS)
    session(plan, path, after=3)
    damage(progress_path(path, 1))
    with pytest.raises(InvalidPlan, match=f"progress-1.json: .*{told}"):
        PlanRun(plan, path, "reference", 1)


def test_a_number_of_no_state_is_told(tmp_path):
    path, plan = tmp_path / "plan.json", written(*WALKS)
    session(plan, path, after=3)
    data = json.loads(progress_path(path, 1).read_text())
    data["seen"][0]["states"] = [10**6]
    progress_path(path, 1).write_text(json.dumps(data))
    with pytest.raises(InvalidPlan, match="another version of the model"):
        PlanRun(plan, path, "reference", 1)


@pytest.mark.parametrize("machine", [0, 3])
def test_a_machine_that_the_plan_does_not_have_is_told(tmp_path, machine):
    with pytest.raises(InvalidPlan, match=f"there is no machine {machine}: the plan is for 2"):
        PlanRun(written(*WALKS, machines=2), tmp_path / "plan.json", "reference", machine)


def test_what_cannot_be_kept_is_told_before_anything_is_done(tmp_path):
    with pytest.raises(Unwritable):
        PlanRun(written(*WALKS), tmp_path / "nowhere" / "plan.json", "reference", 1)


def test_a_disk_that_fills_up_changes_no_verdict(tmp_path, monkeypatch):
    run = PlanRun(written(*WALKS), tmp_path / "plan.json", "reference", 1)

    def full(path, text):
        raise Unwritable("cannot write it: no space left")

    monkeypatch.setattr(progress, "write_whole", full)
    result = Campaign(create, profile="modernized", budget=Budget(steps=run.steps_left), given=run).run()
    assert list(run.problems) == ["cannot write it: no space left"]
    assert result.adapter_error is None
    assert len(run.done) == len(WALKS)


def test_how_long_operations_took_in_real_time_is_kept_and_plans_go_by_it(tmp_path, monkeypatch):
    slow = SlowService("modernized")
    seconds = 0.0

    def rest(for_seconds):
        nonlocal seconds
        seconds += 60
        slow.rest(for_seconds)

    monkeypatch.setattr(given_walks, "monotonic", lambda: seconds)
    path = tmp_path / "plan.json"
    run = PlanRun(written(*WALKS), path, "reference", 1)
    Campaign(
        lambda: slow, profile="modernized", budget=Budget(steps=run.steps_left), given=run, rest=rest, repeats=False
    ).run()
    kept = json.loads(progress_path(path, 1).read_text())["took"]
    asked = Counter(action.name for walk in WALKS for action in walk if action.kind == "request")
    took = Counter(one["operation"] for one in kept)
    assert took == asked - Counter({"commit": 2})  # two of them are refused, and tell nothing
    assert all(one["minutes"] >= 1 for one in kept)
    durations = durations_of(progress_path(path, 1))
    assert durations["enable_replication"].source == "median of 4 in plan.progress-1.json"
    assert durations["enable_replication"].minutes > durations["commit"].minutes >= 1
    assert durations["planned_failover"] == recorded()["planned_failover"]


def test_a_virtual_clock_tells_nothing_of_real_time(tmp_path):
    session(written(*WALKS), tmp_path / "plan.json")
    assert json.loads(progress_path(tmp_path / "plan.json", 1).read_text())["took"] == []
