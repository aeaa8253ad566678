"""Disks of the machines, one by one."""

from __future__ import annotations

from asr_properties.reference import ReplicatedItem
from asr_properties.reference.disk_lists import Disk
from asr_properties.reference.jobs import Job
from wrong.registry import breaks


@breaks("R14", says="disk")
class DataDiskNotShown(ReplicatedItem):
    """The last data disk of the machine on-premises is not shown."""

    __slots__ = ()

    def equip_on_premises(self) -> None:
        super().equip_on_premises()
        if self.configuration.data_disks > 1:
            del self.on_premises.disks[-1]


@breaks("R14", says="id")
class DiskIdsChange(ReplicatedItem):
    """The disks on-premises have other ids once the item is reprotected to on-premises."""

    __slots__ = ()

    def turn_off_on_premises(self, job: Job) -> None:
        super().turn_off_on_premises(job)
        self.on_premises.disks = [disk._replace(id=f"{disk.id}-r") for disk in self.on_premises.disks]


@breaks("X13", says="drill")
class DrillAddsDisk(ReplicatedItem):
    """A drill adds a disk to the machine on-premises."""

    __slots__ = ()

    def drill_disturbs(self) -> None:
        self.on_premises.disks = [*self.on_premises.disks, Disk("snapshot", "vmdk", "data")]

    def drill_is_cleaned_up(self, job: Job) -> None:
        super().drill_is_cleaned_up(job)
        self.on_premises.disks = [disk for disk in self.on_premises.disks if disk.id != "snapshot"]


@breaks("R52", says="iSCSI")
class IscsiDisksMadeManaged(ReplicatedItem):
    """A failover turns iSCSI disks into managed ones."""

    __slots__ = ()

    def disks_in_azure(self) -> list[Disk]:
        return [Disk(f"{disk.id}-m", "managed", disk.role, disk.id) for disk in self.on_premises.disks]


@breaks("R52", says="iSCSI")
class IscsiDiskLost(ReplicatedItem):
    """A failover loses an iSCSI disk."""

    __slots__ = ()

    def disks_in_azure(self) -> list[Disk]:
        disks = super().disks_in_azure()
        lost = next((disk for disk in disks if disk.kind == "iscsi"), None)
        return [disk for disk in disks if disk is not lost]


@breaks("R36", says="managed")
class DataDiskLost(ReplicatedItem):
    """A failover brings no other disk to Azure than that of the operating system."""

    __slots__ = ()

    def disks_in_azure(self) -> list[Disk]:
        return [disk for disk in super().disks_in_azure() if disk.role == "os" or disk.kind == "iscsi"]


@breaks("R53", says="vmdk")
class NoVmdkCreated(ReplicatedItem):
    """A planned failover creates no vmdk disks in place of iSCSI."""

    __slots__ = ()

    def create_vmdk_disks(self) -> None:
        self.disks_before_failback = list(self.on_premises.disks)


@breaks("R53", says="vmdk")
class OneVmdkForAll(ReplicatedItem):
    """A planned failover creates one vmdk disk for all iSCSI disks."""

    __slots__ = ()

    def create_vmdk_disks(self) -> None:
        before = len(self.on_premises.disks)
        super().create_vmdk_disks()
        del self.on_premises.disks[before + 1 :]


@breaks("R53", says="planned failover adds no disk")
class EveryDiskTwice(ReplicatedItem):
    """A planned failover creates another disk for each that is there."""

    __slots__ = ()

    def create_vmdk_disks(self) -> None:
        super().create_vmdk_disks()
        ours = [disk for disk in self.on_premises.disks if disk.source is None and disk.kind == "vmdk"]
        self.on_premises.disks = [
            *self.on_premises.disks,
            *(Disk(f"{disk.id}-{self.clock.now:g}", "vmdk", "data", disk.id) for disk in ours),
        ]


@breaks("R69", says="cancel")
class DuplicateAfterCancel(ReplicatedItem):
    """A cancel leaves the vmdk disks that the planned failover created."""

    __slots__ = ()

    def discard_vmdk_disks(self) -> None:
        if self.phase == "reverting_failback":
            super().discard_vmdk_disks()


@breaks("R79", says="revert")
class DuplicateAfterRevert(ReplicatedItem):
    """The service's own revert leaves the vmdk disks that the planned failover created."""

    __slots__ = ()

    def discard_vmdk_disks(self) -> None:
        if self.phase != "reverting_failback":
            super().discard_vmdk_disks()


@breaks("R79", says="revert")
class DisksOfAFormerLife(ReplicatedItem):
    """A revert that comes before there are new disks goes back to those from before the failback of a former life."""

    __slots__ = ()

    def forget_before_failback(self) -> None:
        self.on_premises.snapshot = None
