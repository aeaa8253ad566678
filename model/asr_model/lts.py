"""The labelled transition system: every reachable state and every step between them, enumerated from the EFSM."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from typing import NamedTuple

from asr_model.efsm import Event, Transition
from asr_model.state import State
from asr_model.stepper import Outcome, Stepper, Surroundings
from asr_model.vocabulary import Answer


class Edge(NamedTuple):
    """One step between two states (numbers into `Lts.states`).

    `surroundings` are those that hold, among the ones the step may depend on. A refused operation is an edge from
    the state to itself without a transition; its requirements say why it is refused.
    """

    source: int
    event: Event
    surroundings: frozenset[str]
    response: Answer | None
    target: int
    transition: Transition | None
    requirements: tuple[str, ...]


@dataclass(frozen=True, eq=False)  # there is one of each; to hash all that it holds takes 3 ms each time
class Lts:
    """Reachable states in breadth-first order (0 is the initial one) and, for each, the steps that leave it."""

    stepper: Stepper
    states: tuple[State, ...]
    outgoing: tuple[tuple[Edge, ...], ...]

    @cached_property
    def number(self) -> dict[State, int]:
        """Each state's number."""
        return {state: number for number, state in enumerate(self.states)}

    @cached_property
    def from_the_start(self) -> frozenset[int]:
        """The states that the initial one leads to: all of an enumerated model, fewer where steps were taken away."""
        return frozenset(self.reachable([0]))

    @property
    def edges(self) -> Iterator[Edge]:
        """All steps, refusals included."""
        return (edge for edges in self.outgoing for edge in edges)

    def shortest_path(
        self, start: int, goal: Callable[[int], bool], allowed: Callable[[Edge], bool] = lambda edge: True
    ) -> list[Edge] | None:
        """The fewest `allowed` steps from `start` to a state that `goal` accepts; None if there is no way."""
        if goal(start):
            return []
        came: dict[int, Edge | None] = {start: None}
        queue = deque([start])
        while queue:
            here = queue.popleft()
            for edge in self.outgoing[here]:
                if edge.target in came or not allowed(edge):
                    continue
                came[edge.target] = edge
                if goal(edge.target):
                    return _unwind(came, edge.target)
                queue.append(edge.target)
        return None

    def reachable(self, starts: Iterable[int], allowed: Callable[[Edge], bool] = lambda edge: True) -> set[int]:
        """The states that can be reached from any of `starts` over `allowed` steps, these included."""
        found = set(starts)
        todo = list(found)
        while todo:
            for edge in self.outgoing[todo.pop()]:
                if edge.target not in found and allowed(edge):
                    found.add(edge.target)
                    todo.append(edge.target)
        return found

    def leading_to(self, goals: Iterable[int]) -> set[int]:
        """The states from which any of `goals` can be reached, these included."""
        before: list[set[int]] = [set() for _ in self.states]
        for edge in self.edges:
            before[edge.target].add(edge.source)
        found = set(goals)
        todo = list(found)
        while todo:
            fresh = before[todo.pop()] - found
            found |= fresh
            todo.extend(fresh)
        return found


def _unwind(came: dict[int, Edge | None], goal: int) -> list[Edge]:
    path: list[Edge] = []
    edge = came[goal]
    while edge is not None:
        path.append(edge)
        edge = came[edge.source]
    return path[::-1]


def enumerate_lts(stepper: Stepper) -> Lts:
    """Enumerate everything that can be reached, under every combination of the surroundings that matter.

    Terminates because every variable has a finite domain.
    """
    number = {stepper.initial: 0}
    states = [stepper.initial]
    outgoing: list[tuple[Edge, ...]] = []

    def number_of(state: State) -> int:
        if state not in number:
            number[state] = len(states)
            states.append(state)
        return number[state]

    for here, state in enumerate(states):  # grows while it is walked
        outgoing.append(tuple(edges_of(stepper, here, state, number_of)))
    return Lts(stepper, tuple(states), tuple(outgoing))


def edges_of(
    stepper: Stepper, here: int, state: State, number_of: Callable[[State], int], events: Iterable[Event] | None = None
) -> Iterator[Edge]:
    """All steps that leave a state, whose number is `here`; `number_of` gives those of the states they lead to.
    events: only steps of these."""
    for event in stepper.events if events is None else events:
        for surroundings in subsets(stepper.relevant(state, event)):
            outcome = stepper.step(state, event, surroundings)
            yield from _edges(stepper, here, state, event, surroundings, outcome, number_of(outcome.state))


def _edges(
    stepper: Stepper, here: int, state: State, event: Event, surroundings: frozenset[str], outcome: Outcome, target: int
) -> Iterator[Edge]:
    transition = outcome.transition
    if transition is not None:
        yield Edge(here, event, surroundings, outcome.response, target, transition, transition.requirements)
    if event.is_operation and (transition is None or outcome.may_refuse):
        why = stepper.why_refused(state, event, surroundings)
        yield Edge(here, event, surroundings, Answer.REFUSED, here, None, why)


def subsets(names: Surroundings) -> Iterator[frozenset[str]]:
    """Every subset, smaller ones first."""
    ordered = sorted(names)
    for size in range(len(ordered) + 1):
        yield from map(frozenset, combinations(ordered, size))
