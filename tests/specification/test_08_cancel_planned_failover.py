"""R59 to R77: the section "Cancel planned failover" of the article."""

from __future__ import annotations

from asr_properties.evidence.actions import WAIT_FOR_JOB, WRITE, request, wait
from asr_properties.reference import ClassicItem
from specification.shown import Shown
from walks import (
    CANCEL,
    CANCELLED,
    DAY,
    FAIL_BACK,
    FAILED_BACK,
    FAILED_OVER,
    MINUTE,
    PLANNED_APP_CONSISTENT,
    REVERSE,
    begins,
    ends,
    fail_over,
)
from wrong import implementations as wrong


def test_R59_a_planned_failover_can_be_cancelled(requirement: Shown) -> None:
    """A planned failover can be cancelled when on-premises is not ready or there are problems."""
    requirement.passes(*FAILED_BACK, *CANCEL)
    requirement.fails(wrong.CancelRefused, "After a planned failover cancel_failover is listed, and refused.")


def test_R60_it_can_be_run_again_at_any_later_time(requirement: Shown) -> None:
    """After a cancel the planned failover can be run again at any later time."""
    requirement.passes(*FAILED_BACK, *CANCEL, wait(DAY), *FAIL_BACK)
    requirement.fails(
        wrong.FailbackOnlyOnce, "After a cancel the planned failover is refused for good, though it is listed."
    )


def test_R61_cancelling_is_an_operation_on_the_item(requirement: Shown) -> None:
    """Cancelling is an operation on the replicated item, Cancel Failover, which the user confirms."""
    requirement.passes(*FAILED_BACK, *CANCEL)
    requirement.fails(
        wrong.CancelNotOffered, "After a planned failover cancel_failover is not listed.", beside=("X04",)
    )
    requirement.fails(
        wrong.CancelRefused, "After a planned failover cancel_failover is listed, and refused.", beside=("R59",)
    )


def test_R63_a_cancel_that_fails_recommends_steps(requirement: Shown) -> None:
    """If something keeps the service from cancelling, the job recommends steps to take."""
    requirement.passes(*FAILED_BACK, begins("cancel_fails"), *CANCEL, *CANCEL)
    requirement.fails(wrong.SilentCancel, "The job of a cancel that failed has no errors.")


def test_R64_it_can_be_retried(requirement: Shown) -> None:
    """After the recommended steps were followed, the cancellation can be retried."""
    requirement.passes(*FAILED_BACK, begins("cancel_fails"), *CANCEL, ends("cancel_fails"), *CANCEL)
    requirement.fails(wrong.CancelNotRetried, "A cancel that failed cannot be retried, though it is listed.")


def test_R65_the_planned_failover_before_is_cancelled(requirement: Shown) -> None:
    """The cancellation cancels the planned failover that preceded it."""
    requirement.passes(*FAILED_BACK, *CANCEL)
    requirement.fails(
        wrong.CancelledInVain, "A cancel succeeds as a job, and the planned failover still awaits its commit."
    )


def test_R66_the_machine_in_azure_is_as_it_was_before(requirement: Shown) -> None:
    """Cancelling returns the machine in Azure to the state just before the planned failover was triggered."""
    requirement.passes(*FAILED_BACK, WRITE, *CANCEL, configuration={"app_consistent_minutes": 60})
    requirement.fails(wrong.AzureLeftOff, "A cancel leaves the machine in Azure off.")
    requirement.fails(wrong.LossyCancel, "A cancel that is asked for starts Azure with an empty disk.")
    requirement.fails(
        wrong.CancelLosesPending,
        "A cancel starts Azure with what the failback's point carried over, without what was written since.",
        *(*REVERSE, WRITE, PLANNED_APP_CONSISTENT, WAIT_FOR_JOB, *CANCEL),
    )


def test_R68_all_changes_are_reverted(requirement: Shown) -> None:
    """On cancel all changes that were made are reverted."""
    requirement.passes(*FAILED_BACK, WRITE, *CANCEL)
    requirement.fails(wrong.KeptChanges, "A cancel keeps what was written on-premises since the planned failover.")


def test_R69_the_disks_are_restored_from_the_snapshots(requirement: Shown) -> None:
    """On cancel the disks are restored from the snapshots to their state before the VM was powered on."""
    requirement.passes(*FAILED_BACK, WRITE, *CANCEL)
    requirement.fails(
        wrong.KeptChanges, "A cancel keeps what was written on-premises since the planned failover.", beside=("R68",)
    )
    requirement.passes(*CANCELLED, configuration={"iscsi_disks": 1})
    requirement.fails(wrong.DuplicateAfterCancel, "A cancel leaves the vmdk disks that the planned failover created.")


def test_R70_replication_resumes(requirement: Shown) -> None:
    """On cancel the disks are attached to the appliance again and replication resumes."""
    requirement.passes(*FAILED_BACK, *CANCEL, WRITE, wait(20 * MINUTE))
    requirement.fails(wrong.NotResumed, "A cancel brings back the site and not the replication.")
    requirement.fails(
        wrong.ResumedInNameOnly, "After a cancel that was asked for replication reads as resumed, and nothing is sent."
    )


def test_R71_in_this_order(requirement: Shown) -> None:
    """On cancel, changes are reverted, then disks are restored, then they are attached and replication resumes."""
    requirement.passes(*FAILED_BACK, *CANCEL)
    requirement.fails(wrong.ResumedTooEarly, "A cancel resumes replication before on-premises is reverted.")


def test_R72_the_wish_of_the_user_is_reason_enough(requirement: Shown) -> None:
    """A VM or application that does not come up, or the user's wish, is reason enough for a cancel."""
    requirement.passes(*FAILED_BACK, *CANCEL)
    requirement.fails(
        wrong.CancelRefused, "After a planned failover cancel_failover is listed, and refused.", beside=("R59", "R61")
    )


def test_R74_failback_can_be_done_again_later(requirement: Shown) -> None:
    """In the Modernized architecture failback can be done again at a later time."""
    requirement.passes(*FAILED_BACK, *CANCEL, *FAIL_BACK)
    requirement.fails(
        wrong.FailbackOnlyOnce,
        "After a cancel the planned failover is refused for good, though it is listed.",
        beside=("R60",),
    )


def test_R75_in_classic_failback_cannot_be_cancelled(requirement: Shown) -> None:
    """In the Classic architecture failback cannot be cancelled and retried, whatever the reason."""
    requirement.passes(*REVERSE, fail_over(), WAIT_FOR_JOB, request("cancel_failover"), on=ClassicItem)
    requirement.fails(wrong.CancelTaken, "A failback that waits for its commit can be cancelled.")


def test_R76_only_a_planned_failover_can_be_cancelled(requirement: Shown) -> None:
    """Only a planned failover from Azure to on-premises can be cancelled."""
    requirement.passes(*FAILED_OVER, request("cancel_failover"))
    requirement.fails(
        wrong.CancellableFailover, "A failover to Azure can be cancelled on the item, which then goes back on-premises."
    )


def test_R77_a_failover_to_azure_cannot_be_cancelled(requirement: Shown) -> None:
    """A failover from on-premises to Azure cannot be cancelled."""
    requirement.passes(*FAILED_OVER, request("cancel_failover"))
    requirement.fails(
        wrong.CancellableFailover,
        "A failover to Azure can be cancelled on the item, which then goes back on-premises.",
        beside=("R76",),
    )
