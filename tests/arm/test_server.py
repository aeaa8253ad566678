"""The server: names, refusals of both kinds, health, concurrency, time, and the control path."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from azure.mgmt.recoveryservicessiterecovery import models

from asr_model.vocabulary import Operation
from asr_properties.arm.inputs import INPUTS
from asr_properties.arm.tokens import OWN, drill_of, drill_token, phase_of, state_token
from asr_properties.reference import Fixed, ReferenceService
from asr_properties.server.application import Answer, answerer
from asr_properties.server.slots import Unservable, Vaults, check
from asr_properties.server.surface import Request

TESTS = Path(__file__).resolve().parents[1]
ENABLE = {
    "policyId": "p",
    "providerSpecificDetails": {
        "instanceType": "InMageRcm",
        "fabricDiscoveryMachineId": "m",
        "targetResourceGroupId": "g",
        "processServerId": "a",
    },
}


def vault(name: str = "v") -> str:
    return f"/subscriptions/s/resourceGroups/g/providers/Microsoft.RecoveryServices/vaults/{name}"


def item(name: str = "vm-1", of: str = "v") -> str:
    return f"{vault(of)}/replicationFabrics/f/replicationProtectionContainers/c/replicationProtectedItems/{name}"


class Caller:
    """Asks, and gives status and body."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer

    def __call__(self, method: str, path: str, body: Any = None, **query: str) -> tuple[int, Any]:
        content = b"" if body is None else json.dumps(body).encode()
        asked = {"api-version": "2025-08-01", **query}
        reply = self._answer(Request(method, "http://127.0.0.1", path, asked, content))
        self.headers = reply.headers
        return reply.status, reply.body

    def control(self, method: str, name: str, body: Any = None, of: str = "v", **query: str) -> tuple[int, Any]:
        content = b"" if body is None else json.dumps(body).encode()
        verb = "POST" if body is not None else "GET"
        reply = self._answer(Request(verb, "http://127.0.0.1", f"/control{item(name, of)}/{method}", query, content))
        return reply.status, reply.body

    def protect(self, name: str = "vm-1", of: str = "v") -> None:
        assert self("PUT", item(name, of), {"properties": ENABLE})[0] == 202
        assert self.control("wait", name, {"seconds": 4 * 3600}, of)[0] == 200


def caller(**choices: str) -> Caller:
    return Caller(answerer(Vaults(lambda: ReferenceService(freedom=Fixed(choices))), "under test"))


@pytest.fixture
def ask() -> Caller:
    return caller(cancel_job="accepted")


FAILOVER = {"properties": {"providerSpecificDetails": {"instanceType": "InMageRcm", "performShutdown": "true"}}}


def test_names_are_taken_as_given_and_compare_without_case(ask: Caller) -> None:
    ask.protect("VM-One")
    status, body = ask("GET", item("vm-one").replace("replicationProtectedItems", "REPLICATIONPROTECTEDITEMS").upper())
    assert status == 200
    assert body["name"] == "VM-One"
    assert body["id"].startswith("/Subscriptions/s/resourceGroups/g/")


