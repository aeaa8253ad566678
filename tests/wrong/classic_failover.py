"""Classic's failover to Azure: the rules of the forward direction hold for it as for the modernized one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from asr_properties.contract.errors import Refused
from asr_properties.reference import ClassicItem
from asr_properties.reference.jobs import Job, Step
from asr_properties.reference.points import Point
from wrong.classic_failback import CLASSIC, failbacks
from wrong.registry import breaks


@breaks("R18", "R17", says="latest", profile=CLASSIC)
class EmptyLaterFailover(ClassicItem):
    """From the second cycle on a failover to the latest point brings over an empty disk."""

    __slots__ = ("option",)

    def fail_over(self, arguments: Mapping[str, Any]) -> Job:
        self.option = arguments["recovery_point"]
        return super().fail_over(arguments)

    def apply_point(self, job: Job) -> None:
        super().apply_point(job)
        if failbacks(self) and self.option == "latest":
            self.azure.sequence = 0


@breaks("R19", says="latest processed", profile=CLASSIC)
class ClassicOldestPoint(ClassicItem):
    """A failover to the latest processed point takes the oldest one."""

    __slots__ = ()

    def latest_processed_point(self) -> Point | None:
        if self.reverse:
            return super().latest_processed_point()
        listed = self.points().listed(self.clock.now)
        return listed[-1] if listed else None


@breaks("R23", says="on_premises machine", profile=CLASSIC)
class ClassicShutdownForgotten(ClassicItem):
    """The task that shuts the source of a failover down succeeds, and the source stays on."""

    __slots__ = ()

    def shut_down_source(self, job: Job) -> None:
        pass


@breaks("R23", says="shutdown", profile=CLASSIC)
class ClassicShutdownAfterwards(ClassicItem):
    """The source of a failover is shut down after it, not before."""

    __slots__ = ()

    def failover_steps(self, shut_down_source: bool) -> tuple[Step, ...]:
        first, shutdown, failover, start = super().failover_steps(shut_down_source)
        return first, failover, shutdown, start


@breaks("R24", says="fault begins: source_shutdown_fails", profile=CLASSIC)
class ClassicNeedsShutdown(ClassicItem):
    """A failover to Azure fails when its source cannot be shut down."""

    __slots__ = ()

    def failed_source_shutdown(self) -> str:
        return super().failed_source_shutdown() if self.reverse else "fails"


@breaks("R27", "R26", says="linux", profile=CLASSIC)
class ClassicStepForLinuxOnTheWayBack(ClassicItem):
    """A failover of a Linux machine takes no longer than another, and its failback does."""

    __slots__ = ()

    def _steps(self, steps: tuple[Step, ...], seconds: float) -> tuple[Step, ...]:
        if self.configuration.operating_system != "linux":
            return steps
        first, shutdown, failover, start = steps
        return first, shutdown, failover._replace(seconds=failover.seconds + seconds), start

    def failover_steps(self, shut_down_source: bool) -> tuple[Step, ...]:
        return self._steps(super().failover_steps(shut_down_source), -9 * 60)

    def failback_steps(self, shut_down_source: bool) -> tuple[Step, ...]:
        return self._steps(super().failback_steps(shut_down_source), 9 * 60)


@breaks("R34", says="nothing replicates", profile=CLASSIC)
class ClassicResumedReplication(ClassicItem):
    """Replication goes on after the job of a failover to Azure was cancelled."""

    __slots__ = ()

    def failover_is_aborted(self, job: Job) -> None:
        super().failover_is_aborted(job)
        self.resume_replication()


@breaks("R36", says="machine in Azure", profile=CLASSIC)
class ClassicNotStarted(ClassicItem):
    """After a failover the machine in Azure is off."""

    __slots__ = ()

    def start_failed_over_vm(self, job: Job) -> None:
        pass


@breaks("R40", says="recovery point", profile=CLASSIC)
class ClassicKeptPoints(ClassicItem):
    """Commit of a failover deletes no recovery point."""

    __slots__ = ()

    def delete_other_points(self) -> None:
        pass


@breaks("R41", says="commit", profile=CLASSIC)
class ClassicCommittedTwice(ClassicItem):
    """A failover can be committed twice."""

    __slots__ = ()

    def can_commit(self) -> bool:
        return (self.phase == "failover_committed" and self.current_job is None) or super().can_commit()


@breaks("R76", "R77", says="cancel_failover", profile=CLASSIC)
class ClassicCancellableFailover(ClassicItem):
    """A failover to Azure can be cancelled on the item, which then goes back on-premises."""

    __slots__ = ()

    def can_cancel_failover(self) -> bool:
        return self.phase == "failed_over" and self.current_job is None

    def cancel_failover(self, arguments: Mapping[str, Any]) -> Job:
        job = self.start_job("cancel_failover", (Step("CancelFailoverRecovery", 120),))
        job.on_success = self.failover_fails
        return job


@breaks("X18", says="commit", profile=CLASSIC)
class ClassicFailureCommitted(ClassicItem):
    """A failed failover to Azure can be committed."""

    __slots__ = ()

    def can_commit(self) -> bool:
        return self.phase == "failover_failed" or super().can_commit()


@breaks("X11", says="health", profile=CLASSIC)
class ClassicHealthyOnly(ClassicItem):
    """A failover to Azure is refused at once while the appliance is not healthy."""

    __slots__ = ()

    def refuse(self, operation: str, refusal: Refused) -> Job:
        raise refusal

    def fail_over(self, arguments: Mapping[str, Any]) -> Job:
        if "appliance_unhealthy" in self.faults.active and not self.reverse:
            raise Refused("the appliance is not healthy")
        return super().fail_over(arguments)
