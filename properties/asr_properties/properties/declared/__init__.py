"""All declared properties, by their subject."""

from __future__ import annotations

from asr_properties.monitors.all_monitors import RELATIONS
from asr_properties.properties.declared.data import DATA
from asr_properties.properties.declared.failback import FAILBACK
from asr_properties.properties.declared.failover import FAILOVER
from asr_properties.properties.declared.item import ITEM
from asr_properties.properties.declared.ways import WAYS
from asr_properties.properties.rule import Rule

PROPERTIES: tuple[Rule, ...] = (*FAILOVER, *FAILBACK, *ITEM, *DATA, *WAYS, *RELATIONS)
