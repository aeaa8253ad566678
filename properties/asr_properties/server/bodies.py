"""Bodies of the ARM API (facts 7.2 to 7.5), field by field as recorded, from what the contract's methods tell.

What the contract doesn't tell (disks, networks, sizes) is filled with plain values of the recorded kind, or null.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from asr_model.vocabulary import Operation, Site
from asr_properties.arm.words import (
    DESCRIPTIONS,
    OPERATION_OF_TOKEN,
    OWN,
    PRIMARY_SITE,
    TOKEN_OF,
    drill_token,
    state_token,
)
from asr_properties.server.details import details_of
from asr_properties.server.slots import Slot, stamp

ITEM_TYPE: Final = (
    "Microsoft.RecoveryServices/vaults/replicationFabrics/replicationProtectionContainers/replicationProtectedItems"
)
POINT_TYPE: Final = f"{ITEM_TYPE}/recoveryPoints"
JOB_TYPE: Final = "Microsoft.RecoveryServices/vaults/replicationJobs"

#: Phases in which CompleteMigration was listed too (facts 1.1).
_MIGRATABLE = frozenset({"failed_over", "failover_committed", "failed_back"})

#: How an unset instant reads: of a scenario, of a task that has not begun or ended (facts 1.1 notes, 2.13).
NO_SCENARIO_TIME: Final = "1753-01-01T01:01:01Z"
NO_TIME: Final = "0001-01-01T00:00:00"

_TOKEN_OF_STATE = {
    "in_progress": "InProgress",
    "succeeded": "Succeeded",
    "failed": "Failed",
    "cancelled": "Cancelled",
    "not_started": "NotStarted",
    "skipped": "Other",
}

#: Scenario -> what people read, and the kind of its job's details (facts 2).
_SCENARIOS: Final[Mapping[str, tuple[str, str]]] = {
    "EnableDr": ("Enable replication", "AsrJobDetails"),
    "TestFailover": ("Test failover", "TestFailoverJobDetails"),
    "TestFailoverCleanup": ("Cleanup test failover", "AsrJobDetails"),
    "UnplannedFailover": ("Failover", "FailoverJobDetails"),
    "CommitFailover": ("Commit", "AsrJobDetails"),
    "SwitchReplicationGroupProtection": ("Reprotect", "SwitchProtectionJobDetails"),
    "PlannedFailover": ("Planned failover", "FailoverJobDetails"),
    "CancelFailover": ("Cancel failover and resume replication", "FailoverJobDetails"),
    "DisableDr": ("Disable replication", "AsrJobDetails"),
}


def item_body(slot: Slot, seen: Mapping[str, Any]) -> dict[str, Any]:
    """The item as GET shows it; `seen` is the contract's observation."""
    address, profile = slot.address, slot.hello["profile"]
    name = slot.shown_id(seen.get("id"))
    instance, phase = seen.get("profile_instance"), str(seen.get("phase"))
    state = state_token(phase, instance, profile)
    drill = drill_token(str(seen.get("drill")))
    failback = instance in ("InMageRcmFailback", "InMage")
    friendly, vault = friendly_name(slot), str(address.vault)
    policy = "crashconsistency-policy-failback" if failback else str(slot.enabled_with.get("policyId") or "policy")
    point = seen.get("failover_recovery_point")
    described = "Cleanup test failover pending" if drill == "WaitingForCompletion" else DESCRIPTIONS.get(state)
    properties: dict[str, Any] = {
        "friendlyName": friendly,
        "protectedItemType": "",
        "protectableItemId": slot.enabled_with.get("protectableItemId"),
        "recoveryServicesProviderId": f"{vault}/replicationFabrics/{address.fabric}"
        f"/replicationRecoveryServicesProviders/{_appliance(slot)}",
        "primaryFabricFriendlyName": address.fabric,
        "primaryFabricProvider": "InMageRcmFabric",
        "recoveryFabricFriendlyName": address.fabric if failback else "Microsoft Azure",
        "recoveryFabricId": address.fabric if failback else "Microsoft Azure",
        "primaryProtectionContainerFriendlyName": address.container,
        "recoveryProtectionContainerFriendlyName": address.container if failback else "Microsoft Azure",
        "protectionState": state,
        "protectionStateDescription": described or state.removeprefix(OWN).replace("_", " "),
        "activeLocation": _active_location(seen.get("active_site"), instance),
        "testFailoverState": drill,
        "testFailoverStateDescription": drill.removeprefix(OWN).replace("_", " "),
        "switchProviderState": "None",
        "switchProviderStateDescription": None,
        "allowedOperations": _tokens(phase, seen.get("allowed_operations") or ()),
        "replicationHealth": str(seen.get("health") or "none").capitalize(),
        "failoverHealth": "Normal",
        "healthErrors": [_health_error(slot, issue) for issue in seen.get("health_issues") or ()],
        "policyId": policy if policy.startswith("/") else f"{vault}/replicationPolicies/{policy}",
        "policyFriendlyName": policy.rpartition("/")[2],
        "currentScenario": _scenario(slot, seen.get("current_job")),
        "failoverRecoveryPointId": ("" if failback else None) if point is None else point_id(slot, str(point)),
        "providerSpecificDetails": details_of(slot, seen, str(instance), points_of(slot)),
        "recoveryContainerId": f"{vault}/replicationFabrics/{address.fabric}"
        f"/replicationProtectionContainers/{address.container}",
        "eventCorrelationId": slot.name("correlation", str(seen.get("id"))),
    }
    if seen.get("active_site") == Site.AZURE and not failback:
        if slot.failed_over_at is None:
            slot.failed_over_at = slot.implementation.now()
        properties["lastSuccessfulFailoverTime"] = stamp(slot.failed_over_at)
    else:
        slot.failed_over_at = None
    return {"id": address.under(name), "name": name, "type": ITEM_TYPE, "properties": properties}


