"""The state machine as a new user tries it: a file of one's own, and pytest."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parent.parent

HEAD = """
from asr_properties import LifecycleMachine
from asr_properties.reference import create
from hypothesis import settings
from wrong.implementations import kept_points

"""
MINE = (
    HEAD
    + """
class Mine(LifecycleMachine):
    implementation = kept_points

TestMine = Mine.TestCase
TestMine.settings = settings(max_examples=20, derandomize=True, print_blob=True)
"""
)
SHORT = (
    HEAD
    + """
class Mine(LifecycleMachine):
    implementation = create

TestMine = Mine.TestCase
TestMine.settings = settings(max_examples=5)
"""
)


@pytest.fixture
def run(tmp_path):
    """Run pytest on a file with this text."""

    def run(text, *arguments):
        (tmp_path / "test_mine.py").write_text(text)
        (tmp_path / "pytest.ini").write_text("[pytest]\n")
        return subprocess.run(
            [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *arguments],
            cwd=tmp_path,
            env={
                **os.environ,
                "PYTHONPATH": os.pathsep.join([str(TESTS), *filter(None, [os.environ.get("PYTHONPATH")])]),
            },
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    return run


@pytest.mark.parametrize("arguments", [(), ("-n", "2")])
def test_a_failure_is_shown_with_its_requirement_its_property_and_its_steps(run, arguments):
    done = run(MINE, *arguments)
    assert done.returncode == 1
    told = done.stdout
    assert "R40: breaks R40 (Connect to failed-over VM; documented)" in told
    assert "property commit_deletes_other_points: after commit no other recovery point is left" in told
    assert re.search(
        r"^E +state\.fail_over\(recovery_point='latest', shut_down_source=(?:True|False)\)$", told, re.MULTILINE
    )
    assert re.search(r"^E +state\.commit_deletes_other_points\(\)$", told, re.MULTILINE)
    assert "Failing test case: <state machine>" not in told


def test_what_failed_is_tried_first_the_next_time(run):
    # Where a variable says CI, Hypothesis keeps nothing and draws the same every time, unless one writes otherwise.
    own = MINE.replace("derandomize=True", 'derandomize=False, database=DirectoryBasedExampleDatabase("kept")')
    own = f"from hypothesis.database import DirectoryBasedExampleDatabase\n{own}"
    assert run(own).returncode == 1
    done = run(own.replace("max_examples=20", "max_examples=1"), "--hypothesis-show-statistics")
    assert done.returncode == 1
    assert "during reuse phase" in done.stdout


def test_a_failure_can_be_reproduced_by_its_blob(run):
    blob = re.search(r"@reproduce_failure\(.*?\)", run(MINE).stdout)
    assert blob is not None
    own = MINE.replace("class Mine", f"from hypothesis import reproduce_failure\n\n{blob[0]}\nclass Mine", 1)
    done = run(own.replace("derandomize=True", "database=None"))
    assert done.returncode == 1
    assert "R40: breaks R40" in done.stdout


def test_it_passes_where_nothing_is_wrong_and_the_statistics_tell_what_was_reached(run):
    done = run(SHORT, "--hypothesis-show-statistics")
    assert done.returncode == 0
    assert "1 passed" in done.stdout
    assert re.search(r"phase reached: protected", done.stdout)
    assert re.search(r"transition taken: enable_replication: not_replicated", done.stdout)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("implementatoin = create", "Mine has 'implementatoin': did you mean `implementation`?"),
        ("pass", "Mine does not say what to judge: write `implementation = FACTORY`"),
    ],
)
def test_what_is_missing_is_told_in_one_line(run, line, told):
    done = run(SHORT.replace("implementation = create", line), "-q")
    assert done.returncode in (1, 2)
    assert told in done.stdout
    assert len([text for text in done.stdout.splitlines() if text.startswith("E ")]) == 1
