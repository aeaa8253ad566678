"""The disks of the machines, one by one (contract, disks)."""

from __future__ import annotations

from typing import Any, NamedTuple

from ..contract.errors import Refused
from .contract_words import ON_PREMISES
from .future_machine import FutureMachine


class Disk(NamedTuple):
    """A disk of a machine."""

    id: str
    kind: str
    role: str
    source: str | None = None


class DiskLists(FutureMachine):
    """Which disks the machines have, and what becomes of them in a failover and a failback."""

    __slots__ = ("disks_before_failback",)

    def equip_on_premises(self) -> None:
        """A fresh machine: a disk of the operating system, and those of the configuration (R14)."""
        wanted = [("vmdk", "os")] + [("vmdk", "data")] * self.configuration.data_disks
        wanted += [("iscsi", "data")] * self.configuration.iscsi_disks
        self.on_premises.disks = [Disk(f"disk-{number}", *disk) for number, disk in enumerate(wanted, 1)]
        self.disks_before_failback: list[Disk] | None = None

    def forget_life(self) -> None:
        """What a failback of the former life would go back to is no more."""
        super().forget_life()
        self.disks_before_failback = None

    def disks_in_azure(self) -> list[Disk]:
        """A managed disk for each vmdk, and the iSCSI disks as they are (R52)."""
        return [
            disk if disk.kind == "iscsi" else Disk(f"{disk.id}-managed", "managed", disk.role, disk.id)
            for disk in self.on_premises.disks
        ]

    def equip_azure(self) -> None:
        """The machine in Azure was made."""
        self.azure.disks = self.disks_in_azure()

    def create_vmdk_disks(self) -> None:
        """A failback can't keep iSCSI: beside each such disk there is a vmdk that holds its data (R53)."""
        disks = self.on_premises.disks
        self.disks_before_failback = list(disks)
        copied = {disk.source for disk in disks}
        new = [disk for disk in disks if disk.kind == "iscsi" and disk.id not in copied]
        self.on_premises.disks = [*disks, *(Disk(f"{disk.id}-vmdk", "vmdk", "data", disk.id) for disk in new)]

    def discard_vmdk_disks(self) -> None:
        """The disks on-premises are what they were before the failback (R69)."""
        if self.disks_before_failback is not None:
            self.on_premises.disks = self.disks_before_failback
            self.disks_before_failback = None

    def shown_disks(self, site: str) -> list[dict[str, Any]]:
        """The disks of a site's machine.

        Raises:
            Refused: it is absent.
        """
        machine = self.on_premises if site == ON_PREMISES else self.azure
        if not machine.exists:
            raise Refused("there is no machine")
        return [disk._asdict() for disk in machine.disks]
