"""One of N equal items, as its composition sees it: numbered states, moves of its own, and steps made together.

The composition is the classical one: an item moves alone (interleaving), or all items make a step of the same label at
once (synchronisation). Nothing here knows what the states mean.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

Step = tuple[int, int]
"""A state and the one after it."""

Vector = tuple[int, ...]
"""The state of each item."""


class Contradiction(ValueError):
    """A component that contradicts itself; the message says how."""


@dataclass(frozen=True)
class Component:
    """One item. states: how many; 0 is the initial one.

    alone: its moves, each to another state. joint: for each label the steps that an item can make while every other
    makes one of the same label; they may leave it where it is.
    never_together: pairs of sets of states; it is wrong that one item is in the first while another is in the second.

    Raises:
        Contradiction: a state that does not exist, a move that leads nowhere, or a pair whose sets overlap: an item
            would break it by itself.
    """

    states: int
    alone: frozenset[Step]
    joint: tuple[frozenset[Step], ...] = ()
    never_together: tuple[tuple[frozenset[int], frozenset[int]], ...] = ()

    def __post_init__(self) -> None:
        named = {state for steps in (self.alone, *self.joint) for step in steps for state in step}
        named |= {state for pair in self.never_together for side in pair for state in side}
        if strange := [state for state in named if not 0 <= state < self.states]:
            raise Contradiction(f"no states of a component that has {self.states}: {sorted(strange)}")
        if still := [step for step in self.alone if step[0] == step[1]]:
            raise Contradiction(f"a move leads to another state; these do not: {sorted(still)}")
        for one, other in self.never_together:
            if both := one & other:
                raise Contradiction(f"an item in state {min(both)} is never together with itself")

    @cached_property
    def moves(self) -> tuple[tuple[int, ...], ...]:
        """For each state those that its moves lead to."""
        return _after(self.states, self.alone)

    @cached_property
    def joint_steps(self) -> tuple[tuple[tuple[int, ...], ...], ...]:
        """For each label and each state, those that it can lead to."""
        return tuple(_after(self.states, steps) for steps in self.joint)


def _after(states: int, steps: Iterable[Step]) -> tuple[tuple[int, ...], ...]:
    found: list[list[int]] = [[] for _ in range(states)]
    for source, target in sorted(steps):
        found[source].append(target)
    return tuple(map(tuple, found))
