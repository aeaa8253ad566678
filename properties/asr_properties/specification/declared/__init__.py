"""All declared properties, by their subject."""

from __future__ import annotations

from asr_properties.specification.declared.data import DATA
from asr_properties.specification.declared.failback import FAILBACK
from asr_properties.specification.declared.failback_by_failover import FAILBACK_BY_FAILOVER
from asr_properties.specification.declared.failover import FAILOVER
from asr_properties.specification.declared.item import ITEM
from asr_properties.specification.declared.listed_operations import LISTS
from asr_properties.specification.declared.model_itself import THE_MODEL_ITSELF
from asr_properties.specification.declared.planned_failover import PLANNED_FAILOVER
from asr_properties.specification.declared.reachable import WAYS
from asr_properties.specification.relations.all_relations import RELATIONS
from asr_properties.specification.rule import Rule

PROPERTIES: tuple[Rule, ...] = (
    *FAILOVER,
    *FAILBACK_BY_FAILOVER,
    *FAILBACK,
    *PLANNED_FAILOVER,
    *LISTS,
    *ITEM,
    *DATA,
    *WAYS,
    *THE_MODEL_ITSELF,
    *RELATIONS,
)


def properties_of(profile: str) -> tuple[Rule, ...]:
    """The properties that are rules of this profile."""
    return tuple(p for p in PROPERTIES if p.profiles is None or profile in p.profiles)
