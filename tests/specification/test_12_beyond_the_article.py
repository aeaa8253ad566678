"""X01 to X22: what the article does not say, from traffic, inference and the adapter contract."""

from __future__ import annotations

from typing import Any

from asr_properties.evidence.actions import WAIT_FOR_JOB, WRITE, new_item, request, wait
from specification.shown import Shown
from traces.cassettes import FAILED_OVER as SHOWN_FAILED_OVER
from traces.cassettes import PROTECTED as SHOWN_PROTECTED
from traces.cassettes import VAULT, ask, interaction, look, poll
from walks import (
    CANCEL,
    CLEAN_UP,
    COMMIT,
    COMMITTED,
    DAY,
    DISABLE,
    DRILL,
    FAIL_BACK,
    FAIL_OVER,
    FAILED,
    FAILED_BACK,
    FAILED_OVER,
    HOUR,
    IN_DRILL,
    MINUTE,
    PROTECTED,
    REPROTECT,
    REVERSE,
    begins,
    ends,
    fail_over,
)
from wrong import implementations as wrong

APP_CONSISTENT_POINTS = {"app_consistent_minutes": 20}


def test_X01_the_id_stays_and_the_instance_type_alternates(requirement: Shown) -> None:
    """The id and name of an item stay the same over a full cycle, while its instance type alternates."""
    requirement.passes(*FAILED_BACK, *REPROTECT)
    requirement.fails(wrong.NewIdentityInReverse, "Reprotect gives the item another id.")
    requirement.fails(wrong.SameInstance, "The instance type stays that of the forward direction after reprotect.")


def test_X02_what_is_not_listed_is_refused(requirement: Shown) -> None:
    """An operation that the item does not list as allowed is refused without side effect."""
    requirement.passes(*FAILED_OVER, request("change_recovery_point", recovery_point="unknown"))
    requirement.fails(
        wrong.RefusedChangeForgets, "A change of the recovery point that is refused clears the point in use."
    )
    requirement.passes(*PROTECTED, request("cancel_failover"), wait(MINUTE), choices={"refusal": "by_job"})
    requirement.fails(
        wrong.RefusedCancelRecorded, "A cancel that is refused makes the last planned failover read as cancelled."
    )


def test_X03_what_is_listed_after_a_failover(requirement: Shown) -> None:
    """In failed_over change_recovery_point, commit and reprotect are allowed; in failover_committed the first two are
    not."""
    requirement.passes(*FAILED_OVER, *COMMIT)
    requirement.fails(wrong.ChangeNotOffered, "After a failover the change of the recovery point is not listed.")


def test_X04_what_is_listed_after_a_failback(requirement: Shown) -> None:
    """In failed_back cancel_failover, commit and reprotect are allowed; change_recovery_point and planned_failover are
    not."""
    requirement.passes(*FAILED_BACK)
    requirement.fails(wrong.CancelNotOffered, "After a planned failover cancel_failover is not listed.")


def test_X05_what_is_listed_when_protected_in_reverse(requirement: Shown) -> None:
    """In reverse_protected planned_failover and disable_replication are allowed and nothing else is."""
    requirement.passes(*REVERSE)
    requirement.fails(wrong.UnplannedFailback, "In the reverse direction an unplanned failover is listed too.")


def test_X06_reprotect_implies_the_commit(requirement: Shown) -> None:
    """A reprotect of an item that waits for commit commits it implicitly."""
    requirement.passes(*FAILED_BACK, *REPROTECT)
    requirement.fails(
        wrong.ReprotectKeepsAzure,
        "Reprotect of an uncommitted failback does not commit it: the machine in Azure stays.",
    )
    requirement.fails(
        wrong.ReprotectKeepsPoints,
        "Reprotect of an uncommitted failover does not commit it: its recovery points stay listed.",
    )


def test_X07_failback_and_cancel_any_number_of_times(requirement: Shown) -> None:
    """Planned failover and its cancellation may follow each other any number of times."""
    requirement.passes(*FAILED_BACK, *CANCEL, *FAIL_BACK, *CANCEL, *FAIL_BACK, *CANCEL)
    requirement.fails(
        wrong.FailbackOnlyOnce,
        "After a cancel the planned failover is refused for good, though it is listed.",
        beside=("R60", "R74"),
    )


# What the service says of a job and its operation is seen in recordings, and through the ARM API.

FAIL_OVER_IS_ASKED_FOR = ask("unplannedFailover", "OP-1", performShutdown="true")


def job(scenario: str, state: str) -> dict[str, Any]:
    """The job of the failover as the service shows it."""
    body = {"name": "OP-1", "properties": {"state": state, "scenarioName": scenario}}
    return interaction("GET", f"{VAULT}/replicationJobs/OP-1", answer=body)


