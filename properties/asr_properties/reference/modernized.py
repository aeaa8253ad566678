"""The modernized profile: failback by a planned failover, which can be cancelled and reverts itself when it fails."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ..contract.errors import Refused
from .contract_words import (
    APP_CONSISTENT,
    AZURE,
    CANCELLING_FAILBACK,
    CRASH_CONSISTENT,
    FAILBACK_CANCEL_FAILED,
    FAILED_BACK,
    FAILING_BACK,
    ON_PREMISES,
    REVERSE_PROTECTED,
    REVERTING_FAILBACK,
)
from .faults import CANCEL_FAILOVER_TASKS, PLANNED_FAILOVER_TASKS
from .item import CommonItem
from .jobs import Job, Step
from .operations import ALLOWED, OPERATIONS
from .points import Point
from .profile import Profile

_PLANNED_SECONDS: Final = (60, 300, 360, 300, 240)
_CANCEL_SECONDS: Final = (30, 150, 60, 120)

MODERNIZED: Final = Profile(
    name="modernized",
    forward="InMageRcm",
    reverse="InMageRcmFailback",
    allowed={
        **ALLOWED,
        REVERSE_PROTECTED: ("planned_failover", "disable_replication"),
        FAILED_BACK: ("commit", "reprotect", "cancel_failover", "disable_replication"),
        FAILBACK_CANCEL_FAILED: ("cancel_failover", "disable_replication"),
    },
    operations=OPERATIONS,
)


class ReplicatedItem(CommonItem):
    """The item of the modernized profile: planned_failover and cancel_failover beside what all profiles share."""

    __slots__ = ("planned_failover_job",)

    profile = MODERNIZED

    def forget_life(self) -> None:
        super().forget_life()
        self.planned_failover_job: Job | None = None

    # planned_failover (facts 2.7).

    def can_planned_failover(self) -> bool:
        """Only once replicating to on-premises (A8, R94)."""
        return self.lists("planned_failover")

    def planned_failover(self, arguments: Mapping[str, Any]) -> Job:
        """Copy what is pending, make a point, shut down Azure, start on-premises (R47-R51).

        Raises:
            Refused: something isn't healthy (A16), or there is no app-consistent point (contract 11).
        """
        outcome = self.freedom.choose("planned_failover_under_fault")
        if outcome == "refused" and self.faults.any_of_health():
            raise Refused("planned failover isn't possible: something is not healthy")
        if outcome == "prerequisites_fail" and self.faults.any_of_health():
            return self.refuse_by_job("planned_failover", "The prerequisites of the planned failover aren't met.")
        point = None
        if arguments["recovery_point_type"] == APP_CONSISTENT:
            point = self.app_consistent_failback_point()  # it may make one, so only where nothing refuses any more
        job = self.start_job("planned_failover", self.planned_failover_steps(), phase=FAILING_BACK)
        job.point = point
        if outcome in ("fails", "prerequisites_fail"):
            job.trouble_at = PLANNED_FAILOVER_TASKS[1 if outcome == "fails" else 0]
        job.on_success = self.planned_failover_succeeds
        job.on_failure = self.planned_failover_fails
        job.on_cancel = self.planned_failover_is_cancelled
        self.planned_failover_job = job
        return job

    def planned_failover_steps(self) -> tuple[Step, ...]:
        """The tasks in their order: on-premises is started only after Azure has been shut down (R49, R50)."""
        prerequisites, prepare, shut_down, entities, start = PLANNED_FAILOVER_TASKS
        return (
            Step(prerequisites, _PLANNED_SECONDS[0]),
            Step(prepare, _PLANNED_SECONDS[1], self.drain_pending_changes),
            Step(shut_down, _PLANNED_SECONDS[2], self.leave_azure),
            Step(entities, _PLANNED_SECONDS[3], self.prepare_on_premises),
            Step(start, _PLANNED_SECONDS[4], self.start_on_premises_vm),
        )

    def app_consistent_failback_point(self) -> Point:
        """The newest app-consistent point. Without one either nothing is possible, or what had been processed at the
        trigger is used (A5; contract 11)."""
        now = self.clock.now
        point = self.points().newest(now, APP_CONSISTENT)
        if point is not None:
            return point
        if self.freedom.choose("planned_failover_without_app_consistent_point") == "refused" or not self.replication:
            raise Refused("there is no app-consistent point")
        return self.points().make(now, APP_CONSISTENT, self.replication.flow.processed(now))

    def drain_pending_changes(self, job: Job) -> None:
        """Copy what is pending (R47)."""
        if self.replication is not None:
            self.replication.flow.catch_up(self.clock.now, self.azure.sequence)

    def leave_azure(self, job: Job) -> None:
        """Shut Azure down, then make the point: so it holds all that was ever written there."""
        self.shut_down_azure_vm()
        if job.point is None:
            job.point = self.failback_point()
        self.stop_replication()

    def failback_point(self) -> Point:
        """A crash-consistent point made after the trigger, with nothing lost (R44, R48, A5)."""
        if self.replication is not None:
            self.replication.flow.catch_up(self.clock.now, self.azure.sequence)
        return self.points().make(self.clock.now, CRASH_CONSISTENT, self.azure.sequence)

    def prepare_on_premises(self, job: Job) -> None:
        """Put the point's data on the on-premises disks and take the snapshot that a cancel goes back to (R67)."""
        if job.point is not None:
            self.on_premises.sequence = job.point.sequence
        self.on_premises.take_snapshot()
        self.create_vmdk_disks()

    def planned_failover_succeeds(self, job: Job) -> None:
        """On-premises is active, nothing is replicated, the failback awaits its commit or cancel (S12, R51)."""
        self.active_site = ON_PREMISES
        self.carried = self.on_premises.sequence
        self.last_planned_failover = "succeeded"
        self.phase = FAILED_BACK

    def planned_failover_fails(self, job: Job) -> None:
        """The service itself begins to revert (R78); failing prerequisites may also just refuse (contract 8)."""
        if job.position == 0 and self.freedom.choose("failed_prerequisites_of_planned_failover") == "leave_the_phase":
            self.back_to_phase_before(job)
            return
        self.last_planned_failover = "failed"
        self.begin_automatic_revert()

    def planned_failover_is_cancelled(self, job: Job) -> None:
        """Cancelling the job also goes back to where it began (contract 5)."""
        self.last_planned_failover = "cancelled"
        self.begin_automatic_revert()

    # cancel_failover and the automatic revert (facts 2.8, 5.4).

    def can_cancel_failover(self) -> bool:
        """After a planned failover or a failed cancel (A4, R76); while a planned failover runs that is open."""
        if self.phase == FAILING_BACK:
            return self.freedom.choose("cancel_failover_while_failing_back") == "accepted"
        return self.lists("cancel_failover")

    def cancel_failover(self, arguments: Mapping[str, Any]) -> Job:
        """Go back to where the planned failover began (R65)."""
        self.end_planned_failover()
        job = self.start_job("cancel_failover", self.cancel_steps(), phase=CANCELLING_FAILBACK)
        job.on_success = self.failback_is_cancelled
        job.on_failure = self.manual_cancel_fails
        job.on_cancel = self.cancel_is_unfinished
        return job

    def end_planned_failover(self) -> None:
        """A planned failover that still runs ends cancelled, at once (A4)."""
        running = self.current_job
        if running is not None and running.operation == "planned_failover":
            running.on_cancel = None
            running.cancel()
            self.last_planned_failover = "cancelled"

    def begin_automatic_revert(self) -> None:
        """The service's own job that cancels the planned failover (R78)."""
        job = self.start_job("cancel_failover", self.cancel_steps(), phase=REVERTING_FAILBACK)
        job.on_success = self.failback_is_cancelled
        job.on_failure = job.on_cancel = self.cancel_is_unfinished

    def cancel_steps(self) -> tuple[Step, ...]:
        """The tasks in their order: revert, re-attach and resume, restart (R71)."""
        preflight, recovery, primary, start = CANCEL_FAILOVER_TASKS
        return (
            Step(preflight, _CANCEL_SECONDS[0]),
            Step(recovery, _CANCEL_SECONDS[1], self.revert_on_premises),
            Step(primary, _CANCEL_SECONDS[2]),
            Step(start, _CANCEL_SECONDS[3], self.start_azure_vm),
        )

    def revert_on_premises(self, job: Job) -> None:
        """Turn the on-premises machine off and undo what it did since it was turned on (R68, R69)."""
        self.turn_off_failed_back_machine()
        self.discard_on_premises_changes()
        self.discard_vmdk_disks()
        self.active_site = AZURE

    def turn_off_failed_back_machine(self) -> None:
        self.on_premises.turn_off()

    def discard_on_premises_changes(self) -> None:
        """The disks go back to the snapshot, if the planned failover came so far as to take one (A24)."""
        self.on_premises.restore_snapshot()

    def start_azure_vm(self, job: Job) -> None:
        """Azure goes on with all its data, also what the failback's point didn't carry over (R66; contract 12)."""
        self.azure.turn_on()

    def failback_is_cancelled(self, job: Job) -> None:
        """The state before the planned failover: protected in reverse, replication resumed (R70, R79)."""
        self.active_site = AZURE
        self.phase = REVERSE_PROTECTED
        self.resume_replication()

    def manual_cancel_fails(self, job: Job) -> None:
        """While nothing was changed a failed cancel may leave the failback as it was (contract 8)."""
        untouched = job.phase_before == FAILED_BACK and self.active_site == ON_PREMISES
        if untouched and self.freedom.choose("failed_cancel_from_failed_back") == "failed_back":
            self.back_to_phase_before(job)
        else:
            self.cancel_is_unfinished(job)

    def cancel_is_unfinished(self, job: Job) -> None:
        """A manual cancel is needed (R80); replication is suspended until it succeeds (facts 1.1, S15)."""
        self.stop_replication()
        self.phase = FAILBACK_CANCEL_FAILED
        self.tell_of_needed_cancel()

    def tell_of_needed_cancel(self) -> None:
        """The planned failover's job says so too, beside the item's health issue (R81, R82)."""
        if self.planned_failover_job is not None:
            self.planned_failover_job.report("cancel_needed", "Cancel the planned failover manually.")
