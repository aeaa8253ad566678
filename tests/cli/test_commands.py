"""The commands as a user runs them: output, files, exit status."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parent.parent


def test_check_judges_every_property_and_names_what_it_explored(command):
    done = command("check")
    assert done.returncode == 0
    assert "all properties hold" in done.stdout
    assert "267 states" in done.stdout
    assert "failover_to_azure_cannot_be_cancelled" in done.stdout


def test_run_judges_the_reference_and_writes_a_record(inside, tmp_path):
    done = inside("run", "--budget", "400steps", "--seed", "5", "--report", "out", "--all")
    assert done.returncode == 4  # so few steps leave mandatory requirements unexercised
    assert "INCOMPLETE" in done.stdout
    assert "seed 5" in done.stdout
    record = json.loads((tmp_path / "out" / "record.json").read_text())
    assert record["format"] == "asr-conformance run record"
    assert record["overall"] == "INCOMPLETE"
    assert len(record["verdicts"]) == 116
    assert record["steps"] >= 400


def test_a_wrong_implementation_gets_a_counterexample_that_replays_and_becomes_a_test(command, inside, tmp_path):
    options = ("--budget", "300steps", "--seed", "1", "-x", "--emit-pytest", "test_it.py")
    done = command("run", "--adapter", "cli.adapters:kept_points", *options)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "breaks R40" in done.stdout
    (folder,) = (tmp_path / "asr-conformance-report").glob("*-seed-1")
    (path,) = folder.glob("counterexample-*-R40.json")
    assert f"asr-conformance replay asr-conformance-report/{folder.name}/{path.name}" in done.stdout

    assert run_pytest(tmp_path) == 1
    assert run_pytest(tmp_path, ASR_ADAPTER="asr_properties.reference:create") == 0

    assert inside("replay", path).returncode == 2  # what a file names is not run unasked
    kept_points = ("--adapter", "cli.adapters:kept_points")
    again = inside("replay", path, *kept_points)
    assert again.returncode == 1
    assert "\n  7. wait until the job ends " in again.stdout  # told as the run told it
    *told, last = again.stdout.splitlines()
    assert all(line in done.stdout for line in told if not line.startswith("  values: "))  # these have ids in them
    assert last == f"replay: asr-conformance replay {path} --adapter cli.adapters:kept_points"
    assert again.stdout.startswith("breaks R40 (Connect to failed-over VM; documented): After commit all other")
    assert inside("replay", path, "--adapter", "asr_properties.reference:create").returncode == 0
    for adapter, status in (("parting", 0), ("parting_wrong", 1)):
        parted = inside("replay", path, "--adapter", f"cli.adapters:{adapter}")
        assert parted.returncode == status
        assert parted.stdout.startswith("bye was said\n")

    assert inside("replay", path, *kept_points, "--emit-pytest", "test_it.py").returncode == 0
    assert run_pytest(tmp_path) == 1
    right = inside("replay", path, "--adapter", "asr_properties.reference:create", "--emit-pytest", "test_it.py")
    assert right.returncode == 0
    assert run_pytest(tmp_path) == 0


def run_pytest(folder, **environment):
    path = os.pathsep.join([str(TESTS), *filter(None, [os.environ.get("PYTHONPATH")])])
    paths = {**os.environ, **environment, "PYTHONPATH": path}
    done = subprocess.run([sys.executable, "-m", "pytest", "-q", "test_it.py"], cwd=folder, env=paths, check=False)
    return done.returncode


def test_trace_judges_the_shipped_golden_traces(command):
    done = command("trace")
    assert done.returncode == 0
    assert done.stdout.count("CONFORMANT") == 3


def test_graph_writes_svg_mermaid_and_dot(inside, tmp_path):
    assert inside("graph", "-o", "lifecycle.svg").returncode == 0
    root = ElementTree.parse(tmp_path / "lifecycle.svg").getroot()
    assert root.tag.endswith("svg")
    assert inside("graph", "-o", "lifecycle.mmd").returncode == 0
    assert "failed_over" in (tmp_path / "lifecycle.mmd").read_text()
    assert inside("graph", "--format", "dot").stdout.startswith("digraph")


def test_explain_tells_what_is_allowed_and_why(inside):
    done = inside("explain", "failed_over")
    assert done.returncode == 0
    for word in (
        "change_recovery_point",
        "commit",
        "reprotect",
        "disable_replication",
        "R37",
        "Connect to failed-over VM",
    ):
        assert word in done.stdout


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("commit_deletes_other_points", "G((phase == 'failover_committed') -> (points == 'none'))"),
        ("points_before_a_commit_stay_away", "relation between concrete values"),
        ("no_dead_end", "rule about what can be reached"),
        ("cancelling_restores", "did you mean"),
        ("azure_vm_off", "a fault"),
    ],
)
def test_explain_knows_properties_relations_and_faults(inside, name, said):
    done = inside("explain", name)
    assert said in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("word", "told", "then"),
    [
        ("SwitchProtection", "in allowedOperations, the operation reprotect", "reprotect: an operation"),
        ("switchreplicationgroupprotection", "scenarioName of a job of reprotect", "reprotect: an operation"),
        ("Failover completed", "protectionStateDescription of UnplannedFailoverCommitPendingStatesBegin", "Allowed"),
        ("WaitingForCompletion", "testFailoverState, the drill state drill_awaiting_cleanup", "parallel"),
        ("Cancelled", "state of a job or of an operation: cancelled", ""),
        ("A12", "awaits its cleanup", "the reading:     None is"),
    ],
)
def test_explain_knows_the_words_of_the_service_and_the_open_questions(inside, word, told, then):
    done = inside("explain", word)
    assert done.returncode == 0
    assert told in done.stdout
    assert then in done.stdout.split(told, 1)[1]


def test_explain_alone_lists_what_can_be_explained(inside):
    done = inside("explain")
    assert done.returncode == 0
    listed = set(re.split(r"[\s,]+", done.stdout))
    words = {"failed_over", "CommitPendingStatesBegin", "R40", "A25", "azure_vm_off", "no_dead_end", "ChangePit"}
    assert words <= listed


def test_requirements_is_the_traceability_table(inside):
    done = inside("requirements")
    assert done.returncode == 0
    assert "116 requirements" in done.stdout
    assert "other available recovery points are deleted" in done.stdout
    status = inside("requirements", "--status")
    assert status.returncode == 0
    assert "commit_deletes_other_points" in status.stdout
    assert ", 0 without a verdict kind or reason" in status.stdout
    full = inside("requirements", "R40", "X15").stdout
    assert "commit_deletes_other_points: after commit" in full
    assert "commit_succeeds: committing_failover -> failover_committed" in full
    assert "is judged:       on model, runs, recordings" in full
    assert "X15: While a drill awaits its cleanup" in full


def test_the_version_is_told(command):
    assert command("--version").stdout.startswith("asr-conformance ")


def test_every_command_about_the_model_knows_the_classic_profile(inside):
    explained = inside("explain", "reverse_protected", "--profile", "classic").stdout
    assert "reverse_protected: a phase of the classic lifecycle" in explained
    assert "fail_over -> failing_back" in explained
    assert "all properties hold" in inside("check", "--profile", "classic").stdout
    told = " ".join(inside("requirements", "R43", "R75", "--profile", "classic").stdout.split())
    assert "it concerns the" in told
    assert "failback_cannot_be_cancelled" in told
    assert "failing_back" in inside("graph", "--profile", "classic").stdout


def test_the_classic_profile_is_run_on_its_own_reference(inside):
    shown = inside("run", "--profile", "classic", "--budget", "200steps", "--seed", "1").stdout
    assert "run --adapter asr_properties.reference:create_classic --profile classic" in shown
    assert "phases" in shown


BAD_INPUT = {
    "an unknown command": ("walk",),
    "an unknown adapter module": ("run", "--adapter", "nowhere:create"),
    "an adapter without its factory": ("run", "--adapter", "cli.adapters:missing"),
    "a SPEC that is none": ("run", "--adapter", "nonsense"),
    "a module that fails to import": ("run", "--adapter", "cli.broken_adapter:create"),
    "an unknown profile": ("run", "--profile", "modernised"),
    "an unknown profile for check": ("check", "--profile", "classical"),
    "an unknown budget": ("run", "--budget", "long"),
    "an unknown engine": ("run", "--engine", "steam"),
    "an unwritable picture": ("graph", "-o", "/proc/nowhere/lifecycle.svg"),
    "a picture of unknown format": ("graph", "-o", "lifecycle.bmp"),
    "an unknown word": ("explain", "failover_complete"),
    "an unknown requirement": ("requirements", "R95"),
    "an unknown requirement to explain": ("explain", "R99"),
    "a counterexample that is missing": ("replay", "nothing.json"),
    "a recording that is missing": ("trace", "nothing.yaml"),
    "a recording that is a folder": ("trace", "."),
}


@pytest.mark.parametrize("arguments", BAD_INPUT.values(), ids=BAD_INPUT)
def test_bad_input_gets_one_clear_line_and_status_2(inside, arguments):
    done = inside(*arguments)
    assert done.returncode == 2, done.stderr
    assert done.stderr.strip()
    assert "Traceback" not in done.stderr


BAD_FILES = {
    "an empty file": "",
    "a file of neither kind": "just: some\nyaml: file\n",
    "text that is not YAML": "{[}\t:",
    "a truncated cassette": "interactions:\n- request:\n    body: '{\"locat",
    "JSON of another kind": '{"format": "something else"}',
    "an unknown version": '{"format": "asr-conformance trace", "version": 99}',
}


@pytest.mark.parametrize("content", BAD_FILES.values(), ids=BAD_FILES)
@pytest.mark.parametrize("name", ["trace", "replay"])
def test_a_file_of_the_wrong_kind_gets_one_clear_line_and_status_2(inside, tmp_path, name, content):
    (tmp_path / "file").write_text(content)
    done = inside(name, "file")
    assert done.returncode == 2, done.stdout + done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert "file" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (("replay", "nothing.json"), 2),
        (("run", "--adapter", "nonsense"), 2),
        (("walk",), 2),
        (("smoke", "--adapter", "cli.adapters:hopeless"), 3),
    ],
    ids=["bad input", "a SPEC that is none", "an unknown command", "an internal error"],
)
def test_debug_shows_the_traceback_and_leaves_the_status_as_it_is(inside, arguments, status):
    assert inside(*arguments).returncode == status
    done = inside(*arguments, "--debug")
    assert done.returncode == status
    assert "Traceback" in done.stderr
    assert done.stderr.splitlines()[-1] == inside(*arguments).stderr.splitlines()[-1]


def test_a_factory_that_raises_is_an_adapter_error(inside):
    done = inside("run", "--adapter", "cli.adapters:raising", "--budget", "10steps")
    assert done.returncode == 3
    assert "no such device" in done.stdout
    assert "Traceback" not in done.stderr


def test_nothing_is_left_behind_by_a_failed_write(command, tmp_path):
    (tmp_path / "lifecycle.svg").mkdir()
    assert command("graph", "-o", "lifecycle.svg").returncode == 2
    assert [path.name for path in tmp_path.iterdir()] == ["lifecycle.svg"]


TELLS_AT_ONCE = """
from asr_properties.cli import progress
from asr_properties.cli.main import main
progress.EVERY = 0.2
main()
"""


def test_an_interrupted_run_keeps_what_it_had(tmp_path):
    running = subprocess.Popen(
        [sys.executable, "-c", TELLS_AT_ONCE, "run", "--budget", "1h", "--report", "out"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert running.stderr is not None
    try:
        while " 0 steps" in running.stderr.readline():  # it has begun
            pass
        running.send_signal(signal.SIGINT)
        said, _ = running.communicate(timeout=60)
    finally:
        running.kill()
    assert running.returncode == 4, said
    assert "interrupted" in said
    record = json.loads((tmp_path / "out" / "record.json").read_text())
    assert record["stopped"] == "interrupted"
    assert record["steps"] > 0


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
@pytest.mark.parametrize("module", ["typer", "statemachine"])
def test_an_interrupted_import_is_one_line(tmp_path, module, number):
    """Modules take half a second to import; one, of the command line or of `check`, waits here for longer."""
    (tmp_path / f"{module}.py").write_text("print('importing', flush=True)\nimport time\ntime.sleep(60)\n")
    running = subprocess.Popen(
        [sys.executable, "-m", "asr_properties.cli.main", "check"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert running.stdout is not None
    assert running.stdout.readline() == "importing\n"
    running.send_signal(number)
    assert running.communicate(timeout=10)[1] == "interrupted\n"
    assert running.returncode == 130


def test_an_adapter_that_exits_is_an_adapter_error_and_no_pass(command):
    assert command("run", "--adapter", "sys:exit", "--budget", "5steps").returncode == 3


def test_a_file_that_nests_without_end_is_refused(command, tmp_path):
    for name, content in (
        ("deep.json", "[" * 100_000),
        ("deep.yaml", "- " * 100_000),
        ("objects.json", '{"a":' * 100_000),
    ):
        (tmp_path / name).write_text(content)
        for reader in ("trace", "replay"):
            done = command(reader, name)
            assert done.returncode == 2, (reader, name, done.stderr)
            assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"steps": []}, "no steps"),
        ({"steps": [{"do": "request", "name": "fly"}]}, "enable_replication"),
        ({"steps": [{"do": "wait", "seconds": -5}]}, "seconds"),
        ({"requirements": ['x"""; import os']}, "no requirement"),
        ({"steps_spent": float("inf")}, "damaged"),
        ({"version": 7}, "version"),
    ],
)
def test_a_counterexample_that_was_tampered_with_is_refused(inside, tmp_path, change, said):
    stored = {
        "format": "asr-conformance counterexample",
        "version": 1,
        "profile": "modernized",
        "configuration": {},
        "steps": [{"do": "write"}],
        "requirements": ["R40"],
        "properties": [],
        "before": [],
        "allowed": [],
        "observed": "",
    }
    (tmp_path / "stored.json").write_text(json.dumps({**stored, **change}))
    done = inside("replay", "stored.json")
    assert done.returncode == 2
    assert said in done.stderr


def test_a_reader_that_leaves_early_is_no_verdict(inside, tmp_path):
    script = f"set -o pipefail; {sys.executable} -m asr_properties.cli.main check | head -1"
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode in (0, 141)
    assert "Traceback" not in done.stderr
