"""Properties that take an implementation to be broken: each has a wrong one, and a short walk that shows it."""

from __future__ import annotations

import re

import pytest

from asr_properties.evidence.actions import WAIT_FOR_JOB, Action, wait
from asr_properties.reference import ClassicItem, Fixed, ReferenceService, ReplicatedItem
from asr_properties.session.nonconformance import NonConformance
from asr_properties.specification.declared import PROPERTIES
from asr_properties.specification.relations.relation import Relation
from asr_properties.specification.rule import EvidenceKind
from walks import (
    CANCEL,
    CANCELLED,
    COMMIT,
    DAY,
    DISABLE,
    FAILED_BACK,
    FAILED_OVER,
    PROTECTED,
    REVERSE,
    REVERT_FAILS,
    begin,
    begins,
    fail_over,
    failing_over,
    perform,
)
from wrong import implementations as wrong

DISABLED = (*FAILED_OVER, *DISABLE)
BACK_BY_FAILOVER = (*REVERSE, fail_over(shut_down=True), WAIT_FOR_JOB)


class ChangeListedAfterCommit(ReplicatedItem):
    """A committed item lists a change of the recovery point, and refuses it."""

    __slots__ = ()

    def allowed_operations(self) -> list[str]:
        also = ["change_recovery_point"] if self.phase == "failover_committed" else []
        return sorted([*super().allowed_operations(), *also])


WALKS = {
    "latest_brings_all_received": (wrong.StalePoint, FAILED_OVER),
    "latest_processed_uses_the_newest_point": (wrong.OldestPoint, failing_over("latest_processed")),
    "latest_app_consistent_uses_that_point": (wrong.AnyAppPoint, failing_over("latest_app_consistent")),
    "planned_failover_loses_nothing": (wrong.LossyFailback, FAILED_BACK),
    "cancel_keeps_the_data_of_azure": (wrong.LossyCancel, CANCELLED),
    "cancel_discards_what_on_premises_wrote": (wrong.KeptChanges, CANCELLED),
    "shutdown_comes_before_failover": (wrong.ShutdownAfterwards, FAILED_OVER),
    "planned_failover_does_its_tasks_in_order": (wrong.StartedTooEarly, FAILED_BACK),
    "cancel_does_its_tasks_in_order": (wrong.ResumedTooEarly, CANCELLED),
    "planned_failover_shuts_azure_down": (wrong.AzureLeftOn, FAILED_BACK),
    "protected_item_is_shown": (wrong.UnseenItem, PROTECTED),
    "item_keeps_its_id": (wrong.NewIdentityInReverse, REVERSE),
    "points_are_made_at_their_interval": (wrong.NoMorePoints, (*PROTECTED, wait(DAY))),
    "lists_are_newest_first": (wrong.OldestPointFirst, PROTECTED),
    "failed_revert_is_a_health_issue": (wrong.SilentItem, REVERT_FAILS),
    "failed_planned_failover_tells_why": (wrong.SilentJob, REVERT_FAILS),
    "committed_item_lists_no_change": (ChangeListedAfterCommit, (*FAILED_OVER, *COMMIT)),
    "failover_is_started_by_the_user_only": (wrong.FailsOverInTime, (*PROTECTED, wait(DAY), wait(DAY))),
    "disable_leaves_the_machines": (wrong.DisableTurnsSourceOn, DISABLED),
    "failback_is_never_undone": (wrong.CancelTaken, (*BACK_BY_FAILOVER, CANCEL[0])),
    "cancel_of_a_failback_is_not_listed": (wrong.CancelListedWhenFailedBack, (*BACK_BY_FAILOVER, CANCEL[0])),
    "failed_failback_leaves_azure_on": (
        wrong.FailedFailbackLeavesAzureOff,
        (
            *REVERSE,
            begins("failover_fails"),
            fail_over(shut_down=True),
            WAIT_FOR_JOB,
            Action("clear", "failover_fails"),
        ),
    ),
    "failback_to_latest_brings_all_received": (wrong.EmptyFailback, (*REVERSE, fail_over("latest"), WAIT_FOR_JOB)),
}

LIVE_ONLY = {
    p.name
    for p in PROPERTIES
    if EvidenceKind.LIVE in p.evidence and EvidenceKind.MODEL not in p.evidence and not isinstance(p, Relation)
}
"""Those of relations between concrete values are with the tests of the monitors."""

CONFIGURATION = {"app_consistent_minutes": 20}


def test_every_property_of_runs_alone_has_a_wrong_implementation():
    assert {*WALKS, "new_item_forgets_all", "new_item_is_a_fresh_machine"} == LIVE_ONLY


@pytest.mark.parametrize("name", WALKS)
def test_the_wrong_implementation_breaks_the_property(name):
    item, actions = WALKS[name]
    with pytest.raises(NonConformance) as failure:
        perform(ReferenceService(item, Fixed()), actions, CONFIGURATION)
    (told,) = (one for one in failure.value.decided if one.rule.name == name)
    assert re.fullmatch(r"[^:;]+: [^;]+(; [^:;]+: [^;]+)*", told.seen)
    assert "unknown" not in told.seen
    assert told.right


@pytest.mark.parametrize("name", WALKS)
def test_the_right_implementation_does_not_and_puts_it_to_the_test(name):
    item, actions = WALKS[name]
    right = ClassicItem if issubclass(item, ClassicItem) else ReplicatedItem
    session = perform(ReferenceService(right, Fixed()), actions, CONFIGURATION)
    assert session.monitors.exercised[name]


def test_an_item_that_outlives_new_item_is_found():
    session = begin(wrong.LastingService(freedom=Fixed()))
    session.begin()
    for action in PROTECTED:
        session.perform(action)
    with pytest.raises(NonConformance) as failure:
        session.begin()
    assert "X22" in failure.value.requirements
