"""What a recording tells of the machine in Azure: its settings, updates of these, and where the machine is.

Values are kept as they are compared: in lower case, and of an id only the last name (facts 7.1).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from asr_properties.arm.machine_settings import MACHINE_KEYS, at
from asr_properties.arm.tokens import instance_of, last_segment

Words = tuple[tuple[str, str | None], ...]
"""Settings by name, in the order of names. An `ip_address` of None is one that the network gives."""

UPDATE_STATES = ("in_progress", "succeeded", "failed", "refused", "unknown")

MOST_OF_WORD = 200
"""The length of the longest value that is kept."""

_GROUP = re.compile(r"/resourceGroups/([^/]+)/", re.IGNORECASE)
_OF_ADAPTER = ("subnet", "ip_address")


class Updated(NamedTuple):
    """An update of the settings that was asked for.

    state: one of UPDATE_STATES; `in_progress`: accepted, and not seen to have ended before the look; `unknown`: nothing
    tells whether it was carried out, or it ended with a warning. number: its place in the source.
    """

    changes: Words
    state: str
    number: int


class MachineTold(NamedTuple):
    """What a look tells of the machine in Azure.

    settings: of the future one; empty where none were shown. updates: those that were asked for and that no look with
    settings has shown the outcome of. group: the resource group of the machine that there is; empty where not told.
    """

    settings: Words = ()
    updates: tuple[Updated, ...] = ()
    group: str = ""


def settings_in(body: object) -> Words:
    """The settings that an item's body shows. Of several network adapters none is known to be the one."""
    details = at(body, ("properties", "providerSpecificDetails"))
    keys = MACHINE_KEYS.get(str(instance_of(body)))
    if keys is None or not isinstance(details, Mapping):
        return ()
    told: Mapping[str, Any] = keys.settings(details)
    is_address_told = at(details, keys.address_type) is not None
    shown = {name: value for name, value in told.items() if value is not None or name == "ip_address"}
    if not is_address_told:
        shown.pop("ip_address", None)
    return _words(shown, at(details, ("vmNics",)))


def changes_in(body: object) -> Words:
    """The changes that an update's body asks for."""
    properties, keys = at(body, ("properties",)), MACHINE_KEYS.get(str(instance_of(body)))
    if keys is None or not isinstance(properties, Mapping):
        return ()
    adapters = at(properties, ("vmNics",)) or at(properties, ("providerSpecificDetails", "vmNics"))
    return _words(keys.changes(properties), adapters)


def group_in(body: object) -> str:
    """The resource group of the machine in Azure; empty where the body does not tell."""
    machine = at(body, ("properties", "providerSpecificDetails", "azureVirtualMachineId"))
    found = _GROUP.search(machine) if isinstance(machine, str) else None
    return found[1].lower()[:MOST_OF_WORD] if found else ""


def _words(told: Mapping[str, Any], adapters: object) -> Words:
    is_one = isinstance(adapters, list) and len(adapters) == 1
    kept = {name: value for name, value in told.items() if is_one or name not in _OF_ADAPTER}
    return words_of({name: value for name, value in kept.items() if value is None or isinstance(value, str)})


def words_of(told: Mapping[str, str | None]) -> Words:
    """Settings as they are compared."""
    return tuple(
        (name, None if value is None else last_segment(value)[:MOST_OF_WORD]) for name, value in sorted(told.items())
    )
