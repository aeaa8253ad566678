"""Plans that are made, and done: within their budget, on the reference in process and over stdio, and on wrong ones."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from asr_model.profiles import lts
from asr_model.requirements import CATALOGUE
from asr_properties.generation.coverage import Coverable
from asr_properties.planning.left_out import open_requirements
from asr_properties.planning.plan_document import InvalidPlan, plan_from_json, read_plan
from asr_properties.planning.progress import progress_path
from planning.plans import WALKS, made, written

TESTS = Path(__file__).resolve().parents[1]
SERVED = f"stdio:{sys.executable} {TESTS / 'adapters' / 'serve.py'} asr_properties.reference:create"


def stored(path, plan):
    path.write_text(json.dumps(plan.to_json()))
    return path


def test_what_a_plan_buys_and_leaves_out_is_all_there_is():
    plan = made()
    for machine in (1, 2):
        mine = [test for test in plan.tests if test.machine == machine]
        assert sum(test.minutes for test in mine) <= plan.budget
    transitions = [name for test in plan.tests for name in test.first.transitions]
    pairs = [tuple(pair) for test in plan.tests for pair in test.first.pairs]
    requirements = [name for test in plan.tests for name in test.first.requirements]
    coverable = Coverable.of(lts("modernized"))
    assert sorted([*transitions, *plan.left_out.transitions]) == sorted(coverable.transitions)
    assert sorted([*pairs, *map(tuple, plan.left_out.pairs)]) == sorted(coverable.pairs)
    assert sorted([*requirements, *plan.left_out.requirements]) == sorted(open_requirements("modernized"))
    assert plan.coverable == {"transition": 143, "pair": len(coverable.pairs), "requirement": 96}
    assert {"R10", "R15", "X01"} <= set(requirements) <= set(CATALOGUE)
    assert plan.left_out.requirements["R24"] == "the adapter does not offer faults"
    needs_a_fault = "failover_fails: failing_over -> failover_failed"
    assert plan.left_out.transitions[needs_a_fault] == "needs a fault, which a slow service does not offer"


def test_a_plan_is_the_same_when_it_is_read_again(tmp_path):
    plan = made()
    again = read_plan(stored(tmp_path / "plan.json", plan))
    assert (again, again.digest) == (plan, plan.digest)
    assert written(*WALKS).digest != written(*WALKS[:3]).digest


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"format": "other"}, "no plan; it says no format 'asr-conformance plan'"),
        ({"version": 2}, "a plan of version 2; this program reads 1"),
        ({"machines": 0}, "damaged: machines: "),
        ({"machines": 1}, "a test is for a machine that is none of 1"),
        ({"tests": [made().to_json()["tests"][1]]}, "its tests are not numbered from 1"),
        ({"evil": 1}, "damaged: evil: "),
    ],
)
def test_what_is_no_plan_is_told(tmp_path, changes, told):
    with pytest.raises(InvalidPlan, match=told):
        plan_from_json(made().to_json() | changes)
    (tmp_path / "plan.json").write_text(json.dumps(made().to_json() | changes))
    with pytest.raises(InvalidPlan, match=f"plan.json: .*{told}"):
        read_plan(tmp_path / "plan.json")


def test_the_command_plans_runs_and_goes_on(inside, tmp_path):
    planned = inside("plan", "--budget", "95min", "-o", "night.json", "--json", "all.json")
    assert planned.returncode == 0, planned.stderr
    assert "wrote night.json" in planned.stdout
    assert all(len(line) <= 80 for line in planned.stdout.splitlines())
    for said in ("what the budget buys", "what it leaves out:", "never recorded, so this is assumed", "  R24, R33, "):
        assert said.split(",")[0] in planned.stdout
    document = json.loads((tmp_path / "night.json").read_text())
    assert document == json.loads((tmp_path / "all.json").read_text())
    assert document["command"] == "asr-conformance plan --budget 95min"

    done = inside("run", "--plan", "night.json", "--seed", "1", "--report", "out")
    tests = len(document["tests"])
    assert done.returncode == 4, done.stderr  # it leaves something, and says so
    assert f"plan: {tests} of {tests} tests done; kept in night.progress-1.json" in done.stdout
    record = json.loads((tmp_path / "out" / "record.json").read_text())
    assert (record["engine"], record["failures"], record["adapter_error"]) == ("plan", 0, None)
    assert record["command"].endswith("run --adapter asr_properties.reference:create --profile modernized "
                                      "--plan night.json --seed 1")  # fmt: skip

    again = inside("run", "--plan", "night.json", "--seed", "1", "--report", "out", "--json", "again.json")
    assert again.returncode == 4
    counts = ("verdicts", "coverage", "account", "failures")
    merged = json.loads((tmp_path / "again.json").read_text())
    assert {key: merged[key] for key in counts} == {key: record[key] for key in counts}


def test_a_plan_over_stdio_shows_what_it_shows_in_process(inside, tmp_path):
    plan = stored(tmp_path / "plan.json", made())
    verdicts = {}
    for spec in ("asr_properties.reference:create", SERVED):
        seen = []
        for machine in (1, 2):
            inside("run", "--plan", plan, "--machine", machine, "--seed", 1, "--adapter", spec, "--json", "it.json")
            seen.append(json.loads((tmp_path / "it.json").read_text()))
        verdicts[spec] = seen[1]["verdicts"], seen[1]["coverage"], seen[1]["failures"]
        assert {"R10", "R15"} <= {v["requirement"] for v in seen[1]["verdicts"] if v["outcome"] == "PASSED"}
        for machine in (1, 2):
            progress_path(plan, machine).unlink()
    assert verdicts["asr_properties.reference:create"] == verdicts[SERVED]


@pytest.mark.parametrize(
    ("wrong", "requirement"), [("kept_points", "R40"), ("committed_twice", "R41"), ("drill_stops_replication", "X13")]
)
def test_a_plan_finds_what_is_wrong(inside, tmp_path, wrong, requirement):
    plan = stored(tmp_path / "plan.json", written(*WALKS))
    done = inside(
        "run", "--plan", plan, "--seed", 1, "--adapter", f"wrong.implementations:{wrong}", "--json", "it.json"
    )
    assert done.returncode == 1, done.stdout
    record = json.loads((tmp_path / "it.json").read_text())
    assert record["counterexamples"][0]["requirements"][0] == requirement
    assert record["counterexamples"][0]["found_by"] == "plan, seed 1"
    assert "plan: 4 of 4 tests done" in done.stdout


def test_a_run_that_is_killed_goes_on_where_it_was(tmp_path):
    """Nothing is told the process, and it has no time to say good-bye: what was kept after each test counts."""
    plan = stored(tmp_path / "plan.json", written(*WALKS * 40))
    command = [sys.executable, "-m", "asr_conformance", "run", "--plan", str(plan), "--seed", "1", "--no-report"]
    environment = {**os.environ, "PYTHONPATH": str(TESTS)}
    running = subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=subprocess.DEVNULL)
    kept = progress_path(plan, 1)
    until = time.monotonic() + 60
    while time.monotonic() < until and not (kept.exists() and len(json.loads(kept.read_text())["done"]) >= 3):
        time.sleep(0.02)
    running.send_signal(signal.SIGKILL)
    assert running.wait(30) == -signal.SIGKILL
    before = [one["number"] for one in json.loads(kept.read_text())["done"]]
    assert 3 <= len(before) < 160
    done = subprocess.run(
        command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    assert "plan: 160 of 160 tests done" in done.stdout, done.stdout
    assert [one["number"] for one in json.loads(kept.read_text())["done"]] == list(range(1, 161))
    assert [memory["items"] for memory in json.loads(kept.read_text())["seen"]] == [len(before), 160 - len(before)]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("plan", "--budget", "500steps"), "'500steps' is no budget of a plan: write 90min or 8h"),
        (("plan", "--budget", "soon"), "'soon' is no budget"),
        (("plan", "--durations", "none.json"), "none.json: No such file"),
        (("run", "--plan", "none.json"), "none.json: No such file"),
        (("run", "--plan", "plan.json", "--budget", "9steps"), "--plan says what is done: leave out --budget"),
        (("run", "--plan", "plan.json", "--machine", "2"), "there is no machine 2: the plan is for 1"),
    ],
)
def test_wrong_usage_is_one_line(inside, tmp_path, arguments, told):
    stored(tmp_path / "plan.json", written(*WALKS))
    done = inside(*arguments)
    assert done.returncode == 2
    assert told in done.stderr
    assert len(done.stderr.splitlines()) == 1
