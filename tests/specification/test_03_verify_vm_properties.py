"""R09 to R14: the section "Verify VM properties" of the article."""

from __future__ import annotations

from asr_properties.evidence.actions import AS_AT_FIRST, update_settings, wait
from asr_properties.generation.changes import CHANGES, IMPOSSIBLE
from specification.shown import Shown
from walks import (
    CANCELLED,
    CHANGE,
    DAY,
    DISABLE,
    FAIL_OVER,
    FAILED_BACK,
    FAILED_OVER,
    HOUR,
    PROTECTED,
    REPROTECT,
    REVERSE,
    begins,
)
from wrong import implementations as wrong

SET = (*PROTECTED, update_settings(**CHANGES))
GIVEN = (*SET, *FAIL_OVER)
SET_AND_BACK = (*SET, *CANCELLED[len(PROTECTED) :])
"""Every setting was changed, and a planned failover was cancelled."""


def test_R09_the_machine_meets_the_requirements_of_azure(requirement: Shown) -> None:
    """A VM should be found to meet the requirements of Azure before it is failed over."""
    requirement.passes(*PROTECTED, *(update_settings(**{key: value}) for key, value in IMPOSSIBLE.items()))
    requirement.fails(wrong.ImpossibleSizeTaken, "A size that Azure does not have is accepted and kept.")


def test_R10_the_item_shows_its_health_and_its_recovery_points(requirement: Shown) -> None:
    """The replicated item shows a summary of the VM, its health and its latest recovery points."""
    requirement.passes(*PROTECTED)
    requirement.fails(
        wrong.UnseenItem,
        "Once it is protected the item is not shown any more.",
        configuration={"retention_minutes": 0},
        beside=("R92",),
    )
    without_points = (*PROTECTED, begins("replication_unhealthy"), wait(DAY))
    requirement.passes(*without_points)
    requirement.fails(
        wrong.WellWithoutPoints, "A protected item shows good health, though no recovery point has been made for days."
    )


def test_R11_name_group_size_and_disks_can_be_changed(requirement: Shown) -> None:
    """Azure name, resource group, target size and managed-disk settings can be changed before a failover."""
    requirement.passes(*GIVEN)
    requirement.fails(
        wrong.RenamingRefused,
        "Another name is refused though the item is protected and no job runs.",
        *PROTECTED,
        update_settings(name=CHANGES["name"]),
    )
    requirement.fails(wrong.SizeNotKept, "Another size is accepted and not kept.")
    requirement.fails(wrong.OldSizeGiven, "Another size is kept, and the machine in Azure gets the one from before.")
    requirement.fails(
        wrong.RenamesMachine,
        "A change after the failover renames the machine in Azure.",
        *FAILED_OVER,
        update_settings(name="renamed"),
    )
    requirement.fails(
        wrong.MachineMadeAnew,
        "After a change of the recovery point the machine in Azure has its default name.",
        *GIVEN,
        *CHANGE,
    )
    requirement.fails(
        wrong.DiskTypeLostInSecondCycle,
        "Once the item is reprotected to Azure the type of its disks is set back.",
        *SET,
        *FAILED_BACK[len(PROTECTED) :],
        *REPROTECT,
    )
    requirement.fails(
        wrong.RefusedNameKept,
        "A name that is refused is shown all the same.",
        *PROTECTED,
        update_settings(name=IMPOSSIBLE["name"]),
    )


def test_R12_the_network_can_be_seen_and_changed(requirement: Shown) -> None:
    """The network and subnet of the future Azure VM can be seen and changed."""
    requirement.passes(*GIVEN)
    requirement.fails(
        wrong.OldNetworkGiven, "Another network is kept, and the machine in Azure is in the one from before."
    )
    requirement.fails(wrong.SubnetKeptTooLate, "Another subnet is shown only an hour after the change has ended.")
    requirement.fails(
        wrong.MovesMachineAway,
        "A change after the failover moves the machine in Azure to another network.",
        *FAILED_OVER,
        update_settings(network="another-network"),
    )
    requirement.fails(
        wrong.NetworkLostOnChangeOfPoint, "A change of the recovery point sets the network back.", *GIVEN, *CHANGE
    )
    requirement.fails(
        wrong.SettingsHidden, "The settings are not shown while the item is protected.", *PROTECTED, wait(HOUR)
    )


def test_R13_the_address_can_be_seen_and_changed(requirement: Shown) -> None:
    """The IP address that the future Azure VM will get can be seen and changed."""
    requirement.passes(*GIVEN)
    requirement.passes(*SET, update_settings(ip_address=AS_AT_FIRST), *FAIL_OVER, choices={"given_address": "shown"})
    requirement.passes(*GIVEN)
    requirement.fails(
        wrong.AddressNotGiven, "The machine in Azure is in the right network, and has not the address that was set."
    )
    requirement.fails(
        wrong.ChangesAddress,
        "A change after the failover gives the machine in Azure another address.",
        *FAILED_OVER,
        update_settings(ip_address="10.0.0.40"),
    )
    requirement.fails(
        wrong.AddressLostOnCancel, "The cancel of a planned failover sets the address back.", *SET_AND_BACK
    )
    requirement.fails(
        wrong.AddressOfFormerLife,
        "The address that was set is kept when replication is disabled and enabled again.",
        *(*SET, *DISABLE, *PROTECTED),
    )


def test_R14_the_disks_are_shown(requirement: Shown) -> None:
    """The operating system disk and the data disks of the VM are shown."""
    requirement.passes(*REVERSE, configuration={"data_disks": 3, "iscsi_disks": 1})
    requirement.fails(wrong.DataDiskNotShown, "The last data disk of the machine on-premises is not shown.")
    requirement.fails(
        wrong.DiskIdsChange, "The disks on-premises have other ids once the item is reprotected to on-premises."
    )
