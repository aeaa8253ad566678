"""Over ARM, the suite says the same as in process, of wrong implementations too.

Not among them, since ARM has no word for what they break: which point *latest processed* and *latest app-consistent*
select (ARM's single-item failover knows ids only, so the adapter selects), the order of lists, and `new_item`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from arm.serving import served
from arm.within import within
from asr_model.profiles import stepper
from asr_properties.adapters.loading import load
from asr_properties.contract.connection import Connection
from asr_properties.properties.declared import properties_of
from asr_properties.properties.rule import EvidenceKind
from asr_properties.properties.watch import Watcher
from asr_properties.reference import ClassicItem, Fixed, ReferenceService, ReplicatedItem
from asr_properties.running.budget import Budget
from asr_properties.running.campaign import Campaign, Engine
from asr_properties.session.actions import WAIT_FOR_JOB, WRITE, Action, request, wait
from asr_properties.session.nonconformance import NonConformance
from asr_properties.session.session import Session
from wrong import implementations as wrong

HOUR = 3600
PROTECTED = (request("enable_replication"), WAIT_FOR_JOB, wait(2 * HOUR))


def failed_over(point: str = "latest", pick: int = 0) -> tuple[Action, ...]:
    action = request("fail_over", recovery_point=point, shut_down_source=True)._replace(pick=pick)
    return (*PROTECTED, WRITE, wait(90), action, WAIT_FOR_JOB)


FAILOVER = request("fail_over", recovery_point="latest", shut_down_source=False)
COMMITTED = (*failed_over(), request("commit"), WAIT_FOR_JOB)
REPROTECTED = (*failed_over(), request("reprotect"), WAIT_FOR_JOB)
REVERSE = (*REPROTECTED, wait(2 * HOUR), WRITE, wait(HOUR))
PLANNED = request("planned_failover", recovery_point_type="crash_consistent")
FAILED_BACK = (*REVERSE, PLANNED, WAIT_FOR_JOB)
CANCELLED = (*FAILED_BACK, WRITE, request("cancel_failover"), WAIT_FOR_JOB)
REVERT_FAILS = (
    *REVERSE,
    Action("inject", "planned_failover_fails"),
    Action("inject", "cancel_fails"),
    *(PLANNED, WAIT_FOR_JOB, WAIT_FOR_JOB),
)
CHANGED = (*failed_over(), request("change_recovery_point", recovery_point="listed")._replace(pick=3), WAIT_FOR_JOB)
ABORTED = (*PROTECTED, FAILOVER, Action("cancel_job", "running"), WAIT_FOR_JOB, wait(HOUR))
FAILED = (*PROTECTED, Action("inject", "failover_fails"), FAILOVER, WAIT_FOR_JOB)
DRILL = (*PROTECTED, request("test_failover", recovery_point="latest"), WAIT_FOR_JOB)


WRONG: dict[type[ReplicatedItem], tuple[Action, ...]] = {
    wrong.CancellableFailover: (*failed_over(), request("cancel_failover"), WAIT_FOR_JOB),
    wrong.KeptPoints: COMMITTED,
    wrong.ResumedReplication: ABORTED,
    wrong.CommittedTwice: (*COMMITTED, request("commit"), WAIT_FOR_JOB),
    wrong.AzureLeftOff: CANCELLED,
    wrong.StalePoint: failed_over(),
    wrong.OwnChoice: failed_over("listed", pick=3),
    wrong.UnchangedPoint: CHANGED,
    wrong.LossyCancel: CANCELLED,
    wrong.KeptChanges: CANCELLED,
    wrong.ShutdownAfterwards: failed_over(),
    wrong.StartedTooEarly: FAILED_BACK,
    wrong.ResumedTooEarly: CANCELLED,
    wrong.NewIdentityInReverse: REVERSE,
    wrong.NoMorePoints: (*PROTECTED, wait(2 * HOUR)),
    wrong.SilentItem: REVERT_FAILS,
    wrong.SilentJob: REVERT_FAILS,
    wrong.SourceLeftOn: (*PROTECTED, FAILOVER, WAIT_FOR_JOB, request("reprotect"), WAIT_FOR_JOB),
    wrong.CommitKeepsAzure: (*FAILED_BACK, request("commit"), WAIT_FOR_JOB),
    wrong.DrillStopsReplication: DRILL,
    wrong.DrillShutsDown: DRILL,
    wrong.SameInstance: REVERSE,
    wrong.LossyFailback: FAILED_BACK,
    wrong.NotStarted: failed_over(),
    wrong.NoRevert: REVERT_FAILS,
    wrong.DisabledInVain: (*PROTECTED, request("disable_replication"), WAIT_FOR_JOB),
}


def serving(item: type[ReplicatedItem]) -> Callable[[], ReferenceService]:
    return lambda: ReferenceService(item_class=item, freedom=Fixed({"cancel_job": "accepted"}))


def judged(factory: Callable[[], Any], actions: tuple[Action, ...]) -> tuple[Any, ...]:
    """What a walk comes to: the steps done, what failed and which rules are named; nothing if all agrees."""
    connection = Connection(factory())
    profile = connection.hello.profile
    session = Session(connection, stepper(profile), Watcher(properties_of(profile), EvidenceKind.LIVE))
    session.begin({"app_consistent_minutes": 20})
    try:
        for action in actions:
            assert not session.perform(action).answer.startswith("skipped")
    except NonConformance as failure:
        return len(session.steps), failure.requirements, [broken.name for broken in failure.broken], failure.what
    return ()


def test_there_are_at_least_twenty() -> None:
    assert len(WRONG) >= 20


@pytest.mark.parametrize("item", WRONG, ids=lambda item: item.__name__)
def test_a_wrong_implementation_is_found_over_arm_as_in_process(item: type[ReplicatedItem]) -> None:
    in_process = judged(serving(item), WRONG[item])
    assert in_process
    assert judged(within(serving(item)), WRONG[item]) == in_process


RIGHT = {
    "revert fails": REVERT_FAILS,
    "failover aborted": ABORTED,
    "failover failed": FAILED,
    "drill": (*DRILL, request("clean_up_test_failover"), WAIT_FOR_JOB),
    "committed": COMMITTED,
    "failback cancelled": CANCELLED,
}


@pytest.mark.parametrize("actions", RIGHT.values(), ids=RIGHT)
def test_the_right_implementation_passes_over_arm(actions: tuple[Action, ...]) -> None:
    assert judged(within(serving(ReplicatedItem)), actions) == ()


@pytest.mark.parametrize(
    "item", [wrong.ShutdownAfterwards, wrong.NoMorePoints, wrong.SourceLeftOn], ids=lambda i: i.__name__
)
def test_a_wrong_implementation_is_found_over_http(item: type[ReplicatedItem]) -> None:
    with served(serving(item)) as url:
        assert judged(load(f"arm:{url}"), WRONG[item]) == judged(serving(item), WRONG[item])


CLASSIC = (
    *(*COMMITTED, wait(HOUR), request("reprotect"), WAIT_FOR_JOB, wait(2 * HOUR), WRITE, wait(HOUR)),
    *(FAILOVER, WAIT_FOR_JOB, request("commit"), WAIT_FOR_JOB, wait(HOUR), request("reprotect"), WAIT_FOR_JOB),
    *(wait(2 * HOUR), request("disable_replication"), WAIT_FOR_JOB),
)


def test_the_classic_cycle_passes_over_arm() -> None:
    def classic() -> ReferenceService:
        return ReferenceService(item_class=ClassicItem, freedom=Fixed())

    assert judged(classic, CLASSIC) == ()
    assert judged(within(classic), CLASSIC) == ()


def test_a_run_over_http_gives_the_verdicts_of_a_run_in_process() -> None:
    def run(factory: Callable[[], Any]) -> Any:
        budget = Budget(steps=60)
        return Campaign(factory, profile="modernized", budget=budget, engine=Engine.TOUR, seed=5).run()

    with served(serving(ReplicatedItem)) as url:
        over_http = run(load(f"arm:{url}"))
    in_process = run(serving(ReplicatedItem))
    assert over_http.adapter_error is None
    assert over_http.verdicts == in_process.verdicts
    assert over_http.coverage == in_process.coverage
