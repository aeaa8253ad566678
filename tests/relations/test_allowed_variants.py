"""No false alarm: what is free may be done in another way than the reference does it."""

from __future__ import annotations

import inspect
from datetime import timedelta
from itertools import accumulate
from typing import Any

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from asr_properties.evidence.actions import WAIT_FOR_JOB, WRITE, Action, request, update_settings, wait
from asr_properties.reference import ClassicItem, Fixed, ReferenceService, ReplicatedItem
from asr_properties.running.budget import Budget
from asr_properties.running.campaign import Campaign
from asr_properties.running.requirement_verdicts import Overall, Verdict
from relations import allowed_classic_variants, allowed_point_variants, allowed_variants
from walks import (
    CANCEL_THE_JOB,
    DAY,
    DISABLE,
    FAIL_BACK,
    FAIL_OVER,
    HOUR,
    MINUTE,
    PROTECTED,
    REVERSE,
    begin,
    begins,
    fail_over,
    perform,
)

VARIANTS = [
    kind
    for module in (allowed_point_variants, allowed_variants)
    for kind in vars(module).values()
    if inspect.isclass(kind) and issubclass(kind, ReplicatedItem) and kind.__module__ == module.__name__
]
POINTS_OF_OTHERS = [kind for kind in VARIANTS if issubclass(kind, allowed_point_variants.OtherPointsItem)]
IN_REVERSE = {
    allowed_variants.PointInUseToldInReverse,
    allowed_variants.CommittedPointKeptInReverse,
    allowed_variants.HiddenWhileFailingBack,
}
UNHEALTHY = "appliance_unhealthy"
STEPS = [400, pytest.param(3000, marks=pytest.mark.long)]
"""Of each variant's run."""


@pytest.mark.parametrize("steps", STEPS)
@pytest.mark.parametrize("kind", VARIANTS, ids=lambda kind: kind.__name__)
def test_an_implementation_that_uses_its_freedom_does_not_fail(kind, steps):
    def variant():
        return ReferenceService(kind, Fixed({"reverse_points": "listed"}) if kind in IN_REVERSE else None)

    budget = Budget.parse(f"{steps}steps")
    result = Campaign(variant, profile="modernized", budget=budget, seed=len(kind.__name__), until=bool).run()
    assert result.adapter_error is None
    assert result.failures == 0, "\n".join(result.counterexamples[0].lines())
    assert result.overall is not Overall.NON_CONFORMANT
    assert result.steps >= steps


@pytest.mark.parametrize(
    ("kind", "walk", "configuration"),
    [
        (allowed_variants.ProtectedInNoTime, (request("enable_replication"),), {"retention_minutes": 0}),
        (
            allowed_point_variants.PrunesWhenItFailsOver,
            (*PROTECTED, wait(DAY), begins("failover_fails"), *FAIL_OVER, wait(HOUR), *FAIL_OVER),
            {},
        ),
        (
            ReplicatedItem,
            (
                *PROTECTED,
                *map(begins, ("appliance_unhealthy", "failover_fails")),
                wait(5 * DAY),
                Action("clear", "appliance_unhealthy"),
            ),
            {},
        ),
        (ClassicItem, (*REVERSE, WRITE, DISABLE[0], WRITE, CANCEL_THE_JOB, fail_over("latest"), WAIT_FOR_JOB), {}),
        (
            ReplicatedItem,
            (
                *REVERSE,
                begins("planned_failover_fails", "VmFoStartVmOnSecondary"),
                begins("cancel_fails", "CancelFailoverPreflightChecksTask"),
                *(*FAIL_BACK, WAIT_FOR_JOB, *DISABLE),
            ),
            {"iscsi_disks": 1},
        ),
    ],
    ids=[
        "a first point is made and not kept in no time",
        "pruning waits for the next failover",
        "health comes back when the fault of health ends, whatever else is on",
        "what is written while replication is being disabled is not replicated yet",
        "disks that a failback made stay where it is given up before they are taken back",
    ],
)
def test_a_walk_that_shows_the_freedom_does_not_fail(kind, walk, configuration):
    perform(ReferenceService(kind, Fixed({"cancel_job": "accepted"})), walk, configuration)


CLASSIC_VARIANTS = [
    kind
    for kind in vars(allowed_classic_variants).values()
    if inspect.isclass(kind) and issubclass(kind, ClassicItem) and kind is not ClassicItem
]


@pytest.mark.parametrize("steps", STEPS)
@pytest.mark.parametrize("kind", CLASSIC_VARIANTS, ids=lambda kind: kind.__name__)
def test_an_implementation_of_classic_that_uses_its_freedom_does_not_fail(kind, steps):
    budget = Budget.parse(f"{steps}steps")
    result = Campaign(lambda: ReferenceService(kind), profile="classic", budget=budget, seed=5, until=bool).run()
    assert result.adapter_error is None
    assert result.failures == 0, "\n".join(result.counterexamples[0].lines())
    assert result.overall is not Overall.NON_CONFORMANT


