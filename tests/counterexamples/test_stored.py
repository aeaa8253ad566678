"""Counterexample files from elsewhere: read within bounds, checked, and never run unasked."""

from __future__ import annotations

import copy
import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from asr_model.profiles import UnknownProfile
from asr_properties.contract.connection import AdapterError
from asr_properties.counterexamples.counterexample import counterexample_from_json, read_counterexample
from asr_properties.counterexamples.replay import replay
from asr_properties.counterexamples.stored import LONGEST_FILE, InvalidCounterexample
from asr_properties.files import MOST_KEYS
from asr_properties.reference import create
from counterexamples.stored import REQUEST, STORED, changed

REFUSED = (InvalidCounterexample, UnknownProfile)


def of(**changes):
    return {**copy.deepcopy(STORED), **changes}


def test_what_was_stored_is_read_and_written_alike():
    found = counterexample_from_json(STORED)
    assert counterexample_from_json(found.to_json()) == found
    assert found.lines()


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(changed())
@example(of(steps=[REQUEST]))
@example(of(steps=[{"do": "wait", "seconds": 1e300}]))
@example(of(steps=[{"do": "wait", "seconds": 10**400}]))
@example(of(configuration={"retention_minutes": 1e300}))
@example(of(steps_spent=10**5000))
def test_whatever_is_changed_is_refused_or_can_be_replayed(data):
    try:
        found = counterexample_from_json(data)
    except REFUSED:
        return
    assert found.lines()
    assert replay(found, create).steps


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=200))
def test_whatever_the_file_holds_is_refused(tmp_path, content):
    (tmp_path / "file").write_bytes(content)
    with pytest.raises(InvalidCounterexample):
        read_counterexample(tmp_path / "file")


@pytest.mark.parametrize(
    "step",
    [
        REQUEST,
        {**REQUEST, "arguments": {"recovery_point": "latest"}},
        {**REQUEST, "arguments": {"recovery_point": "newest", "shut_down_source": True}},
        {**REQUEST, "arguments": {"recovery_point": "latest", "shut_down_source": "yes"}},
        {**REQUEST, "arguments": {"recovery_point": "latest", "shut_down_source": 1}},
        {**REQUEST, "arguments": {"recovery_point": "latest", "shut_down_source": True, "more": "x"}},
        {"do": "request", "name": "test_failover"},
        {"do": "request", "name": "planned_failover", "arguments": {"recovery_point_type": "listed"}},
        {"do": "request", "name": "commit", "arguments": {"recovery_point": "latest"}},
        {"do": "request", "name": "fly"},
        {"do": "inject", "name": "fire"},
        {"do": "cancel_job", "name": "all"},
        {"do": "wait", "seconds": 1e300},
        {"do": "wait", "seconds": -5},
        {"do": "wait", "seconds": "5"},
        {"do": "new_item", "arguments": {"dhcp": "maybe"}},
        {"do": "new_item", "arguments": {"retention_minutes": 26_000_000, "crash_consistent_minutes": 1}},
        {"do": "write", "pick": 2**31},
        {"do": "write", "pick": True},
        {"do": "write", "extra": 1},
    ],
    ids=str,
)
def test_a_step_that_the_model_has_no_event_for_is_refused(step):
    with pytest.raises(InvalidCounterexample, match=r"damaged: steps\.0"):
        counterexample_from_json(of(steps=[step]))


@pytest.mark.parametrize("value", ["unknown", "former", "pruned", "listed", "in_use", "latest", "latest_processed"])
def test_every_point_that_walks_name_is_read(value):
    step = {"do": "request", "name": "change_recovery_point", "arguments": {"recovery_point": value}}
    assert replay(counterexample_from_json(of(steps=[step])), create).failure is None


HOSTILE = {
    "huge.json": "[" + "[]," * 50_000_000 + "[]]",
    "keys.json": "{" + ",".join(f'"{n}":0' for n in range(MOST_KEYS + 1)) + "}",
    "misfits.json": json.dumps(of(steps=[0] * 1_000_000)),
    "deep.json": json.dumps(STORED).replace('"linux"', "[" * 50_000 + "]" * 50_000),
    "digits.json": json.dumps(STORED).replace("21600.0", "9" * 100_000),
    "nan.json": json.dumps(STORED).replace("21600.0", "NaN"),
    "long-name.json": json.dumps(of(requirements=["R" * 2_000_000])),
}


MEASURED = """
import atexit
from asr_properties.cli.main import main
def note():
    status = open("/proc/self/status").read().splitlines()
    open("memory", "w").write(next(line for line in status if line.startswith("VmHWM")))
atexit.register(note)
main()
"""
"""The command, which leaves behind the most memory that it took: what the system tells of a child is also that of the
process it was forked from."""


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_ends_in_one_short_line_and_little_memory(tmp_path, name):
    (tmp_path / name).write_text(HOSTILE[name])
    done = subprocess.run(
        [sys.executable, "-c", MEASURED, "replay", name],
        cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 2, done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert len(done.stderr) < 5000
    assert 0 < int((tmp_path / "memory").read_text().split()[1]) <= 300 * 1024


def test_an_endless_file_is_not_read_to_its_end():
    with pytest.raises(InvalidCounterexample, match=f"longer than {LONGEST_FILE >> 20} MiB"):
        read_counterexample(Path("/dev/zero"))


@pytest.mark.parametrize("adapter", ["stdio:touch ran", "stdio:sh -c 'touch ran'", "evil:create", "arm:http://x", ""])
@pytest.mark.parametrize("options", [(), ("--emit-pytest", "test_it.py")], ids=["replay", "emit"])
def test_what_a_file_names_is_never_run(inside, tmp_path, adapter, options):
    (tmp_path / "evil.py").write_text("open('ran', 'w')\n")
    (tmp_path / "stored.json").write_text(json.dumps(of(adapter=adapter)))
    done = inside("replay", "stored.json", *options)
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert adapter in done.stderr
    assert "--adapter SPEC" in done.stderr
    assert not (tmp_path / "ran").exists()
    assert not (tmp_path / "test_it.py").exists()


def test_the_embedded_reference_is_used_where_the_file_names_it(inside, tmp_path):
    (tmp_path / "stored.json").write_text(json.dumps(STORED))
    assert inside("replay", "stored.json").returncode == 0


def test_another_profiles_counterexample_is_not_replayed():
    from asr_properties.reference import create_classic

    with pytest.raises(AdapterError, match="of the profile 'classic', the counterexample of 'modernized'"):
        replay(counterexample_from_json(STORED), create_classic)


def test_what_a_file_says_cannot_steer_the_terminal(inside, tmp_path):
    (tmp_path / "stored.json").write_text(json.dumps(of(adapter="\x1b]0;evil\x07[/bold] \u202e")))
    said = inside("replay", "stored.json").stderr
    assert "[/bold]" in said
    assert said.strip().isprintable()