def friendly_name(slot: Slot) -> str:
    """The name people gave the machine."""
    given = slot.enabled_with.get("providerSpecificDetails") or {}
    return str(given.get("targetVmName") or slot.address.item)


def points_of(slot: Slot) -> list[dict[str, Any]]:
    """The listed recovery points, newest first, as the API shows them (facts 3)."""
    instance = (slot.observation() or {}).get("profile_instance")
    details = "InMageAzureV2" if instance in ("InMageAzureV2", "InMage") else "InMageRcm"
    return [
        {
            "id": point_id(slot, point["id"]),
            "name": slot.name("point", point["id"]),
            "type": POINT_TYPE,
            "properties": {
                "recoveryPointTime": stamp(point["created"]),
                "recoveryPointType": "ApplicationConsistent"
                if point["kind"] == "app_consistent"
                else "CrashConsistent",
                "providerSpecificDetails": {
                    "instanceType": details,
                    "isMultiVmSyncPoint": "true" if point["multi_vm"] else "false",
                },
            },
        }
        for point in slot.implementation.recovery_points()
    ]


def point_id(slot: Slot, identifier: str) -> str:
    """The ARM id of a recovery point: it names an internal container, not that of the address (facts 7.1)."""
    container = f"cloud_{slot.name('container', slot.address.container)}"
    return f"{slot.address.under(slot.address.item, container)}/recoveryPoints/{slot.name('point', identifier)}"


def job_id(slot: Slot, job: str) -> str:
    """The ARM id of a job."""
    return f"{slot.address.vault}/replicationJobs/{slot.name('job', job)}"


def job_body(slot: Slot, job: str) -> dict[str, Any]:
    """A job as GET shows it (facts 2.13, 7.5)."""
    shown = slot.implementation.job(job=job)
    state = shown["state"]
    dates = slot.dates(job, running=state == "in_progress")
    scenario = shown.get("scenario") or "None"
    friendly, details = _SCENARIOS.get(scenario, (scenario, "AsrJobDetails"))
    name = slot.name("job", job)
    properties: dict[str, Any] = {
        "activityId": name,
        "scenarioName": scenario,
        "friendlyName": friendly,
        "state": _TOKEN_OF_STATE[state],
        "stateDescription": "Completed" if state == "succeeded" else _TOKEN_OF_STATE[state],
        "tasks": [_task(task, dates.begin, dates.end) for task in shown.get("tasks") or ()],
        "errors": [_job_error(error, name, dates.begin) for error in shown.get("errors") or ()],
        "startTime": stamp(dates.begin),
        "allowedActions": ["Cancel"] if state == "in_progress" and shown.get("may_cancel") is not False else [],
        "targetObjectId": slot.address.item,
        "targetObjectName": friendly_name(slot),
        "targetInstanceType": "ProtectionEntity",
        "customDetails": {"instanceType": details, "affectedObjectDetails": {"PrimaryVmName": friendly_name(slot)}},
    }
    if details == "SwitchProtectionJobDetails":
        properties["customDetails"]["newReplicationProtectedItemId"] = None
    if dates.end is not None:
        properties["endTime"] = stamp(dates.end)
    return {"id": job_id(slot, job), "name": name, "type": JOB_TYPE, "properties": properties}


