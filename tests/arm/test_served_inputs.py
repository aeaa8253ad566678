"""Which bodies the server takes: those of the item's own provider, in the right direction, naming shown points."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest

from arm.test_server import ENABLE, FAILOVER, Caller, caller, item, vault
from asr_model.vocabulary import Operation
from asr_properties.arm.inputs import INPUTS, body_of, input_for
from asr_properties.arm.instances import instances_of
from asr_properties.arm.tokens import ACTION_OF, OWN
from asr_properties.reference import ClassicItem, Fixed, ReferenceService
from asr_properties.server.application import answerer
from asr_properties.server.slots import Vaults

HOUR = 3600


def body(instance: str, direction: str | None = None, /, **details: Any) -> dict[str, Any]:
    properties: dict[str, Any] = {"providerSpecificDetails": {"instanceType": instance, **details}}
    return {"properties": properties | ({"failoverDirection": direction} if direction else {})}


BACK = {"reprotectAgentId": "a", "datastoreName": "d", "logStorageAccountId": "l"}
FORTH = {"processServerId": "a", "policyId": "p"}


@pytest.fixture
def ask() -> Caller:
    asking = caller(cancel_job="accepted")
    asking.protect()
    return asking


def do(ask: Caller, action: str, content: Any = None) -> None:
    assert ask("POST", f"{item()}/{action}", content)[0] == 202
    ask.control("wait", "vm-1", {"seconds": 4 * HOUR})


def in_reverse(ask: Caller) -> None:
    do(ask, "unplannedFailover", FAILOVER)
    do(ask, "reProtect", body("InMageRcm", **BACK))


def refused(ask: Caller, action: str, content: Any) -> dict[str, Any]:
    """The detail of the refusal, which changed nothing."""
    before = ask("GET", item())[1], len(ask("GET", f"{vault()}/replicationJobs")[1]["value"])
    status, answer = ask("POST", f"{item()}/{action}", content)
    assert status == 400, answer
    assert (ask("GET", item())[1], len(ask("GET", f"{vault()}/replicationJobs")[1]["value"])) == before
    detail: dict[str, Any] = answer["error"]["details"][0]
    return detail


# -- the provider ------------------------------------------------------------------------------------------------------


def test_a_machine_is_enabled_with_the_provider_of_the_profile() -> None:
    ask = caller()
    status, answer = ask("PUT", item(), body("InMageAzureV2"))
    assert (status, answer["error"]["code"]) == (400, "BadRequest")
    assert "InMageRcm" in answer["error"]["message"]
    assert ask("GET", item())[0] == 404


def test_an_input_of_another_provider_is_no_input(ask: Caller) -> None:
    told = refused(ask, "unplannedFailover", body("InMage", recoveryPointType="LatestTime"))
    assert told["code"] == f"{OWN}InvalidRequest"
    do(ask, "unplannedFailover", FAILOVER)
    assert "takes InMageRcm" in refused(ask, "reProtect", body("InMageRcmFailback", **FORTH))["message"]
    do(ask, "reProtect", body("InMageRcm", **BACK))
    assert "takes InMageRcmFailback" in refused(ask, "reProtect", body("InMageRcm", **BACK))["message"]


def test_an_operation_without_an_input_of_the_items_own_is_refused_by_the_item(ask: Caller) -> None:
    """What the item refuses is judged; a body that does not fit would be the caller's fault."""
    planned = body("InMageRcmFailback", recoveryPointType="CrashConsistent")
    assert refused(ask, "plannedFailover", planned)["code"] == f"{OWN}Refused"
    in_reverse(ask)
    assert refused(ask, "unplannedFailover", FAILOVER)["code"] == f"{OWN}Refused"
    assert refused(ask, "testFailover", body("InMageRcm"))["code"] == f"{OWN}Refused"


SETTINGS = {key: "x" for given in INPUTS.values() for key in given.required} | {"policyId": "p"}
ARGUMENTS = {"recovery_point": "latest", "shut_down_source": True, "recovery_point_type": "crash_consistent"}


@pytest.mark.parametrize("operation", [operation for operation in ACTION_OF if operation in {of for of, _ in INPUTS}])
@pytest.mark.parametrize("reverse", [False, True], ids=["forward", "reverse"])
def test_what_the_adapter_sends_is_never_malformed(ask: Caller, operation: Operation, reverse: bool) -> None:
    """In every state it sends an input, its own or another's of the lifecycle: the item decides."""
    if reverse:
        in_reverse(ask)
    instance = "InMageRcmFailback" if reverse else "InMageRcm"
    given = input_for(operation, instance, instances_of("modernized"))
    point = f"{item()}/recoveryPoints/unknown" if operation is Operation.CHANGE_RECOVERY_POINT else None
    method, action = ACTION_OF[operation]
    content = body_of(operation, ARGUMENTS, point, given, SETTINGS)
    status, answer = ask(method, f"{item()}/{action}".rstrip("/"), content)
    assert status == 202 or answer["error"]["details"][0]["code"] == f"{OWN}Refused", answer


