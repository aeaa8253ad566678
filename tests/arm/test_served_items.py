"""What an item and its jobs show of what they were asked for with, and of what they await."""

from __future__ import annotations

from typing import Any

import pytest

from arm.test_served_inputs import BACK, HOUR, body, do, in_reverse
from arm.test_server import ENABLE, FAILOVER, Caller, caller, item, vault

FABRIC = f"{vault()}/replicationFabrics/f".replace("/subscriptions/", "/Subscriptions/")
CONTAINER = f"{FABRIC}/replicationProtectionContainers/c"


@pytest.fixture
def ask() -> Caller:
    asking = caller(cancel_job="accepted")
    asking.protect()
    return asking


def shown(ask: Caller) -> dict[str, Any]:
    properties: dict[str, Any] = ask("GET", item())[1]["properties"]
    return properties


def job(ask: Caller, scenario: str) -> dict[str, Any]:
    bodies = ask("GET", f"{vault()}/replicationJobs")[1]["value"]
    return next(one for one in bodies if one["properties"]["scenarioName"] == scenario)


def scenario(ask: Caller) -> tuple[str, str]:
    """Name of the current scenario, and the state of its job."""
    current = shown(ask)["currentScenario"]
    status, found = ask("GET", current["jobId"])
    if current["scenarioName"] == "None":
        assert current["startTime"] == "1753-01-01T01:01:01Z"
        return "None", "None"
    assert (status, found["properties"]["startTime"]) == (200, current["startTime"])
    return current["scenarioName"], found["properties"]["state"]


# -- the scenario ------------------------------------------------------------------------------------------------------


def test_the_scenario_of_a_drill_is_named_until_it_is_cleaned_up(ask: Caller) -> None:
    """F10."""
    assert scenario(ask) == ("None", "None")
    assert ask("POST", f"{item()}/testFailover", body("InMageRcm"))[0] == 202
    assert scenario(ask) == ("TestFailover", "InProgress")
    ask.control("wait", "vm-1", {"seconds": HOUR})
    assert shown(ask)["testFailoverState"] == "WaitingForCompletion"
    assert scenario(ask) == ("TestFailover", "Succeeded")
    assert ask("POST", f"{item()}/testFailoverCleanup", {"properties": {}})[0] == 202
    assert scenario(ask) == ("TestFailoverCleanup", "InProgress")
    ask.control("wait", "vm-1", {"seconds": HOUR})
    assert scenario(ask) == ("None", "None")


def test_a_second_drill_that_is_refused_is_not_the_one_that_awaits_cleanup() -> None:
    ask = caller(refusal="by_job")
    ask.protect()
    do(ask, "testFailover", body("InMageRcm"))
    before = shown(ask)["currentScenario"]
    do(ask, "testFailover", body("InMageRcm"))  # a job that only refuses
    assert shown(ask)["currentScenario"] == before
    assert scenario(ask) == ("TestFailover", "Succeeded")


def test_the_scenario_of_a_failed_enabling_goes_on_being_named() -> None:
    """F9."""
    ask = caller(enable_under_fault="enabling_failed")
    ask.control("new_item", "vm-1", {"configuration": {}})
    ask.control("inject", "vm-1", {"fault": "appliance_unhealthy"})
    ask("PUT", item(), {"properties": ENABLE})
    assert scenario(ask) == ("EnableDr", "InProgress")
    ask.control("wait", "vm-1", {"seconds": 4 * HOUR})
    assert shown(ask)["protectionState"] == "EnablingFailed"
    assert scenario(ask) == ("EnableProtection", "Failed")
    assert shown(ask)["currentScenario"]["jobId"] == job(ask, "EnableDr")["id"]


# -- the item ----------------------------------------------------------------------------------------------------------


def test_a_failback_shows_what_the_reprotect_was_asked_for_with(ask: Caller) -> None:
    do(ask, "unplannedFailover", FAILOVER)
    back = {"reprotectAgentId": "agent", "datastoreName": "Datastore 3", "logStorageAccountId": "/accounts/log"}
    do(ask, "reProtect", body("InMageRcm", "RecoveryToPrimary", **back))
    properties = shown(ask)
    details = properties["providerSpecificDetails"]
    assert details["reprotectAgentId"] == "agent"
    assert details["targetDataStoreName"] == "Datastore 3"
    assert details["logStorageAccountId"] == "/accounts/log"
    assert details["lastUsedPolicyFriendlyName"] == "p"
    assert properties["policyFriendlyName"] == "crashconsistency-policy-failback"


def test_a_reprotect_that_was_only_refused_changes_nothing_of_that() -> None:
    ask = caller(refusal="by_job")
    ask.protect()
    in_reverse(ask)
    before = shown(ask)["providerSpecificDetails"]["targetDataStoreName"]
    again = {"processServerId": "other", "policyId": "other"}
    ask.control("inject", "vm-1", {"fault": "appliance_unhealthy"})
    ask("POST", f"{item()}/reProtect", body("InMageRcmFailback", **again))
    details = shown(ask)["providerSpecificDetails"]
    assert (details["targetDataStoreName"], details["lastUsedPolicyFriendlyName"]) == (before, "p")


