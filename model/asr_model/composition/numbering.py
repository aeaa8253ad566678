"""Vectors as integers: each product state as one number, with every item told apart or up to who is who.

Both numberings are gapless, so that a byte for each number can tell whether it was seen.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from itertools import pairwise
from math import comb, factorial

import numpy as np
from numpy.typing import NDArray

from asr_model.composition.component import Vector
from asr_model.composition.explored import TooLarge

Numbers = NDArray[np.int64]
"""One number for each vector, in one dimension."""

Columns = list[NDArray[np.int64]]
"""The states of the first item of all vectors, those of the second, ..."""

Kept = NDArray[np.intp]
"""Some of many vectors, by their places among them."""


class Numbering(ABC):
    """Numbers from 0 to `size` - 1. states: of one item. items: how many there are.

    Raises:
        TooLarge: the numbers would not fit into 63 bits.
    """

    def __init__(self, states: int, items: int, size: int) -> None:
        if size >= 2**63:
            raise TooLarge(f"{items} items of {states} states have {size:.1e} vectors: more than 63 bits tell apart")
        self.states, self.items, self.size = states, items, size

    @abstractmethod
    def columns(self, numbers: Numbers) -> Columns:
        """The vectors of these numbers."""

    @abstractmethod
    def moved(self, numbers: Numbers, columns: Columns, item: int, kept: Kept, to: NDArray[np.int64]) -> Numbers:
        """The numbers of the vectors that are kept after one item went elsewhere."""

    @abstractmethod
    def numbers(self, columns: Columns) -> Numbers:
        """The numbers of these vectors."""

    @abstractmethod
    def weights(self, columns: Columns) -> NDArray[np.int64]:
        """How many vectors share the number of each of these."""

    def vector(self, number: int) -> Vector:
        """The vector of one number."""
        return tuple(int(column[0]) for column in self.columns(np.array([number], np.int64)))


class Positional(Numbering):
    """Every vector has its own number: the items' states are its digits, the first item's the least."""

    def __init__(self, states: int, items: int) -> None:
        super().__init__(states, items, states**items)
        self._powers = [states**item for item in range(items)]

    def columns(self, numbers: Numbers) -> Columns:
        found, rest = [], numbers
        for _ in range(self.items - 1):
            above = rest // self.states
            found.append(rest - above * self.states)  # twice as fast as np.divmod
            rest = above
        return [*found, rest]

    def moved(self, numbers: Numbers, columns: Columns, item: int, kept: Kept, to: NDArray[np.int64]) -> Numbers:
        after: Numbers = numbers[kept] + (to - columns[item][kept]) * self._powers[item]
        return after

    def numbers(self, columns: Columns) -> Numbers:
        total = columns[0].astype(np.int64)
        for column, power in zip(columns[1:], self._powers[1:], strict=True):
            total = total + column * power
        return total

    def weights(self, columns: Columns) -> NDArray[np.int64]:
        return np.ones(len(columns[0]), np.int64)


class UpToWhoIsWho(Numbering):
    """Vectors that differ in who is who share a number: that of the multiset of their states, which the combinatorial
    number system gives (Knuth, The Art of Computer Programming 4A, 7.2.1.3)."""

    def __init__(self, states: int, items: int) -> None:
        super().__init__(states, items, comb(states + items - 1, items))
        # The smallest place's term first: of an ascending vector, sum of comb(state + place, place + 1).
        self._terms = [
            np.array([comb(state + place, place + 1) for state in range(states)], np.int64) for place in range(items)
        ]

    def columns(self, numbers: Numbers) -> Columns:
        found, rest = [], numbers
        for terms in reversed(self._terms):
            digit = np.searchsorted(terms, rest, side="right") - 1
            rest = rest - terms[digit]
            found.append(digit)
        return found[::-1]

    def moved(self, numbers: Numbers, columns: Columns, item: int, kept: Kept, to: NDArray[np.int64]) -> Numbers:
        after = [column[kept] for column in columns]
        after[item] = to
        for place in range(item, self.items - 1):
            after[place], after[place + 1] = _in_order(after[place], after[place + 1])
        for place in range(item, 0, -1):
            after[place - 1], after[place] = _in_order(after[place - 1], after[place])
        return self._number(after)

    def numbers(self, columns: Columns) -> Numbers:
        return self._number(list(np.sort(np.stack(columns), axis=0)))

    def _number(self, ascending: Columns) -> Numbers:
        total = self._terms[0][ascending[0]]
        for terms, column in zip(self._terms[1:], ascending[1:], strict=True):
            total = total + terms[column]
        return total

    def weights(self, columns: Columns) -> NDArray[np.int64]:
        alike = np.ones(len(columns[0]), np.int64)  # the product of the factorials of how often each state occurs
        run = alike
        for before, column in pairwise(columns):
            run = np.where(before == column, run + 1, 1)
            alike = alike * run
        return factorial(self.items) // alike


def _in_order(one: NDArray[np.int64], other: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    return np.minimum(one, other), np.maximum(one, other)
