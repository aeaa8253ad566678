"""Whatever is asked, the answer is one of ARM: JSON, the right status, and nothing done that could not be answered."""

from __future__ import annotations

import json
from collections.abc import Iterator
from http.client import HTTPConnection
from typing import Any
from urllib.parse import quote, urlsplit

import pytest

from arm.serving import TOKEN, served
from arm.test_server import ENABLE, Caller, caller, item, vault
from asr_properties.arm.tokens import OWN
from asr_properties.reference import Fixed, ReferenceService
from asr_properties.server.api_versions import VERSIONS
from asr_properties.server.application import answerer
from asr_properties.server.replies import Request
from asr_properties.server.slots import Vaults

VERSION = "api-version=2025-08-01"


class Wire:
    """Asks over HTTP, letter by letter as told; gives status, headers and body."""

    def __init__(self, url: str) -> None:
        self._host = urlsplit(url).netloc

    def __call__(self, method: str, target: str, body: Any = None) -> tuple[int, dict[str, str], Any]:
        connection = HTTPConnection(self._host, timeout=20)
        connection.request(method, target, None if body is None else json.dumps(body))
        answer = connection.getresponse()
        content = answer.read()
        connection.close()
        headers = {name.lower(): value for name, value in answer.getheaders()}
        assert not content or headers["content-type"] == "application/json; charset=utf-8", content
        return answer.status, headers, json.loads(content) if content else None


@pytest.fixture(scope="module")
def wire() -> Iterator[Wire]:
    with served(lambda: ReferenceService(freedom=Fixed())) as url:
        yield Wire(url)


def is_an_error_of_arm(body: Any) -> bool:
    return isinstance(body, dict) and set(body["error"]) == {"code", "message", "details"}


# -- names and versions ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["Maschine-ü", "машина", "機械", "a b", "100%", "a?b#c", "x;y=z&w"])
def test_any_name_can_be_asked_for_and_is_encoded_in_headers(wire: Wire, name: str) -> None:
    target = quote(item(name), safe="/")
    status, headers, _ = wire("PUT", f"{target}?{VERSION}", {"properties": ENABLE})
    assert status == 202
    for header in ("location", "azure-asyncoperation"):
        assert headers[header].isascii()
        assert " " not in headers[header]
        found = urlsplit(headers[header])
        assert wire("GET", f"{found.path}?{found.query}")[0] in (200, 202)
    assert wire("GET", f"{target}?{VERSION}")[2]["name"] == name
    assert wire("GET", f"{quote(vault())}/replicationProtectedItems?{VERSION}")[0] == 200


def test_a_vault_of_any_name_is_encoded_too(wire: Wire) -> None:
    status, headers, _ = wire("PUT", f"{quote(item('vm-1', 'ü'))}?{VERSION}", {"properties": ENABLE})
    assert status == 202
    assert headers["x-ms-request-id"].isascii()


@pytest.mark.parametrize("name", ["a%00b", "a%0ab", "a%0d%0aX:%20y", "a%7f", "%ff%fe", "%C2%85"])
def test_what_can_not_be_named_is_refused_before_anything_is_done(wire: Wire, name: str) -> None:
    status, _, body = wire("PUT", f"{item(name)}?{VERSION}", {"properties": ENABLE})
    assert (status, body["error"]["code"], is_an_error_of_arm(body)) == (400, "BadRequest", True)
    assert wire("GET", f"/elsewhere{name}?{VERSION}")[0] == 400
    assert wire("POST", f"/control{item(name)}/new_item?token={TOKEN}", {"configuration": {}})[0] == 400
    listed = wire("GET", f"{vault()}/replicationProtectedItems?{VERSION}")[2]["value"]
    assert not [
        one["name"] for one in listed if one["name"].startswith(("a\x00", "a\n", "a\r", "a\x7f", "\ufffd", "\x85"))
    ]


