"""A session of tests that leaves something behind fails, and names the test that did."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parent

#: what a test does -> what is said of it.
LEAKS = {
    "subprocess.Popen(['sleep', '20'])": "process *, sleep 20",
    "subprocess.run('sleep 20 & sleep 0', shell=True, start_new_session=True)": "process *, sleep 20",
    "kept.append(socket.create_server(('127.0.0.1', 0)))": "a server that listens on port *",
}
HEAD = """
import socket, subprocess
import leftovers

leftovers.PATIENCE = 0.5
kept = []
"""
RIGHT = """
def test_right():
    running = subprocess.Popen(["sleep", "20"])
    running.kill()
    running.wait()
    socket.create_server(("127.0.0.1", 0)).close()
"""


@pytest.fixture
def run(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch):
    """Run a test file in a process of its own, with the sweep."""
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(TESTS), *filter(None, [os.environ.get("PYTHONPATH")])]))

    def run(text: str, *arguments: str) -> pytest.RunResult:
        pytester.makepyfile(test_mine=f"{HEAD}\n{text}")
        return pytester.runpytest_subprocess("-p", "leftovers", "-p", "no:cacheprovider", *arguments)

    return run


@pytest.mark.parametrize("leak", LEAKS)
def test_what_is_left_is_named_with_its_test(run, leak):
    result = run(f"def test_right():\n    pass\n\ndef test_leaking():\n    {leak}\n\ndef test_later():\n    pass\n")
    result.assert_outcomes(passed=3, errors=1)
    assert result.ret == 1
    result.stdout.fnmatch_lines([f"test_mine.py::test_leaking*: {LEAKS[leak]}"])


def test_a_session_of_two_workers_fails_too(run):
    result = run(f"def test_leaking():\n    {next(iter(LEAKS))}\n", "-n", "2")
    result.assert_outcomes(passed=1, errors=1)
    assert result.ret == 1


def test_a_session_that_leaves_nothing_passes(run):
    result = run(RIGHT)
    result.assert_outcomes(passed=1)
    assert result.ret == 0
