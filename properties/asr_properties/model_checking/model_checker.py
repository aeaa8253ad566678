"""Every property, judged exhaustively on a model: the product of its reachable graph and the property's monitor."""

from __future__ import annotations

from collections import deque
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from asr_model.lts import Edge, Lts, subsets
from asr_properties.evidence.of_the_model import ModelObservations
from asr_properties.evidence.step import WORDS, Step
from asr_properties.evidence.unknown import UNKNOWN
from asr_properties.specification.patterns import VIOLATED, Letter, Property
from asr_properties.specification.reachability import GraphProperty
from asr_properties.specification.rule import EvidenceKind, Rule


@dataclass(frozen=True)
class ModelVerdict:
    """The judgement of one property on a model.

    judged: the property.
    counterexample: None if the property holds; else the shortest path that breaks it, from the initial state. For a
    witness that does not exist there is no path to show, and it is empty.
    states, transitions: of the product that was explored. exercised: how many of its steps put the property to the
    test; 0 means that it holds vacuously, which is not a pass.
    """

    judged: Rule
    counterexample: tuple[Edge, ...] | None
    states: int
    transitions: int
    exercised: int

    @property
    def holds(self) -> bool:
        """Whether the property holds and was put to the test at least once."""
        return self.counterexample is None and self.exercised > 0


class _Transition(NamedTuple):
    """A step of the model as evidence. `kind` is a number: steps that look the same share it. `edge` is one of the
    `number` edges from this state that look the same and lead to the same target."""

    kind: int
    target: int
    edge: Edge
    number: int


class ModelEvidence:
    """All steps of a model as evidence."""

    def __init__(self, lts: Lts) -> None:
        self.lts = lts
        self.kinds: list[Step] = []
        self.steps_of: list[tuple[_Transition, ...]] = []
        looks = ModelObservations(lts.stepper)
        numbers: dict[tuple[Hashable, ...], int] = {}
        for state in range(len(lts.states)):
            self.steps_of.append(self._steps(state, looks, numbers))

    def changed(self, lts: Lts, states: Iterable[int]) -> ModelEvidence:
        """The evidence of a model that has the same states, and other steps or listed operations in some of them."""
        copy = ModelEvidence.__new__(ModelEvidence)
        copy.lts, copy.kinds, copy.steps_of = lts, list(self.kinds), list(self.steps_of)
        looks = ModelObservations(lts.stepper)
        numbers: dict[tuple[Hashable, ...], int] = {}
        for state in states:
            copy.steps_of[state] = copy._steps(state, looks, numbers)
        return copy

    def _steps(
        self, state: int, looks: ModelObservations, numbers: dict[tuple[Hashable, ...], int]
    ) -> tuple[_Transition, ...]:
        found: dict[tuple[int, int], _Transition] = {}
        states = self.lts.states
        for edge in self.lts.outgoing[state]:
            step = looks.step(states[state], edge.event, edge.response, states[edge.target], edge.surroundings)
            index = numbers.setdefault((*step[:WORDS], id(step.was), id(step.now)), len(self.kinds))
            if index == len(self.kinds):
                self.kinds.append(step)
            known = found.get((index, edge.target))
            number = 1 if known is None else known.number + 1
            found[index, edge.target] = _Transition(index, edge.target, edge, number)
        return tuple(found.values())


_Node = tuple[int, Hashable]
"""A state of the model together with a state of a property's monitor."""


class ModelChecker:
    """Judges properties on one enumerated model; its evidence is worked out once for all of them."""

    def __init__(self, lts: Lts) -> None:
        self.lts = lts
        self._looks = ModelObservations(lts.stepper)
        self._evidence = ModelEvidence(lts)

    def check(self, properties: Iterable[Rule]) -> Iterator[ModelVerdict]:
        """Judge those of `properties` that can be judged on a model, in order."""
        for candidate in properties:
            if EvidenceKind.MODEL not in candidate.evidence:
                continue
            if isinstance(candidate, GraphProperty):
                path, exercised = candidate.judge(self.lts, self._looks)
                counterexample = None if path is None else tuple(path)
                transitions = sum(1 for _ in self.lts.edges)
                yield ModelVerdict(candidate, counterexample, len(self.lts.states), transitions, exercised)
            elif isinstance(candidate, Property):
                yield Product(candidate, self._evidence).verdict()


