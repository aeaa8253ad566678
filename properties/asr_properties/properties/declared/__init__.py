"""All declared properties, by their subject."""

from __future__ import annotations

from asr_properties.monitors.all_monitors import RELATIONS
from asr_properties.properties.declared.data import DATA
from asr_properties.properties.declared.failback import FAILBACK
from asr_properties.properties.declared.failback_by_failover import FAILBACK_BY_FAILOVER
from asr_properties.properties.declared.failover import FAILOVER
from asr_properties.properties.declared.item import ITEM
from asr_properties.properties.declared.lists import LISTS
from asr_properties.properties.declared.planned_failover import PLANNED_FAILOVER
from asr_properties.properties.declared.ways import WAYS
from asr_properties.properties.rule import Rule

PROPERTIES: tuple[Rule, ...] = (
    *FAILOVER,
    *FAILBACK,
    *PLANNED_FAILOVER,
    *FAILBACK_BY_FAILOVER,
    *LISTS,
    *ITEM,
    *DATA,
    *WAYS,
    *RELATIONS,
)


def properties_of(profile: str) -> tuple[Rule, ...]:
    """The properties that are rules of this profile."""
    return tuple(p for p in PROPERTIES if p.profiles is None or profile in p.profiles)
