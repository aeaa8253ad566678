"""Resources around a vault, which a client that sets up replication touches on its way, key by key as recorded (2023):
its resource group, the vaults in it, a virtual network, a storage account, and what the appliances discovered. Lists of
groups and vaults have those that anybody has named.

Networks and accounts are what somebody made of them by PUT, and any name that an item gave is one of them. There is no
other provider here.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Mapping
from typing import Any, Final

from asr_properties.arm.addresses import VaultAddress
from asr_properties.server.api_versions import LOCATION
from asr_properties.server.documents import of_request
from asr_properties.server.internal_ids import guid
from asr_properties.server.replies import Reply, Request, bad_request, no_such_method, not_found
from asr_properties.server.vault_site import APPLIANCE, MACHINES

_GROUP: Final = re.compile(r"(/subscriptions/[^/]+/resourceGroups/([^/]+))(?:/providers/(.+))?", re.IGNORECASE)
_LISTED: Final = re.compile(
    r"/subscriptions/([^/]+)/(resourceGroups|providers/Microsoft\.RecoveryServices/vaults)", re.IGNORECASE
)
_OPERATION: Final = re.compile(
    r"/subscriptions/[^/]+/providers/Microsoft\.Network/locations/[^/]+/operations/[^/]+", re.IGNORECASE
)

Paged = Callable[[list[dict[str, Any]]], Reply]


class Neighbours:
    """Of all vaults; safe for many threads. vaults: gives those of a subscription, or of a resource group of it."""

    def __init__(self, vaults: Callable[[str, str | None], list[VaultAddress]]) -> None:
        self._vaults = vaults
        self._lock = threading.Lock()
        self._made: dict[str, dict[str, Any]] = {}

    def answer(self, request: Request, paged: Paged) -> Reply | None:
        """The answer; None where the path is about none of these."""
        if _OPERATION.fullmatch(request.path):
            return _only(request, "GET", lambda: Reply(200, {"status": "Succeeded"}))
        if (of := _LISTED.fullmatch(request.path)) is not None:
            return _only(request, "GET", lambda: _short(paged(self._listed(of[1], of[2].lower() == "resourcegroups"))))
        found = _GROUP.fullmatch(request.path)
        if found is None:
            return None
        group, name, rest = found.groups()
        if rest is None:
            if request.method == "HEAD":  # whether it is there: the SDK's `check_existence`
                return Reply(204)
            return _only(request, "GET, HEAD", lambda: Reply(200, _group(group, name)))
        names = rest.split("/")
        match [part.lower() for part in names]:
            case ["microsoft.recoveryservices", "vaults"]:
                known = self._vaults(group.split("/")[2], name)
                return _only(request, "GET", lambda: _short(paged([_vault(group, vault.vault) for vault in known])))
            case ["microsoft.network", "virtualnetworks", _, "subnets", subnet]:
                return _only(request, "GET", lambda: self._subnet(request, subnet))
            case ["microsoft.recoveryservices", "vaults", _]:
                return _only(request, "GET", lambda: Reply(200, _vault(group, names[2])))
            case ["microsoft.network", "virtualnetworks", _]:
                return self._resource(request, lambda body: _network(request.path, names[2], body))
            case ["microsoft.storage", "storageaccounts", _]:
                return self._resource(request, lambda body: _account(request.path, names[2], body))
            case ["microsoft.offazure", "vmwaresites", _, "machines"]:
                return _only(request, "GET", lambda: paged([_machine(request.path, name) for name in MACHINES]))
            case ["microsoft.offazure", "vmwaresites", _, "machines", _]:
                return _only(request, "GET", lambda: Reply(200, _machine(request.path.rpartition("/")[0], names[4])))
            case ["microsoft.offazure", "vmwaresites", _, "runasaccounts"]:
                return _only(request, "GET", lambda: paged([_run_as(request.path)]))
        return None

    def _listed(self, subscription: str, groups: bool) -> list[dict[str, Any]]:
        """The vaults of a subscription, or the resource groups that they are in."""
        known = self._vaults(subscription, None)
        if not groups:
            return [_vault(_group_id(vault), vault.vault) for vault in known]
        found: dict[str, VaultAddress] = {}
        for vault in known:
            found.setdefault(vault.group.lower(), vault)
        return [_group(_group_id(vault), vault.group) for vault in found.values()]

    def _subnet(self, request: Request, name: str) -> Reply:
        """A subnet of a network that somebody made."""
        with self._lock:
            made = self._made.get(request.path.lower().rpartition("/subnets/")[0], {})
        for subnet in made.get("properties", {}).get("subnets", ()):
            if str(subnet["name"]).lower() == name:
                return Reply(200, subnet)
        raise not_found(request.path)

    def _resource(self, request: Request, make: Callable[[Mapping[str, Any]], dict[str, Any]]) -> Reply:
        key = request.path.lower()
        if request.method == "PUT":
            given = of_request(request.body)
            if not isinstance(given, Mapping):
                raise bad_request("The body is not an object.")
            with self._lock:
                self._made[key] = make(given)
                return Reply(200, self._made[key])
        with self._lock:
            made = self._made.get(key)
        if made is None:
            raise not_found(request.path)
        return _only(request, "GET, PUT", lambda: Reply(200, made))


def _only(request: Request, methods: str, get: Callable[[], Reply]) -> Reply:
    if request.method != "GET":
        raise no_such_method(request.method, methods.split(", "))
    return get()


def _short(reply: Reply) -> Reply:
    """A list as it was recorded of vaults: without a link where there is no further page."""
    return reply._replace(body={key: value for key, value in reply.body.items() if value is not None})


def _group(identifier: str, name: str) -> dict[str, Any]:
    return {
        "id": identifier,
        "name": name,
        "type": "Microsoft.Resources/resourceGroups",
        "location": LOCATION,
        "properties": {"provisioningState": "Succeeded"},
    }


def _group_id(vault: VaultAddress) -> str:
    return f"/subscriptions/{vault.subscription}/resourceGroups/{vault.group}"


def _vault(group: str, name: str) -> dict[str, Any]:
    identifier = f"{group}/providers/Microsoft.RecoveryServices/vaults/{name}"
    return {
        "location": LOCATION,
        "name": name,
        "etag": f'W/"{guid(identifier.lower())}"',
        "properties": {"provisioningState": "Succeeded"},
        "id": identifier,
        "type": "Microsoft.RecoveryServices/vaults",
        "sku": {"name": "RS0", "tier": "Standard"},
    }


def _network(identifier: str, name: str, given: Mapping[str, Any]) -> dict[str, Any]:
    told = _object(given, "properties")
    etag = f'W/"{guid(identifier.lower())}"'
    subnets = told.get("subnets")
    return {
        "name": name,
        "id": identifier,
        "etag": etag,
        "type": "Microsoft.Network/virtualNetworks",
        "location": given.get("location", LOCATION),
        "properties": {
            "provisioningState": "Succeeded",
            "resourceGuid": guid(identifier.lower()),
            "addressSpace": told.get("addressSpace", {"addressPrefixes": []}),
            "subnets": [
                {
                    "name": subnet.get("name"),
                    "id": f"{identifier}/subnets/{subnet.get('name')}",
                    "etag": etag,
                    "properties": {
                        "provisioningState": "Succeeded",
                        "ipConfigurations": [],
                        "delegations": [],
                        "privateEndpointNetworkPolicies": "Disabled",
                        "privateLinkServiceNetworkPolicies": "Enabled",
                        **_object(subnet, "properties"),
                    },
                    "type": "Microsoft.Network/virtualNetworks/subnets",
                }
                for subnet in (subnets if isinstance(subnets, list) else ())
                if isinstance(subnet, Mapping)
            ],
            "virtualNetworkPeerings": [],
            "enableDdosProtection": told.get("enableDdosProtection", False),
        },
    }


_NEVER: Final = "2026-01-01T00:00:00.0000000Z"


def _account(identifier: str, name: str, given: Mapping[str, Any]) -> dict[str, Any]:
    service = {"keyType": "Account", "enabled": True, "lastEnabledTime": _NEVER}
    sku = _object(given, "sku").get("name", "Standard_LRS")
    first = {kind: f"https://{name}.{kind}.invalid/" for kind in ("dfs", "web", "blob", "queue", "table", "file")}
    second = {kind: f"https://{name}-secondary.{kind}.invalid/" for kind in ("dfs", "web", "blob", "queue", "table")}
    return {
        "sku": {"name": sku, "tier": str(sku).partition("_")[0]},
        "kind": given.get("kind", "StorageV2"),
        "id": identifier,
        "name": name,
        "type": "Microsoft.Storage/storageAccounts",
        "location": given.get("location", LOCATION),
        "tags": given.get("tags", {}),
        "properties": {
            "keyCreationTime": {"key1": _NEVER, "key2": _NEVER},
            "allowCrossTenantReplication": False,
            "privateEndpointConnections": [],
            "minimumTlsVersion": "TLS1_0",
            "allowBlobPublicAccess": True,
            "networkAcls": {
                "bypass": "AzureServices",
                "virtualNetworkRules": [],
                "ipRules": [],
                "defaultAction": "Allow",
            },
            "supportsHttpsTrafficOnly": True,
            "encryption": {"services": {"file": service, "blob": service}, "keySource": "Microsoft.Storage"},
            "accessTier": "Hot",
            "provisioningState": "Succeeded",
            "creationTime": _NEVER,
            "primaryEndpoints": first,
            "primaryLocation": LOCATION,
            "statusOfPrimary": "available",
            "secondaryLocation": "westus",
            "statusOfSecondary": "available",
            "secondaryEndpoints": second,
        },
    }


def _run_as(path: str) -> dict[str, Any]:
    name = guid(path.lower())
    return {
        "id": f"{path}/{name}",
        "name": name,
        "type": "Microsoft.OffAzure/VMwareSites/runasaccounts",
        "properties": {
            "displayName": "account",
            "credentialType": "VMwareFabric",
            "createdTimestamp": _NEVER,
            "updatedTimestamp": _NEVER,
            "applianceName": APPLIANCE,
        },
    }


def _machine(path: str, name: str) -> dict[str, Any]:
    """A machine that the appliances discovered: what an item's `fabricDiscoveryMachineId` names."""
    site, tags, own = path.rpartition("/")[0], {"asrprotectedmachine": "False"}, guid(f"{path}/{name}".lower())
    nothing = {"osType": None, "osName": None, "osVersion": None, "osArchitecture": None}
    by_account: dict[str, Any] = {
        "discoveryScopeStatus": "RunAsAccountNotAssociated",
        "errors": [],
        "hydratedRunAsAccountId": None,
    }
    applications = {"totalInstanceCount": 0, "totalApplicationCount": 0, "shallowDiscoveryStatus": "Disabled"}
    web = {"totalWebServerCount": 0, "totalWebApplicationCount": 0, "discoveryScopeStatus": "RunAsAccountNotAssociated"}
    properties = {
        "vCenterFQDN": "vcenter.invalid",
        "vCenterId": f"{site}/vcenters/vcenter",
        "instanceUuid": own,
        "dataCenterScope": "datacenter",
        "description": "",
        "disks": [_disk(name, place, own) for place in range(2)],
        "hostInMaintenanceMode": False,
        "hostName": "192.0.2.20",
        "hostPowerState": "poweredOn",
        "hostVersion": "7.0.0",
        "networkAdapters": [
            {
                "label": "Network adapter 1",
                "adapterType": "VirtualVmxnet3",
                "nicId": "4000",
                "macAddress": "00:00:5e:00:53:01",
                "ipAddressList": ["192.0.2.15"],
                "networkName": "VM Network",
                "ipAddressType": "Static",
            }
        ],
        "vMwareToolsStatus": "OK",
        "vMwareToolsVersion": "10272",
        "changeTrackingSupported": True,
        "changeTrackingEnabled": False,
        "maxSnapshots": -1,
        "diskEnabledUuid": "yes",
        "numberOfSnapshots": 0,
        "altGuestName": "windows9Server64Guest",
        "powerStatus": "ON",
        "vmFqdn": name,
        "vmConfigurationFileLocation": f"[datastore] {name}/{name}.vmx",
        "firmware": "bios",
        "guestOSDetails": nothing,
        "numberOfApplications": -1,
        "guestDetailsDiscoveryTimestamp": None,
        "isGuestDetailsDiscoveryInProgress": True,
        "dependencyMapping": "Disabled",
        "dependencyMappingStartTime": None,
        "dependencyMappingEndTime": None,
        "runAsAccountId": None,
        "applianceNames": [APPLIANCE],
        "errors": [],
        "applicationDiscovery": by_account,
        "dependencyMapDiscovery": by_account,
        "staticDiscovery": {**by_account, "discoveryScopeStatus": "DiscoverySucceeded"},
        "sqlDiscovery": {
            "successfullyDiscoveredServerCount": -1,
            "totalServerCount": -1,
            "sqlMetadataHydratedRunAsAccountId": None,
            "sqlMetadataDiscoveryPipe": "Unknown",
            "discoveryScopeStatus": "RunAsAccountNotAssociated",
        },
        "webAppDiscovery": web,
        "oracleDiscovery": {
            "totalInstanceCount": 0,
            "totalDatabaseCount": 0,
            "shallowDiscoveryStatus": "Disabled",
            "discoveryScopeStatus": "DiscoverySucceeded",
        },
        "springBootDiscovery": {**applications, "discoveryScopeStatus": "DiscoverySucceeded"},
        "iisDiscovery": web,
        "tomcatDiscovery": web,
        "appsAndRoles": None,
        "productSupportStatus": {
            "currentVersion": None,
            "esuStatus": "Unknown",
            "supportStatus": "Unknown",
            "supportEndDate": "0001-01-01T00:00:00",
            "esuYear": "Unknown",
        },
        "numberOfProcessorCore": 4,
        "allocatedMemoryInMB": 4096.0,
        "operatingSystemDetails": {**nothing, "osType": "windowsguest", "osName": "Microsoft Windows Server (64-bit)"},
        "biosSerialNumber": own,
        "biosGuid": own,
        "displayName": name,
        "isDeleted": False,
        "createdTimestamp": _NEVER,
        "tags": tags,
        "updatedTimestamp": _NEVER,
    }
    kind = "Microsoft.OffAzure/VMwareSites/machines"
    return {"properties": properties, "id": f"{path}/{name}", "name": name, "type": kind, "tags": tags}


def _disk(machine: str, place: int, own: str) -> dict[str, Any]:
    return {
        "uuid": guid(f"{own}/{place}"),
        "label": f"Hard disk {place + 1}",
        "diskProvisioningPolicy": "ThickProvisioned",
        "diskScrubbingPolicy": "LazilyScrubbed",
        "diskMode": "persistent",
        "controllerType": "VirtualLsiLogicSASController",
        "maxSizeInBytes": 42949672960,
        "name": f"scsi0:{place}",
        "diskType": "Static",
        "lun": place,
        "path": f"[datastore] {machine}/{machine}_{place}.vmdk",
    }


def _object(level: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    found = level.get(key)
    return found if isinstance(found, Mapping) else {}
