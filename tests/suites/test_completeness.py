"""Suites are complete: of every machine with so many states, each that is wrong is found."""

from __future__ import annotations

from random import Random

import pytest

from asr_model.suites.mealy import Mealy, Step, difference
from asr_model.suites.methods import Method, suite
from suites.machines import drawn, every, survivor

METHODS = pytest.mark.parametrize("method", Method)


@METHODS
@pytest.mark.parametrize(("states", "extra"), [(2, 0), (3, 0), (2, 1)])
def test_every_machine_with_so_many_states_that_is_wrong_is_found(method, states, extra):
    """All of them, one by one: 46,656 with three states."""
    machine = drawn(Random(states), states, 2)
    made = suite(machine, method, extra)
    right = [machine.outputs(test) for test in made.tests]
    wrong = 0
    for other in every(states + extra, 2, 2):
        passes = all(other.outputs(test) == outputs for test, outputs in zip(made.tests, right, strict=True))
        is_wrong = difference(machine, other) is not None
        assert passes != is_wrong
        wrong += is_wrong
    assert wrong > 200


@METHODS
@pytest.mark.parametrize("defined", [1.0, 0.7])
@pytest.mark.parametrize(("states", "extra"), [(2, 0), (3, 0), (4, 0), (2, 1), (3, 1), (2, 2)])
def test_no_machine_that_passes_is_wrong(method, states, extra, defined):
    """Machines are gone through as far as a test comes: what has failed is not gone on with."""
    for seed in range(12):
        machine = drawn(Random(seed), states, 2 if extra or states < 4 else 3, defined=defined)
        assert survivor(machine, suite(machine, method, extra).tests, states + extra) is None


@METHODS
def test_one_state_more_than_was_looked_for_may_pass(method):
    found = 0
    for seed in range(12):
        machine = drawn(Random(seed), 3, 2)
        found += survivor(machine, suite(machine, method).tests, 4) is not None
    assert found


@METHODS
def test_a_suite_that_lacks_a_test_of_a_step_is_not_complete(method):
    machine = drawn(Random(5), 4, 2)
    tests = suite(machine, method).tests
    assert any(survivor(machine, tests[:at] + tests[at + 1 :], 4) is not None for at in range(len(tests)))


@METHODS
def test_an_only_state_needs_each_input_once(method):
    machine = Mealy(("a", "b"), ({0: Step("x", 0), 1: Step("y", 0)},))
    assert survivor(machine, suite(machine, method).tests, 1) is None
    assert survivor(machine, suite(machine, method, 1).tests, 2) is None


@METHODS
@pytest.mark.parametrize("extra", [0, 1])
def test_tests_are_what_the_machine_defines_and_none_begins_another(method, extra):
    machine = drawn(Random(3), 5, 3, defined=0.7)
    made = suite(machine, method, extra)
    assert made.states == 5 + extra
    assert made.operations == sum(map(len, made.tests))
    for test in made.tests:
        assert len(machine.outputs(test)) == len(test)
        assert not any(other != test and other[: len(test)] == test for other in made.tests)
    taken = {(machine.target(t[:n]), t[n]) for t in made.tests for n in range(len(t))}
    assert taken == {(state, number) for state, steps in enumerate(machine.steps) for number in steps}
