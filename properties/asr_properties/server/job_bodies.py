"""Bodies of jobs (facts 2.13, 7.5) and of the operations behind them (facts 7.2), field by field as recorded."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import repeat
from typing import Any, Final

from asr_model.vocabulary import Operation
from asr_properties.arm.instances import fabric_of, is_failback
from asr_properties.arm.operations import OPERATIONS, ShownJob
from asr_properties.arm.tokens import OWN, WITHOUT_EFFECT
from asr_properties.server.internal_ids import azure_container, azure_fabric, cloud_of, fabric_guid, policy_guid
from asr_properties.server.slot import ShownTimes, Slot

JOB_TYPE: Final = "Microsoft.RecoveryServices/vaults/replicationJobs"

#: How the times of a task read that has not begun or ended (facts 2.13).
_NO_TIME: Final = "0001-01-01T00:00:00"

_TOKEN_OF_STATE = {
    "in_progress": "InProgress",
    "succeeded": "Succeeded",
    "failed": "Failed",
    "cancelled": "Cancelled",
    "not_started": "NotStarted",
    "skipped": "Other",
}

#: Scenario -> the job that is shown with it.
_SHOWN: Final[Mapping[str, ShownJob]] = {
    scenario: row.job for row in OPERATIONS.values() if row.job is not None for scenario in row.job.scenarios
}

_ENABLING = OPERATIONS[Operation.ENABLE_REPLICATION].job
_SCENARIOS_OF_ENABLING: Final = () if _ENABLING is None else _ENABLING.scenarios

#: Task -> the `name` that it was recorded with, where that is not its `taskId`.
_NAMES: Final = {"CommitFailoverTask": "VmCommitFailover"}


def _shown(scenario: str) -> ShownJob:
    """How the job of a scenario is shown; of one that the table does not have, by its own name."""
    return _SHOWN.get(scenario) or ShownJob((scenario,), scenario)


def job_body(slot: Slot, job: str) -> dict[str, Any]:
    """A job as GET shows it (facts 2.13, 7.5)."""
    shown, times = slot.implementation.job(job=job), slot.implementation.job_times(job)
    state, scenario = shown["state"], shown.get("scenario") or "None"
    name = slot.name("job", job)
    tasks, errors = shown.get("tasks") or (), errors_of(slot, job)
    properties: dict[str, Any] = {
        "activityId": name,
        "scenarioName": scenario,
        "friendlyName": _shown(scenario).title,
        "state": _TOKEN_OF_STATE[state],
        "stateDescription": _description(slot, job, shown),
        "tasks": [
            _task(slot, task, _read(slot, job, scenario, task["name"]), times.tasks.get(place, (None, None)))
            for place, task in enumerate(tasks)
        ],
        "errors": [_error(slot, error, name, *when) for error, when in zip(errors, _reported(times), strict=False)],
        "startTime": slot.stamp(times.began),
        "allowedActions": ["Cancel"] if state == "in_progress" and shown.get("may_cancel") is not False else [],
        "targetObjectId": slot.address.item,
        "targetObjectName": slot.friendly_name,
        "targetInstanceType": "ProtectionEntity",
        "customDetails": _custom_details(slot, job, scenario),
    }
    if times.ended is not None:
        properties["endTime"] = slot.stamp(times.ended)
    return {"id": slot.job_id(job), "name": name, "type": JOB_TYPE, "properties": properties}


def operation_body(slot: Slot, job: str) -> dict[str, Any]:
    """The status of an operation (facts 7.2). A cancelled one is `Canceled` here, with one l (A19)."""
    shown, times = slot.implementation.job(job=job), slot.implementation.job_times(job)
    state, errors = shown["state"], errors_of(slot, job)
    return {
        "error": error_of(errors) if errors or state == "failed" else None,
        "id": None,
        "name": slot.name("job", job),
        "properties": None,
        "status": "Canceled" if state == "cancelled" else _TOKEN_OF_STATE[state],
        "startTime": slot.stamp(times.began),
        "endTime": None if times.ended is None else slot.stamp(times.ended),
        "percentComplete": None,
    }


def cancelling_body(slot: Slot, job: str) -> dict[str, Any]:
    """The status of cancelling a job, an operation of its own: it has succeeded once the job has ended, however that
    did."""
    body = operation_body(slot, job)
    ended = body["status"] != "InProgress"
    status = {"name": slot.name("cancel", job), "status": "Succeeded" if ended else "InProgress", "error": None}
    return body | status | {"startTime": slot.stamp(slot.cancelled[job])}


#: What a request to enable what is enabled ends with though it succeeds: a warning (F17).
_WITHOUT_EFFECT: Final = {"code": WITHOUT_EFFECT, "message": "The machine is protected already; nothing was changed."}

_GENERIC: Final = "The provider of the machine's protection reported a failure."
"""What is said beside the second code of a failure."""


def errors_of(slot: Slot, job: str) -> list[dict[str, str]]:
    """The errors of a job, with the codes that the service was recorded with where it was; else the implementation's
    own. Messages are the implementation's: no recorded one is known."""
    shown = slot.implementation.job(job=job)
    told = [{"code": error["code"], "message": error["message"]} for error in shown.get("errors") or ()]
    if _had_no_effect(slot, job, shown):
        return [*told, dict(_WITHOUT_EFFECT)]
    without_effect = job in slot.refusing
    known = _shown(str(shown.get("scenario")))
    codes = known.refused if without_effect else known.failed
    if shown["state"] != "failed" or not told or not codes:
        return told  # what an implementation leaves out is not made up
    if without_effect:  # what the refusal is, its last error tells
        return [{**told[-1], "code": code} for code in codes]
    told += [{"code": "", "message": _GENERIC}] * (len(codes) - len(told))
    return [{**error, "code": code} for code, error in zip(codes, told, strict=False)] + told[len(codes) :]