def test_the_next_protection_shows_what_that_reprotect_was_asked_for_with(ask: Caller) -> None:
    in_reverse(ask)
    do(ask, "plannedFailover", body("InMageRcmFailback", recoveryPointType="CrashConsistent"))
    forth = {"processServerId": "second", "policyId": "/policies/second", "runAsAccountId": "account"}
    do(ask, "reProtect", body("InMageRcmFailback", **forth))
    properties = shown(ask)
    details = properties["providerSpecificDetails"]
    assert (details["instanceType"], details["processServerId"], details["runAsAccountId"]) == (
        "InMageRcm", "second", "account",
    )  # fmt: skip
    assert properties["policyId"] == "/policies/second"
    assert details["fabricDiscoveryMachineId"] == "m"


def test_what_changes_when_the_provider_does(ask: Caller) -> None:
    before = shown(ask)
    in_reverse(ask)
    after = shown(ask)
    assert (before["recoveryFabricId"], after["recoveryFabricId"]) == ("Microsoft Azure", FABRIC)
    assert before["recoveryContainerId"] != after["recoveryContainerId"] == CONTAINER
    assert "/replicationFabrics/" in before["recoveryContainerId"]
    assert before["eventCorrelationId"] != after["eventCorrelationId"]
    assert (
        before["providerSpecificDetails"]["internalIdentifier"]
        != (after["providerSpecificDetails"]["internalIdentifier"])
    )


# -- its jobs ----------------------------------------------------------------------------------------------------------


def test_a_drill_tells_its_status_and_network(ask: Caller) -> None:
    """Facts 2.2."""
    content = body("InMageRcm", "PrimaryToRecovery", networkId="/networks/1")
    content["properties"] |= {"networkType": "VmNetworkAsInput", "networkId": "/networks/1"}
    do(ask, "testFailover", content)
    details = job(ask, "TestFailover")["properties"]["customDetails"]
    assert details["instanceType"] == "TestFailoverJobDetails"
    assert (details["testFailoverStatus"], details["networkType"]) == ("Active", "VmNetworkAsInput")
    do(ask, "testFailoverCleanup", {"properties": {}})
    assert job(ask, "TestFailover")["properties"]["customDetails"]["testFailoverStatus"] is None


def test_tasks_read_as_the_facts_quote_them(ask: Caller) -> None:
    """Facts 2.2, 2.3, 2.7, 2.8: the same task reads differently in different jobs."""
    do(ask, "testFailover", body("InMageRcm"))
    do(ask, "testFailoverCleanup", {"properties": {}})
    in_reverse(ask)
    do(ask, "plannedFailover", body("InMageRcmFailback", recoveryPointType="CrashConsistent"))
    do(ask, "failoverCancel")
    read = {
        (scenario, task["taskId"]): task["friendlyName"]
        for scenario in (
            "TestFailover",
            "TestFailoverCleanup",
            "UnplannedFailover",
            "PlannedFailover",
            "CancelFailover",
        )
        for task in job(ask, scenario)["properties"]["tasks"]
    }
    assert read["TestFailover", "CreateTestVirtualMachine"] == "Creating test virtual machine"
    assert read["TestFailoverCleanup", "EndTestFailover"] == "Ending test failover"
    assert read["UnplannedFailover", "VmFailover"] == "Start failover"
    assert read["UnplannedFailover", "VmFoStartVmOnSecondary"] == "Starting Azure virtual machine"
    assert read["PlannedFailover", "VmFailover"] == "Shut down the Azure virtual machine"
    assert read["PlannedFailover", "VmFoStartVmOnSecondary"] == "Starting on-premise virtual machine"
    assert read["CancelFailover", "CancelFailoverRecovery"] == "Cancel failover recovery"


def test_a_refusing_job_blames_its_task() -> None:
    ask = caller(refusal="by_job")
    ask.protect()
    do(ask, "reProtect", body("InMageRcm", **BACK))
    properties = job(ask, "SwitchReplicationGroupProtection")["properties"]
    assert {error["taskId"] for error in properties["errors"]} == {properties["tasks"][0]["taskId"]}


def test_after_a_fresh_machine_nothing_of_the_old_one_is_left(ask: Caller) -> None:
    name = job(ask, "EnableDr")["name"]
    point = ask("GET", f"{item()}/recoveryPoints")[1]["value"][0]["id"]
    ask.control("new_item", "vm-1", {"configuration": {}})
    assert ask("GET", f"{vault()}/replicationJobs/{name}")[0] == 404
    assert ask("GET", f"{vault()}/replicationOperationStatus/{name}")[0] == 404
    ask.protect()
    failover = body("InMageRcm", performShutdown="true", recoveryPointId=point)
    assert ask("POST", f"{item()}/unplannedFailover", failover)[0] == 400
