"""What follows many vectors at once: their moves in bulk, and which of them are wrong.

The work on a chunk of vectors is a few dozen array operations, however many they are: one for each item and each rank
that a move can have among those of a state.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import numpy as np
from numpy.typing import NDArray

from asr_model.composition.component import Component
from asr_model.composition.numbering import Columns, Kept, Numbering, Numbers


class _Table:
    """For each state how many states follow; and for each rank the one that has it, 0 where none does."""

    def __init__(self, after: tuple[tuple[int, ...], ...]) -> None:
        self.most = max(map(len, after))
        self.count = np.array([len(found) for found in after], np.int64)
        self.target = np.zeros((self.most, len(after)), np.int64)
        for state, found in enumerate(after):
            self.target[: len(found), state] = found


class Successors:
    """The successors of vectors. component: one item; numbering: how the vectors of all are numbered."""

    def __init__(self, component: Component, numbering: Numbering) -> None:
        self._numbering = numbering
        self._alone = _Table(component.moves)
        self._joint = [_Table(after) for after in component.joint_steps if any(after)]
        self._sides = np.zeros(component.states, np.int64)
        for pair, sides in enumerate(component.never_together):
            for side, members in enumerate(sides):
                self._sides[list(members)] |= 1 << (2 * pair + side)
        self.pairs = len(component.never_together)

    def alone(self, numbers: Numbers, columns: Columns) -> Iterator[Numbers]:
        """What follows where one item moves alone."""
        for item in range(self._numbering.items):
            count = self._alone.count[columns[item]]
            kept = np.flatnonzero(count)
            for rank in range(self._alone.most):
                kept = kept[count[kept] > rank]
                if not len(kept):
                    break
                to = self._alone.target[rank][columns[item][kept]]
                yield self._numbering.moved(numbers, columns, item, kept, to)

    def together(self, columns: Columns) -> Iterator[tuple[Kept, Numbers]]:
        """What follows where all items make a step of one label: which vectors have one, and what follows each."""
        for table in self._joint:
            ready = np.flatnonzero(np.logical_and.reduce([table.count[column] > 0 for column in columns]))
            if not len(ready):
                continue
            here = [column[ready] for column in columns]
            counts = [table.count[column] for column in here]
            for ranks in product(range(table.most), repeat=len(columns)):
                can = np.logical_and.reduce([count > rank for count, rank in zip(counts, ranks, strict=True)])
                then = [table.target[rank][column] for rank, column in zip(ranks, here, strict=True)]
                can &= np.logical_or.reduce([after != column for after, column in zip(then, here, strict=True)])
                chosen = np.flatnonzero(can)
                if len(chosen):
                    yield ready[chosen], self._numbering.numbers([column[chosen] for column in then])

    def own_moves(self, columns: Columns) -> NDArray[np.int64]:
        """How many moves there are from each vector in which one item moves alone."""
        total = np.zeros(len(columns[0]), np.int64)
        for column in columns:
            total += self._alone.count[column]
        return total

    def wrong(self, columns: Columns) -> Iterator[tuple[int, Kept]]:
        """The pairs that are never together and occur, and in which vectors."""
        if not self.pairs:
            return
        sides = np.bitwise_or.reduce([self._sides[column] for column in columns])
        for pair in range(self.pairs):
            both = 0b11 << (2 * pair)
            found = np.flatnonzero((sides & both) == both)
            if len(found):
                yield pair, found