def _had_no_effect(slot: Slot, job: str, shown: Mapping[str, Any]) -> bool:
    """Whether a job was to enable what was enabled, and succeeded (F17)."""
    return job in slot.refusing and shown["state"] == "succeeded" and shown.get("scenario") in _SCENARIOS_OF_ENABLING


def _description(slot: Slot, job: str, shown: Mapping[str, Any]) -> str:
    """What people read of a job's state, as recorded (F17); for Succeeded it may say more (facts 2.13)."""
    if _had_no_effect(slot, job, shown):
        return "CompletedWithInformation"
    return "Completed" if shown["state"] == "succeeded" else _TOKEN_OF_STATE[shown["state"]]


def error_of(errors: Sequence[Mapping[str, str]]) -> dict[str, Any]:
    """The error of an operation, from those of its job; codes are the implementation's own."""
    first = errors[0] if errors else {"code": f"{OWN}Failed", "message": "The operation failed."}
    return {"code": first["code"], "message": first["message"], "details": None}


def _custom_details(slot: Slot, job: str, scenario: str) -> dict[str, Any]:
    kind = _shown(scenario).details
    found: dict[str, Any] = {"instanceType": kind, "affectedObjectDetails": _affected(slot)}
    if kind == "SwitchProtectionJobDetails":
        found["newReplicationProtectedItemId"] = None
    if kind == "TestFailoverJobDetails":  # facts 2.2; no other status than Active was seen
        pending = (slot.implementation.item() or {}).get("drill") != "no_drill"
        active = pending and slot.ran.get(Operation.TEST_FAILOVER) == job
        asked = slot.asked.get(job)
        found["testFailoverStatus"] = "Active" if active else None
        found["networkType"] = asked.given.get("networkType") if asked else None
    return found


def _affected(slot: Slot) -> dict[str, str]:
    """What a job concerns, by the keys that were recorded."""
    vault, fabric, container, _ = slot.address
    return {
        "PrimaryVmId": slot.address.item,
        "PrimaryVmName": slot.friendly_name,
        "RecoveryVmId": "",
        "RecoveryVmName": slot.friendly_name,
        "ProtectionProfileId": policy_guid(vault, slot.forward.get("policyId", "")),
        "PrimaryCloudId": cloud_of(vault, fabric),
        "PrimaryCloudName": container,
        "RecoveryCloudId": azure_container(vault),
        "RecoveryCloudName": "Microsoft Azure",
        "PrimaryVmmId": fabric_guid(vault, fabric),
        "PrimaryVmmName": fabric,
        "RecoveryVmmId": azure_fabric(vault),
        "RecoveryVmmName": "Microsoft Azure",
        "PrimaryFabricProviderId": fabric_of(slot.hello["profile"]) or "",
        "RecoveryFabricProviderId": "Azure",
    }


def _read(slot: Slot, job: str, scenario: str, task: str) -> str:
    """What people read of a task. No name is known for those of a failover back to on-premises (facts 4)."""
    asked = slot.asked.get(job)
    if scenario == "UnplannedFailover" and asked is not None and is_failback(asked.instance):
        return task
    return _shown(scenario).tasks.get(task, task)


def _task(slot: Slot, task: Mapping[str, str], read: str, times: tuple[float | None, float | None]) -> dict[str, Any]:
    state, (began, ended) = task["state"], times
    token = _TOKEN_OF_STATE[state]
    return {
        "taskId": task["name"],
        "name": _NAMES.get(task["name"], task["name"]),
        "startTime": _NO_TIME if began is None else slot.stamp(began),
        "endTime": _NO_TIME if ended is None else slot.stamp(ended),
        "allowedActions": [],
        "friendlyName": read,
        "state": token,
        "stateDescription": "Skipped" if state == "skipped" else "Completed" if state == "succeeded" else token,
        "taskType": "TaskDetails",
        "customDetails": {"instanceType": "TaskDetails"},
        "groupTaskCustomDetails": None,
        "errors": [],
    }


def _reported(times: ShownTimes) -> Iterator[tuple[float, str | None]]:
    """When each error was reported, and for which task. Those that nobody dated came with the last one that somebody
    did, else with the job's end."""
    yield from times.errors
    end = times.began if times.ended is None else times.ended
    yield from repeat(times.errors[-1] if times.errors else (end, None))


def _error(slot: Slot, error: Mapping[str, str], activity: str, reported: float, task: str | None) -> dict[str, Any]:
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
        "creationTime": slot.stamp(reported),
        "taskId": task or "",
    }
