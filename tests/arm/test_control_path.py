"""The control path: its document, choices, and faults of the way that clients must cope with."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection, RemoteDisconnected
from typing import Any
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest
from azure.core.exceptions import HttpResponseError, ServiceRequestError, ServiceResponseError
from azure.core.pipeline.policies import SansIOHTTPPolicy
from azure.mgmt.recoveryservicessiterecovery import SiteRecoveryManagementClient
from jsonschema import Draft202012Validator

from arm.serving import TOKEN, served
from arm.test_sdk_cycle import ITEM, VAULT, NoCredential, enable, until
from arm.test_served_inputs import do
from arm.test_server import ENABLE, FAILOVER, Caller, caller, item, vault
from asr_model.vocabulary import Fault
from asr_properties.reference import CHOICES, Chosen, ReferenceService
from asr_properties.server.application import answerer
from asr_properties.server.control_methods import ITEM as ADDRESS
from asr_properties.server.control_methods import OF_AN_ITEM, OF_THE_SERVER
from asr_properties.server.http_faults import HttpFault, HttpFaults
from asr_properties.server.replies import Request
from asr_properties.server.slots import Vaults


def chosen(seed: int | None = None, **pinned: str) -> Caller:
    vaults = Vaults(lambda: ReferenceService(freedom=Chosen(pinned, seed)))
    return Caller(answerer(vaults, "under test"))


def steer(ask: Caller, verb: str, path: str, body: Any = None) -> tuple[int, Any]:
    return ask(verb, f"/control{path}", body)


# -- the document ------------------------------------------------------------------------------------------------------


def test_the_document_tells_every_method_and_who_serves() -> None:
    status, told = steer(chosen(), "GET", "")
    assert (status, told["openapi"], told["x-serve"]["serves"]) == (200, "3.1.0", "under test")
    declared = {(m.verb, f"/control/{m.name}".rstrip("/")) for m in OF_THE_SERVER}
    declared |= {(m.verb, f"/control{ADDRESS}/{m.name}".rstrip("/")) for m in OF_AN_ITEM}
    shown = {(verb.upper(), path) for path, methods in told["paths"].items() for verb in methods}
    assert shown == declared
    for methods in told["paths"].values():
        for operation in methods.values():
            assert operation["summary"]
            for content in operation.get("requestBody", {}).get("content", {}).values():
                Draft202012Validator.check_schema(content["schema"])
                assert "$ref" not in str(content["schema"])


def test_what_the_document_tells_is_there() -> None:
    """Each method is answered: not by an unknown method's error."""
    for method in (*OF_THE_SERVER, *OF_AN_ITEM):
        ask = chosen()
        ask.protect()
        path = item() if method in OF_AN_ITEM else ""
        given = {} if method.verb == "POST" else None
        status, told = steer(ask, method.verb, f"{path}/{method.name}".rstrip("/"), given)
        assert status in (200, 400, 409), (method, told)
        assert status != 400 or told["error"]["code"] == -32602, (method, told)


def test_a_wrong_name_is_told_the_right_ones() -> None:
    ask = chosen()
    ask.protect()
    wrong = {
        f"{item()}/inject": ({"fault": "disk_full"}, tuple(Fault)),
        f"{item()}/clear": ({"fault": "disk_full"}, tuple(Fault)),
        f"{item()}/choose": ({"choice": "colour", "option": "red"}, tuple(CHOICES)[:8]),  # as long as a message may be
        "/choose": ({"choice": "refusal", "option": "red"}, ("at_once", "by_job", "drawn")),
        "/http_faults": ({"kind": "fire"}, ("throttled", "unavailable", "slow", "lost", "reset")),
        f"{item()}/fly": ({}, ("new_item", "inject", "choose")),
        "/fly": ({}, ("choices", "http_faults")),
    }
    for path, (given, right) in wrong.items():
        status, told = steer(ask, "POST", path, given)
        assert status == 400, path
        assert [word for word in right if word not in told["error"]["message"]] == [], path
    task = {"fault": "failover_fails", "task": "Nothing"}
    assert "VmFailover" in steer(ask, "POST", f"{item()}/inject", task)[1]["error"]["message"]


