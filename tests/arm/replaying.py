"""The requests of the recordings, asked of `serve` letter by letter, and where its answers differ in status or keys."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, unquote, urlsplit

import yaml

from arm.test_recorded_shapes import CLI, POWERSHELL
from asr_properties.reference import ClassicItem, Fixed, ReferenceService, ReplicatedItem
from asr_properties.server.application import answerer
from asr_properties.server.replies import Reply, Request
from asr_properties.server.slots import Vaults


class Recorded(NamedTuple):
    """One exchange as recorded. operation: the name of the operation that the answer told, if any."""

    method: str
    url: str
    request: str
    status: int
    body: Any
    operation: str | None

    @property
    def path(self) -> str:
        """Its path without the vault, and with no ids of operations."""
        path = unquote(urlsplit(self.url).path)
        return re.sub(r"(replicationOperationStatus/).*", r"\1ID", re.sub(r"^.*/vaults/[^/]+/", "", path))


class Compared(NamedTuple):
    """An exchange, the status that it gets here, and the keys that differ."""

    recorded: Recorded
    status: int
    keys: tuple[str, ...]

    @property
    def agrees(self) -> bool:
        """Whether nothing differs."""
        return self.status == self.recorded.status and not self.keys


def cli() -> Iterator[Recorded]:
    """The exchanges of the recording of 2023."""
    for entry in yaml.load(CLI.read_bytes(), Loader=yaml.CSafeLoader)["interactions"]:
        asked, answered = entry["request"], entry["response"]
        headers = {name.lower(): values[0] for name, values in answered["headers"].items()}
        yield Recorded(
            asked["method"],
            asked["uri"],
            asked["body"] or "",
            answered["status"]["code"],
            json.loads(answered["body"].get("string") or "null"),
            _last(headers.get("azure-asyncoperation")),
        )


def powershell() -> Iterator[Recorded]:
    """The exchanges of the recording of 2017."""
    for entry in json.loads(POWERSHELL.read_text(encoding="utf-8-sig"))["Entries"]:
        headers = {name.lower(): values[0] for name, values in entry["ResponseHeaders"].items()}
        yield Recorded(
            entry["RequestMethod"],
            entry["RequestUri"],
            entry["RequestBody"] or "",
            int(entry["StatusCode"]),
            json.loads(entry["ResponseBody"] or "null"),
            _last(headers.get("azure-asyncoperation")),
        )


def _last(url: str | None) -> str | None:
    return url and urlsplit(url).path.rpartition("/")[2]


class Replay:
    """A server that recorded requests are asked of. item: the path of an item whose time is let pass."""

    def __init__(self, item_class: type[ReplicatedItem] | type[ClassicItem]) -> None:
        vaults = Vaults(lambda: ReferenceService(item_class=item_class, freedom=Fixed()))
        self._answer = answerer(vaults, "under test")
        self._names: dict[str, str] = {}

    def ask(self, method: str, url: str, body: str = "") -> Reply:
        """Ask for a URL, with the ids that operations have here."""
        for recorded, ours in self._names.items():
            url = url.replace(recorded, ours)
        asked = urlsplit(url)
        query = {name.lower(): value for name, value in parse_qsl(asked.query)}
        return self._answer(Request(method, "http://h", unquote(asked.path), query, body.encode()))

    def wait(self, item: str, seconds: float) -> None:
        """Let time pass, where the item is there already."""
        self.ask("POST", f"/control{item}/wait", json.dumps({"seconds": seconds}))

    def reach(self, recorded: Recorded, item: str, told: Callable[[Any], Any]) -> None:
        """Let time pass until an answer tells the same as what was recorded."""
        for _ in range(24 * 60):
            if told(self.ask("GET", recorded.url).body) == told(recorded.body):
                return
            self.wait(item, 60)
        raise AssertionError(f"{told(recorded.body)} was not reached")

    def compare(self, recorded: Recorded) -> Compared:
        """Ask what was asked, and compare."""
        reply = self.ask(recorded.method, recorded.url, recorded.request)
        location = reply.headers.get("Azure-AsyncOperation")
        if recorded.operation and location:
            self._names[recorded.operation] = str(_last(location))
        body = None if reply.body is None else json.loads(json.dumps(reply.body))
        return Compared(recorded, reply.status, tuple(sorted(set(different_keys(recorded.body, body)))))


def state_of(item: Any) -> tuple[str, str]:
    """The state that an item's body shows, and its `instanceType`."""
    return item["properties"]["protectionState"], str(instance_of(item))


