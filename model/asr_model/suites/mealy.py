"""A Mealy machine: deterministic, and possibly partial.

Where an input has no step in a state, nothing is said of what it does there, and no test asks for it there. States are
numbers, 0 is the first one; inputs are numbers into the names that the machine gives them.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple, TypeVar

Word = tuple[int, ...]
"""Inputs one after the other, each by its number."""

_State = TypeVar("_State", bound=Hashable)
_Input = TypeVar("_Input", bound=Hashable)


class Step(NamedTuple):
    """What an input does: how it is answered, and the state that it leads to."""

    output: Hashable
    target: int


class Undefined(ValueError):
    """A word asks for what the machine says nothing of."""


@dataclass(frozen=True)
class Mealy:
    """A machine. inputs: their names, each once. steps: for each state what its inputs do, by their numbers."""

    inputs: tuple[Hashable, ...]
    steps: tuple[Mapping[int, Step], ...]

    @property
    def is_complete(self) -> bool:
        """Whether every input does something in every state."""
        return all(len(steps) == len(self.inputs) for steps in self.steps)

    def outputs(self, word: Iterable[int], state: int = 0) -> tuple[Hashable, ...]:
        """How a word is answered, as far as it is defined."""
        found = []
        for number in word:
            step = self.steps[state].get(number)
            if step is None:
                break
            found.append(step.output)
            state = step.target
        return tuple(found)

    def target(self, word: Iterable[int], state: int = 0) -> int:
        """Where a word leads.

        Raises:
            Undefined: it is not defined there.
        """
        for number in word:
            step = self.steps[state].get(number)
            if step is None:
                raise Undefined(f"{self.inputs[number]} in state {state}")
            state = step.target
        return state

    @cached_property
    def cover(self) -> tuple[Word, ...]:
        """The shortest word to each state: the state cover. What is not reachable is told by `explored` only, which
        leaves it out."""
        found: dict[int, Word] = {0: ()}
        todo = deque([0])
        while todo:
            here = todo.popleft()
            for number, step in self.steps[here].items():
                if step.target not in found:
                    found[step.target] = (*found[here], number)
                    todo.append(step.target)
        return tuple(found[state] for state in range(len(self.steps)))

    def minimised(self) -> Mealy:
        """The machine with states merged that have the same inputs, and answer every word of them alike; numbered
        breadth first."""
        block = [0] * len(self.steps)
        count = 0
        while True:
            number: dict[Hashable, int] = {}
            new = []
            for steps in self.steps:
                does = tuple((i, step.output, block[step.target]) for i, step in sorted(steps.items()))
                new.append(number.setdefault(does, len(number)))
            block = new
            if len(number) == count:
                break
            count = len(number)
        first = {b: state for state, b in reversed(list(enumerate(block)))}

        def step(at: int, name: Hashable) -> tuple[Hashable, int] | None:
            done = self.steps[first[at]].get(self.inputs.index(name))
            return None if done is None else (done.output, block[done.target])

        return explored(self.inputs, block[0], step)[0]

    def completed(self, output: Hashable) -> Mealy:
        """The machine that stays where it is, with this output, where nothing is said."""
        steps = (
            {number: steps.get(number, Step(output, state)) for number in range(len(self.inputs))}
            for state, steps in enumerate(self.steps)
        )
        return Mealy(self.inputs, tuple(steps))


def explored(
    inputs: Sequence[_Input], first: _State, step: Callable[[_State, _Input], tuple[Hashable, _State] | None]
) -> tuple[Mealy, tuple[_State, ...]]:
    """The machine of everything that can be reached, and what its states are. step: what an input does in a state, None
    if that is open."""
    number = {first: 0}
    states = [first]
    found: list[Mapping[int, Step]] = []
    for state in states:  # grows while it is walked
        steps = {}
        for index, name in enumerate(inputs):
            done = step(state, name)
            if done is None:
                continue
            output, target = done
            if target not in number:
                number[target] = len(states)
                states.append(target)
            steps[index] = Step(output, number[target])
        found.append(steps)
    return Mealy(tuple(inputs), tuple(found)), tuple(states)


def difference(right: Mealy, other: Mealy) -> Word | None:
    """A shortest word that is defined in the first machine and answered otherwise by the second, which does not answer
    it if it is not defined there; None if there is none: then the second does all that the first one says.

    Both have the same inputs in the same order.
    """
    came: dict[tuple[int, int], Word] = {(0, 0): ()}
    todo = deque([(0, 0)])
    while todo:
        here, there = todo.popleft()
        word = came[here, there]
        for number, step in right.steps[here].items():
            answered = other.steps[there].get(number)
            if answered is None or answered.output != step.output:
                return (*word, number)
            both = step.target, answered.target
            if both not in came:
                came[both] = (*word, number)
                todo.append(both)
    return None
