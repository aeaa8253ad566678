"""The tasks in the body of a job (facts 2.13, 7.5)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
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
    return [told for _, told in bodies_and_tasks(properties)]


def bodies_and_tasks(properties: Mapping[str, Any]) -> Iterator[tuple[Mapping[str, Any], dict[str, str]]]:
    """The same, each behind the body that tells it."""
    listed = properties.get("tasks")
    for body in listed if isinstance(listed, list) else ():
        if isinstance(body, Mapping) and str(body.get("state")) in _STATES and not _is_another(body):
            yield body, {"name": str(body.get("taskId")), "state": _STATES[str(body.get("state"))]}


def _is_another(body: Mapping[str, Any]) -> bool:
    """Whether a task is in the state `Other`, and is told to be anything but skipped (facts 2.13)."""
    return body.get("state") == "Other" and body.get("stateDescription", "Skipped") != "Skipped"
