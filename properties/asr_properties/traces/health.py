"""What an item's health and its list of operations tell of its surroundings (contract, "What is judged" 2, 7, 15)."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache

from asr_model import expressions, profiles

_UNSEEN = frozenset({"in_a_group", "agent_registering"})
"""Surroundings that no health tells of, and that excuse a list in which reprotect is missing (contract 15)."""

BAD = ("warning", "critical")


@cache
def surroundings_told(profile: str, health: str | None) -> frozenset[str] | None:
    """The surroundings that may hold with this health; None where it tells nothing of them. So it is with an item that
    does not replicate, which has no health, and with a bad one: what is wrong has many names, and a list need not be
    shorter for it (contract 2, 7; facts 1.0)."""
    declared = frozenset(surroundings.name for surroundings in profiles.efsm(profile).surroundings)
    return _UNSEEN & declared if health == "normal" else None


def nothing_hinders(profile: str, health: str | None, phase: str | None, allowed: Collection[str] | None) -> bool:
    """Whether an item that looks so is not impaired. Where its health tells nothing, its list does: whatever may be
    missing where something is wrong is there."""
    if health in (*BAD, "normal"):
        return health == "normal"
    return phase is not None and allowed is not None and _withheld(profile, phase).issubset(allowed)


@cache
def _withheld(profile: str, phase: str) -> frozenset[str]:
    """The operations of a phase that an item may refuse because of its surroundings."""
    efsm = profiles.efsm(profile)
    names = {surroundings.name for surroundings in efsm.surroundings}
    of_phase = (transition for transition in efsm.transitions if transition.source == phase)
    return frozenset(t.event for t in of_phase if not names.isdisjoint(expressions.names(t.may_refuse)))
