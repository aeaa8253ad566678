"""The official SDKs, unchanged and with their own authentication, take items through whole cycles over TLS."""

from __future__ import annotations

import json
import ssl
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.request import Request, urlopen

import pytest

from clients.serving import HERE, JAVASCRIPT, NODE, Serving, serving
from clients.steps import ADDRESS, CYCLES

CLIENTS = {
    "python": (sys.executable, HERE / "sync_client.py"),
    "python async": (sys.executable, HERE / "async_client.py"),
    "javascript": (NODE, JAVASCRIPT / "client.mjs"),
}


@pytest.fixture(scope="module", params=CYCLES)
def served(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Serving]]:
    options = (
        "--profile",
        request.param,
        "--speed",
        "36000",
        "--retry-after",
        "0",
        "--now",
        "2031-02-03T05:05:06+01:00",
    )
    with serving(tmp_path_factory.mktemp("ca"), *options) as found:
        yield request.param, found


@pytest.mark.parametrize("client", CLIENTS)
def test_a_whole_cycle_over_tls(served: tuple[str, Serving], client: str) -> None:
    profile, server = served
    steps = CYCLES[profile]
    asked = {
        "url": server.url,
        "address": [*ADDRESS, f"vm-{client.replace(' ', '-')}"],
        "steps": [step.sent() for step in steps],
    }
    done = server.client(*CLIENTS[client], given=json.dumps(asked))
    assert done.returncode == 0, done.stderr
    seen = list(map(json.loads, done.stdout.splitlines()))
    assert len(seen) == len(steps)
    for step, told in zip(steps, seen, strict=True):
        if step.instance is None:
            assert told is None
            continue
        state, instance, model = told
        assert instance == step.instance, (step.do, told)
        if step.state is not None:
            assert state == step.state, (step.do, told)
        if client != "javascript":
            assert model == f"{instance}ReplicationDetails"


def test_the_official_sdk_does_not_trust_it_unasked(served: tuple[str, Serving]) -> None:
    profile, server = served
    asked = {"url": server.url, "address": [*ADDRESS, "vm"], "steps": [step.sent() for step in CYCLES[profile][:1]]}
    untold = Serving(server.url, {})
    done = untold.client(*CLIENTS["javascript"], given=json.dumps(asked))
    assert done.returncode != 0
    assert "certificate" in done.stderr


def test_dates_begin_where_serve_was_told_to_begin(served: tuple[str, Serving]) -> None:
    profile, server = served
    trusted = ssl.create_default_context(cafile=server.trust["SSL_CERT_FILE"])
    vault = "subscriptions/sub-1/resourceGroups/rg-1/providers/Microsoft.RecoveryServices/vaults/vault-of-dates"
    item = "replicationFabrics/f/replicationProtectionContainers/c/replicationProtectedItems/vm"

    def ask(path: str, body: bytes | None = None) -> bytes:
        url = f"{server.url}/{vault}/{path}?api-version=2025-08-01"
        method = "GET" if body is None else "PUT"
        with urlopen(Request(url, body, method=method), context=trusted, timeout=20) as answer:
            return bytes(answer.read())

    (given,) = CYCLES[profile][0].body
    ask(item, json.dumps(given).encode())
    (job,) = json.loads(ask("replicationJobs"))["value"]
    began = job["properties"]["startTime"]
    assert "2031-02-03T04:05:06" < began < "2031-12"
    assert began.endswith("Z")


def test_the_authority_is_all_that_is_written(served: tuple[str, Serving]) -> None:
    _, server = served
    (path,) = set(map(Path, server.trust.values()))
    assert [found.name for found in path.parent.iterdir()] == [path.name]
    assert "PRIVATE KEY" not in path.read_text()
