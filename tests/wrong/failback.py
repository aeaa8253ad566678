"""Planned failover to on-premises, its failure, the commit after it, reprotect to Azure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from asr_properties.contract.errors import Refused
from asr_properties.reference import ReplicatedItem
from asr_properties.reference.jobs import Job, Step
from asr_properties.reference.points import Point
from wrong.registry import breaks


@breaks("R94", says="planned_failover")
class EarlyFailback(ReplicatedItem):
    """A planned failover is accepted before the initial replication to on-premises has ended."""

    __slots__ = ()

    def can_planned_failover(self) -> bool:
        return self.phase == "reverse_initial_replication" or super().can_planned_failover()


@breaks("X05", "X02", says="fail_over")
class UnplannedFailback(ReplicatedItem):
    """In the reverse direction an unplanned failover is listed too."""

    __slots__ = ()

    def allowed_operations(self) -> list[str]:
        listed = super().allowed_operations()
        return [*listed, "fail_over"] if self.phase == "reverse_protected" and listed else listed


@breaks("R43", says="planned_failover")
class FailbackRefused(ReplicatedItem):
    """A planned failover is listed, and refused."""

    __slots__ = ()

    def planned_failover(self, arguments: Mapping[str, Any]) -> Job:
        raise Refused("not now")


class UnhealthyForGood(ReplicatedItem):
    """A planned failover stays refused after a fault has gone."""

    __slots__ = ("was_ill",)

    fault = ""

    def inject(self, fault: str, task: str | None) -> None:
        super().inject(fault, task)
        if fault == self.fault:
            self.was_ill = True

    def planned_failover(self, arguments: Mapping[str, Any]) -> Job:
        if hasattr(self, "was_ill"):
            raise Refused("it was not healthy")
        return super().planned_failover(arguments)


@breaks("X22", "R45", says="planned_failover")
class ReplicationUnhealthyForGood(UnhealthyForGood):
    """Once replication was not healthy, planned failovers stay refused when it is healthy again."""

    __slots__ = ()

    fault = "replication_unhealthy"


@breaks("X22", "R46", says="planned_failover")
class ApplianceUnhealthyForGood(UnhealthyForGood):
    """Once the appliance was not healthy, planned failovers stay refused when it is healthy again."""

    __slots__ = ()

    fault = "appliance_unhealthy"


@breaks("R55", says="planned_failover")
class AzureOffForFailback(UnhealthyForGood):
    """Once the machine in Azure was off, planned failovers stay refused when it is on again."""

    __slots__ = ()

    fault = "azure_vm_off"


@breaks("R49", says="azure")
class AzureLeftOn(ReplicatedItem):
    """A planned failover leaves the machine in Azure on."""

    __slots__ = ()

    def shut_down_azure_vm(self) -> None:
        pass


@breaks("R50", "R49", says="in order")
class StartedTooEarly(ReplicatedItem):
    """A planned failover starts on-premises before it shuts Azure down."""

    __slots__ = ()

    def planned_failover_steps(self) -> tuple[Step, ...]:
        first, prepare, shut_down, entities, start = super().planned_failover_steps()
        return first, prepare, entities, start, shut_down


@breaks("R50", says="on-premises")
class StartedAtOnce(ReplicatedItem):
    """The on-premises machine is on from the beginning of a planned failover."""

    __slots__ = ()

    def planned_failover(self, arguments: Mapping[str, Any]) -> Job:
        job = super().planned_failover(arguments)
        if not job.refusing:
            self.on_premises.turn_on()
        return job


@breaks("R51", "R85", says="on-premises")
class NotActive(ReplicatedItem):
    """After a planned failover Azure still reads as the active site."""

    __slots__ = ()

    def observation(self) -> dict[str, Any] | None:
        shown = super().observation()
        if shown is not None and self.phase == "failed_back":
            shown["active_site"] = "azure"
        return shown


@breaks("R51", "R85", says="on-premises")
class NotStartedOnPremises(ReplicatedItem):
    """A planned failover leaves the on-premises machine off."""

    __slots__ = ()

    def start_on_premises_vm(self, job: Job) -> None:
        pass


@breaks("R51", says="succeeded the item says so")
class SuccessDenied(ReplicatedItem):
    """After a planned failover that succeeded, the last one reads as failed."""

    __slots__ = ()

    def planned_failover_succeeds(self, job: Job) -> None:
        super().planned_failover_succeeds(job)
        self.last_planned_failover = "failed"


@breaks("R47", "R44", "R48", says="crash-consistent planned failover")
class LossyFailback(ReplicatedItem):
    """A planned failover brings over an empty disk."""

    __slots__ = ()

    def prepare_on_premises(self, job: Job) -> None:
        super().prepare_on_premises(job)
        self.on_premises.sequence = 0


@breaks("R47", "R44", "R48", says="crash-consistent planned failover")
class StaleFailback(ReplicatedItem):
    """A crash-consistent planned failover takes the newest recovery point from before its trigger."""

    __slots__ = ("triggered",)

    def planned_failover(self, arguments: Mapping[str, Any]) -> Job:
        self.triggered = self.clock.now
        return super().planned_failover(arguments)

    def failback_point(self) -> Point:
        return self.points().newest(self.triggered) or super().failback_point()


@breaks("R47", says="crash-consistent planned failover")
class PendingChangesLost(ReplicatedItem):
    """A planned failover does not copy the changes that are pending."""

    __slots__ = ()

    def drain_pending_changes(self, job: Job) -> None:
        pass

    def failback_point(self) -> Point:
        assert self.replication is not None
        now = self.clock.now
        return self.points().make(now, "crash_consistent", max(0, self.replication.flow.processed(now) - 1))


@breaks("R47", says="nothing newer than its trigger")
class TooNewFailback(ReplicatedItem):
    """An app-consistent planned failover brings over data that was written after its trigger."""

    __slots__ = ()

    def prepare_on_premises(self, job: Job) -> None:
        super().prepare_on_premises(job)
        self.on_premises.sequence = self.azure.sequence
        self.on_premises.take_snapshot()


@breaks("R78", says="failback_cancel_failed")
class NoRevert(ReplicatedItem):
    """The service does not begin to revert a planned failover that failed."""

    __slots__ = ()

    def planned_failover_fails(self, job: Job) -> None:
        self.last_planned_failover = "failed"
        self.cancel_is_unfinished(job)


@breaks("R79", says="revert")
class RevertLeavesAzureOff(ReplicatedItem):
    """The service's own revert of a failed planned failover leaves the machine in Azure off."""

    __slots__ = ()

    def start_azure_vm(self, job: Job) -> None:
        if self.phase != "reverting_failback":
            super().start_azure_vm(job)


