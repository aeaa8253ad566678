"""R35 to R42: the section "Connect to failed-over VM" of the article."""

from __future__ import annotations

from asr_properties.evidence.actions import WRITE, request
from specification.shown import Shown
from walks import CHANGE, COMMIT, COMMITTED, FAILED_OVER, REPROTECT
from wrong import implementations as wrong


def test_R36_a_machine_runs_in_azure_after_a_failover(requirement: Shown) -> None:
    """After a failover a VM exists in Azure, and it can be validated by connecting to it."""
    requirement.passes(*FAILED_OVER)
    requirement.fails(wrong.NotStarted, "After a failover the machine in Azure is off.")
    requirement.fails(
        wrong.EmptyMachine, "A failover starts a machine in Azure with empty disks.", beside=("R17", "R18")
    )
    requirement.fails(
        wrong.ReprotectRollsBack,
        "Reprotect to on-premises takes the disks in Azure back to the recovery point.",
        *COMMITTED,
        WRITE,
        *REPROTECT,
    )


def test_R37_another_recovery_point_can_be_chosen(requirement: Shown) -> None:
    """After a failover the user can still change to a different recovery point."""
    requirement.passes(*FAILED_OVER, *CHANGE)
    requirement.fails(
        wrong.UnchangedPoint, "Changing the recovery point succeeds as a job, and the point in use stays."
    )
    requirement.fails(
        wrong.ChangedInNameOnly, "Changing the recovery point names the new one and leaves the disks as they were."
    )
    requirement.fails(
        wrong.ChangeNotOffered,
        "After a failover the change of the recovery point is not listed.",
        *FAILED_OVER,
        beside=("X03",),
    )


def test_R38_not_after_the_commit(requirement: Shown) -> None:
    """After commit the recovery point can no longer be changed."""
    requirement.passes(*FAILED_OVER, *COMMIT, CHANGE[0])
    requirement.fails(wrong.ChangedAfterCommit, "The recovery point can still be changed after the commit.")


def test_R39_commit_makes_the_recovery_point_final(requirement: Shown) -> None:
    """Commit, which follows validation, makes the recovery point of the failed-over VM final."""
    requirement.passes(*FAILED_OVER, *COMMIT)
    requirement.fails(wrong.CommitChoosesAnew, "Commit makes the oldest recovery point the one in use.")
    requirement.fails(
        wrong.CommitRollsBack,
        "Commit takes the disks in Azure back to the recovery point.",
        *FAILED_OVER,
        WRITE,
        *COMMIT,
    )


def test_R40_commit_deletes_all_other_recovery_points(requirement: Shown) -> None:
    """After commit all other available recovery points are deleted."""
    requirement.passes(*FAILED_OVER, *CHANGE, *COMMIT)
    requirement.fails(wrong.KeptPoints, "Commit leaves all recovery points in the list.")
    requirement.fails(wrong.KeptNewestPoint, "Commit keeps the newest recovery point instead of the committed one.")


def test_R41_commit_completes_the_failover(requirement: Shown) -> None:
    """Commit completes the failover."""
    requirement.passes(*FAILED_OVER, *COMMIT, request("commit"))
    requirement.fails(wrong.CommittedTwice, "A committed failover can be committed again.")
    requirement.fails(wrong.CommittedInVain, "Commit succeeds as a job, and the failover still awaits its commit.")
    requirement.fails(wrong.CommittedTooMuch, "Commit removes the item with its recovery points.")