def test_classic_takes_its_own_inputs_only() -> None:
    vaults = Vaults(lambda: ReferenceService(item_class=ClassicItem, freedom=Fixed()))
    ask = Caller(answerer(vaults, "under test"))
    assert ask("PUT", item(), {"properties": ENABLE})[0] == 400
    assert ask("PUT", item(), body("InMageAzureV2"))[0] == 202
    ask.control("wait", "vm-1", {"seconds": 4 * HOUR})
    assert "takes InMageAzureV2" in refused(ask, "unplannedFailover", FAILOVER)["message"]
    planned = body("InMageRcmFailback", recoveryPointType="CrashConsistent")
    assert "none of this lifecycle" in refused(ask, "plannedFailover", planned)["message"]
    over = body("InMageAzureV2")
    assert "sourceSiteOperations" in refused(ask, "unplannedFailover", over)["message"]
    over["properties"]["sourceSiteOperations"] = "Perhaps"
    assert "Perhaps" in refused(ask, "unplannedFailover", over)["message"]
    over["properties"]["sourceSiteOperations"] = "Required"
    do(ask, "unplannedFailover", over)
    do(ask, "failoverCommit")
    keys = ("masterTargetId", "processServerId", "retentionDrive", "profileId")
    do(ask, "reProtect", body("InMage", "RecoveryToPrimary", **dict.fromkeys(keys, "x")))
    back = body("InMage", recoveryPointType="Oldest")
    back["properties"]["sourceSiteOperations"] = "Required"
    details = back["properties"]["providerSpecificDetails"]
    assert "Oldest" in refused(ask, "unplannedFailover", back)["message"]
    details["recoveryPointType"] = "Custom"
    assert "`recoveryPointId` is missing" in refused(ask, "unplannedFailover", back)["message"]
    details["recoveryPointType"] = "LatestTime"
    do(ask, "unplannedFailover", back)


# -- the direction -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("direction", ["RecoveryToPrimary", "Sideways", 5, ""])
def test_a_wrong_direction_is_refused_with_the_recorded_code(ask: Caller, direction: Any) -> None:
    """F1."""
    content = deepcopy(FAILOVER)
    content["properties"]["failoverDirection"] = direction  # type: ignore[assignment]
    assert refused(ask, "unplannedFailover", content)["code"] == "InvalidFailoverDirection"
    content["properties"]["failoverDirection"] = "PrimaryToRecovery"  # type: ignore[assignment]
    do(ask, "unplannedFailover", content)


def test_the_direction_of_a_planned_failover_may_be_left_out_or_right(ask: Caller) -> None:
    """Facts 2.7."""
    in_reverse(ask)
    planned = {"recoveryPointType": "CrashConsistent"}
    wrong = body("InMageRcmFailback", "PrimaryToRecovery", **planned)
    assert refused(ask, "plannedFailover", wrong)["code"] == "InvalidFailoverDirection"
    do(ask, "plannedFailover", body("InMageRcmFailback", "RecoveryToPrimary", **planned))
    wrong = body("InMageRcmFailback", "Sideways", **FORTH)
    assert refused(ask, "reProtect", wrong)["code"] == "InvalidFailoverDirection"
    do(ask, "reProtect", body("InMageRcmFailback", **FORTH))


# -- recovery points ---------------------------------------------------------------------------------------------------


def failover_to(point: Any) -> dict[str, Any]:
    return body("InMageRcm", performShutdown="true", recoveryPointId=point)


@pytest.mark.parametrize("point", ["latest", "latest_processed", "latest_app_consistent", "1", "/a/recoveryPoints/b"])
def test_what_names_no_shown_point_is_refused(ask: Caller, point: str) -> None:
    """The contract's words and an implementation's own ids are no names of ARM."""
    assert refused(ask, "unplannedFailover", failover_to(point))["code"] == f"{OWN}Refused"
    assert refused(ask, "testFailover", body("InMageRcm", recoveryPointId=point))["code"] == f"{OWN}Refused"


@pytest.mark.parametrize("point", [5, True, ["x"], {}, "", "/"])
def test_what_is_no_name_of_a_point_is_malformed(ask: Caller, point: Any) -> None:
    assert refused(ask, "unplannedFailover", failover_to(point))["code"] == f"{OWN}InvalidRequest"
    assert refused(ask, "testFailover", body("InMageRcm", recoveryPointId=point))["code"] == f"{OWN}InvalidRequest"


