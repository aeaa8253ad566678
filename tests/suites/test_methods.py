"""Suites beside those of AALpy, and the separating families that they are made of."""

from __future__ import annotations

from itertools import combinations
from random import Random

import pytest

from asr_model.suites.mealy import Mealy, Step, Undefined, difference, explored
from asr_model.suites.methods import Method, suite
from asr_model.suites.separating import NotSeparable, Separation
from suites.beside_aalpy import finds, words_of
from suites.machines import drawn, survivor

MACHINES = [drawn(Random(seed), 4, 2) for seed in range(6)]


@pytest.mark.parametrize("method", ["w", "wp"])
@pytest.mark.parametrize("extra", [0, 1])
@pytest.mark.parametrize("machine", MACHINES[:3])
def test_it_finds_what_those_of_aalpy_find(machine, method, extra):
    """A step of each is changed in turn, in every way, and a state more is made of one by half."""
    made = suite(machine, Method(method), extra)
    for other in changed(machine):
        seen = any(machine.outputs(test) != other.outputs(test) for test in made.tests)
        assert seen == finds(method, machine, other, extra) == (difference(machine, other) is not None)


def changed(machine):
    for state, steps in enumerate(machine.steps):
        for number, step in steps.items():
            others = [Step(1 - step.output, step.target), *(Step(step.output, t) for t in range(len(machine.steps)))]
            for other in others:
                yield Mealy(
                    machine.inputs, (*machine.steps[:state], {**steps, number: other}, *machine.steps[state + 1 :])
                )


@pytest.mark.parametrize("method", ["w", "wp"])
def test_the_suites_of_aalpy_are_complete_by_the_same_search(method):
    for machine in MACHINES[:3]:
        assert survivor(machine, tuple(words_of(method, machine)), 4) is None


@pytest.mark.parametrize("method", ["w", "wp"])
def test_it_takes_no_more_than_those_of_aalpy(method):
    for machine in MACHINES:
        assert suite(machine, Method(method)).operations <= sum(map(len, words_of(method, machine)))


@pytest.mark.parametrize("defined", [1.0, 0.6])
@pytest.mark.parametrize("seed", range(10))
def test_families_separate_every_two_states(seed, defined):
    machine = drawn(Random(seed), 6, 3, defined=defined)
    separation = Separation(machine)
    for here, there in combinations(range(6), 2):
        word = separation.word(here, there)
        assert len(machine.outputs(word, here)) == len(machine.outputs(word, there)) == len(word)
        assert machine.outputs(word, here) != machine.outputs(word, there)
        assert any(separation.separates(word, here, there) for word in separation.characterizing)
        assert any(separation.separates(word, here, there) for word in separation.identifying[here])
        both = {
            word[:length]
            for word in separation.harmonized[here]
            for length in range(1, len(word) + 1)
            if any(other[:length] == word[:length] for other in separation.harmonized[there])
        }
        assert any(separation.separates(word, here, there) for word in both)


@pytest.mark.parametrize("seed", range(10))
def test_a_separating_word_is_a_shortest_one(seed):
    machine = drawn(Random(seed), 6, 2)
    separation = Separation(machine)
    for here, there in combinations(range(6), 2):
        length = len(separation.word(here, there))
        for shorter in range(1, length):
            assert separation.needed(separation.word(here, there)[:shorter], here, there) == 0
        assert length == shortest(machine, here, there)


def shortest(machine, here, there):
    level, length = {(here, there)}, 1
    while True:
        steps = [(machine.steps[a][n], machine.steps[b][n]) for a, b in level for n in range(len(machine.inputs))]
        if any(one.output != other.output for one, other in steps):
            return length
        level, length = {(one.target, other.target) for one, other in steps}, length + 1


def test_states_that_cannot_be_told_apart_are_named():
    alike = Mealy(("a",), ({0: Step("x", 1)}, {0: Step("x", 0)}))
    with pytest.raises(NotSeparable, match="states 0 and 1"):
        suite(alike, Method.HSI)
    assert suite(alike.minimised(), Method.HSI).tests == ((0,),)
    partial = Mealy(("a", "b"), ({0: Step("x", 1)}, {1: Step("x", 0)}))
    with pytest.raises(NotSeparable):
        suite(partial.minimised(), Method.HSI)


def test_what_is_not_defined_is_told():
    partial = Mealy(("a", "b"), ({0: Step("x", 1)}, {1: Step("y", 0)}))
    assert partial.outputs((0, 0)) == ("x",)
    with pytest.raises(Undefined, match="a in state 1"):
        partial.target((0, 0))
    assert not partial.is_complete
    assert partial.completed("nothing").is_complete


def test_merging_keeps_what_is_answered():
    twice, _ = explored((0, 1), 0, lambda at, given: (at % 3 * given, (at + given) % 6))
    assert len(twice.steps) == 6
    assert len(twice.minimised().steps) == 3
    assert difference(twice, twice.minimised()) is None
    assert difference(drawn(Random(1), 3, 2), drawn(Random(2), 3, 2)) is not None
