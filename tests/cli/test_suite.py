"""`suite` as a user runs it, and docs/suites.md, which tells of it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from asr_model.deterministic_machine import deterministic_machine
from asr_model.machine import Machine
from asr_model.profiles import CHARTS, stepper
from asr_model.suites.methods import Method, suite

PAGE = (Path(__file__).parents[2] / "docs" / "suites.md").read_text(encoding="utf-8")


def machine_of(profile):
    return deterministic_machine(Machine(stepper(profile))).minimised()


def test_it_tells_the_sizes_of_every_method(command):
    done = command("suite", "--profile", "classic")
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.startswith("classic: 69 states, 34 inputs, ")
    assert [line.split()[0] for line in done.stdout.splitlines()[2:7]] == list(Method)
    assert done.stdout.endswith("complete for implementations with 69 states at most\n")


def test_it_writes_the_machine_and_the_tests(command, tmp_path):
    done = command("suite", "--method", "spy", "-o", "suite.json")
    assert done.returncode == 0, done.stdout + done.stderr
    written = json.loads((tmp_path / "suite.json").read_text())
    machine = machine_of("modernized")
    assert tuple(map(tuple, written["tests"])) == suite(machine, Method.SPY).tests
    assert sum(map(len, written["tests"])) == written["operations"]
    assert len(written["machine"]) == written["complete_for_states"] == len(machine.steps)
    assert {"do": "ask", "operation": "commit", "arguments": {}} in written["inputs"]
    for state, steps in enumerate(written["machine"]):
        assert {(given, target) for given, _, target in steps} == {
            (given, step.target) for given, step in machine.steps[state].items()
        }
    answers = {(given, output) for steps in written["machine"] for given, output, _ in steps}
    (commit,) = (n for n, given in enumerate(written["inputs"]) if given.get("operation") == "commit")
    told = [written["outputs"][output] for given, output in answers if given == commit]
    assert {one["answer"] for one in told} == {"accepted", "refused"}


def test_it_shows_what_tells_states_apart(command):
    done = command("suite", "--method", "hsi", "--families")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "W, for any two states: pass time | " in done.stdout
    assert len(re.findall(r"^state \d+, ", done.stdout, re.MULTILINE)) == 75
    assert len(re.findall(r"^  HSI: .", done.stdout, re.MULTILINE)) == 75


@pytest.mark.parametrize(
    "options", [("--method", "x"), ("-o", "suite.json"), ("--extra-states", "5"), ("--profile", "none")]
)
def test_what_it_cannot_do_is_told_in_one_line(command, options):
    done = command("suite", *options)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_the_page_shows_what_is_printed(command):
    (shown,) = re.findall(r"```console\n\$ asr-conformance suite\n(.*?)```", PAGE, re.DOTALL)
    assert [line.rstrip() for line in command("suite").stdout.splitlines()] == shown.splitlines()


@pytest.mark.parametrize("profile", CHARTS)
def test_the_page_tells_the_sizes(profile):
    machine = machine_of(profile)
    numbers = [len(machine.steps), len(machine.inputs), sum(map(len, machine.steps))]
    assert f"| {profile} | {' | '.join(f'{number:,}' for number in numbers)} |" in PAGE
    for method in Method:
        made = suite(machine, method)
        (row,) = re.findall(rf"^\| {method} \|((?:[^|]*\|){{3}}[^|]*)\|$", PAGE, re.MULTILINE | re.IGNORECASE)
        column = list(CHARTS).index(profile)
        told = [int(cell.replace(",", "")) for cell in row.split("|")]
        assert told[2 * column : 2 * column + 2] == [len(made.tests), made.operations]
