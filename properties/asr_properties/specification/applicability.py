"""Which profile a requirement belongs to: the one whose transitions, refusals or properties cite it."""

from __future__ import annotations

from functools import cache

from asr_model import profiles
from asr_properties.specification.declared import properties_of


@cache
def cited_in(profile: str) -> frozenset[str]:
    """The ids of the requirements that something of this profile cites."""
    efsm = profiles.efsm(profile)
    citing = [transition.requirements for transition in efsm.transitions]
    citing += [refusal.requirements for refusal in efsm.refusals]
    citing += [candidate.requirements for candidate in properties_of(profile)]
    return frozenset(identifier for ids in citing for identifier in ids)


def profiles_that_have(identifier: str, *, instead_of: str) -> tuple[str, ...]:
    """The profiles that a requirement belongs to, if it does not belong to the one that is judged; else none."""
    if identifier in cited_in(instead_of):
        return ()
    return tuple(profile for profile in profiles.CHARTS if identifier in cited_in(profile))


def belongs_elsewhere(others: tuple[str, ...]) -> str:
    """Why a requirement does not apply."""
    return f"it concerns the {' and the '.join(others)} profile"
