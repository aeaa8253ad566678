"""Drawing the configuration of a fresh item. Most are plain, so that walks get far; a few keys are set.

The choices may come from random numbers, from bytes or from Hypothesis. Keys that an implementation does not honour may
be drawn; the session does not send them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

APPLIANCES = [
    {"name": name, "sees_datastore": name != "blind", "same_host": name != "elsewhere", "healthy": name != "unhealthy"}
    for name in ("here", "elsewhere", "blind", "unhealthy")
]
"""One appliance of each kind: on the machine's host, on another one, without the datastore, out of order."""

VALUES: Mapping[str, tuple[Any, ...]] = {
    "app_consistent_minutes": (60, 120, 720),
    "retention_minutes": (0, 1440, 10 * 1440, 15 * 1440),
    "crash_consistent_minutes": (1, 10, 30),
    "multi_vm_group": ("group",),
    "operating_system": ("linux",),
    "dhcp": (False,),
    "boot_drivers": (False,),
    "iscsi_disks": (1, 2),
    "datastore_visible": (False,),
    "data_disks": (0, 3),
    "appliances": (APPLIANCES,),
}
"""Key -> what it may be set to. The contract's defaults are left out. Intervals and retention are in minutes: the
service keeps points for 0 to 15 days, and takes app-consistent ones at intervals of an hour or more (facts 3.1)."""

_KEYS = (*VALUES, "app_consistent_minutes", "app_consistent_minutes", "retention_minutes")
"""Keys are drawn from these. The ones that decide about recovery points are in it more than once."""

_COUNTS = (0, 0, 1, 1, 1, 2, 3)
"""The number of keys that are set is drawn from these."""


def draw_configuration(number: Callable[[int], int]) -> dict[str, Any]:
    """Draw a configuration. App-consistent points are off, or their interval is shorter than the retention (facts 3.1).

    number: makes the choices; `number(n)` gives a number from 0 to n - 1.
    """
    drawn: dict[str, Any] = {}
    for _ in range(_COUNTS[number(len(_COUNTS))]):
        key = _KEYS[number(len(_KEYS))]
        drawn[key] = VALUES[key][number(len(VALUES[key]))]
    if drawn.get("app_consistent_minutes", 0) >= drawn.get("retention_minutes", 4320):
        drawn.pop("app_consistent_minutes", None)
    return drawn
