"""The words of the ARM API: each token has one name here, and what has none is left out, never guessed."""

from __future__ import annotations

from typing import Any

import pytest

from asr_model import profiles
from asr_model.vocabulary import Operation
from asr_properties.arm import tokens as arm
from asr_properties.arm.addresses import is_nameable
from asr_properties.contract.messages import Item
from traces.cassettes import FAILED_BACK, FAILED_OVER, PROTECTED, REVERSE_PROTECTED, item_body


def seen(*shape: Any, **properties: Any) -> Item:
    return arm.observation_of(item_body(shape, **properties)).observation  # type: ignore[arg-type]


def test_every_operation_has_its_token_and_its_action() -> None:
    assert set(arm.TOKEN_OF) == set(Operation) - {Operation.ENABLE_REPLICATION, Operation.CANCEL_JOB}
    assert set(arm.ACTION_OF) == set(Operation) - {Operation.CANCEL_JOB}
    assert len(arm.OPERATION_OF_TOKEN) == len(arm.TOKEN_OF)
    for operation, (method, action) in arm.ACTION_OF.items():
        assert arm.operation_of(method, action) is operation
        assert arm.operation_of(method.lower(), action.upper()) is operation


def test_delete_disables_too() -> None:
    assert arm.operation_of("DELETE", "") is Operation.DISABLE_REPLICATION


@pytest.mark.parametrize(("method", "action"), [("GET", ""), ("PATCH", ""), ("POST", ""), ("POST", "addDisks")])
def test_other_requests_are_no_operations(method: str, action: str) -> None:
    assert arm.operation_of(method, action) is None


def test_phases_come_from_the_lifecycle() -> None:
    phases = {name: facts for name, facts in profiles.efsm().phases.items() if facts.token}
    assert {arm.phase_of(str(f.token), f.instance) for f in phases.values()} == set(phases)
    assert arm.phase_of("Protected", "InMageRcm") == "protected"
    assert arm.phase_of("Protected", "InMageRcmFailback") == "reverse_protected"
    assert arm.phase_of("Protected", "A2A") is None
    assert arm.phase_of("protected", "InMageRcm") is None


CLASSIC = [
    # facts F4, F5, F12; the last two are of the recording V2ATestReprotect of Azure PowerShell
    (("Protected", "InMageAzureV2", "Primary"), "protected", "on_premises"),
    (("UnplannedFailoverCompletionFailed", "InMageAzureV2", "Primary"), "failover_failed", "on_premises"),
    (("Protected", "InMage", "Primary"), "reverse_protected", "azure"),
    (("UnplannedFailoverStatesBegin", "InMageAzureV2", "Recovery"), "failover_committed", "azure"),
    (("InitialReplicationInProgress", "InMage", "Primary"), "reverse_initial_replication", "azure"),
]


@pytest.mark.parametrize(("shape", "phase", "site"), CLASSIC)
def test_what_was_observed_of_classic_items_is_read(shape: tuple[str, str, str], phase: str, site: str) -> None:
    assert arm.profile_of(shape[1]) == "classic"
    observation = arm.observation_of(item_body((*shape, ["DisableProtection"])), "classic").observation
    assert (observation.phase, observation.active_site) == (phase, site)


@pytest.mark.parametrize(
    ("shape", "phase", "site"),
    [
        (PROTECTED, "protected", "on_premises"),
        (FAILED_OVER, "failed_over", "azure"),
        (REVERSE_PROTECTED, "reverse_protected", "azure"),
        (FAILED_BACK, "failed_back", "on_premises"),
    ],
)
def test_roles_flip_with_the_provider(shape: tuple[str, str, str, list[str]], phase: str, site: str) -> None:
    """Facts 1.0: Primary is on-premises for InMageRcm and Azure for InMageRcmFailback."""
    observation = seen(*shape)
    assert (observation.phase, observation.active_site) == (phase, site)
    assert observation.profile_instance == shape[1]
    assert "CompleteMigration" not in str(observation.allowed_operations)


def test_the_item_in_the_contracts_words() -> None:
    assert seen(*FAILED_OVER, failoverRecoveryPointId="/x/recoveryPoints/ABC").model_dump(exclude_unset=True) == {
        "id": "vm-1",
        "profile_instance": "InMageRcm",
        "phase": "failed_over",
        "active_site": "azure",
        "allowed_operations": ["commit", "disable_replication", "change_recovery_point", "reprotect"],
        "drill": "no_drill",
        "health": "normal",
        "health_issues": [],
        "failover_recovery_point": "abc",
        "current_job": None,
    }


@pytest.mark.parametrize(
    ("token", "drill"),
    [
        ("None", "no_drill"),
        ("MarkedForDeletion", "no_drill"),
        ("WaitingForCompletion", "drill_awaiting_cleanup"),
        ("Something", None),
    ],
)
def test_drills(token: str, drill: str | None) -> None:
    assert seen(*PROTECTED, testFailoverState=token).drill == drill


def scenario(name: str, job: str) -> dict[str, str]:
    return {"scenarioName": name, "jobId": f"/vaults/V/replicationJobs/{job}"}