@pytest.mark.parametrize(
    "version",
    ["", "1", "1%0d%0aX:%20y", "%00", "2025-08-01%0a", "latest", "2025-08-01-preview%0d", "%EF%BC%92025-08-01"],
)
def test_a_version_is_a_day(wire: Wire, version: str) -> None:
    target = f"{item('versioned')}?api-version={quote(version, safe='%')}"
    status, headers, body = wire("PUT", target, {"properties": ENABLE})
    assert (status, is_an_error_of_arm(body), "x" in headers) == (400, True, False)
    assert wire("GET", f"{item('versioned')}?{VERSION}")[0] == 404


def test_a_preview_is_a_version(wire: Wire) -> None:
    assert wire("GET", f"{vault()}/replicationJobs?api-version=2026-03-31-PREVIEW")[0] == 200


def test_a_version_that_there_is_not_is_refused_with_those_that_there_are(wire: Wire) -> None:
    status, _, body = wire("GET", f"{vault()}/replicationJobs?api-version=2023-07-14")
    assert (status, body["error"]["code"]) == (400, "NoRegisteredProviderFound")
    assert all(day in body["error"]["message"] for day in ("2023-07-14", "vaults/replicationJobs", *VERSIONS))


def test_a_version_has_to_be_named(wire: Wire) -> None:
    for target in (f"{vault()}/replicationJobs", f"{item()}?api-version=", "/x"):
        status, _, body = wire("GET", target)
        assert (status, body["error"]["code"]) == (400, "MissingApiVersionParameter")


# -- methods -----------------------------------------------------------------------------------------------------------

METHODS = [
    (item(), "GET, PUT, PATCH, DELETE"),
    (f"{item()}/recoveryPoints", "GET"),
    (f"{item()}/recoveryPoints/x", "GET"),
    (f"{item()}/failoverCommit", "POST"),
    (f"{item()}/operationresults/x", "GET"),
    (item("").rstrip("/"), "GET"),
    (f"{vault()}/replicationProtectedItems", "GET"),
    (f"{vault()}/replicationJobs", "GET"),
    (f"{vault()}/replicationJobs/x", "GET"),
    (f"{vault()}/replicationJobs/x/cancel", "POST"),
    (f"{vault()}/replicationOperationStatus/x", "GET"),
]


@pytest.mark.parametrize(("path", "allowed"), METHODS, ids=[path.removeprefix(vault()) for path, _ in METHODS])
def test_a_method_that_is_not_there_is_told_as_such(wire: Wire, path: str, allowed: str) -> None:
    for method in {"GET", "PUT", "POST", "DELETE", "PATCH", "HEAD", "OPTIONS", "TRACE", "BREW"} - set(
        allowed.split(", ")
    ):
        status, headers, body = wire(method, f"{path}?{VERSION}")
        assert (status, headers["allow"]) == (405, allowed), method
        assert is_an_error_of_arm(body) or method == "HEAD"


@pytest.mark.parametrize("path", ["/", "/x", f"{vault()}/networks", f"{item()}/mend", f"{item()}/a/b"])
@pytest.mark.parametrize("method", ["GET", "POST", "OPTIONS", "PATCH"])
def test_what_there_is_not_is_not_found_whatever_the_method(wire: Wire, method: str, path: str) -> None:
    status, _, body = wire(method, f"{path}?{VERSION}")
    assert (status, body["error"]["code"]) == (404, "NotFound")


def test_a_body_that_is_too_long_is_an_error_of_arm(wire: Wire) -> None:
    status, _, body = wire("POST", f"{item()}/failoverCommit?{VERSION}", "x" * (1 << 20))
    assert (status, is_an_error_of_arm(body)) == (413, True)


CONTAINER = f"{vault()}/replicationFabrics/f/replicationProtectionContainers/c"
WITH_A_BODY = (
    ("PUT", item("new")),
    ("PATCH", item()),
    ("POST", f"{item()}/unplannedFailover"),
    ("PUT", f"{vault()}/replicationPolicies/p"),
    ("PUT", f"{CONTAINER}/replicationProtectionContainerMappings/m"),
    ("PUT", f"{vault().partition('/providers')[0]}/providers/Microsoft.Network/virtualNetworks/n"),
)
NO_DOCUMENTS = (
    b"{", b"\xff", b"[" * 100000, b"nil", b'{"properties": NaN}', b'{"properties": {"policyId": Infinity}}',
    b'{"properties": {"iops": 1e999}}', b'{"properties": {"iops": -1e999}}', b'{"properties": {"policyId": "\\ud800"}}',
    b'{"properties": {"\\udc00": 1}}',
)  # fmt: skip


