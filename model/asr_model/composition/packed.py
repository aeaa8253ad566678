"""The explicit engines: breadth first over packed integers, with every item told apart or up to who is who.

Chunks of a layer are gone on from in bulk, and the numbers that are new make the next layer. A number holds everything
about a state, so a byte for each that there can be is enough, or eight and a little more for each that there is.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from asr_model.composition.component import Component, Vector
from asr_model.composition.explored import Bound, Engine, Explored
from asr_model.composition.numbering import Columns, Numbering, Numbers, Positional, UpToWhoIsWho
from asr_model.composition.seen import seen_for
from asr_model.composition.successors import Successors

CHUNK = 2**15
"""Vectors that are gone on from at once: what they need stays in the processor's cache."""

Told = Callable[[int], None]
"""Told after each layer how many states are held."""


def explore(
    component: Component,
    items: int,
    *,
    symmetric: bool = False,
    bound: Bound | None = None,
    told: Told = lambda stored: None,
) -> Explored:
    """Explore `items` equal items. symmetric: hold one of all vectors that differ in who is who only.

    Raises:
        TooLarge: the vectors do not fit into 63 bits.
    """
    numbering = (UpToWhoIsWho if symmetric else Positional)(component.states, items)
    search = _Search(component, numbering, bound or Bound())
    why = search.run(told)
    return Explored(
        engine=Engine.SYMMETRY if symmetric else Engine.EXPLICIT,
        states=search.states,
        transitions=search.transitions,
        stored=search.stored,
        depth=search.depth,
        deadlocks=search.deadlocks,
        deadlock=search.deadlock,
        together=search.together,
        visited=frozenset(np.flatnonzero(search.visited).tolist()),
        truncated=why,
        memory=search.memory,
    )


class _Search:
    def __init__(self, component: Component, numbering: Numbering, bound: Bound) -> None:
        self._numbering, self._bound = numbering, bound
        self._successors = Successors(component, numbering)
        self._seen = seen_for(numbering.size, bound.memory)
        self.visited = np.zeros(component.states, np.bool_)
        self.states = self.transitions = self.stored = self.depth = self.deadlocks = self.memory = 0
        self.deadlock: Vector | None = None
        self.together: dict[int, Vector] = {}

    def run(self, told: Told) -> str | None:
        """Explore everything, or tell why not."""
        self._seen.add(np.zeros(1, np.int64))
        while len(layer := self._seen.next_layer()):
            self.stored += len(layer)
            why = self._past_its_bound(layer)
            for start in range(0, len(layer), CHUNK):
                numbers = layer[start : start + CHUNK]
                columns = self._numbering.columns(numbers)
                weights = self._numbering.weights(columns)
                self._count(numbers, columns, weights)
                if why is None:
                    self._go_on(numbers, columns, weights)
                    why = self._out_of_memory(layer)
            if why is not None:
                return why
            told(self.stored)
            self.depth += 1
        self.depth -= 1
        return None

    def _count(self, numbers: Numbers, columns: Columns, weights: Numbers) -> None:
        """What is known of states as soon as they are found."""
        self.states += int(weights.sum())
        for column in columns:
            self.visited[column] = True
        for pair, found in self._successors.wrong(columns):
            if pair not in self.together:
                self.together[pair] = self._numbering.vector(int(numbers[found[0]]))

    def _go_on(self, numbers: Numbers, columns: Columns, weights: Numbers) -> None:
        moves = self._successors.own_moves(columns)
        for after in self._successors.alone(numbers, columns):
            self._seen.add(after)
        for at, after in self._successors.together(columns):
            moves[at] += 1  # none is there twice
            self._seen.add(after)
        self.transitions += int((moves * weights).sum())
        stuck = np.flatnonzero(moves == 0)
        if len(stuck):
            self.deadlocks += int(weights[stuck].sum())
            if self.deadlock is None:
                self.deadlock = self._numbering.vector(int(numbers[stuck[0]]))

    def _past_its_bound(self, layer: Numbers) -> str | None:
        most = self._bound.states
        if most is not None and self.stored > most:
            return f"{self.stored:,} states at depth {self.depth}, and --max-states is {most:,}"
        return self._out_of_memory(layer)

    def _out_of_memory(self, layer: Numbers) -> str | None:
        held = self._seen.memory + layer.nbytes
        self.memory = max(self.memory, held)
        if held <= self._bound.memory:
            return None
        return f"{self.stored:,} states at depth {self.depth} take more than {self._bound.memory / 2**30:.2g} GiB"
