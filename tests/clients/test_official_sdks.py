"""The official SDKs, unchanged and with their own authentication, take items through whole cycles over TLS."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

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
    options = ("--profile", request.param, "--speed", "36000", "--retry-after", "0")
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


def test_the_authority_is_all_that_is_written(served: tuple[str, Serving]) -> None:
    _, server = served
    (path,) = set(map(Path, server.trust.values()))
    assert [found.name for found in path.parent.iterdir()] == [path.name]
    assert "PRIVATE KEY" not in path.read_text()
