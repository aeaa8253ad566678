"""The examples work as they stand: the simulator's walk-through, the workflow, the rehearsal, the image."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from asr_properties.contract.methods import REQUESTABLE
from asr_properties.running.budget import Budget
from asr_properties.running.campaign import Campaign
from asr_properties.running.requirement_verdicts import Verdict
from examples.simulator import SimulatorAdapter
from test_readme import find_in_order

ROOT = Path(__file__).resolve().parent.parent.parent
EXAMPLES = ROOT / "examples"
ACTION = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
WORKFLOW = yaml.safe_load((EXAMPLES / "github" / "conformance.yml").read_text(encoding="utf-8"))
PATH = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])


@pytest.fixture
def clone(tmp_path):
    """The folder of a clone, as far as the examples need it."""
    shutil.copytree(EXAMPLES, tmp_path / "examples", ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


def run(command, folder, **environment):
    return subprocess.run(
        command, cwd=folder, env={**os.environ, "PATH": PATH, **environment}, capture_output=True, text=True,
        timeout=300, check=False,
    )  # fmt: skip


def test_the_walk_through_of_the_simulator_can_be_followed(clone):
    text = (EXAMPLES / "simulator" / "README.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```(python|console)\n(.*?)```", text, re.DOTALL)
    assert [kind for kind, _ in blocks] == ["console", "console", "python", "console"]
    for kind, block in blocks:
        if kind == "python":
            mend(clone, block)
            continue
        first, _, shown = block.partition("\n")
        done = run(shlex.split(first.removeprefix("$ ")), clone)
        find_in_order(shown, done.stdout, first)


def mend(clone, method):
    """Put a method in the place of the one of that name."""
    name = re.match(r" *def (\w+)", method)[1]
    file = clone / "examples" / "simulator" / "simulator.py"
    text, count = re.subn(rf"    def {name}\(.*?\n\n", method + "\n", file.read_text(), flags=re.DOTALL)
    assert count == 1
    file.write_text(text)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_simulator_has_one_mistake_and_no_other(seed):
    options = {"profile": "modernized", "budget": Budget.parse("1000steps"), "seed": seed}
    result = Campaign(SimulatorAdapter, **options).run()
    assert [v.requirement for v in result.verdicts if v.outcome is Verdict.FAILED] == ["R40"]
    assert {found.requirements[0] for found in result.counterexamples} == {"R40"}
    assert len(result.operations) < len(REQUESTABLE)


def test_the_workflow_gives_the_action_what_it_takes():
    steps = WORKFLOW["jobs"]["judge"]["steps"]
    (judge,) = [step for step in steps if "asr-conformance" in step["uses"]]
    assert set(judge["with"]) <= set(ACTION["inputs"])
    used = set(re.findall(r"steps\.judge\.outputs\.(\w+)", str(steps)))
    assert used <= set(ACTION["outputs"])
    assert all(isinstance(value, str) for value in judge["with"].values())


def judged_by_the_action(clone, **inputs):
    """What the action's step does with these inputs, the others by default; its status, and what it put out."""
    (step,) = [step for step in ACTION["runs"]["steps"] if step.get("id") == "judge"]
    given = {name: entry["default"] for name, entry in ACTION["inputs"].items()} | inputs
    environment = {
        name: re.sub(r"\$\{\{ inputs\.([\w-]+) \}\}", lambda found: given[found[1]], value)
        for name, value in step["env"].items()
    }
    assert "${{" not in step["run"]
    files = {name: str(clone / name) for name in ("GITHUB_STEP_SUMMARY", "GITHUB_OUTPUT")}
    bash = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]]
    done = run(bash, clone, **environment, **files)
    put_out = dict(line.split("=", 1) for line in (clone / "GITHUB_OUTPUT").read_text().splitlines())
    return done, put_out


def test_the_action_judges_writes_its_reports_and_fails_as_the_run_does(clone):
    simulator = {"adapter": "examples.simulator:SimulatorAdapter", "budget": "1000steps", "seed": "7"}
    done, put_out = judged_by_the_action(clone, **simulator)
    assert (done.returncode, put_out["status"]) == (1, "1"), done.stderr
    written = {path.name for path in (clone / put_out["report"]).iterdir()}
    assert written >= {"record.json", "report.html", "report.xml", "report.sarif", "report.md"}
    assert (clone / "GITHUB_STEP_SUMMARY").read_text().startswith("## ❌ ")


@pytest.mark.parametrize(("allowed", "status"), [("false", 4), ("true", 0)])
def test_the_action_takes_inputs_for_no_code(clone, allowed, status):
    done, put_out = judged_by_the_action(clone, **{"seed": "1", "budget": "20steps", "allow-incomplete": allowed})
    assert (done.returncode, put_out["status"]) == (status, "4"), done.stderr
    done, put_out = judged_by_the_action(clone, adapter="x; touch was-run $(touch was-run)", budget="20steps")
    assert (done.returncode, put_out["status"]) == (2, "2")
    assert not (clone / "was-run").exists()


@pytest.mark.long
def test_the_rehearsal_brings_the_machine_home(clone):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    done = run(["sh", "examples/arm-rehearsal/rehearse.sh"], clone, PORT=str(port))
    assert done.returncode == 4, done.stdout + done.stderr
    assert done.stdout.splitlines()[-1].startswith("INCOMPLETE (seed 1, 30 steps, 1 items")
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), timeout=5).close()


@pytest.mark.long
def test_what_the_image_installs_is_the_command(tmp_path):
    """The image's own steps, in an environment of their own: there is no container here."""
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8").replace("/wheels", str(tmp_path / "wheels"))
    steps = re.findall(r"^RUN (.*)$", text, re.MULTILINE)
    assert len(steps) == 2
    subprocess.run([sys.executable, "-m", "venv", tmp_path / "venv"], check=True)
    bin_ = tmp_path / "venv" / "bin"
    for step in steps:
        done = run(["sh", "-c", step], ROOT, PATH=f"{bin_}{os.pathsep}{os.environ['PATH']}")
        assert done.returncode == 0, done.stderr
    (entry,) = re.findall(r'^ENTRYPOINT \["(.*)"\]$', text, re.MULTILINE)
    done = run([bin_ / entry, "run", "--seed", "1", "--budget", "20steps", "--no-report"], tmp_path)
    assert (done.returncode, done.stdout.splitlines()[-1][:10]) == (4, "INCOMPLETE")
