"""Each relation has a wrong implementation that breaks it, and a short walk that shows it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from string import Formatter
from typing import Any, NamedTuple

import pytest

from asr_model.vocabulary import Fault
from asr_properties.evidence.actions import TIME_THE_JOB, WAIT_FOR_JOB, WRITE, Action, new_item, request, wait
from asr_properties.generation.scenarios import FOLLOWED
from asr_properties.reference import ClassicItem, CommonItem, Fixed, ReferenceService, ReplicatedItem
from asr_properties.session.failure_text import MOST
from asr_properties.session.nonconformance import NonConformance
from asr_properties.specification.relations.all_relations import RELATIONS
from asr_properties.specification.relations.relation import Judgement, Relation
from asr_properties.specification.rule import EvidenceKind
from relations.allowed_classic_variants import FailbackOnceOnly
from relations.cases_of_controls import OF_CONTROLS
from walks import (
    CANCEL,
    CANCELLED,
    CHANGED,
    CLEAN_UP,
    COMMIT,
    COMMITTED,
    DAY,
    DISABLE,
    DRILL,
    ENABLE,
    EVERY_REASON_TIMED,
    FAIL_BACK,
    FAILED_BACK,
    FAILED_OVER,
    HOUR,
    MINUTE,
    PLANNED,
    PLANNED_APP_CONSISTENT,
    PROTECTED,
    REPROTECT,
    REVERSE,
    begins,
    ends,
    fail_over,
    failing_over,
    once_over,
    perform,
)
from wrong import implementations as wrong

RECEIVED = (*CANCELLED, WRITE, wait(20 * MINUTE))
"""A cancelled failback, and a record written and received after it."""
WEEK = (*PROTECTED, wait(6 * HOUR), wait(20 * HOUR), wait(DAY), wait(6 * DAY))

BY_JOB = {"refusal": "by_job"}


class Case(NamedTuple):
    """A wrong implementation and the walk that shows it; what the implementation is free in is chosen by `pins`."""

    wrong: type[CommonItem] | type[ReferenceService]
    walk: tuple[Action, ...]
    configuration: Mapping[str, Any] = {"app_consistent_minutes": 20}
    pins: Mapping[str, str] = {}
    right: type[CommonItem] = ReplicatedItem

    def perform(self, kind: type[CommonItem] | type[ReferenceService]):
        freedom = Fixed(self.pins)
        service = kind(freedom=freedom) if issubclass(kind, ReferenceService) else ReferenceService(kind, freedom)
        return perform(service, self.walk, self.configuration)


def timed(key: str, value: object) -> tuple[Action, ...]:
    """The same drill and failover of a plain machine, and of one that needs the additional step."""
    measured = (*PROTECTED, DRILL[0], TIME_THE_JOB, *CLEAN_UP, fail_over(shut_down=False), TIME_THE_JOB)
    return (*measured, new_item({key: value}), *measured)


def back_to(option: str) -> tuple[Action, ...]:
    """Classic: a failback to this kind of choice, some hours after the reprotect."""
    return (*REVERSE, WRITE, wait(2 * HOUR), WRITE, wait(HOUR), fail_over(option, shut_down=True), WAIT_FOR_JOB)


IN_POINTS = (*PROTECTED, WRITE, wait(30 * MINUTE), wait(30 * MINUTE), wait(15 * MINUTE))
ENABLED_AGAIN = (*PROTECTED, *DISABLE, *PROTECTED)
LAST_TASK = "VmFoStartVmOnSecondary"
FAILED_FAILBACK = (
    *REVERSE,
    Action("inject", Fault.FAILOVER_FAILS, task=LAST_TASK),
    *(fail_over("latest"), WAIT_FOR_JOB, Action("clear", Fault.FAILOVER_FAILS)),
)
LISTS_NO_FAILBACK = (fail_over("latest"), wait(HOUR))
IN_SIGHT = {"reverse_points": "listed"}
NEEDS_COMMIT = {"reprotect_of_uncommitted_failover": "not_offered"}
REFUSED = {"planned_failover_under_fault": "refused", "reprotect_under_fault": "refused"}
FAULTY = {"configuration": {}, "pins": REFUSED}

ABORTED = (*PROTECTED, wait(MINUTE), fail_over(shut_down=False), Action("cancel_job", "running"), TIME_THE_JOB, WRITE)
CANCELLABLE = {"cancel_job": "accepted"}
TO_PROCESSED = (fail_over("latest_processed"), TIME_THE_JOB)

CASES = {
    "refusal_changes_nothing": Case(
        wrong.RefusedChangeForgets, (*FAILED_OVER, request("change_recovery_point", recovery_point="unknown"))
    ),
    "refusing_job_changes_nothing": Case(
        wrong.RefusedCancelRecorded, (*PROTECTED, request("cancel_failover"), wait(MINUTE)), pins=BY_JOB
    ),
    "jobs_are_newest_first": Case(wrong.OldestJobFirst, (*PROTECTED, *DISABLE)),
    "item_ids_stay_apart": Case(wrong.ItemIdUsedAgain, (*PROTECTED, new_item({}), *PROTECTED)),
    "sequence_numbers_are_never_reused": Case(wrong.SequenceUsedAgain, RECEIVED),
    "finished_planned_failover_is_told": Case(wrong.SuccessDenied, FAILED_BACK),
    "failed_cancel_tells_why": Case(wrong.SilentCancel, (*FAILED_BACK, begins("cancel_fails"), *CANCEL)),
    "custom_uses_the_named_point": Case(wrong.OwnChoice, failing_over("listed", pick=3)),
    "change_uses_the_named_point": Case(wrong.UnchangedPoint, CHANGED),
    "point_in_use_changes_only_by_change": Case(wrong.RefusedFailoverChooses, (*FAILED_OVER, fail_over("latest"))),
    "commit_keeps_the_point_in_use": Case(wrong.CommitChoosesAnew, COMMITTED),
    "point_ids_stay_apart": Case(wrong.PointIdsOfFormerItem, (*PROTECTED, new_item({}), *PROTECTED)),
    "pruned_points_stay_away": Case(
        wrong.PrunedPointsComeBack, (*ENABLE, *[wait(HOUR)] * 14), {"crash_consistent_minutes": 20}
    ),
    "points_of_a_former_life_stay_away": Case(wrong.PointsComeBack, ENABLED_AGAIN),
    "points_before_a_commit_stay_away": Case(wrong.CommittedPointsComeBack, (*COMMITTED, *REPROTECT, wait(HOUR))),
    "points_before_a_reprotect_stay_away": Case(wrong.ReprotectKeepsPoints, (*FAILED_OVER, *REPROTECT)),
    "points_are_made_in_time": Case(wrong.NoMorePoints, (*PROTECTED, wait(2 * HOUR))),
    "points_keep_their_interval": Case(wrong.FrequentPoints, (*PROTECTED, wait(HOUR))),
    "no_app_consistent_points_unless_on": Case(wrong.UnwantedAppPoints, (*PROTECTED, wait(HOUR)), {}),
    "points_of_a_group_are_flagged": Case(wrong.GroupForgotten, (*PROTECTED, wait(HOUR)), {"multi_vm_group": "group"}),
    "young_points_are_kept": Case(wrong.ThinnedTooEarly, (*PROTECTED, wait(HOUR))),
    "old_points_are_pruned": Case(wrong.DoubleRetention, (*PROTECTED, wait(6 * HOUR)), {"retention_minutes": 120}),
    "points_are_thinned": Case(wrong.NeverThinned, (*PROTECTED, wait(6 * HOUR))),
    "points_are_not_dated_back": Case(wrong.VanishAndComeBack, (*PROTECTED, wait(90 * MINUTE), wait(HOUR))),
    "latest_processed_makes_no_point": Case(wrong.PointMadeForIt, failing_over("latest_processed")),
    "nothing_is_received_before_it_is_written": Case(wrong.AheadOfItself, PROTECTED),
    "what_was_received_stays_received": Case(wrong.ReceivedInVain, (*PROTECTED, WRITE, wait(5 * MINUTE), wait(DAY))),
    "protected_item_replicates": Case(wrong.NeverSends, (*PROTECTED, WRITE, wait(HOUR))),
    "reverse_protected_item_replicates": Case(wrong.NeverSendsBack, REVERSE),
    "replication_flows_after_cancel": Case(wrong.ResumedInNameOnly, RECEIVED),
    "replication_flows_after_revert": Case(
        wrong.RevertDoesNotResume,
        (
            *REVERSE,
            begins("planned_failover_fails"),
            *FAIL_BACK,
            WAIT_FOR_JOB,
            ends("planned_failover_fails"),
            WRITE,
            wait(HOUR),
        ),
    ),
    "missing_recovery_points_show_in_health": Case(
        wrong.WellWithoutPoints, (*PROTECTED, begins("replication_unhealthy"), wait(DAY))
    ),
    "records_come_into_points": Case(wrong.NeverSends, (*PROTECTED, WRITE, wait(2 * HOUR))),
    "points_hold_what_was_processed": Case(wrong.PointsTooOld, IN_POINTS),
    "points_hold_nothing_later": Case(wrong.PointsOfTheUnwritten, (*PROTECTED, wait(HOUR))),
    "nothing_is_received_from_the_failover_on": Case(
        wrong.FailsOverAndReplicates, (*PROTECTED, fail_over(shut_down=False), WRITE, wait(2 * MINUTE))
    ),
    "nothing_is_received_until_a_failover_is_aborted": Case(
        wrong.FailsOverAndReplicates,
        (*PROTECTED, fail_over(shut_down=False), Action("cancel_job", "running"), WRITE, WAIT_FOR_JOB),
        pins=CANCELLABLE,
    ),
    "nothing_is_received_after_an_aborted_failover": Case(
        wrong.AbortedInNameOnly, (*ABORTED, wait(2 * MINUTE)), pins=CANCELLABLE
    ),
    "nothing_is_received_after_a_failback": Case(wrong.FailedBackInNameOnly, (*FAILED_BACK, WRITE)),
    "no_point_is_made_after_an_aborted_failover": Case(wrong.PointsAfterAbort, (*ABORTED, wait(DAY)), pins=CANCELLABLE),
    "no_point_is_made_after_a_failback": Case(
        wrong.PointsAfterFailback, (*FAILED_BACK, wait(5 * DAY)), pins={"reverse_points": "listed"}
    ),
    "aborted_failover_leaves_production_on_premises": Case(wrong.AbortedAndFailedOver, ABORTED, pins=CANCELLABLE),
    "points_of_a_former_life_are_refused": Case(
        wrong.FormerPointServes, (*ENABLED_AGAIN, fail_over("former"), wait(HOUR))
    ),
    "points_of_a_former_life_are_not_in_use": Case(
        wrong.FormerPointNamed, (*failing_over("latest"), *DISABLE, *PROTECTED)
    ),
    "guest_writes_only_where_its_machine_is_on": Case(
        wrong.WritesWhileSwitchedOff, (*failing_over("latest"), Action("inject", "azure_vm_off"), WRITE)
    ),
    "machine_that_is_on_in_azure_runs": Case(
        wrong.OnInNameOnly, (*failing_over("latest"), *DISABLE, *failing_over("latest"), WRITE)
    ),
    "machine_that_is_on_on_premises_runs": Case(
        wrong.BackInNameOnly, (*FAILED_BACK, request("commit"), WAIT_FOR_JOB, WRITE)
    ),
    "tasks_of_a_job_end_with_it": Case(wrong.TasksStandStill, FAILED_OVER),
    "tasks_of_a_job_move_while_it_runs": Case(wrong.TasksMoveAtTheEnd, (*PROTECTED, fail_over("latest"), *FOLLOWED)),
    "failed_planned_failover_is_reverted_by_a_job": Case(
        wrong.LastTaskRevertedOnTheQuiet,
        (
            *REVERSE,
            Action("inject", Fault.PLANNED_FAILOVER_FAILS, task="VmFoStartVmOnSecondary"),
            PLANNED,
            WAIT_FOR_JOB,
        ),
    ),
    "change_keeps_the_other_points": Case(
        wrong.ChangeDropsNewer, (*PROTECTED, wait(MINUTE), fail_over(), TIME_THE_JOB, CHANGED[-2], TIME_THE_JOB)
    ),
    "latest_processed_spends_no_time_on_pending_data": Case(
        wrong.ProcessesPendingData,
        (*PROTECTED, *TO_PROCESSED, new_item({}), *PROTECTED, WRITE, wait(MINUTE / 2), *TO_PROCESSED),
    ),
    "failover_brings_nothing_unwritten": Case(wrong.InventedData, FAILED_OVER),
    **{
        f"failback_to_{option}_brings_its_data": Case(kind, back_to(option), {}, IN_SIGHT, ClassicItem)
        for option, kind in (
            ("latest", wrong.FailbackLosesTheLastRecord),
            ("latest_processed", wrong.OldestPointForProcessed),
            ("latest_app_consistent", wrong.AppPointBringsNothing),
            ("listed", wrong.NamedPointLosesItsLastRecord),
        )
    },
    "failed_failback_keeps_every_record_of_azure": Case(
        wrong.LateFailureLosesRecords, FAILED_FAILBACK, {}, {}, ClassicItem
    ),
    "failback_shuts_azure_down_where_it_says_so": Case(wrong.ShutdownOnlySaid, back_to("latest"), {}, {}, ClassicItem),
    "unlisted_reprotect_is_refused": Case(
        wrong.UnlistedReprotectOfAFailover,
        (*failing_over("latest"), request("reprotect"), wait(HOUR)),
        {},
        NEEDS_COMMIT,
        ClassicItem,
    ),
    "listed_reprotect_is_accepted": Case(
        wrong.ListedReprotectOfAFailoverRefused,
        (*failing_over("latest"), wait(HOUR), request("reprotect"), WAIT_FOR_JOB),
        {},
        {},
        ClassicItem,
    ),
    "unlisted_fail_over_is_refused": Case(
        wrong.UnlistedAgainAndAccepted, (*FAILED_FAILBACK, *LISTS_NO_FAILBACK), {}, {}, FailbackOnceOnly
    ),
    "listed_fail_over_is_accepted": Case(
        wrong.ListedAgainAndRefused, (*FAILED_FAILBACK, fail_over("latest"), WAIT_FOR_JOB), {}, {}, ClassicItem
    ),
    "failback_is_not_reverted_by_the_service": Case(
        wrong.FailedFailbackIsRevertedInSilence, FAILED_FAILBACK, {}, {}, ClassicItem
    ),
    "latest_brings_the_data_of_its_point": Case(wrong.EmptyMachine, FAILED_OVER),
    "latest_processed_brings_the_data_of_its_point": Case(
        wrong.EmptyMachine, (*IN_POINTS, fail_over("latest_processed"), WAIT_FOR_JOB)
    ),
    "latest_app_consistent_brings_the_data_of_its_point": Case(
        wrong.EmptyMachine, (*IN_POINTS, fail_over("latest_app_consistent"), WAIT_FOR_JOB)
    ),
    "listed_brings_the_data_of_its_point": Case(wrong.OtherData, failing_over("listed", pick=3)),
    "change_brings_the_data_of_its_point": Case(wrong.ChangedInNameOnly, CHANGED),
    "crash_consistent_failback_brings_all": Case(wrong.LossyFailback, FAILED_BACK),
    "app_consistent_failback_brings_nothing_newer": Case(
        wrong.TooNewFailback, (*REVERSE, PLANNED_APP_CONSISTENT, WRITE, wait(MINUTE), WAIT_FOR_JOB)
    ),
    "cancel_keeps_every_record_of_azure": Case(wrong.LossyCancel, RECEIVED),
    "revert_keeps_every_record_of_azure": Case(
        wrong.RevertStartsAzureEmpty, (*REVERSE, WRITE, begins("planned_failover_fails"), *FAIL_BACK, WAIT_FOR_JOB)
    ),
    "failed_failover_keeps_data": Case(
        wrong.FailureLosesTheLastRecord,
        (*PROTECTED, WRITE, begins("failover_fails"), fail_over("latest"), WAIT_FOR_JOB),
    ),
    "points_are_made_during_a_drill": Case(wrong.DrillStopsPoints, (*PROTECTED, wait(HOUR), *DRILL, wait(2 * HOUR))),
    "drill_leaves_data_alone": Case(wrong.DrillRollsBack, (*PROTECTED, WRITE, *DRILL)),
    "commit_keeps_the_data_in_azure": Case(wrong.CommitRollsBack, (*FAILED_OVER, WRITE, *COMMIT)),
    "serving_machine_keeps_its_data": Case(wrong.ReprotectRollsBack, (*COMMITTED, WRITE, *REPROTECT)),
    "fail_over_takes_longer_with_linux": Case(wrong.NoStepForLinux, timed("operating_system", "linux"), {}),
    "fail_over_takes_longer_with_no_dhcp": Case(wrong.NoStepWithoutDhcp, timed("dhcp", False), {}),
    "fail_over_takes_longer_with_missing_boot_drivers": Case(
        wrong.NoStepWithoutDrivers, timed("boot_drivers", False), {}
    ),
    "fail_over_takes_no_extra_step_without_a_reason": Case(wrong.StepForEverybody, EVERY_REASON_TIMED, {}),
    "test_failover_takes_longer_with_linux": Case(wrong.NoStepInDrills, timed("operating_system", "linux"), {}),
    "test_failover_takes_longer_with_no_dhcp": Case(wrong.NoStepInDrills, timed("dhcp", False), {}),
    "test_failover_takes_longer_with_missing_boot_drivers": Case(
        wrong.NoStepInDrills, timed("boot_drivers", False), {}
    ),
    "switched_off_azure_machine_reads_off": Case(wrong.OffShownAsOn, (*FAILED_OVER, begins("azure_vm_off"))),
    **{
        f"planned_failover_works_after_{fault}": Case(kind, once_over(fault, REVERSE, PLANNED), **FAULTY)
        for fault, kind in (
            (Fault.REPLICATION_UNHEALTHY, wrong.ReplicationUnhealthyForGood),
            (Fault.APPLIANCE_UNHEALTHY, wrong.ApplianceUnhealthyForGood),
            (Fault.AZURE_VM_OFF, wrong.AzureOffForFailback),
            (Fault.MOBILITY_AGENT_STOPPED, wrong.AgentStoppedForGood),
            (Fault.SERVICE_URLS_BLOCKED, wrong.UrlsBlockedForGood),
        )
    },
    "reprotect_works_after_datastore_unreachable": Case(
        wrong.DatastoreLostForGood, once_over(Fault.DATASTORE_UNREACHABLE, COMMITTED, request("reprotect")), **FAULTY
    ),
    **{name: Case(*row) for name, row in OF_CONTROLS.items()},
}


def test_every_relation_has_a_wrong_implementation():
    assert CASES.keys() == {relation.name for relation in RELATIONS if EvidenceKind.LIVE in relation.evidence}


@pytest.mark.parametrize("name", CASES)
def test_the_wrong_implementation_breaks_the_relation(name):
    case = CASES[name]
    with pytest.raises(NonConformance) as failure:
        case.perform(case.wrong)
    assert name in [candidate.name for candidate in failure.value.broken]
    tells_the_values(failure.value, name)


@pytest.mark.parametrize("name", CASES)
def test_the_right_implementation_does_not_and_puts_it_to_the_test(name, monkeypatch):
    case = CASES[name]
    seen = told_whether_broken_or_not(monkeypatch)
    assert case.perform(case.right).monitors.exercised[name]
    assert name in seen


def tells_the_values(failure: NonConformance, name: str) -> None:
    """The failure shows the values by which the relation was broken, and what would have been right."""
    (told,) = (one for one in failure.decided if one.rule.name == name)
    assert isinstance(told.rule, Relation)
    pieces = [re.escape(text) + ("(.+)" if field else "") for text, field, *_ in Formatter().parse(told.rule.seen)]
    values = re.fullmatch("".join(pieces), told.seen)
    assert values, told
    assert values.groups(), told
    lines = str(failure).splitlines()
    if name in [one.rule.name for one in failure.decided[:MOST]]:
        assert f"  seen:  {told.seen}" in lines
        assert f"  right: {told.right}" in lines
    assert len([line for line in lines if not re.match(r" *\d+\. ", line)]) <= 20


def told_whether_broken_or_not(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Every judgement is told, so that a text that asks for a value which is not there is found; the names of all."""
    seen: set[str] = set()
    judged = Relation.judged

    def told(self: Relation, holds: bool, **values: Any) -> Judgement:
        judgement = judged(self, holds, **values)
        assert judgement.broken.seen
        assert judgement.broken.right
        seen.add(self.name)
        return judgement

    monkeypatch.setattr(Relation, "judged", told)
    return seen
