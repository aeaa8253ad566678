"""Who may reach the control path, where links lead, and how long lists may be."""

from __future__ import annotations

import http.client
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest

from arm.serving import TOKEN, served
from arm.test_server import ENABLE, Caller, caller, item
from asr_properties.adapters.arm.factory import arm_factory
from asr_properties.adapters.options import CONTROL_TOKEN, ArmOptions
from asr_properties.contract.connection import AdapterError, Connection

CONTROL = f"/control{item()}"
OTHER_HOSTS = ["evil.example", "evil.example:{port}", "127.0.0.1", "127.0.0.1:1", "127.0.0.1.evil.example:{port}"]
WITHOUT = [{}, {"X_Control_Token": "guess"}, {"X_Control_Token": TOKEN[:-1]}, {"Cookie": TOKEN}]


@pytest.fixture
def url() -> Iterator[str]:
    with served() as at:
        yield at


def asked(
    url: str, verb: str, path: str, host: str | None = None, body: Any = None, **headers: str
) -> tuple[int, Any, http.client.HTTPMessage]:
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=10)
    connection.putrequest(verb, path, skip_host=host is not None)
    if host:
        connection.putheader("Host", host)
    content = b"" if body is None else json.dumps(body).encode()
    for name, value in {"Content-Length": str(len(content)), **headers}.items():
        connection.putheader(name.replace("_", "-"), value)
    connection.endheaders(content)
    answer = connection.getresponse()
    read = answer.read()
    connection.close()
    return answer.status, json.loads(read) if read else None, answer.headers


def test_the_token_opens_the_control_path_as_a_header_or_in_the_query(url: str) -> None:
    assert asked(url, "GET", "/control", X_Control_Token=TOKEN)[0] == 200
    assert asked(url, "GET", f"/control?token={TOKEN}")[0] == 200
    assert asked(url, "POST", f"{CONTROL}/new_item?token={TOKEN}", body={"configuration": {}})[0] == 200
    found = asked(url, "GET", f"{CONTROL}/machine?site=azure&token={TOKEN}")
    assert found[1]["result"]["power"] == "absent"


@pytest.mark.parametrize(
    "headers", [{}, {"X_Control_Token": "guess"}, {"X_Control_Token": TOKEN[:-1]}, {"Cookie": TOKEN}]
)
@pytest.mark.parametrize(
    ("verb", "path"),
    [("GET", "/control"), ("POST", f"{CONTROL}/new_item"), ("POST", f"{CONTROL}/inject"), ("DELETE", CONTROL)],
)
def test_nothing_happens_without_the_token(url: str, verb: str, path: str, headers: dict[str, str]) -> None:
    status, body, _ = asked(url, verb, path, **headers)
    assert status == 403
    assert body["error"]["code"] == "asr-conformance:ControlToken"
    assert TOKEN not in str(body)


@pytest.mark.parametrize("host", OTHER_HOSTS)
def test_nothing_happens_under_another_host(url: str, host: str) -> None:
    named = host.format(port=urlsplit(url).port)
    status, body, _ = asked(url, "POST", f"{CONTROL}/new_item", host=named, body={}, X_Control_Token=TOKEN)
    assert status == 403
    assert body["error"]["code"] == "asr-conformance:ControlHost"
    assert asked(url, "GET", f"{CONTROL}/replication", X_Control_Token=TOKEN)[0] == 400  # there is no such item


@pytest.mark.parametrize(
    ("host", "leads_to"),
    [
        ("127.0.0.1:{port}", "http://127.0.0.1:{port}/"),
        ("localhost:{port}", "http://localhost:{port}/"),
        ("localhost:9000", "http://localhost:9000/"),  # a port that is mapped to the server's
        ("[::1]:{port}", "http://[::1]:{port}/"),
    ],
)
def test_links_lead_to_the_server_whatever_the_headers_say(url: str, host: str, leads_to: str) -> None:
    port = urlsplit(url).port
    forwarded = {"X_Forwarded_Host": "evil.example", "X_Forwarded_Proto": "https"}
    path = f"{item()}?api-version=2025-08-01"
    _, _, headers = asked(url, "PUT", path, host=host.format(port=port), body={"properties": ENABLE}, **forwarded)
    for name in ("Location", "Azure-AsyncOperation"):
        assert headers[name].startswith(leads_to.format(port=port))


