"""Bodies of jobs and recovery points, in the contract's words (facts 2.13, 3, 7.5)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from asr_properties.arm.job_tasks import tasks_of
from asr_properties.arm.operations import POINT_TYPE_OF_TOKEN
from asr_properties.arm.tokens import JOB_STATE_OF_TOKEN, last_segment
from asr_properties.contract.connection import AdapterError


def shown_job(body: Mapping[str, Any]) -> dict[str, Any]:
    """A job.

    Raises:
        AdapterError: it is in a state that the facts do not know.
    """
    properties = body["properties"]
    token = str(properties.get("state"))
    state = JOB_STATE_OF_TOKEN.get(token, "in_progress" if token in ("Suspended", "Other") else None)
    if state is None:
        job = last_segment(str(body.get("id")))
        hint = f"the states that were recorded or documented are {', '.join(JOB_STATE_OF_TOKEN)}, Suspended and Other"
        raise AdapterError(
            "a job is in a state that nobody has recorded or documented", sent=f"GET job {job}", got=token, hint=hint
        )
    scenario = properties.get("scenarioName")
    actions = properties.get("allowedActions")
    return {
        "state": state,
        "scenario": None if scenario in (None, "None") else scenario,
        "tasks": tasks_of(properties),
        "errors": [_error(error) for error in properties.get("errors") or ()],
        "may_cancel": None if actions is None else "Cancel" in actions,
    }


def _error(body: Mapping[str, Any]) -> dict[str, str]:
    service, provider = body.get("serviceErrorDetails") or {}, body.get("providerErrorDetails") or {}
    code = service.get("code") or provider.get("errorCode")
    message = service.get("message") or provider.get("errorMessage")
    return {"code": str(code), "message": str(message)}


def created_of(body: Mapping[str, Any]) -> float:
    """When a recovery point was made, in seconds."""
    text = str((body.get("properties") or {}).get("recoveryPointTime"))
    return datetime.fromisoformat(text).timestamp()


def kind_of(body: Mapping[str, Any]) -> str | None:
    """The kind of a recovery point."""
    return POINT_TYPE_OF_TOKEN.get(str((body.get("properties") or {}).get("recoveryPointType")))


def shown_point(body: Mapping[str, Any]) -> dict[str, Any]:
    """A recovery point."""
    details = (body.get("properties") or {}).get("providerSpecificDetails") or {}
    return {
        "id": last_segment(str(body.get("id"))),
        "kind": kind_of(body),
        "created": created_of(body),
        "multi_vm": str(details.get("isMultiVmSyncPoint")).lower() == "true",
    }
