"""All monitors together: one action at a time, what it puts to the test and what it breaks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from asr_properties.specification.relations import (
    after_faults,
    disks,
    durations,
    listings,
    recovery_points,
    refusals,
    replication_flow,
)
from asr_properties.specification.relations.entry import Entry
from asr_properties.specification.relations.relation import Monitor, Relation

RELATIONS: tuple[Relation, ...] = (
    *refusals.RELATIONS,
    *listings.RELATIONS,
    *recovery_points.RELATIONS,
    *replication_flow.RELATIONS,
    *disks.RELATIONS,
    *durations.RELATIONS,
    *after_faults.RELATIONS,
)


class Monitors:
    """One monitor of each kind, for the items of one implementation.

    judged: the relations that count, by name. exercised: where what is put to the test is counted.
    """

    def __init__(self, judged: Iterable[str], exercised: Counter[str]) -> None:
        self._judged = frozenset(judged)
        self._exercised = exercised
        self._monitors: tuple[Monitor, ...] = (
            refusals.Refusals(),
            listings.Lists(),
            recovery_points.Points(),
            replication_flow.Flow(),
            disks.Data(),
            durations.Durations(),
            after_faults.Recovery(),
        )

    def begin_walk(self) -> None:
        """A walk begins with a fresh item."""
        for monitor in self._monitors:
            monitor.begin_walk()

    def begin_item(self) -> None:
        """A fresh item takes the place of the one before, in the middle of a walk."""
        for monitor in self._monitors:
            monitor.begin_item()

    def enter(self, entry: Entry, *, agreed: bool = True) -> list[Relation]:
        """Take in one action; the relations that it breaks.

        agreed: whether some model state agrees with what was seen. If none does, only those monitors are asked that
        know what to conclude from it.
        """
        broken: dict[str, Relation] = {}
        for monitor in self._monitors:
            if not agreed and monitor.needs_agreement:
                continue
            for relation, holds in monitor.enter(entry):
                if relation.name in self._judged:
                    self._exercised[relation.name] += 1
                    if not holds:
                        broken[relation.name] = relation
        return list(broken.values())
