"""Quiet twins about jobs and operations: they end as they should, and what they do on the way or beside it is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from asr_properties.reference import CommonItem, ReferenceService, ReplicatedItem
from asr_properties.reference.jobs import Job, Step
from wrong.registry import breaks

_HOUR = 3600


def _begun(shown: dict[str, Any], state: str) -> dict[str, Any]:
    """The job with all its tasks in this state."""
    return {**shown, "tasks": [{**task, "state": state} for task in shown["tasks"]]}


# What nobody asked for.


@breaks("R15", says="started explicitly")
class FailsOverInTime(CommonItem):
    """Two days after it became protected the service fails the item over by itself."""

    __slots__ = ()

    def first_point_is_made(self) -> None:
        super().first_point_is_made()
        self.clock.after(48 * _HOUR, self.fail_over_unasked)

    def fail_over_unasked(self) -> None:
        """As if somebody had asked for it."""
        if self.phase == "protected" and self.current_job is None and self.drill == "no_drill":
            self.fail_over({"recovery_point": "latest", "shut_down_source": False})


@breaks("R15", says="without being asked")
class FailsOverAfterADrill(FailsOverInTime):
    """An hour after its drill was cleaned up the item fails over by itself."""

    __slots__ = ()

    def first_point_is_made(self) -> None:
        ReplicatedItem.first_point_is_made(self)

    def drill_is_cleaned_up(self, job: Job) -> None:
        super().drill_is_cleaned_up(job)
        self.clock.after(_HOUR, self.fail_over_unasked)


# What takes longer than it should, or cannot be followed.


@breaks("R20", says="takes no longer")
class ProcessesPendingData(ReplicatedItem):
    """A failover to *latest processed* takes two hours more where data is pending, which it then leaves out."""

    __slots__ = ("waits",)

    def fail_over(self, arguments: Mapping[str, Any]) -> Job:
        shown = self.replicated()
        pending = shown["sent"] > shown["processed"]
        self.waits = 2 * _HOUR if pending and arguments["recovery_point"] == "latest_processed" else 0
        return super().fail_over(arguments)

    def failover_steps(self, shut_down_source: bool) -> tuple[Step, ...]:
        first, *rest = super().failover_steps(shut_down_source)
        return (first._replace(seconds=first.seconds + getattr(self, "waits", 0)), *rest)


@breaks("R25", says="still to begin or going on")
class TasksStandStill(ReferenceService):
    """The tasks of a job never move: even when it has succeeded, all of them are still to begin."""

    __slots__ = ()

    def job(self, job: str) -> dict[str, Any]:
        return _begun(super().job(job), "not_started")


@breaks("R25", says="one after the other")
class TasksMoveAtTheEnd(ReferenceService):
    """While a job runs none of its tasks has begun; when it has ended, all have."""

    __slots__ = ()

    def job(self, job: str) -> dict[str, Any]:
        shown = super().job(job)
        return _begun(shown, "not_started") if shown["state"] == "in_progress" else shown


@breaks("R25", says="still to begin or going on")
class LastTaskGoesOn(ReferenceService):
    """When a cancel has succeeded its last task still reads as going on."""

    __slots__ = ()

    def job(self, job: str) -> dict[str, Any]:
        shown = super().job(job)
        if shown["scenario"] == "CancelFailover" and shown["state"] == "succeeded":
            shown["tasks"][-1]["state"] = "in_progress"
        return shown


# What gets lost beside it, or is not said.


@breaks("R37", says="leaves the others to choose from")
class ChangeDropsNewer(CommonItem):
    """A change of the recovery point deletes the points that are newer than the chosen one."""

    __slots__ = ()

    def recovery_point_is_changed(self, job: Job) -> None:
        super().recovery_point_is_changed(job)
        points = self.points()
        points.freeze(self.clock.now)
        if job.point is not None:
            chosen = job.point.created
            points._frozen = [point for point in points.listed(self.clock.now) if point.created <= chosen]


@breaks("R63", says="code and text")
class WordlessCancel(ReplicatedItem):
    """The job of a cancel that failed has an error with a code and without a text."""

    __slots__ = ()

    def manual_cancel_fails(self, job: Job) -> None:
        for error in job.errors:
            error["message"] = " "
        super().manual_cancel_fails(job)


@breaks("R78", says="reverted by a job")
class RevertedOnTheQuiet(ReplicatedItem):
    """A planned failover that fails is undone at once, without any job of the service's own."""

    __slots__ = ()

    def begin_automatic_revert(self) -> None:
        self.turn_off_failed_back_machine()
        self.discard_on_premises_changes()
        self.azure.turn_on()
        self.last_planned_failover = "failed"
        job = self.planned_failover_job
        if job is not None:
            self.failback_is_cancelled(job)


@breaks("R78", says="reverted by a job")
class LastTaskRevertedOnTheQuiet(RevertedOnTheQuiet):
    """A planned failover whose last task fails is undone at once; where another fails, it is reverted by a job."""

    __slots__ = ()

    def begin_automatic_revert(self) -> None:
        job = self.planned_failover_job
        if job is not None and job.position == len(job.steps) - 1:
            super().begin_automatic_revert()
        else:
            ReplicatedItem.begin_automatic_revert(self)
