"""Settings of the future machine in Azure: what a PATCH of an item changes, and how its details show it (facts 7.6).

What enabling named (`targetVmName`, ...) is what the item shows where the implementation's own setting is still the one
that its first life began with: the contract has no way to tell it such names.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from asr_properties.arm.kept_settings import KEPT
from asr_properties.arm.machine_settings import MACHINE_KEYS, Settings
from asr_properties.contract.errors import Refused
from asr_properties.server.documents import of_request
from asr_properties.server.replies import Request, bad_request
from asr_properties.server.slot import Slot

_NAMED: Final[Mapping[str, tuple[str, ...]]] = {
    "name": ("targetVmName", "targetAzureVmName"),
    "resource_group": ("targetResourceGroupId", "targetAzureV2ResourceGroupId"),
    "size": ("targetVmSize",),
    "disk_type": ("diskType",),
    "network": ("targetNetworkId", "targetAzureNetworkId"),
    "subnet": ("targetSubnetName", "targetAzureSubnetId"),
}
"""Setting -> what it is called in the body that enables replication, by one provider or another."""


class Update(NamedTuple):
    """What the body of a PATCH asks for: the changes in the implementation's words, and its `properties`."""

    changes: dict[str, str | None]
    properties: Mapping[str, Any]


def update_of(request: Request, slot: Slot, instance: object) -> Update:
    """What the body of a PATCH asks for. instance: the item's `instanceType`. Where it changes nothing that the
    implementation knows of, it changes a setting to what it is: whether that can be is the implementation's to say.

    Raises:
        ArmError: the body does not fit, or there are no settings.
    """
    if not is_offered(slot):
        raise bad_request("The implementation behind this server has no settings to change.")
    body = of_request(request.body)
    properties = _mapping(_mapping(body).get("properties"))
    named = _mapping(properties.get("providerSpecificDetails")).get("instanceType")
    keys = MACHINE_KEYS.get(str(named))
    if keys is None or named != instance:
        takes = f"takes {instance}" if str(instance) in MACHINE_KEYS else "is not possible"
        raise bad_request(f"`instanceType` is {named!r:.100}; an update of an item that is {instance} {takes}.")
    changes = keys.changes(properties)
    for name, value in changes.items():
        if value is not None and not isinstance(value, str):
            raise bad_request(f"the setting {name} is {value!r:.100}; it is a text.")
    if not changes and not KEPT[str(named)].names(properties):
        raise bad_request("The body changes no setting.")
    if not changes:
        changes = {"size": (shown(slot) or {}).get("size")}
    return Update(own(slot, changes), properties)


def show_kept(slot: Slot, details: dict[str, Any]) -> None:
    """Let an item's details show what enabling and the updates that succeeded gave."""
    if (kept := KEPT.get(str(details["instanceType"]))) is None:
        return
    kept.show(details, slot.enabled)
    for job, properties in slot.updates:
        if job is None or slot.implementation.job(job=job)["state"] == "succeeded":
            kept.show(details, properties)


def is_offered(slot: Slot) -> bool:
    """Whether the implementation has settings."""
    return "settings" in slot.hello["controls"]


def show(slot: Slot, details: dict[str, Any]) -> None:
    """Let an item's details show its settings; nulls where the implementation does not."""
    keys = MACHINE_KEYS[str(details["instanceType"])]
    if is_offered(slot):
        keys.show(details, shown(slot) or dict.fromkeys(keys.shown))


def shown(slot: Slot) -> Settings | None:
    """The settings as the API shows them; None where the implementation refuses to."""
    try:
        settings = slot.implementation.settings()
    except Refused:
        return None
    if slot.first_settings is None:
        slot.first_settings = dict(settings)
    return worded(slot, settings)


def azure_machine_id(slot: Slot) -> str:
    """The ARM id of the machine in Azure: under the name and in the resource group that it got, as far as it is shown;
    else those that enabling named."""
    machine = slot.implementation.azure_machine() if is_offered(slot) else None
    told: Settings = worded(slot, machine) if machine else {}
    name, group = told.get("name") or slot.friendly_name, told.get("resource_group")
    group = group or slot.forward.get("targetResourceGroupId", "")
    if not group.startswith("/"):
        group = f"/subscriptions/{slot.address.vault.subscription}/resourceGroups/{group}"
    return f"{group}/providers/Microsoft.Compute/virtualMachines/{name}"


def worded(slot: Slot, settings: Settings) -> Settings:
    """Settings of the implementation as the API shows them."""
    words = _words(slot)
    return {name: words.get((name, value), value) for name, value in settings.items()}


def own(slot: Slot, changes: Settings) -> dict[str, str | None]:
    """Changes in the implementation's words."""
    words: dict[tuple[str, str | None], str | None] = {}
    words |= {(name, word): value for (name, value), word in _words(slot).items()}
    for name, value in changes.items():
        if (name, value) in _words(slot) and (name, value) not in words:
            slot.literal.add(name)  # from here on this is what it shows
    return {name: words.get((name, value), value) for name, value in changes.items()}


def _words(slot: Slot) -> dict[tuple[str, str | None], str]:
    """A setting and its value that the first life began with -> the word that enabling had for it."""
    words: dict[tuple[str, str | None], str] = {}
    for name, keys in _NAMED.items():
        word = next((slot.forward[key] for key in keys if slot.forward.get(key)), "")
        word = word or (slot.friendly_name if name == "name" else "")
        if word and slot.first_settings is not None and name not in slot.literal:
            words[name, slot.first_settings[name]] = word
    return words


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
