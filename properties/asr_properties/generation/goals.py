"""Where the examples of the lifecycle machine go."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from asr_model.profiles import efsm
from asr_properties.generation.guide import scenarios_of


class Goals(NamedTuple):
    """The phases that examples head for, the declared transitions that they take, and the numbers of the walks that
    they follow."""

    phases: Sequence[str]
    transitions: Sequence[str]
    scenarios: Sequence[int]


@cache
def all_goals(profile: str) -> Goals:
    """All phases, declared transitions and walks that are written down."""
    lifecycle = efsm(profile)
    written = scenarios_of(profile, ("settings", "disks", "sites"))
    return Goals(tuple(lifecycle.phases), tuple(t.id for t in lifecycle.transitions), tuple(range(len(written))))
