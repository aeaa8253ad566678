"""The configuration of a new item: its keys and what each comes to when it is left out (contract, Configuration)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import Any

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
    }
)


def settings(configuration: Mapping[str, Any], honoured: Collection[str]) -> dict[str, Any]:
    """What a configuration comes to, only of the keys that the implementation honours: what depends on another one is
    not observable."""
    return {key: configuration.get(key, default) for key, default in DEFAULTS.items() if key in honoured}
