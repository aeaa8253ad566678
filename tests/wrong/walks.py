"""Wrong implementations, each with a walk that shows it: judged here and through something, the verdict is the same."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from asr_properties.evidence.actions import WAIT_FOR_JOB, Action, request, wait
from asr_properties.reference import Fixed, ReferenceService, ReplicatedItem
from asr_properties.session.nonconformance import NonConformance
from walks import (
    ABORTED,
    CANCELLED,
    CHANGED,
    COMMIT,
    COMMITTED,
    DISABLE,
    FAILED_BACK,
    FAILED_OVER,
    HOUR,
    IN_DRILL,
    PROTECTED,
    REPROTECT,
    REVERSE,
    REVERT_FAILS,
    fail_over,
    failing_over,
    perform,
)
from wrong import implementations as wrong

#: A wrong implementation -> a walk that shows what is wrong with it.
WALKS: dict[type[ReplicatedItem], tuple[Action, ...]] = {
    wrong.CancellableFailover: (*FAILED_OVER, request("cancel_failover"), WAIT_FOR_JOB),
    wrong.KeptPoints: COMMITTED,
    wrong.ResumedReplication: ABORTED,
    wrong.CommittedTwice: (*COMMITTED, *COMMIT),
    wrong.AzureLeftOff: CANCELLED,
    wrong.StalePoint: FAILED_OVER,
    wrong.OwnChoice: failing_over("listed", pick=3),
    wrong.UnchangedPoint: CHANGED,
    wrong.LossyCancel: CANCELLED,
    wrong.KeptChanges: CANCELLED,
    wrong.ShutdownAfterwards: FAILED_OVER,
    wrong.StartedTooEarly: FAILED_BACK,
    wrong.ResumedTooEarly: CANCELLED,
    wrong.NewIdentityInReverse: REVERSE,
    wrong.NoMorePoints: (*PROTECTED, wait(2 * HOUR)),
    wrong.SilentItem: REVERT_FAILS,
    wrong.SilentJob: REVERT_FAILS,
    wrong.SourceLeftOn: (*PROTECTED, fail_over(), WAIT_FOR_JOB, *REPROTECT),
    wrong.CommitKeepsAzure: (*FAILED_BACK, *COMMIT),
    wrong.DrillStopsReplication: IN_DRILL,
    wrong.DrillShutsDown: IN_DRILL,
    wrong.SameInstance: REVERSE,
    wrong.LossyFailback: FAILED_BACK,
    wrong.NotStarted: FAILED_OVER,
    wrong.NoRevert: REVERT_FAILS,
    wrong.DisabledInVain: (*PROTECTED, *DISABLE),
}


def serving(item: type[ReplicatedItem]) -> Callable[[], ReferenceService]:
    return lambda: ReferenceService(item_class=item, freedom=Fixed({"cancel_job": "accepted"}))


def judged(factory: Callable[[], Any], actions: tuple[Action, ...]) -> tuple[Any, ...]:
    """What a walk comes to: the steps done, what failed and which rules are named; nothing if all agrees."""
    try:
        perform(factory(), actions, {"app_consistent_minutes": 20})
    except NonConformance as failure:
        return len(failure.steps), failure.requirements, [broken.name for broken in failure.broken], failure.what
    return ()
