"""The official SDK changes the settings of the future machine by `begin_update`, and sees them in the details."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from azure.core.exceptions import HttpResponseError
from azure.mgmt.recoveryservicessiterecovery import SiteRecoveryManagementClient, models

from arm.serving import served
from arm.test_sdk_cycle import ITEM, client, enable, until
from asr_properties.reference import ClassicItem, Fixed, ReferenceService
from asr_properties.server.application import answerer
from asr_properties.server.replies import Request
from asr_properties.server.slots import Vaults
from today import OfToday

WAYS = ("at_once", "job_begins", "job_ends")


def update(**settings: str) -> models.UpdateReplicationProtectedItemInput:
    nic = {key: settings.pop(key) for key in ("target_subnet_name", "target_static_ip_address") if key in settings}
    nics = [models.InMageRcmNicInput(nic_id="nic-1", is_primary_nic="true", **nic)] if nic else None
    details = models.InMageRcmUpdateReplicationProtectedItemInput(vm_nics=nics, **settings)
    properties = models.UpdateReplicationProtectedItemInputProperties(provider_specific_details=details)
    return models.UpdateReplicationProtectedItemInput(properties=properties)


@pytest.fixture(params=WAYS)
def azure(request: pytest.FixtureRequest) -> Iterator[SiteRecoveryManagementClient]:
    """An item that is protected, of a reference that takes changes in one way or another."""
    freedom = Fixed({"update_of_settings": request.param})
    with served(lambda: ReferenceService(freedom=freedom), speed=36000) as url:
        azure = client(url)
        azure.replication_protected_items.begin_create(*ITEM, enable()).result()
        until(azure, "Protected")
        yield azure


def test_what_is_changed_is_shown_by_the_names_of_the_sdk(azure: SiteRecoveryManagementClient) -> None:
    items = azure.replication_protected_items
    before = items.get(*ITEM).properties.provider_specific_details
    changed = update(
        target_vm_name="web-2", target_vm_size="Standard_D4s_v3", target_resource_group_id="/groups/rg-2",
        target_network_id="/networks/n-2", target_subnet_name="subnet-2", target_static_ip_address="10.0.0.40",
    )  # fmt: skip
    items.begin_update(*ITEM, changed).result()
    found = items.get(*ITEM).properties
    shown = found.provider_specific_details
    assert (shown.target_vm_name, shown.target_vm_size) == ("web-2", "Standard_D4s_v3")
    assert (shown.target_resource_group_id, shown.target_network_id) == ("/groups/rg-2", "/networks/n-2")
    (nic,) = shown.vm_nics
    assert (nic.target_subnet_name, nic.target_ip_address, nic.target_ip_address_type) == (
        "subnet-2", "10.0.0.40", "Static"
    )  # fmt: skip
    assert found.protection_state == "Protected"
    assert before.target_vm_name != "web-2"
    assert len(shown.protected_disks) == len(before.protected_disks)


def test_what_azure_does_not_allow_is_refused_and_changes_nothing(azure: SiteRecoveryManagementClient) -> None:
    items = azure.replication_protected_items
    before = items.get(*ITEM).properties.provider_specific_details.target_vm_name
    with pytest.raises(HttpResponseError):
        items.begin_update(*ITEM, update(target_vm_name="no*such?name")).result()
    assert items.get(*ITEM).properties.provider_specific_details.target_vm_name in (before, "vm")


@pytest.fixture
def classic() -> Iterator[SiteRecoveryManagementClient]:
    """A Classic item that is protected."""
    with served(lambda: ReferenceService(ClassicItem, Fixed()), speed=36000) as url:
        azure = client(url)
        details = models.InMageAzureV2EnableProtectionInput(storage_account_id="/accounts/1")
        properties = models.EnableProtectionInputProperties(policy_id="p", provider_specific_details=details)
        items = azure.replication_protected_items
        items.begin_create(*ITEM, models.EnableProtectionInput(properties=properties)).result()
        until(azure, "Protected")
        yield azure


def test_a_classic_item_has_its_own_names_for_them(classic: SiteRecoveryManagementClient) -> None:
    address = models.IPConfigInputDetails(recovery_subnet_name="subnet-2", recovery_static_ip_address="10.0.0.40")
    properties = models.UpdateReplicationProtectedItemInputProperties(
        recovery_azure_vm_name="web-2", recovery_azure_vm_size="Standard_A4",
        selected_recovery_azure_network_id="/networks/n-2",
        vm_nics=[models.VMNicInputDetails(nic_id="nic-1", ip_configs=[address])],
        provider_specific_details=models.InMageAzureV2UpdateReplicationProtectedItemInput(
            recovery_azure_v2_resource_group_id="/groups/rg-2"
        ),
    )  # fmt: skip
    items = classic.replication_protected_items
    items.begin_update(*ITEM, models.UpdateReplicationProtectedItemInput(properties=properties)).result()
    shown = items.get(*ITEM).properties.provider_specific_details
    assert (shown.recovery_azure_vm_name, shown.recovery_azure_vm_size) == ("web-2", "Standard_A4")
    assert shown.selected_recovery_azure_network_id == "/networks/n-2"
    assert shown.recovery_azure_resource_group_id == "/groups/rg-2"
    (nic,) = shown.vm_nics
    (configured,) = nic.ip_configs
    assert (configured.recovery_subnet_name, configured.recovery_static_ip_address) == ("subnet-2", "10.0.0.40")
    assert configured.recovery_ip_address_type == "Static"
    assert [disk.disk_name for disk in shown.protected_disks] == ["Disk0", "Disk1"]


def test_an_update_of_another_provider_is_refused(classic: SiteRecoveryManagementClient) -> None:
    with pytest.raises(HttpResponseError, match="InMageAzureV2"):
        classic.replication_protected_items.begin_update(*ITEM, update(target_vm_name="web-2")).result()


def test_what_enabling_named_is_shown_until_it_is_changed() -> None:
    with served(lambda: ReferenceService(freedom=Fixed({})), speed=36000) as url:
        azure, named = client(url), enable()
        named.properties.provider_specific_details.target_vm_name = "web-1"
        items = azure.replication_protected_items
        items.begin_create(*ITEM, named).result()
        until(azure, "Protected")
        for name in ("web-2", "web-1", "vm"):  # the last is the name that the implementation gave it
            assert items.get(*ITEM).properties.provider_specific_details.target_vm_name != name or name == "web-1"
            items.begin_update(*ITEM, update(target_vm_name=name)).result()
            assert items.get(*ITEM).properties.provider_specific_details.target_vm_name == name


def test_each_disk_of_the_machine_is_shown_and_iscsi_is_the_guests_own() -> None:
    answer = answerer(Vaults(lambda: ReferenceService(freedom=Fixed({}))), "under test")
    item = (
        "/subscriptions/s/resourceGroups/g/providers/Microsoft.RecoveryServices/vaults/v/replicationFabrics/f"
        "/replicationProtectionContainers/c/replicationProtectedItems/i"
    )

    def ask(method: str, path: str, body: object = None) -> Any:
        query = {} if path.startswith("/control") else {"api-version": "2025-08-01"}
        reply = answer(Request(method, "http://h", path, query, json.dumps(body).encode() if body else b""))
        assert reply.status < 300, reply
        return reply.body

    ask("POST", f"/control{item}/new_item", {"configuration": {"data_disks": 2, "iscsi_disks": 1}})
    ask("PUT", item, enable().as_dict())
    ask("POST", f"/control{item}/wait", {"seconds": 6 * 3600})
    disks = ask("GET", item)["properties"]["providerSpecificDetails"]["protectedDisks"]
    assert [disk["isOSDisk"] for disk in disks] == ["true", "false", "false"]
    assert len({disk["diskId"] for disk in disks}) == len({disk["seedManagedDiskId"] for disk in disks}) == 3


def test_an_implementation_without_settings_takes_no_update() -> None:
    with served(lambda: OfToday(freedom=Fixed({})), speed=36000) as url:
        azure = client(url)
        azure.replication_protected_items.begin_create(*ITEM, enable()).result()
        until(azure, "Protected")
        with pytest.raises(HttpResponseError, match="no settings"):
            azure.replication_protected_items.begin_update(*ITEM, update(target_vm_name="web-2")).result()
