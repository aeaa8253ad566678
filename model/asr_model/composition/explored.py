"""What an exploration of a product found, and how far it may go."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from asr_model.composition.component import Vector

GIBIBYTE = 2**30


class Engine(StrEnum):
    """How a product is explored."""

    EXPLICIT = "explicit"
    SYMMETRY = "symmetry"
    SYMBOLIC = "symbolic"


class EngineMissing(RuntimeError):
    """A package of the extra `scaling` is not installed; the message says what to do."""

    def __init__(self, package: str) -> None:
        super().__init__(f"several items need {package}: pip install 'asr-conformance[scaling]'")


class TooLarge(ValueError):
    """States of the product do not fit into the integers that hold them; the message says which engine to take."""


@dataclass(frozen=True)
class Bound:
    """How far an exploration may go. memory: bytes for what it holds. states: how many it may hold; None: any."""

    memory: int = 4 * GIBIBYTE
    states: int | None = None


@dataclass(frozen=True)
class Explored:
    """What was found. Numbers are of the product with every item told apart, whichever engine counted them.

    states: vectors that can be reached. transitions: (vector, label, vector) that leave them and change something.
    stored: how many states the engine held: of vectors that only differ in who is who symmetry holds one; None where it
    holds formulas.
    depth: moves to the farthest state; None where it was not counted.
    deadlocks: how many vectors nothing leaves; deadlock: one of them, at the least depth where depths are counted.
    together: for each pair of `Component.never_together` that occurs, a vector where it does, likewise.
    visited: the states that single items came into.
    truncated: why not everything was explored; None if everything was. Then all numbers are lower bounds, transitions
    and deadlocks those of the states that were gone on from.
    memory: bytes that the engine held at most, as it reckons.
    """

    engine: Engine
    states: int
    transitions: int
    stored: int | None
    depth: int | None
    deadlocks: int
    visited: frozenset[int]
    memory: int
    deadlock: Vector | None = None
    together: dict[int, Vector] = field(default_factory=dict)
    truncated: str | None = None
