"""Monitors that examples use one after the other: they remember what they have worked out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Set

from asr_properties.specification.declared import properties_of
from asr_properties.specification.property_monitors import PropertyMonitors
from asr_properties.specification.rule import EvidenceKind

_FREE: dict[tuple[str, Set[str]], list[PropertyMonitors]] = defaultdict(list)
"""By profile and operations offered, those that no example uses just now."""


def lend(profile: str, operations: Set[str]) -> PropertyMonitors:
    """Monitors of a profile for an implementation that offers these operations."""
    free = _FREE[profile, operations]
    return free.pop() if free else PropertyMonitors(properties_of(profile), EvidenceKind.LIVE, operations)


def take_back(monitors: PropertyMonitors, profile: str, operations: Set[str]) -> None:
    """The example that they were lent to is over."""
    _FREE[profile, operations].append(monitors)