def instance_of(body: Mapping[str, Any]) -> object:
    """The `instanceType` of a body's provider; None where it has none."""
    details = body.get("properties", {}).get("providerSpecificDetails") if "properties" in body else None
    return details.get("instanceType") if isinstance(details, Mapping) else None


def different_keys(recorded: Any, ours: Any, path: str = "") -> Iterator[str]:
    """Keys of objects that are at one place of both bodies and are not in both. What is null or empty in one of them
    tells of no keys; of a list all entries are taken together."""
    if isinstance(recorded, Mapping) and isinstance(ours, Mapping):
        yield from (f"-{path}.{key}" for key in recorded.keys() - ours.keys())
        yield from (f"+{path}.{key}" for key in ours.keys() - recorded.keys())
        for key in recorded.keys() & ours.keys():
            yield from different_keys(recorded[key], ours[key], f"{path}.{key}")
    elif isinstance(recorded, list) and isinstance(ours, list):
        shown = [entry for entry in ours if isinstance(entry, Mapping)]
        for entry in recorded:
            alike = [one for one in shown if isinstance(entry, Mapping) and instance_of(one) == instance_of(entry)]
            if alike:
                yield from min((list(different_keys(entry, one, f"{path}[]")) for one in alike), key=len)
    elif type(recorded) is not type(ours) and isinstance(recorded, Mapping | list) and ours is not None:
        yield f"!{path}"


def replay_cli() -> list[Compared]:
    """The recording of 2023; before a look, time is let pass until it shows the recorded state."""
    replay, done = Replay(ReplicatedItem), []
    exchanges = list(cli())
    item = next(urlsplit(e.url).path for e in exchanges if "replicationProtectedItems/" in e.url)
    for recorded in exchanges:
        if recorded.method == "GET" and urlsplit(recorded.url).path == item:
            replay.reach(recorded, item, state_of)
        elif "replicationOperationStatus" in recorded.url and recorded.body["status"] == "Succeeded":
            replay.reach(recorded, item, lambda body: body.get("status", "Succeeded"))
        done.append(replay.compare(recorded))
    return done


def replay_powershell() -> list[Compared]:
    """The recording of 2017, after what had been done before it: the policies, mappings and items that it shows."""
    replay, exchanges = Replay(ClassicItem), list(powershell())
    for recorded in exchanges:
        properties = (recorded.body or {}).get("properties", {}) if isinstance(recorded.body, Mapping) else {}
        if "replicationPolicies/" in recorded.url:
            given = {"properties": {"providerSpecificInput": properties["providerSpecificDetails"]}}
            assert replay.ask("PUT", recorded.url, json.dumps(given)).status == 202
    item = next(e for e in exchanges if e.method == "GET" and "replicationProtectedItems/" in e.url)
    for listed in next(e for e in exchanges if e.url.partition("?")[0].endswith("Mappings")).body["value"]:
        url = f"{listed['id']}?api-version=2016-08-10"
        assert replay.ask("PUT", url, json.dumps({"properties": {**listed["properties"]}})).status == 202
    details = {"instanceType": "InMageAzureV2"}
    enable = {
        "policyId": item.body["properties"]["policyId"],
        "protectableItemId": item.body["properties"]["protectableItemId"],
        "providerSpecificDetails": details,
    }
    path = urlsplit(item.url).path
    version = "?api-version=2016-08-10"
    assert replay.ask("PUT", item.url, json.dumps({"properties": enable})).status == 202
    replay.wait(path, 6 * 3600)
    over = {"failoverDirection": "PrimaryToRecovery", "sourceSiteOperations": "Required"}
    over_body = json.dumps({"properties": {**over, "providerSpecificDetails": details}})
    assert replay.ask("POST", f"{path}/unplannedFailover{version}", over_body).status == 202
    replay.wait(path, 3600)
    assert replay.ask("POST", f"{path}/failoverCommit{version}").status == 202
    replay.wait(path, 3600)
    return [replay.compare(recorded) for recorded in exchanges]
