"""Which items of a recording may have had their events in another order than the one they are taken in.

Entries are put in order by their times. Two that overlap, or were answered within one second where whole seconds are
all that is told, may have reached the service either way round. That matters where one of them is a request: what is
seen before it and after it differs. From there on the item is not said to depart from the model.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable
from dataclasses import dataclass
from typing import NamedTuple

from asr_properties.traces.exchange_facts import Key

Doubt = tuple[int, str]
"""The number of the entry from which on it counts, and why."""


class When(NamedTuple):
    """An exchange's place in the recording, and its time; `until` is None where nothing is known to overlap it."""

    number: int
    at: str | None
    until: str | None = None


@dataclass(slots=True)
class _Open:
    """What may still have been under way: until when, the number of the entry, and the jobs that it started."""

    until: str = ""
    number: int = 0
    jobs: Collection[Hashable] = ()


class Ordering:
    """Takes in when things happened to each item; `doubts` has the first doubt about each.

    why: why the order of all entries is not known, None where it is.
    """

    def __init__(self, why: str | None = None) -> None:
        self.doubts: dict[Key, Doubt] = {}
        self._why = why
        self._next: dict[Key, str] = {}
        self._asked: dict[Key, _Open] = {}
        self._shown: dict[Key, _Open] = {}

    def doubt(self, key: Key, number: int, why: str) -> None:
        """Note a doubt that counts from this entry on, if there is none yet; `why` is told after "but"."""
        self.doubts.setdefault(key, (number, why))

    def doubt_next(self, key: Key, why: str) -> None:
        """Note a doubt that counts from the item's next event on."""
        self._next.setdefault(key, why)

    def asked(self, key: Key, when: When, jobs: Collection[Hashable]) -> None:
        """A request, and the jobs that it started."""
        self._meet(key, when)
        if when.until is not None and when.at is not None:
            for earlier in (self._asked.get(key), self._shown.get(key)):
                self._compare(key, earlier, when)
            self._asked[key] = _later(self._asked.get(key), _Open(_order(when.until), when.number, jobs))

    def shown(self, key: Key, when: When, job: Hashable = None) -> None:
        """A look at the item, or at a job of it. A job comes after the request that started it."""
        self._meet(key, when)
        if when.until is not None and when.at is not None:
            asked = self._asked.get(key)
            if asked is not None and (job is None or job not in asked.jobs):
                self._compare(key, asked, when)
            self._shown[key] = _later(self._shown.get(key), _Open(_order(when.until), when.number))

    def _meet(self, key: Key, when: When) -> None:
        why = self._why or self._next.pop(key, None)
        if why is not None:
            self.doubt(key, when.number, why)

    def _compare(self, key: Key, earlier: _Open | None, when: When) -> None:
        if earlier is not None and earlier.until > _order(when.at or ""):
            why = f"entries {earlier.number} and {when.number} overlap: which of them came first is not known"
            self.doubt(key, earlier.number, why)


def _later(one: _Open | None, other: _Open) -> _Open:
    return one if one is not None and one.until > other.until else other


def _order(time: str) -> str:
    """Without its Z a whole second comes before its fractions."""
    return time.removesuffix("Z")
