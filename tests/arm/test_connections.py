"""How clients reach the server: connections, headers, packed bodies, slashes, and lists in pages."""

from __future__ import annotations

import gzip
import json
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from azure.core.pipeline.policies import SansIOHTTPPolicy
from azure.mgmt.recoveryservicessiterecovery import SiteRecoveryManagementClient

from arm.serving import served
from arm.test_sdk_cycle import NoCredential
from arm.test_server import ENABLE, item, vault
from asr_properties.reference import Fixed, ReferenceService
from asr_properties.server.application import KEEP_ALIVE, MOST_BYTES

VERSION = "api-version=2025-08-01"
NAMES = ("vm-1", "vm-2", "vm-3", "vm-4", "vm-5")


class Connected:
    """One connection that stays open."""

    def __init__(self, url: str) -> None:
        self.connection = HTTPConnection(urlsplit(url).netloc, timeout=20)

    def __call__(self, method: str, target: str, body: bytes | None = None, **headers: str) -> tuple[int, Any]:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.connection.request(method, target, body, named)
        answer = self.connection.getresponse()
        content = answer.read()
        self.headers = {name.lower(): value for name, value in answer.getheaders()}
        return answer.status, json.loads(content) if content else None


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with served(lambda: ReferenceService(freedom=Fixed()), page_size=2) as found:
        connected = Connected(found)
        for name in NAMES:
            body = json.dumps({"properties": ENABLE}).encode()
            assert connected("PUT", f"{item(name)}?{VERSION}", body)[0] == 202
        yield found


@pytest.fixture
def ask(url: str) -> Connected:
    return Connected(url)


def test_a_connection_outlasts_a_client_that_polls_every_few_seconds(ask: Connected) -> None:
    """uvicorn's own 5 s end just when such a client asks again."""
    assert KEEP_ALIVE >= 120
    assert ask("GET", f"{item()}?{VERSION}")[0] == 200
    socket = ask.connection.sock
    time.sleep(5.3)
    assert ask("GET", f"{item()}?{VERSION}")[0] == 200
    assert ask.connection.sock is socket is not None


IDS = ("x-ms-request-id", "x-ms-correlation-request-id")


@pytest.mark.parametrize(
    "target", [f"{item()}?{VERSION}", "/nowhere?x", f"{item()}/failoverCommit?{VERSION}", "/control"]
)
def test_every_answer_bears_its_ids_and_the_clients_own(ask: Connected, target: str) -> None:
    client_id, correlation = str(uuid4()), str(uuid4())
    ask("GET", target, x_ms_client_request_id=client_id, x_ms_correlation_request_id=correlation)
    assert ask.headers["x-ms-client-request-id"] == client_id
    assert ask.headers["x-ms-correlation-request-id"] == correlation
    first = ask.headers["x-ms-request-id"]
    ask("GET", target)
    assert all(ask.headers[name] not in ("", client_id, correlation, first) for name in IDS)
    assert "x-ms-client-request-id" not in ask.headers


def test_an_acceptance_bears_the_id_of_its_job(ask: Connected) -> None:
    """Facts 2.13."""
    body = json.dumps({"properties": ENABLE}).encode()
    assert ask("PUT", f"{item('vm-6')}?{VERSION}", body, x_ms_client_request_id="mine")[0] == 202
    assert "/replicationJobs/" in ask.headers["x-ms-request-id"]
    assert ask.headers["x-ms-client-request-id"] == "mine"


def test_a_body_may_be_packed(ask: Connected) -> None:
    packed = gzip.compress(json.dumps({"properties": ENABLE}).encode())
    assert ask("PUT", f"{item('packed')}?{VERSION}", packed, Content_Encoding="gzip")[0] == 202
    for broken in (packed[:-9], b"{}", packed[:4]):
        status, body = ask("PUT", f"{item('broken')}?{VERSION}", broken, Content_Encoding="gzip")
        assert (status, body["error"]["code"]) == (400, "BadRequest")
    assert ask("PUT", f"{item('broken')}?{VERSION}", packed, Content_Encoding="br")[0] == 415
    bomb = gzip.compress(bytes(MOST_BYTES + 1))
    assert ask("PUT", f"{item('broken')}?{VERSION}", bomb, Content_Encoding="gzip")[0] == 413
    assert ask("GET", f"{item('broken')}?{VERSION}")[0] == 404