def operation_body(slot: Slot, job: str) -> dict[str, Any]:
    """The status of an operation (facts 7.2). A cancelled one is `Canceled` here, with one l (A19)."""
    shown = slot.implementation.job(job=job)
    state, errors = shown["state"], shown.get("errors") or ()
    dates = slot.dates(job, running=state == "in_progress")
    return {
        "error": error_of(errors) if errors or state == "failed" else None,
        "id": None,
        "name": slot.name("job", job),
        "properties": None,
        "status": "Canceled" if state == "cancelled" else _TOKEN_OF_STATE[state],
        "startTime": stamp(dates.begin),
        "endTime": None if dates.end is None else stamp(dates.end),
        "percentComplete": None,
    }


def error_of(errors: Any) -> dict[str, Any]:
    """The error of an operation, from those of its job; codes are the implementation's own."""
    first = errors[0] if errors else {"code": f"{OWN}Failed", "message": "The operation failed."}
    return {"code": first["code"], "message": first["message"], "details": None}


def _appliance(slot: Slot) -> str:
    given = slot.enabled_with.get("providerSpecificDetails") or {}
    return str(given.get("processServerId") or "appliance")


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


def _scenario(slot: Slot, job: object) -> dict[str, Any]:
    if job is None:
        name, identifier, begin = "None", f"{slot.address.vault}/replicationJobs/None", NO_SCENARIO_TIME
    else:
        name = slot.implementation.job(job=str(job)).get("scenario") or "None"
        identifier, begin = job_id(slot, str(job)), stamp(slot.dates(str(job), running=True).begin)
    return {"scenarioName": name, "jobId": identifier, "startTime": begin}


def _health_error(slot: Slot, issue: Mapping[str, str]) -> dict[str, Any]:
    return {
        "innerHealthErrors": [],
        "errorSource": "",
        "errorType": "",
        "errorLevel": "Error",
        "errorCategory": "Replication",
        "errorCode": issue["code"],
        "summaryMessage": issue["message"],
        "errorMessage": issue["message"],
        "possibleCauses": "",
        "recommendedAction": "",
        "creationTimeUtc": stamp(slot.implementation.now()),
        "recoveryProviderErrorMessage": None,
        "entityId": slot.address.item,
        "errorId": f"2:{issue['code']}",
        "customerResolvability": "NotAllowed",
    }


def _task(task: Mapping[str, str], begin: float, end: float | None) -> dict[str, Any]:
    state = task["state"]
    ended = state in ("succeeded", "failed", "cancelled", "skipped")
    token = _TOKEN_OF_STATE[state]
    return {
        "taskId": task["name"],
        "name": task["name"],
        "startTime": NO_TIME if state in ("not_started", "skipped") else stamp(begin),
        "endTime": stamp(end) if ended and end is not None else NO_TIME,
        "allowedActions": [],
        "friendlyName": task["name"],
        "state": token,
        "stateDescription": "Skipped" if state == "skipped" else "Completed" if state == "succeeded" else token,
        "taskType": "TaskDetails",
        "customDetails": {"instanceType": "TaskDetails"},
        "groupTaskCustomDetails": None,
        "errors": [],
    }


def _job_error(error: Mapping[str, str], activity: str, begin: float) -> dict[str, Any]:
    return {
        "serviceErrorDetails": {
            "code": error["code"],
            "message": error["message"],
            "possibleCauses": "",
            "recommendedAction": "",
            "activityId": activity,
        },
        "providerErrorDetails": None,
        "errorLevel": "Error",
        "creationTime": stamp(begin),
        "taskId": "",
    }
