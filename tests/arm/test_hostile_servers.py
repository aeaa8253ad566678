"""Whatever answers: a run ends within its limits, as one clear adapter error, and never as a verdict."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from arm.hostile import Behaviour, answer, drips, hangs, hostile, pours, sends
from asr_properties.adapters.arm.adapter import ArmAdapter
from asr_properties.adapters.arm.bounded_http import HttpLimits
from asr_properties.adapters.arm.target import ANY_SITE, read_target
from asr_properties.contract.connection import AdapterError, Connection

LIMITS = HttpLimits(call_seconds=1.0, body_bytes=1 << 20, attempts=2, pages=3, first_pause=0.01)
ITEM = (
    "/subscriptions/s/resourceGroups/g/providers/Microsoft.RecoveryServices/vaults/v/replicationFabrics/f"
    "/replicationProtectionContainers/c/replicationProtectedItems/vm"
)
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
DEEP = b'{"properties":' + b"[" * 100_000 + b"]" * 100_000 + b"}"

#: name -> what the server does, and what the error says.
HOSTILE: dict[str, tuple[Behaviour, str]] = {
    "hangs": (hangs, "no whole answer within 1 s"),
    "drips headers": (drips(b"HTTP/1.1 200 OK\r\nX-Slow: "), "no whole answer within 1 s"),
    "drips a body": (drips(HEAD + b"Content-Length: 1000000\r\n\r\n"), "no whole answer within 1 s"),
    "closes at once": (sends(b""), ""),
    "closes in the body": (sends(HEAD + b"Content-Length: 100\r\n\r\n{"), ""),
    "huge header": (sends(b"HTTP/1.1 200 OK\r\nX-Huge: " + b"x" * 10**6 + b"\r\n\r\n"), "header"),
    "many headers": (sends(HEAD + b"".join(b"X-%d: 1\r\n" % n for n in range(5000)) + b"\r\n"), "headers"),
    "pours a body": (pours(HEAD + b"\r\n"), "more than 1048576 bytes"),
    "huge announced body": (pours(HEAD + b"Content-Length: 1000000000000\r\n\r\n"), "more than 1048576 bytes"),
    "compressed": (sends(answer("200 OK", b"\x1f\x8b", "Content-Encoding: gzip")), "compressed"),
    "garbage": (sends(answer("200 OK", b"{'no json")), ""),
    "no HTTP": (sends(b"SSH-2.0-OpenSSH\r\n"), ""),
    "wrong content type": (sends(answer("200 OK", b"<html>", kind="text/html")), "not JSON"),
    "deeply nested": (sends(answer("200 OK", DEEP)), ""),
    "no object": (sends(answer("200 OK", b"[1, 2]")), ""),
    "no properties": (sends(answer("200 OK", b'{"id": "x"}')), "without properties"),
    "errors for ever": (sends(answer("500 Internal Server Error", b'{"error": {"code": "E", "message": "m"}}')), "500"),
    "not authorised": (sends(answer("401 Unauthorized", b'{"error": {"code": "E", "message": "m"}}')), "401"),
    "throttles for ever": (sends(answer("429 Too Many", b"{}", "Retry-After: 100000")), "429"),
}


def connected(port: int) -> Connection:
    target = read_target(f"arm:http://127.0.0.1:{port}{ITEM}")
    return Connection(ArmAdapter(target, limits=LIMITS, settings=ANY_SITE))


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_answer_is_an_adapter_error(name: str) -> None:
    behaviour, says = HOSTILE[name]
    with hostile(behaviour) as server:
        connection = connected(server.port)
        with pytest.raises(AdapterError) as error:
            connection.new_item({})
        assert says in str(error.value)
        assert error.value.sent == "GET item"
        assert len(server.requests) <= 1 + LIMITS.attempts


ABSENT = answer("404 Not Found", b'{"error": {"code": "NotFound", "message": "no item"}}')
NO_JOBS = answer("200 OK", b'{"value": []}')


@pytest.mark.parametrize("name", ["hangs", "drips a body", "garbage", "wrong content type", "pours a body"])
def test_also_when_it_is_asked_for_controls(name: str) -> None:
    behaviour, says = HOSTILE[name]
    with hostile(behaviour, control=True) as server, pytest.raises(AdapterError, match="GET /control") as error:
        connected(server.port)
    assert says in str(error.value)


def test_a_redirect_is_not_followed() -> None:
    with hostile(sends(answer("200 OK", b"{}"))) as elsewhere:
        there = f"Location: http://127.0.0.1:{elsewhere.port}/"
        with hostile(sends(answer("302 Found", b"{}", there))) as server, pytest.raises(AdapterError, match="302"):
            connected(server.port).new_item({})
        assert elsewhere.requests == []


def test_the_next_page_is_not_fetched_elsewhere() -> None:
    with hostile(sends(answer("200 OK", b'{"value": []}'))) as elsewhere:
        body = json.dumps({"value": [], "nextLink": f"http://127.0.0.1:{elsewhere.port}/more"}).encode()
        with hostile(pages(body)) as server:
            connection = connected(server.port)
            connection.new_item({})
            with pytest.raises(AdapterError, match="leads elsewhere"):
                connection.recovery_points()
        assert elsewhere.requests == []


def test_a_list_without_end_is_an_adapter_error() -> None:
    first = [NO_JOBS, ABSENT]

    def behave(peer: Any) -> None:
        here = f"http://127.0.0.1:{peer.getsockname()[1]}/again"
        listed = answer("200 OK", json.dumps({"value": [], "nextLink": here}).encode())
        peer.sendall(first.pop() if first else listed)

    with hostile(behave) as server:
        connection = connected(server.port)
        connection.new_item({})
        with pytest.raises(AdapterError, match="more than 3 pages"):
            connection.recovery_points()


def pages(body: bytes) -> Behaviour:
    """The item is not there, and no jobs are; every other list is this one."""
    first = [NO_JOBS, ABSENT]
    return lambda peer: peer.sendall(first.pop() if first else answer("200 OK", body))


def test_a_removal_that_never_ends_is_an_adapter_error() -> None:
    details = {"instanceType": "InMageRcm"}
    properties = {
        "activeLocation": "Primary", "allowedOperations": ["DisableProtection"], "providerSpecificDetails": details,
        "state": "InProgress",
    }  # fmt: skip
    item = {"id": ITEM, "properties": properties}  # and its job
    accepted = answer("202 Accepted", b"", f"Location: {ITEM}/operationresults/job-1")
    still_there = answer("200 OK", json.dumps(item).encode())
    script = [ABSENT, NO_JOBS, still_there, accepted]
    with hostile(lambda peer: peer.sendall(script.pop(0) if script else still_there)) as server:
        target = read_target(f"arm:http://127.0.0.1:{server.port}{ITEM}")
        connection = Connection(ArmAdapter(target, limits=LIMITS, settings=ANY_SITE, home_hours=1 / 3600))
        connection.new_item({})
        with pytest.raises(AdapterError, match=r"no fresh machine.*it is still in a phase that has no name here"):
            connection.new_item({})


def test_an_acceptance_that_names_no_operation_is_an_adapter_error() -> None:
    script = [ABSENT, NO_JOBS, answer("202 Accepted")]
    with hostile(lambda peer: peer.sendall(script.pop(0))) as server:
        connection = connected(server.port)
        connection.new_item({})
        with pytest.raises(AdapterError, match="neither Azure-AsyncOperation nor Location"):
            connection.request("commit", {})


def test_the_command_ends_with_status_3_and_one_clear_error(tmp_path: Path) -> None:
    with hostile(hangs, control=True) as server:
        done = subprocess.run(
            [sys.executable, "-m", "asr_properties.cli.main", "run", "--adapter", f"arm:http://127.0.0.1:{server.port}",
             "--call-timeout", "1", "--budget", "5steps"],
            cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip
    assert done.returncode == 3
    assert "no whole answer within 1 s" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr
