"""What the server answers looks like what was recorded: the same keys, with values of the same kind."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from asr_properties.arm.words import observation_of
from asr_properties.reference import Fixed, ReferenceService
from asr_properties.server.application import answerer
from asr_properties.server.slots import Vaults
from asr_properties.server.surface import Request

RECORDINGS = Path(__file__).resolve().parents[3] / "shared" / "recordings"
CLI = RECORDINGS / "azure-cli-V2A_RCMInMage_scenarios.yaml"
POWERSHELL = RECORDINGS / "azure-powershell-V2ATestReprotect.json"

ITEM = (
    "/subscriptions/s/resourceGroups/g/providers/Microsoft.RecoveryServices/vaults/v/replicationFabrics/f"
    "/replicationProtectionContainers/c/replicationProtectedItems/vm-1"
)
VAULT = ITEM.partition("/replicationFabrics")[0]

Kinds = dict[str, set[str]]

#: What the recorded machine has and a simulated one has no reason to have: the discovery of vCenter, and why its agent
#: needs no upgrade. Both are null or empty here.
BEYOND = (".providerSpecificDetails.discoveredVmDetails.", ".agentUpgradeBlockingErrorDetails[]")


def kinds(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Path and kind of everything in a body."""
    if isinstance(value, Mapping):
        yield path, "object"
        for key, inner in value.items():
            yield from kinds(inner, f"{path}.{key}")
    elif isinstance(value, list):
        yield path, "list"
        for inner in value:
            yield from kinds(inner, f"{path}[]")
    else:
        kind = "number" if isinstance(value, int | float) and not isinstance(value, bool) else type(value).__name__
        yield path, kind


def gathered(bodies: list[Any]) -> Kinds:
    found: Kinds = defaultdict(set)
    for body in bodies:
        for path, kind in kinds(body):
            found[path].add(kind)
    return found


@cache
def interactions() -> tuple[tuple[str, str, Any, Mapping[str, Any]], ...]:
    with CLI.open(encoding="utf-8") as file:
        entries = yaml.load(file, Loader=yaml.CSafeLoader)["interactions"]
    found = []
    for entry in entries:
        content = entry["response"]["body"].get("string") or "null"
        try:
            body = json.loads(content)
        except ValueError:
            body = None
        found.append((entry["request"]["method"], entry["request"]["uri"], body, entry["response"]["headers"]))
    return tuple(found)


def recorded_items(instance: str) -> list[Any]:
    bodies = [body for method, uri, body, _ in interactions() if method == "GET" and "operationresults" not in uri]
    items = [body for body in bodies if isinstance(body, dict) and "replicationProtectedItems" in str(body.get("type"))]
    return [body for body in items if body["properties"]["providerSpecificDetails"]["instanceType"] == instance]


class Cycle:
    """The bodies that the server shows along the recorded cycle."""

    def __init__(self) -> None:
        self._answer = answerer(
            Vaults(lambda: ReferenceService(freedom=Fixed({"cancel_job": "accepted"}))), "under test"
        )
        self.items: dict[str, list[Any]] = defaultdict(list)
        self.jobs: list[Any] = []
        self.operations: list[Any] = []
        self.accepted: Any = None

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        content = b"" if body is None else json.dumps(body).encode()
        return self._answer(Request(method, "http://127.0.0.1", path, {"api-version": "2025-08-01"}, content))

    def look(self) -> None:
        body = self.ask("GET", ITEM).body
        self.items[body["properties"]["providerSpecificDetails"]["instanceType"]].append(body)

    def operate(self, method: str, action: str, instance: str = "", **details: Any) -> None:
        properties = {"policyId": "p", "providerSpecificDetails": {"instanceType": instance, **details}}
        reply = self.ask(method, f"{ITEM}{action}", {"properties": properties if instance else {}})
        assert reply.status == 202, reply
        self.accepted = reply
        job = reply.headers["x-ms-request-id"].rpartition("/")[2]
        for _ in range(2):
            self.jobs.append(self.ask("GET", f"{VAULT}/replicationJobs/{job}").body)
            self.operations.append(self.ask("GET", f"{VAULT}/replicationOperationStatus/{job}").body)
            self.look()
            self.ask("POST", f"/control{ITEM}/wait", {"job": job})

    def wait(self) -> None:
        """Two hours, with looks on the way."""
        for _ in range(8):
            self.look()
            self.ask("POST", f"/control{ITEM}/wait", {"seconds": 900})
        self.look()


