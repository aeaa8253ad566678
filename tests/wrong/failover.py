"""Failover to Azure: its acceptance, its tasks, its machines, its end."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from asr_properties.contract.errors import Refused
from asr_properties.reference import CommonItem, ReplicatedItem
from asr_properties.reference.jobs import Job, Step
from asr_properties.reference.points import Point
from wrong.registry import breaks


@breaks("R08", says="fail_over")
class NeedsDrill(CommonItem):
    """A failover is refused unless there was a drill before."""

    __slots__ = ()

    def can_fail_over(self) -> bool:
        drills = [job for job in self.jobs.values() if job.operation == "test_failover"]
        return bool(drills) and super().can_fail_over()


@breaks("R15", says="fail")
class FailsOverByItself(ReplicatedItem):
    """The service fails the item over by itself when its appliance is not healthy."""

    __slots__ = ()

    def inject(self, fault: str, task: str | None) -> None:
        super().inject(fault, task)
        if fault == "appliance_unhealthy" and self.phase == "protected" and self.current_job is None:
            self.fail_over({"recovery_point": "latest", "shut_down_source": False})


@breaks("R16", says="latest_processed")
class OnlyLatest(CommonItem):
    """A failover to the latest processed point is refused though there is one; a drill is not."""

    __slots__ = ()

    def fail_over(self, arguments: Mapping[str, Any]) -> Job:
        if arguments["recovery_point"] == "latest_processed" and self.phase == "protected":
            raise Refused("no recovery point serves 'latest_processed'")
        return super().fail_over(arguments)


@breaks("R16", says="latest_app_consistent")
class AnyKind(ReplicatedItem):
    """A failover to the latest app-consistent point is accepted without one, and takes a crash-consistent one."""

    __slots__ = ()

    def latest_app_consistent_point(self) -> Point | None:
        return super().latest_app_consistent_point() or self.latest_processed_point()


@breaks("R23", says="shutdown")
class ShutdownAfterwards(ReplicatedItem):
    """The source is shut down after the failover, not before."""

    __slots__ = ()

    def failover_steps(self, shut_down_source: bool) -> tuple[Step, ...]:
        first, shutdown, failover, start = super().failover_steps(shut_down_source)
        return first, failover, shutdown, start


@breaks("R23", says="on_premises machine")
class ShutdownForgotten(ReplicatedItem):
    """The task that shuts the source down succeeds, and the source stays on."""

    __slots__ = ()

    def shut_down_source(self, job: Job) -> None:
        pass


@breaks("R23", says="on_premises machine")
class ShutdownUnasked(ReplicatedItem):
    """The source is shut down though the user did not ask for it."""

    __slots__ = ()

    def failover_steps(self, shut_down_source: bool) -> tuple[Step, ...]:
        return super().failover_steps(True)


@breaks("R24", says="fault begins: source_shutdown_fails")
class NeedsShutdown(ReplicatedItem):
    """A failover fails when its source cannot be shut down."""

    __slots__ = ()

    def failed_source_shutdown(self) -> str:
        return "fails"


@breaks("R25", says="failing_over")
class EndlessFailover(CommonItem):
    """The job of a failover takes more than a day."""

    __slots__ = ()

    def start_failed_over_vm(self, job: Job) -> None:
        super().start_failed_over_vm(job)
        job.steps = (*job.steps, Step("VmFoWaitForOperator", 40 * 3600))
        job.task_states.append("not_started")


@breaks("R25", says="current_job")
class StaleJob(ReplicatedItem):
    """After a failover the item goes on showing its job as the one that runs."""

    __slots__ = ("shown_job",)

    def failover_succeeds(self, job: Job) -> None:
        super().failover_succeeds(job)
        self.shown_job = job.id

    def observation(self) -> dict[str, Any] | None:
        shown = super().observation()
        if shown is not None and self.phase == "failed_over" and self.current_job is None:
            shown["current_job"] = self.shown_job
        return shown


@breaks("R32", says="replicat")
class ReplicatesMeanwhile(ReplicatedItem):
    """Replication stops only when the failover has ended."""

    __slots__ = ()

    def fail_over(self, arguments: Mapping[str, Any]) -> Job:
        job = super().fail_over(arguments)
        self.resume_replication()
        return job

    def failover_succeeds(self, job: Job) -> None:
        self.stop_replication()
        super().failover_succeeds(job)


@breaks("R33", says="cancel_job")
class UnstoppableFailover(ReplicatedItem):
    """Cancelling the job of a failover is accepted, and the failover goes on."""

    __slots__ = ()

    def cancel_failover_job(self, job: Job) -> None:
        pass


@breaks("R34", says="nothing replicates")
class ResumedReplication(ReplicatedItem):
    """Replication goes on after the job of a failover was cancelled."""

    __slots__ = ()

    def failover_is_aborted(self, job: Job) -> None:
        super().failover_is_aborted(job)
        self.resume_replication()


@breaks("R34", says="fail_over")
class AbortedAndRetried(ReplicatedItem):
    """An aborted failover can be tried again."""

    __slots__ = ()

    def allowed_operations(self) -> list[str]:
        more = ["fail_over"] if self.phase == "failover_aborted" else []
        return [*super().allowed_operations(), *more]


@breaks("R34", says="protected")
class AbortBackToProtected(ReplicatedItem):
    """A failover whose job was cancelled leaves the item protected, as if there had been none."""

    __slots__ = ()

    def failover_is_aborted(self, job: Job) -> None:
        super().failover_is_aborted(job)
        self.phase = "protected"


@breaks("R33", says="active_site: azure")
class AbortedInAzure(CommonItem):
    """An aborted failover leaves Azure as the active site."""

    __slots__ = ()

    def failover_is_aborted(self, job: Job) -> None:
        super().failover_is_aborted(job)
        self.active_site = "azure"


@breaks("R36", says="machine in Azure")
class NotStarted(ReplicatedItem):
    """After a failover the machine in Azure is off."""

    __slots__ = ()

    def start_failed_over_vm(self, job: Job) -> None:
        pass


@breaks("X18", says="just what their guest wrote")
class FailureLosesTheLastRecord(ReplicatedItem):
    """A failover that fails takes the last record from the disks on-premises."""

    __slots__ = ()

    def failover_fails(self, job: Job) -> None:
        super().failover_fails(job)
        self.on_premises.sequence = max(0, self.on_premises.sequence - 1)


@breaks("X18", says="commit")
class FailureCommitted(ReplicatedItem):
    """A failed failover can be committed."""

    __slots__ = ()

    def can_commit(self) -> bool:
        return self.phase == "failover_failed" or super().can_commit()


@breaks("R15", says="allowed_operations")
class FailureFinal(ReplicatedItem):
    """A failed failover cannot be tried again: it is not listed any more."""

    __slots__ = ()

    def allowed_operations(self) -> list[str]:
        listed = super().allowed_operations()
        return [o for o in listed if o != "fail_over" or self.phase != "failover_failed"]


@breaks("R76", "R77", says="cancel_failover")
class CancellableFailover(ReplicatedItem):
    """A failover to Azure can be cancelled on the item, which then goes back on-premises."""

    __slots__ = ()

    def can_cancel_failover(self) -> bool:
        return self.phase == "failed_over" or super().can_cancel_failover()


@breaks("X11", says="health")
class HealthyOnly(ReplicatedItem):
    """A failover is refused while the appliance is not healthy."""

    __slots__ = ()

    def fail_over(self, arguments: Mapping[str, Any]) -> Job:
        if "appliance_unhealthy" in self.faults.active:
            raise Refused("the appliance is not healthy")
        return super().fail_over(arguments)


@breaks("X10", says="machine")
class StalePower(ReplicatedItem):
    """A source that was shut down for the failover still reads as on once the failover is committed."""

    __slots__ = ()

    def power(self, site: str) -> str:
        return "on" if self.phase == "failover_committed" and site == "on_premises" else super().power(site)
