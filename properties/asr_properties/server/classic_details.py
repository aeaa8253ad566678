"""`providerSpecificDetails` of a Classic item, key by key as recorded (2017) for its two providers: of InMageAzureV2 as
GET shows it, of InMage as the list does, which leaves out the disks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from asr_model.vocabulary import Site
from asr_properties.arm.tokens import DESCRIPTIONS, OWN, state_token
from asr_properties.server import settings
from asr_properties.server.disks import ShownDisk, replicated
from asr_properties.server.internal_ids import cloud_of
from asr_properties.server.modernized_details import rpo
from asr_properties.server.slot import Slot

_DISK: Final = "{1}"
_DISK_BYTES: Final = 21474836480


def forward(slot: Slot, seen: Mapping[str, Any]) -> dict[str, Any]:
    """The details of an item that Azure protects, InMageAzureV2."""
    given = slot.forward
    state = state_token(str(seen.get("phase")), "InMageAzureV2", "classic")
    network = given.get("targetAzureNetworkId", "")
    calculated, seconds = rpo(slot, seen)
    details: dict[str, Any] = {
        "instanceType": "InMageAzureV2",
        "infrastructureVmId": slot.name("machine", slot.address.item),
        "vCenterInfrastructureId": "1",
        "protectionStage": _stage(seen),
        "vmId": slot.name("machine", slot.address.item),
        "vmProtectionState": state,
        "vmProtectionStateDescription": DESCRIPTIONS.get(state, state.removeprefix(OWN).replace("_", " ")),
        "rpoInSeconds": seconds,
        **_PLAIN,
        "lastHeartbeat": slot.stamp(slot.implementation.now()),
        "processServerId": given.get("processServerId", ""),
        **_multi_vm(slot),
        "protectedDisks": [_disk(seen, seconds, slot.stamp(calculated), disk) for disk in replicated(slot)],
        "masterTargetId": given.get("masterTargetId"),
        **_target(slot, seen),
        "vmNics": [_nic() | {"recoveryVMNetworkId": network, "selectionType": "SelectedByUser"}],
        "lastRpoCalculatedTime": slot.stamp(calculated),
        "lastUpdateReceivedTime": slot.stamp(slot.implementation.now()),
        "replicaId": f"{slot.address.item}_replica_{cloud_of(slot.address.vault, slot.address.fabric)}",
    }
    settings.show(slot, details)
    for kind in details.get("protectedManagedDisks", [])[:1]:  # one setting for all of them
        details["protectedManagedDisks"] = [{**kind, "diskId": disk.id} for disk in replicated(slot)] or [kind]
    return details


#: What is the same for every InMageAzureV2 item here: plain values of the recorded kind.
_PLAIN: Final[Mapping[str, Any]] = {
    "resyncProgressPercentage": 0,
    "compressedDataRateInMB": 0.0,
    "uncompressedDataRateInMB": 0.0,
    "ipAddress": "192.0.2.15",
    "agentVersion": "9.12.0.0",
    "isAgentUpdateRequired": "NotRequired",
    "isRebootAfterUpdateRequired": "NotRequired",
    "diskResized": "NotResized",
    "sourceVmCPUCount": 2,
    "sourceVmRAMSizeInMB": 2047,
    "osType": "Windows",
    "vhdName": "\\\\.\\PHYSICALDRIVE0",
    "osDiskId": _DISK,
    "discoveryType": "vCenter",
    "datastores": ["datastore"],
    "validationErrors": [],
    "osVersion": "Microsoft Windows Server",
}


def _target(slot: Slot, seen: Mapping[str, Any]) -> dict[str, Any]:
    """The machine in Azure, future or present."""
    given, name, vault = slot.forward, slot.friendly_name, slot.address.vault
    failed_over = seen.get("active_site") == Site.AZURE
    return {
        "azureVMDiskDetails": [
            {
                "vhdType": None,
                "vhdId": _DISK,
                "vhdName": None,
                "maxSizeMB": None,
                "targetDiskLocation": "",
                "targetDiskName": "PHYSICALDRIVE0",
                "lunId": None,
            }
        ],
        "recoveryAzureVMName": given.get("targetAzureVmName", name),
        "recoveryAzureVMSize": given.get("targetVmSize", "Standard_A2"),
        "recoveryAzureStorageAccount": given.get("storageAccountId", ""),
        "recoveryAzureLogStorageAccountId": None,
        "selectedRecoveryAzureNetworkId": given.get("targetAzureNetworkId", ""),
        "enableRDPOnTargetOption": "Never",
        "targetVmId": f"/providers/Microsoft.Compute/virtualMachines/{name}" if failed_over else None,
        "recoveryAzureResourceGroupId": f"/subscriptions/{vault.subscription}/resourceGroups/{vault.group}",
        "recoveryAvailabilitySetId": "",
        "useManagedDisks": "false",
        "licenseType": "NoLicenseType",
    }


def failback(slot: Slot, seen: Mapping[str, Any]) -> dict[str, Any]:
    """The details of an item that on-premises protects, InMage; the reprotect named its servers."""
    copying = seen.get("phase") == "reverse_initial_replication"
    return {
        "instanceType": "InMage",
        "activeSiteType": "Azure" if seen.get("active_site") == Site.AZURE else f"{OWN}on_premises",
        **_NOT_TOLD,
        "protectionStage": _stage(seen),
        "vmId": slot.name("machine", slot.address.item),
        "vmProtectionState": "UnprotectedStatesBegin" if copying else "Protected",
        "vmProtectionStateDescription": "Enabling protection" if copying else "Protected",
        "resyncDetails": {"initialReplicationType": "InitialReplication", "initialReplicationProgressPercentage": "0"},
        "ipAddress": "192.0.2.16",
        "lastHeartbeat": slot.stamp(slot.implementation.now()),
        "processServerId": slot.failback.get("processServerId", ""),
        **_multi_vm(slot),
        "agentDetails": {
            "agentVersion": "9.12.0.0",
            "agentUpdateStatus": "NotRequired",
            "postUpdateRebootStatus": "NotRequired",
        },
        "vCenterInfrastructureId": "1",
        "infrastructureVmId": slot.name("machine", slot.address.item),
        "vmNics": [_nic() | {"replicaNicStaticIPAddress": ""}],
        "discoveryType": "Physical",
        "azureStorageAccountId": slot.forward.get("storageAccountId", ""),
        "lastRpoCalculatedTime": slot.stamp(slot.implementation.now()),
        "lastUpdateReceivedTime": slot.stamp(slot.implementation.now()),
        "replicaId": slot.name("replica", slot.address.item),
    }


#: What the list did not tell of an InMage item: recorded so.
_NOT_TOLD: Final[Mapping[str, Any]] = {
    "sourceVmCPUCount": 0,
    "sourceVmRAMSizeInMB": 0,
    "osDetails": None,
    "retentionWindowStart": None,
    "retentionWindowEnd": None,
    "compressedDataRateInMB": 0.0,
    "uncompressedDataRateInMB": 0.0,
    "rpoInSeconds": 0,
    "protectedDisks": [],
    "masterTargetId": None,
    "consistencyPoints": None,
    "diskResized": None,
    "rebootAfterUpdateStatus": None,
    "datastores": [],
    "validationErrors": [],
    "osVersion": None,
}


#: `instanceType` -> what makes its details.
DETAILS: Final[Mapping[str, Callable[[Slot, Mapping[str, Any]], dict[str, Any]]]] = {
    "InMageAzureV2": forward,
    "InMage": failback,
}


def _stage(seen: Mapping[str, Any]) -> str:
    """How far replication is: the two stages that were seen."""
    return "ResyncStepI" if str(seen.get("phase")).endswith("initial_replication") else "DifferentialSync"


def _disk(seen: Mapping[str, Any], seconds: int, calculated: str, disk: ShownDisk) -> dict[str, Any]:
    return {
        "diskId": disk.id,
        "diskName": f"Disk{disk.number}",
        "protectionStage": _stage(seen),
        "healthErrorCode": None,
        "rpoInSeconds": seconds,
        "resyncRequired": "NotRequired",
        "resyncProgressPercentage": 0,
        "resyncDurationInSeconds": 0,
        "diskCapacityInBytes": _DISK_BYTES,
        "fileSystemCapacityInBytes": _DISK_BYTES,
        "sourceDataInMegaBytes": 0.0,
        "psDataInMegaBytes": 0.0,
        "targetDataInMegaBytes": 0.0,
        "diskResized": "NotResized",
        "lastRpoCalculatedTime": calculated,
    }


def _multi_vm(slot: Slot) -> dict[str, str]:
    """The group, which every machine had: one of its own where nobody named one."""
    group = slot.name("group", slot.address.item)
    return {
        "multiVmGroupId": group,
        "multiVmGroupName": slot.forward.get("multiVmGroupName", group),
        "multiVmSyncStatus": "Enabled",
    }


def _nic() -> dict[str, Any]:
    return {
        "nicId": "00:00:5E:00:53:01",
        "replicaNicId": None,
        "sourceNicArmId": None,
        "vMSubnetName": "subnet",
        "vMNetworkName": "network",
        "recoveryVMNetworkId": None,
        "recoveryVMSubnetName": "",
        "ipAddressType": "Dynamic",
        "primaryNicStaticIPAddress": None,
        "replicaNicStaticIPAddress": None,
        "selectionType": "NotSelected",
        "recoveryNicIpAddressType": "Dynamic",
    }
