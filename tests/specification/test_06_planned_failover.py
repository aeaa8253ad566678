"""R43 to R54: the section "Planned failover from Azure to on-premises" of the article."""

from __future__ import annotations

from asr_properties.evidence.actions import WAIT_FOR_JOB, WRITE, wait
from specification.shown import Shown
from walks import (
    FAIL_BACK,
    FAILED_BACK,
    FAILED_OVER,
    MINUTE,
    PLANNED,
    PLANNED_APP_CONSISTENT,
    PROTECTED,
    REPROTECT,
    REVERSE,
    fail_over,
    once_over,
)
from wrong import implementations as wrong

ISCSI = {"iscsi_disks": 2}

RARE_POINTS = {"crash_consistent_minutes": 60}
REFUSED_UNDER_FAULTS = {"planned_failover_under_fault": "refused"}


def test_R43_a_planned_failover_goes_back_on_premises(requirement: Shown) -> None:
    """A VM can be failed over from Azure to on-premises by a planned failover."""
    requirement.passes(*REVERSE, *FAIL_BACK)
    requirement.fails(wrong.FailbackRefused, "A planned failover is listed, and refused.")


def test_R44_its_recovery_point_is_generated_after_the_trigger(requirement: Shown) -> None:
    """The recovery point of a planned failover is generated after its job is triggered."""
    requirement.passes(*REVERSE, WRITE, *FAIL_BACK, configuration=RARE_POINTS)
    requirement.fails(
        wrong.StaleFailback,
        "A crash-consistent planned failover takes the newest recovery point from before its trigger.",
        beside=("R47",),
    )
    requirement.fails(wrong.LossyFailback, "A planned failover brings over an empty disk.", beside=("R47",))


def test_R45_replication_must_be_healthy_before(requirement: Shown) -> None:
    """The replication health of the machine must be healthy before a planned failover.

    Assumed only. Whether it is enforced is not known; shown is that it works once replication is healthy again.
    """
    requirement.is_assumed(*once_over("replication_unhealthy", REVERSE, PLANNED), choices=REFUSED_UNDER_FAULTS)
    requirement.fails(
        wrong.ReplicationUnhealthyForGood,
        "Once replication was not healthy, planned failovers stay refused when it is healthy again.",
    )


def test_R46_the_appliance_must_be_healthy_before(requirement: Shown) -> None:
    """The appliance and all of its components must be healthy before a planned failover.

    Assumed only. Whether it is enforced is not known; shown is that it works once the appliance is healthy again.
    """
    requirement.is_assumed(*once_over("appliance_unhealthy", REVERSE, PLANNED), choices=REFUSED_UNDER_FAULTS)
    requirement.fails(
        wrong.ApplianceUnhealthyForGood,
        "Once the appliance was not healthy, planned failovers stay refused when it is healthy again.",
    )


def test_R47_pending_changes_are_copied(requirement: Shown) -> None:
    """Once a planned failover is triggered, pending changes are copied to on-premises."""
    requirement.passes(*REVERSE, WRITE, *FAIL_BACK)
    requirement.fails(wrong.PendingChangesLost, "A planned failover does not copy the changes that are pending.")
    requirement.fails(
        wrong.TooNewFailback,
        "An app-consistent planned failover brings over data that was written after its trigger.",
        *(*REVERSE, PLANNED_APP_CONSISTENT, WRITE, wait(MINUTE), WAIT_FOR_JOB),
    )


def test_R48_a_latest_recovery_point_is_generated(requirement: Shown) -> None:
    """Once a planned failover is triggered, a latest recovery point of the VM is generated."""
    requirement.passes(*REVERSE, WRITE, *FAIL_BACK, configuration=RARE_POINTS)
    requirement.fails(
        wrong.StaleFailback,
        "A crash-consistent planned failover takes the newest recovery point from before its trigger.",
        beside=("R44", "R47"),
    )


def test_R49_the_machine_in_azure_is_shut_down(requirement: Shown) -> None:
    """A planned failover shuts the Azure VM down."""
    requirement.passes(*REVERSE, *FAIL_BACK)
    requirement.fails(
        wrong.StartedTooEarly, "A planned failover starts on-premises before it shuts Azure down.", beside=("R50",)
    )
    requirement.fails(
        wrong.AzureLeftOn,
        "A planned failover leaves the machine in Azure on.",
        *PROTECTED,
        fail_over(),
        WAIT_FOR_JOB,
        *REPROTECT,
        PLANNED_APP_CONSISTENT,
        WAIT_FOR_JOB,
    )


def test_R50_only_then_the_machine_on_premises_is_turned_on(requirement: Shown) -> None:
    """A planned failover turns the on-premises machine on only after the Azure VM is shut down."""
    requirement.passes(*REVERSE, *FAIL_BACK)
    requirement.fails(wrong.StartedTooEarly, "A planned failover starts on-premises before it shuts Azure down.")
    requirement.fails(wrong.StartedAtOnce, "The on-premises machine is on from the beginning of a planned failover.")


def test_R51_the_machine_is_active_on_premises(requirement: Shown) -> None:
    """After a successful planned failover the machine is active on-premises."""
    requirement.passes(*REVERSE, *FAIL_BACK)
    requirement.fails(wrong.NotActive, "After a planned failover Azure still reads as the active site.")
    requirement.fails(wrong.NotStartedOnPremises, "A planned failover leaves the on-premises machine off.")
    requirement.fails(wrong.SuccessDenied, "After a planned failover that succeeded, the last one reads as failed.")


def test_R52_iscsi_is_retained_in_azure(requirement: Shown) -> None:
    """The iSCSI configuration of a VM is retained in Azure when it is failed over."""
    requirement.passes(*FAILED_OVER, configuration=ISCSI)
    requirement.fails(wrong.IscsiDisksMadeManaged, "A failover turns iSCSI disks into managed ones.")
    requirement.fails(wrong.IscsiDiskLost, "A failover loses an iSCSI disk.")


def test_R53_failback_creates_vmdk_disks(requirement: Shown) -> None:
    """A planned failover cannot retain the iSCSI configuration and creates vmdk disks on-premises instead."""
    requirement.passes(*FAILED_BACK, configuration=ISCSI)
    requirement.fails(wrong.NoVmdkCreated, "A planned failover creates no vmdk disks in place of iSCSI.")
    requirement.fails(wrong.OneVmdkForAll, "A planned failover creates one vmdk disk for all iSCSI disks.")
    requirement.fails(wrong.EveryDiskTwice, "A planned failover creates another disk for each that is there.")
