"""The official SDK changes the settings of the future machine by `begin_update`, and sees them in the details."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from azure.core.exceptions import HttpResponseError
from azure.mgmt.recoveryservicessiterecovery import SiteRecoveryManagementClient, models

from arm.serving import served
from arm.test_sdk_cycle import ITEM, client, enable, until
from asr_properties.reference import Fixed, ReferenceService
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


def test_an_implementation_without_settings_takes_no_update() -> None:
    with served(lambda: OfToday(freedom=Fixed({})), speed=36000) as url:
        azure = client(url)
        azure.replication_protected_items.begin_create(*ITEM, enable()).result()
        until(azure, "Protected")
        with pytest.raises(HttpResponseError, match="no settings"):
            azure.replication_protected_items.begin_update(*ITEM, update(target_vm_name="web-2")).result()
