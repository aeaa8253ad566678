"""Small cassettes as vcrpy writes them: a vault with one VM, and the words of the ARM API."""

from __future__ import annotations

import json
from typing import Any

VAULT = "https://management.azure.com/Subscriptions/s/resourceGroups/g/providers/Microsoft.RecoveryServices/vaults/v"
ITEMS = f"{VAULT}/replicationFabrics/f/replicationProtectionContainers/c/replicationProtectedItems"
ITEM = f"{ITEMS}/vm-1"
VERSION = "?api-version=2025-08-01"

PROTECTED = ("Protected", "InMageRcm", "Primary", ["UnplannedFailover", "DisableProtection", "TestFailover"])
FAILED_OVER = (
    "UnplannedFailoverCommitPendingStatesBegin",
    "InMageRcm",
    "Recovery",
    ["CompleteMigration", "Commit", "DisableProtection", "ChangePit", "SwitchProtection"],
)
REVERSE_PROTECTED = ("Protected", "InMageRcmFailback", "Primary", ["PlannedFailover", "DisableProtection"])
FAILED_BACK = (
    "CommitPendingStatesBegin",
    "InMageRcmFailback",
    "Recovery",
    ["CompleteMigration", "Commit", "DisableProtection", "SwitchProtection", "CancelFailover"],
)


def interaction(
    method: str, uri: str, status: int = 200, answer: Any = None, body: Any = None, starts: str | None = None
) -> dict[str, Any]:
    """One exchange; `starts` is the id of the operation that the answer's headers name."""
    headers = {"date": ["Sat, 26 Aug 2023 03:00:00 GMT"]}
    if starts is not None:
        headers["azure-asyncoperation"] = [f"{VAULT}/replicationOperationStatus/{starts}{VERSION}"]
        headers["location"] = [f"{ITEM}/operationresults/{starts}{VERSION}"]
    return {
        "request": {
            "method": method,
            "uri": uri + VERSION,
            "headers": {},
            "body": None if body is None else json.dumps(body),
        },
        "response": {
            "status": {"code": status, "message": ""},
            "headers": headers,
            "body": {"string": "" if answer is None else json.dumps(answer)},
        },
    }


def item_body(shape: tuple[str, str, str, list[str]], name: str = "vm-1", **properties: Any) -> dict[str, Any]:
    """An item as the service shows it; `properties` are added or replace others."""
    state, instance, location, operations = shape
    return {
        "id": f"/Subscriptions/S/vaults/V/replicationFabrics/x/replicationProtectedItems/{name.upper()}",
        "name": name,
        "properties": {
            "protectionState": state,
            "activeLocation": location,
            "allowedOperations": operations,
            "testFailoverState": "None",
            "replicationHealth": "Normal",
            "healthErrors": [],
            "currentScenario": {"scenarioName": "None", "jobId": "/vaults/V/replicationJobs/None"},
            "providerSpecificDetails": {"instanceType": instance},
            **properties,
        },
    }


def look(shape: tuple[str, str, str, list[str]], **properties: Any) -> dict[str, Any]:
    """GET of the item."""
    return interaction("GET", ITEM, answer=item_body(shape, **properties))


def ask(action: str, starts: str | None = None, status: int = 202, **details: Any) -> dict[str, Any]:
    """POST of an action on the item."""
    body = {"properties": {"providerSpecificDetails": details}}
    return interaction("POST", f"{ITEM}/{action}", status, body=body, starts=starts)


def poll(operation: str, status: str, error: Any = None) -> dict[str, Any]:
    """GET of the status of an operation."""
    answer = {"name": operation, "status": status, "error": error}
    return interaction("GET", f"{VAULT}/replicationOperationStatus/{operation}", answer=answer)


def cassette(*interactions: dict[str, Any]) -> dict[str, Any]:
    """The whole document."""
    return {"interactions": list(interactions), "version": 1}
