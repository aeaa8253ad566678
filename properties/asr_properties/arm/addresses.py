"""Addresses of the ARM API, taken apart (facts 7.1). Names are taken as given; they compare without regard to case."""

from __future__ import annotations

import ipaddress
import re
import unicodedata
from typing import NamedTuple

_VAULT = re.compile(
    r"/subscriptions/(?P<subscription>[^/]+)/resourceGroups/(?P<group>[^/]+)"
    r"/providers/Microsoft\.RecoveryServices/vaults/(?P<vault>[^/]+)(?P<rest>/.*)?",
    re.IGNORECASE,
)
_ITEM = re.compile(
    r"/replicationFabrics/(?P<fabric>[^/]+)/replicationProtectionContainers/(?P<container>[^/]+)"
    r"/replicationProtectedItems(?:/(?P<item>[^/]+)(?P<rest>/.*)?)?",
    re.IGNORECASE,
)


class VaultAddress(NamedTuple):
    """A Recovery Services vault."""

    subscription: str
    group: str
    vault: str

    @property
    def key(self) -> tuple[str, ...]:
        """What identifies it, whatever the spelling."""
        return tuple(part.lower() for part in self)

    def __str__(self) -> str:
        """As the service spells it, with a capital S (facts 7.1)."""
        return (
            f"/Subscriptions/{self.subscription}/resourceGroups/{self.group}"
            f"/providers/Microsoft.RecoveryServices/vaults/{self.vault}"
        )


class ItemAddress(NamedTuple):
    """A replicated item; `item` is empty for the list of a container's items."""

    vault: VaultAddress
    fabric: str
    container: str
    item: str

    @property
    def key(self) -> tuple[str, ...]:
        """What identifies it, whatever the spelling."""
        return (*self.vault.key, self.fabric.lower(), self.container.lower(), self.item.lower())

    def under(self, item: str, container: str = "") -> str:
        """The id of an item of another name, or as another container shows it."""
        return (
            f"{self.vault}/replicationFabrics/{self.fabric}"
            f"/replicationProtectionContainers/{container or self.container}/replicationProtectedItems/{item}"
        )

    def __str__(self) -> str:
        return self.under(self.item)


def read_item(path: str) -> tuple[ItemAddress, str] | None:
    """The item, or list of items, that a decoded path is about, and what follows it without slashes at its ends."""
    vault = _VAULT.fullmatch(path)
    item = _ITEM.fullmatch(vault["rest"] or "") if vault else None
    if vault is None or item is None:
        return None
    address = ItemAddress(_vault(vault), item["fabric"], item["container"], item["item"] or "")
    return address, (item["rest"] or "").strip("/")


def read_vault(path: str) -> tuple[VaultAddress, str] | None:
    """The vault that a decoded path is about, and what follows it."""
    vault = _VAULT.fullmatch(path)
    return (_vault(vault), (vault["rest"] or "").strip("/")) if vault else None


def resource_type(path: str) -> str | None:
    """The type of the resource in a vault that a decoded path is about, such as `vaults/replicationJobs`: every other
    segment from `vaults` on. None: it is about no such resource; the vault itself is none."""
    found = _VAULT.fullmatch(path)
    kinds = ((found["rest"] or "").strip("/").split("/") if found else [""])[::2]
    return "/".join(("vaults", *kinds)) if kinds[0].lower().startswith("replication") else None


def is_nameable(path: str) -> bool:
    """Whether a decoded path is text that can be named in a URL again: no control characters, no surrogates, nothing
    that stands for bytes that were no text."""
    return not any(unicodedata.category(char) in ("Cc", "Cs") or char == "\ufffd" for char in path)


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches an address."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def _vault(found: re.Match[str]) -> VaultAddress:
    return VaultAddress(found["subscription"], found["group"], found["vault"])
