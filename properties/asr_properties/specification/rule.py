"""What every property is, whichever way it is judged: a named rule that cites its requirements."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Set
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from asr_model.stepper import Stepper
from asr_properties.evidence.step import Step


class EvidenceKind(StrEnum):
    """What a property can be judged on."""

    MODEL = "model"
    LIVE = "live"
    RECORDING = "recording"


EVERYWHERE = frozenset(EvidenceKind)
OBSERVED = frozenset({EvidenceKind.LIVE, EvidenceKind.RECORDING})
UNRECORDED = frozenset({EvidenceKind.MODEL, EvidenceKind.LIVE})
MODEL_ONLY = frozenset({EvidenceKind.MODEL})
RECORDED_ONLY = frozenset({EvidenceKind.RECORDING})
LIVE_ONLY = frozenset({EvidenceKind.LIVE})


@dataclass(frozen=True, kw_only=True)
class Rule(ABC):
    """A named rule with the requirements it judges; `says` is its sentence.

    profiles: the lifecycles it is a rule of; None: all of them. by_label: it reads only what the item says of itself,
    where the sentence speaks of what the service does; passing it shows less than the effects would (contract 13).
    beside: those of its requirements that are broken where it is, but not shown where it holds: what their sentence
    speaks of is something else.
    """

    name: str
    requirements: tuple[str, ...]
    says: str
    profiles: frozenset[str] | None = None
    evidence: frozenset[EvidenceKind] = EVERYWHERE
    by_label: bool = False
    beside: frozenset[str] = frozenset()

    @property
    @abstractmethod
    def pattern(self) -> str:
        """The rule as a specification pattern, in words."""

    @property
    def credits(self) -> tuple[str, ...]:
        """The requirements that are put to the test where the rule is."""
        return tuple(rule for rule in self.requirements if rule not in self.beside)

    def blames(self, step: Step, stepper: Stepper) -> tuple[str, ...]:
        """The requirements that fail where this step of an item of that lifecycle breaks the rule."""
        return self.requirements

    def offering(self, operations: Set[str]) -> Rule:
        """The rule as it is to be judged where only these operations are offered."""
        return self

    @property
    @abstractmethod
    def names(self) -> frozenset[str]:
        """Every field of a step or an observation that it reads."""


class Broken(NamedTuple):
    """A rule that a step breaks. seen: the values that decided. right: what would have been right."""

    rule: Rule
    seen: str
    right: str