@cache
def cycle() -> Cycle:
    done = Cycle()
    keys = ("fabricDiscoveryMachineId", "targetResourceGroupId", "processServerId", "runAsAccountId")
    done.operate("PUT", "", "InMageRcm", **dict.fromkeys(keys, "given"))
    done.wait()
    done.operate("POST", "/unplannedFailover", "InMageRcm", performShutdown="true")
    details = {"reprotectAgentId": "a", "datastoreName": "d", "logStorageAccountId": "l"}
    done.operate("POST", "/reProtect", "InMageRcm", **details)
    done.wait()
    done.operate("POST", "/plannedFailover", "InMageRcmFailback", recoveryPointType="CrashConsistent")
    done.look()
    return done


def differences(ours: Kinds, recorded: Kinds) -> list[str]:
    """Keys that were never recorded, recorded ones that are missing, and values of another kind."""
    known = {path for path in recorded if not any(part in path for part in BEYOND)}
    told = [f"never recorded: {path}" for path in ours if path not in recorded]
    told += [f"missing: {path}" for path in known if path not in ours]
    for path in known & set(ours):
        other = ours[path] - recorded[path] - {"NoneType"}
        if recorded[path] != {"NoneType"}:
            told += [f"{path} is {kind}, recorded as {sorted(recorded[path])}" for kind in other]
    return sorted(told)


#: Seen in 2021 after a planned failover (facts 2.7); the recording of 2023 doesn't look at the item then.
ONLY_ELSEWHERE = {
    "InMageRcm": [],
    "InMageRcmFailback": ["never recorded: .properties.providerSpecificDetails.lastPlannedFailoverStatus"],
}


@pytest.mark.parametrize("instance", ONLY_ELSEWHERE)
def test_items_have_the_recorded_keys_and_kinds(instance: str) -> None:
    recorded = gathered(recorded_items(instance))
    assert len(recorded) > 90
    assert differences(gathered(cycle().items[instance]), recorded) == ONLY_ELSEWHERE[instance]


def test_operation_statuses_have_the_recorded_keys_and_kinds() -> None:
    recorded = [body for _, uri, body, _ in interactions() if "replicationOperationStatus" in uri and body]
    assert differences(gathered(cycle().operations), gathered([b for b in recorded if b["error"] is None])) == []


def test_jobs_have_the_recorded_keys_and_kinds() -> None:
    """The recorded job is of 2017 and runs: keys of a job that has ended come from facts 2.13, and its top level had an
    operation's status mixed in; `newReplicationProtectedItemId` belongs to a reprotect."""
    entries = json.loads(POWERSHELL.read_text(encoding="utf-8-sig"))["Entries"]
    bodies = [json.loads(entry["ResponseBody"]) for entry in entries if "/replicationJobs/" in entry["RequestUri"]]
    recorded = next(b for b in bodies if b["properties"]["scenarioName"] == "SwitchReplicationGroupProtection")
    for mixed_in in ("status", "error", "startTime", "endTime"):
        recorded.pop(mixed_in)
    recorded["properties"]["customDetails"]["affectedObjectDetails"] = {"PrimaryVmName": "x"}
    ours = next(b for b in cycle().jobs if b["properties"]["scenarioName"] == "SwitchReplicationGroupProtection")
    assert differences(gathered([ours]), gathered([recorded])) == ["never recorded: .type"]
    tasks = [[task["taskId"] for task in body["properties"]["tasks"]] for body in (ours, recorded)]
    assert tasks[0] == tasks[1]


def test_acceptances_have_both_headers_and_no_body() -> None:
    recorded = [headers for method, uri, _, headers in interactions() if method == "POST" and "reProtect" in uri]
    assert {"azure-asyncoperation", "location"} <= set(recorded[0])
    assert {"Azure-AsyncOperation", "Location"} <= set(cycle().accepted.headers)
    assert cycle().accepted.body is None


def test_the_words_of_the_recorded_states_are_the_ones_that_are_shown() -> None:
    def shown(bodies: list[Any]) -> dict[str, tuple[Any, ...]]:
        names = ("protectionStateDescription", "activeLocation", "allowedOperations", "recoveryFabricFriendlyName")
        found = {}
        for body in bodies:
            instance = body["properties"]["providerSpecificDetails"]["instanceType"]
            values = [body["properties"][name] for name in names]
            key = f"{instance}/{body['properties']['protectionState']}"
            found[key] = tuple(sorted(v) if isinstance(v, list) else v for v in values if v != "f")
        return found

    recorded = shown(recorded_items("InMageRcm") + recorded_items("InMageRcmFailback"))
    ours = shown([body for bodies in cycle().items.values() for body in bodies])
    assert len(recorded) >= 6
    for state, values in recorded.items():
        fabric = [value for value in values if value == "Microsoft Azure"]
        assert [*ours[state][:3], *fabric] == [*values[:3], *fabric], state


def test_every_body_reads_back_without_a_remark() -> None:
    for bodies in cycle().items.values():
        for body in bodies:
            assert observation_of(body).remarks == ()