def test_a_shown_point_is_taken_in_any_spelling_and_no_point_is_the_latest(ask: Caller) -> None:
    shown = ask("GET", f"{item()}/recoveryPoints")[1]["value"][3]
    assert ask("POST", f"{item()}/unplannedFailover", failover_to(shown["id"].upper()))[0] == 202
    ask.control("wait", "vm-1", {"seconds": HOUR})
    assert ask("GET", item())[1]["properties"]["failoverRecoveryPointId"] == shown["id"]
    change = body("InMageRcm", recoveryPointId="latest_processed")
    assert refused(ask, "applyRecoveryPoint", change)["code"] == f"{OWN}Refused"
    ask.protect("vm-2")
    assert ask("POST", f"{item('vm-2')}/unplannedFailover", failover_to(None))[0] == 202


def test_the_internal_id_of_a_point_is_no_name() -> None:
    made = []

    def make() -> ReferenceService:
        made.append(ReferenceService(freedom=Fixed()))
        return made[-1]

    ask = Caller(answerer(Vaults(make), "under test"))
    ask.protect()
    internal = made[-1].recovery_points()[0]["id"]
    assert refused(ask, "unplannedFailover", failover_to(internal))["code"] == f"{OWN}Refused"


# -- the kinds of values -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "value", "blamed"),
    [
        ("disksDefault", "abc", "disksDefault"),
        ("disksDefault", ["abc"], "disksDefault"),
        ("disksDefault", {"logStorageAccountId": 5}, "logStorageAccountId"),
        ("targetVmName", 5, "targetVmName"),
        ("targetVmName", ["x"], "targetVmName"),
        ("targetNetworkId", {}, "targetNetworkId"),
        ("multiVmGroupName", 1, "multiVmGroupName"),
        ("processServerId", 7, "processServerId"),
        ("processServerId", None, "processServerId"),
    ],
)
def test_what_is_kept_of_a_machine_has_the_right_kind(key: str, value: Any, blamed: str) -> None:
    """One wrong value once made the item and its vault's lists unreadable."""
    ask = caller()
    ask.protect("vm-2")
    content = deepcopy({"properties": ENABLE})
    content["properties"]["providerSpecificDetails"][key] = value  # type: ignore[index]
    status, answer = ask("PUT", item(), content)
    assert (status, blamed in answer["error"]["message"]) == (400, True)
    assert ask("GET", item())[0] == 404
    assert [one["name"] for one in ask("GET", f"{vault()}/replicationProtectedItems")[1]["value"]] == ["vm-2"]


def test_unknown_keys_are_passed_over() -> None:
    ask = caller()
    content = deepcopy({"properties": ENABLE})
    content["properties"]["providerSpecificDetails"] |= {"targetVmSize": 5, "more": [1], "disksToInclude": "x"}  # type: ignore[operator]
    assert ask("PUT", item(), content)[0] == 202
    assert ask("GET", item())[0] == 200
    assert ask("GET", f"{vault()}/replicationProtectedItems")[0] == 200


@pytest.mark.parametrize("seconds", [1e12, 1e300, 10**400])
def test_time_has_an_end(ask: Caller, seconds: float) -> None:
    status, answer = ask.control("wait", "vm-1", {"seconds": seconds})
    assert (status, answer["error"]["code"]) == (400, -32602)
    assert ask("GET", item())[0] == 200
    assert ask("GET", f"{vault()}/replicationJobs")[0] == 200


def test_at_the_end_of_time_the_clock_stands_still() -> None:
    real = [0.0]
    vaults = Vaults(lambda: ReferenceService(freedom=Fixed()), speed=1e6, clock=lambda: real[0])
    ask = Caller(answerer(vaults, "under test"))
    ask("PUT", item(), {"properties": ENABLE})
    for real[0] in (1e6, 2e9):
        status, shown = ask("GET", item())
        assert (status, shown["properties"]["protectionState"]) == (200, "Protected")
    assert ask.control("wait", "vm-1", {"seconds": 1})[0] == 400


@pytest.mark.parametrize("key", ["crash_consistent_minutes", "app_consistent_minutes"])
def test_intervals_are_a_minute_at_least(ask: Caller, key: str) -> None:
    assert ask.control("new_item", "vm-3", {"configuration": {key: 1e-9}})[1]["error"]["code"] == -32602
    assert ask.control("new_item", "vm-3", {"configuration": {key: 1}})[0] == 200