# -- choices -----------------------------------------------------------------------------------------------------------


def commit(ask: Caller) -> int:
    status = ask("POST", f"{item()}/failoverCommit")[0]
    if status == 202:
        ask.control("wait", "vm-1", {"job": ask.headers["x-ms-request-id"].rpartition("/")[2]})
    return status


def test_a_refusal_comes_as_chosen_at_every_call_until_it_is_changed() -> None:
    ask = chosen()
    ask.protect()
    assert {commit(ask) for _ in range(8)} == {400}
    assert steer(ask, "POST", f"{item()}/choose", {"choice": "refusal", "option": "by_job"}) == (200, {"result": None})
    assert {commit(ask) for _ in range(8)} == {202}
    assert steer(ask, "GET", f"{item()}/choices")[1]["result"]["refusal"] == "by_job"
    steer(ask, "POST", f"{item()}/choose", {"choice": "refusal", "option": "drawn"})
    assert {commit(ask) for _ in range(24)} == {400, 202}


def test_what_is_chosen_for_all_is_for_those_to_come_as_well() -> None:
    ask = chosen()
    ask.protect()
    assert steer(ask, "POST", "/choose", {"choice": "refusal", "option": "by_job"})[0] == 200
    ask.protect("vm-2")
    assert ask("POST", f"{item()}/failoverCommit")[0] == ask("POST", f"{item('vm-2')}/failoverCommit")[0] == 202
    assert steer(ask, "GET", "/choices")[1]["result"] == {**{n: o[0] for n, o in CHOICES.items()}, "refusal": "by_job"}


def test_a_fresh_machine_knows_only_what_was_chosen_for_all() -> None:
    ask = chosen()
    ask.protect()
    steer(ask, "POST", "/choose", {"choice": "cancel_job", "option": "accepted"})
    steer(ask, "POST", f"{item()}/choose", {"choice": "refusal", "option": "by_job"})
    steer(ask, "POST", f"{item()}/new_item", {"configuration": {}})
    taken = steer(ask, "GET", f"{item()}/choices")[1]["result"]
    assert (taken["refusal"], taken["cancel_job"]) == ("at_once", "accepted")


def test_a_seed_draws_the_same_again_and_another_one_otherwise() -> None:
    def drawn(seed: int) -> list[int]:
        ask = chosen(seed)
        ask.protect()
        return [commit(ask) for _ in range(24)]

    assert drawn(1) == drawn(1)
    assert len({tuple(drawn(seed)) for seed in range(4)}) > 1


def test_an_implementation_that_chooses_by_itself_is_not_told() -> None:
    ask = caller()
    ask.protect()
    for path in ("/choose", f"{item()}/choose"):
        status, told = steer(ask, "POST", path, {"choice": "refusal", "option": "by_job"})
        assert (status, told["error"]["code"]) == (400, 1001)


# -- codes of the service ----------------------------------------------------------------------------------------------


def codes(ask: Caller, action: str, body: Any = None) -> list[str]:
    do(ask, action, body)
    job = ask("GET", f"{vault()}/replicationJobs")[1]["value"][0]["properties"]
    assert job["state"] == "Failed"
    return [error["serviceErrorDetails"]["code"] for error in job["errors"]]


def test_failed_jobs_have_the_codes_that_were_recorded() -> None:
    """F2, F3, F4, F6."""
    ask = chosen(refusal="by_job")
    ask.protect()
    assert codes(ask, "failoverCommit") == ["25037"]
    back = {"reprotectAgentId": "a", "datastoreName": "d", "logStorageAccountId": "l"}
    reprotect = {"properties": {"providerSpecificDetails": {"instanceType": "InMageRcm", **back}}}
    assert codes(ask, "reProtect", reprotect) == ["25038"]
    ask.control("inject", "vm-1", {"fault": "failover_fails"})
    assert codes(ask, "testFailover", {"properties": {"providerSpecificDetails": {"instanceType": "InMageRcm"}}}) == [
        "28031", "539"
    ]  # fmt: skip
    do(ask, "testFailoverCleanup", {"properties": {}})
    assert codes(ask, "unplannedFailover", FAILOVER) == ["28031", "539"]


