"""`providerSpecificDetails` of an item, key by key as recorded (2023) for the two Modernized providers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from asr_properties.server.slots import Slot, stamp

_DISK_BYTES = 42949672960

#: Phases in which the first copy is on its way: only then `irDetails` was there.
_COPYING = frozenset({"initial_replication", "awaiting_first_recovery_point", "reverse_initial_replication"})


def details_of(slot: Slot, seen: Mapping[str, Any], instance: str, points: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The details of an item that has this `instanceType`; `points` are the listed recovery points, newest first."""
    if instance == "InMageRcm":
        return _forward(slot, seen, points)
    if instance == "InMageRcmFailback":
        return _failback(slot, seen)
    return {"instanceType": instance, "multiVmGroupName": None, "osType": "Windows"}


def _forward(slot: Slot, seen: Mapping[str, Any], points: Sequence[dict[str, Any]]) -> dict[str, Any]:
    given = slot.enabled_with.get("providerSpecificDetails") or {}
    name = str(given.get("targetVmName") or slot.address.item)
    group = str(given.get("targetResourceGroupId") or "")
    failed_over = seen.get("active_site") == "azure"
    used = seen.get("failover_recovery_point")
    if points:
        newest = points[0]
        slot.last_point = newest["id"], newest["properties"]["recoveryPointTime"]
    details: dict[str, Any] = {
        "instanceType": "InMageRcm",
        "internalIdentifier": slot.name("internal", f"{seen.get('id')}/forward"),
        "fabricDiscoveryMachineId": given.get("fabricDiscoveryMachineId"),
        "multiVmGroupName": given.get("multiVmGroupName"),
        "discoveryType": "VCenter",
        "processServerId": given.get("processServerId"),
        "processorCoreCount": 4,
        "allocatedMemoryInMB": 4095.0,
        "processServerName": "appliance",
        "runAsAccountId": given.get("runAsAccountId"),
        "osType": "Windows",
        "firmwareType": "BIOS",
        "primaryNicIpAddress": "192.0.2.15",
        "targetGeneration": "V1",
        "licenseType": "NotSpecified",
        "storageAccountId": None,
        "targetVmName": name,
        "targetVmSize": "Standard_F4s_v2",
        "targetResourceGroupId": group,
        "targetLocation": "eastus",
        "targetAvailabilitySetId": "",
        "targetAvailabilityZone": "",
        "targetProximityPlacementGroupId": "",
        "targetBootDiagnosticsStorageAccountId": "",
        "targetNetworkId": str(given.get("targetNetworkId") or ""),
        "testNetworkId": "",
        "failoverRecoveryPointId": None if used is None else _point(slot, str(used)),
        "lastRecoveryPointId": slot.last_point[0] if slot.last_point else None,
        **_first_copy(seen),
        "agentUpgradeState": "None",
        "lastAgentUpgradeType": None,
        "agentUpgradeJobId": None,
        "agentUpgradeAttemptToVersion": None,
        "protectedDisks": [
            {
                "diskId": "{1}",
                "diskName": "\\\\.\\PHYSICALDRIVE0",
                "isOSDisk": "true",
                "capacityInBytes": _DISK_BYTES,
                "logStorageAccountId": str((given.get("disksDefault") or {}).get("logStorageAccountId") or ""),
                "diskEncryptionSetId": None,
                "seedManagedDiskId": f"{group}/providers/Microsoft.Compute/disks/asrseeddisk-{name}",
                "seedBlobUri": None,
                "targetManagedDiskId": f"{group}/providers/Microsoft.Compute/disks/{name}" if failed_over else None,
                "targetBlobUri": None,
                "diskType": "Premium_LRS",
                "dataPendingInLogDataStoreInMB": 0.0,
                "dataPendingAtSourceAgentInMB": 0.0,
                "isInitialReplicationComplete": "false" if seen.get("phase") in _COPYING else "true",
                **_copy_of_a_disk(seen),
            }
        ],
        "isLastUpgradeSuccessful": "false",
        "isAgentRegistrationSuccessfulAfterFailover": False if failed_over else None,
        "mobilityAgentDetails": _agent(slot, "AlreadyOnLatestVersion") | {"latestAgentReleaseDate": None},
        "lastAgentUpgradeErrorDetails": [],
        "agentUpgradeBlockingErrorDetails": [],
        "vmNics": [
            {
                "nicId": "00:00:5e:00:53:01",
                "isPrimaryNic": "true",
                "isSelectedForFailover": "true",
                "sourceIPAddress": "192.0.2.15",
                "sourceIPAddressType": "Static",
                "sourceNetworkId": "VM Network",
                "sourceSubnetName": None,
                "targetIPAddress": "",
                "targetIPAddressType": "Dynamic",
                "targetSubnetName": str(given.get("targetSubnetName") or ""),
                "testSubnetName": None,
                "testIPAddress": None,
                "testIPAddressType": "Dynamic",
            }
        ],
        "discoveredVmDetails": None,
    }
    if slot.last_point:
        details["lastRecoveryPointReceived"] = details["lastRpoCalculatedTime"] = slot.last_point[1]
        details["lastRpoInSeconds"] = 0
    return details


