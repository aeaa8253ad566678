"""`providerSpecificDetails` of an item, key by key as recorded (2023) for the two Modernized providers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from asr_model.vocabulary import Direction, Operation, Site
from asr_properties.server import settings
from asr_properties.server.disks import ShownDisk, replicated
from asr_properties.server.slot import Slot

_DISK_BYTES: Final = 42949672960

#: Phase -> how far the first copy is there, in percent. The contract doesn't say: it has begun, or is done.
_COPIED: Final = {"initial_replication": 0, "awaiting_first_recovery_point": 100, "reverse_initial_replication": 0}

#: Phase in which a disk is being copied -> how its copy is called; elsewhere `irDetails` was not there.
_COPYING: Final = {"initial_replication": "InProgress", "reverse_initial_replication": "Queued"}


def forward(slot: Slot, seen: Mapping[str, Any]) -> dict[str, Any]:
    """The details of an item that Azure protects."""
    given = slot.forward
    failed_over = seen.get("active_site") == Site.AZURE
    used = seen.get("failover_recovery_point")
    details: dict[str, Any] = {
        "instanceType": "InMageRcm",
        "internalIdentifier": slot.name("internal", f"{seen.get('id')}/forward"),
        "fabricDiscoveryMachineId": given.get("fabricDiscoveryMachineId"),
        "multiVmGroupName": given.get("multiVmGroupName"),
        "discoveryType": "VCenter",
        "processServerId": given.get("processServerId"),
        "processServerName": "appliance",
        "runAsAccountId": given.get("runAsAccountId"),
        **_MACHINE,
        **_target(slot),
        "failoverRecoveryPointId": None if used is None else slot.point_id(str(used)),
        "lastRecoveryPointId": slot.point_id(slot.last_point[0]) if slot.last_point else None,
        **_first_copy(seen),
        "agentUpgradeState": "None",
        "lastAgentUpgradeType": None,
        "agentUpgradeJobId": None,
        "agentUpgradeAttemptToVersion": None,
        "protectedDisks": [_replicated_disk(slot, seen, disk) for disk in replicated(slot)],
        "isLastUpgradeSuccessful": "false",
        "isAgentRegistrationSuccessfulAfterFailover": False if failed_over else None,
        "mobilityAgentDetails": _agent(slot, "AlreadyOnLatestVersion") | {"latestAgentReleaseDate": None},
        "lastAgentUpgradeErrorDetails": [],
        "agentUpgradeBlockingErrorDetails": [],
        "vmNics": [_nic(given)],
        "discoveredVmDetails": None,
    }
    if slot.last_point:
        calculated, seconds = rpo(slot, seen)
        details["lastRecoveryPointReceived"] = slot.stamp(slot.last_point[1])
        details["lastRpoCalculatedTime"], details["lastRpoInSeconds"] = slot.stamp(calculated), seconds
    settings.show(slot, details)
    return details


#: The machine as its agent sees it: plain values.
_MACHINE: Final = {
    "processorCoreCount": 4,
    "allocatedMemoryInMB": 4095.0,
    "osType": "Windows",
    "firmwareType": "BIOS",
    "primaryNicIpAddress": "192.0.2.15",
    "targetGeneration": "V1",
    "licenseType": "NotSpecified",
    "storageAccountId": None,
}


def _target(slot: Slot) -> dict[str, Any]:
    """The future machine in Azure."""
    return {
        "targetVmName": slot.friendly_name,
        "targetVmSize": slot.forward.get("targetVmSize", "Standard_F4s_v2"),
        "targetResourceGroupId": slot.forward.get("targetResourceGroupId", ""),
        "targetLocation": "eastus",
        "targetAvailabilitySetId": "",
        "targetAvailabilityZone": "",
        "targetProximityPlacementGroupId": "",
        "targetBootDiagnosticsStorageAccountId": "",
        "targetNetworkId": slot.forward.get("targetNetworkId", ""),
        "testNetworkId": "",
    }


def _replicated_disk(slot: Slot, seen: Mapping[str, Any], disk: ShownDisk) -> dict[str, Any]:
    """A disk of an item that Azure protects."""
    given, name = slot.forward, slot.friendly_name + disk.suffix
    disks = f"{given.get('targetResourceGroupId', '')}/providers/Microsoft.Compute/disks"
    return {
        **_disk(disk),
        "logStorageAccountId": given.get("logStorageAccountId", ""),
        "diskEncryptionSetId": None,
        "seedManagedDiskId": f"{disks}/asrseeddisk-{name}",
        "seedBlobUri": None,
        "targetManagedDiskId": f"{disks}/{name}" if seen.get("active_site") == Site.AZURE else None,
        "targetBlobUri": None,
        "diskType": given.get("diskType", "Premium_LRS"),
        "dataPendingInLogDataStoreInMB": 0.0,
        "dataPendingAtSourceAgentInMB": 0.0,
        "isInitialReplicationComplete": "false" if seen.get("phase") in _COPYING else "true",
        **_copy_of_a_disk(seen),
    }


def _nic(given: Mapping[str, str]) -> dict[str, Any]:
    """The network adapter of an item that Azure protects."""
    return {
        "nicId": "00:00:5e:00:53:01",
        "isPrimaryNic": "true",
        "isSelectedForFailover": "true",
        "sourceIPAddress": "192.0.2.15",
        "sourceIPAddressType": "Static",
        "sourceNetworkId": "VM Network",
        "sourceSubnetName": None,
        "targetIPAddress": "",
        "targetIPAddressType": "Dynamic",
        "targetSubnetName": given.get("targetSubnetName", ""),
        "testSubnetName": None,
        "testIPAddress": None,
        "testIPAddressType": "Dynamic",
    }


def rpo(slot: Slot, seen: Mapping[str, Any]) -> tuple[float, int]:
    """When it was last calculated how old the newest point is, and that age in seconds: just now while the item is
    replicated to Azure, else when the failover began (as recorded)."""
    calculated, failover = slot.implementation.now(), slot.ran.get(Operation.FAIL_OVER)
    if slot.last_point is None:
        return calculated, 0
    received = slot.last_point[1]
    if seen.get("replicating") != Direction.TO_AZURE and failover is not None:
        calculated = slot.implementation.job_times(failover).began
    calculated = max(received, calculated)
    return calculated, round(calculated - received)


def failback(slot: Slot, seen: Mapping[str, Any]) -> dict[str, Any]:
    """The details of an item that on-premises protects; the reprotect named the appliance, storage and datastore."""
    given, name = slot.forward, slot.friendly_name
    policy = slot.policy_id(given.get("policyId", "policy"))
    details: dict[str, Any] = {
        "instanceType": "InMageRcmFailback",
        "internalIdentifier": slot.name("internal", f"{seen.get('id')}/failback"),
        "azureVirtualMachineId": settings.azure_machine_id(slot),
        "multiVmGroupName": given.get("multiVmGroupName"),
        "reprotectAgentId": slot.failback.get("reprotectAgentId", ""),
        "reprotectAgentName": "appliance",
        "osType": "Windows",
        "logStorageAccountId": slot.failback.get("logStorageAccountId", ""),
        "targetvCenterId": "",
        "targetDataStoreName": slot.failback.get("datastoreName", ""),
        "targetVmName": name,
        **_first_copy(seen),
        "protectedDisks": [_returning_disk(slot, seen, disk) for disk in replicated(slot)],
        "mobilityAgentDetails": _agent(slot, "UnsupportedProtectionScenario"),
        "vmNics": [
            {
                "macAddress": "00:00:5E:00:53:02",
                "networkName": None,
                "adapterType": None,
                "sourceIpAddress": "192.0.2.16",
            }
        ],
        "discoveredVmDetails": None,
        "lastUsedPolicyId": policy,
        "lastUsedPolicyFriendlyName": policy.rpartition("/")[2],
        "isAgentRegistrationSuccessfulAfterFailover": None,
    }
    if seen.get("last_planned_failover") is not None:
        details["lastPlannedFailoverStatus"] = str(seen["last_planned_failover"]).capitalize()
        if (planned := slot.ran.get(Operation.PLANNED_FAILOVER)) is not None:
            details["lastPlannedFailoverStartTime"] = slot.stamp(slot.implementation.job_times(planned).began)
    return details


def _disk(disk: ShownDisk) -> dict[str, Any]:
    return {
        "diskId": disk.id,
        "diskName": disk.drive,
        "isOSDisk": "true" if disk.is_os else "false",
        "capacityInBytes": _DISK_BYTES,
    }


def _returning_disk(slot: Slot, seen: Mapping[str, Any], disk: ShownDisk) -> dict[str, Any]:
    """A disk of an item that on-premises protects."""
    return {
        **_disk(disk),
        "diskUuid": slot.name("disk", disk.id),
        "dataPendingInLogDataStoreInMB": 0.0,
        "dataPendingAtSourceAgentInMB": 0.0,
        "isInitialReplicationComplete": "false",  # it stays so (facts 7.3, quirk)
        **_copy_of_a_disk(seen),
    }


#: `instanceType` -> what makes its details.
DETAILS: Final[Mapping[str, Callable[[Slot, Mapping[str, Any]], dict[str, Any]]]] = {
    "InMageRcm": forward,
    "InMageRcmFailback": failback,
}


def _first_copy(seen: Mapping[str, Any]) -> dict[str, Any]:
    copied = _COPIED.get(str(seen.get("phase")))
    size = None if copied is None else _DISK_BYTES * copied // 100
    return {
        "initialReplicationProgressPercentage": copied,
        "initialReplicationProcessedBytes": size,
        "initialReplicationTransferredBytes": size,
        "initialReplicationProgressHealth": "None" if copied is None else "InProgress",
        "resyncProgressPercentage": None,
        "resyncProcessedBytes": None,
        "resyncTransferredBytes": None,
        "resyncProgressHealth": "None",
        "resyncRequired": "false",
        "resyncState": "None",
    }


def _copy_of_a_disk(seen: Mapping[str, Any]) -> dict[str, Any]:
    health = _COPYING.get(str(seen.get("phase")))
    if health is None:
        return {}
    return {
        "irDetails": {
            "progressHealth": health,
            "transferredBytes": 0,
            "last15MinutesTransferredBytes": 0,
            "lastDataTransferTimeUtc": None,
            "processedBytes": 0,
            "startTime": None,
            "lastRefreshTime": None,
            "progressPercentage": 0 if health == "InProgress" else None,
        }
    }


def _agent(slot: Slot, blocked: str) -> dict[str, Any]:
    return {
        "version": "9.55.6765.1",
        "latestVersion": None,
        "driverVersion": "9.55.6765.1",
        "latestUpgradableVersionWithoutReboot": None,
        "lastHeartbeatUtc": slot.stamp(slot.implementation.now()),
        "reasonsBlockingUpgrade": [blocked],
        "isUpgradeable": "false",
    }
