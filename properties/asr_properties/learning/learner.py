"""Learning: AALpy asks, an implementation answers, and a Mealy machine comes out; or why none can.

AALpy is an extra of its own (`learn`), and imported only where something is learned.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from asr_model.efsm import Event
from asr_properties.learning.abstraction import AbstractItem, Output


class LearnerMissing(RuntimeError):
    """AALpy is not installed; the message says what to do."""

    def __init__(self) -> None:
        super().__init__("learn needs aalpy: pip install 'asr-conformance[learn]'")


class Algorithm(StrEnum):
    """How questions are chosen: Kearns and Vazirani's, or L#."""

    KV = "kv"
    LSHARP = "lsharp"


class Nondeterministic(Exception):
    """The same inputs were answered differently. asked: the inputs; first, then: how the last one was answered."""

    def __init__(self, asked: Sequence[Event], first: Output, then: Output) -> None:
        self.asked, self.first, self.then = tuple(asked), first, then
        super().__init__(f"{self.asked[-1]} was answered with {first}, and with {then} when the same was done again")


class OutOfBudget(Exception):
    """So many inputs were asked as may be; nothing certain was learned."""


@dataclass(frozen=True)
class LearnedMachine:
    """A Mealy machine. states are numbers; 0 is a fresh item. prefixes: the inputs that lead to each state. steps: for
    each state what each input leads to, in the order of `inputs`: the output, and the state. asked: how many inputs it
    took; states_checked: how many states an implementation may have for that to be the whole of it."""

    inputs: tuple[Event, ...]
    prefixes: tuple[tuple[Event, ...], ...]
    steps: tuple[tuple[tuple[Output, int], ...], ...]
    asked: int
    states_checked: int


class _Answers:
    """The answers of an implementation, each asked for once if it can be helped, and compared where it is not."""

    def __init__(self, item: AbstractItem, most: int | None, told: Callable[[int], None]) -> None:
        self._item, self._most, self._told = item, most, told
        self._known: dict[tuple[int, ...], Output] = {}
        self.asked = 0

    def outputs(self, inputs: Sequence[Event], word: tuple[int, ...]) -> list[Output]:
        """How a word is answered, from a fresh item on.

        Raises:
            Nondeterministic: not as before.
            OutOfBudget: too much was asked.
        """
        if word not in self._known:
            self._ask(inputs, word)
        return [self._known[word[:length]] for length in range(1, len(word) + 1)]

    def repeat(self, inputs: Sequence[Event], word: tuple[int, ...]) -> None:
        """Ask again what is known.

        Raises:
            Nondeterministic: it is not answered as before.
        """
        self._ask(inputs, word)

    def _ask(self, inputs: Sequence[Event], word: tuple[int, ...]) -> None:
        if self._most is not None and self.asked + len(word) > self._most:
            raise OutOfBudget
        self._item.restart()
        for length in range(1, len(word) + 1):
            output = self._item.ask(inputs[word[length - 1]])
            known = self._known.setdefault(word[:length], output)
            self.asked += 1
            if known != output:
                raise Nondeterministic([inputs[number] for number in word[:length]], known, output)
        self._told(self.asked)


def learn(
    item: AbstractItem,
    inputs: tuple[Event, ...],
    *,
    first: Sequence[tuple[Event, ...]] = (),
    algorithm: Algorithm = Algorithm.KV,
    extra_states: int = 0,
    most: int | None = None,
    told: Callable[[int], None] = lambda asked: None,
) -> LearnedMachine:
    """Learn the machine that an implementation is.

    first: words that are tried first, such as those that lead the model to each of its states, each with every input
    after it. extra_states: so many states more than were found are looked for then (Wp method): with none, every
    transition is followed by what tells its target apart. most: inputs that may be asked. told: is told how many were.

    Raises:
        LearnerMissing: AALpy is not installed.
        Nondeterministic: the same inputs were answered differently.
        OutOfBudget: more inputs would be needed.
        AdapterError: the adapter is at fault.
    """
    try:
        from aalpy.base import SUL
        from aalpy.learning_algs import run_KV, run_Lsharp
        from aalpy.oracles import WpMethodEqOracle
    except ModuleNotFoundError as error:
        raise LearnerMissing from error

    answers = _Answers(item, most, told)

    class Asked(SUL):  # type: ignore[misc]
        """The implementation, as AALpy asks it: a word is sent when its last answer is wanted, and not before."""

        def pre(self) -> None:
            self._word: tuple[int, ...] = ()

        def post(self) -> None:
            pass

        def step(self, letter: int) -> Output:
            self._word = (*self._word, letter)
            return answers.outputs(inputs, self._word)[-1]

        def query(self, word: Sequence[int]) -> list[Output]:
            self.num_queries += 1
            return answers.outputs(inputs, tuple(word))

    class Complete(WpMethodEqOracle):  # type: ignore[misc]
        """Tries the words that are to be tried first, then looks for so many states more than the hypothesis has."""

        def find_cex(self, hypothesis: Any) -> Any:
            for word in tried_first:
                outputs = answers.outputs(inputs, word)
                self.num_queries += 1
                hypothesis.reset_to_initial()
                for length, output in enumerate(outputs, 1):
                    if hypothesis.step(word[length - 1]) != output:
                        return word[:length]
            self.m = len(hypothesis.states) + extra_states
            return super().find_cex(hypothesis)

    letters = list(range(len(inputs)))
    numbers = {event: number for number, event in enumerate(inputs)}
    tried_first = [(*(numbers[event] for event in word), letter) for word in first for letter in letters]
    system = Asked()
    run = run_KV if algorithm is Algorithm.KV else run_Lsharp
    learned = run(letters, system, Complete(letters, system), "mealy", cache_and_non_det_check=False, print_level=0)
    machine = _machine(learned, inputs, answers.asked, extra_states)
    for prefix in machine.prefixes:  # answers that were only asked for once tell nothing of determinism
        answers.repeat(inputs, tuple(numbers[event] for event in prefix))
    return machine


def _machine(learned: Any, inputs: tuple[Event, ...], asked: int, extra_states: int) -> LearnedMachine:
    """The machine that AALpy learned, with its states numbered breadth first."""
    order = [learned.initial_state]
    prefixes: dict[Any, tuple[Event, ...]] = {learned.initial_state: ()}
    for state in order:  # grows while it is walked
        for letter, event in enumerate(inputs):
            target = state.transitions[letter]
            if target not in prefixes:
                prefixes[target] = (*prefixes[state], event)
                order.append(target)
    number = {state: index for index, state in enumerate(order)}
    steps = tuple(
        tuple((state.output_fun[letter], number[state.transitions[letter]]) for letter in range(len(inputs)))
        for state in order
    )
    return LearnedMachine(inputs, tuple(prefixes[state] for state in order), steps, asked, len(order) + extra_states)
