"""The disks that an item's details show: those of the machine on-premises that replication copies."""

from __future__ import annotations

from typing import Any, NamedTuple

from asr_model.vocabulary import Site
from asr_properties.contract.errors import Refused
from asr_properties.server.slot import Slot


class ShownDisk(NamedTuple):
    """A disk. number: its place among those of the machine, from 0."""

    id: str
    number: int
    is_os: bool

    @property
    def drive(self) -> str:
        """Its name in the machine."""
        return f"\\\\.\\PHYSICALDRIVE{self.number}"

    @property
    def suffix(self) -> str:
        """What follows the machine's name in that of its disk in Azure."""
        return "" if self.is_os else f"-{self.number}"


_PLAIN = ShownDisk("{1}", 0, is_os=True)
"""What a machine has whose implementation shows no disks."""


def replicated(slot: Slot) -> list[ShownDisk]:
    """Those that are copied; disks over iSCSI are the guest's own business (R52)."""
    if "disks" not in slot.hello["controls"]:
        return [_PLAIN]
    try:
        listed: list[dict[str, Any]] = slot.implementation.disks(site=Site.ON_PREMISES)
    except Refused:
        return []
    return [
        ShownDisk(disk["id"], number, is_os=disk["role"] == "os")
        for number, disk in enumerate(listed)
        if disk["kind"] != "iscsi"
    ]
