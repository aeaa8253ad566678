"""R15 to R34: the section "Run a failover to Azure" of the article."""

from __future__ import annotations

from typing import Any

from asr_properties.evidence.actions import TIME_THE_JOB, WAIT_FOR_JOB, Action, new_item, wait
from specification.shown import Shown
from walks import (
    ABORTED,
    CLEAN_UP,
    DAY,
    DRILL,
    EVERY_REASON_TIMED,
    FAIL_OVER,
    FAILED,
    HOUR,
    MINUTE,
    PROTECTED,
    begins,
    ends,
    fail_over,
    failing_over,
)
from wrong import implementations as wrong

APP_CONSISTENT_POINTS = {"app_consistent_minutes": 20}
JOBS_CAN_BE_CANCELLED = {"cancel_job": "accepted"}


def test_R15_a_failover_is_started_explicitly(requirement: Shown) -> None:
    """A failover to Azure is started explicitly by the user, for one replicated item."""
    requirement.passes(*FAILED, ends("failover_fails"), wait(DAY), *FAIL_OVER)
    requirement.fails(wrong.FailureFinal, "A failed failover cannot be tried again: it is not listed any more.")
    requirement.fails(
        wrong.FailsOverByItself,
        "The service fails the item over by itself when its appliance is not healthy.",
        *(*PROTECTED, wait(HOUR), begins("appliance_unhealthy"), wait(DAY)),
    )


def test_R16_the_user_chooses_the_kind_of_recovery_point(requirement: Shown) -> None:
    """A failover goes to Latest, Latest processed, Latest app-consistent or Custom, as the user chooses."""
    requirement.passes(*PROTECTED, fail_over("latest_app_consistent"), fail_over("latest_processed"), WAIT_FOR_JOB)
    requirement.fails(
        wrong.OnlyLatest, "A failover to the latest processed point is refused though there is one; a drill is not."
    )
    requirement.fails(
        wrong.AnyKind,
        "A failover to the latest app-consistent point is accepted without one, and takes a crash-consistent one.",
        *PROTECTED,
        fail_over("latest_app_consistent"),
        WAIT_FOR_JOB,
    )


def test_R17_latest_processes_what_was_received_first(requirement: Shown) -> None:
    """Latest first processes all data that the service has already received."""
    requirement.passes(*failing_over("latest"))
    requirement.fails(
        wrong.StalePoint, "*Latest* takes the newest point without processing what was received since.", beside=("R18",)
    )
    requirement.fails(wrong.AheadOfItself, "Replication tells of a record as sent that was not written yet.")
    requirement.fails(wrong.ProcessedBeforeSent, "Replication tells of records as processed that were not sent yet.")


def test_R18_latest_loses_nothing_that_was_replicated(requirement: Shown) -> None:
    """After a failover to Latest the Azure VM has all data that had been replicated when it was triggered."""
    requirement.passes(*failing_over("latest"))
    requirement.fails(
        wrong.InventedData, "After a failover to *latest* the disks in Azure hold a record that nobody wrote."
    )
    requirement.fails(wrong.StalePoint, "*Latest* takes the newest point without processing what was received since.")


def test_R19_latest_processed_uses_the_newest_point(requirement: Shown) -> None:
    """Latest processed fails over to the newest recovery point that is already processed."""
    requirement.passes(*failing_over("latest_processed"))
    requirement.fails(wrong.OldestPoint, "*Latest processed* takes the oldest point.")


def test_R20_latest_processed_spends_no_time_on_processing(requirement: Shown) -> None:
    """Latest processed spends no time on data that is not yet processed."""
    requirement.passes(*failing_over("latest_processed"))
    requirement.fails(wrong.PointMadeForIt, "*Latest processed* processes what was received and makes a point of it.")


def test_R21_latest_app_consistent_uses_the_newest_such_point(requirement: Shown) -> None:
    """Latest app-consistent fails over to the newest processed app-consistent recovery point."""
    requirement.passes(*failing_over("latest_app_consistent"), configuration=APP_CONSISTENT_POINTS)
    requirement.fails(wrong.AnyAppPoint, "*Latest app-consistent* takes the oldest such point.")


def test_R22_custom_uses_the_named_point(requirement: Shown) -> None:
    """Custom fails over to the recovery point that the user names."""
    requirement.passes(*failing_over("listed", pick=3))
    requirement.fails(wrong.OwnChoice, "A failover to *Custom* takes the newest point, whichever was named.")
    requirement.fails(
        wrong.OtherData, "A failover to a named point tells of it, and brings over what was processed last."
    )


