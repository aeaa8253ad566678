"""`check --prove` as a user runs it."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from asr_model.counters import PROPERTIES, CounterProperty
from asr_properties.cli import prove_output

CHECKED = """
import sys, typer
from asr_properties.cli.check import check
try:
    check(quiet=True)
except typer.Exit as ended:
    assert ended.exit_code == 0
print("z3:", "z3" in sys.modules)
"""


def test_what_is_proved_for_all_sizes_is_told(inside, tmp_path):
    done = inside("check", "--prove", "--json", "out.json")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "proved  points_hold_what_was_written" in done.stdout
    assert done.stdout.endswith(f"for counters of any size: {len(PROPERTIES)} proved, 0 refuted, 0 unknown\n")
    record = json.loads((tmp_path / "out.json").read_text())
    assert {(found["outcome"], found["k"]) for found in record["for_all_sizes"]} == {("proved", 1)}


@pytest.mark.parametrize(
    ("always", "status", "says"),
    [
        ("1 >= crash_points", 1, "    5. another crash point created  [protected]  crash_points = 2"),
        ("failovers >= failovers_failed", 4, "0 proved, 0 refuted, 1 unknown"),
    ],
    ids=["refuted", "unknown"],
)
def test_what_is_not_proved_is_told_with_its_way(inside, monkeypatch, always, status, says):
    monkeypatch.setattr(prove_output, "PROPERTIES", [CounterProperty("asked", "what is asked", always, ("X20",))])
    monkeypatch.setattr(prove_output, "DEEPEST", 5)
    done = inside("check", "--prove", "-q")
    assert done.returncode == status, done.stdout + done.stderr
    assert says in done.stdout


def test_without_z3_it_is_told_what_to_do(inside, monkeypatch):
    monkeypatch.setitem(sys.modules, "z3", None)
    done = inside("check", "--prove")
    assert done.returncode == 2
    assert "check --prove needs z3-solver: pip install 'asr-conformance[prove]'" in done.stderr
    assert "Traceback" not in done.stderr


def test_check_alone_does_not_import_it():
    done = subprocess.run([sys.executable, "-c", CHECKED], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.splitlines()[-1] == "z3: False"
