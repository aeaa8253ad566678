"""`learn` as a user runs it."""

from __future__ import annotations

import json


def test_what_conforms_agrees(inside):
    done = inside("learn")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "220 of 220 steps agree with the model, 0 do not" in done.stdout
    assert done.stdout.endswith("AGREES\n")


def test_what_is_wrong_is_shown_drawn_and_written(inside, tmp_path):
    done = inside("learn", "--adapter", "cli.adapters:kept_points", "-o", "out.svg", "--json", "out.json")
    assert done.returncode == 1, done.stdout + done.stderr
    assert "otherwise: commit accepted  [failover_committed, azure]" in done.stdout
    assert "recovery_points: crash-consistent points (allowed: no recovery point)" in done.stdout
    assert done.stdout.endswith("DIFFERS\n")
    assert (tmp_path / "out.svg").read_text().startswith("<svg")
    record = json.loads((tmp_path / "out.json").read_text())
    assert {(found["phase"], found["asked"][-1]) for found in record["differences"]} == {("failed_over", "commit")}
    assert record["agreeing"] == 218


def test_what_it_cannot_do_is_told_in_one_line(inside):
    for options, status in (
        (("-o", "out.png"), 2),
        (("--profile", "classic", "--adapter", "asr_properties.reference:create"), 2),
        (("--adapter", "cli.adapters:raising"), 3),
        (("--inputs", "100"), 4),
    ):
        done = inside("learn", *options)
        assert done.returncode == status, done.stdout + done.stderr
        assert "Traceback" not in done.stderr


def test_nondeterminism_is_told(inside):
    done = inside("learn", "--adapter", "wrong.implementations:lasting_service")
    assert done.returncode == 4
    assert done.stdout.startswith("NONDETERMINISTIC: the same inputs were answered differently")
