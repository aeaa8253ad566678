"""A walk of one item, step by step, as a page shows it: a counterexample of a run, or what was recorded of an item."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True, slots=True)
class Told:
    """Something to be told of a step. kind: whether the model allowed it, it was observed, or neither."""

    title: str
    texts: tuple[str, ...]
    kind: Literal["", "allowed", "observed"] = ""


@dataclass(frozen=True, slots=True)
class ShownStep:
    """A step of a walk.

    action, answer: what was done and how it was answered. phase: the phase that the item showed then. agreed: the phase
    that the model took it to be in; None where several were possible, which `possible` then names, or none. shown:
    everything that was seen, by name. departs: whether no state of the model agrees from here on. told: what else.
    """

    action: str
    answer: str
    phase: str | None = None
    agreed: str | None = None
    shown: Mapping[str, str] = field(default_factory=dict)
    possible: tuple[str, ...] = ()
    departs: bool = False
    told: tuple[Told, ...] = ()


@dataclass(frozen=True, slots=True)
class Walk:
    """A walk. number: from 1, by which an address names it. begins: the phase it began in, None where not known."""

    number: int
    title: str
    steps: tuple[ShownStep, ...]
    begins: str | None = None