def test_R23_the_shutdown_comes_before_the_failover(requirement: Shown) -> None:
    """If the user asks for it, a shutdown of the source VM is attempted before the failover is triggered."""
    requirement.passes(*PROTECTED, fail_over("latest", shut_down=True), WAIT_FOR_JOB)
    requirement.fails(wrong.ShutdownAfterwards, "The source is shut down after the failover, not before.")
    requirement.fails(wrong.ShutdownForgotten, "The task that shuts the source down succeeds, and the source stays on.")
    requirement.fails(
        wrong.ShutdownUnasked,
        "The source is shut down though the user did not ask for it.",
        *PROTECTED,
        fail_over("latest", shut_down=False),
        WAIT_FOR_JOB,
    )


def test_R24_a_failover_goes_on_though_the_shutdown_fails(requirement: Shown) -> None:
    """A failover goes on even if the shutdown of the source VM fails."""
    requirement.passes(*PROTECTED, begins("source_shutdown_fails"), fail_over("latest", shut_down=True), WAIT_FOR_JOB)
    requirement.fails(wrong.NeedsShutdown, "A failover fails when its source cannot be shut down.")


def test_R25_a_failover_can_be_followed_as_a_job(requirement: Shown) -> None:
    """The progress of a failover can be followed as a job."""
    requirement.passes(*PROTECTED, fail_over(), wait(MINUTE), wait(25 * HOUR))
    requirement.fails(wrong.EndlessFailover, "The job of a failover takes more than a day.")
    requirement.fails(wrong.StaleJob, "After a failover the item goes on showing its job as the one that runs.")


def timed(key: str, value: Any) -> tuple[Action, ...]:
    """The same drill and failover of a plain machine, and of one that needs the additional step."""
    measured = (*PROTECTED, DRILL[0], TIME_THE_JOB, *CLEAN_UP, fail_over(), TIME_THE_JOB)
    return (*measured, new_item({key: value}), *measured)


def test_R26_some_machines_need_an_additional_step(requirement: Shown) -> None:
    """In some cases a failover needs an additional step of about 8 to 10 minutes."""
    requirement.passes(*EVERY_REASON_TIMED)
    requirement.fails(
        wrong.StepForEverybody, "Every failover takes the additional step, needed or not.", *EVERY_REASON_TIMED
    )


def test_R27_linux_needs_the_additional_step(requirement: Shown) -> None:
    """VMware VMs that run Linux are a case of the additional step."""
    requirement.passes(*timed("operating_system", "linux"))
    requirement.fails(wrong.NoStepForLinux, "The additional step is left out for Linux.")


def test_R28_a_machine_without_dhcp_needs_the_additional_step(requirement: Shown) -> None:
    """VMware VMs on which the DHCP service is not enabled are a case of the additional step."""
    requirement.passes(*timed("dhcp", False))
    requirement.fails(wrong.NoStepWithoutDhcp, "The additional step is left out for machines without DHCP.")


def test_R29_a_machine_without_boot_drivers_needs_the_additional_step(requirement: Shown) -> None:
    """VMware VMs that lack the boot drivers storvsc, vmbus, storflt, intelide and atapi are a case of it."""
    requirement.passes(*timed("boot_drivers", False))
    requirement.fails(
        wrong.NoStepWithoutDrivers, "The additional step is left out for machines that lack boot drivers."
    )


def test_R30_a_drill_needs_the_additional_step_too(requirement: Shown) -> None:
    """In the same cases a test failover takes longer as well."""
    requirement.passes(*timed("operating_system", "linux"))
    requirement.fails(wrong.NoStepInDrills, "The additional step is left out in test failovers.")


def test_R32_replication_stops_before_the_failover(requirement: Shown) -> None:
    """Replication of the VM is stopped before the failover starts."""
    requirement.passes(*PROTECTED, fail_over(), wait(MINUTE))
    requirement.fails(wrong.ReplicatesMeanwhile, "Replication stops only when the failover has ended.")


def test_R33_cancelling_a_failover_in_progress_stops_it(requirement: Shown) -> None:
    """Cancelling a failover in progress stops that failover."""
    requirement.passes(*ABORTED, choices=JOBS_CAN_BE_CANCELLED)
    requirement.fails(
        wrong.UnstoppableFailover, "Cancelling the job of a failover is accepted, and the failover goes on."
    )
    requirement.fails(wrong.AbortedInAzure, "An aborted failover leaves Azure as the active site.")


def test_R34_an_aborted_failover_never_replicates_again(requirement: Shown) -> None:
    """A VM whose failover was cancelled while in progress does not replicate again."""
    requirement.passes(*ABORTED, choices=JOBS_CAN_BE_CANCELLED)
    requirement.fails(wrong.ResumedReplication, "Replication goes on after the job of a failover was cancelled.")
    requirement.fails(wrong.AbortedAndRetried, "An aborted failover can be tried again.")
