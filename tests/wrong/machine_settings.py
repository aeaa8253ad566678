"""Settings of the future machine in Azure: changed and kept, and given to the machine of a failover."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from asr_properties.contract.errors import Refused
from asr_properties.reference import ReplicatedItem
from asr_properties.reference.freedom import Freedom
from asr_properties.reference.future_machine import DEFAULT_SETTINGS
from asr_properties.reference.jobs import Job
from wrong.registry import breaks
from wrong.services import Inheriting

Changes = Mapping[str, str | None]


class Forgets(ReplicatedItem):
    """A setting goes back to its default, now and then."""

    __slots__ = ()

    def forget(self, key: str) -> None:
        self.settings[key] = DEFAULT_SETTINGS[key]


@breaks("R09", says="size")
class ImpossibleSizeTaken(ReplicatedItem):
    """A size that Azure does not have is accepted and kept."""

    __slots__ = ()

    def azure_allows(self, key: str, value: str | None) -> bool:
        return key == "size" or super().azure_allows(key, value)


@breaks("R11", says="name")
class RenamingRefused(ReplicatedItem):
    """Another name is refused though the item is protected and no job runs."""

    __slots__ = ()

    def azure_allows(self, key: str, value: str | None) -> bool:
        return key != "name" and super().azure_allows(key, value)


@breaks("R11", says="size")
class SizeNotKept(ReplicatedItem):
    """Another size is accepted and not kept."""

    __slots__ = ()

    def take_changes(self, changes: Changes) -> None:
        super().take_changes({key: value for key, value in changes.items() if key != "size"})


@breaks("R12", says="network")
class SubnetKeptTooLate(ReplicatedItem):
    """Another subnet is shown only an hour after the change has ended."""

    __slots__ = ()

    def take_changes(self, changes: Changes) -> None:
        super().take_changes({key: value for key, value in changes.items() if key != "subnet"})
        if "subnet" in changes:
            self.clock.after(3600, lambda: self.settings.update(subnet=changes["subnet"]))


@breaks("R11", says="refused")
class RefusedNameKept(ReplicatedItem):
    """A name that is refused is shown all the same."""

    __slots__ = ()

    def why_not_changed(self, changes: Changes) -> str | None:
        why = super().why_not_changed(changes)
        if why is not None and "name" in changes:
            self.settings["name"] = changes["name"]
        return why


@breaks("R12", "R13", "R11", says="shown")
class SettingsHidden(ReplicatedItem):
    """The settings are not shown while the item is protected."""

    __slots__ = ()

    def shown_settings(self) -> dict[str, str | None]:
        if self.phase == "protected":
            raise Refused("not now")
        return super().shown_settings()


@breaks("R11", says="size")
class OldSizeGiven(ReplicatedItem):
    """Another size is kept, and the machine in Azure gets the one from before."""

    __slots__ = ()

    def settings_for_machine(self) -> dict[str, str | None]:
        return {**super().settings_for_machine(), "size": DEFAULT_SETTINGS["size"]}


@breaks("R12", says="network")
class OldNetworkGiven(ReplicatedItem):
    """Another network is kept, and the machine in Azure is in the one from before."""

    __slots__ = ()

    def settings_for_machine(self) -> dict[str, str | None]:
        return {**super().settings_for_machine(), "network": DEFAULT_SETTINGS["network"]}


@breaks("R13", says="address")
class AddressNotGiven(ReplicatedItem):
    """The machine in Azure is in the right network, and has not the address that was set."""

    __slots__ = ()

    def settings_for_machine(self) -> dict[str, str | None]:
        return {**super().settings_for_machine(), "ip_address": None}


@breaks("R11", says="accepted")
class GivenTooLate(ReplicatedItem):
    """The machine in Azure gets the name that was set while the failover ran."""

    __slots__ = ()

    def settings_for_machine(self) -> dict[str, str | None]:
        return {**super().settings_for_machine(), "name": self.settings["name"]}


class MovesMachine(ReplicatedItem):
    """A change after the failover changes the machine in Azure, too."""

    __slots__ = ()

    moved: ClassVar[str]

    def take_changes(self, changes: Changes) -> None:
        super().take_changes(changes)
        if self.azure.exists and self.moved in changes:
            self.azure.settings[self.moved] = changes[self.moved]


@breaks("R11", says="name")
class RenamesMachine(MovesMachine):
    """A change after the failover renames the machine in Azure."""

    __slots__ = ()

    moved = "name"


@breaks("R12", says="network")
class MovesMachineAway(MovesMachine):
    """A change after the failover moves the machine in Azure to another network."""

    __slots__ = ()

    moved = "network"


@breaks("R13", says="address")
class ChangesAddress(MovesMachine):
    """A change after the failover gives the machine in Azure another address."""

    __slots__ = ()

    moved = "ip_address"


@breaks("R11", says="name")
class MachineMadeAnew(ReplicatedItem):
    """After a change of the recovery point the machine in Azure has its default name."""

    __slots__ = ()

    def recovery_point_is_changed(self, job: Job) -> None:
        super().recovery_point_is_changed(job)
        self.azure.settings["name"] = DEFAULT_SETTINGS["name"]


@breaks("R12", says="network")
class NetworkLostOnChangeOfPoint(Forgets):
    """A change of the recovery point sets the network back."""

    __slots__ = ()

    def recovery_point_is_changed(self, job: Job) -> None:
        super().recovery_point_is_changed(job)
        self.forget("network")


@breaks("R13", says="address")
class AddressLostOnCancel(Forgets):
    """The cancel of a planned failover sets the address back."""

    __slots__ = ()

    def failback_is_cancelled(self, job: Job) -> None:
        super().failback_is_cancelled(job)
        self.forget("ip_address")


@breaks("R11", says="disks")
class DiskTypeLostInSecondCycle(Forgets):
    """Once the item is reprotected to Azure the type of its disks is set back."""

    __slots__ = ()

    def reprotected_to_azure(self, job: Job) -> None:
        super().reprotected_to_azure(job)
        self.forget("disk_type")


@breaks("R13", says="new life")
class AddressOfFormerLife(ReplicatedItem):
    """The address that was set is kept when replication is disabled and enabled again."""

    __slots__ = ("address",)

    def disabling_succeeds(self, job: Job) -> None:
        self.address = self.settings["ip_address"]
        super().disabling_succeeds(job)

    def begin_settings(self) -> None:
        super().begin_settings()
        self.settings["ip_address"] = getattr(self, "address", None)


class WithFirstAddress(ReplicatedItem):
    """The first life of an item begins with this address."""

    __slots__ = ("first_address",)

    def begin_settings(self) -> None:
        super().begin_settings()
        self.settings["ip_address"] = getattr(self, "first_address", None)
        self.first_address = None


@breaks("X22", says="earlier item")
class AddressOfFormerItem(Inheriting):
    """The address that was set is kept for the next item."""

    def __init__(self, freedom: Freedom | None = None) -> None:
        super().__init__(WithFirstAddress, freedom)

    def inherit(self, former: Any, item: Any) -> None:
        item.first_address = former.settings["ip_address"]


@breaks("R36", says="machine in Azure")
class MachineNotShown(ReplicatedItem):
    """After a failover no settings are shown of the machine in Azure."""

    __slots__ = ()

    def shown_azure_machine(self) -> dict[str, str | None] | None:
        return None
