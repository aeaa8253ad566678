"""No false alarm either where the events of several items have to be found in HTTP traffic of any format."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from asr_model import profiles
from asr_model.vocabulary import Answer, Operation
from asr_properties.arm import tokens as arm
from asr_properties.traces.events import ItemSeen, JobSeen, Requested, TraceEvent
from asr_properties.traces.formats import read_trace
from asr_properties.traces.judging import judge
from asr_properties.traces.trace_verdicts import Conformance
from traces.cassettes import ITEM, VAULT, cassette, interaction
from traces.formats import at, har, session_record
from traces.test_walks import Recorder

CHANCE = 0.3


class Traffic:
    """What a client and the service say to each other about one item, its vault and its name."""

    def __init__(self, seed: int, profile: str, vault: str, name: str) -> None:
        self._random = random.Random(seed)
        self._profile = profile
        self._vault = VAULT.replace("/vaults/v", f"/vaults/{vault}")
        self._item = ITEM.replace("/vaults/v/", f"/vaults/{vault}/").replace("vm-1", name)
        self._prefix = f"{vault}-{name}-"
        self._instance = "InMageRcm" if profile == "modernized" else "InMageAzureV2"
        self.exchanges = [
            one for event in Recorder(seed, profile).walk(self._random.randint(1, 15)) for one in self._all(event)
        ]

    def _all(self, event: TraceEvent) -> Iterator[dict[str, Any]]:
        """The exchange that tells of an event, and what stands around it in recordings."""
        told = self._one(event)
        method, uri = told["request"]["method"], told["request"]["uri"].split("?")[0]
        if method != "GET" and self._random.random() < CHANCE:
            yield interaction(method, uri, self._random.choice([401, 429, 503, 0]))
        if self._random.random() < CHANCE:
            yield interaction("OPTIONS", uri, 204)
        yield told
        if method == "GET" and self._random.random() < CHANCE:
            yield told

    def _one(self, event: TraceEvent) -> dict[str, Any]:
        match event:
            case ItemSeen(observation=seen) if "enable_replication" in (seen.allowed_operations or ()):
                return interaction("GET", self._item, 404)
            case ItemSeen():
                return interaction("GET", self._item, answer=self._body(event))
            case JobSeen():
                state = {"cancelled": "Canceled", "in_progress": "InProgress"}.get(event.state, event.state.title())
                job = self._job(event.job)
                if self._random.random() < 0.5:
                    status = f"{self._vault}/replicationOperationStatus/{job}"
                    return interaction("GET", status, answer={"name": job, "status": state, "error": None})
                state = state.replace("Canceled", "Cancelled")
                return interaction(
                    "GET", f"{self._vault}/replicationJobs/{job}", answer={"name": job, "properties": {"state": state}}
                )
            case Requested():
                status = 202 if event.answer is Answer.ACCEPTED else 409
                if event.operation is Operation.CANCEL_JOB:
                    job = self._job(str(dict(event.arguments)["job"]))
                    return interaction("POST", f"{self._vault}/replicationJobs/{job}/cancel", status)
                method, action = arm.ACTION_OF[event.operation]
                uri, body = f"{self._item}/{action}".rstrip("/"), self._arguments(event)
                asked = interaction(method, uri, status, body=body)
                if event.job is not None:
                    started = f"{self._vault}/replicationOperationStatus/{self._job(event.job).upper()}"
                    asked["response"]["headers"]["Azure-AsyncOperation"] = [started]
                return asked

    def _job(self, name: str) -> str:
        return self._prefix + name.replace(" ", "-")

    def _body(self, event: ItemSeen) -> dict[str, Any]:
        seen = event.observation
        self._instance = seen.profile_instance or self._instance
        details = {} if seen.profile_instance is None else {"instanceType": seen.profile_instance}
        properties: dict[str, Any] = {"providerSpecificDetails": details}
        if seen.phase is not None and seen.profile_instance is not None:
            properties["protectionState"] = arm.state_token(seen.phase, seen.profile_instance, self._profile)
        if seen.active_site is not None and seen.profile_instance is not None:
            is_primary = arm.PRIMARY_SITE[seen.profile_instance] == seen.active_site
            properties["activeLocation"] = "Primary" if is_primary else "Recovery"
        if seen.allowed_operations is not None:
            tokens = [arm.TOKEN_OF[Operation(o)] for o in seen.allowed_operations if Operation(o) in arm.TOKEN_OF]
            properties["allowedOperations"] = ["CompleteMigration", *tokens]
        if seen.drill is not None:
            properties["testFailoverState"] = arm.drill_token(seen.drill)
        if seen.health is not None:
            properties["replicationHealth"] = seen.health.title()
        return {"id": self._item.upper(), "name": "x", "properties": properties}

    def _arguments(self, event: Requested) -> dict[str, Any]:
        details: dict[str, Any] = {"instanceType": self._instance}
        given = dict(event.arguments)
        point = given.get("recovery_point")
        if isinstance(point, str) and point != "latest":  # there is no word for another option: clients name the point
            details["recoveryPointId"] = f"/vaults/v/recoveryPoints/{point}"
        if "shut_down_source" in given:
            details["performShutdown"] = str(given["shut_down_source"]).lower()
        if "recovery_point_type" in given:
            is_app = given["recovery_point_type"] == "app_consistent"
            details["recoveryPointType"] = "ApplicationConsistent" if is_app else "CrashConsistent"
        return {"properties": {"providerSpecificDetails": details}}


def interleaved(several: list[list[dict[str, Any]]], draw: random.Random) -> list[dict[str, Any]]:
    """One exchange each two seconds, those of each item in their order."""
    queues = [list(one) for one in several]
    taken: list[dict[str, Any]] = []
    while waiting := [queue for queue in queues if queue]:
        taken.append(at(2 * len(taken), draw.choice(waiting).pop(0)))
    return taken


def document(form: str, exchanges: list[dict[str, Any]], draw: random.Random) -> Any:
    """The recording of these exchanges as `form` keeps it."""
    if form == "cassette":
        return cassette(*exchanges)
    if form == "HAR":
        return har(draw.sample(exchanges, len(exchanges)), packed=draw.random() < 0.5)
    by_address = sorted(exchanges, key=lambda entry: str(entry["request"]["uri"]))
    return session_record(by_address)


@pytest.mark.parametrize("form", ["cassette", "HAR", "session record"])
@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 2**32), st.sampled_from(sorted(profiles.CHARTS))), min_size=1, max_size=3))
def test_what_the_model_does_is_never_wrong(tmp_path: Path, form: str, walks: list[tuple[int, str]]) -> None:
    draw = random.Random(walks[0][0])
    places = [("v", "vm-1"), ("w", "vm-1"), ("v", "vm-2")]
    traffic = [Traffic(seed, profile, *place) for (seed, profile), place in zip(walks, places, strict=False)]
    exchanges = interleaved([one.exchanges for one in traffic], draw)
    (tmp_path / "recording").write_text(json.dumps(document(form, exchanges, draw)))
    trace = read_trace(tmp_path / "recording")
    for verdict in judge(trace):
        assert verdict.conformance is not Conformance.NON_CONFORMANT, (verdict.item, verdict.why)
    assert len(set(trace.items)) <= len(walks)
