"""Bodies of replicated items and their recovery points (facts 3, 7.3, 7.4), field by field as recorded.

What the contract doesn't tell (disks, networks, sizes) is filled with plain values of the recorded kind, or null.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from asr_model.vocabulary import Operation, Site
from asr_properties.arm.instances import PRIMARY_SITE, fabric_of, failback_policy_of, forward_instance, is_failback
from asr_properties.arm.operations import TOKEN_OF_POINT_TYPE
from asr_properties.arm.tokens import DESCRIPTIONS, OPERATION_OF_TOKEN, OWN, TOKEN_OF, drill_token, state_token
from asr_properties.server import classic_details, modernized_details, settings
from asr_properties.server.internal_ids import azure_container, azure_fabric
from asr_properties.server.slot import Slot

ITEM_TYPE: Final = (
    "Microsoft.RecoveryServices/vaults/replicationFabrics/replicationProtectionContainers/replicationProtectedItems"
)
POINT_TYPE: Final = f"{ITEM_TYPE}/recoveryPoints"

#: Phases in which CompleteMigration was listed too (facts 1.1).
_MIGRATABLE = frozenset({"failed_over", "failover_committed", "failed_back"})

#: How the beginning of no scenario reads (facts 1.1 notes).
_NO_SCENARIO_TIME: Final = "1753-01-01T01:01:01Z"

#: Scenario under which a failed enabling goes on being named (F9).
_FAILED_ENABLING: Final = "EnableProtection"

#: `instanceType` -> what makes its details; a further profile has a file such as these.
_DETAILS: Final = {**modernized_details.DETAILS, **classic_details.DETAILS}


def item_body(slot: Slot, seen: Mapping[str, Any]) -> dict[str, Any]:
    """The item as GET shows it; `seen` is the contract's observation."""
    slot.note_point(seen)
    name, instance = slot.shown_id(seen.get("id")), seen.get("profile_instance")
    point = seen.get("failover_recovery_point")
    no_point = "" if is_failback(instance) else None
    policy = slot.policy_id(_policy(slot, instance))
    properties: dict[str, Any] = {
        "friendlyName": slot.friendly_name,
        "protectedItemType": "",
        "protectableItemId": slot.forward.get("protectableItemId"),
        **_sites(slot, instance),
        **_states(slot, seen),
        "allowedOperations": _tokens(str(seen.get("phase")), seen.get("allowed_operations") or ()),
        "replicationHealth": str(seen.get("health") or "none").capitalize(),
        "failoverHealth": "Normal",
        "healthErrors": [_health_error(slot, issue) for issue in seen.get("health_issues") or ()],
        "policyId": policy,
        "policyFriendlyName": policy.rpartition("/")[2],
        "currentScenario": _scenario(slot, seen),
        "failoverRecoveryPointId": no_point if point is None else slot.point_id(str(point)),
        "providerSpecificDetails": _details(slot, seen, instance),
        "eventCorrelationId": slot.name("correlation", f"{seen.get('id')}/{instance}"),
    }
    failover = slot.ran.get(Operation.FAIL_OVER)
    if failover is not None and seen.get("active_site") == Site.AZURE and not is_failback(instance):
        # recorded in 2023: the instant at which the failover began
        properties["lastSuccessfulFailoverTime"] = slot.stamp(slot.implementation.job_times(failover).began)
    return {"id": slot.address.under(name), "name": name, "type": ITEM_TYPE, "properties": properties}


def _sites(slot: Slot, instance: object) -> dict[str, Any]:
    """Where the item is replicated from and to: its fabrics and containers."""
    address, vault, back = slot.address, str(slot.address.vault), is_failback(instance)
    fabric = f"{vault}/replicationFabrics/{address.fabric}"
    azure = f"{vault}/replicationFabrics/{azure_fabric(address.vault)}"
    container = f"{fabric}/replicationProtectionContainers/{address.container}"
    there = f"{azure}/replicationProtectionContainers/{azure_container(address.vault)}"
    appliance = slot.forward.get("processServerId") or "appliance"
    return {
        "recoveryServicesProviderId": f"{fabric}/replicationRecoveryServicesProviders/{appliance}",
        "primaryFabricFriendlyName": address.fabric,
        "primaryFabricProvider": fabric_of(slot.hello["profile"]),
        "recoveryFabricFriendlyName": address.fabric if back else "Microsoft Azure",
        "recoveryFabricId": fabric if back else "Microsoft Azure",
        "primaryProtectionContainerFriendlyName": address.container,
        "recoveryProtectionContainerFriendlyName": address.container if back else "Microsoft Azure",
        "recoveryContainerId": container if back else there,
    }