def test_X08_success_with_a_warning_is_success(requirement: Shown) -> None:
    """A long-running operation that ended as succeeded may still carry a warning in its error field."""
    warned = poll("OP-1", "Succeeded", {"code": "28175", "message": "the name was taken"})
    requirement.agrees(look(SHOWN_PROTECTED), FAIL_OVER_IS_ASKED_FOR, warned, look(SHOWN_FAILED_OVER))
    requirement.departs(look(SHOWN_PROTECTED), FAIL_OVER_IS_ASKED_FOR, warned, job("UnplannedFailover", "Failed"))
    requirement.departs(look(SHOWN_PROTECTED), FAIL_OVER_IS_ASKED_FOR, warned, look(SHOWN_PROTECTED))


def test_X09_the_job_is_the_operation(requirement: Shown) -> None:
    """The job id is the operation id, and the jobs of all lifecycle operations are listed with their scenario."""
    running = job("UnplannedFailover", "InProgress")
    requirement.agrees(look(SHOWN_PROTECTED), FAIL_OVER_IS_ASKED_FOR, running, look(SHOWN_FAILED_OVER))
    requirement.departs(look(SHOWN_PROTECTED), FAIL_OVER_IS_ASKED_FOR, job("CommitFailover", "InProgress"))


def test_X10_at_most_one_site_is_active(requirement: Shown) -> None:
    """At any observation at most one site is active, and in failing_over and failing_back none needs to be."""
    requirement.passes(*FAILED_BACK, *CANCEL)
    requirement.fails(
        wrong.StalePower,
        "A source that was shut down for the failover still reads as on once the failover is committed.",
        *COMMITTED,
    )
    requirement.fails(
        wrong.OnPremisesLeftOn,
        "A cancel leaves the on-premises machine on, beside the one in Azure.",
        beside=("R65", "R66", "R70"),
    )


def test_X11_critical_health_allows_a_failover(requirement: Shown) -> None:
    """A protected item whose health is critical still allows fail_over."""
    requirement.passes(*PROTECTED, begins("appliance_unhealthy"), wait(HOUR), fail_over(), WAIT_FOR_JOB)
    requirement.fails(wrong.HealthyOnly, "A failover is refused while the appliance is not healthy.")


def test_X12_disabling_is_always_allowed(requirement: Shown) -> None:
    """In every steady phase disable_replication is allowed, except while a drill is active."""
    requirement.passes(*FAILED, *DISABLE)
    requirement.fails(wrong.DisableRefused, "Disabling is listed after a failed failover, and refused.")
    requirement.fails(
        wrong.DisableNotListed,
        "Disabling is not listed during the initial replication to on-premises.",
        *(*FAILED_OVER, *REPROTECT),
    )


def test_X13_a_drill_leaves_everything_alone(requirement: Shown) -> None:
    """A drill leaves the phase, replication, the recovery points and the production machines alone."""
    requirement.passes(*PROTECTED, WRITE, *DRILL, wait(HOUR))
    requirement.fails(wrong.DrillStopsReplication, "Replication stands still from the beginning of a drill.")
    requirement.fails(wrong.DrillShutsDown, "A drill shuts the production machine down.")
    requirement.fails(wrong.DrillDeletesPoints, "A drill deletes the recovery points that there are.")
    requirement.fails(
        wrong.DrillRollsBack, "A drill takes the disks of the production machine back to an older record."
    )


def test_X14_a_drill_ends_only_by_its_cleanup(requirement: Shown) -> None:
    """A drill ends only by its cleanup, which the user asks for."""
    requirement.passes(*IN_DRILL, wait(2 * HOUR), *CLEAN_UP)
    requirement.fails(wrong.DrillEndsItself, "A drill is cleaned up by the service itself after an hour.")
    requirement.fails(
        wrong.DrillNotCleanedUp, "The cleanup of a drill succeeds as a job, and the drill still awaits it."
    )


def test_X15_until_then_nothing_else_is_accepted(requirement: Shown) -> None:
    """While a drill awaits its cleanup, no operation but the cleanup is accepted."""
    requirement.passes(*IN_DRILL, fail_over(), request("disable_replication"))
    requirement.fails(wrong.DrillLetsFailOver, "While a drill awaits its cleanup, a failover is listed and accepted.")


def test_X16_reprotect_turns_the_source_off(requirement: Shown) -> None:
    """Reprotect towards on-premises turns the on-premises machine off."""
    requirement.passes(*PROTECTED, fail_over(shut_down=False), WAIT_FOR_JOB, *REPROTECT[:2])
    requirement.fails(wrong.SourceLeftOn, "Reprotect leaves the on-premises machine on.")


