"""`--json` on every command that concludes something: one document, beside what people read, with the same verdict."""

from __future__ import annotations

import json

import pytest

from asr_model.requirements import CATALOGUE
from counterexamples.stored import STORED

COMMANDS = {
    "run": (
        ("run", "--budget", "20steps", "--seed", "1"),
        4,
        "INCOMPLETE",
        lambda document: document["overall"] == "INCOMPLETE" and len(document["verdicts"]) == len(CATALOGUE),
    ),
    "check": (
        ("check",),
        0,
        "all properties hold",
        lambda document: document["holds"] and {one["outcome"] for one in document["properties"]} == {"holds"},
    ),
    "smoke": (
        ("smoke", "--adapter", "stdio:true"),
        3,
        "the adapter is not in order",
        lambda document: not document["in_order"] and any(one["got"] for one in document["findings"]),
    ),
    "replay": (
        ("replay", "stored.json"),
        0,
        "every step agrees with the model",
        lambda document: document["agrees"] and document["steps"][1]["shown"]["phase"] == "protected",
    ),
    "requirements": (
        ("requirements", "R38", "r40"),
        0,
        "R40: After commit",
        lambda document: [row["requirement"] for row in document["requirements"]] == ["R38", "R40"],
    ),
    "trace": (("trace",), 0, "CONFORMANT (2 files, 2 items)", lambda document: document["verdict"] == "CONFORMANT"),
}


@pytest.mark.parametrize("name", COMMANDS)
def test_a_dash_is_stdout_and_people_read_stderr(inside, tmp_path, name):
    arguments, status, told, holds = COMMANDS[name]
    (tmp_path / "stored.json").write_text(json.dumps(STORED))
    done = inside(*arguments, "--json", "-")
    assert done.returncode == status, done.stderr
    document = json.loads(done.stdout)
    assert document["format"] == f"asr-conformance {'run record' if name == 'run' else name}"
    assert document["version"]
    assert told in done.stderr
    assert holds(document)


def test_a_file_is_written_beside_what_is_shown(inside, tmp_path):
    done = inside("requirements", "--status", "--json", "all.json")
    assert "116 requirements of the profile modernized" in done.stdout
    rows = json.loads((tmp_path / "all.json").read_text())["requirements"]
    assert [row["requirement"] for row in rows] == list(CATALOGUE)
    assert all(row["judged"] and row["by_or_why_not"] for row in rows)


def test_what_cannot_be_written_changes_no_verdict(inside):
    done = inside("run", "--budget", "20steps", "--seed", "1", "--json", "no/such/folder.json")
    assert done.returncode == 4
    assert "not written: cannot write no/such/folder.json" in done.stdout


def test_a_failure_is_told_with_what_was_allowed(inside, tmp_path):
    from reports.records import failing

    (tmp_path / "stored.json").write_text(json.dumps(failing()["counterexamples"][0]))
    done = inside("replay", "stored.json", "--adapter", "wrong.implementations:kept_points", "--json", "-")
    assert done.returncode == 1
    document = json.loads(done.stdout)
    assert not document["agrees"]
    assert document["requirements"][0] == "R40"
    assert document["allowed"] == ["recovery_points: no recovery point"]
    assert document["steps"][-1]["shown"]["points"] == "crash"
