"""The plugin as a part of a pytest session: counts, ids that can be pasted, workers of xdist, JUnit."""

from __future__ import annotations

import os
import re
import subprocess
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

from asr_properties.generation import machine_runs
from asr_properties.running import campaign
from wrong import implementations

#: pytester forgets what a run imports; these would be made anew each time.
IMPORTED = (machine_runs, campaign, implementations)
TESTS = Path(__file__).resolve().parent.parent
JUDGED = ("--asr-adapter", "mine:create", "--asr-budget", "300steps")
COUNTING = """
import os
from wrong.implementations import kept_points

def create():
    with open("processes.txt", "a") as file:
        print(os.getpid(), file=file)
    return kept_points()
"""
R40 = "asr-conformance::R40_after_commit_all_other_available_recovery_points_are_deleted"


@pytest.fixture
def run(pytester, monkeypatch):
    """Run pytest in a folder with a test of its own and an adapter that tells who judges it; gives what it says.
    Workers of xdist are processes of their own, and so is what starts them."""
    pytester.makeini("[pytest]\n")
    pytester.makepyfile(test_own="def test_own():\n    pass\n", mine=COUNTING)
    pytester.syspathinsert()
    paths = [str(pytester.path), str(TESTS), *filter(None, [os.environ.get("PYTHONPATH")])]
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(paths))
    monkeypatch.delenv("CI", raising=False)  # there pytest's summary repeats each failure whole

    def run(*arguments):
        begin = pytester.runpytest_subprocess if "-n" in arguments else pytester.runpytest_inprocess
        done = begin("-rA", "-p", "no:cacheprovider", *JUDGED, *arguments)
        return subprocess.CompletedProcess(arguments, int(done.ret), done.stdout.str(), done.stderr.str())

    return run


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--co", "-q"), "117 tests collected in "),
        (("--co", "-q", "-k", "R32 or R76"), "2/117 tests collected (115 deselected) in "),
        (("-k", "R32 or R76", "--co"), "collected 117 items / 115 deselected / 2 selected"),
    ],
    ids=["all", "some, quietly", "some"],
)
def test_the_tests_are_counted_as_any_others(run, arguments, told):
    assert told in run(*arguments).stdout


def test_an_id_that_was_shown_can_be_pasted(run):
    done = run("-k", "R40")
    (shown,) = re.findall(r"^FAILED (\S+)", done.stdout, re.MULTILINE)
    assert shown == R40
    again = run(shown)
    assert "collected 1 item\n" in again.stdout
    assert re.search(r"^=+ 1 failed in ", again.stdout, re.MULTILINE)
    both = run(shown, "test_own.py", "--co", "-q")
    assert both.stdout.splitlines()[:2] == ["test_own.py::test_own", R40]


@pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["alone", "two workers"])
def test_an_id_that_is_none_is_told_in_one_line(run, workers):
    done = run("asr-conformance::R40", *workers)
    assert done.returncode == 4
    assert "Traceback" not in done.stdout + done.stderr
    assert "asr-conformance: there is no test 'asr-conformance::R40'" in done.stderr


def test_workers_share_one_run(run, pytester):
    done = run("-n", "2", "--dist", "each", "-k", "R40 or R32")
    assert "2 failed, 2 passed in " in done.stdout, done.stdout
    assert done.stdout.count("  7. wait until the job ends ") == 2  # both have the counterexample
    assert len(set((pytester.path / "processes.txt").read_text().split())) == 1


def test_workers_take_an_id_that_was_pasted(run):
    done = run("-n", "2", R40)
    assert "2 workers [1 item]" in done.stdout
    assert "1 failed in " in done.stdout


def test_junit_has_the_requirement_and_its_section(run, pytester):
    run("-k", "R40", "--junitxml", "junit.xml")
    (case,) = ElementTree.parse(pytester.path / "junit.xml").iter("testcase")
    assert case.get("classname") == "asr-conformance"
    assert {each.get("name"): each.get("value") for each in case.iter("property")} == {
        "requirement": "R40",
        "section": "Connect to failed-over VM",
    }
