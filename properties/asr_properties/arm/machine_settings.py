"""Where the ARM API has the settings of the future machine in Azure: in an update's body, and in an item's details.

Names are those of the SDK's models (facts 7.6). Only an item that Azure protects has them; no update can change the
type of the disks.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final, NamedTuple

Path = tuple[str | int, ...]
"""Keys and places in lists, from the outside in."""

Settings = Mapping[str, str | None]
"""The contract's settings by name; an `ip_address` of None is one that the network gives."""

_ADDRESS: Final = "ip_address"
_STATIC, _DYNAMIC = "Static", "Dynamic"


class MachineKeys(NamedTuple):
    """Of the items of one provider.

    update: setting -> where it is in `properties` of an update's body. adapter: what else the body has once it changes
    a network adapter, with its value; None: the id that the item shows at `adapter_id`. shown: setting -> where it is
    in `providerSpecificDetails`. address_type: where they tell whether the address is one of the machine's own.
    """

    update: Mapping[str, Path]
    adapter: Mapping[Path, str | None]
    shown: Mapping[str, Path]
    address_type: Path
    adapter_id: Path = ("vmNics", 0, "nicId")

    def body(self, instance: str, changes: Settings, details: Mapping[str, Any]) -> dict[str, Any]:
        """The body of an update. details: the item's `providerSpecificDetails`.

        Raises:
            KeyError: no update can change this setting.
        """
        properties: dict[str, Any] = {"providerSpecificDetails": {"instanceType": instance}}
        for name, value in changes.items():
            put(properties, self.update[name], "" if value is None else value)
        if "vmNics" in properties or "vmNics" in properties["providerSpecificDetails"]:
            for path, fixed in self.adapter.items():
                put(properties, path, at(details, self.adapter_id) or "" if fixed is None else fixed)
        return {"properties": properties}

    def changes(self, properties: Mapping[str, Any]) -> dict[str, Any]:
        """The changes that an update's body asks for; values that are no text come as they are."""
        told = {name: at(properties, path) for name, path in self.update.items()}
        given = {name: value for name, value in told.items() if value is not None}
        return {name: (value or None) if name == _ADDRESS else value for name, value in given.items()}

    def settings(self, details: Mapping[str, Any]) -> dict[str, str | None]:
        """The settings that an item's details show; None: not told, or an address that the network gives."""
        told = {name: at(details, path) for name, path in self.shown.items()}
        if at(details, self.address_type) == _DYNAMIC:
            told[_ADDRESS] = None
        return {name: value if isinstance(value, str) else None for name, value in told.items()}

    def show(self, details: dict[str, Any], settings: Settings) -> None:
        """Let an item's details show settings."""
        for name, path in self.shown.items():
            put(details, path, settings[name] or "" if name == _ADDRESS else settings[name])
        put(details, self.address_type, _STATIC if settings[_ADDRESS] else _DYNAMIC)


_DETAILS: Final = "providerSpecificDetails"
_NIC: Final[Path] = (_DETAILS, "vmNics", 0)
_CONFIGURED: Final[Path] = ("vmNics", 0, "ipConfigs", 0)

#: `instanceType` -> where its settings are.
MACHINE_KEYS: Mapping[str, MachineKeys] = MappingProxyType(
    {
        "InMageRcm": MachineKeys(
            update={
                "name": (_DETAILS, "targetVmName"),
                "size": (_DETAILS, "targetVmSize"),
                "resource_group": (_DETAILS, "targetResourceGroupId"),
                "network": (_DETAILS, "targetNetworkId"),
                "subnet": (*_NIC, "targetSubnetName"),
                _ADDRESS: (*_NIC, "targetStaticIPAddress"),
            },
            adapter={(*_NIC, "nicId"): None, (*_NIC, "isPrimaryNic"): "true"},
            shown={
                "name": ("targetVmName",),
                "size": ("targetVmSize",),
                "resource_group": ("targetResourceGroupId",),
                "network": ("targetNetworkId",),
                "subnet": ("vmNics", 0, "targetSubnetName"),
                _ADDRESS: ("vmNics", 0, "targetIPAddress"),
                "disk_type": ("protectedDisks", 0, "diskType"),
            },
            address_type=("vmNics", 0, "targetIPAddressType"),
        ),
        "InMageAzureV2": MachineKeys(
            update={
                "name": ("recoveryAzureVMName",),
                "size": ("recoveryAzureVMSize",),
                "resource_group": (_DETAILS, "recoveryAzureV2ResourceGroupId"),
                "network": ("selectedRecoveryAzureNetworkId",),
                "subnet": (*_CONFIGURED, "recoverySubnetName"),
                _ADDRESS: (*_CONFIGURED, "recoveryStaticIPAddress"),
            },
            adapter={("vmNics", 0, "nicId"): None, (*_CONFIGURED, "ipConfigName"): "primary"},
            shown={
                "name": ("recoveryAzureVMName",),
                "size": ("recoveryAzureVMSize",),
                "resource_group": ("recoveryAzureResourceGroupId",),
                "network": ("selectedRecoveryAzureNetworkId",),
                "subnet": (*_CONFIGURED, "recoverySubnetName"),
                _ADDRESS: (*_CONFIGURED, "recoveryStaticIPAddress"),
                "disk_type": ("protectedManagedDisks", 0, "replicaDiskType"),
            },
            address_type=(*_CONFIGURED, "recoveryIPAddressType"),
        ),
    }
)


def at(level: Any, path: Path) -> Any:
    """What is at a place of a document; None where there is none."""
    for hop in path:
        if isinstance(hop, int):
            level = level[hop] if isinstance(level, list) and hop < len(level) else None
        else:
            level = level.get(hop) if isinstance(level, Mapping) else None
    return level


def put(level: Any, path: Path, value: Any) -> None:
    """Put a value at a place of a document; what is missing on the way is made."""
    for hop, following in zip(path, (*path[1:], None), strict=True):
        made: Any = value if following is None else ([] if isinstance(following, int) else {})
        if isinstance(hop, int):
            while len(level) <= hop:
                level.append({})
            if following is None:
                level[hop] = value
        elif following is None or not isinstance(level.get(hop), (dict, list)):
            level[hop] = made
        level = level[hop]
