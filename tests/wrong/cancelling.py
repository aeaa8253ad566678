"""Cancel of a planned failover: what it restores, how it fails, what may follow it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from asr_properties.contract.errors import Refused
from asr_properties.reference import ReplicatedItem
from asr_properties.reference.jobs import Job, Step
from wrong.registry import breaks


@breaks("R59", "R61", "R72", says="cancel_failover")
class CancelRefused(ReplicatedItem):
    """After a planned failover cancel_failover is listed, and refused."""

    __slots__ = ()

    def cancel_failover(self, arguments: Mapping[str, Any]) -> Job:
        if self.phase == "failed_back":
            raise Refused("the planned failover succeeded")
        return super().cancel_failover(arguments)


@breaks("X04", says="cancel_failover")
class CancelNotOffered(ReplicatedItem):
    """After a planned failover cancel_failover is not listed."""

    __slots__ = ()

    def allowed_operations(self) -> list[str]:
        return [o for o in super().allowed_operations() if self.phase != "failed_back" or o != "cancel_failover"]


@breaks("R65", "R79", says="cancelling_failback")
class CancelledInVain(ReplicatedItem):
    """A cancel succeeds as a job, and the planned failover still awaits its commit."""

    __slots__ = ()

    def cancel_steps(self) -> tuple[Step, ...]:
        return tuple(step._replace(effect=None) for step in super().cancel_steps())

    def failback_is_cancelled(self, job: Job) -> None:
        self.back_to_phase_before(job)


@breaks("R66", "R65", "R68", says="cancel")
class AzureLeftOff(ReplicatedItem):
    """A cancel leaves the machine in Azure off."""

    __slots__ = ()

    def start_azure_vm(self, job: Job) -> None:
        pass


@breaks("R65", "X10", says="machine")
class OnPremisesLeftOn(ReplicatedItem):
    """A cancel leaves the on-premises machine on, beside the one in Azure."""

    __slots__ = ()

    def turn_off_failed_back_machine(self) -> None:
        pass


@breaks("R70", says="replication to on-premises is on again")
class NotResumed(ReplicatedItem):
    """A cancel brings back the site and not the replication."""

    __slots__ = ()

    def failback_is_cancelled(self, job: Job) -> None:
        super().failback_is_cancelled(job)
        self.stop_replication()


@breaks("R70", says="received")
class ResumedInNameOnly(ReplicatedItem):
    """After a cancel that was asked for replication reads as resumed, and nothing is sent."""

    __slots__ = ()

    def failback_is_cancelled(self, job: Job) -> None:
        was_asked_for = self.phase == "cancelling_failback"
        super().failback_is_cancelled(job)
        if was_asked_for and self.replication is not None:
            self.replication.flow.hold(self.clock.now)


@breaks("R66", "R68", says="machine in Azure")
class LossyCancel(ReplicatedItem):
    """A cancel that is asked for starts Azure with an empty disk."""

    __slots__ = ()

    def start_azure_vm(self, job: Job) -> None:
        super().start_azure_vm(job)
        if self.phase != "reverting_failback":
            self.azure.sequence = 0


@breaks("R66", says="machine in Azure")
class CancelLosesPending(ReplicatedItem):
    """A cancel starts Azure with what the failback's point carried over, without what was written since."""

    __slots__ = ()

    def start_azure_vm(self, job: Job) -> None:
        super().start_azure_vm(job)
        if self.phase == "cancelling_failback":
            self.azure.sequence = min(self.azure.sequence, self.on_premises.sequence)


@breaks("R68", "R69", says="on-premises disks hold nothing")
class KeptChanges(ReplicatedItem):
    """A cancel keeps what was written on-premises since the planned failover."""

    __slots__ = ()

    def discard_on_premises_changes(self) -> None:
        pass


@breaks("R71", says="in order")
class ResumedTooEarly(ReplicatedItem):
    """A cancel resumes replication before on-premises is reverted."""

    __slots__ = ()

    def cancel_steps(self) -> tuple[Step, ...]:
        first, recovery, primary, start = super().cancel_steps()
        return first, primary, recovery, start


@breaks("R60", "R74", "X07", says="planned_failover")
class FailbackOnlyOnce(ReplicatedItem):
    """After a cancel the planned failover is refused for good, though it is listed."""

    __slots__ = ()

    def planned_failover(self, arguments: Mapping[str, Any]) -> Job:
        if any(job.operation == "cancel_failover" and not job.refusing for job in self.jobs.values()):
            raise Refused("it was cancelled before")
        return super().planned_failover(arguments)


@breaks("R64", "R80", says="cancel_failover")
class CancelNotRetried(ReplicatedItem):
    """A cancel that failed cannot be retried, though it is listed."""

    __slots__ = ()

    def can_cancel_failover(self) -> bool:
        return self.phase != "failback_cancel_failed" and super().can_cancel_failover()


@breaks("R63", says="error")
class SilentCancel(ReplicatedItem):
    """The job of a cancel that failed has no errors."""

    __slots__ = ()

    def manual_cancel_fails(self, job: Job) -> None:
        job.errors.clear()
        super().manual_cancel_fails(job)
