"""The product of a model and one property's monitor, explored breadth first."""

from __future__ import annotations

from collections import deque
from collections.abc import Hashable, Iterable, Iterator, Set
from dataclasses import dataclass

from asr_model.lts import Edge, subsets
from asr_properties.evidence.step import Step
from asr_properties.evidence.unknown import UNKNOWN
from asr_properties.model_checking.model_evidence import ModelEvidence, Taken
from asr_properties.specification.patterns import VIOLATED, Letter, Property
from asr_properties.specification.rule import Rule


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


_Node = tuple[int, Hashable]
"""A state of the model together with a state of a property's monitor."""

_VARIES = -1
"""The letter of a step which depends on surroundings that are free."""


class Product:
    """The product of a model and one property's monitor. What the property reads of a kind of step is worked out once
    for all kinds that are the same to it."""

    def __init__(self, candidate: Property, evidence: ModelEvidence) -> None:
        self._candidate = candidate
        self._evidence = evidence
        stepper = evidence.lts.stepper
        self._inputs = frozenset(s.name for s in stepper.efsm.surroundings if s.name in candidate.words)
        self._numbers: dict[Letter, int] = {}
        self._letters: list[Letter] = []
        self._known: dict[Hashable, int] = {}
        self._letter_of: list[int] = []
        self._read()
        self._ways: dict[int, tuple[Taken, ...]] = {}
        self._monitor: dict[Hashable, dict[int, tuple[Hashable, bool]]] = {}
        self._came: dict[_Node, tuple[_Node, Edge] | None] = {}

    def prepared(self) -> Product:
        """The same, ready to be changed again and again: steps that are alike to the property are counted together."""
        self._ways = {state: self._together(state) for state in range(len(self._evidence.steps_of))}
        return self

    def changed(self, evidence: ModelEvidence, states: Set[int]) -> Product:
        """The product with a model that differs in these states only; evidence: by `ModelEvidence.changed`."""
        copy = Product.__new__(Product)
        vars(copy).update(vars(self))  # letters and what they do to the monitor are shared: they stay the same
        copy._evidence = evidence
        copy._letter_of = self._letter_of[:]
        copy._read()
        copy._ways = {state: ways for state, ways in self._ways.items() if state not in states}
        return copy

    def differs(self, other: Product, states: Set[int]) -> bool:
        """Whether steps that leave one of these states, of those that `other` has, are not the same to the property as
        there; where none are, neither is its verdict."""
        return any(_sorts(self._from(state)) != _sorts(other._ways[state]) for state in states & other._ways.keys())

    def _together(self, state: int) -> tuple[Taken, ...]:
        found: dict[tuple[int, int, bool], Taken] = {}
        for step in self._from(state):
            known = found.get(key := (step.kind, step.target, step.by_itself))
            found[key] = step if known is None else known._replace(number=known.number + step.number)
        return tuple(found.values())

    def _read(self) -> None:
        """Give each kind of step that has none the number of its letter; a negative one depends on surroundings."""
        evidence, candidate, known = self._evidence, self._candidate, self._known
        since = len(self._letter_of)
        for kind, row in enumerate(evidence.rows(candidate.names, since), since):
            letter = known.get(row)
            if letter is None:
                letter = known[row] = self._letter(evidence.kinds[kind])
            self._letter_of.append(letter)

    def _letter(self, step: Step) -> int:
        letter = self._candidate.letter(step)
        if self._inputs and self._candidate.letter(step._replace(surroundings=UNKNOWN)) != letter:
            return _VARIES
        return self._number(letter)

    def _number(self, letter: Letter) -> int:
        number = self._numbers.setdefault(letter, len(self._letters))
        if number == len(self._letters):
            self._letters.append(letter)
        return number

    def _from(self, state: int) -> Iterable[Taken]:
        """The steps of a state; their `kind` is the letter."""
        ways = self._ways.get(state)
        return self._one_by_one(state) if ways is None else ways

    def _one_by_one(self, state: int) -> Iterator[Taken]:
        letter_of = self._letter_of
        for step in self._evidence.steps_of[state]:
            kind, target, edge, number, by_itself = step
            letter = letter_of[kind]
            if letter != _VARIES:
                yield Taken(letter, target, edge, number, by_itself)
            else:
                yield from self._variants(state, step)

    def _variants(self, state: int, step: Taken) -> Iterator[Taken]:
        """A step whose letter depends on surroundings: those that the property reads, but the step does not depend on,
        are free inputs, both off and on."""
        lts, kind, edge = self._evidence.lts, self._evidence.kinds[step.kind], step.edge
        for extra in subsets(self._inputs - lts.stepper.relevant(lts.states[state], edge.event)):
            holds = edge.surroundings | extra
            letter = self._number(self._candidate.letter(kind._replace(surroundings=holds)))
            by_itself = not (edge.event.is_operation or holds)
            yield Taken(letter, step.target, edge._replace(surroundings=holds), step.number, by_itself)

    def verdict(self) -> ModelVerdict:
        """Explore everything, or until the property breaks."""
        candidate = self._candidate
        start: _Node = (0, candidate.start)
        came = self._came = {start: None}
        queue = deque([start])
        transitions = exercised = 0
        while queue:
            here = queue.popleft()
            state, memory = here
            after = self._monitor.setdefault(memory, {})
            for letter, target, edge, number, _ in self._from(state):
                transitions += number
                found = after.get(letter)
                if found is None:
                    found = self._step(memory, letter)
                then, is_exercised = found
                exercised += number * is_exercised
                if then == VIOLATED:
                    path = (*self._path(here), edge)
                    return ModelVerdict(candidate, path, len(came), transitions, exercised)
                there = (target, then)
                if there not in came:
                    came[there] = (here, edge)
                    queue.append(there)
        # A pending state from which the service, left alone and undisturbed, can never react breaks a response. (All
        # pending states are looked at, so this is leads-to where what can happen again and again does happen.)
        pending = [node for node in came if candidate.is_pending(node[1])]
        unanswered = next((node for node in pending if not self._can_be_answered(node)), None)
        path_to_it = None if unanswered is None else self._path(unanswered)
        return ModelVerdict(candidate, path_to_it, len(came), transitions, exercised)

    def _step(self, memory: Hashable, letter: int) -> tuple[Hashable, bool]:
        known = self._monitor.setdefault(memory, {})
        found = known.get(letter)
        if found is None:
            after = self._candidate.step(memory, self._letters[letter])
            found = known[letter] = (after, self._candidate.is_exercised(after, self._letters[letter]))
        return found

    def _can_be_answered(self, node: _Node) -> bool:
        seen = {node}
        todo = [node]
        while todo:
            here = todo.pop()
            for letter, target, _, _, by_itself in self._from(here[0]):
                if not by_itself:
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


def _sorts(steps: Iterable[Taken]) -> set[tuple[int, int, bool]]:
    return {(step.kind, step.target, step.by_itself) for step in steps}
