"""Ways of making tests that are fixed beforehand: words of a machine, in the order in which they are executed."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from functools import partial

from aalpy.oracles import RandomWalkEqOracle, StatePrefixEqOracle

from asr_model.deterministic_machine import deterministic_machine
from asr_model.machine import Machine
from asr_model.minimal_tour import minimal_tour
from asr_model.observable_machine import Input, observable_machine
from asr_model.profiles import lts, stepper
from asr_model.suites.mealy import Mealy
from asr_model.suites.methods import Method, suite
from suites.beside_aalpy import Told, as_aalpy, words_of

Words = Iterator[tuple[Input, ...]]

LEVELS = {
    "tour: transitions": ("transition",),
    "tour: and pairs": ("transition", "pair"),
    "tour: and arguments": ("transition", "pair", "arguments"),
}


def machine_of(profile: str) -> Mealy:
    """The deterministic machine, partial."""
    return deterministic_machine(Machine(stepper(profile))).minimised()


def of_a_suite(method: Method, profile: str, seed: int, budget: int) -> Words:
    """The tests of a suite, in the order that the seed gives: none is more likely to find anything than another."""
    machine = machine_of(profile)
    tests = list(suite(machine, method).tests)
    random.Random(seed).shuffle(tests)
    return _named(machine, tests)


def of_aalpy(oracle: str, profile: str, seed: int, budget: int) -> Words:
    """What an oracle of AALpy asks, of the completed machine: so much as a budget allows at most."""
    machine = machine_of(profile).completed("nothing").minimised()
    if oracle == "w":
        return _named(machine, words_of("w", machine))
    alphabet, told = list(range(len(machine.inputs))), Told(machine)
    random.seed(seed)
    made = {
        "random walk": lambda: RandomWalkEqOracle(alphabet, told, num_steps=budget),
        "state prefix": lambda: StatePrefixEqOracle(alphabet, told, walks_per_state=10, walk_len=12),
    }[oracle]()
    assert made.find_cex(as_aalpy(machine)) is None
    return _named(machine, [*told.words, tuple(told.word)])


def of_a_tour(level: str, profile: str, seed: int, budget: int) -> Words:
    """The cheapest tour that covers a level: one walk."""
    machine = observable_machine(lts(profile))
    yield tuple(move.input for move in minimal_tour(machine, machine.goals(*LEVELS[level])).moves)


def _named(machine: Mealy, tests: list[tuple[int, ...]]) -> Words:
    for test in tests:
        yield tuple(machine.inputs[number] for number in test)  # type: ignore[misc]


WORDS: Mapping[str, Callable[[str, int, int], Words]] = {
    **{level: partial(of_a_tour, level) for level in LEVELS},
    **{str(method).upper(): partial(of_a_suite, method) for method in Method},
    **{f"AALpy: {oracle}": partial(of_aalpy, oracle) for oracle in ("random walk", "state prefix", "w")},
}