def test_failed_states_are_health_errors_with_the_codes_that_were_recorded() -> None:
    """F5, F9."""
    ask = chosen()
    ask.protect()
    ask.control("inject", "vm-1", {"fault": "failover_fails"})
    do(ask, "unplannedFailover", FAILOVER)
    assert [error["errorCode"] for error in ask("GET", item())[1]["properties"]["healthErrors"]] == ["78037"]
    ask = chosen(enable_under_fault="enabling_failed")
    ask.control("new_item", "vm-1", {"configuration": {}})
    ask.control("inject", "vm-1", {"fault": "appliance_unhealthy"})
    assert ask("PUT", item(), {"properties": ENABLE})[0] == 202
    ask.control("wait", "vm-1", {"seconds": 4 * 3600})
    ask.control("clear", "vm-1", {"fault": "appliance_unhealthy"})
    assert [error["errorCode"] for error in ask("GET", item())[1]["properties"]["healthErrors"]] == ["310056"]


# -- faults of the way -------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with served(lambda: ReferenceService(freedom=Chosen()), speed=36000) as found:
        yield found


@pytest.fixture
def azure(url: str) -> Iterator[SiteRecoveryManagementClient]:
    """An item that is protected; the SDK does not ask again by itself."""
    azure = SiteRecoveryManagementClient(
        NoCredential(),
        "sub-1",
        base_url=url,
        authentication_policy=SansIOHTTPPolicy(),
        polling_interval=0,
        retry_total=0,
    )
    control(url, "DELETE", "http_faults")
    try:
        azure.replication_protected_items.get(*ITEM)
    except HttpResponseError:
        azure.replication_protected_items.begin_create(*ITEM, enable()).result()
        until(azure, "Protected")
    yield azure
    control(url, "DELETE", "http_faults")


def control(url: str, verb: str, name: str, **given: Any) -> Any:
    import json

    connection = HTTPConnection(urlsplit(url).netloc, timeout=20)
    body = json.dumps(given) if verb == "POST" else None
    connection.request(verb, f"/control/{name}", body, {"X-Control-Token": TOKEN})
    answer = connection.getresponse()
    told = json.loads(answer.read())
    connection.close()
    assert answer.status == 200, told
    return told["result"]


def jobs(azure: SiteRecoveryManagementClient) -> int:
    return len(list(azure.replication_jobs.list(*VAULT)))


@pytest.mark.parametrize(("kind", "status", "code"), [
    ("throttled", 429, "TooManyRequests"), ("unavailable", 503, "asr-conformance:Unavailable"),
])  # fmt: skip
def test_a_request_that_is_not_looked_at(
    azure: SiteRecoveryManagementClient, url: str, kind: str, status: int, code: str
) -> None:
    control(url, "POST", "http_faults", kind=kind, method="POST", seconds=6.2)
    before = jobs(azure)
    with pytest.raises(HttpResponseError) as error:
        azure.replication_protected_items.begin_failover_commit(*ITEM)
    assert (error.value.status_code, error.value.error.code) == (status, code)
    assert error.value.response.headers["Retry-After"] == "7"
    assert jobs(azure) == before
    assert control(url, "GET", "http_faults") == []


def test_the_official_sdk_asks_again_by_itself(url: str, azure: SiteRecoveryManagementClient) -> None:
    patient = SiteRecoveryManagementClient(
        NoCredential(), "sub-1", base_url=url, authentication_policy=SansIOHTTPPolicy(), polling_interval=0
    )
    control(url, "POST", "http_faults", kind="throttled", times=2, path="/replicationprotecteditems/", seconds=0)
    assert patient.replication_protected_items.get(*ITEM).name == ITEM[-1]
    assert control(url, "GET", "http_faults") == []