def test_the_job_that_runs() -> None:
    assert seen(*PROTECTED, currentScenario=scenario("UnplannedFailover", "J1")).current_job == "j1"


@pytest.mark.parametrize(
    ("shape", "properties"),
    [
        (PROTECTED, {"currentScenario": scenario("UpdateMobilityService", "J1")}),
        (PROTECTED, {"testFailoverState": "WaitingForCompletion", "currentScenario": scenario("TestFailover", "J1")}),
        (
            ("EnablingFailed", "InMageRcm", "Primary", ["DisableProtection"]),
            {"currentScenario": scenario("EnableDr", "J1")},
        ),
    ],
    ids=["not of the lifecycle", "drill awaiting cleanup", "enabling failed"],
)
def test_a_scenario_that_tells_nothing(shape: Any, properties: dict[str, Any]) -> None:
    """F9, F10: the item goes on naming a job that has ended."""
    assert "current_job" not in seen(*shape, **properties).model_fields_set


def test_what_has_no_name_is_told_as_a_remark() -> None:
    body = item_body(("New", "InMageRcm", "Primary", ["Commit", "Fly"]), testFailoverState="Odd")
    observation, remarks = arm.observation_of(body)
    assert (observation.phase, observation.drill, observation.allowed_operations) == (None, None, ["commit"])
    assert [word for word in ("'New'", "'Fly'", "'Odd'") if any(word in remark for remark in remarks)] == [
        "'New'", "'Fly'", "'Odd'",
    ]  # fmt: skip


@pytest.mark.parametrize("body", [None, [], "text", {}, {"properties": []}, {"properties": {"currentScenario": 1}}])
def test_a_body_without_anything_tells_nothing(body: object) -> None:
    assert arm.observation_of(body).observation.model_fields_set == set()


@pytest.mark.parametrize(
    ("operation", "details", "arguments"),
    [
        ("fail_over", {"performShutdown": "true"}, {"recovery_point": "latest", "shut_down_source": True}),
        ("fail_over", {"performShutdown": "False"}, {"recovery_point": "latest", "shut_down_source": False}),
        ("fail_over", {"recoveryPointId": None}, {"recovery_point": "latest"}),
        ("fail_over", {"instanceType": "InMage", "recoveryPointType": "LatestTime"}, {"recovery_point": "latest"}),
        (
            "fail_over",
            {"instanceType": "InMage", "recoveryPointType": "LatestTag"},
            {"recovery_point": "latest_app_consistent"},
        ),
        ("fail_over", {"recoveryPointId": "/a/recoveryPoints/P-1"}, {"recovery_point": "p-1"}),
        ("test_failover", {}, {"recovery_point": "latest"}),
        ("change_recovery_point", {"recoveryPointId": "/a/P-1"}, {"recovery_point": "p-1"}),
        ("change_recovery_point", {}, {}),
        ("planned_failover", {"recoveryPointType": "CrashConsistent"}, {"recovery_point_type": "crash_consistent"}),
        ("planned_failover", {"recoveryPointType": "ApplicationConsistent"}, {"recovery_point_type": "app_consistent"}),
        ("planned_failover", {"recoveryPointType": "New"}, {}),
        ("commit", {"anything": 1}, {}),
    ],
)
def test_arguments(operation: str, details: dict[str, Any], arguments: dict[str, Any]) -> None:
    body = {"properties": {"providerSpecificDetails": details}}
    assert dict(arm.arguments_of(Operation(operation), body)) == arguments


@pytest.mark.parametrize(("token", "shut_down"), [("Required", True), ("NotRequired", False)])
def test_classic_asks_for_the_shutdown_beside_its_provider(token: str, shut_down: bool) -> None:
    """F4: a failover without shutdown; its provider's input has no switch of its own."""
    details = {"instanceType": "InMageAzureV2"}
    body = {"properties": {"sourceSiteOperations": token, "providerSpecificDetails": details}}
    assert dict(arm.arguments_of(Operation.FAIL_OVER, body)) == {
        "recovery_point": "latest",
        "shut_down_source": shut_down,
    }
    details["instanceType"] = "InMageRcm"
    assert "shut_down_source" not in dict(arm.arguments_of(Operation.FAIL_OVER, body))


@pytest.mark.parametrize(
    ("path", "nameable"),
    [("/a/vm-1", True), ("/a/m\u00fc ?#%", True), ("/\u6a5f", True), ("/a\x00", False), ("/a\r\nX: y", False),
     ("/a\x7f", False), ("/a\x85", False), ("/\ud800", False), ("/b\ufffd", False)],
)  # fmt: skip
def test_what_can_be_named_in_a_url(path: str, nameable: bool) -> None:
    assert is_nameable(path) is nameable


def test_the_committed_states_of_both_lifecycles_are_described_alike() -> None:
    """Facts 1.1 (S7), and the recording V2ATestReprotect of Azure PowerShell."""
    tokens = ("UnplannedFailoverCommitted", "UnplannedFailoverStatesBegin")
    assert {arm.DESCRIPTIONS[token] for token in tokens} == {"Failover committed"}