def test_vaults_do_not_see_each_other(ask: Caller) -> None:
    ask.protect("vm-1", "v1")
    ask.protect("vm-2", "v1")
    ask.protect("vm-1", "v2")
    assert [i["name"] for i in ask("GET", f"{vault('v1')}/replicationProtectedItems")[1]["value"]] == ["vm-1", "vm-2"]
    assert len(ask("GET", f"{vault('v2')}/replicationJobs")[1]["value"]) == 1
    listed = item("", "v2").rstrip("/")
    assert [i["name"] for i in ask("GET", listed)[1]["value"]] == ["vm-1"]
    job = ask("GET", f"{vault('v2')}/replicationJobs")[1]["value"][0]["name"]
    assert ask("GET", f"{vault('v1')}/replicationJobs/{job}")[0] == 404


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", item("unknown"), 404),
        ("POST", f"{item('unknown')}/failoverCommit", 404),
        ("DELETE", item("unknown"), 404),
        ("GET", f"{vault()}/replicationJobs/unknown", 404),
        ("GET", f"{vault()}/replicationOperationStatus/unknown", 404),
        ("GET", f"{vault()}/networks", 404),
        ("GET", "/elsewhere", 404),
        ("GET", f"{item()}/recoveryPoints/unknown", 404),
        ("POST", f"{item()}/unplannedFailover", 400),
        ("PUT", item("new"), 400),
    ],
)
def test_what_there_is_not_is_an_error_of_arm(ask: Caller, method: str, path: str, status: int) -> None:
    ask.protect()
    answered, body = ask(method, path)
    assert answered == status
    assert set(body["error"]) == {"code", "message", "details"}
    assert body["error"]["code"] == {404: "NotFound", 400: "BadRequest"}[status]


def test_a_request_without_what_is_required_is_refused_and_changes_nothing(ask: Caller) -> None:
    ask.protect()
    body = {"properties": {"providerSpecificDetails": {"instanceType": "InMageRcm"}}}
    status, answer = ask("POST", f"{item()}/unplannedFailover", body)
    assert status == 400
    assert "performShutdown" in answer["error"]["message"]
    body["properties"]["providerSpecificDetails"]["instanceType"] = "A2A"
    assert "A2A" in ask("POST", f"{item()}/unplannedFailover", body)[1]["error"]["message"]
    assert len(ask("GET", f"{vault()}/replicationJobs")[1]["value"]) == 1


def test_a_refusal_at_once_is_a_400_with_an_error(ask: Caller) -> None:
    ask.protect()
    status, body = ask("POST", f"{item()}/failoverCommit")
    assert (status, body["error"]["code"]) == (400, "BadRequest")
    assert body["error"]["details"][0]["code"] == f"{OWN}Refused"


def test_a_refusal_by_job_is_accepted_and_its_operation_fails() -> None:
    ask = caller(refusal="by_job")
    ask.protect()
    assert ask("POST", f"{item()}/failoverCommit")[0] == 202
    job = ask.headers["x-ms-request-id"].rpartition("/")[2]
    ask.control("wait", "vm-1", {"job": job})
    assert ask("GET", f"{vault()}/replicationOperationStatus/{job}")[1]["status"] == "Failed"
    shown = ask("GET", f"{vault()}/replicationJobs/{job}")[1]["properties"]
    assert (shown["state"], shown["allowedActions"]) == ("Failed", [])
    assert [error["serviceErrorDetails"]["code"] for error in shown["errors"]] == ["25037"]  # F3
    assert ask("GET", f"{item()}/operationresults/{job}")[0] == 400
    assert ask("GET", item())[1]["properties"]["protectionState"] == "Protected"


def test_a_cancelled_operation_is_canceled_and_its_job_cancelled(ask: Caller) -> None:
    """A19: the SDK's poller never ends on the double l."""
    ask.protect()
    ask("POST", f"{item()}/unplannedFailover", FAILOVER)
    job = ask.headers["x-ms-request-id"].rpartition("/")[2]
    running = ask("GET", f"{vault()}/replicationJobs/{job}")[1]["properties"]
    assert running["allowedActions"] == ["Cancel"]
    assert ask("GET", item())[1]["properties"]["currentScenario"]["scenarioName"] == "UnplannedFailover"
    assert ask("POST", f"{vault()}/replicationJobs/{job}/cancel")[0] == 202
    ask.control("wait", "vm-1", {"job": job})
    assert ask("GET", f"{vault()}/replicationOperationStatus/{job}")[1]["status"] == "Canceled"
    assert ask("GET", f"{vault()}/replicationJobs/{job}")[1]["properties"]["state"] == "Cancelled"
    assert ask("POST", f"{vault()}/replicationJobs/{job}/cancel")[0] == 400


