"""The official SDK, unchanged, takes an item through the whole cycle against `serve`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from azure.core.exceptions import HttpResponseError, ResourceNotFoundError
from azure.core.pipeline.policies import SansIOHTTPPolicy
from azure.mgmt.recoveryservicessiterecovery import SiteRecoveryManagementClient, models

from arm.serving import served
from asr_properties.reference import ClassicItem, Fixed, ReferenceService

ITEM = ("rg-1", "vault-1", "fabric-1", "container-1", "vm-1")
VAULT = ITEM[:2]


class NoCredential:
    """The SDK wants one; the authentication policy below never asks it."""

    def get_token(self, *scopes: str, **kwargs: Any) -> Any:
        raise AssertionError("no token is needed on loopback")


def client(url: str) -> SiteRecoveryManagementClient:
    return SiteRecoveryManagementClient(
        NoCredential(), "sub-1", base_url=url, authentication_policy=SansIOHTTPPolicy(), polling_interval=0
    )


@pytest.fixture(scope="module")
def azure() -> Iterator[SiteRecoveryManagementClient]:
    """A server whose time runs: an hour takes a tenth of a second."""
    with served(lambda: ReferenceService(freedom=Fixed({"cancel_job": "accepted"})), speed=36000) as url:
        yield client(url)


def enable() -> models.EnableProtectionInput:
    details = models.InMageRcmEnableProtectionInput(
        fabric_discovery_machine_id="/machines/1", target_resource_group_id="/groups/rg-1", process_server_id="ps-1"
    )
    properties = models.EnableProtectionInputProperties(policy_id="policy-1", provider_specific_details=details)
    return models.EnableProtectionInput(properties=properties)


def until(
    azure: SiteRecoveryManagementClient, state: str, item: tuple[str, ...] = ITEM
) -> models.ReplicationProtectedItem:
    """The item once it shows this state."""
    for _ in range(2000):
        found = azure.replication_protected_items.get(*item)
        if found.properties.protection_state == state:
            return found
    raise AssertionError(f"{state} was not reached: {found.properties.protection_state}")


def test_the_whole_cycle(azure: SiteRecoveryManagementClient) -> None:
    items = azure.replication_protected_items
    with pytest.raises(ResourceNotFoundError):
        items.get(*ITEM)
    made = items.begin_create(*ITEM, enable()).result()
    assert made.name == "vm-1"
    protected = until(azure, "Protected")
    assert isinstance(protected.properties.provider_specific_details, models.InMageRcmReplicationDetails)
    assert protected.properties.active_location == "Primary"

    drill = models.TestFailoverInput(
        properties=models.TestFailoverInputProperties(
            failover_direction="PrimaryToRecovery",
            provider_specific_details=models.InMageRcmTestFailoverInput(network_id="/networks/1"),
        )
    )
    tested = items.begin_test_failover(*ITEM, drill).result()
    assert tested.properties.test_failover_state == "WaitingForCompletion"
    assert tested.properties.allowed_operations == ["TestFailoverCleanup"]
    cleanup = models.TestFailoverCleanupInput(properties=models.TestFailoverCleanupInputProperties(comments="done"))
    assert items.begin_test_failover_cleanup(*ITEM, cleanup).result().properties.test_failover_state == "None"

    failover = models.UnplannedFailoverInput(
        properties=models.UnplannedFailoverInputProperties(
            failover_direction="PrimaryToRecovery",
            source_site_operations="NotRequired",
            provider_specific_details=models.InMageRcmUnplannedFailoverInput(perform_shutdown="true"),
        )
    )
    over = items.begin_unplanned_failover(*ITEM, failover).result()
    assert over.properties.protection_state == "UnplannedFailoverCommitPendingStatesBegin"
    assert over.properties.active_location == "Recovery"

    points = list(azure.recovery_points.list_by_replication_protected_items(*ITEM))
    assert azure.recovery_points.get(*ITEM, points[-1].name).id == points[-1].id
    change = models.ApplyRecoveryPointInput(
        properties=models.ApplyRecoveryPointInputProperties(
            recovery_point_id=points[-1].id,
            provider_specific_details=models.InMageRcmApplyRecoveryPointInput(recovery_point_id=points[-1].id),
        )
    )
    changed = items.begin_apply_recovery_point(*ITEM, change).result()
    assert changed.properties.failover_recovery_point_id == points[-1].id

    committed = items.begin_failover_commit(*ITEM).result()
    assert committed.properties.protection_state == "UnplannedFailoverCommitted"

    back = models.ReverseReplicationInput(
        properties=models.ReverseReplicationInputProperties(
            failover_direction="RecoveryToPrimary",
            provider_specific_details=models.InMageRcmReprotectInput(
                reprotect_agent_id="ps-1", datastore_name="ds-1", log_storage_account_id="/accounts/1"
            ),
        )
    )
    items.begin_reprotect(*ITEM, back).result()
    reverse = until(azure, "Protected")
    assert isinstance(reverse.properties.provider_specific_details, models.InMageRcmFailbackReplicationDetails)
    assert reverse.properties.active_location == "Primary"

    planned = models.PlannedFailoverInput(
        properties=models.PlannedFailoverInputProperties(
            provider_specific_details=models.InMageRcmFailbackPlannedFailoverProviderInput(
                recovery_point_type="CrashConsistent"
            )
        )
    )
    assert items.begin_planned_failover(*ITEM, planned).result().properties.active_location == "Recovery"
    assert items.begin_failover_cancel(*ITEM).result().properties.protection_state == "Protected"
    failed_back = items.begin_planned_failover(*ITEM, planned).result()
    assert failed_back.properties.protection_state == "CommitPendingStatesBegin"
    assert failed_back.properties.provider_specific_details.last_planned_failover_status == "Succeeded"

    forth = models.ReverseReplicationInput(
        properties=models.ReverseReplicationInputProperties(
            provider_specific_details=models.InMageRcmFailbackReprotectInput(process_server_id="ps-1", policy_id="p-1")
        )
    )
    items.begin_reprotect(*ITEM, forth).result()
    until(azure, "Protected")

    jobs = list(azure.replication_jobs.list(*VAULT))
    scenarios = {job.properties.scenario_name for job in jobs}
    assert {"EnableDr", "UnplannedFailover", "CommitFailover", "PlannedFailover", "CancelFailover"} <= scenarios
    assert {job.properties.state for job in jobs} == {"Succeeded"}
    assert azure.replication_jobs.get(*VAULT, jobs[0].name).id == jobs[0].id

    listed = azure.replication_jobs.list(
        *VAULT, filter="JobStatus eq 'Succeeded' and StartTime eq '2026-01-01T00:00:00Z'"
    )
    assert [job.name for job in listed] == [job.name for job in jobs]
    assert list(azure.replication_jobs.list(*VAULT, filter="JobStatus eq 'Failed'")) == []
    for job in jobs:
        assert job.properties.start_time < job.properties.end_time
        assert all(job.properties.start_time <= task.start_time < task.end_time for task in job.properties.tasks)

    remove = models.DisableProtectionInput(properties=models.DisableProtectionInputProperties())
    items.begin_delete(*ITEM, remove).result()
    with pytest.raises(ResourceNotFoundError):
        items.get(*ITEM)
    with pytest.raises(ResourceNotFoundError):  # F8: a purge after a remove is not idempotent
        items.begin_purge(*ITEM).result()


def test_a_classic_item_is_read_by_its_own_model() -> None:
    with served(lambda: ReferenceService(item_class=ClassicItem, freedom=Fixed()), speed=36000) as url:
        azure = client(url)
        properties = models.EnableProtectionInputProperties(
            policy_id="policy-1", provider_specific_details=models.InMageAzureV2EnableProtectionInput()
        )
        azure.replication_protected_items.begin_create(
            *ITEM, models.EnableProtectionInput(properties=properties)
        ).result()
        details = azure.replication_protected_items.get(*ITEM).properties.provider_specific_details
        assert isinstance(details, models.InMageAzureV2ReplicationDetails)
        assert details.last_heartbeat is not None
        assert details.protected_disks[0].disk_capacity_in_bytes
        assert details.vm_nics[0].nic_id


def test_a_list_that_is_asked_for_with_an_unknown_option_is_refused(azure: SiteRecoveryManagementClient) -> None:
    with pytest.raises(HttpResponseError, match="filter"):
        list(azure.replication_protected_items.list(*VAULT, filter="Name eq 'vm-1'"))


def test_a_refusal_is_an_error_of_arm(azure: SiteRecoveryManagementClient) -> None:
    item = (*ITEM[:4], "vm-2")
    azure.replication_protected_items.begin_create(*item, enable()).result()
    with pytest.raises(HttpResponseError) as refusal:
        azure.replication_protected_items.begin_failover_commit(*item).result()
    assert refusal.value.status_code == 400
    assert refusal.value.error is not None
    assert refusal.value.error.code == "BadRequest"


def test_a_job_is_cancelled_and_the_poller_of_its_operation_ends() -> None:
    """A19: the job reads `Cancelled`, the operation `Canceled`, for which the SDK's poller ends."""
    item = (*ITEM[:4], "vm-3")
    with served(lambda: ReferenceService(freedom=Fixed({"cancel_job": "accepted"})), speed=3600) as url:
        azure = client(url)
        poller = azure.replication_protected_items.begin_create(*item, enable())
        (job,) = azure.replication_jobs.list(*VAULT)
        assert job.properties.allowed_actions == ["Cancel"]
        cancelled = azure.replication_jobs.begin_cancel(*VAULT, job.name).result()
        assert cancelled.properties.state == "Cancelled"
        with pytest.raises(HttpResponseError):
            poller.result()


def test_a_client_as_it_comes_waits_as_the_server_tells_it() -> None:
    """No polling interval of its own: `Retry-After` is what it waits, not its 30 seconds."""
    with served(lambda: ReferenceService(freedom=Fixed()), speed=36000, retry_after=1) as url:
        azure = SiteRecoveryManagementClient(
            NoCredential(), "sub-1", base_url=url, authentication_policy=SansIOHTTPPolicy()
        )
        poller = azure.replication_protected_items.begin_create(*ITEM, enable())
        assert poller.result(timeout=25).name == "vm-1"
