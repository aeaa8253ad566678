"""A monitor that remembers, and the properties that such a monitor judges."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass

from asr_properties.monitors.entry import Entry
from asr_properties.properties.rule import LIVE_ONLY, EvidenceKind, Rule


@dataclass(frozen=True, kw_only=True)
class Relation(Rule):
    """A relation between concrete values (ids, records, instants), worked out by a monitor of this package.

    needs: the names of views and moments that stand for what it must see; an adapter that lacks one of them leaves the
    relation not observable.
    """

    needs: tuple[str, ...] = ()
    evidence: frozenset[EvidenceKind] = LIVE_ONLY

    @property
    def pattern(self) -> str:
        return f"Globally, it is always the case that [{self.says}]."

    @property
    def names(self) -> frozenset[str]:
        return frozenset(self.needs)


Judgement = tuple[Relation, bool]
"""A relation that was put to the test, and whether it holds."""


class Monitor(ABC):
    """Remembers what it needs of one item, and of all items before it where ids must stay apart."""

    def begin_walk(self) -> None:
        """A walk begins: what was measured on other items is forgotten."""
        self.begin_item()

    @abstractmethod
    def begin_item(self) -> None:
        """A fresh item begins."""

    @abstractmethod
    def enter(self, entry: Entry) -> Iterator[Judgement]:
        """Take in one action; what it puts to the test, and whether that holds."""
