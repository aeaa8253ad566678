"""Bodies of what a vault has beside its items, key by key as recorded (2017, 2023)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from asr_properties.arm.instances import fabric_of, failback_instance, forward_instance
from asr_properties.server.fabric_details import DETAILS, Appliance, Site, identity, modernized
from asr_properties.server.internal_ids import azure_fabric, cloud_of, fabric_guid, guid, policy_guid
from asr_properties.server.slot import Slot
from asr_properties.server.vault_site import MACHINES, Done, Mapped, Policy, VaultSite

_FABRIC: Final = "Microsoft.RecoveryServices/vaults/replicationFabrics"
_CONTAINER: Final = f"{_FABRIC}/replicationProtectionContainers"


def group_of(site: VaultSite) -> str:
    """The ARM id of the resource group of a vault."""
    return f"/subscriptions/{site.vault.subscription}/resourceGroups/{site.vault.group}"


def fabric_id(site: VaultSite, fabric: str) -> str:
    """The ARM id of a fabric."""
    return f"{site.vault}/replicationFabrics/{fabric}"


def container_id(site: VaultSite, fabric: str, container: str) -> str:
    """The ARM id of a container."""
    return f"{fabric_id(site, fabric)}/replicationProtectionContainers/{container}"


def _kind(site: VaultSite) -> str:
    """What a profile's fabrics are called: the type of their details."""
    return "InMageRcm" if site.profile == "modernized" else str(fabric_of(site.profile))


_AZURE: Final = "Microsoft Azure"
"""How Azure reads where it is a fabric or a container (recorded in 2017 and 2023)."""


def _is_azure(site: VaultSite, fabric: str) -> bool:
    """Whether a fabric is Azure, which items name as where they are replicated to."""
    return fabric.lower() == azure_fabric(site.vault)


def fabric_body(site: VaultSite, fabric: str, *, brief: bool = False) -> dict[str, Any]:
    """A fabric. brief: as a list shows it."""
    key = {"kekState": "None", "kekCertThumbprint": None}
    seen = site.clock.stamp(site.clock.now())
    shown = Site(fabric, group_of(site), seen, site.appliances(fabric), site.datastores(fabric), brief)
    azure = _is_azure(site, fabric)
    healthy = azure or all(appliance.healthy for appliance in shown.appliances)
    properties = {
        "friendlyName": _AZURE if azure else fabric,
        "encryptionDetails": key,
        "rolloverEncryptionDetails": key,
        "internalIdentifier": fabric if azure else fabric_guid(site.vault, fabric),
        "bcdrState": "Valid",
        "customDetails": {"instanceType": "Azure"} if azure else DETAILS.get(site.profile, modernized)(shown),
        "healthErrorDetails": [],
        "health": "Normal" if healthy else "Critical",
    }
    return {"name": fabric, "type": _FABRIC, "id": fabric_id(site, fabric), "properties": properties}


def container_body(site: VaultSite, fabric: str, container: str) -> dict[str, Any]:
    """A container; it counts the items that are replicated."""
    count = sum(_is_replicated(slot) for slot in site.items(fabric, container))
    azure = _is_azure(site, fabric)
    properties = {
        "fabricFriendlyName": _AZURE if azure else fabric,
        "friendlyName": _AZURE if azure else container,
        "fabricType": "Azure" if azure else _kind(site),
        "protectedItemCount": count,
        "pairingStatus": "Paired" if site.mappings(fabric, container) else "NotPaired",
        "role": None if azure else "Primary",  # not recorded of Azure
        "fabricSpecificDetails": None,
    }
    identifier = container_id(site, fabric, container)
    return {"id": identifier, "name": container, "type": _CONTAINER, "properties": properties}


def provider_body(site: VaultSite, fabric: str, appliance: Appliance) -> dict[str, Any]:
    """What connects an appliance to the service: an item's `recoveryServicesProviderId`."""
    never = "9999-12-31T23:59:59.9999999"
    count = sum(_is_replicated(slot) for slot in site.items(fabric))
    properties: dict[str, Any] = {
        "fabricType": _kind(site),
        "friendlyName": appliance.name,
        "providerVersion": "5.23.720.4",
        "serverVersion": "0.0",
        "providerVersionState": "Latest",
        "providerVersionExpiryDate": never,
        "fabricFriendlyName": fabric,
        "lastHeartBeat": site.clock.stamp(site.clock.now()),
        "connectionStatus": "Connected" if appliance.healthy else "Disconnected",
        "protectedItemCount": count,
        "allowedScenarios": ["Refresh"],
        "healthErrorDetails": [],
        "draIdentifier": guid(appliance.id),
        "machineId": guid(appliance.id),
        "machineName": appliance.name,
        "biosId": guid(f"{appliance.id}/bios").upper(),
        "authenticationIdentityDetails": identity(f"{fabric}/agent"),
        "resourceAccessIdentityDetails": identity(fabric),
        "dataPlaneAuthenticationIdentityDetails": identity(f"{fabric}/data"),
        "providerVersionDetails": {"version": "5.23.720.4", "expiryDate": never, "status": "Supported"},
    }
    kind = "replicationRecoveryServicesProviders"
    identifier = f"{fabric_id(site, fabric)}/{kind}/{appliance.id}"
    return {"id": identifier, "type": f"{_FABRIC}/{kind}", "name": appliance.id, "properties": properties}


