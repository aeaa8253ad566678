"""The pytest plugin, in real pytest runs of other people's folders; a run that is interrupted has its own process."""

from __future__ import annotations

import signal
import subprocess
import sys
import time

import pytest

import cli.adapters
import wrong.implementations
from asr_properties.adapters import loading
from asr_properties.generation import machine_runs
from asr_properties.running import campaign

#: pytester forgets what a run imports; these would be made anew each time.
IMPORTED = (cli.adapters, wrong.implementations, loading, machine_runs, campaign)
KEPT_POINTS = ("--asr-adapter", "wrong.implementations:kept_points", "--asr-budget", "600steps")
REFERENCE = ("--asr-adapter", "asr_properties.reference:create", "--asr-budget", "1000steps")


@pytest.fixture
def run(pytester):
    """Run pytest in a folder with one test of its own."""
    pytester.makepyfile(test_own="def test_own():\n    pass\n")

    def run(*arguments, configuration=""):
        pytester.makeini(f"[pytest]\n{configuration}")
        done = pytester.runpytest_inprocess("-rA", "-p", "no:cacheprovider", *arguments)
        return subprocess.CompletedProcess(arguments, int(done.ret), done.stdout.str(), done.stderr.str())

    return run


def test_without_the_option_nothing_is_added(run):
    done = run()
    assert done.returncode == 0
    assert "1 passed" in done.stdout


def test_one_test_is_added_for_each_requirement(run):
    done = run(*REFERENCE, "--collect-only", "-q")
    assert sum("asr-conformance::" in line for line in done.stdout.splitlines()) == 116
    assert "R40_after_commit_all_other_available_recovery_points_are_deleted" in done.stdout


def test_requirements_are_selected_by_name(run):
    done = run(*REFERENCE, "-k", "R32 or R76")
    assert done.returncode == 0, done.stdout
    assert "2 passed" in done.stdout


def test_a_broken_requirement_fails_with_its_counterexample_and_no_traceback(run):
    done = run(*KEPT_POINTS, "-k", "R40")
    assert done.returncode == 1
    assert "breaks R40" in done.stdout
    assert "commit()" in done.stdout
    assert "Traceback" not in done.stdout
    assert "pytest_plugin.py" not in done.stdout


def test_what_cannot_be_observed_is_skipped_with_its_reason(run):
    done = run(*REFERENCE, "-k", "X08")
    assert "1 skipped" in done.stdout
    assert "NOT_OBSERVABLE" in done.stdout


def test_what_is_mandatory_and_was_not_exercised_fails(run):
    done = run(*REFERENCE[:3], "5steps", "-k", "R38")
    assert done.returncode == 1
    assert "was not put to the test" in done.stdout


def test_a_known_deviation_is_an_expected_failure_with_its_reason(run):
    done = run(*KEPT_POINTS, "-k", "R40", configuration="asr_known_deviations =\n    R40: deleted a day later\n")
    assert done.returncode == 0, done.stdout
    assert "1 xfailed" in done.stdout
    assert "deleted a day later" in done.stdout


def test_a_deviation_that_no_longer_occurs_warns(run):
    done = run(*REFERENCE, "-k", "R32", configuration="asr_known_deviations =\n    R32: it was so once\n")
    assert done.returncode == 0
    assert "take it out of asr_known_deviations" in done.stdout


@pytest.mark.parametrize("line", ["R40", "R40:", "R99: there is none"])
def test_a_deviation_without_reason_or_requirement_is_a_usage_error(run, line):
    done = run(*REFERENCE, configuration=f"asr_known_deviations =\n    {line}\n")
    assert done.returncode == 4
    assert "asr_known_deviations" in done.stdout + done.stderr


WRONG_OPTIONS = {
    "an adapter that is not there": ("--asr-adapter", "nowhere:create"),
    "an adapter that is none": ("--asr-adapter", "nonsense"),
    "an unknown profile": (*REFERENCE, "--asr-profile", "modernised"),
    "a budget that is none": (*REFERENCE[:3], "soon"),
}


@pytest.mark.parametrize("options", WRONG_OPTIONS.values(), ids=WRONG_OPTIONS)
def test_wrong_options_are_one_line_and_no_test_is_run(run, options):
    done = run(*options)
    said = done.stdout + done.stderr
    assert done.returncode == 4
    assert "asr-conformance: " in said
    assert "Traceback" not in said
    assert "passed" not in said


def test_the_seed_and_the_profile_are_options_and_a_failure_tells_the_command(run):
    done = run(*KEPT_POINTS, "--asr-seed", "7", "--asr-profile", "modernized", "-k", "R40")
    assert done.returncode == 1
    command = "asr-conformance run --adapter wrong.implementations:kept_points --profile modernized --budget 600steps"
    assert f"{command} --seed 7" in done.stdout


def test_an_adapter_that_fails_is_no_pass(run):
    done = run("--asr-adapter", "cli.adapters:raising", "-k", "R32")
    assert done.returncode == 1
    assert "no such device" in done.stdout


def test_an_adapter_that_fails_is_told_once(run):
    done = run("--asr-adapter", "cli.adapters:raising")
    assert done.returncode == 1
    assert done.stdout.count("no such device") <= 3  # the text of one test, and its line in pytest's summary
    assert "not judged: the adapter failed, as said above" in done.stdout
    assert "PASSED asr-conformance" not in done.stdout


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, pytest.param(signal.SIGHUP, marks=pytest.mark.long)])
def test_a_run_that_is_interrupted_interrupts_pytest(tmp_path, number):
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    running = subprocess.Popen(
        [sys.executable, "-m", "pytest", "--asr-adapter", "asr_properties.reference:create", "--asr-budget", "300s"],
        cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    assert running.stdout is not None
    for line in running.stdout:
        if line.startswith("collected"):
            break
    time.sleep(1.0)
    running.send_signal(number)
    told = running.communicate(timeout=60)[0]
    assert running.returncode == 2, told
    assert "KeyboardInterrupt" in told
    assert "was not put to the test" not in told
