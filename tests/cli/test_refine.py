"""`refine` as a user runs it."""

from __future__ import annotations

import json


def test_the_reference_refines_the_model_and_what_it_never_shows_is_listed(inside, tmp_path):
    done = inside("refine", "--depth", "1", "--fresh", "--json", "out.json")
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.endswith("REFINES the model within 1 step\n")
    assert "out of reach: no state that it leaves was reached within the bound" in done.stdout
    record = json.loads((tmp_path / "out.json").read_text())
    assert (record["refines"], record["departures"]) == (True, [])
    assert "enable_replication: not_replicated -> enabling_replication" in record["shown"]
    assert record["never_shown"][0]["requirements"]


def test_what_departs_is_told_with_its_path(inside):
    done = inside("refine", "--depth", "1", "-q", "--adapter", "wrong.implementations:enabled_in_vain")
    assert done.returncode == 1, done.stdout + done.stderr
    assert "after 4 steps: saw phase: not_replicated  (R07" in done.stdout
    assert "  1. enable_replication accepted  [enabling_replication]\n" in done.stdout
    assert "  4. time passes" in done.stdout
    assert "<- departs" in done.stdout


def test_what_it_cannot_do_is_told_in_one_line(inside):
    for options, says in (
        (("--adapter", "model"), "likeness"),
        (("--profile", "classic", "--adapter", "asr_properties.reference:create"), "--profile modernized"),
        (("--adapter", "arm:http://127.0.0.1:1"), "in this process"),
    ):
        done = inside("refine", *options)
        assert done.returncode == 2, done.stdout + done.stderr
        assert says in done.stderr
        assert "Traceback" not in done.stderr