@breaks("R79", says="revert")
class RevertStartsAzureEmpty(ReplicatedItem):
    """The service's own revert of a failed planned failover starts Azure with an empty disk."""

    __slots__ = ()

    def start_azure_vm(self, job: Job) -> None:
        super().start_azure_vm(job)
        if self.phase == "reverting_failback":
            self.azure.sequence = 0


@breaks("R81", says="planned failover's job")
class SilentJob(ReplicatedItem):
    """A planned failover whose revert failed does not say so."""

    __slots__ = ()

    def planned_failover_fails(self, job: Job) -> None:
        job.errors.clear()
        super().planned_failover_fails(job)

    def tell_of_needed_cancel(self) -> None:
        pass


@breaks("R82", says="health issue")
class SilentItem(ReplicatedItem):
    """An item whose revert failed shows no health issue."""

    __slots__ = ()

    def health_issues(self) -> list[dict[str, Any]]:
        return [] if self.phase == "failback_cancel_failed" else super().health_issues()


@breaks("X17", says="azure")
class CommitKeepsAzure(ReplicatedItem):
    """Commit of a failback leaves the machine in Azure."""

    __slots__ = ()

    def failback_is_committed(self, job: Job) -> None:
        self.phase = "failback_committed"


@breaks("X17", says="cancel_failover")
class CommitKeepsCancel(ReplicatedItem):
    """A committed failback still lists cancel_failover."""

    __slots__ = ()

    def allowed_operations(self) -> list[str]:
        more = ["cancel_failover"] if self.phase == "failback_committed" and self.current_job is None else []
        return [*super().allowed_operations(), *more]


@breaks("X06", says="azure")
class ReprotectKeepsAzure(ReplicatedItem):
    """Reprotect of an uncommitted failback does not commit it: the machine in Azure stays."""

    __slots__ = ()

    def commit_failback_in_reprotect(self, job: Job) -> None:
        job.committed = True


@breaks("R86", says="replicat")
class ProtectsItself(ReplicatedItem):
    """After a planned failover the item replicates to Azure again without a reprotect."""

    __slots__ = ()

    def planned_failover_succeeds(self, job: Job) -> None:
        super().planned_failover_succeeds(job)
        self.replicating = "to_azure"


@breaks("R92", says="awaiting_first_recovery_point")
class NoPointsAgain(ReplicatedItem):
    """Once reprotected to Azure, the item never gets a recovery point again."""

    __slots__ = ()

    def first_point_is_made(self) -> None:
        if not any(job.operation == "reprotect" for job in self.jobs.values()):
            super().first_point_is_made()
