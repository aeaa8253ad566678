"""Which numbers were seen: as bytes where there is room for one of each, else as sorted lists."""

from __future__ import annotations

from typing import Protocol

import numpy as np

from asr_model.composition.numbering import Numbers

FLAT_AT_MOST = 2**29
"""Numbers for which there is a byte each, at most: each layer looks at all of them."""


class Seen(Protocol):
    """What was seen. New numbers are added, and become the next layer."""

    def add(self, numbers: Numbers) -> None:
        """Note numbers, old or new, in any order."""

    def next_layer(self) -> Numbers:
        """The numbers that were added since the last layer and never before, ascending; they are old from now on."""

    @property
    def memory(self) -> int:
        """Bytes that it takes just now, and will take for the next layer."""


class Flat:
    """A byte for each number that there is. What is new is marked at once, so only what came twice in one call of `add`
    is there twice, and is thinned out when the layer is complete."""

    def __init__(self, size: int) -> None:
        self._known = np.zeros(size, np.bool_)
        self._new: list[Numbers] = []
        self._held = 0

    def add(self, numbers: Numbers) -> None:
        new = numbers[~self._known[numbers]]
        if len(new):
            self._known[new] = True
            self._new.append(new)
            self._held += new.nbytes

    def next_layer(self) -> Numbers:
        layer, self._new, self._held = _once_each(self._new), [], 0
        return layer

    @property
    def memory(self) -> int:
        return self._known.nbytes + 2 * self._held


class Sorted:
    """The numbers themselves, eight bytes each; what is added is thinned out now and then."""

    _LEAST = 2**20
    """So many numbers may always be added before they are thinned out."""

    def __init__(self) -> None:
        self._old = np.empty(0, np.int64)
        self._added: list[Numbers] = []
        self._pending, self._most_pending, self._thin = 0, self._LEAST, 0

    def add(self, numbers: Numbers) -> None:
        self._added.append(numbers)
        self._pending += len(numbers)
        if self._pending > self._most_pending:
            self._added = [self._thinned()]
            self._thin = len(self._added[0])
            self._pending, self._most_pending = 0, max(self._LEAST, self._thin)

    def _thinned(self) -> Numbers:
        new = _once_each(self._added)
        if not len(self._old):
            return new
        at = np.minimum(np.searchsorted(self._old, new), len(self._old) - 1)
        fresh: Numbers = new[self._old[at] != new]
        return fresh

    def next_layer(self) -> Numbers:
        new = self._thinned()
        self._added, self._pending, self._most_pending, self._thin = [], 0, self._LEAST, 0
        self._old = np.insert(self._old, np.searchsorted(self._old, new), new)
        return new

    @property
    def memory(self) -> int:
        return 2 * self._old.nbytes + 4 * 8 * (self._thin + self._pending)  # sorted and merged, all is anew


def _once_each(found: list[Numbers]) -> Numbers:
    """These numbers ascending, each once. (`np.unique` looks them up in a hash table, which takes 20 times as long.)"""
    together = np.concatenate(found) if found else np.empty(0, np.int64)
    together.sort()
    is_first = np.ones(len(together), np.bool_)
    np.not_equal(together[1:], together[:-1], out=is_first[1:])
    each: Numbers = together[is_first]
    return each


def seen_for(size: int, memory: int) -> Seen:
    """What suits so many numbers. memory: bytes that there are for all."""
    return Flat(size) if size <= FLAT_AT_MOST and size <= memory // 2 else Sorted()
