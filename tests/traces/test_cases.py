"""Small inputs on which the verdict was once wrong, each with its right answer (`README.md` of their folder)."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., subprocess.CompletedProcess[str]]
CASES = Path(__file__).resolve().parents[2].parent / "shared" / "cases"

#: file -> the arguments besides it, the exit statuses that are right, and what is among what is told, as expressions.
ANSWERS: dict[str, tuple[tuple[str, ...], set[int], tuple[str, ...]]] = {
    "01-no-cancel-yet-R60-exercised.jsonl": (("--require", "R60,R49,R50,R51"), {4}, ("never exercised: R60",)),
    "03-no-shutdown-asked-yet-R23-exercised.jsonl": (("--require", "R23"), {4}, ("never exercised: R23",)),
    "04-unrecorded-planned-failover-false-alarm.jsonl": ((), {4}, ("planned_failover",)),
    "05-health-warning-nothing-judged.jsonl": ((), {0, 4}, ("health",)),
    "07-cancel-offered-in-S6-wrong-id.jsonl": ((), {1}, (r"R7[67] \(",)),
    "09-provider-never-told-conformant-by-modernized.json": ((), {4}, ("--profile",)),
    "10-points-listed-after-commit-not-read.json": ((), {1}, (r"R40 \(",)),
    "12-restamped-date-departure-only-incomplete.json": ((), {1}, ()),
    "13-classic-UnplannedFailoverCommitted-unknown.json": ((), {0}, ("failover_committed",)),
    "14-job-list-of-items-called-other-objects.json": ((), {0, 4}, ("jobs of items",)),
    "16a-enable-again-CompletedWithInformation-false-alarm.json": ((), {0}, ()),
    "D1-poll-dropped.har": ((), {1}, ()),
    "D1-same-facts.jsonl": ((), {1}, ()),
    "D2-drill-fails-at-once.har": ((), {0, 4}, ()),
    "D3-cleanup-fails.har": ((), {0, 4}, ()),
    "D4-disable-fails.har": ((), {0, 4}, ()),
    "D5-no-bodies-conformant.har": ((), {4}, ("1, 3, 4, 5, 7, 8, 9",)),
    "D6-firefox-base64-label.har": ((), {1}, ()),
    "D7-body-base64.har": ((), {0}, ()),
    "D8-initiating-at-start.har": ((), {0, 4}, ()),
    "D10-classic-2021-tokens.har": ((), {1}, ()),
    "D11-first-look-message.har": ((), {1}, ()),
    "U2-portal-batch.har": ((), {1}, ()),
    "a16-modernized-phase-noprofile.jsonl": ((), {1}, (r"R75 \(",)),
}
CLASSIC = ("--adapter", "asr_properties.reference:create_classic")
REPLAYS = {"D9-counterexample-modernized.json": {2, 3}, "classic-durations-reference.json": {0}}

pytestmark = pytest.mark.skipif(
    not CASES.is_dir() and not os.environ.get("CI"), reason="the folder shared/cases is not beside the repository"
)


def answer(done: subprocess.CompletedProcess[str]) -> tuple[int, str]:
    return done.returncode, re.sub(r"\s+", " ", done.stdout + done.stderr)


@pytest.mark.parametrize("name", ANSWERS)
def test_the_answer_is_right(name: str, inside: Run) -> None:
    options, statuses, told = ANSWERS[name]
    status, output = answer(inside("trace", *options, CASES / name))
    assert status in statuses, output
    assert all(re.search(expression, output) for expression in told), output


@pytest.mark.parametrize("name", REPLAYS)
def test_the_replay_is_right(name: str, inside: Run) -> None:
    status, output = answer(inside("replay", *CLASSIC, CASES / name))
    assert status in REPLAYS[name], output


def test_each_case_has_its_answer() -> None:
    assert {path.name for path in CASES.iterdir()} - {"README.md"} == {*ANSWERS, *REPLAYS}
