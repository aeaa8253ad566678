"""R85 to R92: the section "Re-protect the on-premises machine to Azure" of the article."""

from __future__ import annotations

from asr_properties.evidence.actions import WAIT_FOR_JOB, WRITE, request, wait
from asr_properties.generation.configurations import APPLIANCES
from specification.shown import Shown
from walks import COMMIT, COMMITTED, DAY, ENABLE, FAIL_BACK, FAILED_BACK, HOUR, PROTECTED, REPROTECT, REVERSE, once_over
from wrong import implementations as wrong

OF_EVERY_KIND = {"appliances": APPLIANCES}
UNKNOWN = (request("reprotect", appliance="unknown"), request("reprotect", cache_storage_account="unknown"))


def test_R85_the_machine_is_active_on_premises(requirement: Shown) -> None:
    """The machine is active on-premises once its planned failover has succeeded."""
    requirement.passes(*REVERSE, *FAIL_BACK)
    requirement.fails(
        wrong.NotActive, "After a planned failover Azure still reads as the active site.", beside=("R51",)
    )
    requirement.fails(
        wrong.NotStartedOnPremises, "A planned failover leaves the on-premises machine off.", beside=("R51",)
    )


def test_R86_it_has_to_be_reprotected(requirement: Shown) -> None:
    """To be protected in future, the on-premises machine has to be re-protected."""
    requirement.passes(*FAILED_BACK, wait(DAY), *COMMIT, wait(DAY), *REPROTECT)
    requirement.fails(
        wrong.ProtectsItself, "After a planned failover the item replicates to Azure again without a reprotect."
    )


def test_R87_it_takes_an_appliance_and_a_storage_account(requirement: Shown) -> None:
    """Re-protecting to Azure takes an appliance and a cache storage account."""
    requirement.passes(*FAILED_BACK, *UNKNOWN, *REPROTECT)
    requirement.fails(wrong.UnknownApplianceTaken, "A reprotect through an appliance that does not exist is accepted.")
    requirement.fails(
        wrong.UnknownAccountTaken, "A reprotect with a cache storage account that does not exist is accepted."
    )
    unhealthy = request("reprotect", appliance="unhealthy")
    requirement.passes(
        *(*COMMITTED, unhealthy, WAIT_FOR_JOB, *REPROTECT),
        configuration=OF_EVERY_KIND,
        choices={"reprotect_under_fault": "fails_after_commit"},
    )
    meanwhile = request("reprotect")  # refused by its job: the first one still goes through the unhealthy appliance
    requirement.passes(
        *(*COMMITTED, unhealthy, meanwhile, wait(HOUR), *REPROTECT),
        configuration=OF_EVERY_KIND,
        choices={"reprotect_under_fault": "fails_before_commit", "refusal": "by_job"},
    )
    requirement.fails(
        wrong.UnfitApplianceKept,
        "After a reprotect that failed through an unhealthy appliance, the next ones go through that one, too.",
    )


def test_R88_the_appliance_sees_the_datastore(requirement: Shown) -> None:
    """The chosen appliance must be able to access the datastore on which the source machine is located."""
    requirement.passes(*COMMITTED, request("reprotect"), configuration={"datastore_visible": False})
    requirement.fails(
        wrong.BlindAppliance, "Reprotect to on-premises is accepted though the appliance cannot see the datastore."
    )
    requirement.passes(*COMMITTED, request("reprotect", appliance="blind"), configuration=OF_EVERY_KIND)
    requirement.fails(
        wrong.BlindApplianceTaken,
        "A reprotect to on-premises through an appliance that does not see the datastore is accepted.",
    )
    requirement.fails(wrong.ApplianceIgnored, "A reprotect goes through the best appliance, whichever is named.")


def test_R89_at_all_times(requirement: Shown) -> None:
    """The appliance must be able to access the datastore of the source machine at all times.

    Assumed only: shown is that reprotect works once the datastore can be reached again.
    """
    requirement.is_assumed(
        *once_over("datastore_unreachable", COMMITTED, request("reprotect")),
        choices={"reprotect_under_fault": "refused"},
    )
    requirement.fails(
        wrong.DatastoreLostForGood,
        "Replication does not go on when the datastore can be reached again.",
        beside=("X21",),
    )


def test_R90_on_another_host_it_works(requirement: Shown) -> None:
    """Re-protection succeeds with machine and appliance on different ESX servers if they share the datastore."""
    requirement.passes(
        *COMMITTED, request("reprotect", appliance="elsewhere"), WAIT_FOR_JOB, configuration=OF_EVERY_KIND
    )
    requirement.fails(
        wrong.OtherHostRefused,
        "A reprotect through an appliance on another host is refused though it sees the datastore.",
    )


def test_R92_recovery_points_are_generated(requirement: Shown) -> None:
    """Recovery points are generated after replication is enabled and initial replication has succeeded."""
    requirement.passes(*PROTECTED, WRITE, wait(HOUR))
    requirement.fails(wrong.NeverProtected, "The first recovery point is never made.", *ENABLE, wait(25 * HOUR))
    requirement.fails(wrong.NeverSends, "What is written on-premises is never sent.")
    requirement.fails(
        wrong.NoPointsAgain,
        "Once reprotected to Azure, the item never gets a recovery point again.",
        *(*FAILED_BACK, *REPROTECT, wait(25 * HOUR)),
    )