@pytest.mark.parametrize(
    "path", [item(), item("").rstrip("/"), f"{vault()}/replicationJobs", f"{item()}/recoveryPoints"]
)
def test_a_slash_at_the_end_says_nothing(ask: Connected, path: str) -> None:
    assert ask("GET", f"{path}/?{VERSION}") == ask("GET", f"{path}?{VERSION}")
    assert ask("GET", f"{path}?{VERSION}")[0] == 200


# -- pages -------------------------------------------------------------------------------------------------------------


def test_the_official_sdk_reads_all_pages(url: str) -> None:
    azure = SiteRecoveryManagementClient(
        NoCredential(), "s", base_url=url, authentication_policy=SansIOHTTPPolicy(), polling_interval=0
    )
    sizes = [len(list(page)) for page in azure.replication_protected_items.list(*VAULT_OF_ITEMS).by_page()]
    assert set(sizes[:-1]) == {2}
    names = [found.name for found in azure.replication_protected_items.list(*VAULT_OF_ITEMS)]
    assert names[:4] == list(NAMES[:4])
    jobs = [job.name for job in azure.replication_jobs.list(*VAULT_OF_ITEMS, filter="JobStatus eq 'InProgress'")]
    assert len(jobs) == len(set(jobs)) >= 5


VAULT_OF_ITEMS = ("g", "v")
VAULT_OF_POLICIES = vault("of-policies")


def test_a_page_goes_on_after_the_entry_that_was_last_whatever_came_meanwhile(ask: Connected) -> None:
    link = ask("GET", f"{vault()}/replicationJobs/?{VERSION}")[1]["nextLink"]
    assert "skipToken=" in link
    target = link.removeprefix(f"{urlsplit(link).scheme}://{urlsplit(link).netloc}")
    before = ask("GET", target)[1]["value"]
    assert ask("PUT", f"{item('later')}?{VERSION}", json.dumps({"properties": ENABLE}).encode())[0] == 202
    assert ask("GET", target)[1]["value"] == before


def test_a_page_goes_on_though_the_entry_that_was_last_is_gone(ask: Connected) -> None:
    policies = f"{VAULT_OF_POLICIES}/replicationPolicies"
    told = json.dumps({"properties": {"providerSpecificInput": {"instanceType": "InMageRcm"}}}).encode()
    for number in range(7):
        assert ask("PUT", f"{policies}/p{number}?{VERSION}", told)[0] == 202
    link, seen = f"{policies}?{VERSION}", []
    for gone in ((), ("p1",), ("p2", "p3"), ("p4", "p5")):
        for name in gone:
            assert ask("DELETE", f"{policies}/{name}?{VERSION}")[0] == 202
        page = ask("GET", link)[1]
        seen += [policy["name"] for policy in page["value"]]
        link = page["nextLink"] and page["nextLink"].partition(urlsplit(page["nextLink"]).netloc)[2]
    assert (seen, link) == ([f"p{number}" for number in range(7)], None)


def test_where_nothing_that_was_given_is_left_the_token_is_refused(ask: Connected) -> None:
    policies = f"{VAULT_OF_POLICIES}-2/replicationPolicies"
    told = json.dumps({"properties": {"providerSpecificInput": {"instanceType": "InMageRcm"}}}).encode()
    for number in range(3):
        assert ask("PUT", f"{policies}/p{number}?{VERSION}", told)[0] == 202
    link = ask("GET", f"{policies}?{VERSION}")[1]["nextLink"].partition("/subscriptions")
    for number in range(2):
        assert ask("DELETE", f"{policies}/p{number}?{VERSION}")[0] == 202
    status, body = ask("GET", "".join(link[1:]))
    assert (status, body["error"]["details"][0]["code"]) == (400, "asr-conformance:InvalidSkipToken")


@pytest.mark.parametrize("token", ["", "x", "%C3%BC", "bm93aGVyZQ=="])
def test_a_token_that_was_never_given_is_refused(ask: Connected, token: str) -> None:
    status, body = ask("GET", f"{vault()}/replicationJobs?{VERSION}&skipToken={token}")
    assert (status, body["error"]["code"]) == (400, "BadRequest")


def test_a_list_has_all_of_its_entries_unless_a_page_size_is_set() -> None:
    with served(lambda: ReferenceService(freedom=Fixed())) as url:
        assert Connected(url)("GET", f"{vault()}/replicationJobs?{VERSION}")[1] == {"value": [], "nextLink": None}
