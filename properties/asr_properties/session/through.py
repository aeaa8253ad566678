"""What a reprotect names where the control `sites` is offered: an appliance and, towards Azure, a storage account.

Both are surroundings to the model: what is unknown is refused, what does not see the datastore is hidden from it, and
what is out of order impairs (contract, sites).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from asr_properties.contract.surroundings import Appliance, Sites
from asr_properties.evidence.actions import Action

NO_SUCH = "no-such-name"

_FACTS: dict[str, Callable[[Appliance], bool]] = {
    "blind": lambda a: not a.sees_datastore,
    "unhealthy": lambda a: not a.healthy,
    "elsewhere": lambda a: not a.same_host,
}
"""What may be special about an appliance, the worst first."""


class Through(NamedTuple):
    """What is sent, and what is special about it (`Step.through`)."""

    sent: dict[str, str]
    kinds: frozenset[str]

    @property
    def surroundings(self) -> frozenset[str]:
        """What holds by it as long as the request is not answered for good."""
        lasting = {"impaired"} if self.kinds & {"blind", "unhealthy"} else set()
        hidden = {"datastore_hidden"} if "blind" in self.kinds else set()
        return frozenset(lasting | hidden | ({"appliance_unknown"} if "unknown" in self.kinds else set()))


def named_by(action: Action, sites: Sites, *, to_azure: bool) -> Through | None:
    """What a reprotect names; None if there is none of the kind that it asks for. Where no accounts are listed none can
    be named: the ARM API has no key for one in the modernized profile."""
    asked = dict(action.arguments)
    appliance = _appliance(asked.get("appliance"), action.pick, sites)
    if appliance is None and asked.get("appliance") != "unknown":
        return None
    sent, kinds = {"appliance": NO_SUCH if appliance is None else appliance.name}, set()
    if appliance is None:
        kinds.add("unknown")
    else:
        kinds |= _kinds_of(appliance)
    accounts = sites.cache_storage_accounts
    if to_azure and accounts:
        sent["cache_storage_account"] = NO_SUCH if asked.get("cache_storage_account") else accounts[0]
        if sent["cache_storage_account"] not in accounts:
            kinds.add("unknown")
    elif asked.get("cache_storage_account"):
        return None
    return Through(sent, frozenset(kinds))


def _kinds_of(appliance: Appliance) -> set[str]:
    return {kind for kind, holds in _FACTS.items() if holds(appliance)}


def _appliance(kind: str | None, pick: int, sites: Sites) -> Appliance | None:
    """One of which nothing but this is special; of no kind the best there is. None if there is none."""
    if kind is None:
        return min(sites.appliances, key=lambda a: [holds(a) for holds in _FACTS.values()], default=None)
    fitting = [appliance for appliance in sites.appliances if _kinds_of(appliance) == {kind}]
    return fitting[pick % len(fitting)] if fitting else None
