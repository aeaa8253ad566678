"""Which profiles a rule is of; a rule that says nothing holds for all of them."""

from __future__ import annotations

from dataclasses import replace

from asr_model.lifecycle.classic import Classic
from asr_model.lifecycle.modernized import Modernized
from asr_properties.specification.rule import Rule

MODERNIZED = frozenset({Modernized.profile})
CLASSIC = frozenset({Classic.profile})


def only(profiles: frozenset[str], *properties: Rule) -> tuple[Rule, ...]:
    """The properties as rules of these profiles."""
    return tuple(replace(candidate, profiles=profiles) for candidate in properties)
