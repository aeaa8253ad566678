"""What the operators make: one change each, of everything that they are about, the same in every process."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from asr_model import profiles
from asr_model.efsm import Event
from asr_model.machine import Machine
from asr_model.mutants.every_mutant import every_mutant
from asr_model.mutants.mutant import Operator

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "mutants.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| ([a-z ]+) \| [^|]+ \| ([\d,]+) \| ([\d,]+) \|$", PAGE, re.MULTILINE)
SIZES = {
    profile: {row[0]: int(row[column].replace(",", "")) for row in ROWS}
    for column, profile in enumerate(("modernized", "classic"), 1)
}
"""How many mutants of each operator there are, as the page tells. A change of the lifecycle changes them."""

NAMED = {mutant.name: mutant for mutant in every_mutant("modernized")}


@pytest.mark.parametrize("profile", SIZES)
def test_each_operator_makes_its_mutants_and_no_two_of_them_have_one_name(profile):
    mutants = every_mutant(profile)
    assert dict(Counter(mutant.operator for mutant in mutants)) == SIZES[profile]
    assert SIZES[profile]["transition missing"] == len(profiles.efsm(profile).transitions)
    assert len({mutant.name for mutant in mutants}) == len(mutants)
    assert all(mutant.requirements and mutant.what for mutant in mutants)


@pytest.mark.parametrize("profile", SIZES)
def test_a_mutant_differs_from_the_lifecycle_in_one_transition_at_most(profile):
    efsm = profiles.efsm(profile)
    declared = set(efsm.transitions)
    for mutant in every_mutant(profile):
        changed = set(mutant.applied(efsm).transitions) ^ declared
        only_answers = mutant.shown or mutant.feigned or mutant.hushed
        assert len(changed) == (0 if only_answers else (mutant.gone is not None) + (mutant.added is not None))
        assert mutant.gone != mutant.added or only_answers


def test_the_names_are_the_same_in_another_process():
    program = (
        "from asr_model.mutants.every_mutant import every_mutant; from zlib import crc32;"
        "print(crc32(repr([m.name for m in every_mutant('modernized')]).encode()))"
    )
    told = {subprocess.run([sys.executable, "-c", program], capture_output=True, check=True).stdout for _ in range(2)}
    assert len(told) == 1


def test_guards_are_changed_condition_by_condition():
    of_it = "fail_over: protected -> failing_over #2: "
    guards = {
        mutant.operator + ": " + mutant.name.split(of_it)[1]: mutant.added.guard
        for mutant in NAMED.values()
        if of_it in mutant.name and mutant.operator.startswith("guard") and not mutant.visits
    }
    wanted = "recovery_point == 'latest_processed'"
    assert guards == {
        f"guard negated: {wanted} is negated": f"not {wanted} and points != 'none' and (drill == 'no_drill')",
        "guard negated: points != 'none' is negated": f"{wanted} and (not points != 'none') and (drill == 'no_drill')",
        "guard negated: drill == 'no_drill' is negated": f"{wanted} and points != 'none' and (not drill == 'no_drill')",
        f"guard weakened: {wanted} is not asked for": "True and points != 'none' and (drill == 'no_drill')",
        "guard weakened: points != 'none' is not asked for": f"{wanted} and True and (drill == 'no_drill')",
        "guard weakened: drill == 'no_drill' is not asked for": f"{wanted} and points != 'none' and True",
        f"guard off by one: {wanted} is recovery_point == 'latest'": "recovery_point == 'latest' and points != 'none' "
        "and (drill == 'no_drill')",
        f"guard off by one: {wanted} is recovery_point == 'latest_app_consistent'": "recovery_point == "
        "'latest_app_consistent' and points != 'none' and (drill == 'no_drill')",
        "guard off by one: points != 'none' is points != 'crash'": f"{wanted} and points != 'crash' and "
        "(drill == 'no_drill')",
        "guard off by one: drill == 'no_drill' is drill == 'drill_running'": f"{wanted} and points != 'none' and "
        "(drill == 'drill_running')",
    }


def test_extra_states_are_right_until_the_place_was_left_so_often():
    mutant = NAMED["extra states: 2: transition missing: commit: failed_over -> committing_failover"]
    machine = Machine(profiles.stepper("modernized"), mutant)
    at = machine.initial
    answers = []
    for _ in range(3):
        failed_over = at._replace(state=at.state._replace(phase="failed_over", before="nothing", stopping=False))
        step = machine.step(failed_over, Event("commit"), frozenset())
        answers.append(step.is_taken)
        again = machine.step(failed_over, Event("reprotect"), frozenset())
        at = again.after
    assert answers == [True, True, False]


def test_every_operator_is_in_words_that_the_command_line_takes():
    assert len(set(Operator)) == len(SIZES["modernized"])
