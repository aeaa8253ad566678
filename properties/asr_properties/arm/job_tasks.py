"""The tasks in the body of a job (facts 2.13, 7.5)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_STATES = {
    "NotStarted": "not_started",
    "InProgress": "in_progress",
    "Succeeded": "succeeded",
    "CompletedWithInformation": "succeeded",
    "PartiallySucceeded": "succeeded",
    "Failed": "failed",
    "Cancelled": "cancelled",
    "Other": "skipped",
}


def tasks_of(properties: Mapping[str, Any]) -> list[dict[str, str]]:
    """The tasks that the properties of a job list, by their ids. Never raises.

    One in a state that nobody has recorded is left out: nothing is concluded from it.
    """
    listed = properties.get("tasks")
    return [
        {"name": str(task.get("taskId")), "state": _STATES[str(task.get("state"))]}
        for task in (listed if isinstance(listed, list) else ())
        if isinstance(task, Mapping) and str(task.get("state")) in _STATES
    ]
