"""Quiet twins that are wrong with one kind of recovery point, after one other thing was done, or for one configuration
only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from asr_properties.reference import ClassicItem, ReplicatedItem
from asr_properties.reference.jobs import Job
from wrong.quiet_replication import _SecretlyReplicating
from wrong.registry import breaks

CLASSIC = "classic"
_APP = "app_consistent"


@breaks("R24", says="fault begins: source_shutdown_fails")
class ShutdownStopsOneOption(ReplicatedItem):
    """A failover to the latest app-consistent point fails if the source cannot be shut down."""

    __slots__ = ("option",)

    def fail_over(self, arguments: Mapping[str, Any]) -> Job:
        self.option = arguments["recovery_point"]
        return super().fail_over(arguments)

    def failed_source_shutdown(self) -> str:
        return "fails" if self.option == "latest_app_consistent" else super().failed_source_shutdown()


@breaks("R79", says="cancel_failover")
class RevertKeepsThePointOnly(ReplicatedItem):
    """The service's own revert of an app-consistent failback brings Azure back to what had been copied from it."""

    __slots__ = ("copied",)

    def prepare_on_premises(self, job: Job) -> None:
        super().prepare_on_premises(job)
        self.copied = job.point.sequence if job.point is not None and job.point.kind == _APP else None

    def planned_failover(self, arguments: Mapping[str, Any]) -> Job:
        self.copied = None
        return super().planned_failover(arguments)

    def planned_failover_fails(self, job: Job) -> None:
        super().planned_failover_fails(job)
        if self.copied is not None:
            self.azure.sequence = min(self.azure.sequence, self.copied)


@breaks("R34", says="nothing is received any more")
class AbortedAfterADrill(_SecretlyReplicating):
    """An item that has had a drill secretly goes on replicating after an aborted failover."""

    __slots__ = ("drilled",)

    def drill_ends(self, job: Job) -> None:
        super().drill_ends(job)
        self.drilled = True

    def failover_is_aborted(self, job: Job) -> None:
        super().failover_is_aborted(job)
        if hasattr(self, "drilled"):
            self.wake()


@breaks("R37", says="change_recovery_point")
class AppPointChangedInNameOnly(ReplicatedItem):
    """Changing to an app-consistent point names it and leaves the disks as they were."""

    __slots__ = ()

    def recovery_point_is_changed(self, job: Job) -> None:
        if job.point is not None and job.point.kind == _APP:
            self.azure.sequence = self.carried
        super().recovery_point_is_changed(job)


@breaks("X21", says="reprotect", profile=CLASSIC)
class GroupReprotectListedInVain(ClassicItem):
    """A committed failover of a member of a group lists reprotect, and always refuses it."""

    __slots__ = ()

    def can_reprotect(self) -> bool:
        is_member = self.configuration.multi_vm_group is not None
        return super().can_reprotect() and not (is_member and self.phase == "failover_committed")
