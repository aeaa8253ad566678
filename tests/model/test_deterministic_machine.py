"""The deterministic machine: what it is of the observable one, and that suites of it find what differs from it."""

from __future__ import annotations

from functools import cache

import pytest

from asr_model.deterministic_machine import deterministic_machine
from asr_model.machine import Machine
from asr_model.mutants.every_mutant import every_mutant
from asr_model.observable_machine import Sort, observable_machine
from asr_model.profiles import CHARTS, lts, stepper
from asr_model.suites.mealy import difference
from asr_model.suites.methods import Method, suite

PROFILES = pytest.mark.parametrize("profile", CHARTS)


@cache
def machine_of(profile):
    return deterministic_machine(Machine(stepper(profile)))


@PROFILES
def test_every_step_is_a_move_of_the_observable_machine_or_time_that_changes_nothing(profile):
    observable = observable_machine(lts(profile))
    moves = {(move.source, move.input, move.target, move.answer, move.ends) for move in observable.moves}
    machine = machine_of(profile)
    where = states_of(machine, profile)
    for state, steps in enumerate(machine.steps):
        for number, (shown, target) in steps.items():
            given = machine.inputs[number]
            same = state == target and not shown.ends
            move = (where[state], given, where[target], shown.answer, shown.ends)
            assert move in moves or (given.sort is Sort.PASS_TIME and same), (given, shown)


def states_of(machine, profile):
    """The states of the observable machine that the states of this one are: the moves lead there."""
    observable, where = observable_machine(lts(profile)), {0: 0}
    todo = [0]
    while todo:
        state = todo.pop()
        for number, (shown, target) in machine.steps[state].items():
            if target in where:
                continue
            found = [
                move.target
                for move in observable.outgoing[where[state]]
                if (move.input, move.answer, move.ends) == (machine.inputs[number], shown.answer, shown.ends)
                and looks_like(observable.lts.states[move.target], dict(shown.look))
            ]
            if len(found) == 1:
                where[target] = found[0]
                todo.append(target)
    assert len(where) == len(machine.steps)
    return where


def looks_like(state, look):
    shown = {"phase": state.phase, "drill": state.drill, "points": state.points, "on_premises": state.on_premises}
    told = {"points": look.get("recovery_points"), **{key: look.get(key) for key in ("phase", "drill", "on_premises")}}
    return all(told[key] in (None, value) for key, value in shown.items())


@PROFILES
def test_completed_it_does_the_same_where_it_is_defined(profile):
    assert difference(machine_of(profile), deterministic_machine(Machine(stepper(profile)), complete=True)) is None


@PROFILES
def test_no_power_is_shown_that_is_left_open(profile):
    shown = {value for steps in machine_of(profile).steps for step, _ in steps.values() for _, value in step.look}
    assert "unspecified" not in shown


@PROFILES
def test_suites_find_every_mutant_that_has_no_more_states_and_differs(profile):
    """A mutant with more states may pass; one that does all that is right must."""
    machine = machine_of(profile).minimised()
    tests = {method: suite(machine, method).tests for method in (Method.H, Method.SPY)}
    differing = 0
    for mutant in every_mutant(profile)[::300]:
        other = deterministic_machine(Machine(stepper(profile), mutant), complete=True)
        differs = difference(machine, other) is not None
        for method, made in tests.items():
            found = any(machine.outputs(test) != other.outputs(test) for test in made)
            small = len(other.minimised().steps) <= len(machine.steps)
            assert found <= differs
            assert found or not differs or not small, (method, mutant.name)
        differing += differs
    assert differing > 10