LISTED_LATE = (allowed_point_variants.ListedTwoMinutesLate, allowed_point_variants.ListedLateAndPrunedEarly)
WAITS = st.lists(
    st.one_of(st.floats(1, 2 * HOUR), st.integers(1, 48).map(lambda n: n * HOUR), st.floats(HOUR, 10 * DAY)),
    min_size=1,
    max_size=25,
)


@settings(deadline=timedelta(seconds=20))
@given(
    kind=st.sampled_from([ReplicatedItem, ClassicItem, *POINTS_OF_OTHERS]),
    crash=st.integers(1, 180),
    app=st.just(0) | st.integers(10, 720),
    retention=st.just(0) | st.integers(10, 21_600),
    group=st.sampled_from([None, "group"]),
    waits=WAITS,
)
@example(
    kind=allowed_point_variants.ListedLateAndPrunedEarly,
    crash=2,
    app=0,
    retention=12,
    group=None,
    waits=[322.5, 364.7, 877.4, 1020, 660, 240, 540],
)
def test_no_waiting_makes_recovery_points_wrong(kind, crash, app, retention, group, waits):
    """Whatever the policy, however long and in whichever portions an item waits: up to thirty days."""
    # What is listed later than an interval after it was created is not left free.
    assume(crash >= 2 or kind not in LISTED_LATE)
    session = begin(ReferenceService(kind, Fixed()))
    session.begin(
        {
            "crash_consistent_minutes": crash,
            "app_consistent_minutes": app,
            "retention_minutes": retention,
            "multi_vm_group": group,
        }
    )
    session.perform(request("enable_replication"))
    session.perform(wait(90 * MINUTE))
    for seconds, total in zip(waits, accumulate(waits), strict=True):
        if total > 30 * DAY:
            break
        session.perform(wait(seconds))
    assert session.oracle.phase == "protected"


@pytest.mark.parametrize("first", ["job_begins", "job_ends", "at_once"])
@pytest.mark.parametrize("second", ["job_begins", "job_ends", "at_once"])
def test_of_changes_that_overlap_any_may_win(first, second):
    ways = iter((first, second, "at_once", "at_once"))

    class InTurn(Fixed):
        """Takes one change in one way and the next in another."""

        def choose(self, name: str) -> str:
            return next(ways) if name == "update_of_settings" else super().choose(name)

    changes = (update_settings(size="Standard_D4s_v3"), wait(20), update_settings(size="Standard_D8s_v3"), wait(30))
    session = perform(ReferenceService(freedom=InTurn()), (*PROTECTED, *changes, wait(60), *FAIL_OVER))
    assert session.monitors.exercised["machine_gets_its_settings_r11"]


class NamelessTasks(ReferenceService):
    """The tasks of its jobs have no names (contract 6)."""

    def job(self, job: str) -> dict[str, Any]:
        shown = super().job(job)
        return {**shown, "tasks": [{**task, "name": None} for task in shown["tasks"]]}


def test_of_tasks_without_names_nothing_is_concluded():
    result = Campaign(NamelessTasks, profile="modernized", budget=Budget.parse("600steps"), seed=1).run()
    assert result.adapter_error is None
    assert result.failures == 0
    (verdict,) = [verdict for verdict in result.verdicts if verdict.requirement == "R71"]
    assert verdict.outcome is not Verdict.PASSED


def test_a_failover_that_a_running_one_refuses_does_not_decide_what_its_source_brings_over():
    choices = Fixed({"changes_before_the_shutdown": "brought_over", "refusal": "by_job"})
    service = ReferenceService(ReplicatedItem, choices)
    shut_down, left_on = (request("fail_over", recovery_point="latest", shut_down_source=off) for off in (True, False))
    session = perform(service, (*PROTECTED, shut_down, left_on, WRITE, wait(10 * MINUTE)))
    assert session.oracle.phase == "failing_over"
    assert service.replication()["sent"] == 1


class NewestEver(ReferenceService):
    """Tells as `sent` the newest record that it has ever received, be it in an earlier life."""

    __slots__ = ("_newest",)

    def new_item(self, configuration):
        self._newest = 0
        return super().new_item(configuration)

    def replication(self):
        said = super().replication()
        self._newest = max(self._newest, said["sent"])
        return {**said, "sent": self._newest}


def test_the_newest_record_received_may_be_of_an_earlier_life():
    """Contract, methods: what `replication` tells is the newest record received; of which life, it does not say."""
    to_azure = (WRITE, wait(20 * MINUTE), *DISABLE, *PROTECTED, WRITE, *FAIL_OVER)
    assert perform(NewestEver(freedom=Fixed()), (*REVERSE, *to_azure)).oracle.phase == "failed_over"
