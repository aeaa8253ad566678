"""Every property, judged exhaustively on a model: the product of its reachable graph and the property's monitor."""

from __future__ import annotations

from collections import deque
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass

from asr_model.lts import Edge, Lts, subsets
from asr_properties.properties.evidence import ModelViews, Moment
from asr_properties.properties.patterns import VIOLATED, EvidenceKind, Property
from asr_properties.properties.reachability import GraphProperty

AnyProperty = Property | GraphProperty


_Step = tuple[Edge, Moment, tuple[Hashable, ...]]
"""A step of the model, as evidence, and what tells that evidence apart from other: views are shared objects."""


@dataclass(frozen=True)
class ModelVerdict:
    """The judgement of one property on a model.

    judged: the property.
    counterexample: None if the property holds; else the shortest path that breaks it, from the initial state. For a
    witness that does not exist there is no path to show, and it is empty.
    states, transitions: of the product that was explored. exercised: how many of its steps put the property to the
    test; 0 means that it holds vacuously, which is not a pass.
    """

    judged: AnyProperty
    counterexample: tuple[Edge, ...] | None
    states: int
    transitions: int
    exercised: int

    @property
    def holds(self) -> bool:
        """Whether the property holds and was put to the test at least once."""
        return self.counterexample is None and self.exercised > 0


class _Steps:
    """One property's monitor, with each (state, moment) worked out once."""

    def __init__(self, candidate: Property) -> None:
        self._candidate = candidate
        self._known: dict[tuple[Hashable, Hashable], tuple[Hashable, bool]] = {}

    def __call__(self, state: Hashable, moment: Moment, key: tuple[Hashable, ...]) -> tuple[Hashable, bool]:
        """The next state and whether the moment put the property to the test; `key` stands for the moment."""
        found = self._known.get((state, key))
        if found is None:
            after = self._candidate.step(state, moment)
            found = self._known[state, key] = (after, self._candidate.is_exercised(after, moment))
        return found


class ModelChecker:
    """Judges properties on one enumerated model; the moments of its steps are worked out once for all of them."""

    def __init__(self, lts: Lts) -> None:
        self.lts = lts
        self._views = ModelViews(lts.stepper)
        self._steps_of = [tuple(map(self._step, edges)) for edges in lts.outgoing]
        self._varied_by: dict[frozenset[str], list[tuple[_Step, ...]]] = {frozenset(): self._steps_of}

    def _step(self, edge: Edge) -> _Step:
        before, after = self.lts.states[edge.source], self.lts.states[edge.target]
        return _keyed(edge, self._views.moment(before, edge.event, edge.response, after, edge.surroundings))

    def check(self, properties: Iterable[AnyProperty]) -> Iterator[ModelVerdict]:
        """Judge those of `properties` that can be judged on a model, in order."""
        for candidate in properties:
            if EvidenceKind.MODEL not in candidate.evidence:
                continue
            if isinstance(candidate, GraphProperty):
                path, exercised = candidate.judge(self.lts, self._views)
                counterexample = None if path is None else tuple(path)
                transitions = sum(1 for _ in self.lts.edges)
                yield ModelVerdict(candidate, counterexample, len(self.lts.states), transitions, exercised)
            else:
                yield self._explore(candidate)

    def _explore(self, candidate: Property) -> ModelVerdict:
        start = (0, candidate.start)
        came: dict[tuple[int, Hashable], tuple[tuple[int, Hashable], Edge] | None] = {start: None}
        queue = deque([start])
        transitions = exercised = 0
        free = candidate.words & {surrounding.name for surrounding in self.lts.stepper.efsm.surroundings}
        steps_of = self._varied(frozenset(map(str, free)))
        monitor = _Steps(candidate)
        while queue:
            here = queue.popleft()
            for edge, moment, key in steps_of[here[0]]:
                transitions += 1
                memory, is_exercised = monitor(here[1], moment, key)
                exercised += is_exercised
                there = (edge.target, memory)
                if memory == VIOLATED:
                    path = (*_path(came, here), edge)
                    return ModelVerdict(candidate, path, len(came), transitions, exercised)
                if there not in came:
                    came[there] = (here, edge)
                    queue.append(there)
        pending = [node for node in came if candidate.is_pending(node[1])]
        stuck = self._never_answered(candidate, pending) if pending else None
        unanswered = None if stuck is None else tuple(_path(came, stuck))
        return ModelVerdict(candidate, unanswered, len(came), transitions, exercised)

    def _varied(self, names: frozenset[str]) -> list[tuple[_Step, ...]]:
        """The moments with the named surroundings both off and on where a step does not depend on them."""

        def variants(step: _Step) -> Iterator[_Step]:
            edge, moment, _ = step
            state = self.lts.states[edge.source]
            for extra in subsets(names - self.lts.stepper.relevant(state, edge.event)):
                holds = edge.surroundings | extra
                yield _keyed(edge._replace(surroundings=holds), moment._replace(surroundings=holds))

        if names not in self._varied_by:
            self._varied_by[names] = [
                tuple(variant for step in steps for variant in variants(step)) for steps in self._steps_of
            ]
        return self._varied_by[names]

    def _never_answered(self, candidate: Property, pending: list[tuple[int, Hashable]]) -> tuple[int, Hashable] | None:
        """The first pending product state from which the service, left alone and undisturbed, may never react.

        Under the assumption that what can happen again and again does happen, that is a state from which some
        pending state is reachable that cannot reach a reaction.
        """
        for node in pending:
            if not self._can_be_answered(candidate, node):
                return node
        return None

    def _can_be_answered(self, candidate: Property, node: tuple[int, Hashable]) -> bool:
        seen = {node}
        todo = [node]
        while todo:
            here = todo.pop()
            for edge, moment, _ in self._steps_of[here[0]]:
                if edge.event.is_operation or edge.surroundings:
                    continue
                there = (edge.target, candidate.step(here[1], moment))
                if not candidate.is_pending(there[1]):
                    return True
                if there not in seen:
                    seen.add(there)
                    todo.append(there)
        return False


def _keyed(edge: Edge, moment: Moment) -> _Step:
    return edge, moment, (*moment[:-2], id(moment.was), id(moment.now))


def _path(
    came: dict[tuple[int, Hashable], tuple[tuple[int, Hashable], Edge] | None], node: tuple[int, Hashable]
) -> list[Edge]:
    path: list[Edge] = []
    step = came[node]
    while step is not None:
        path.append(step[1])
        step = came[step[0]]
    return path[::-1]
