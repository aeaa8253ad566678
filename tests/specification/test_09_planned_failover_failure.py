"""R78 to R84: the section "Planned failover - failure" of the article."""

from __future__ import annotations

from asr_properties.evidence.actions import WAIT_FOR_JOB
from specification.shown import Shown
from walks import CANCEL, FAIL_BACK, REVERSE, REVERT_FAILS, begins
from wrong import implementations as wrong

LAST_TASK = "VmFoStartVmOnSecondary"
FAILBACK_FAILS = (*REVERSE, begins("planned_failover_fails"), *FAIL_BACK, WAIT_FOR_JOB)
"""The planned failover fails, and the service's own job that cancels it succeeds."""


def test_R78_the_service_itself_cancels_it(requirement: Shown) -> None:
    """If a planned failover fails, the service itself starts a job that cancels it."""
    requirement.passes(*FAILBACK_FAILS)
    requirement.fails(wrong.NoRevert, "The service does not begin to revert a planned failover that failed.")


def test_R79_the_state_before_comes_back(requirement: Shown) -> None:
    """The job that the service starts brings back the state just before the planned failover."""
    requirement.passes(*REVERSE, begins("planned_failover_fails", LAST_TASK), *FAIL_BACK, WAIT_FOR_JOB)
    requirement.fails(
        wrong.RevertLeavesAzureOff,
        "The service's own revert of a failed planned failover leaves the machine in Azure off.",
    )


def test_R80_the_user_is_prompted_if_that_fails(requirement: Shown) -> None:
    """If cancelling the last planned failover fails, the user is prompted to cancel it manually."""
    requirement.passes(*REVERT_FAILS, *CANCEL)
    requirement.fails(
        wrong.CancelNotRetried, "A cancel that failed cannot be retried, though it is listed.", beside=("R64",)
    )


def test_R81_the_failed_operation_says_so(requirement: Shown) -> None:
    """The failed planned failover operation itself carries the information that a manual cancel is needed."""
    requirement.passes(*REVERT_FAILS)
    requirement.fails(wrong.SilentJob, "A planned failover whose revert failed does not say so.")


def test_R82_the_item_shows_it_as_a_health_issue(requirement: Shown) -> None:
    """The replicated item shows as a health issue that a manual cancel is needed."""
    requirement.passes(*REVERT_FAILS)
    requirement.fails(wrong.SilentItem, "An item whose revert failed shows no health issue.")
