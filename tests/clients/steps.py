"""Whole cycles of both profiles, in the words of the wire, and what the item is after each step."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

ADDRESS = ("rg-1", "vault-1", "fabric-1", "container-1")


class Step(NamedTuple):
    """A call of the SDK, or waiting for a state; after it the item reads `state` with `instance`, or is gone."""

    do: str
    body: tuple[Mapping[str, Any], ...]
    state: str | None
    instance: str | None

    def sent(self) -> dict[str, Any]:
        """The step as the clients read it."""
        return {"until": self.state} if self.do == "wait" else {"do": self.do, "body": self.body}


def _body(instance: str, given: Mapping[str, str], **properties: str) -> tuple[Mapping[str, Any], ...]:
    details = {"instanceType": instance, **given}
    return ({"properties": {**properties, "providerSpecificDetails": details}},)


_FORTH, _BACK = {"failoverDirection": "PrimaryToRecovery"}, {"failoverDirection": "RecoveryToPrimary"}
_OVER = "UnplannedFailoverCommitPendingStatesBegin"
_REMOVE = Step("delete", ({"properties": {}},), None, None)
_PLANNED = _body("InMageRcmFailback", {"recoveryPointType": "CrashConsistent"})

MODERNIZED = (
    Step(
        "create",
        _body(
            "InMageRcm",
            {
                "fabricDiscoveryMachineId": "/machines/1",
                "targetResourceGroupId": "/groups/1",
                "processServerId": "ps-1",
            },
            policyId="policy-1",
        ),
        "InitialReplicationInProgress",
        "InMageRcm",
    ),
    Step("wait", (), "Protected", "InMageRcm"),
    Step("test_failover", _body("InMageRcm", {"networkId": "/networks/1"}, **_FORTH), "Protected", "InMageRcm"),
    Step("test_failover_cleanup", ({"properties": {"comments": "done"}},), "Protected", "InMageRcm"),
    Step(
        "unplanned_failover",
        _body("InMageRcm", {"performShutdown": "true"}, **_FORTH, sourceSiteOperations="NotRequired"),
        _OVER,
        "InMageRcm",
    ),
    Step("failover_commit", (), "UnplannedFailoverCommitted", "InMageRcm"),
    Step(
        "reprotect",
        _body(
            "InMageRcm",
            {"reprotectAgentId": "ps-1", "datastoreName": "ds-1", "logStorageAccountId": "/accounts/1"},
            **_BACK,
        ),
        "InitialReplicationInProgress",
        "InMageRcmFailback",
    ),
    Step("wait", (), "Protected", "InMageRcmFailback"),
    Step("planned_failover", _PLANNED, "CommitPendingStatesBegin", "InMageRcmFailback"),
    Step("failover_cancel", (), "Protected", "InMageRcmFailback"),
    Step("planned_failover", _PLANNED, "CommitPendingStatesBegin", "InMageRcmFailback"),
    Step(
        "reprotect",
        _body("InMageRcmFailback", {"processServerId": "ps-1", "policyId": "policy-1"}),
        "InitialReplicationInProgress",
        "InMageRcm",
    ),
    Step("wait", (), "Protected", "InMageRcm"),
    _REMOVE,
)

_SERVERS = {"masterTargetId": "mt-1", "processServerId": "ps-1"}

CLASSIC = (
    Step(
        "create",
        _body("InMageAzureV2", {**_SERVERS, "storageAccountId": "/accounts/1"}, policyId="policy-1"),
        None,
        "InMageAzureV2",
    ),
    Step("wait", (), "Protected", "InMageAzureV2"),
    Step(
        "unplanned_failover",
        _body("InMageAzureV2", {}, **_FORTH, sourceSiteOperations="Required"),
        _OVER,
        "InMageAzureV2",
    ),
    Step("failover_commit", (), "UnplannedFailoverCommitted", "InMageAzureV2"),
    Step(
        "reprotect",
        _body("InMage", {**_SERVERS, "retentionDrive": "R:", "profileId": "profile-1"}, **_BACK),
        None,
        "InMage",
    ),
    Step("wait", (), "Protected", "InMage"),
    Step(
        "unplanned_failover",
        _body("InMage", {"recoveryPointType": "LatestTime"}, **_BACK, sourceSiteOperations="Required"),
        None,
        "InMage",
    ),
    Step("failover_commit", (), None, "InMage"),
    Step("reprotect", _body("InMageAzureV2", _SERVERS, **_FORTH), None, "InMageAzureV2"),
    Step("wait", (), "Protected", "InMageAzureV2"),
    _REMOVE,
)

CYCLES: Mapping[str, tuple[Step, ...]] = {"modernized": MODERNIZED, "classic": CLASSIC}