class Product:
    """The product of a model and one property's monitor, explored breadth first."""

    def __init__(self, candidate: Property, evidence: ModelEvidence) -> None:
        self._candidate = candidate
        self._evidence = evidence
        stepper = evidence.lts.stepper
        self._inputs = frozenset(s.name for s in stepper.efsm.surroundings if s.name in candidate.words)
        self._numbers: dict[Letter, int] = {}
        self._letter_of: list[int] = []
        self._varies: list[bool] = []
        self._read(evidence.kinds)
        self._steps_of = [self._by_letter(state, steps) for state, steps in enumerate(evidence.steps_of)]
        self._letters = list(self._numbers)
        self._monitor: dict[tuple[Hashable, int], tuple[Hashable, bool]] = {}
        self._came: dict[_Node, tuple[_Node, Edge] | None] = {}

    def changed(self, evidence: ModelEvidence, states: Iterable[int]) -> Product:
        """The product with a model that differs in these states only; evidence: by `ModelEvidence.changed`."""
        copy = Product.__new__(Product)
        vars(copy).update(vars(self))
        copy._evidence = evidence
        copy._letter_of, copy._varies, copy._steps_of = self._letter_of[:], self._varies[:], self._steps_of[:]
        copy._read(evidence.kinds[len(self._letter_of) :])
        for state in states:
            copy._steps_of[state] = copy._by_letter(state, evidence.steps_of[state])
        copy._letters = list(copy._numbers)  # letters and what they do to the monitor are shared: they stay the same
        return copy

    def _read(self, kinds: Iterable[Step]) -> None:
        """Give each kind of step the number of its letter."""
        letter = self._candidate.letter
        for kind in kinds:
            self._letter_of.append(self._number(letter(kind)))
            free = bool(self._inputs)
            self._varies.append(free and letter(kind._replace(surroundings=UNKNOWN)) != letter(kind))

    def _number(self, letter: Letter) -> int:
        return self._numbers.setdefault(letter, len(self._numbers))

    def _by_letter(self, state: int, steps: tuple[_Transition, ...]) -> tuple[_Transition, ...]:
        """The steps of one state, those that are the same to the property counted together."""
        found: dict[tuple[int, int, bool], _Transition] = {}
        for step in steps:
            for letter, edge in self._variants(state, step):
                key = (letter, step.target, edge.event.is_operation or bool(edge.surroundings))
                known = found.get(key)
                number = step.number + (known.number if known is not None else 0)
                found[key] = _Transition(letter, step.target, edge if known is None else known.edge, number)
        return tuple(found.values())

    def _variants(self, state: int, step: _Transition) -> Iterator[tuple[int, Edge]]:
        """The letters of a step. Surroundings that the property reads but the step does not depend on are free inputs:
        both off and on."""
        if not self._varies[step.kind]:
            yield self._letter_of[step.kind], step.edge
            return
        lts, kind, edge = self._evidence.lts, self._evidence.kinds[step.kind], step.edge
        for extra in subsets(self._inputs - lts.stepper.relevant(lts.states[state], edge.event)):
            holds = edge.surroundings | extra
            letter = self._candidate.letter(kind._replace(surroundings=holds))
            yield self._number(letter), edge._replace(surroundings=holds)

    def verdict(self) -> ModelVerdict:
        """Explore everything, or until the property breaks."""
        candidate = self._candidate
        start: _Node = (0, candidate.start)
        self._came = {start: None}
        queue = deque([start])
        transitions = exercised = 0
        while queue:
            here = queue.popleft()
            for letter, target, edge, number in self._steps_of[here[0]]:
                transitions += number
                memory, is_exercised = self._step(here[1], letter)
                exercised += number * is_exercised
                if memory == VIOLATED:
                    path = (*self._path(here), edge)
                    return ModelVerdict(candidate, path, len(self._came), transitions, exercised)
                there = (target, memory)
                if there not in self._came:
                    self._came[there] = (here, edge)
                    queue.append(there)
        # A pending state from which the service, left alone and undisturbed, can never react breaks a response. (All
        # pending states are looked at, so this is leads-to where what can happen again and again does happen.)
        pending = [node for node in self._came if candidate.is_pending(node[1])]
        unanswered = next((node for node in pending if not self._can_be_answered(node)), None)
        path_to_it = None if unanswered is None else self._path(unanswered)
        return ModelVerdict(candidate, path_to_it, len(self._came), transitions, exercised)

    def _step(self, memory: Hashable, letter: int) -> tuple[Hashable, bool]:
        found = self._monitor.get((memory, letter))
        if found is None:
            after = self._candidate.step(memory, self._letters[letter])
            found = self._monitor[memory, letter] = (after, self._candidate.is_exercised(after, self._letters[letter]))
        return found

    def _can_be_answered(self, node: _Node) -> bool:
        seen = {node}
        todo = [node]
        while todo:
            here = todo.pop()
            for letter, target, edge, _ in self._steps_of[here[0]]:
                if edge.event.is_operation or edge.surroundings:
                    continue
                there = (target, self._step(here[1], letter)[0])
                if not self._candidate.is_pending(there[1]):
                    return True
                if there not in seen:
                    seen.add(there)
                    todo.append(there)
        return False

    def _path(self, node: _Node) -> tuple[Edge, ...]:
        path: list[Edge] = []
        step = self._came[node]
        while step is not None:
            path.append(step[1])
            step = self._came[step[0]]
        return tuple(path[::-1])