def _states(slot: Slot, seen: Mapping[str, Any]) -> dict[str, Any]:
    """The states of the item and of its drill, each with what people read."""
    instance = seen.get("profile_instance")
    state = state_token(str(seen.get("phase")), instance, slot.hello["profile"])
    drill = drill_token(str(seen.get("drill")))
    described = "Cleanup test failover pending" if drill == "WaitingForCompletion" else DESCRIPTIONS.get(state)
    return {
        "protectionState": state,
        "protectionStateDescription": described or _words(state),
        "activeLocation": _active_location(seen.get("active_site"), instance),
        "testFailoverState": drill,
        "testFailoverStateDescription": _words(drill),
        "switchProviderState": "None",
        "switchProviderStateDescription": None,
    }


def _words(token: str) -> str:
    return token.removeprefix(OWN).replace("_", " ")


def points_of(slot: Slot) -> list[dict[str, Any]]:
    """The listed recovery points, newest first, as the API shows them (facts 3)."""
    return [
        {
            "id": slot.point_id(point["id"]),
            "name": slot.name("point", point["id"]),
            "type": POINT_TYPE,
            "properties": {
                "recoveryPointTime": slot.stamp(point["created"]),
                "recoveryPointType": TOKEN_OF_POINT_TYPE[point["kind"]],
                "providerSpecificDetails": {
                    "instanceType": forward_instance(slot.hello["profile"]),
                    "isMultiVmSyncPoint": "true" if point["multi_vm"] else "false",
                },
            },
        }
        for point in slot.implementation.recovery_points()
    ]


def _policy(slot: Slot, instance: object) -> str:
    """The policy in force. Where nobody named one for the failback, it bears the name that the profile gives it."""
    forward = slot.forward.get("policyId") or "policy"
    if not is_failback(instance):
        return forward
    default = failback_policy_of(slot.hello["profile"], forward)
    return slot.failback.get("policyId") or slot.failback.get("profileId") or default


def _details(slot: Slot, seen: Mapping[str, Any], instance: object) -> dict[str, Any]:
    shown = _DETAILS.get(str(instance))
    if shown is None:
        return {"instanceType": str(instance)}
    details = shown(slot, seen)
    settings.show_kept(slot, details)
    return details


def _active_location(site: object, instance: object) -> str | None:
    primary = PRIMARY_SITE.get(str(instance))
    if primary is None or site not in tuple(Site):
        return None
    return "Primary" if site == primary else "Recovery"


def _tokens(phase: str, operations: Any) -> list[str]:
    tokens = [TOKEN_OF[Operation(operation)] for operation in operations]
    order = list(OPERATION_OF_TOKEN)
    migrating = ["CompleteMigration"] if phase in _MIGRATABLE and tokens else []
    return migrating + sorted(tokens, key=order.index)


def _scenario(slot: Slot, seen: Mapping[str, Any]) -> dict[str, Any]:
    """The job that runs; one that has ended while what it left behind awaits something (F9, F10)."""
    job, name = seen.get("current_job"), None
    if job is None and seen.get("phase") == "enabling_failed":
        job, name = slot.ran.get(Operation.ENABLE_REPLICATION), _FAILED_ENABLING
    elif job is None and seen.get("drill") == "drill_awaiting_cleanup":
        job = slot.ran.get(Operation.TEST_FAILOVER)
    if job is None:
        identifier = f"{slot.address.vault}/replicationJobs/None"
        return {"scenarioName": "None", "jobId": identifier, "startTime": _NO_SCENARIO_TIME}
    return {
        "scenarioName": name or slot.implementation.job(job=job).get("scenario") or "None",
        "jobId": slot.job_id(job),
        "startTime": slot.stamp(slot.implementation.job_times(job).began),
    }


#: What the state of an item is told by as a health issue -> the code that it was recorded with (F5, F9).
_RECORDED_ISSUES: Final = {"failover_failed": "78037", "enabling_failed": "310056"}


def _health_error(slot: Slot, issue: Mapping[str, str]) -> dict[str, Any]:
    code = _RECORDED_ISSUES.get(issue["code"], issue["code"])
    return {
        "innerHealthErrors": [],
        "errorSource": "",
        "errorType": "",
        "errorLevel": "Error",
        "errorCategory": "Replication",
        "errorCode": code,
        "summaryMessage": issue["message"],
        "errorMessage": issue["message"],
        "possibleCauses": "",
        "recommendedAction": "",
        "creationTimeUtc": slot.stamp(slot.issue_since(issue["code"])),
        "recoveryProviderErrorMessage": None,
        "entityId": slot.address.item,
        "errorId": f"2:{code}",
        "customerResolvability": "NotAllowed",
    }
