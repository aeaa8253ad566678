"""What a reprotect goes through."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from asr_properties.contract.errors import Refused
from asr_properties.reference import ReplicatedItem
from asr_properties.reference.appliances import Appliance
from asr_properties.reference.jobs import Job
from wrong.registry import breaks


@breaks("R87", says="appliance")
class UnknownApplianceTaken(ReplicatedItem):
    """A reprotect through an appliance that does not exist is accepted."""

    __slots__ = ()

    def named_appliance(self, name: object) -> Appliance | None:
        return super().named_appliance(name) or self.appliances()[0]


@breaks("R87", says="account")
class UnknownAccountTaken(ReplicatedItem):
    """A reprotect with a cache storage account that does not exist is accepted."""

    __slots__ = ()

    def knows_account(self, name: object) -> bool:
        return True


@breaks("R88", says="datastore")
class BlindApplianceTaken(ReplicatedItem):
    """A reprotect to on-premises through an appliance that does not see the datastore is accepted."""

    __slots__ = ()

    def is_seeing(self, appliance: Appliance) -> bool:
        return True


@breaks("R88", says="datastore")
class ApplianceIgnored(ReplicatedItem):
    """A reprotect goes through the best appliance, whichever is named."""

    __slots__ = ()

    def named_appliance(self, name: object) -> Appliance | None:
        best = max(self.appliances(), key=lambda one: (one.sees_datastore, one.healthy))
        return None if super().named_appliance(name) is None else best


@breaks("R90", says="another host")
class OtherHostRefused(ReplicatedItem):
    """A reprotect through an appliance on another host is refused though it sees the datastore."""

    __slots__ = ()

    def chosen_appliance(self, arguments: Mapping[str, Any]) -> Appliance | None:
        chosen = super().chosen_appliance(arguments)
        if chosen is not None and not chosen.same_host:
            raise Refused("the appliance is on another host")
        return chosen


@breaks("R87", says="healthy appliance")
class UnfitApplianceKept(ReplicatedItem):
    """After a reprotect that failed through an unhealthy appliance, the next ones go through that one, too."""

    __slots__ = ("kept",)

    def chosen_appliance(self, arguments: Mapping[str, Any]) -> Appliance | None:
        chosen = super().chosen_appliance(arguments)
        if chosen is not None and not chosen.healthy:
            self.kept = chosen
        return getattr(self, "kept", chosen)


@breaks("R93", says="reprotect")
class FailedReprotectReplicates(ReplicatedItem):
    """A reprotect fails through an unhealthy appliance, and replication to on-premises begins all the same."""

    __slots__ = ()

    def reprotect_ends_early(self, job: Job) -> None:
        if self.reverse or not job.in_trouble:
            super().reprotect_ends_early(job)
        else:
            self.turn_off_on_premises(job)
            self.reprotected_to_on_premises(job)