def test_a_lost_answer_was_done_and_a_reset_was_not(azure: SiteRecoveryManagementClient, url: str) -> None:
    cleanup = {"properties": {"comments": "x"}}
    before = jobs(azure)
    drill = {"properties": {"providerSpecificDetails": {"instanceType": "InMageRcm"}}}
    control(url, "POST", "http_faults", kind="reset", path="testFailover")
    with pytest.raises((ServiceRequestError, ServiceResponseError)):
        azure.replication_protected_items.begin_test_failover(*ITEM, drill)
    assert jobs(azure) == before
    control(url, "POST", "http_faults", kind="lost", path="testFailover")
    with pytest.raises((ServiceRequestError, ServiceResponseError)):
        azure.replication_protected_items.begin_test_failover(*ITEM, drill)
    assert jobs(azure) == before + 1
    until_drilled(azure)
    azure.replication_protected_items.begin_test_failover_cleanup(*ITEM, cleanup).result()


def status_of(url: str) -> int:
    with urlopen(url, timeout=20) as answer:
        return int(answer.status)


def until_drilled(azure: SiteRecoveryManagementClient) -> None:
    for _ in range(2000):
        if azure.replication_protected_items.get(*ITEM).properties.test_failover_state == "WaitingForCompletion":
            return
    raise AssertionError("no drill")


def test_a_slow_answer_comes_late(azure: SiteRecoveryManagementClient, url: str) -> None:
    control(url, "POST", "http_faults", kind="slow", seconds=0.4, skip=1)
    began = time.monotonic()
    azure.replication_protected_items.get(*ITEM)
    assert time.monotonic() - began < 0.4
    azure.replication_protected_items.get(*ITEM)
    assert time.monotonic() - began >= 0.4


def test_a_server_that_ends_gives_its_slow_answers_first(caplog: pytest.LogCaptureFixture) -> None:
    with ThreadPoolExecutor(1) as pool:
        with served() as url:
            control(url, "POST", "http_faults", kind="slow", seconds=600)
            late = pool.submit(status_of, f"{url}{vault()}/replicationJobs?api-version=2025-08-01")
            while control(url, "GET", "http_faults"):
                time.sleep(0.01)
            began = time.monotonic()
        assert time.monotonic() - began < 30  # of 600
        assert late.result() == 200
    assert not caplog.records


def test_a_connection_that_ends_without_an_answer_reads_so(url: str) -> None:
    control(url, "POST", "http_faults", kind="lost")
    connection = HTTPConnection(urlsplit(url).netloc, timeout=20)
    connection.request("GET", f"{vault()}/replicationJobs?api-version=2025-08-01")
    with pytest.raises((RemoteDisconnected, ConnectionResetError)):
        connection.getresponse()


def test_faults_meet_those_that_they_are_meant_for_in_their_order() -> None:
    faults = HttpFaults()
    faults.add(HttpFault(kind="throttled", method="post", times=2))
    faults.add(HttpFault(kind="reset", path="/JOBS", skip=1))
    asked = [("GET", "/x"), ("POST", "/jobs"), ("GET", "/jobs"), ("POST", "/x"), ("POST", "/jobs"), ("POST", "/x")]
    taken = [faults.take(*one) for one in asked]
    assert [fault and fault.kind for fault in taken] == [None, "throttled", None, "throttled", "reset", None]
    assert faults.waiting() == []


def test_the_control_path_itself_never_fails_so(url: str) -> None:
    control(url, "POST", "http_faults", kind="reset", times=5)
    assert len(control(url, "GET", "http_faults")) == 1
    control(url, "DELETE", "http_faults")
    ask = Caller(answerer(Vaults(ReferenceService), "under test"))
    assert ask._answer(Request("GET", "http://h", "/control", {})).status == 200
    assert ENABLE
