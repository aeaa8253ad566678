"""Through what a reprotect goes: the appliance and the cache storage account that it names (contract, sites)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from ..contract.errors import InvalidParameters, Refused
from .disk_lists import DiskLists

CACHE_STORAGE_ACCOUNTS: Final = ("cache", "another-cache")


class Appliance(NamedTuple):
    """An appliance, and how it stands to the machine on-premises."""

    name: str
    sees_datastore: bool
    same_host: bool
    healthy: bool


class Appliances(DiskLists):
    """The appliances that there are, and the one that replication towards on-premises and back goes through."""

    __slots__ = ()

    def appliances(self) -> tuple[Appliance, ...]:
        """Those of the configuration; a plain one if it names none."""
        configured = self.configuration.appliances
        if configured is None:
            return (Appliance("appliance", self.configuration.datastore_visible, True, True),)
        return tuple(Appliance(**given) for given in configured)

    def shown_sites(self) -> dict[str, Any]:
        """What a reprotect may name."""
        return {
            "appliances": [appliance._asdict() for appliance in self.appliances()],
            "cache_storage_accounts": list(CACHE_STORAGE_ACCOUNTS),
        }

    def named_appliance(self, name: object) -> Appliance | None:
        """The appliance of a name."""
        return next((appliance for appliance in self.appliances() if appliance.name == name), None)

    def chosen_appliance(self, arguments: Mapping[str, Any]) -> Appliance | None:
        """The appliance that a reprotect names; None where none is named, by whom the sites are not known.

        Raises:
            InvalidParameters: an account is missing towards Azure (R87).
            Refused: there is no such appliance or no such account (R87).
        """
        if "appliance" not in arguments:
            return None
        if self.reverse and "cache_storage_account" not in arguments:
            raise InvalidParameters("reprotect: argument 'cache_storage_account' is missing")
        appliance = self.named_appliance(arguments["appliance"])
        if appliance is None:
            raise Refused("there is no such appliance")
        if self.reverse and not self.knows_account(arguments["cache_storage_account"]):
            raise Refused("there is no such cache storage account")
        return appliance

    def knows_account(self, name: object) -> bool:
        """Whether there is a cache storage account of a name."""
        return name in CACHE_STORAGE_ACCOUNTS
