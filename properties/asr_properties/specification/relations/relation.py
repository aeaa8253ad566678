"""A monitor that remembers, and the properties that such a monitor judges."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from asr_properties.evidence.step import Step
from asr_properties.specification.rule import LIVE_ONLY, EvidenceKind, Rule


@dataclass(frozen=True, kw_only=True)
class Relation(Rule):
    """A relation between concrete values (ids, records, instants), worked out by a monitor of this package.

    needs: the names of views and moments that stand for what it must see; an adapter that lacks one of them leaves the
    relation not observable. compares_items: whether it compares an item with those before it on the same walk.
    """

    needs: tuple[str, ...] = ()
    compares_items: bool = False
    evidence: frozenset[EvidenceKind] = LIVE_ONLY

    @property
    def pattern(self) -> str:
        return f"Globally, it is always the case that [{self.says}]."

    @property
    def ltl(self) -> str:
        """The form in temporal logic; the relation itself is over data, and stands by its name."""
        return f"G({self.name})"

    @property
    def names(self) -> frozenset[str]:
        return frozenset(self.needs)


Judgement = tuple[Relation, bool]
"""A relation that was put to the test, and whether it holds."""


class Monitor(ABC):
    """Remembers what it needs of one item, and of all items before it where ids must stay apart."""

    needs_agreement: ClassVar[bool] = True
    """Whether it concludes nothing from an action after which no model state agrees with what was seen."""

    def begin_walk(self) -> None:
        """A walk begins: what was measured on other items is forgotten."""
        self.begin_item()

    @abstractmethod
    def begin_item(self) -> None:
        """A fresh item begins."""

    @abstractmethod
    def enter(self, step: Step) -> Iterator[Judgement]:
        """Take in one action; what it puts to the test, and whether that holds."""


REMEMBERED_ITEMS = 50
"""Of so many items the ids are remembered, so that a long run does not grow."""


class Owners:
    """Which item an id was first seen on, for the ids of the last items."""

    def __init__(self) -> None:
        self._owners: dict[str, int] = {}
        self._seen: deque[tuple[int, str]] = deque()

    def __contains__(self, identifier: str) -> bool:
        return identifier in self._owners

    def owner(self, identifier: str, item: int) -> int:
        """The number of the item that had this id first; from now on it is `item` if none had it."""
        found = self._owners.get(identifier)
        if found is not None:
            return found
        while self._seen and self._seen[0][0] < item - REMEMBERED_ITEMS:
            del self._owners[self._seen.popleft()[1]]
        self._owners[identifier] = item
        self._seen.append((item, identifier))
        return item
