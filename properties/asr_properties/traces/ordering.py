"""Finds the items whose events may have happened in another order than the recorded one.

Entries are ordered by their times. When two entries overlap in time, either may have reached the service first. This
also holds for entries within one second, where times are whole seconds, unless the file is known to have them in the
order they were made. It matters when one of the two is a request, because the item looks different before it and after
it. A departure after such a place stands only where the item departs in every such order.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from asr_properties.traces.exchange_facts import ItemKey

Doubt = tuple[int, str]
"""The number of the entry from which on the order is in doubt, and why."""

MOST_OVERLAPS = 1000
"""How many overlaps of entries about an item are kept. From there on its order is in doubt for good."""

_MOST_OPEN = 100
"""How many entries about an item are compared with the next one: those that end last."""


class EntryTime(NamedTuple):
    """An exchange's place in the recording, and when it began and ended.

    until: None where it is not known whether anything overlaps it.
    """

    number: int
    at: str | None
    until: str | None = None


class Overlap(NamedTuple):
    """Two entries of which either may have come first: their numbers, in the order they are taken in.

    An entry that may have come after a later request may also have come after what followed that.
    """

    earlier: int
    later: int

    def __str__(self) -> str:
        return f"entries {self.earlier} and {self.later} overlap: which of them came first is not known"


@dataclass(slots=True)
class _UnderWay:
    """An entry that others may overlap: when it ends, its number, and the jobs that it started if it is a request.

    is_open: it may have come after a later one, of which one is a request.
    """

    until: str
    number: int
    is_request: bool
    jobs: Collection[Hashable] = ()
    is_open: bool = False


class Ordering:
    """Takes in the times of the entries about each item, in their order.

    why: why the order of all entries is in doubt; None where it is not. sequences: the numbers of the entries of each
    file that has its own in the order they were made.
    doubts: the first doubt about each item that no other order of entries can settle. overlaps: the entries about each
    item that may have come the other way round.
    """

    def __init__(self, why: str | None = None, sequences: Sequence[range] = ()) -> None:
        self.doubts: dict[ItemKey, Doubt] = {}
        self.overlaps: dict[ItemKey, list[Overlap]] = {}
        self._why = why
        self._sequences = sequences
        self._next: dict[ItemKey, str] = {}
        self._under_way: dict[ItemKey, list[_UnderWay]] = {}

    def doubt(self, key: ItemKey, number: int, why: str) -> None:
        """Note a doubt from this entry on, if there is none yet. A verdict tells `why` after the word "but"."""
        self.doubts.setdefault(key, (number, why))

    def doubt_next(self, key: ItemKey, why: str) -> None:
        """Note a doubt from the item's next event on."""
        self._next.setdefault(key, why)

    def requested(self, key: ItemKey, when: EntryTime, jobs: Collection[Hashable]) -> None:
        """A request, and the jobs that it started."""
        self._take(key, when, _UnderWay(_order(when.until or ""), when.number, True, jobs))

    def shown(self, key: ItemKey, when: EntryTime, job: Hashable = None) -> None:
        """A look at the item, or at one of its jobs. A job is certain to come after the request that started it."""
        self._take(key, when, _UnderWay(_order(when.until or ""), when.number, False), job)

    def _take(self, key: ItemKey, when: EntryTime, entry: _UnderWay, job: Hashable = None) -> None:
        why = self._why or self._next.pop(key, None)
        if why is not None:
            self.doubt(key, when.number, why)
        if when.until is None or when.at is None:
            return
        at = _order(when.at)
        under_way = self._under_way.get(key, ())
        open_still = [each for each in under_way if each.until > at and (job is None or job not in each.jobs)]
        for earlier in open_still:
            matters = earlier.is_request or entry.is_request or earlier.is_open
            if matters and not self._in_sequence(earlier, entry):
                earlier.is_open = True
                self._overlap(key, Overlap(earlier.number, entry.number))
        self._under_way[key] = sorted([*open_still, entry], key=lambda each: each.until)[-_MOST_OPEN:]

    def _overlap(self, key: ItemKey, overlap: Overlap) -> None:
        found = self.overlaps.setdefault(key, [])
        if overlap in found[-_MOST_OPEN:] or overlap.earlier == overlap.later:
            return  # a list that shows the item several times
        if len(found) < MOST_OVERLAPS:
            found.append(overlap)
        else:
            self.doubt(key, overlap.earlier, str(overlap))

    def _in_sequence(self, one: _UnderWay, other: _UnderWay) -> bool:
        return any(one.number in entries and other.number in entries for entries in self._sequences)


def is_over(earlier: EntryTime, when: EntryTime) -> bool:
    """Whether an entry was certainly answered before another one began, as far as their times tell."""
    return earlier.until is None or when.at is None or _order(earlier.until) <= _order(when.at)


def _order(time: str) -> str:
    """The text to compare: without its Z, a whole second sorts before its fractions."""
    return time.removesuffix("Z")
