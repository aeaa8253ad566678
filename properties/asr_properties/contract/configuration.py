"""The configuration of a new item: its keys and what each comes to when it is left out (contract, Configuration)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from math import inf
from types import MappingProxyType
from typing import Any, Final

from asr_properties.contract.messages import LONGEST_LIST
from asr_properties.contract.surroundings import PLAIN_APPLIANCE

DEFAULTS: Mapping[str, Any] = MappingProxyType(
    {
        "crash_consistent_minutes": 5,
        "app_consistent_minutes": 0,
        "retention_minutes": 4320,
        "multi_vm_group": None,
        "operating_system": "windows",
        "dhcp": True,
        "boot_drivers": True,
        "iscsi_disks": 0,
        "datastore_visible": True,
        "data_disks": 1,
        "appliances": [PLAIN_APPLIANCE.model_dump()],
    }
)

INTERVALS: Final = ("crash_consistent_minutes", "app_consistent_minutes")
"""Intervals of recovery points, in minutes; 0 turns those of the second kind off."""


def settings(configuration: Mapping[str, Any], honoured: Collection[str]) -> dict[str, Any]:
    """What a configuration comes to, only of the keys that the implementation honours: what depends on another one is
    not observable."""
    return {key: configuration.get(key, default) for key, default in DEFAULTS.items() if key in honoured}


def has_endless_lists(configuration: Mapping[str, Any]) -> bool:
    """Whether retention may keep more recovery points, at their intervals, than a list of the contract may have. What
    is no number is not judged here."""
    given = {key: configuration.get(key, DEFAULTS[key]) for key in ("retention_minutes", *INTERVALS)}
    numbers = {key: value for key, value in given.items() if isinstance(value, int | float)}
    retention = numbers.get("retention_minutes", 0)
    intervals = [numbers[key] for key in INTERVALS if numbers.get(key, 0) > 0]
    kept: float = 0
    for interval in intervals:
        kept += retention / interval if retention < interval * LONGEST_LIST else inf
    return kept > LONGEST_LIST