def _failback(slot: Slot, seen: Mapping[str, Any]) -> dict[str, Any]:
    given = slot.enabled_with.get("providerSpecificDetails") or {}
    name = str(given.get("targetVmName") or slot.address.item)
    policy = str(slot.enabled_with.get("policyId") or "policy")
    details: dict[str, Any] = {
        "instanceType": "InMageRcmFailback",
        "internalIdentifier": slot.name("internal", f"{seen.get('id')}/failback"),
        "azureVirtualMachineId": f"{given.get('targetResourceGroupId') or ''}"
        f"/providers/Microsoft.Compute/virtualMachines/{name}",
        "multiVmGroupName": given.get("multiVmGroupName"),
        "reprotectAgentId": str(given.get("processServerId") or ""),
        "reprotectAgentName": "appliance",
        "osType": "Windows",
        "logStorageAccountId": "",
        "targetvCenterId": "",
        "targetDataStoreName": "datastore",
        "targetVmName": name,
        **_first_copy(seen),
        "protectedDisks": [
            {
                "diskId": "{1}",
                "diskName": "\\\\.\\PHYSICALDRIVE0",
                "isOSDisk": "true",
                "capacityInBytes": _DISK_BYTES,
                "diskUuid": slot.name("disk", "1"),
                "dataPendingInLogDataStoreInMB": 0.0,
                "dataPendingAtSourceAgentInMB": 0.0,
                "isInitialReplicationComplete": "false",  # it stays so (facts 7.3, quirk)
                **_copy_of_a_disk(seen),
            }
        ],
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
    return details


def _first_copy(seen: Mapping[str, Any]) -> dict[str, Any]:
    copying = seen.get("phase") in _COPYING
    return {
        "initialReplicationProgressPercentage": None,
        "initialReplicationProcessedBytes": None,
        "initialReplicationTransferredBytes": None,
        "initialReplicationProgressHealth": "InProgress" if copying else "None",
        "resyncProgressPercentage": None,
        "resyncProcessedBytes": None,
        "resyncTransferredBytes": None,
        "resyncProgressHealth": "None",
        "resyncRequired": "false",
        "resyncState": "None",
    }


def _copy_of_a_disk(seen: Mapping[str, Any]) -> dict[str, Any]:
    if seen.get("phase") not in _COPYING:
        return {}
    return {
        "irDetails": {
            "progressHealth": "Queued",
            "transferredBytes": 0,
            "last15MinutesTransferredBytes": 0,
            "lastDataTransferTimeUtc": None,
            "processedBytes": 0,
            "startTime": None,
            "lastRefreshTime": None,
            "progressPercentage": None,
        }
    }


def _agent(slot: Slot, blocked: str) -> dict[str, Any]:
    return {
        "version": "9.55.6765.1",
        "latestVersion": None,
        "driverVersion": "9.55.6765.1",
        "latestUpgradableVersionWithoutReboot": None,
        "lastHeartbeatUtc": stamp(slot.implementation.now()),
        "reasonsBlockingUpgrade": [blocked],
        "isUpgradeable": "false",
    }


def _point(slot: Slot, identifier: str) -> str:
    container = f"cloud_{slot.name('container', slot.address.container)}"
    return f"{slot.address.under(slot.address.item, container)}/recoveryPoints/{slot.name('point', identifier)}"
