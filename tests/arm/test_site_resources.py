"""What a client touches on its way to an item: it is there, agrees with the ids that items show, and can be made."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from azure.core.exceptions import HttpResponseError, ResourceNotFoundError
from azure.mgmt.recoveryservicessiterecovery import SiteRecoveryManagementClient, models
from azure.mgmt.recoveryservicessiterecovery.operations import _operations

from arm.serving import served
from arm.test_sdk_cycle import ITEM, VAULT, client, enable, until
from arm.test_served_inputs import BACK, body, do
from arm.test_server import ENABLE, FAILOVER, Caller, caller, item, vault
from asr_properties.arm.tokens import OWN
from asr_properties.reference import ClassicItem, Fixed, ReferenceService
from asr_properties.server.application import answerer
from asr_properties.server.slots import Vaults

FABRIC = f"{vault()}/replicationFabrics/f"
CONTAINER = f"{FABRIC}/replicationProtectionContainers/c"
GROUP = vault().partition("/providers")[0]
OTHER = {"properties": {"providerSpecificInput": {"instanceType": "A2A"}}}


@pytest.fixture
def azure() -> Iterator[SiteRecoveryManagementClient]:
    with served(lambda: ReferenceService(freedom=Fixed()), speed=36000) as url:
        yield client(url)


def policy(minutes: int = 60) -> models.CreatePolicyInput:
    given = models.InMageRcmPolicyCreationInput(
        recovery_point_history_in_minutes=1440, crash_consistent_frequency_in_minutes=10,
        app_consistent_frequency_in_minutes=minutes, enable_multi_vm_sync="true",
    )  # fmt: skip
    return models.CreatePolicyInput(properties=models.CreatePolicyInputProperties(provider_specific_input=given))


def test_a_runbook_sets_replication_up_from_nothing(azure: SiteRecoveryManagementClient) -> None:
    """The steps of the recording of 2023, by the official SDK."""
    (fabric,) = azure.replication_fabrics.list(*VAULT)
    (container,) = azure.replication_protection_containers.list_by_replication_fabrics(*VAULT, fabric.name)
    made = azure.replication_policies.begin_create(*VAULT, "policy-1", policy()).result()
    assert made.properties.provider_specific_details.recovery_point_history_in_minutes == 1440
    given_by_az = {"instanceType": "InMageRcm", "enableAgentAutoUpgrade": "true"}
    mapping = {"properties": {"policyId": made.id, "providerSpecificInput": given_by_az}}
    place = (*VAULT, fabric.name, container.name)
    mappings = azure.replication_protection_container_mappings
    paired = mappings.begin_create(*place, "mapping-1", mapping).result()
    assert (paired.properties.policy_id, paired.properties.state) == (made.id, "Paired")
    shown = azure.replication_fabrics.get(*VAULT, fabric.name)
    (server,) = shown.properties.custom_details.process_servers
    (provider,) = azure.replication_recovery_services_providers.list_by_replication_fabrics(*VAULT, fabric.name)
    assert provider.name == server.id
    given = enable()
    given.properties.policy_id = made.id
    given.properties.provider_specific_details.process_server_id = server.id
    items = azure.replication_protected_items
    found = items.begin_create(*place, "vm-1", given).result()
    assert found.properties.recovery_services_provider_id == provider.id
    assert azure.replication_protection_containers.get(*place).properties.protected_item_count == 1
    removed = mappings.begin_delete(*place, "mapping-1", {"properties": {}})
    assert removed.result() is None
    with pytest.raises(ResourceNotFoundError):
        mappings.get(*place, "mapping-1")
    assert [mapped.properties.policy_id for mapped in mappings.list(*VAULT)] == [made.id]  # as its item has it


def test_points_are_made_as_the_policy_says(azure: SiteRecoveryManagementClient) -> None:
    azure.replication_policies.begin_create(*VAULT, "policy-1", policy(60)).result()
    azure.replication_protected_items.begin_create(*ITEM, enable()).result()
    until(azure, "Protected")
    for _ in range(200):
        points = list(azure.recovery_points.list_by_replication_protected_items(*ITEM))
        kinds = {point.properties.recovery_point_type for point in points}
        if len(kinds) == 2:
            return
    raise AssertionError(f"no app-consistent point: {kinds}")


def test_a_policy_that_can_not_be_is_refused_where_it_is_used() -> None:
    ask = caller()
    given = {"instanceType": "InMageRcm", "crashConsistentFrequencyInMinutes": 0.1}
    made = {"properties": {"providerSpecificInput": given}}
    assert ask("PUT", f"{vault()}/replicationPolicies/p", made)[0] == 202
    status, told = ask("PUT", item(), {"properties": ENABLE})
    assert (status, "interval" in told["error"]["message"]) == (400, True)
    assert ask("GET", item())[0] == 404


def test_a_machine_that_is_enabled_again_follows_the_policy_of_then() -> None:
    ask = caller()
    for name, minutes in (("p", 5), ("hourly", 60)):
        given = {"instanceType": "InMageRcm", "crashConsistentFrequencyInMinutes": minutes}
        ask("PUT", f"{vault()}/replicationPolicies/{name}", {"properties": {"providerSpecificInput": given}})
    ask.protect()
    assert gap(ask) == timedelta(minutes=5)
    for policy, minutes in (("hourly", 60), ("unknown", 5)):
        assert ask("POST", f"{item()}/remove", {"properties": {}})[0] == 202
        ask.control("wait", "vm-1", {"seconds": 3600})
        assert ask("PUT", item(), {"properties": {**ENABLE, "policyId": policy}})[0] == 202
        ask.control("wait", "vm-1", {"seconds": 8 * 3600})
        assert gap(ask) == timedelta(minutes=minutes)
    assert len(listed(ask, f"{vault()}/replicationJobs")) == 5


def test_a_policy_that_can_not_be_enables_no_machine_again() -> None:
    ask = caller()
    given = {"instanceType": "InMageRcm", "crashConsistentFrequencyInMinutes": 0.1}
    ask("PUT", f"{vault()}/replicationPolicies/bad", {"properties": {"providerSpecificInput": given}})
    ask.protect()
    ask("POST", f"{item()}/remove", {"properties": {}})
    ask.control("wait", "vm-1", {"seconds": 3600})
    assert ask("PUT", item(), {"properties": {**ENABLE, "policyId": "bad"}})[0] == 400
    assert ask("GET", item())[0] == 404
    ask.protect()
    assert gap(ask) == timedelta(minutes=5)


def gap(ask: Caller) -> timedelta:
    """How far the two newest recovery points are apart."""
    newest, before, *_ = (point["properties"]["recoveryPointTime"] for point in listed(ask, f"{item()}/recoveryPoints"))
    return datetime.fromisoformat(newest) - datetime.fromisoformat(before)


@pytest.fixture
def ask() -> Caller:
    asking = caller(cancel_job="accepted")
    asking.protect()
    return asking


def one(ask: Caller, path: str) -> Any:
    status, told = ask("GET", path)
    assert status == 200, told
    return told


def listed(ask: Caller, path: str) -> list[Any]:
    return list(one(ask, path)["value"])


def test_every_id_that_an_item_shows_leads_somewhere(ask: Caller) -> None:
    do(ask, "unplannedFailover", FAILOVER)
    do(ask, "reProtect", body("InMageRcm", **BACK))
    ask("PUT", item("vm-2"), {"properties": ENABLE})
    for name in ("vm-1", "vm-2"):
        properties = one(ask, item(name))["properties"]
        for key in ("policyId", "recoveryServicesProviderId", "recoveryFabricId", "recoveryContainerId"):
            if properties[key].startswith("/"):
                assert one(ask, properties[key])["id"].lower() == properties[key].lower(), key
    instances = {p["name"]: p["properties"]["providerSpecificDetails"]["instanceType"] for p in listed(
        ask, f"{vault()}/replicationPolicies"
    )}  # fmt: skip
    assert instances == {"p": "InMageRcm", "crashconsistency-policy-failback": "InMageRcmFailback"}
    details = one(ask, FABRIC)["properties"]["customDetails"]
    assert BACK["datastoreName"] in details["reprotectAgents"][0]["accessibleDatastores"]
    assert {agent["id"] for agent in details["reprotectAgents"]} >= {"a", BACK["reprotectAgentId"]}


def test_what_items_share_has_one_id_wherever_it_is_shown(ask: Caller) -> None:
    ask.protect("vm-2")
    ask("PUT", f"{CONTAINER}/replicationProtectionContainerMappings/m", {"properties": {"policyId": "p"}})
    items = [one(ask, item(name))["properties"] for name in ("vm-1", "vm-2")]
    jobs = [
        job["properties"]["customDetails"]["affectedObjectDetails"] for job in listed(ask, f"{vault()}/replicationJobs")
    ]
    internal = one(ask, FABRIC)["properties"]["internalIdentifier"]
    assert len(jobs) == 3
    assert {job["PrimaryVmmId"] for job in jobs} == {internal}
    assert {job["PrimaryCloudId"] for job in jobs} == {f"cloud_{internal}"}
    (azure,) = {properties["recoveryContainerId"].rpartition("/")[2] for properties in items}
    assert {job["RecoveryCloudId"] for job in jobs} == {azure, f"cloud_{internal}"}  # that of the mapping: recorded so
    (policy,) = {job["ProtectionProfileId"] for job in jobs if "ProtectionProfileId" in job}
    assert policy == listed(ask, f"{vault()}/replicationJobs")[-1]["properties"]["targetObjectId"]


def test_where_an_item_is_replicated_to_reads_as_the_item_says(ask: Caller) -> None:
    shown = one(ask, item())["properties"]
    container = one(ask, shown["recoveryContainerId"])["properties"]
    assert container["friendlyName"] == shown["recoveryProtectionContainerFriendlyName"] == "Microsoft Azure"
    assert container["fabricFriendlyName"] == shown["recoveryFabricFriendlyName"]
    fabric = one(ask, shown["recoveryContainerId"].partition("/replicationProtectionContainers")[0])
    assert (fabric["properties"]["friendlyName"], fabric["properties"]["internalIdentifier"]) == (
        "Microsoft Azure", fabric["name"]
    )  # fmt: skip
    assert {container["fabricType"], fabric["properties"]["customDetails"]["instanceType"]} == {"Azure"}
    assert one(ask, CONTAINER)["properties"]["friendlyName"] == "c"


def test_a_recovery_point_is_there_under_the_id_that_it_shows(ask: Caller) -> None:
    ask.protect("vm-2")
    for name in ("vm-1", "vm-2"):
        shown = listed(ask, f"{item(name)}/recoveryPoints")
        last = one(ask, item(name))["properties"]["providerSpecificDetails"]["lastRecoveryPointId"]
        assert "/cloud_" in last
        for identifier in (last, shown[-1]["id"]):
            assert one(ask, identifier)["id"] == identifier
    assert ask("GET", shown[0]["id"].replace("vm-2", "vm-3"))[0] == 404
    assert ask("GET", shown[0]["id"].replace("cloud_", "cloud_0"))[0] == 404


LISTS = {
    f"{vault()}/replicationFabrics": ["f"],
    f"{FABRIC}/replicationProtectionContainers": ["c"],
    f"{vault()}/replicationProtectionContainers": ["c"],
    f"{FABRIC}/replicationRecoveryServicesProviders": ["a"],
    f"{vault()}/replicationRecoveryServicesProviders": ["a"],
    f"{CONTAINER}/replicationProtectionContainerMappings": ["p-mapping"],
    f"{vault()}/replicationProtectionContainerMappings": ["p-mapping"],
    f"{CONTAINER}/replicationProtectableItems": ["vm-1", "machine-1", "machine-2", "machine-3"],
    f"{vault()}/replicationPolicies": ["p"],
    f"{vault()}/replicationAlertSettings": [],
    f"{vault()}/replicationEvents": [],
    vault().rpartition("/")[0]: ["v"],
}


@pytest.mark.parametrize(("path", "names"), LISTS.items())
def test_lists_and_what_is_in_them(ask: Caller, path: str, names: list[str]) -> None:
    entries = listed(ask, path)
    assert [entry["name"] for entry in entries] == names
    for entry in entries:
        assert one(ask, entry["id"])["id"] == entry["id"]
    assert ask("POST", path)[0] == 405
    assert ask("GET", path, **{"$top": "1"})[0] == 400


def test_vaults_and_groups_are_listed_once_they_are_named(ask: Caller) -> None:
    subscription = "/subscriptions/s2"
    vaults = f"{subscription}/providers/Microsoft.RecoveryServices/vaults"
    assert listed(ask, vaults) == listed(ask, f"{subscription}/resourcegroups") == []
    for group, name in (("g1", "v1"), ("g2", "v2"), ("G1", "v3")):
        one(ask, f"{subscription}/resourceGroups/{group}/providers/Microsoft.RecoveryServices/vaults/{name}")
    assert [found["name"] for found in listed(ask, vaults)] == ["v1", "v2", "v3"]
    assert [found["name"] for found in listed(ask, f"{subscription}/resourceGroups")] == ["g1", "g2"]
    in_a_group = listed(ask, f"{subscription}/resourceGroups/g1/providers/Microsoft.RecoveryServices/vaults")
    assert [found["name"] for found in in_a_group] == ["v1", "v3"]
    assert ask("HEAD", f"{subscription}/resourceGroups/g1") == (204, None)
    assert ask("HEAD", vaults)[0] == 405


def test_a_subnet_of_a_network_is_there_under_its_id(ask: Caller) -> None:
    network = f"{GROUP}/providers/Microsoft.Network/virtualNetworks/n"
    assert ask("GET", f"{network}/subnets/default")[0] == 404
    ask("PUT", network, {"properties": {"subnets": [{"name": "Default"}, {}]}})
    shown = one(ask, network)["properties"]["subnets"][0]
    assert one(ask, shown["id"]) == shown
    assert ask("GET", f"{network}/subnets/other")[0] == 404


def test_events_may_be_filtered_and_there_are_none(ask: Caller) -> None:
    filtered = {"$filter": "EventType eq 'VmHealth'"}
    assert ask("GET", f"{vault()}/replicationEvents", **filtered) == (200, {"value": [], "nextLink": None})


def test_a_machine_is_protectable_until_it_is_protected(ask: Caller) -> None:
    def states() -> dict[str, str]:
        shown = listed(ask, f"{CONTAINER}/replicationProtectableItems")
        return {entry["name"]: entry["properties"]["protectionStatus"] for entry in shown}

    assert states() == {"vm-1": "Protected", **dict.fromkeys(("machine-1", "machine-2", "machine-3"), "Unprotected")}
    named = {**ENABLE, "protectableItemId": f"{CONTAINER}/replicationProtectableItems/machine-2"}
    assert ask("PUT", item("web"), {"properties": named})[0] == 202
    assert states()["machine-2"] == "Protected"
    shown = one(ask, f"{CONTAINER}/replicationProtectableItems/machine-2")["properties"]
    assert shown["replicationProtectedItemId"].lower() == item("web").lower()


def test_an_appliance_that_was_configured_tells_its_health(ask: Caller) -> None:
    sick = {"name": "ps-2", "sees_datastore": True, "same_host": False, "healthy": False}
    ask.control("new_item", "vm-9", {"configuration": {"appliances": [sick]}})
    details = one(ask, FABRIC)["properties"]["customDetails"]
    assert {server["id"]: server["health"] for server in details["processServers"]} == {
        "a": "Normal",
        "ps-2": "Critical",
    }


def test_classic_servers_and_policies_are_those_of_its_items() -> None:
    vaults = Vaults(lambda: ReferenceService(ClassicItem, Fixed()))
    ask = Caller(answerer(vaults, "under test"))
    details = {"instanceType": "InMageAzureV2", "processServerId": "ps-1", "masterTargetId": "mt-1"}
    ask("PUT", item(), {"properties": {"policyId": "p", "providerSpecificDetails": details}})
    ask.control("wait", "vm-1", {"seconds": 4 * 3600})
    shown = one(ask, FABRIC)["properties"]["customDetails"]
    assert (shown["instanceType"], shown["processServers"][0]["id"]) == ("VMware", "ps-1")
    (found,) = listed(ask, f"{vault()}/replicationPolicies")
    assert found["properties"]["providerSpecificDetails"]["instanceType"] == "InMageAzureV2"


def test_a_new_mapping_has_the_recorded_job(ask: Caller) -> None:
    path = f"{CONTAINER}/replicationProtectionContainerMappings/m"
    assert ask("PUT", path, {"properties": {"policyId": "p"}})[0] == 202
    job = ask.headers["x-ms-request-id"].rpartition("/")[2]
    shown = one(ask, f"{vault()}/replicationJobs/{job}")["properties"]
    assert (shown["scenarioName"], shown["state"]) == ("AssociateProtectionProfile", "Succeeded")
    filtered = {"$filter": "AffectedObjectTypes eq 'ProtectionProfile'"}
    assert [body["name"] for body in ask("GET", f"{vault()}/replicationJobs", **filtered)[1]["value"]] == [job]


@pytest.mark.parametrize(
    ("method", "path", "given", "status"),
    [
        ("GET", f"{vault()}/replicationPolicies/unknown", None, 404),
        ("DELETE", f"{vault()}/replicationPolicies/unknown", None, 404),
        ("GET", f"{CONTAINER}/replicationProtectionContainerMappings/unknown", None, 404),
        ("GET", f"{CONTAINER}/replicationProtectableItems/unknown", None, 404),
        ("GET", f"{FABRIC}/replicationRecoveryServicesProviders/unknown", None, 404),
        ("GET", f"{FABRIC}/replicationNetworks", None, 404),
        ("PUT", f"{vault()}/replicationPolicies/p", {}, 400),
        (
            "PUT",
            f"{vault()}/replicationPolicies/p",
            {"properties": {"providerSpecificInput": {"instanceType": "A2A"}}},
            400,
        ),
        ("PUT", f"{CONTAINER}/replicationProtectionContainerMappings/m", {"properties": {}}, 400),
        ("PUT", f"{CONTAINER}/replicationProtectionContainerMappings/m", {"properties": {"policyId": 5}}, 400),
        ("PUT", f"{GROUP}/providers/Microsoft.Network/virtualNetworks/n", [], 400),
        ("GET", f"{GROUP}/providers/Microsoft.Network/virtualNetworks/none", None, 404),
        ("PUT", FABRIC, {}, 405),
    ],
)
def test_what_can_not_be_is_an_error_of_arm(ask: Caller, method: str, path: str, given: Any, status: int) -> None:
    answered, told = ask(method, path, given)
    assert (answered, set(told["error"])) == (status, {"code", "message", "details"})


PLANS = f"{vault()}/replicationRecoveryPlans"


@pytest.mark.parametrize("path", [PLANS, f"{PLANS}/plan", f"{PLANS}/plan/unplannedFailover"])
@pytest.mark.parametrize("method", ["GET", "PUT", "POST", "DELETE"])
def test_recovery_plans_are_told_to_be_not_served(ask: Caller, method: str, path: str) -> None:
    status, told = ask(method, path, {} if method in ("PUT", "POST") else None)
    assert (status, told["error"]["code"]) == (404, "InvalidResourceType")
    assert "serve" in told["error"]["message"]


def test_the_official_sdk_reads_that_plans_are_not_served(azure: SiteRecoveryManagementClient) -> None:
    with pytest.raises(ResourceNotFoundError, match="InvalidResourceType"):
        list(azure.replication_recovery_plans.list(*VAULT))


# -- what the service has and no profile models ------------------------------------------------------------------------

ACTIONS = (
    "addDisks", "removeDisks", "resolveHealthErrors", "switchProvider", "updateAppliance", "updateMobilityService",
    "reinstallMobilityService",
)  # fmt: skip


@pytest.mark.parametrize("action", ACTIONS)
def test_actions_that_are_not_modelled_are_told_and_change_nothing(ask: Caller, action: str) -> None:
    before = one(ask, item())
    status, told = ask("POST", f"{item()}/{action}", {"properties": {}})
    assert (status, told["error"]["code"]) == (400, "BadRequest")
    assert told["error"]["details"][0]["code"] == f"{OWN}NotModelled"
    assert ask("GET", f"{item()}/{action}")[0] == 405
    assert ask("POST", f"{item('none')}/{action}", {"properties": {}})[0] == 404
    assert one(ask, item()) == before


def requests_of_the_sdk() -> Iterator[tuple[str, str]]:
    """Method and path of each request that the SDK can make in a vault, with `{name}` for each name that it needs."""
    for name, build in inspect.getmembers(_operations, inspect.isfunction):
        if name.startswith("build_"):
            needed = [
                one for one in inspect.signature(build).parameters.values() if one.kind is one.POSITIONAL_OR_KEYWORD
            ]
            request = build(*(f"{{{one.name}}}" for one in needed))
            yield request.method, unquote(urlsplit(request.url).path)


def test_whatever_the_sdk_can_ask_is_there_or_told_to_be_not_served(ask: Caller) -> None:
    names = {
        "subscription_id": "s", "resource_group_name": "g", "resource_name": "v", "fabric_name": "f",
        "protection_container_name": "c", "replicated_protected_item_name": "vm-1", "policy_name": "p",
        "mapping_name": "p-mapping", "provider_name": "a", "protectable_item_name": "vm-1",
        "job_name": listed(ask, f"{vault()}/replicationJobs")[0]["name"],
        "recovery_point_name": listed(ask, f"{item()}/recoveryPoints")[0]["name"],
    }  # fmt: skip
    asked = list(requests_of_the_sdk())
    assert len(asked) > 140
    told: dict[str, set[str]] = {}
    for method, template in sorted(asked, key=lambda one: one[1].endswith("/remove")):  # the last that is done
        path = re.sub(r"{(\w+)}", lambda found: names.get(found[1], "unknown"), template)
        if "/vaults/" not in path or method == "DELETE":
            continue
        status, body = ask(method, path, {"properties": {}} if method != "GET" else None)
        code = body["error"]["code"] if status >= 400 else "done"
        told.setdefault(f"{status} {code}", set()).add(path.removeprefix(f"{vault()}/"))
    assert told.pop("404 NotFound") == {"replicationAlertSettings/unknown", "replicationEvents/unknown"}
    assert set(told) == {
        "200 done", "202 done", "400 BadRequest", "404 InvalidResourceType", f"405 {OWN}MethodNotAllowed"
    }  # fmt: skip
    kinds = {path.split("/")[-2] if "/" in path else path for path in told["404 InvalidResourceType"]}
    assert {"replicationRecoveryPlans", "replicationvCenters", "replicationAppliances", "replicationNetworks"} <= kinds


def test_jobs_are_neither_restarted_nor_resumed_nor_exported(azure: SiteRecoveryManagementClient) -> None:
    azure.replication_protected_items.begin_create(*ITEM, enable()).result()
    (job,) = azure.replication_jobs.list(*VAULT)
    jobs = azure.replication_jobs
    for call in (
        lambda: jobs.begin_restart(*VAULT, job.name).result(),
        lambda: jobs.begin_resume(*VAULT, job.name, models.ResumeJobParams()).result(),
        lambda: jobs.begin_export(*VAULT, models.JobQueryParameter()).result(),
    ):
        with pytest.raises(HttpResponseError, match="BadRequest"):
            call()
    with pytest.raises(ResourceNotFoundError):
        jobs.begin_restart(*VAULT, "unknown").result()
    with pytest.raises(HttpResponseError, match="BadRequest"):
        list(azure.target_compute_sizes.list_by_replication_protected_items(*ITEM))
