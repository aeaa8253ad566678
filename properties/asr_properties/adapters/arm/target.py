"""What `arm:URL` names, and whether a run may act on it.

A conformance run fails machines over. On loopback nothing is at stake. Anywhere else the item is named in full, bears
the agreed prefix, and whoever starts the run says its name a second time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import unquote, urlsplit

from asr_properties.adapters.options import UnknownAdapter
from asr_properties.arm.addresses import ItemAddress, VaultAddress, is_loopback, read_item
from asr_properties.arm.inputs import INPUTS

SCHEME: Final = "arm:"

PREFIX: Final = "asr-conformance-"
"""How the name of a replicated item begins that a run may fail over."""

_ITEM_URL = (
    "https://management.azure.com/subscriptions/S/resourceGroups/G/providers/Microsoft.RecoveryServices/vaults/V"
    f"/replicationFabrics/F/replicationProtectionContainers/C/replicationProtectedItems/{PREFIX}NAME"
)

#: What is named where the URL of a loopback server names nothing.
_ANYTHING = VaultAddress("00000000-0000-0000-0000-000000000000", "asr-conformance", "vault")


@dataclass(frozen=True)
class Target:
    """origin: scheme, host and port. address: the item. named: whether the URL named it. loopback: on this machine."""

    origin: str
    address: ItemAddress
    named: bool
    loopback: bool


def read_target(spec: str) -> Target:
    """The target that `arm:URL` names. The URL is never repeated in an error: it could hold what must not be shown.

    Raises:
        UnknownAdapter: it is no such URL, or holds credentials.
    """
    try:
        url = urlsplit(spec[len(SCHEME) :])
        host, port = url.hostname, url.port
    except ValueError:
        url, host, port = urlsplit(""), None, None
    if url.scheme not in ("http", "https") or not host:
        raise UnknownAdapter(f"arm: takes a URL: arm:http://127.0.0.1:8765 or arm:{_ITEM_URL}")
    if url.username is not None or url.password is not None or url.query or url.fragment:
        raise UnknownAdapter(
            "the URL after arm: holds a user, a password, a query or a fragment; credentials come from the environment"
            " as azure-identity's DefaultAzureCredential finds them, never from the command line"
        )
    loopback = is_loopback(host)
    if url.scheme == "http" and not loopback:
        raise UnknownAdapter("arm: towards anything but loopback takes https")
    shown = f"[{host}]" if ":" in host else host
    origin = f"{url.scheme}://{shown}" + (f":{port}" if port is not None else "")
    path = unquote(url.path)
    found = read_item(path.rstrip("/"))
    if found is not None and found[0].item and not found[1]:
        return Target(origin, found[0], True, loopback)
    if loopback and path in ("", "/"):
        return Target(origin, ItemAddress(_ANYTHING, "fabric", "container", ""), False, True)
    what = "the whole address of one replicated item" if not loopback else "one replicated item, or nothing"
    raise UnknownAdapter(f"the URL after arm: names {what}: arm:{_ITEM_URL}")


def permit(target: Target, allow_failover_of: str | None) -> None:
    """Whether a run may act on a target.

    Raises:
        UnknownAdapter: it may not; the message says what is missing.
    """
    if target.loopback:
        return
    name = target.address.item
    if not name.lower().startswith(PREFIX):
        raise UnknownAdapter(
            f"a conformance run fails machines over, and {name!r} is not marked for that:"
            f" the name of the replicated item must begin with {PREFIX}"
        )
    if (allow_failover_of or "").lower() != name.lower():
        raise UnknownAdapter(
            f"a conformance run fails {name!r} over, back, and removes its replication; to say that this is meant, add"
            f" --allow-failover-of {name} (--dry-run shows what would be done)"
        )


#: What `serve` is told about the site; it takes anything. A real site has its own (see `read_settings`).
ANY_SITE: Final[dict[str, Any]] = {
    **{key: key for given in INPUTS.values() for key in given.required},
    "policyId": "policy",
    "fabricDiscoveryMachineId": "/machines/machine",
    "targetResourceGroupId": "/resourceGroups/group",
    "processServerId": "appliance",
    "reprotectAgentId": "appliance",
    "datastoreName": "datastore",
    "logStorageAccountId": "/storageAccounts/account",
    "networkId": "/virtualNetworks/network",
}