_POLICY: Final[Mapping[str, Mapping[str, Any]]] = {
    "InMageRcm": {
        "recoveryPointHistoryInMinutes": 4320,
        "appConsistentFrequencyInMinutes": 0,
        "crashConsistentFrequencyInMinutes": 5,
        "enableMultiVmSync": "true",
    },
    # No recording shows one; the SDK's model has these two (facts 3.1).
    "InMageRcmFailback": {"appConsistentFrequencyInMinutes": 0, "crashConsistentFrequencyInMinutes": 5},
    "InMageAzureV2": {
        "crashConsistentFrequencyInMinutes": 5,
        "recoveryPointThresholdInMinutes": 15,
        "recoveryPointHistory": 4320,
        "appConsistentFrequencyInMinutes": 0,
        "multiVmSyncStatus": "Enabled",
    },
    "InMage": {
        "recoveryPointThresholdInMinutes": 15,
        "recoveryPointHistory": 1440,
        "appConsistentFrequencyInMinutes": 60,
        "multiVmSyncStatus": "Enabled",
    },
}
"""`instanceType` -> what a policy has where nobody said otherwise: what an item's points are made by."""

#: Key of the input -> key of the details, where they differ.
_TOLD_AS: Final = {"multiVmSyncStatus": {"Enable": "Enabled", "Disable": "Disabled"}}


def configuration_of(policy: Policy) -> dict[str, float]:
    """The keys of a machine's configuration that a policy decides: how often points are made, and how long kept."""
    keys = {
        "crash_consistent_minutes": ("crashConsistentFrequencyInMinutes",),
        "app_consistent_minutes": ("appConsistentFrequencyInMinutes",),
        "retention_minutes": ("recoveryPointHistoryInMinutes", "recoveryPointHistory"),
    }
    told = {name: next((policy.given[key] for key in of if key in policy.given), None) for name, of in keys.items()}
    return {name: value for name, value in told.items() if value is not None}


def policy_body(site: VaultSite, policy: Policy) -> dict[str, Any]:
    """A policy, with what it was made of."""
    details: dict[str, Any] = {"instanceType": policy.instance, **_POLICY.get(policy.instance, {})}
    for key, value in policy.given.items():
        if value is not None:
            words = _TOLD_AS.get(key, {})
            details[key] = words.get(value, value) if isinstance(value, str) else value
    if policy.instance == "InMageRcm":
        used = sum(_policy_of(slot) == policy.name.lower() for slot in _replicated(site))
        details |= {"status": False, "associatedItemsCount": used, "dataSourceType": "VM"}
    kind = "replicationPolicies"
    return {
        "id": f"{site.vault}/{kind}/{policy.name}",
        "name": policy.name,
        "type": f"Microsoft.RecoveryServices/vaults/{kind}",
        "properties": {"friendlyName": policy.name, "providerSpecificDetails": details},
    }


def mapping_body(site: VaultSite, mapped: Mapped) -> dict[str, Any]:
    """A container's mapping."""
    azure = not mapped.target.startswith("/")
    target = "Microsoft Azure" if azure else mapped.target.rpartition("/")[2]
    policy = mapped.policy if mapped.policy.startswith("/") else f"{site.vault}/replicationPolicies/{mapped.policy}"
    instance = mapped.given.get("instanceType")
    properties: dict[str, Any] = {
        "targetProtectionContainerId": mapped.target,
        "targetProtectionContainerFriendlyName": target,
        "providerSpecificDetails": dict(mapped.given) if instance else None,
        "health": "Normal",
        "healthErrorDetails": [],
        "policyId": policy,
        "state": "Paired",
        "sourceProtectionContainerFriendlyName": mapped.container,
        "sourceFabricFriendlyName": mapped.fabric,
        "targetFabricFriendlyName": "Microsoft Azure" if azure else mapped.fabric,
        "policyFriendlyName": policy.rpartition("/")[2],
    }
    kind = "replicationProtectionContainerMappings"
    identifier = f"{container_id(site, mapped.fabric, mapped.container)}/{kind}/{mapped.name}"
    return {"id": identifier, "name": mapped.name, "type": f"{_CONTAINER}/{kind}", "properties": properties}


def protectable_bodies(site: VaultSite, fabric: str, container: str) -> list[dict[str, Any]]:
    """The machines of a container, replicated or not: those of its items, and MACHINES."""
    found: dict[str, dict[str, Any]] = {}
    for slot in site.items(fabric, container):
        named = slot.forward.get("protectableItemId") or slot.address.item
        name = named.rpartition("/")[2]
        protected = slot.address.under(slot.address.item) if _is_replicated(slot) else None
        found[name.lower()] = _protectable(site, fabric, container, name, slot.friendly_name, protected)
    for name in MACHINES:
        found.setdefault(name, _protectable(site, fabric, container, name, name, None))
    return list(found.values())


