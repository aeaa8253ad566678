"""Settings of the future machine in Azure: what a PATCH of an item changes, and how its details show it (facts 7.6).

Only the provider InMageRcm; its body can change everything but the type of the disks.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from asr_properties.server.replies import Request, bad_request
from asr_properties.server.slot import Slot

PROVIDER: Final = "InMageRcm"

KEYS: Final[Mapping[str, str]] = {
    "targetVmName": "name",
    "targetVmSize": "size",
    "targetResourceGroupId": "resource_group",
    "targetNetworkId": "network",
}
"""Key of the input and of the details alike -> setting."""
NIC_KEYS: Final[Mapping[str, str]] = {"targetSubnetName": "subnet", "targetStaticIPAddress": "ip_address"}
"""The same for the input's first network adapter. An empty address is one that the network gives."""


def changes_of(request: Request, slot: Slot) -> dict[str, str | None]:
    """The changes that the body of a PATCH asks for.

    Raises:
        ArmError: the body does not fit, or there are no settings.
    """
    if "settings" not in slot.hello["controls"]:
        raise bad_request("The implementation behind this server has no settings to change.")
    try:
        body = json.loads(request.body)
    except (ValueError, RecursionError):
        raise bad_request("The body is not JSON.") from None
    details = _mapping(_mapping(_mapping(body).get("properties")).get("providerSpecificDetails"))
    if details.get("instanceType") != PROVIDER:
        raise bad_request(f"`instanceType` is {details.get('instanceType')!r:.100}; an update takes {PROVIDER}.")
    nics = details.get("vmNics")
    nic = _mapping(nics[0]) if isinstance(nics, list) and nics else {}
    given = {name: details.get(key) for key, name in KEYS.items()}
    given |= {name: nic.get(key) for key, name in NIC_KEYS.items()}
    changes: dict[str, str | None] = {}
    for name, value in given.items():
        if value is not None and not isinstance(value, str):
            raise bad_request(f"the setting {name} is {value!r:.100}; it is a text.")
        if value is not None:
            changes[name] = value or None if name == "ip_address" else value
    if not changes:
        raise bad_request("The body changes no setting.")
    return changes


def shown(slot: Slot) -> dict[str, Any]:
    """What the details show otherwise than the enabling did, once somebody has changed it: the item's own words."""
    if not slot.changed:
        return {}
    settings = slot.implementation.settings()
    return {key: settings[name] for key, name in KEYS.items() if name in slot.changed}


def shown_nic(slot: Slot) -> dict[str, Any]:
    """The same of the network adapter."""
    settings = slot.implementation.settings() if slot.changed else {}
    found: dict[str, Any] = {"targetSubnetName": settings["subnet"]} if "subnet" in slot.changed else {}
    if "ip_address" in slot.changed:
        address = settings["ip_address"]
        found |= {"targetIPAddress": address or "", "targetIPAddressType": "Static" if address else "Dynamic"}
    return found


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
