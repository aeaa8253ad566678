"""What was given comes back: settings of enable and update are shown as they were told, and nothing else is made up."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import pytest
from azure.mgmt.recoveryservicessiterecovery import SiteRecoveryManagementClient, models

from arm.serving import served
from arm.test_recorded_shapes import CLI, interactions
from arm.test_sdk_cycle import ITEM, VAULT, client, enable, until
from arm.test_server import ENABLE, Caller, caller, item, vault
from asr_properties.arm.kept_settings import KEPT
from asr_properties.arm.machine_settings import Path, at, put
from asr_properties.reference import Chosen, ClassicItem, Fixed, ReferenceService, ReplicatedItem
from asr_properties.server.application import answerer
from asr_properties.server.slots import Vaults

TAGS = [models.UserCreatedResourceTag(tag_name="team", tag_value="web")]
PLACED = {"target_availability_zone": "2", "target_proximity_placement_group_id": "/groups/near"}


@pytest.fixture
def azure() -> Iterator[SiteRecoveryManagementClient]:
    with served(lambda: ReferenceService(freedom=Chosen({"update_of_settings": "job_ends"})), speed=36000) as url:
        yield client(url)


def details_of(azure: SiteRecoveryManagementClient) -> Any:
    return azure.replication_protected_items.get(*ITEM).properties.provider_specific_details


def test_what_enabling_gave_is_shown(azure: SiteRecoveryManagementClient) -> None:
    details = models.InMageRcmEnableProtectionInput(
        fabric_discovery_machine_id="/machines/1", target_resource_group_id="/groups/rg-1", process_server_id="ps-1",
        target_vm_size="Standard_D8s_v5", license_type="WindowsServer", target_vm_tags=TAGS, test_network_id="/nets/t",
        test_subnet_name="drills", target_boot_diagnostics_storage_account_id="/accounts/boot", **PLACED,
        disks_to_include=[
            models.InMageRcmDiskInput(log_storage_account_id="/accounts/log", **disk)
            for disk in (
                {"disk_id": "6000C29a", "disk_type": "Premium_LRS"},
                {"disk_id": "6000C29b", "disk_type": "Standard_LRS", "disk_encryption_set_id": "/sets/1"},
                {"disk_id": "6000C29c", "disk_type": "Standard_LRS"},
            )
        ],
    )  # fmt: skip
    properties = models.EnableProtectionInputProperties(policy_id="policy-1", provider_specific_details=details)
    azure.replication_protected_items.begin_create(*ITEM, models.EnableProtectionInput(properties=properties)).result()
    shown = details_of(azure)
    for key in ("target_vm_size", "license_type", "target_vm_tags", "test_network_id", *PLACED,
                "target_boot_diagnostics_storage_account_id", "process_server_id",
                "target_resource_group_id"):  # fmt: skip
        assert getattr(shown, key) == getattr(details, key), key
    assert shown.vm_nics[0].test_subnet_name == "drills"
    assert [(disk.disk_id, disk.disk_type) for disk in shown.protected_disks] == [
        ("6000C29a", "Premium_LRS"), ("6000C29b", "Standard_LRS"), ("6000C29c", "Standard_LRS")
    ]  # fmt: skip
    assert [disk.disk_encryption_set_id for disk in shown.protected_disks] == [None, "/sets/1", None]
    assert {disk.log_storage_account_id for disk in shown.protected_disks} == {"/accounts/log"}


def update(**settings: Any) -> models.UpdateReplicationProtectedItemInput:
    details = models.InMageRcmUpdateReplicationProtectedItemInput(**settings)
    properties = models.UpdateReplicationProtectedItemInputProperties(provider_specific_details=details)
    return models.UpdateReplicationProtectedItemInput(properties=properties)


def test_what_an_update_gave_is_shown_once_it_has_succeeded_and_only_that_changes(
    azure: SiteRecoveryManagementClient,
) -> None:
    items = azure.replication_protected_items
    items.begin_create(*ITEM, enable()).result()
    until(azure, "Protected")
    before = details_of(azure).as_dict()
    nic = models.InMageRcmNicInput(nic_id=before["vmNics"][0]["nicId"], is_primary_nic="true", target_nic_name="nic-a")
    disk = models.UpdateDiskInput(disk_id=before["protectedDisks"][1]["diskId"], target_disk_name="data-1")
    given: dict[str, Any] = {"license_type": "WindowsServer", "target_vm_tags": TAGS, **PLACED}
    items.begin_update(*ITEM, update(**given, vm_nics=[nic], vm_disks=[disk])).result()
    shown = details_of(azure)
    assert {key: getattr(shown, key) for key in given} == given
    assert shown.vm_nics[0].target_nic_name == "nic-a"
    assert [one.get("customTargetDiskName") for one in shown.as_dict()["protectedDisks"]] == [None, "data-1"]
    items.begin_update(*ITEM, update(target_availability_zone="3")).result()
    after = details_of(azure).as_dict()
    assert (after["targetAvailabilityZone"], after["licenseType"]) == ("3", "WindowsServer")
    told = {"licenseType", "targetVmTags", "targetAvailabilityZone", "targetProximityPlacementGroupId", "vmNics"}
    moving = {key for key in before if key.startswith("last") or key in ("mobilityAgentDetails", "protectedDisks")}
    assert {key for key in after if after[key] != before.get(key)} - moving == told


def test_an_update_that_fails_is_not_shown() -> None:
    ask = caller(refusal="by_job", update_of_settings_elsewhere="refused")
    assert ask("PUT", item(), {"properties": ENABLE})[0] == 202
    ask.control("wait", "vm-1", {"seconds": 1800})  # replication has begun, and the machine is not protected yet
    given = {"instanceType": "InMageRcm", "licenseType": "WindowsServer"}
    assert ask("PATCH", item(), {"properties": {"providerSpecificDetails": given}})[0] == 202
    operation = ask.headers["Azure-AsyncOperation"].partition("?")[0].removeprefix("http://127.0.0.1")
    ask.control("wait", "vm-1", {"seconds": 600})
    assert ask("GET", operation)[1]["status"] == "Failed"
    shown = ask("GET", item())[1]["properties"]
    assert (shown["protectionState"], shown["providerSpecificDetails"]["licenseType"]) == (
        "InitialReplicationInProgress", "NotSpecified"
    )  # fmt: skip


def test_a_next_life_knows_nothing_of_the_former_ones_settings(azure: SiteRecoveryManagementClient) -> None:
    items = azure.replication_protected_items
    items.begin_create(*ITEM, enable()).result()
    until(azure, "Protected")
    items.begin_update(*ITEM, update(license_type="WindowsServer")).result()
    remove = models.DisableProtectionInput(properties=models.DisableProtectionInputProperties())
    items.begin_delete(*ITEM, remove).result()
    items.begin_create(*ITEM, enable()).result()
    assert details_of(azure).license_type == "NotSpecified"


def test_a_classic_item_shows_them_under_its_own_names() -> None:
    with served(lambda: ReferenceService(ClassicItem, Fixed()), speed=36000) as url:
        azure = client(url)
        details = models.InMageAzureV2EnableProtectionInput(
            storage_account_id="/accounts/1", log_storage_account_id="/accounts/log", target_vm_size="Standard_A7",
            target_azure_vm_name="web-1", enable_rdp_on_target_option="OnlyOnTestFailover",
            license_type="WindowsServer",
            target_availability_set_id="/sets/1", target_vm_tags={"team": "web"}, target_azure_network_id="/nets/1",
            target_azure_v2_resource_group_id="/groups/rg-9",
            disks_to_include=[models.InMageAzureV2DiskInputDetails(disk_id="{77}")],
        )  # fmt: skip
        properties = models.EnableProtectionInputProperties(policy_id="p", provider_specific_details=details)
        items = azure.replication_protected_items
        items.begin_create(*ITEM, models.EnableProtectionInput(properties=properties)).result()
        until(azure, "Protected")
        shown = details_of(azure)
        assert (shown.recovery_azure_vm_name, shown.recovery_azure_vm_size) == ("web-1", "Standard_A7")
        assert (shown.recovery_azure_storage_account, shown.recovery_azure_log_storage_account_id) == (
            "/accounts/1", "/accounts/log"
        )  # fmt: skip
        assert (shown.recovery_availability_set_id, shown.license_type) == ("/sets/1", "WindowsServer")
        assert shown.enable_rdp_on_target_option == "OnlyOnTestFailover"
        assert (shown.target_vm_tags, shown.recovery_azure_resource_group_id) == ({"team": "web"}, "/groups/rg-9")
        assert shown.selected_recovery_azure_network_id == "/nets/1"
        assert [disk.disk_id for disk in shown.protected_disks] == ["{77}"]
        changed = models.UpdateReplicationProtectedItemInputProperties(
            license_type="NoLicenseType", enable_rdp_on_target_option="Never",
            provider_specific_details=models.InMageAzureV2UpdateReplicationProtectedItemInput(target_availability_zone="1"),
        )  # fmt: skip
        items.begin_update(*ITEM, models.UpdateReplicationProtectedItemInput(properties=changed)).result()
        shown = details_of(azure)
        assert (shown.license_type, shown.enable_rdp_on_target_option, shown.target_availability_zone) == (
            "NoLicenseType", "Never", "1"
        )  # fmt: skip


class Level(NamedTuple):
    """A model of bodies, where it stands in `properties`, and where the details show the keys that their model has as
    well; told: keys that go by another name there."""

    given: type
    at: Path
    details: type
    shown: Path
    told: Mapping[str, str] = {}


_WITHIN = ("providerSpecificDetails",)
_NIC = {"targetStaticIPAddress": "targetIPAddress", "testStaticIPAddress": "testIPAddress"}
_TFO = {"tfoNicName": "tfoRecoveryNicName", "tfoNicResourceGroupName": "tfoRecoveryNicResourceGroupName"}
_MANAGED = ("protectedManagedDisks", 1)
RCM, V2 = models.InMageRcmReplicationDetails, models.InMageAzureV2ReplicationDetails
LEVELS = {
    "InMageRcm": (
        ("PUT", Level(models.InMageRcmEnableProtectionInput, _WITHIN, RCM, ())),
        ("PUT", Level(models.InMageRcmDiskInput, (*_WITHIN, "disksToInclude", 1), models.InMageRcmProtectedDiskDetails,
                      ("protectedDisks", 1))),
        ("PATCH", Level(models.InMageRcmUpdateReplicationProtectedItemInput, _WITHIN, RCM, ())),
        ("PATCH", Level(models.InMageRcmNicInput, (*_WITHIN, "vmNics", 0), models.InMageRcmNicDetails, ("vmNics", 0),
                        _NIC)),
        ("PATCH", Level(models.UpdateDiskInput, (*_WITHIN, "vmDisks", 0), models.InMageRcmProtectedDiskDetails,
                        ("protectedDisks", 1), {"targetDiskName": "customTargetDiskName"})),
    ),
    "InMageAzureV2": (
        ("PUT", Level(models.InMageAzureV2EnableProtectionInput, _WITHIN, V2, ())),
        ("PUT", Level(models.InMageAzureV2DiskInputDetails, (*_WITHIN, "disksToInclude", 1),
                      models.InMageAzureV2ManagedDiskDetails, _MANAGED, {"diskType": "replicaDiskType"})),
        ("PATCH", Level(models.UpdateReplicationProtectedItemInputProperties, (), V2, ())),
        ("PATCH", Level(models.InMageAzureV2UpdateReplicationProtectedItemInput, _WITHIN, V2, ())),
        ("PATCH", Level(models.UpdateDiskInput, (*_WITHIN, "vmDisks", 0), models.InMageAzureV2ManagedDiskDetails,
                        _MANAGED)),
        ("PATCH", Level(models.VMNicInputDetails, ("vmNics", 0), models.VMNicDetails, ("vmNics", 0), _TFO)),
        ("PATCH", Level(models.IPConfigInputDetails, ("vmNics", 0, "ipConfigs", 0), models.IPConfigDetails,
                        ("vmNics", 0, "ipConfigs", 0), {"ipConfigName": "name"})),
    ),
}  # fmt: skip


@pytest.mark.parametrize(("instance", "item_class"), [("InMageRcm", ReplicatedItem), ("InMageAzureV2", ClassicItem)])
def test_whatever_the_sdk_can_give_comes_back_where_its_models_have_a_place(instance: str, item_class: Any) -> None:
    ask = Caller(answerer(Vaults(lambda: ReferenceService(item_class, Fixed())), "under test"))
    words = WORDS
    for method in ("PUT", "PATCH"):
        levels = [level for of, level in LEVELS[instance] if of == method]
        properties: dict[str, Any] = {"policyId": "p"} if method == "PUT" else {}
        expected: dict[Path, Any] = {}
        for level in levels:
            for key in wire_keys(level.given):
                shown = level.told.get(key, key)
                if shown in wire_keys(level.details) and key not in LISTS:
                    value = words.get(key, f"{method.lower()}-{key}")
                    put(properties, (*level.at, key), value)
                    expected[*level.shown, shown] = value
        put(properties, (*_WITHIN, "instanceType"), instance)
        expected["instanceType",] = instance
        if method == "PUT":
            put(properties, (*_WITHIN, "disksToInclude", 0), {"diskId": "first"})
            put(properties, (*_WITHIN, "targetResourceGroupId"), "group")
            put(properties, (*_WITHIN, "storageAccountId"), "account")
        if "testStaticIPAddress" in str(properties):
            expected["vmNics", 0, "testIPAddressType"] = "Static"
        status, told = ask(method, item(), {"properties": properties})
        assert status in (200, 202), told
        ask.control("wait", "vm-1", {"seconds": 4 * 3600})
        details = ask("GET", item())[1]["properties"]["providerSpecificDetails"]
        if method == "PUT":
            expected["targetResourceGroupId",] = details.get("targetResourceGroupId")
            words = WORDS | {"nicId": details["vmNics"][0]["nicId"]}
            assert len(details["protectedDisks"]) == 2
        assert len(expected) > 15
        assert {path: at(details, path) for path in expected} == expected


#: Keys that have objects or lists of their own, which have a level of their own.
LISTS = ("providerSpecificDetails", "vmNics", "vmDisks", "ipConfigs", "disksToInclude", "disksDefault")

#: What can't be any text, or names something that is there.
WORDS: dict[str, Any] = {
    "diskId": "second", "targetVmSize": "Standard_D8s_v3", "recoveryAzureVMSize": "Standard_A7",
    "targetVmName": "vm-9", "recoveryAzureVMName": "vm-9", "recoverySubnetName": "default",
    "targetSubnetName": "default",
    "targetStaticIPAddress": "192.0.2.77", "recoveryStaticIPAddress": "192.0.2.77", "isPrimaryNic": "true",
}  # fmt: skip


def wire_keys(model: Any) -> set[str]:
    """The keys of a model as they go over the wire."""
    model()
    return {field._rest_name for field in model._attr_to_rest_field.values()}


def test_all_that_the_recorded_enabling_gave_is_shown_as_recorded() -> None:
    assert CLI.exists()
    put = next(x for x in interactions() if x[0] == "PUT" and "replicationProtectedItems" in x[1])
    given = json.loads(recorded_request(put[1]))
    recorded = next(
        b for m, uri, b, _ in interactions() if m == "GET" and uri.partition("?")[0] == put[1].partition("?")[0]
    )
    ask = caller()
    assert ask("PUT", item(), given)[0] == 202
    ours = ask("GET", item())[1]["properties"]["providerSpecificDetails"]
    theirs = recorded["properties"]["providerSpecificDetails"]
    for key, value in given["properties"]["providerSpecificDetails"].items():
        if key in theirs and isinstance(value, str):
            assert ours[key].lower() == theirs[key].lower(), key
    disk = given["properties"]["providerSpecificDetails"]["disksDefault"]
    for of in (ours, theirs):
        assert {one["logStorageAccountId"].lower() for one in of["protectedDisks"]} == {
            disk["logStorageAccountId"].lower()
        }
        assert of["vmNics"][0]["targetSubnetName"] == "MySubnet"


def test_enabling_again_is_accepted_without_effect() -> None:
    """F17."""
    with served(
        lambda: ReferenceService(freedom=Fixed({"enable_of_an_enabled_item": "without_effect"})), speed=36000
    ) as url:
        azure = client(url)
        items = azure.replication_protected_items
        items.begin_create(*ITEM, enable()).result()
        before = until(azure, "Protected").as_dict()
        again = enable()
        again.properties.provider_specific_details.license_type = "WindowsServer"
        poller = items.begin_create(*ITEM, again)
        poller.result()
        told = poller.polling_method()._pipeline_response.http_response.json()
        assert told["id"] == before["id"]
        after = items.get(*ITEM).as_dict()
        assert after["properties"]["providerSpecificDetails"]["licenseType"] == "NotSpecified"
        assert after["properties"]["protectionState"] == before["properties"]["protectionState"]
        jobs = [job.properties for job in azure.replication_jobs.list(*VAULT)]
        assert [job.state for job in jobs] == ["Succeeded"] * 2
        assert [job.state_description for job in jobs] == ["CompletedWithInformation", "Completed"]


def test_where_something_is_kept_is_a_place_of_the_sdks_models() -> None:
    """Each key of a body, and each that shows it."""
    shared = keys_of(models.UpdateReplicationProtectedItemInputProperties)
    for instance, kept in KEPT.items():
        details = keys_of(getattr(models, f"{instance}ReplicationDetails"))
        inputs = [
            keys_of(getattr(models, f"{instance}{name}"))
            for name in ("EnableProtectionInput", "UpdateReplicationProtectedItemInput")
        ]
        for path, shown in kept.single.items():
            assert str(shown[0]).lower() in details, shown
            assert str(path[-1]).lower() in set().union(shared, *inputs), path
        for rows in kept.rows:
            assert {str(rows.told[-1]).lower()} <= set().union(shared, *inputs)
            assert rows.shown.lower() in details


def keys_of(model: Any) -> set[str]:
    """The keys of a model, in lower case and without underscores: attributes are not spelled as keys are."""
    return {name.replace("_", "").lower() for base in model.__mro__ for name in getattr(base, "__annotations__", ())}


def recorded_request(uri: str) -> str:
    """The body of the recorded request of a URL."""
    import yaml

    entries = yaml.load(CLI.read_bytes(), Loader=yaml.CSafeLoader)["interactions"]
    return str(
        next(e["request"]["body"] for e in entries if e["request"]["uri"] == uri and e["request"]["method"] == "PUT")
    )


@pytest.mark.parametrize("given", [[], 5, "x", [1], [{}], [[]], {"a": 1}, [{"nicId": {}}], [{"diskId": None}], None])
def test_nothing_that_is_given_breaks_what_is_shown(given: object) -> None:
    ask = Caller(caller()._answer)
    ask.protect()
    for key in ("vmNics", "vmDisks", "disksToInclude", "disksDefault", "targetVmTags", "testSubnetName", "licenseType"):
        body = {"properties": {"providerSpecificDetails": {"instanceType": "InMageRcm", key: given}}}
        assert ask("PATCH", item(), body)[0] in (200, 202, 400)
        assert ask("GET", item())[0] == 200
    assert ask("GET", f"{vault()}/replicationProtectedItems")[0] == 200
    assert at({}, ("x",)) is None
