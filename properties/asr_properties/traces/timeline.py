"""The timeline of a recording: every event of each item, and what the model took it for.

Rows are collected while an item is followed, up to a bound for the whole recording, and then only counted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from asr_properties.traces.events import ItemSeen, TraceEvent
from asr_properties.traces.machine_told import MachineTold, Updated

MOST_ROWS = 20_000
"""How many events of a recording are kept, which takes at most 100 MB."""


class Fate(StrEnum):
    """What became of an event. `NOT_JUDGED`: the item was not followed any more, or never."""

    AGREES = "agrees"
    DEPARTS = "departs"
    NOT_JUDGED = "not judged"


@dataclass(frozen=True, slots=True)
class Row:
    """One event. phases: where the item may be after it, by the model; none where it was not judged.

    missing: what is not in the recording and must have been asked for before the event; empty where nothing must.
    """

    event: TraceEvent
    fate: Fate
    phases: tuple[str, ...] = ()
    missing: str = ""


def updates_in(rows: Iterable[Row]) -> list[Updated]:
    """The updates of settings that were asked for, by place, each as the last look told it. One that no look followed
    is not among them."""
    told: dict[int, Updated] = {}
    for row in rows:
        match row.event:
            case ItemSeen(machine=MachineTold(updates=updates)):
                told |= {update.number: update for update in updates}
    return [told[number] for number in sorted(told)]


class Timeline:
    """The rows of each item. left_out: how many events of an item have no row, because there were too many."""

    def __init__(self) -> None:
        self.rows: dict[str, list[Row]] = {}
        self.left_out: Counter[str] = Counter()
        self._count = 0

    def add(self, row: Row) -> None:
        """Take in the next event."""
        if self._count >= MOST_ROWS:
            self.left_out[row.event.item] += 1
            return
        self._count += 1
        self.rows.setdefault(row.event.item, []).append(row)