PATH = f"{item()}?api-version=2025-08-01"
PLANNED = f"{item()}/plannedFailover?api-version=2025-08-01"
OF_OTHERS = [
    "evil.example",
    "evil.example:{port}",
    "127.0.0.1.evil.example:{port}",
    "localhost:x@evil.example",
    "::",
    "",
]


@pytest.mark.parametrize("host", OF_OTHERS)
@pytest.mark.parametrize("control_path", [True, False])
def test_the_arm_surface_answers_under_no_name_of_others(host: str, control_path: bool) -> None:
    """A web page may turn a name of its own to this machine (DNS rebinding)."""
    with served(control_path=control_path) as url:
        named = host.format(port=urlsplit(url).port)
        for verb, path in (("PUT", PATH), ("POST", PLANNED), ("GET", PATH)):
            status, body, _ = asked(url, verb, path, host=named or " ", body={"properties": ENABLE})
            assert status == 403
            assert body["error"]["code"] == "asr-conformance:Host"
        assert "--allow-host" in body["error"]["message"]
        assert asked(url, "GET", PATH)[0] == 404  # no item was made


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "https://127.0.0.1", ""])
def test_the_arm_surface_does_not_answer_pages_of_others(url: str, origin: str) -> None:
    """A page may send a plain POST to this machine, under its right name."""
    status, body, _ = asked(url, "POST", PLANNED, body={}, Origin=origin)
    assert status == 403
    assert body["error"]["code"] == "asr-conformance:Origin"
    assert asked(url, "POST", PLANNED, body={}, Origin=url)[0] == 404  # there is no such item


def test_a_name_that_is_allowed_is_answered_and_links_lead_there() -> None:
    with served(also=["Box.Example"]) as url:
        status, _, headers = asked(url, "PUT", PATH, host="box.example:8443", body={"properties": ENABLE})
        assert status == 202
        assert headers["Location"].startswith("http://box.example:8443/")
        assert asked(url, "GET", f"/control?token={TOKEN}", host="box.example:8443")[0] == 403


def test_the_adapter_finds_the_token_in_the_environment_and_says_when_it_has_none(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for at in (url, url.replace("127.0.0.1", "localhost")):
        connection = Connection(arm_factory(f"arm:{at}", ArmOptions())())
        assert connection.has_clock
        connection.new_item({})
        connection.request("enable_replication", {})
    for token in ("", "another"):
        monkeypatch.setenv(CONTROL_TOKEN, token)
        with pytest.raises(AdapterError, match=f"set {CONTROL_TOKEN} to the token that serve printed"):
            Connection(arm_factory(f"arm:{url}", ArmOptions())())


@pytest.mark.parametrize("set_to", ["", "a token/of mine"])
def test_serve_prints_the_token(set_to: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "asr_properties.cli.main", "serve", "--port", "0", "--seconds", "0.2"],
        env={**os.environ, CONTROL_TOKEN: set_to}, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    found = re.search(r"control path: http://127\.0\.0\.1:\d+/control\?token=(\S+)\n", done.stdout)
    assert found
    assert found[1] == "a%20token%2Fof%20mine" if set_to else len(found[1]) >= 24


YEARS = 50 * 365 * 24 * 60


@pytest.mark.parametrize(
    ("configuration", "status"),
    [
        ({"retention_minutes": YEARS, "crash_consistent_minutes": 1}, 400),
        ({"retention_minutes": YEARS}, 400),
        ({"retention_minutes": YEARS, "crash_consistent_minutes": YEARS / 2, "app_consistent_minutes": 60}, 400),
        ({"retention_minutes": 1e300, "crash_consistent_minutes": 1e300}, 200),
        ({"retention_minutes": 15 * 24 * 60, "crash_consistent_minutes": 1, "app_consistent_minutes": 60}, 200),
        ({"retention_minutes": YEARS, "crash_consistent_minutes": YEARS / 1000}, 200),
    ],
)
def test_retention_and_intervals_are_bounded_together(configuration: dict[str, float], status: int) -> None:
    ask: Caller = caller()
    answered, body = ask.control("new_item", "vm-1", {"configuration": configuration})
    assert answered == status
    if status == 400:
        assert "without end" in body["error"]["message"]
        return
    ask.protect()
    assert ask.control("wait", "vm-1", {"seconds": 40 * 365 * 86_400})[0] == 200
    assert ask("GET", f"{item()}/recoveryPoints")[0] == 200
