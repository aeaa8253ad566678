"""`asr-conformance trace`: what it prints, what it requires, how it ends."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from asr_properties.traces.golden import golden_traces
from traces.cassettes import FAILED_OVER, PROTECTED, ask, cassette, look
from traces.formats import at, session_record

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def trace(inside: Run) -> Run:
    return partial(inside, "trace")


def test_what_was_required_and_exercised_changes_nothing(trace: Run) -> None:
    done = trace("--require", "R38, r59,X08,R38")
    assert done.returncode == 0, done.stdout
    assert "required and never" not in done.stdout


def test_what_was_required_and_never_exercised_is_incomplete(trace: Run) -> None:
    done = trace(golden_traces()[1], "--require", "R66,R15,R38")
    assert done.returncode == 4
    *_, first, second, last = done.stdout.splitlines()
    assert first.startswith("required and never exercised: R66 (Cancel planned failover): Cancelling returns")
    assert second.startswith("required and never exercised: R38")
    assert last == "INCOMPLETE (1 file, 1 item)"


@pytest.mark.parametrize(
    ("required", "expected"),
    [
        ("R38,R99", "there is no requirement 'R99'"),
        ("R38 R66", "there is no requirement 'R38 R66'"),
        (" , ", "--require names no requirement; expected ids with commas, such as R38,R66"),
    ],
)
def test_what_cannot_be_required(trace: Run, required: str, expected: str) -> None:
    done = trace("--require", required)
    assert (done.returncode, done.stdout) == (2, "")
    assert expected in done.stderr


def test_a_divergence_is_worse_than_what_is_missing(trace: Run, tmp_path: Path) -> None:
    """A failover that nobody asked for, within a second."""
    lines = [json.loads(line) for line in golden_traces()[1].read_text(encoding="utf-8").splitlines()]
    asked = next(n for n, line in enumerate(lines) if line.get("operation") == "fail_over")
    before = max(n for n, line in enumerate(lines) if line.get("event") == "observation" and n < asked)
    after = min(n for n, line in enumerate(lines) if line.get("fields", {}).get("phase") == "failed_over")
    second = datetime.fromisoformat(lines[after]["at"]) - timedelta(seconds=1)
    kept = [*lines[:before], {**lines[before], "at": second.isoformat()}, *lines[after:]]
    changed = tmp_path / "changed.jsonl"
    changed.write_text("".join(json.dumps(line) + "\n" for line in kept), encoding="utf-8")
    done = trace(changed, "--require", "R66")
    assert done.returncode == 1
    assert "possible before: protected (allows disable_replication, fail_over" in done.stdout
    assert "nearest legal continuation: fail_over(" in done.stdout
    assert "accepted, then failover_succeeds (from protected to failed_over)" in done.stdout
    assert "R15 (Run a failover to Azure; documented): A failover to Azure is started explicitly" in done.stdout
    assert "X08 (" not in done.stdout  # nothing contradicts that success with a warning is success
    assert done.stdout.splitlines()[-1].startswith("NON_CONFORMANT")


def test_what_may_only_seem_to_depart_is_no_pass_either(trace: Run, tmp_path: Path) -> None:
    """Of two entries of one second it is not known which came first."""
    entries = [at(0, look(PROTECTED)), at(1, look(FAILED_OVER)), at(1, ask("unplannedFailover", "op-1"))]
    (tmp_path / "c.json").write_text(json.dumps(session_record(entries)), encoding="utf-8")
    done = trace(tmp_path / "c.json")
    assert done.returncode == 4
    assert "but entries 2 and 3 overlap: which of them came first is not known" in done.stdout
    assert "here it may depart from the model: entry 2" in done.stdout


def test_an_item_that_no_profile_covers_is_no_pass(trace: Run, tmp_path: Path) -> None:
    shape = (PROTECTED[0], "HyperVReplicaAzure", *PROTECTED[2:])
    (tmp_path / "c.json").write_text(json.dumps(cassette(look(PROTECTED), look(shape))), encoding="utf-8")
    (tmp_path / "d.json").write_text(json.dumps(cassette(look(shape))), encoding="utf-8")
    for name in ("c.json", "d.json"):
        done = trace(tmp_path / name)
        assert done.returncode == 4, done.stdout
        assert "HyperVReplicaAzure" in done.stdout
        assert "is one that no profile covers: not judged" in done.stdout


def test_the_profile_of_items_that_do_not_tell_theirs(trace: Run) -> None:
    assert trace("--profile", "modernized").returncode == 0
    done = trace("--profile", "baroque")
    assert done.returncode == 2
    assert "unknown profile 'baroque'" in done.stderr
