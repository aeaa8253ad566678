"""Finds the items whose events may have happened in another order than the recorded one.

Entries are ordered by their times. When two entries overlap in time, either may have reached the service first. This
also holds for entries within one second, where times are whole seconds. It matters when one of the two is a request,
because the item looks different before it and after it. From such a place on, no verdict says that the item departs
from the model.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable
from dataclasses import dataclass
from typing import NamedTuple

from asr_properties.traces.exchange_facts import ItemKey

Doubt = tuple[int, str]
"""The number of the entry from which on the order is in doubt, and why."""


class EntryTime(NamedTuple):
    """An exchange's place in the recording, and when it began and ended.

    until: None where it is not known whether anything overlaps it.
    """

    number: int
    at: str | None
    until: str | None = None


@dataclass(slots=True)
class _UnderWay:
    """The entry that ends last so far: when it ends, its number, and the jobs that it started."""

    until: str = ""
    number: int = 0
    jobs: Collection[Hashable] = ()


class Ordering:
    """Takes in the times of the entries about each item; `doubts` has the first doubt about each item.

    why: why the order of all entries is in doubt; None where it is not.
    """

    def __init__(self, why: str | None = None) -> None:
        self.doubts: dict[ItemKey, Doubt] = {}
        self._why = why
        self._next: dict[ItemKey, str] = {}
        self._requests: dict[ItemKey, _UnderWay] = {}
        self._looks: dict[ItemKey, _UnderWay] = {}

    def doubt(self, key: ItemKey, number: int, why: str) -> None:
        """Note a doubt from this entry on, if there is none yet. A verdict tells `why` after the word "but"."""
        self.doubts.setdefault(key, (number, why))

    def doubt_next(self, key: ItemKey, why: str) -> None:
        """Note a doubt from the item's next event on."""
        self._next.setdefault(key, why)

    def requested(self, key: ItemKey, when: EntryTime, jobs: Collection[Hashable]) -> None:
        """A request, and the jobs that it started."""
        self._start_doubt(key, when)
        if when.until is not None and when.at is not None:
            for earlier in (self._requests.get(key), self._looks.get(key)):
                self._compare(key, earlier, when)
            self._requests[key] = _later(self._requests.get(key), _UnderWay(_order(when.until), when.number, jobs))

    def shown(self, key: ItemKey, when: EntryTime, job: Hashable = None) -> None:
        """A look at the item, or at one of its jobs. A job is certain to come after the request that started it."""
        self._start_doubt(key, when)
        if when.until is not None and when.at is not None:
            request = self._requests.get(key)
            if request is not None and (job is None or job not in request.jobs):
                self._compare(key, request, when)
            self._looks[key] = _later(self._looks.get(key), _UnderWay(_order(when.until), when.number))

    def _start_doubt(self, key: ItemKey, when: EntryTime) -> None:
        why = self._why or self._next.pop(key, None)
        if why is not None:
            self.doubt(key, when.number, why)

    def _compare(self, key: ItemKey, earlier: _UnderWay | None, when: EntryTime) -> None:
        if earlier is not None and earlier.until > _order(when.at or ""):
            why = f"entries {earlier.number} and {when.number} overlap: which of them came first is not known"
            self.doubt(key, earlier.number, why)


def is_over(earlier: EntryTime, when: EntryTime) -> bool:
    """Whether an entry was certainly answered before another one began, as far as their times tell."""
    return earlier.until is None or when.at is None or _order(earlier.until) <= _order(when.at)


def _later(one: _UnderWay | None, other: _UnderWay) -> _UnderWay:
    return one if one is not None and one.until > other.until else other


def _order(time: str) -> str:
    """The text to compare: without its Z, a whole second sorts before its fractions."""
    return time.removesuffix("Z")
