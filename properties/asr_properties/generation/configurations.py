"""The configuration of fresh items, drawn: mostly plain, so that walks get far, with a few keys set to something else.

One declaration for whoever makes the choices: random numbers, bytes, Hypothesis. Keys that an implementation does not
honour are not sent; the session leaves them out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

#: Key -> what it may be set to; the contract's defaults are not among them. Intervals and retention in minutes: the
#: service keeps points for 0 to 15 days, and takes app-consistent ones at intervals from an hour up (facts 3.1).
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
}

#: What is set is drawn from these: what decides over recovery points is set more often.
_KEYS = (*VALUES, "app_consistent_minutes", "app_consistent_minutes", "retention_minutes")

#: How many keys are set.
_COUNTS = (0, 0, 1, 1, 1, 2, 3)


def draw_configuration(number: Callable[[int], int]) -> dict[str, Any]:
    """A configuration; `number(n)` gives the choices, each from 0 to n - 1. App-consistent points are off or have an
    interval shorter than the retention (facts 3.1)."""
    drawn: dict[str, Any] = {}
    for _ in range(_COUNTS[number(len(_COUNTS))]):
        key = _KEYS[number(len(_KEYS))]
        drawn[key] = VALUES[key][number(len(VALUES[key]))]
    if drawn.get("app_consistent_minutes", 0) >= drawn.get("retention_minutes", 4320):
        drawn.pop("app_consistent_minutes", None)
    return drawn
