"""`mutants` as a user runs it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time

import pytest

MISSING = ("mutants", "--operator", "transition missing", "--seed", "4")


@pytest.mark.long
def test_it_scores_a_sample_names_the_survivors_and_goes_on_with_its_record(inside, tmp_path):
    options = (*MISSING, "--budget", "150steps", "-n", "1", "--json", "out.json")
    done = inside(*options, "--sample", "3")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "survived; after each, the shortest walk that shows it:" in done.stdout
    assert "of the mutants that can be told from the model (3 of 143 judged" in done.stdout
    record = json.loads((tmp_path / "out.json").read_text())
    (row,) = record["operators"]
    assert row["judged"] == 3
    assert row["run"] == 3 - row["equivalent"]
    survivors = [one for one in record["mutants"] if one["found"] is False]
    assert survivors
    for one in survivors:
        assert one["name"] in done.stdout
        assert one["walk"]["told"][-1] in done.stdout
    deciding = {one["name"]: one["deciding"] for one in record["mutants"]}

    again = inside(*options, "--sample", "4")
    assert again.returncode == 0
    more = {one["name"]: one["deciding"] for one in json.loads((tmp_path / "out.json").read_text())["mutants"]}
    assert deciding.items() < more.items()  # what was known is as it was, to the millisecond

    other = inside(*options, "--seed", "5")
    assert other.returncode == 2
    assert "out.json is of the seed 4, not 5" in other.stderr


@pytest.mark.long
def test_it_only_decides(inside):
    done = inside(
        "mutants", "--operator", "wrong observation", "--sample", "2", "--only-decide", "-n", "1", "--seed", "2"
    )
    assert done.returncode == 0
    assert "wrong observation      528       2" in done.stdout
    assert "score " not in done.stdout.splitlines()[-1]


@pytest.mark.parametrize(
    "options", [("--operator", "spelling"), ("--budget", "long"), ("--profile", "none"), ("--json", "no/such/folder")]
)
def test_what_it_cannot_do_is_told_in_one_line(inside, options):
    done = inside(*MISSING, "--sample", "1", *options)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


@pytest.mark.long
@pytest.mark.parametrize("processes", ["1", "2"])
def test_interrupted_it_keeps_what_it_had(tmp_path, processes):
    options = (*MISSING, "--all", "--budget", "100steps", "-n", processes, "--json", "out.json")
    begun = subprocess.Popen(
        [sys.executable, "-m", "asr_properties.cli.main", *options],
        cwd=tmp_path,
        env={**os.environ, "COLUMNS": "140"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    until = time.monotonic() + 100
    while time.monotonic() < until and not _kept(tmp_path / "out.json"):
        time.sleep(0.5)
    begun.send_signal(signal.SIGINT)
    told, errors = begun.communicate(timeout=20)
    assert begun.returncode == 130, errors
    assert "of 143 mutants judged; out.json has them, and the same command goes on" in told
    assert "Traceback" not in errors
    assert _kept(tmp_path / "out.json")


def _kept(path):
    return len(json.loads(path.read_text())["mutants"]) if path.exists() else 0