def test_X17_commit_of_a_failback_removes_the_machine_in_azure(requirement: Shown) -> None:
    """Commit of a failback removes the machine in Azure and, with it, the way back."""
    requirement.passes(*FAILED_BACK, *COMMIT)
    requirement.fails(wrong.CommitKeepsAzure, "Commit of a failback leaves the machine in Azure.")
    requirement.fails(wrong.CommitKeepsCancel, "A committed failback still lists cancel_failover.")


def test_X18_a_failed_failover_can_be_retried_and_not_committed(requirement: Shown) -> None:
    """A failed failover to Azure leaves the active site as it was, can be retried and cannot be committed."""
    requirement.passes(*FAILED, request("commit"), ends("failover_fails"), *FAIL_OVER)
    requirement.fails(wrong.FailureCommitted, "A failed failover can be committed.", *FAILED, *COMMIT)


def test_X19_disabling_leaves_nothing(requirement: Shown) -> None:
    """Disabling replication deletes the recovery points, and nothing comes back afterwards."""
    requirement.passes(*PROTECTED, *DISABLE, wait(DAY), *PROTECTED)
    requirement.fails(wrong.DisabledInVain, "Disabling succeeds as a job, and the item stays.")
    requirement.fails(wrong.PointsOutliveDisable, "The recovery points are still listed after disabling.")
    requirement.fails(wrong.ComesBack, "Half an hour after it was disabled, the item is replicated again.")
    requirement.fails(
        wrong.PointsComeBack, "When a disabled item is enabled again, its former recovery points are listed again."
    )


def test_X20_points_are_made_at_their_interval(requirement: Shown) -> None:
    """Recovery points are created at their interval and pruned as the retention says."""
    requirement.passes(*PROTECTED, *[wait(HOUR)] * 3)
    requirement.fails(wrong.NoMorePoints, "After the first recovery point none is made.")
    requirement.fails(wrong.RarePoints, "Crash-consistent points are made every three hours whatever the interval.")
    requirement.fails(wrong.FrequentPoints, "Crash-consistent points are made at a fifth of their interval.")
    requirement.passes(*PROTECTED, wait(2 * HOUR), configuration=APP_CONSISTENT_POINTS)
    requirement.fails(wrong.NoAppPoints, "App-consistent points are never made though they are on.")


def test_X20_points_are_pruned_as_the_retention_says(requirement: Shown) -> None:
    """Recovery points are created at their interval and pruned as the retention says."""
    requirement.passes(*PROTECTED, wait(HOUR), wait(6 * HOUR), configuration={"retention_minutes": 120})
    requirement.fails(wrong.DoubleRetention, "Points are kept for twice the retention.")
    requirement.fails(wrong.ThinnedTooEarly, "Points are thinned when they are half an hour old.")
    requirement.passes(*PROTECTED, wait(6 * HOUR))
    requirement.fails(wrong.NeverThinned, "Points older than two hours are not thinned.")


def test_X20_points_hold_what_was_processed(requirement: Shown) -> None:
    """Recovery points are created at their interval and pruned as the retention says."""
    requirement.passes(*PROTECTED, WRITE, *[wait(30 * MINUTE)] * 3)
    requirement.fails(wrong.PointsTooOld, "A point lacks the newest record that was processed when it was made.")
    requirement.fails(wrong.PointsOfTheUnwritten, "A point tells of a record that nobody has written yet.")


def test_X21_what_is_listed_is_accepted(requirement: Shown) -> None:
    """An operation that the item lists as allowed is accepted."""
    requirement.passes(*FAILED_OVER, *REPROTECT)
    requirement.fails(wrong.ReprotectNeedsCommit, "Reprotect is refused until the failover is committed.")
    requirement.fails(wrong.CommitRefused, "Commit is listed after a failover, and refused.", *FAILED_OVER, *COMMIT)


def test_X22_a_new_item_forgets_everything(requirement: Shown) -> None:
    """A new item forgets everything before it, clearing a fault works, and lists are newest first."""
    requirement.passes(*FAILED_BACK, new_item({}), *PROTECTED)
    requirement.fails(wrong.LastingService, "A new item goes on with the item that there is.")
    requirement.fails(wrong.LastingPoints, "A new item lists the recovery points of the former one.")
    requirement.fails(wrong.LastingJobs, "A new item lists the jobs of the former one.")
    requirement.fails(wrong.ItemIdUsedAgain, "Every new item has the same id.")


def test_X22_lists_are_newest_first(requirement: Shown) -> None:
    """A new item forgets everything before it, clearing a fault works, and lists are newest first."""
    requirement.passes(*PROTECTED, *DISABLE)
    requirement.fails(wrong.OldestPointFirst, "Recovery points are listed oldest first.")
    requirement.fails(wrong.OldestJobFirst, "Jobs are listed oldest first.")
