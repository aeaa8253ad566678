"""`customDetails` of a fabric, key by key as recorded: of the appliances of a modernized one (2023), of the servers of
a classic one (2017). Names of appliances and datastores are those that the items of the fabric name; the rest are plain
values of the recorded kind.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from asr_properties.server.internal_ids import guid


class Appliance(NamedTuple):
    """An appliance (classic: a server) of a site. id: what items and requests name. healthy: whether it is."""

    id: str
    name: str
    healthy: bool = True


class Site(NamedTuple):
    """What a fabric has. group: the ARM id of its resource group. seen: when its parts last showed life, as the API
    writes it. datastores: names. brief: whether it is shown in a list, which tells less."""

    fabric: str
    group: str
    seen: str
    appliances: Sequence[Appliance]
    datastores: Sequence[str]
    brief: bool = False


def modernized(site: Site) -> dict[str, Any]:
    """The details of a fabric whose items are InMageRcm."""
    discovery = f"{site.group}/providers/Microsoft.OffAzure"
    details: dict[str, Any] = {
        "instanceType": "InMageRcm",
        "vmwareSiteId": f"{discovery}/VMwareSites/{site.fabric}-site",
        "physicalSiteId": f"{discovery}/ServerSites/{site.fabric}-physicalsite",
        "serviceEndpoint": "https://service.invalid",
        "serviceResourceId": "1",
        "serviceContainerId": "1",
        "dataPlaneUri": "https://data.invalid",
        "controlPlaneUri": "https://control.invalid",
        "sourceAgentIdentityDetails": None if site.brief else identity(site.fabric),
    }
    for kind, more in _COMPONENTS.items():
        shown = () if site.brief else site.appliances
        details[kind] = [_component(site, appliance, kind) | more(site) for appliance in shown]
    return {**details, "agentDetails": []}


def identity(of: str) -> dict[str, str]:
    """An identity in Azure, as an agent or a provider has one."""
    tenant = guid("tenant")
    return {
        "tenantId": tenant,
        "applicationId": guid(f"{of}/application"),
        "objectId": guid(f"{of}/object"),
        "audience": f"api://{tenant}/{of}",
        "aadAuthority": f"https://login.invalid/{tenant}",
    }


def _component(site: Site, appliance: Appliance, kind: str) -> dict[str, Any]:
    found: dict[str, Any] = {
        "id": appliance.id,
        "name": appliance.name,
        "biosId": guid(f"{appliance.id}/bios").upper(),
        "fabricObjectId": f"{site.group}/providers/Microsoft.OffAzure/VMwareSites/{site.fabric}-site/machines/"
        f"{appliance.name}",
        "fqdn": appliance.name,
        "version": "9.55.6765.1",
        "lastHeartbeatUtc": site.seen,
        "health": "Normal" if appliance.healthy else "Critical",
        "healthErrors": [],
    }
    if kind == "dras":
        del found["fabricObjectId"], found["fqdn"]
    return found


def _process_server(site: Site) -> dict[str, Any]:
    return {
        "ipAddresses": ["192.0.2.10"],
        "totalMemoryInBytes": 34359738368,
        "availableMemoryInBytes": 17179869184,
        "usedMemoryInBytes": 17179869184,
        "memoryUsagePercentage": 50.0,
        "totalSpaceInBytes": 687194767360,
        "availableSpaceInBytes": 515396075520,
        "usedSpaceInBytes": 171798691840,
        "freeSpacePercentage": 75.0,
        "throughputUploadPendingDataInBytes": 0,
        "throughputInBytes": 0,
        "processorUsagePercentage": 1.0,
        "throughputStatus": "Healthy",
        "systemLoad": 0,
        "systemLoadStatus": "Healthy",
        "diskUsageStatus": "Healthy",
        "memoryUsageStatus": "Healthy",
        "processorUsageStatus": "Healthy",
        "historicHealth": "Normal",
    }


def _reprotect_agent(site: Site) -> dict[str, Any]:
    center = f"{site.group}/providers/Microsoft.OffAzure/VMwareSites/{site.fabric}-site/vcenters/vcenter"
    return {"accessibleDatastores": list(site.datastores), "vcenterId": center, "lastDiscoveryInUtc": site.seen}


#: The lists of a modernized fabric -> what their entries have beside what all have.
_COMPONENTS: Final[Mapping[str, Any]] = {
    "processServers": _process_server,
    "rcmProxies": lambda site: {"clientAuthenticationType": "Certificate"},
    "pushInstallers": lambda site: {},
    "replicationAgents": lambda site: {},
    "reprotectAgents": _reprotect_agent,
    "marsAgents": lambda site: {},
    "dras": lambda site: {},
}


def classic(site: Site) -> dict[str, Any]:
    """The details of a fabric whose items are InMageAzureV2: a configuration server with its servers."""
    return {
        "instanceType": "VMware",
        "processServers": [_scale_out_server(site, server) for server in site.appliances],
        "masterTargetServers": [_master_target(site, server) for server in site.appliances],
        "runAsAccounts": [{"accountId": "1", "accountName": "account"}],
        "replicationPairCount": "0",
        "processServerCount": str(len(site.appliances)),
        "agentCount": "0",
        "protectedServers": "0",
        **_LOAD,
        "webLoad": "0",
        "webLoadStatus": "Green",
        "databaseServerLoad": "0",
        "databaseServerLoadStatus": "Green",
        "csServiceStatus": "Running",
        "ipAddress": "192.0.2.10",
        "agentVersion": "9.12.0.0",
        "hostName": site.fabric,
        "lastHeartbeat": site.seen,
        "versionStatus": "NotSupported",
        **_CERTIFICATE,
        "psTemplateVersion": "",
    }


_LOAD: Final[Mapping[str, Any]] = {
    "systemLoad": "0",
    "systemLoadStatus": "Green",
    "cpuLoad": "2%",
    "cpuLoadStatus": "Green",
    "totalMemoryInBytes": 4294496256,
    "availableMemoryInBytes": 2147248128,
    "memoryUsageStatus": "Green",
    "totalSpaceInBytes": 31843151872,
    "availableSpaceInBytes": 15921575936,
    "spaceUsageStatus": "Green",
}
_CERTIFICATE: Final[Mapping[str, Any]] = {
    "sslCertExpiryDate": "9999-12-31T00:00:00Z",
    "sslCertExpiryRemainingDays": 1000,
}


def _scale_out_server(site: Site, server: Appliance) -> dict[str, Any]:
    return {
        "friendlyName": server.name,
        "id": server.id,
        "ipAddress": "192.0.2.10",
        "osType": "Windows",
        "agentVersion": "9.12.0.0",
        "lastHeartbeat": site.seen,
        "versionStatus": "NotSupported",
        "mobilityServiceUpdates": [{"version": "9.12.0.0", "rebootStatus": "NotRequired", "osType": "Windows"}],
        "hostId": server.id,
        "machineCount": "0",
        "replicationPairCount": "0",
        **_LOAD,
        "psServiceStatus": "Running" if server.healthy else "Stopped",
        **_CERTIFICATE,
        "osVersion": None,
    }


def _master_target(site: Site, server: Appliance) -> dict[str, Any]:
    return {
        "id": server.id,
        "ipAddress": "192.0.2.10",
        "name": server.name,
        "osType": "Windows",
        "agentVersion": "9.12.0.0",
        "lastHeartbeat": site.seen,
        "versionStatus": "NotSupported",
        "retentionVolumes": [],
        "dataStores": [
            {"symbolicName": name, "uuid": guid(f"datastore/{name}"), "capacity": "2047.75", "freeSpace": "1023.88",
             "type": "VMFS"}
            for name in site.datastores
        ],
        "validationErrors": [],
        "diskCount": 1,
        "osVersion": "Microsoft Windows Server",
    }  # fmt: skip


#: Profile -> what makes the details of its fabrics.
DETAILS: Final = {"modernized": modernized, "classic": classic}