def test_faults_are_health_errors(ask: Caller) -> None:
    ask.protect()
    assert ask.control("inject", "vm-1", {"fault": "appliance_unhealthy"})[0] == 200
    shown = ask("GET", item())[1]["properties"]
    assert shown["replicationHealth"] == "Critical"
    assert shown["healthErrors"][0]["errorCode"] == "appliance_unhealthy"
    assert "UnplannedFailover" in shown["allowedOperations"]  # facts 1.0
    ask.control("clear", "vm-1", {"fault": "appliance_unhealthy"})
    assert ask("GET", item())[1]["properties"]["healthErrors"] == []


def test_where_no_token_is_known_an_own_opaque_one_is_shown(ask: Caller) -> None:
    ask.protect()
    ask("POST", f"{item()}/unplannedFailover", FAILOVER)
    assert ask("GET", item())[1]["properties"]["protectionState"] == f"{OWN}failing_over"
    assert state_token("failing_over", "InMageRcm") == f"{OWN}failing_over"
    assert phase_of(f"{OWN}failing_over", "InMageRcm") == "failing_over"
    assert phase_of(f"{OWN}nowhere", "InMageRcm") is None
    assert drill_of(drill_token("drill_running")) == "drill_running"


def test_every_input_is_one_of_the_sdk_and_has_its_keys() -> None:
    for (operation, _), given in INPUTS.items():
        model = getattr(models, given.model)
        keys = (*given.required, *given.optional, *given.needs)
        made = model({"instanceType": given.instance, **dict.fromkeys(keys, "x")})
        assert made.instance_type == given.instance
        known = set(model.__annotations__)
        assert {re.sub("([A-Z])", lambda m: "_" + m[1].lower(), key) for key in keys} <= known, (operation, given.model)
    assert {of for of, _ in INPUTS} >= {Operation.FAIL_OVER, Operation.REPROTECT, Operation.PLANNED_FAILOVER}


@pytest.mark.parametrize(
    ("method", "body", "code"),
    [
        ("wait", {"seconds": -1}, -32602),
        ("wait", {"job": "unknown"}, -32602),
        ("wait", {"hours": 1}, -32602),
        ("inject", {"fault": "unknown"}, 1001),
        ("fly", {}, -32601),
        ("new_item", {"configuration": {"unknown": 1}}, -32602),
        ("new_item", {"colour": 1}, -32602),
    ],
)
def test_the_control_path_answers_with_the_contracts_errors(ask: Caller, method: str, body: Any, code: int) -> None:
    ask.protect()
    status, answer = ask.control(method, "vm-1", body)
    assert (status, answer["error"]["code"]) == (400, code)


def test_what_the_guest_can_not_write_is_refused(ask: Caller) -> None:
    ask.protect()
    ask("POST", f"{item()}/unplannedFailover", FAILOVER)
    ask.control("wait", "vm-1", {"seconds": 300})
    status, answer = ask.control("write", "vm-1", {})
    assert (status, answer["error"]["code"]) == (409, 1000)


def test_the_control_path_is_no_part_of_arm(ask: Caller) -> None:
    ask.protect()
    assert ask("POST", f"{item()}/inject", {"fault": "failover_fails"})[0] == 404
    assert ask.control("machine", "vm-1", site="azure")[1]["result"]["power"] == "absent"


def test_time_runs_at_the_chosen_speed() -> None:
    real = [0.0]
    vaults = Vaults(lambda: ReferenceService(freedom=Fixed()), speed=3600.0, clock=lambda: real[0])
    ask = Caller(answerer(vaults, "under test"))
    ask("PUT", item(), {"properties": ENABLE})
    state = lambda: ask("GET", item())[1]["properties"]["protectionState"]  # noqa: E731
    assert state() == f"{OWN}enabling_replication"
    real[0] += 0.5
    assert state() == "InitialReplicationInProgress"
    real[0] += 1.0
    assert state() == "Protected"


