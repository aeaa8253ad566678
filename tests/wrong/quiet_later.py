"""Quiet twins that are right at first: wrong the second time, after days, or after something else was done."""

from __future__ import annotations

from typing import Any

from asr_properties.reference import ReplicatedItem
from asr_properties.reference.jobs import Job
from wrong.registry import breaks

_DAY = 86_400


@breaks("X14", says="drill: no_drill")
class DrillEndsInTime(ReplicatedItem):
    """A drill that nobody cleans up is gone after three days."""

    __slots__ = ()

    def drill_ends(self, job: Job) -> None:
        super().drill_ends(job)
        self.clock.after(3 * _DAY, self.forget_drill)

    def forget_drill(self) -> None:
        """The drill ends, if it still awaits its cleanup."""
        if self.drill == "drill_awaiting_cleanup":
            self.drill = "no_drill"


@breaks("R40", says="recovery_points")
class CancelledDrillSpoilsCommit(ReplicatedItem):
    """After the job of a drill was cancelled, a commit leaves all recovery points."""

    __slots__ = ("spoiled",)

    def drill_ends(self, job: Job) -> None:
        super().drill_ends(job)
        if job.state == "cancelled":
            self.spoiled = True

    def delete_other_points(self) -> None:
        if not hasattr(self, "spoiled"):
            super().delete_other_points()


@breaks("X18", says="fail_over")
class FailsOnlyOnce(ReplicatedItem):
    """A failover that has failed twice is refused from then on, though it is listed."""

    __slots__ = ("failed",)

    def failover_fails(self, job: Job) -> None:
        super().failover_fails(job)
        self.failed = getattr(self, "failed", 0) + 1

    def can_fail_over(self) -> bool:
        twice = self.phase == "failover_failed" and getattr(self, "failed", 0) >= 2
        return super().can_fail_over() and not twice


@breaks("R79", says="own revert")
class RevertDoesNotResume(ReplicatedItem):
    """After the service's own revert nothing is sent any more, though the item reads protected."""

    __slots__ = ()

    def failback_is_cancelled(self, job: Job) -> None:
        reverted = self.phase == "reverting_failback"
        super().failback_is_cancelled(job)
        if reverted:
            self.stop_replication()
            self.replicating = "to_on_premises"


@breaks("R33", says="active_site: azure")
class AbortedServesFromAzure(ReplicatedItem):
    """Five minutes after a failover was cancelled the machine in Azure is started all the same, and is active."""

    __slots__ = ()

    def failover_is_aborted(self, job: Job) -> None:
        super().failover_is_aborted(job)
        self.clock.after(300, self.go_on_all_the_same)

    def go_on_all_the_same(self) -> None:
        """What was left of the failover is done."""
        if self.phase == "failover_aborted":
            self.give_settings()
            self.azure.turn_on()
            self.active_site: Any = "azure"