@pytest.mark.parametrize("content", NO_DOCUMENTS)
def test_a_body_that_is_no_document_is_an_error_of_arm_wherever_one_is_read(content: bytes) -> None:
    ask = caller()
    ask.protect()
    before = ask("GET", item())
    for method, path in WITH_A_BODY:
        reply = ask._answer(Request(method, "http://h", path, {"api-version": "2025-08-01"}, content))
        assert (reply.status, is_an_error_of_arm(reply.body)) == (400, True), (method, path)
        assert "not JSON" in reply.body["error"]["message"]
    assert ask("GET", item()) == before
    assert ask("GET", item("new"))[0] == 404
    control = ask._answer(Request("POST", "http://h", f"/control{item()}/inject", {}, content))
    assert (control.status, control.body["error"]["message"]) == (400, "the body is not JSON")


# -- the unexpected ----------------------------------------------------------------------------------------------------


class Breaking(ReferenceService):
    """Breaks where it is told to."""

    where = ""

    def _break(self, here: str) -> None:
        if Breaking.where == here:
            raise RuntimeError("a secret of the machine")

    def item(self) -> Any:
        self._break("item")
        return super().item()

    def request(self, operation: str, arguments: Any) -> Any:
        self._break("request")
        return super().request(operation, arguments)

    def wait(self, **parameters: Any) -> None:
        self._break("wait")
        super().wait(**parameters)

    def jobs(self) -> list[str]:
        self._break("jobs")
        return super().jobs()


@pytest.mark.parametrize(
    ("where", "method", "path", "body"),
    [
        ("item", "GET", item(), None),
        ("item", "GET", f"{vault()}/replicationProtectedItems", None),
        ("jobs", "GET", f"{vault()}/replicationJobs", None),
        ("request", "PUT", item(), {"properties": ENABLE}),
        ("request", "POST", f"{item()}/failoverCommit", None),
        ("wait", "POST", f"/control{item()}/wait", {"seconds": 1}),
    ],
)
def test_what_is_unexpected_is_told_and_leaves_the_item_usable(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, where: str, method: str, path: str, body: Any
) -> None:
    ask = Caller(answerer(Vaults(lambda: Breaking(freedom=Fixed())), "under test"))
    ask.protect()
    before = ask("GET", item())
    monkeypatch.setattr(Breaking, "where", where)
    status, answer = ask(method, path, body)
    assert (status, is_an_error_of_arm(answer), answer["error"]["code"]) == (500, True, f"{OWN}ServerError")
    assert "secret" not in str(answer)
    assert "a secret of the machine" in caplog.text
    monkeypatch.setattr(Breaking, "where", "")
    assert ask("GET", item()) == before
    assert ask("POST", f"{item()}/testFailover", TEST)[0] == 202


TEST = {"properties": {"providerSpecificDetails": {"instanceType": "InMageRcm"}}}


def test_the_unexpected_is_an_error_of_arm_over_http_too() -> None:
    with served(lambda: Breaking(freedom=Fixed())) as url:
        wire = Wire(url)
        assert wire("PUT", f"{item()}?{VERSION}", {"properties": ENABLE})[0] == 202
        Breaking.where = "item"
        try:
            status, _, body = wire("GET", f"{item()}?{VERSION}")
        finally:
            Breaking.where = ""
        assert (status, body["error"]["code"]) == (500, f"{OWN}ServerError")
        assert wire("GET", f"{item()}?{VERSION}")[0] == 200


def test_a_refusal_names_no_code_that_nobody_recorded() -> None:
    """Codes are `BadRequest` (F1), `NotFound` (F8), or our own."""
    ask = caller()
    ask.protect()
    codes = set()
    for method, path in (("POST", f"{item()}/failoverCommit"), ("GET", item("x")), ("PATCH", item()), ("PUT", item())):
        codes.add(ask(method, path)[1]["error"]["code"])
    assert {code for code in codes if not code.startswith(OWN)} == {"BadRequest", "NotFound"}
