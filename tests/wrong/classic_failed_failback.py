"""A failback of Classic that fails, or whose job is cancelled; and attempts to cancel or undo one (R75)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from asr_properties.reference import ClassicItem
from asr_properties.reference.jobs import Job, Step
from wrong.classic_failback import CLASSIC, failbacks
from wrong.registry import breaks

# What a failback that comes to nothing leaves.


@breaks("R94", "R55", says="machine in Azure is on", profile=CLASSIC)
class FailedFailbackLeavesAzureOff(ClassicItem):
    """A failback that fails after it has shut Azure down leaves its machine off."""

    __slots__ = ()

    def failback_comes_to_nothing(self, job: Job) -> None:
        super().failback_comes_to_nothing(job)
        if job.source_shut_down and job.state == "failed":
            self.azure.turn_off()


@breaks("R94", "R55", says="machine in Azure is on", profile=CLASSIC)
class CancelledFailbackLeavesAzureOff(ClassicItem):
    """A failback whose job is cancelled after it has shut Azure down leaves its machine off."""

    __slots__ = ()

    def failback_comes_to_nothing(self, job: Job) -> None:
        super().failback_comes_to_nothing(job)
        if job.source_shut_down and job.state == "cancelled":
            self.azure.turn_off()


@breaks("R94", says="holds all that it held", profile=CLASSIC)
class FailedFailbackLosesRecords(ClassicItem):
    """A failback that fails leaves Azure with the data of the recovery point only."""

    __slots__ = ()

    def failback_comes_to_nothing(self, job: Job) -> None:
        super().failback_comes_to_nothing(job)
        if job.state == "failed":
            oldest = self.points().listed(self.clock.now)[-1:]
            self.azure.sequence = min([self.azure.sequence, *(point.sequence for point in oldest)])


@breaks("R94", says="holds all that it held", profile=CLASSIC)
class CancelledFailbackLosesTheLastRecord(ClassicItem):
    """A failback whose job is cancelled loses the last record in Azure."""

    __slots__ = ()

    def failback_comes_to_nothing(self, job: Job) -> None:
        super().failback_comes_to_nothing(job)
        if job.state == "cancelled":
            self.azure.sequence = max(0, self.azure.sequence - 1)


@breaks("R94", says="holds all that it held", profile=CLASSIC)
class LateFailureLosesRecords(ClassicItem):
    """A failback that fails at its last task leaves Azure with an empty disk."""

    __slots__ = ()

    def failback_comes_to_nothing(self, job: Job) -> None:
        super().failback_comes_to_nothing(job)
        if job.state == "failed" and job.position == 3:
            self.azure.sequence = 0


@breaks("R94", says="active", profile=CLASSIC)
class FailedFailbackOnPremises(ClassicItem):
    """A failback that fails leaves on-premises as the active site."""

    __slots__ = ()

    def failback_comes_to_nothing(self, job: Job) -> None:
        super().failback_comes_to_nothing(job)
        if job.state == "failed":
            self.active_site = "on_premises"

    def fail_back(self, arguments: Mapping[str, Any]) -> Job:
        self.active_site = "azure"
        return super().fail_back(arguments)


@breaks("R94", says="phase", profile=CLASSIC)
class FailedFailbackReadsFailedBack(ClassicItem):
    """A failback that fails reads as one that has succeeded."""

    __slots__ = ()

    def failback_comes_to_nothing(self, job: Job) -> None:
        super().failback_comes_to_nothing(job)
        if job.state == "failed":
            self.phase = "failed_back"


@breaks("X21", says="fail_over", profile=CLASSIC)
class ListedAgainAndRefused(ClassicItem):
    """After a failback that failed another one is listed, and its job fails for good."""

    __slots__ = ("is_spoilt",)

    def failback_comes_to_nothing(self, job: Job) -> None:
        super().failback_comes_to_nothing(job)
        self.is_spoilt = True

    def fail_back(self, arguments: Mapping[str, Any]) -> Job:
        if hasattr(self, "is_spoilt"):
            return self.refuse_by_job("fail_over", "it failed before")
        return super().fail_back(arguments)


@breaks("X02", says="fail_over", profile=CLASSIC)
class UnlistedAgainAndAccepted(ClassicItem):
    """After a failback that failed another one is not listed, and accepted."""

    __slots__ = ("is_spoilt",)

    def failback_comes_to_nothing(self, job: Job) -> None:
        super().failback_comes_to_nothing(job)
        self.is_spoilt = True

    def can_fail_over(self) -> bool:
        return "fail_over" in super().allowed_operations()

    def allowed_operations(self) -> list[str]:
        listed = super().allowed_operations()
        hidden = self.phase == "reverse_protected" and hasattr(self, "is_spoilt")
        return [o for o in listed if o != "fail_over" or not hidden]


# Cancelling and reverting, which there is none of (R75).


class CancelListed(ClassicItem):
    """cancel_failover is listed in one phase, and refused."""

    __slots__ = ()

    where = ""

    def allowed_operations(self) -> list[str]:
        return [*super().allowed_operations(), *(["cancel_failover"] if self.phase == self.where else [])]


@breaks("R75", says="cancel_failover", profile=CLASSIC)
class CancelListedWhenFailedBack(CancelListed):
    """A failback that waits for its commit lists cancel_failover."""

    __slots__ = ()

    where = "failed_back"


@breaks("R75", says="cancel_failover", profile=CLASSIC)
class CancelListedInReverse(CancelListed):
    """An item that replicates to on-premises lists cancel_failover."""

    __slots__ = ()

    where = "reverse_protected"


@breaks("R75", says="cancel_failover", profile=CLASSIC)
class CancelListedWhileFailingBack(CancelListed):
    """An item that fails back lists cancel_failover."""

    __slots__ = ()

    where = "failing_back"


@breaks("R75", says="cancel_failover", profile=CLASSIC)
class CancelListedOnceCommitted(CancelListed):
    """A committed failback lists cancel_failover."""

    __slots__ = ()

    where = "failback_committed"


class Cancellable(ClassicItem):
    """A failback can be cancelled in one phase, as that of the modernized profile can."""

    __slots__ = ()

    where = "failed_back"
    shown: str | None = "cancelling_failback"

    def can_cancel_failover(self) -> bool:
        return self.phase == self.where

    def cancel_failover(self, arguments: Mapping[str, Any]) -> Job:
        if self.current_job is not None:
            self.current_job.on_cancel = None
            self.current_job.cancel()
        job = self.start_job("cancel_failover", (Step("CancelFailoverRecovery", 120),), phase=self.shown)
        job.on_success = self.is_undone
        return job

    def is_undone(self, job: Job) -> None:
        """The item is where it was before the failback."""
        self.on_premises.turn_off()
        self.active_site = "azure"
        self.failback_comes_to_nothing(job)


@breaks("R75", says="cancel", profile=CLASSIC)
class CancelTaken(Cancellable):
    """A failback that waits for its commit can be cancelled."""

    __slots__ = ()


@breaks("R75", says="cancel", profile=CLASSIC)
class CancelTakenInSilence(Cancellable):
    """A failback that waits for its commit can be cancelled, and the phase shows it only at the end."""

    __slots__ = ()

    shown = None


@breaks("R75", says="cancel", profile=CLASSIC)
class CancelTakenWhileFailingBack(Cancellable):
    """A failback that runs can be cancelled on the item."""

    __slots__ = ()

    where = "failing_back"
    shown = None


@breaks("R75", says="cancel", profile=CLASSIC)
class CancelTakenOnceCommitted(Cancellable):
    """A committed failback can be cancelled: the machine in Azure is made again."""

    __slots__ = ()

    where = "failback_committed"

    def is_undone(self, job: Job) -> None:
        self.azure.create()
        super().is_undone(job)


@breaks("R75", says="cancel", profile=CLASSIC)
class CancelTakenBeforeAnyFailback(Cancellable):
    """An item that only replicates to on-premises accepts a cancel, which does nothing."""

    __slots__ = ()

    where = "reverse_protected"
    shown = None

    def is_undone(self, job: Job) -> None:
        pass


@breaks("R75", says="cancel", profile=CLASSIC)
class CancelTakenInLaterCycles(Cancellable):
    """From the second cycle on a failback can be cancelled."""

    __slots__ = ()

    def can_cancel_failover(self) -> bool:
        return failbacks(self) > 1 and super().can_cancel_failover()


class Reverting(ClassicItem):
    """The service begins a job that undoes a failback that failed."""

    __slots__ = ()

    shown: str | None = "reverting_failback"

    def failback_comes_to_nothing(self, job: Job) -> None:
        if job.state != "failed":
            super().failback_comes_to_nothing(job)
            return
        self.phase = "reverse_protected"
        self.azure.turn_on()
        revert = self.start_job("cancel_failover", (Step("CancelFailoverRecovery", 120),), phase=self.shown)
        revert.on_success = revert.on_cancel = super().failback_comes_to_nothing


@breaks("R75", says="reverting_failback", profile=CLASSIC)
class FailedFailbackIsReverted(Reverting):
    """The service reverts a failback that failed."""

    __slots__ = ()


@breaks("R75", says="by itself", profile=CLASSIC)
class FailedFailbackIsRevertedInSilence(Reverting):
    """The service reverts a failback that failed, and the phase does not show it."""

    __slots__ = ()

    shown = None


@breaks("R75", says="failback_cancel_failed", profile=CLASSIC)
class ManualCancelNeeded(ClassicItem):
    """After a failback that failed the item is in a phase that asks for a manual cancel."""

    __slots__ = ()

    def failback_comes_to_nothing(self, job: Job) -> None:
        super().failback_comes_to_nothing(job)
        if job.state == "failed":
            self.phase = "failback_cancel_failed"
