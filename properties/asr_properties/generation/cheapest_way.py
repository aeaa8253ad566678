"""The cheapest way over the moves of the observable machine to one of several goals."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from heapq import heappop, heappush
from itertools import count
from math import inf
from random import Random
from typing import NamedTuple

from asr_model.observable_machine import Goal, Move, ObservableMachine
from asr_model.vocabulary import Answer
from asr_properties.generation.likelihood import left_open

TRANSITION, PAIR, ARGUMENTS = SORTS = ("transition", "pair", "arguments")
"""The goals of the machine that a tour leads to."""


class Plan(NamedTuple):
    """The cheapest way to a goal: its moves, the last of which covers the goal."""

    moves: tuple[Move, ...]
    goal: Goal
    cost: float


class CheapestWays:
    """Finds the cheapest way to a goal (Dijkstra). Of equally cheap ones what is refused comes first: it changes
    nothing, while what is accepted leads away."""

    def __init__(self, machine: ObservableMachine, random: Random) -> None:
        covering: dict[Goal, list[Move]] = {}
        self._leading: list[list[Move]] = []
        free = left_open(machine.lts)
        for moves in machine.outgoing:
            ordered = sorted(moves, key=lambda move: (move.answer is not Answer.REFUSED, random.random()))
            alike = {_what_it_takes(free, move): move for move in ordered if move.source != move.target}
            self._leading.append(list(alike.values()))
            for move in ordered:
                for goal in sorted(goal for goal in move.covers if goal.sort in SORTS):
                    covering.setdefault(goal, []).append(move)
        self.goals = set(covering)
        self._goals_at: dict[int, int] = {}
        self._aims: dict[int, list[tuple[Move, Goal]]] = {}
        for goal in sorted(covering):
            for move in covering[goal]:
                self._aims.setdefault(move.source, []).append((move, goal))
        for aims in self._aims.values():
            aims.sort(key=lambda aim: aim[0].answer is not Answer.REFUSED)

    def cheapest(self, start: int, wanted: Mapping[Goal, float], cost: Callable[[Move], float]) -> Plan | None:
        """The cheapest way from a state to one of the goals that are wanted; None if there is none.

        wanted: each goal, with what is added to the cost of a way to it, so that it comes later.
        """
        order = count()
        best: dict[int, float] = {start: 0.0}
        came: dict[int, Move] = {}
        heap: list[tuple[float, int, int, tuple[Move, Goal] | None]] = [(0.0, next(order), start, None)]
        enough = inf  # a way to some goal costs so much: what costs more is not looked at; a move costs at least 1
        while heap:
            spent, _, here, aim = heappop(heap)
            if aim is not None:
                return Plan((*_unwound(came, start, aim[0].source), aim[0]), aim[1], spent)
            if spent > best[here]:
                continue
            for move, goal in self._aims_of(here):
                later = wanted.get(goal, inf)
                if spent + 1 + later <= enough and (there := spent + cost(move) + later) <= enough and there < inf:
                    enough = there
                    heappush(heap, (there, next(order), here, (move, goal)))
            if spent + 1 > enough:
                continue
            for move in self._leading[here]:
                known = best.get(move.target, inf)
                if spent + 1 < known and (there := spent + cost(move)) < known and there <= enough:
                    best[move.target], came[move.target] = there, move
                    heappush(heap, (there, next(order), move.target, None))
        return None

    def _aims_of(self, here: int) -> list[tuple[Move, Goal]]:
        """What can be covered from a state; what is no goal any more is left out."""
        left = len(self.goals)
        if self._goals_at.get(here) != left:
            self._goals_at[here] = left
            self._aims[here] = [aim for aim in self._aims.get(here, ()) if aim[1] in self.goals]
        return self._aims[here]


def _what_it_takes(free: frozenset[tuple[int, object]], move: Move) -> tuple[object, ...]:
    """What a move costs, and where it leads: of several that are alike in it, one will do on the way to others."""
    is_free = (move.source, move.input.event) in free
    return move.target, move.input._replace(event=move.input.event if is_free else None), move.ends


def _unwound(came: Mapping[int, Move], start: int, goal: int) -> tuple[Move, ...]:
    way: list[Move] = []
    while goal != start:
        way.append(came[goal])
        goal = way[-1].source
    return tuple(reversed(way))