def test_many_items_are_driven_at_once() -> None:
    """Each has its own lock: nothing is lost, nothing is given twice, and nobody waits for another's item."""
    ask = caller()

    def drive(number: int) -> list[str]:
        mine, name = Caller(ask._answer), f"vm-{number}"
        mine.protect(name)
        seen = []
        for _ in range(3):
            assert mine("POST", f"{item(name)}/testFailover", TEST)[0] == 202
            seen.append(mine.headers["x-ms-request-id"])
            mine.control("wait", name, {"seconds": 3600})
            mine("GET", f"{vault()}/replicationProtectedItems")
            assert mine("POST", f"{item(name)}/testFailoverCleanup", {"properties": {}})[0] == 202
            seen.append(mine.headers["x-ms-request-id"])
            mine.control("wait", name, {"seconds": 3600})
        return seen

    with ThreadPoolExecutor(8) as threads:
        jobs = [job for found in threads.map(drive, range(16)) for job in found]
    assert len(set(jobs)) == 16 * 6
    listed = ask("GET", f"{vault()}/replicationJobs")[1]["value"]
    assert len(listed) == 16 * 7
    assert {body["properties"]["state"] for body in listed} == {"Succeeded"}


def test_one_item_takes_one_of_many_requests_at_once() -> None:
    ask = caller()
    ask.protect()
    with ThreadPoolExecutor(8) as threads:
        statuses = list(threads.map(lambda _: ask("POST", f"{item()}/unplannedFailover", FAILOVER)[0], range(16)))
    assert sorted(statuses) == [202] + [400] * 15


TEST = {"properties": {"providerSpecificDetails": {"instanceType": "InMageRcm"}}}


def broken() -> None:
    raise OSError("no such device")


@pytest.mark.parametrize("factory", [broken, object])
def test_what_can_not_be_served_is_told(factory: Callable[[], Any]) -> None:
    with pytest.raises(Unservable, match="does not start"):
        check(factory)


def test_what_tells_no_times_can_not_be_served() -> None:
    class Timeless(ReferenceService):
        job_times = None  # type: ignore[assignment]

    with pytest.raises(Unservable, match="it lacks job_times; serve needs"):
        check(Timeless)


def serve(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "asr_properties.cli.main", "serve", "--port", "0", "--seconds", "0.5", *arguments],
        env={**os.environ, "PYTHONPATH": f"{os.environ.get('PYTHONPATH', '')}:{TESTS}"},
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip


@pytest.mark.parametrize("spec", ["wrong.implementations:kept_points", "wrong.implementations:KeptPoints"])
def test_serve_serves_factories_and_classes_of_items(spec: str) -> None:
    done = serve("--implementation", spec)
    assert done.returncode == 0, done.stderr
    assert "serving asr-reference 1.0.0 at http://127.0.0.1:" in done.stdout
    assert done.stderr == ""


def test_serve_says_aloud_when_others_can_reach_it() -> None:
    assert "WARNING: 203.0.113.1 is not loopback" in serve("--host", "203.0.113.1").stderr  # not an address of ours


@pytest.mark.parametrize(
    ("arguments", "status", "says"),
    [
        (("--implementation", "nowhere:nothing"), 2, "no module 'nowhere'"),
        (("--implementation", "builtins:object"), 2, "does not start"),
        (("--host", "203.0.113.1"), 3, "cannot listen on 203.0.113.1"),
        (("--now", "0001-01-01T00:00:00+02:00"), 2, "is no instant of the calendar in UTC"),
        (("--tls-folder", __file__), 2, "cannot write the certificate into"),
    ],
)
def test_serve_tells_what_is_wrong(arguments: tuple[str, ...], status: int, says: str) -> None:
    done = serve(*arguments)
    assert done.returncode == status
    assert says in done.stderr
    assert done.stdout == ""  # nobody is told that it serves
    assert "Traceback" not in done.stderr