def _protectable(
    site: VaultSite, fabric: str, container: str, name: str, read: str, protected: str | None
) -> dict[str, Any]:
    kind = "replicationProtectableItems"
    appliance = site.appliances(fabric)[0].id
    properties = {
        "friendlyName": read,
        "protectionStatus": "Protected" if protected else "Unprotected",
        "replicationProtectedItemId": protected,
        "recoveryServicesProviderId": f"{fabric_id(site, fabric)}/replicationRecoveryServicesProviders/{appliance}",
        "protectionReadinessErrors": [],
        "supportedReplicationProviders": [forward_instance(site.profile)],
        "customDetails": {
            "instanceType": "VMwareVirtualMachine",
            "agentGeneratedId": guid(f"{name}/agent"),
            "agentInstalled": "Installed" if protected else "NotInstalled",
            "osType": "WINDOWS",
            "agentVersion": "9.12.0.0",
            "ipAddress": "192.0.2.15",
            "poweredOn": "On",
            "vCenterInfrastructureId": "1",
            "discoveryType": "vCenter",
            "diskDetails": [
                {
                    "diskId": "{1}",
                    "diskName": "\\\\.\\PHYSICALDRIVE0",
                    "diskSizeInMB": "20480",
                    "diskType": "OperatingSystem",
                    "diskConfiguration": "Basic",
                    "volumeList": [{"label": "", "name": "C"}],
                }
            ],
            "validationErrors": [],
        },
    }
    identifier = f"{container_id(site, fabric, container)}/{kind}/{name}"
    return {"id": identifier, "name": name, "type": f"{_CONTAINER}/{kind}", "properties": properties}


def operation_of(site: VaultSite, done: Done) -> dict[str, Any]:
    """The status of what a request did: it is done."""
    at = site.clock.stamp(done.at)
    return {
        "error": None,
        "id": None,
        "name": done.id,
        "properties": None,
        "status": "Succeeded",
        "startTime": at,
        "endTime": at,
        "percentComplete": None,
    }


#: The tasks of the job that a new mapping has: their `taskId`, their name, what people read, and how they ended (2017).
_TASKS: Final = (
    ("PreflightChecksTask", "PrerequisitesCheck", "Check protection prerequisites", "Succeeded"),
    ("PrepareSiteTask", "PrepareSite", "Prepare the server", "Other"),
    ("PrepareCloudForPairingTask", "PrepareCloud", "Prepare for configuring protection", "Other"),
    ("PairCloudsTask", "PairClouds", "Configure the protection settings", "Other"),
)


def association_job(site: VaultSite, done: Done) -> dict[str, Any]:
    """The job that a new mapping has."""
    at = site.clock.stamp(done.at)
    fabric, container = done.resource.split("/")[-5], done.resource.split("/")[-3]
    cloud, here = cloud_of(site.vault, fabric), fabric_guid(site.vault, fabric)
    provider = fabric_of(site.profile) or ""
    affected: dict[str, str] = {}
    for side in ("Primary", "Recovery"):
        affected |= {f"{side}CloudId": cloud, f"{side}CloudName": container}
        affected |= {f"{side}VmmId": here, f"{side}VmmName": fabric, f"{side}FabricProviderId": provider}
    properties = {
        "activityId": done.id,
        "scenarioName": "AssociateProtectionProfile",
        "friendlyName": "Associate replication policy",
        "state": "Succeeded",
        "stateDescription": "Completed",
        "tasks": [
            {
                "taskId": f"CloudPairingWf{identifier}",
                "name": f"CloudPairing{name}",
                "startTime": at,
                "endTime": at,
                "allowedActions": [],
                "friendlyName": read,
                "state": state,
                "stateDescription": "Completed" if state == "Succeeded" else "Skipped",
                "taskType": "TaskDetails",
                "customDetails": {"instanceType": "TaskDetails"},
                "groupTaskCustomDetails": None,
                "errors": [],
            }
            for identifier, name, read, state in _TASKS
        ],
        "errors": [],
        "startTime": at,
        "endTime": at,
        "allowedActions": [],
        "targetObjectId": policy_guid(site.vault, done.policy),
        "targetObjectName": done.policy.rpartition("/")[2],
        "targetInstanceType": "ProtectionProfile",
        "customDetails": {"instanceType": "AsrJobDetails", "affectedObjectDetails": affected},
    }
    kind = "replicationJobs"
    return {
        "id": f"{site.vault}/{kind}/{done.id}",
        "name": done.id,
        "type": f"Microsoft.RecoveryServices/vaults/{kind}",
        "properties": properties,
    }


def _replicated(site: VaultSite) -> list[Slot]:
    return [slot for fabric in site.fabrics() for slot in site.items(fabric) if _is_replicated(slot)]


def _is_replicated(slot: Slot) -> bool:
    with slot.held():
        return slot.observation() is not None


def _policy_of(slot: Slot) -> str:
    return slot.forward.get("policyId", "").rpartition("/")[2].lower()


def instances_of_policies(site: VaultSite) -> tuple[str, str]:
    """The `instanceType`s that a policy of this vault may have."""
    return forward_instance(site.profile), failback_instance(site.profile)
