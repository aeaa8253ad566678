"""A relation between concrete values, and the monitor that judges it because it remembers those values."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

from asr_properties.evidence.step import Step
from asr_properties.evidence.told import filled
from asr_properties.specification.rule import LIVE_ONLY, Broken, EvidenceKind, Rule


@dataclass(frozen=True, kw_only=True)
class Relation(Rule):
    """A rule about concrete values (ids, records, instants) that a monitor of this package judges.

    seen: what decided, with places for the values that the monitor compared, `{received}`. right: what would have been
    right, with places for these too. needs: the fields of steps and observations that it cannot do without. Where an
    adapter does not offer one of them, the relation is not observable. compares_items: whether it compares an item with
    earlier items of the same walk.
    """

    seen: str
    right: str
    needs: tuple[str, ...] = ()
    compares_items: bool = False
    evidence: frozenset[EvidenceKind] = LIVE_ONLY

    @property
    def pattern(self) -> str:
        return f"Globally, it is always the case that [{self.says}]."

    @property
    def ltl(self) -> str:
        """The form in temporal logic. The relation is about data, so its name stands for it there."""
        return f"G({self.name})"

    @property
    def names(self) -> frozenset[str]:
        return frozenset(self.needs)

    def judged(self, holds: bool, **values: Any) -> Judgement:
        """That it was put to the test. values: what `seen` and `right` have places for."""
        return Judgement(self, holds, values)


class Judgement(NamedTuple):
    """A relation that was put to the test, whether it holds, and the values that decided."""

    relation: Relation
    holds: bool
    values: Mapping[str, Any]

    @property
    def broken(self) -> Broken:
        """The relation as one that is broken, with what its values tell."""
        return Broken(self.relation, filled(self.relation.seen, self.values), filled(self.relation.right, self.values))


class Monitor(ABC):
    """Judges some relations. It remembers what they need of one item, and of earlier items where they compare items."""

    needs_agreement: ClassVar[bool] = True
    """Whether it sees only steps that some model state agrees with. Most monitors ask where the item certainly is, and
    that has no answer where no model state agrees."""

    def begin_walk(self) -> None:
        """A walk begins. What was measured on other items is forgotten."""
        self.begin_item()

    @abstractmethod
    def begin_item(self) -> None:
        """A fresh item begins."""

    @abstractmethod
    def enter(self, step: Step) -> Iterator[Judgement]:
        """Take in one step, and judge the relations that it puts to the test."""
