"""Wrong implementations, each with a walk that shows it: judged here and through something, the verdict is the same."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from asr_model.profiles import stepper
from asr_properties.contract.connection import Connection
from asr_properties.evidence.actions import WAIT_FOR_JOB, WRITE, Action, request, wait
from asr_properties.reference import Fixed, ReferenceService, ReplicatedItem
from asr_properties.session.nonconformance import NonConformance
from asr_properties.session.session import Session
from asr_properties.specification.declared import properties_of
from asr_properties.specification.property_monitors import PropertyMonitors
from asr_properties.specification.rule import EvidenceKind
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


#: A wrong implementation -> a walk that shows what is wrong with it.
WALKS: dict[type[ReplicatedItem], tuple[Action, ...]] = {
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
    session = Session(connection, stepper(profile), PropertyMonitors(properties_of(profile), EvidenceKind.LIVE))
    session.begin({"app_consistent_minutes": 20})
    try:
        for action in actions:
            assert not session.perform(action).answer.startswith("skipped")
    except NonConformance as failure:
        return len(session.steps), failure.requirements, [broken.name for broken in failure.broken], failure.what
    return ()
