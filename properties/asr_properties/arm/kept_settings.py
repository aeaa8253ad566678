"""What the bodies of enable and update say of the future machine beyond the contract's settings, and where an item's
details show it again. Names are those of the SDK's models (facts 7.6); values are shown as they were given.

Only what was given is shown: of the rest an item has what was recorded.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from asr_properties.arm.machine_settings import Path, at, put

_DETAILS: Final = "providerSpecificDetails"


class Rows(NamedTuple):
    """A list in a body whose entries are found again in a list of the details, by `key`; by their place, where that is
    empty.

    told: where the body has it, from `properties`. shown: where the details have it. keys: key of an entry -> where the
    shown entry has it. whole: whether the shown list has these entries and no others. words: key of an entry -> a word
    that the shown entry then has, and where. inner: lists in an entry, told from there.
    """

    told: Path
    shown: str
    key: str
    keys: Mapping[str, Path]
    whole: bool = False
    words: Mapping[str, tuple[Path, str]] = MappingProxyType({})
    inner: tuple[Rows, ...] = ()


class Kept(NamedTuple):
    """Of one provider. single: where a body has a value -> where the details show it. rows: lists. of_each: an object
    in a body whose keys go into every entry of a list of the details. also: a place in the details -> another one that
    shows the same."""

    single: Mapping[Path, Path]
    rows: tuple[Rows, ...]
    of_each: tuple[tuple[Path, str, tuple[str, ...]], ...] = ()
    also: Mapping[Path, Path] = MappingProxyType({})

    def names(self, properties: Mapping[str, Any]) -> bool:
        """Whether a body says any of this."""
        of_each = ((*path, key) for path, _, keys in self.of_each for key in keys)
        paths = (*self.single, *(row.told for row in self.rows), *of_each)
        return any(at(properties, path) is not None for path in paths)

    def show(self, details: dict[str, Any], properties: Mapping[str, Any]) -> None:
        """Let an item's details show what a body says."""
        for path, shown in self.single.items():
            if (value := at(properties, path)) is not None:
                put(details, shown, value)
                if (other := self.also.get(shown)) is not None:
                    put(details, other, value)
        for path, listed, keys in self.of_each:
            given = at(properties, path)
            told = {key: given[key] for key in keys if given.get(key) is not None} if isinstance(given, Mapping) else {}
            for entry in details.get(listed) or ():
                entry.update(told)
        for rows in self.rows:
            _show_rows(rows, details, at(properties, rows.told))


def _show_rows(rows: Rows, details: dict[str, Any], given: object) -> None:
    told = [entry for entry in given if isinstance(entry, Mapping)] if isinstance(given, list) else []
    listed = details.get(rows.shown)
    if not told or not isinstance(listed, list):
        return
    made = [_found(listed, rows.key, entry, place) for place, entry in enumerate(told)]
    for shown, entry in zip(made, told, strict=True):
        if shown is None:
            continue
        for key, path in rows.keys.items():
            if entry.get(key) is not None:
                put(shown, path, entry[key])
        for key, (path, word) in rows.words.items():
            if entry.get(key):
                put(shown, path, word)
        for inner in rows.inner:
            _show_rows(inner, shown, at(entry, inner.told))
    if rows.whole:
        listed[:] = [shown for shown in made if shown is not None]


def _found(listed: list[dict[str, Any]], key: str, entry: Mapping[str, Any], place: int) -> dict[str, Any] | None:
    """The shown entry that a given one is about: of the same id; else the one at its place, which then gets the id."""
    if not key:
        if place == len(listed):
            listed.append({})
        return listed[place]
    same = next((shown for shown in listed if shown.get(key) == entry.get(key)), None)
    if same is not None or not listed:
        return same
    return {**listed[min(place, len(listed) - 1)], key: entry.get(key)} if entry.get(key) else listed[0]


def _as_they_are(keys: Iterable[str], within: Path = (_DETAILS,)) -> Iterator[tuple[Path, Path]]:
    return (((*within, key), (key,)) for key in keys)


def _own(*keys: str) -> Mapping[str, Path]:
    return {key: (key,) for key in keys}


_TAGS: Final = ("targetVmTags", "seedManagedDiskTags", "targetManagedDiskTags", "targetNicTags")
_PLACED: Final = ("targetAvailabilityZone", "targetProximityPlacementGroupId", "sqlServerLicenseType")
_DISK: Final = (
    "logStorageAccountId", "diskType", "diskEncryptionSetId", "sectorSizeInBytes", "iops", "throughputInMbps",
    "diskSizeInGB",
)  # fmt: skip

