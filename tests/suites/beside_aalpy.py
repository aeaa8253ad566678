"""The same machines in AALpy, and the tests that its W and Wp methods make of them."""

from __future__ import annotations

from aalpy.automata import MealyMachine
from aalpy.base import SUL
from aalpy.oracles import WMethodEqOracle, WpMethodEqOracle

from asr_model.suites.mealy import Mealy

METHODS = {"w": WMethodEqOracle, "wp": WpMethodEqOracle}


def as_aalpy(machine: Mealy) -> MealyMachine:
    """A complete machine, as AALpy has it; inputs by their numbers."""
    setup = {
        f"s{state}": {number: (step.output, f"s{step.target}") for number, step in steps.items()}
        for state, steps in enumerate(machine.steps)
    }
    found = MealyMachine.from_state_setup(setup)
    for state in found.states:
        state.prefix = machine.cover[int(state.state_id[1:])]
    return found


class Told(SUL):
    """What AALpy asks, and how it is answered: by a machine."""

    def __init__(self, machine: Mealy) -> None:
        super().__init__()
        self.machine, self.words = machine, []

    def pre(self) -> None:
        self.here, self.word = 0, []

    def post(self) -> None:
        self.words.append(tuple(self.word))

    def step(self, letter: int) -> object:
        self.word.append(letter)
        output, self.here = self.machine.steps[self.here][letter]
        return output


def words_of(method: str, machine: Mealy, extra: int = 0) -> list[tuple[int, ...]]:
    """The tests of a method, in the order in which they are executed."""
    told = Told(machine)
    oracle = METHODS[method](list(range(len(machine.inputs))), told, len(machine.steps) + extra)
    assert oracle.find_cex(as_aalpy(machine)) is None
    return told.words


def finds(method: str, machine: Mealy, other: Mealy, extra: int = 0) -> bool:
    """Whether the tests of a method find that the other machine is not this one."""
    oracle = METHODS[method](list(range(len(machine.inputs))), Told(other), len(machine.steps) + extra)
    return oracle.find_cex(as_aalpy(machine)) is not None
