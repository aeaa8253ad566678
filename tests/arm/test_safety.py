"""Nothing but loopback is acted on unless it is meant, and no secret is ever shown."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from arm.hostile import answer, hostile
from asr_properties.adapters.arm.adapter import ArmAdapter
from asr_properties.adapters.arm.bounded_http import BoundedHTTP, HttpLimits, Secrets, origin_of, session_of
from asr_properties.adapters.arm.target import ANY_SITE, read_target
from asr_properties.adapters.loading import load
from asr_properties.adapters.options import ArmOptions, UnknownAdapter
from asr_properties.contract.connection import AdapterError, Connection
from asr_properties.contract.errors import Refused

VAULT = "https://management.azure.com/subscriptions/s/resourceGroups/g/providers/Microsoft.RecoveryServices/vaults/v"
ITEMS = f"{VAULT}/replicationFabrics/f/replicationProtectionContainers/c/replicationProtectedItems"
MARKED = f"arm:{ITEMS}/asr-conformance-1"
PATH = MARKED.removeprefix("arm:https://management.azure.com")
SECRET = "planted-secret-0123456789"


@pytest.mark.parametrize(
    ("spec", "says"),
    [
        ("arm:https://management.azure.com/", "one replicated item"),
        (f"arm:{VAULT}", "one replicated item"),
        (f"arm:{ITEMS}", "one replicated item"),
        (f"arm:{ITEMS}/asr-conformance-1/unplannedFailover", "one replicated item"),
        (f"arm:{ITEMS}/production-1", "must begin with asr-conformance-"),
        (MARKED, "--allow-failover-of asr-conformance-1"),
        (MARKED.replace("https", "http"), "https"),
        ("arm:http://10.0.0.1:80/", "https"),
        ("arm:ftp://127.0.0.1/", "takes a URL"),
        ("arm:", "takes a URL"),
        ("arm:http://127.0.0.1:port/", "takes a URL"),
        ("arm:http://[::1/", "takes a URL"),
        (f"arm:https://[u:{SECRET}@h]/", "takes a URL"),
        (f"https://u:{SECRET}@127.0.0.1/", "write arm:URL"),
        (f" arm:https://u:{SECRET}@127.0.0.1/", "write arm:URL"),
    ],
)
def test_a_target_that_was_not_meant_is_refused(spec: str, says: str) -> None:
    with pytest.raises(UnknownAdapter, match=says) as error:
        load(spec)
    assert SECRET not in str(error.value)


def test_another_name_is_not_the_name() -> None:
    with pytest.raises(UnknownAdapter, match="--allow-failover-of asr-conformance-1"):
        load(MARKED, arm=ArmOptions(allow_failover_of="asr-conformance-2"))


@pytest.mark.parametrize(
    "spec", [MARKED, "arm:http://127.0.0.1:8765", "arm:http://[::1]:8765/", "ARM:http://localhost:1"]
)
def test_what_is_meant_is_allowed(spec: str) -> None:
    assert callable(load(spec, arm=ArmOptions(allow_failover_of="ASR-conformance-1")))


@pytest.mark.parametrize("part", [f"u:{SECRET}@", f"{SECRET}@"])
def test_credentials_in_the_url_are_refused_and_not_repeated(part: str) -> None:
    with pytest.raises(UnknownAdapter) as error:
        load(f"arm:https://{part}management.azure.com/")
    assert SECRET not in str(error.value)


@pytest.mark.parametrize("end", [f"?token={SECRET}", f"#{SECRET}"])
def test_tokens_in_the_url_are_refused_and_not_repeated(end: str) -> None:
    with pytest.raises(UnknownAdapter) as error:
        load(f"{MARKED}{end}", arm=ArmOptions(allow_failover_of="asr-conformance-1"))
    assert SECRET not in str(error.value)


def run(tmp_path: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "asr_properties.cli.main", "run", *arguments],
        cwd=tmp_path, env={**os.environ, **environment}, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip


def test_the_dry_run_tells_what_would_be_done_and_sends_nothing(tmp_path: Path) -> None:
    done = run(tmp_path, "--adapter", MARKED, "--dry-run", "--budget", "80steps", "--seed", "3")
    assert done.returncode == 0, done.stderr
    assert "allowed: no" in done.stdout
    assert "fail_over" in done.stdout
    assert "nothing was sent" in done.stdout
    assert [path.name for path in tmp_path.iterdir() if path.name != ".hypothesis"] == []


def test_a_run_on_a_real_service_without_permission_is_wrong_usage(tmp_path: Path) -> None:
    done = run(tmp_path, "--adapter", MARKED)
    assert (done.returncode, done.stdout) == (2, "")


class Token(NamedTuple):
    token: str
    expires_on: int


class Credential:
    def get_token(self, *scopes: str, **kwargs: Any) -> Token:
        return Token(SECRET, 2**33)


def echoing(peer: Any) -> None:
    """Refuse, and repeat the token wherever there is room for it."""
    error = {"error": {"code": SECRET, "message": f"Bearer {SECRET} is refused", "details": [{"code": SECRET}]}}
    peer.sendall(answer("400 Bad Request", json.dumps(error).encode(), f"X-Echo: {SECRET}"))


def test_a_token_that_the_service_repeats_is_hidden() -> None:
    with hostile(echoing) as server:
        target = read_target(f"arm:http://127.0.0.1:{server.port}{PATH}")
        adapter = ArmAdapter(target, settings=ANY_SITE, credential=Credential())
        connection = Connection(adapter)
        with pytest.raises(AdapterError) as error:
            connection.new_item({})
        adapter._begun = True
        with pytest.raises(Refused) as refusal:
            connection.request("commit", {})
        assert f"Bearer {SECRET}".encode() in server.requests[-1]
    for shown in (str(error.value), repr(error.value.got), str(refusal.value), refusal.value.reason):
        assert SECRET not in shown
        assert "***" in shown


def test_no_token_is_sent_to_another_origin() -> None:
    with hostile(lambda peer: peer.sendall(answer("200 OK", b"{}"))) as elsewhere:
        leads = f"Location: http://127.0.0.1:{elsewhere.port}/"
        with hostile(lambda peer: peer.sendall(answer("307 Temporary Redirect", b"{}", leads))) as server:
            target = read_target(f"arm:http://127.0.0.1:{server.port}{PATH}")
            adapter = ArmAdapter(target, settings=ANY_SITE, credential=Credential())
            with pytest.raises(AdapterError):
                Connection(adapter).new_item({})
        assert elsewhere.requests == []


def test_a_secret_of_the_environment_is_in_nothing_that_a_run_writes(tmp_path: Path) -> None:
    def behave(peer: Any) -> None:
        peer.sendall(answer("400 Bad Request", json.dumps({"error": {"code": "E", "message": SECRET}}).encode()))

    with hostile(behave) as server:
        url = f"arm:http://127.0.0.1:{server.port}{PATH}"
        site = tmp_path / "site.json"
        site.write_text(json.dumps(ANY_SITE))
        options = ("--arm-settings", str(site), "--report", "out", "--budget", "5steps")
        done = run(tmp_path, "--adapter", url, *options, AZURE_CLIENT_SECRET=SECRET)
    assert done.returncode == 3
    written = [path.read_text(encoding="utf-8") for path in tmp_path.rglob("*") if path.is_file()]
    assert written
    for text in (done.stdout, done.stderr, *written):
        assert SECRET not in text
    assert "***" in done.stdout


def test_credentials_of_netrc_do_not_take_the_place_of_the_token(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "netrc").write_text("default login somebody password netrc-secret\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    with hostile(lambda peer: peer.sendall(answer("200 OK", b"{}"))) as server:
        url = f"http://127.0.0.1:{server.port}"
        session = session_of(BoundedHTTP(url, HttpLimits(), Secrets()), loopback=False)
        session.get(url, headers={"Authorization": f"Bearer {SECRET}"})
        sent = server.requests[-1]
    assert f"Authorization: Bearer {SECRET}".encode() in sent
    assert b"Basic" not in sent


@pytest.mark.parametrize(("one", "other"), [("https://a", "https://A:443/x"), ("http://a:80/", "http://a/b")])
def test_the_usual_port_is_no_other_origin(one: str, other: str) -> None:
    assert origin_of(one) == origin_of(other)