_RCM: Final = Kept(
    single={
        **dict(
            _as_they_are(
                (
                    *_TAGS,
                    *_PLACED,
                    "licenseType",
                    "linuxLicenseType",
                    "targetAvailabilitySetId",
                    "targetBootDiagnosticsStorageAccountId",
                    "targetCapacityReservationGroupId",
                    "targetVmSecurityProfile",
                    "testNetworkId",
                )
            )
        ),
        (_DETAILS, "userSelectedOSName"): ("osName",),
        (_DETAILS, "testSubnetName"): ("vmNics", 0, "testSubnetName"),
    },
    rows=(
        Rows((_DETAILS, "disksToInclude"), "protectedDisks", "diskId", _own(*_DISK), whole=True),
        Rows(
            (_DETAILS, "vmDisks"),
            "protectedDisks",
            "diskId",
            {"targetDiskName": ("customTargetDiskName",), **_own("iops", "throughputInMbps", "diskSizeInGB")},
        ),
        Rows(
            (_DETAILS, "vmNics"),
            "vmNics",
            "nicId",
            {
                **_own("isPrimaryNic", "isSelectedForFailover", "testSubnetName", "targetNicName"),
                "testStaticIPAddress": ("testIPAddress",),
            },
            words={"testStaticIPAddress": (("testIPAddressType",), "Static")},
        ),
    ),
    of_each=(((_DETAILS, "disksDefault"), "protectedDisks", _DISK[2:]),),
)

_SELECTED: Final = ("licenseType", "recoveryAvailabilitySetId", "selectedTfoAzureNetworkId", "selectedSourceNicId")
_RDP: Final[Path] = ("enableRdpOnTargetOption",)

#: What a network adapter's configuration has beside the subnet and the address, which are the machine's settings.
_CONFIGURED: Final = (
    "isPrimary", "isSeletedForFailover", "recoveryPublicIPAddressId", "recoveryLBBackendAddressPoolIds",
    "tfoSubnetName", "tfoStaticIPAddress", "tfoPublicIPAddressId", "tfoLBBackendAddressPoolIds",
)  # fmt: skip

_AZURE_V2: Final = Kept(
    single={
        **dict(_as_they_are((*_TAGS, *_PLACED, "licenseType", "masterTargetId", "multiVmGroupId", "useManagedDisks"))),
        **dict(_as_they_are(_SELECTED, ())),
        _RDP: _RDP,
        (_DETAILS, "enableRdpOnTargetOption"): _RDP,
        (_DETAILS, "storageAccountId"): ("recoveryAzureStorageAccount",),
        (_DETAILS, "logStorageAccountId"): ("recoveryAzureLogStorageAccountId",),
        (_DETAILS, "targetAvailabilitySetId"): ("recoveryAvailabilitySetId",),
    },
    rows=(
        Rows((_DETAILS, "disksToInclude"), "protectedDisks", "diskId", {}, whole=True),
        Rows(
            (_DETAILS, "disksToInclude"),
            "protectedManagedDisks",
            "diskId",
            {"diskType": ("replicaDiskType",), **_own("diskEncryptionSetId")},
            whole=True,
        ),
        Rows((_DETAILS, "vmDisks"), "protectedManagedDisks", "diskId", _own("targetDiskName")),
        Rows(
            ("vmNics",),
            "vmNics",
            "nicId",
            {
                "tfoNicName": ("tfoRecoveryNicName",),
                "tfoNicResourceGroupName": ("tfoRecoveryNicResourceGroupName",),
                **_own(
                    "selectionType",
                    "recoveryNetworkSecurityGroupId",
                    "enableAcceleratedNetworkingOnRecovery",
                    "recoveryNicName",
                    "recoveryNicResourceGroupName",
                    "reuseExistingNic",
                    "tfoNetworkSecurityGroupId",
                    "enableAcceleratedNetworkingOnTfo",
                    "tfoReuseExistingNic",
                    "targetNicName",
                ),
            },
            inner=(Rows(("ipConfigs",), "ipConfigs", "", {"ipConfigName": ("name",), **_own(*_CONFIGURED)}),),
        ),
    ),
    of_each=(((_DETAILS,), "protectedManagedDisks", ("diskEncryptionSetId",)),),
    also={_RDP: ("enableRDPOnTargetOption",)},  # recorded so in 2017; the SDK of today reads the other one
)

KEPT: Final[Mapping[str, Kept]] = {"InMageRcm": _RCM, "InMageAzureV2": _AZURE_V2}
"""`instanceType` -> what is kept of its bodies. Items of the reverse direction have no such settings."""
