"""Failover from on-premises to Azure: the failover, its recovery point, its commit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ..contract.errors import Refused
from .contract_words import (
    APP_CONSISTENT,
    AZURE,
    CHANGING_RECOVERY_POINT,
    COMMITTING_FAILOVER,
    CRASH_CONSISTENT,
    FAILED_OVER,
    FAILING_OVER,
    FAILOVER_ABORTED,
    FAILOVER_COMMITTED,
    FAILOVER_FAILED,
    PROTECTED,
)
from .enabling import Enabling
from .faults import FAILOVER_TASKS
from .jobs import Job, Step
from .points import Point
from .replication import Replication

HYDRATION_SECONDS: Final = 9 * 60
"""The extra step for Linux, no DHCP, or missing boot drivers: about 8-10 minutes (R26)."""

ABORTING_SECONDS: Final = 30
"""From the cancelling of a failover's job to its end."""

_TASK_SECONDS: Final = (60, 170, 250, 160)


class TowardsAzure(Enabling):
    """fail_over, change_recovery_point, and commit after a failover."""

    __slots__ = ()

    # Selecting a recovery point (facts 3.3).

    def select_point(self, option: str) -> Point | None:
        """The point that an option or id names; None for `latest`, whose point is only made.

        Raises:
            Refused: no listed point serves the option (A20), or the id is unknown.
        """
        if option == "latest":
            return None
        if option == "latest_processed":
            point = self.latest_processed_point()
        elif option == "latest_app_consistent":
            point = self.latest_app_consistent_point()
        else:
            point = self.point_named(option)
        if point is None:
            raise Refused(f"no recovery point serves {option!r}")
        return point

    def latest_processed_point(self) -> Point | None:
        """The newest point there is; none is made for it (R19, R20)."""
        return self.points().newest(self.clock.now)

    def latest_app_consistent_point(self) -> Point | None:
        """The newest app-consistent point there is (R21)."""
        return self.points().newest(self.clock.now, APP_CONSISTENT)

    def point_named(self, point_id: str) -> Point | None:
        """The point of this id (R22)."""
        return self.points().find(self.clock.now, point_id)

    def latest_point(self, replication: Replication) -> Point:
        """All that was received is processed first; if nothing was pending, the newest point serves (R17, R18, A17)."""
        now = self.clock.now
        sequence = replication.flow.process_received(now)
        newest = replication.points.newest(now)
        if newest is not None and newest.sequence == sequence:
            return newest
        return replication.points.make(now, CRASH_CONSISTENT, sequence)

    def make_latest_point(self, job: Job) -> None:
        """A job for `latest` gets its point when its failover proper ends."""
        if job.point is None and self.replication is not None:
            if job.source_shut_down:
                self.bring_over_last_changes(self.replication)
            job.point = self.latest_point(self.replication)

    def bring_over_last_changes(self, replication: Replication) -> None:
        """What a source that was shut down had not sent before may still come along, if data can flow (contract 12)."""
        if self.faults.stall(reverse=self.reverse):
            return
        if self.freedom.choose("changes_before_the_shutdown") == "brought_over":
            replication.flow.catch_up(self.clock.now, self.machine(replication.source).sequence)

    # fail_over (facts 2.3).

    def can_fail_over(self) -> bool:
        """When protected or after a failed failover, whatever the health (X11, A25)."""
        return self.lists("fail_over")

    def fail_over(self, arguments: Mapping[str, Any]) -> Job:
        """Stop replication, shut the source down if asked, build the machine in Azure from the point, start it.

        Raises:
            Refused: no listed point serves the option (A20), or the id is unknown.
        """
        point = self.select_point(arguments["recovery_point"])
        self.stop_replication()
        job = self.start_job("fail_over", self.failover_steps(arguments["shut_down_source"]), phase=FAILING_OVER)
        self.bind_settings()
        job.point = point
        job.on_success = self.failover_succeeds
        job.on_failure = self.failover_fails
        job.on_cancel = self.failover_is_aborted
        return job

    def failover_steps(self, shut_down_source: bool) -> tuple[Step, ...]:
        """The tasks in their order: the source is shut down before the failover proper begins (R23)."""
        prerequisites, shutdown, failover, start = FAILOVER_TASKS
        extra = HYDRATION_SECONDS if self.configuration.needs_hydration else 0
        return (
            Step(prerequisites, _TASK_SECONDS[0]),
            Step(shutdown, _TASK_SECONDS[1], self.shut_down_source, skipped=not shut_down_source),
            Step(failover, _TASK_SECONDS[2] + extra, self.build_azure_vm),
            Step(start, _TASK_SECONDS[3], self.start_failed_over_vm),
        )

    def shut_down_source(self, job: Job) -> None:
        """Shut the on-premises machine down (R23)."""
        self.on_premises.turn_off()
        job.source_shut_down = True

    def build_azure_vm(self, job: Job) -> None:
        """Make the machine in Azure from the chosen point (R36)."""
        self.make_latest_point(job)
        self.azure.create()
        self.give_settings()
        self.equip_azure()
        self.apply_point(job)

    def apply_point(self, job: Job) -> None:
        """The disks in Azure hold what the point holds."""
        if job.point is not None:
            self.azure.sequence = job.point.sequence

    def start_failed_over_vm(self, job: Job) -> None:
        self.azure.turn_on()

    def failover_succeeds(self, job: Job) -> None:
        """Azure is active, nothing is replicated, the failover awaits its commit (S6)."""
        self.active_site = AZURE
        self.phase = FAILED_OVER
        self.use_point(job)
        self.leave_points_to_retention()

    def use_point(self, job: Job) -> None:
        """Tell of the point that the machine in Azure was built from."""
        if job.point is not None:
            self.failover_point = job.point.id
            self.point_in_use = job.point
            self.carried = job.point.sequence

    def failover_fails(self, job: Job) -> None:
        """The site is unchanged and the failover can be tried again, not committed (X18, A25, F5)."""
        self.azure.remove()
        if job.source_shut_down and self.freedom.choose("source_after_failed_failover") == "turned_on":
            self.on_premises.turn_on()
        if self.freedom.choose("failed_failover") == "protected":
            self.phase = PROTECTED
            self.resume_replication()
        else:
            self.phase = FAILOVER_FAILED
            self.leave_points_to_retention()

    def leave_points_to_retention(self) -> None:
        """Without replication no point is made; whether retention still deletes some is not said anywhere."""
        if self.freedom.choose("points_without_replication") == "pruned":
            self.points().thaw()

    # Cancelling the job of a failover (A1).

    def cancel_failover_job(self, job: Job) -> None:
        """Accepted: the failover stops, maybe after a while (R33)."""
        if self.freedom.choose("cancelled_failover_ends") == "at_once":
            job.cancel()
        else:
            job.halt()
            self.clock.after(ABORTING_SECONDS, job.cancel)

    def failover_is_aborted(self, job: Job) -> None:
        """Replication has stopped and never starts again; only disabling is left (R34, SX)."""
        self.phase = FAILOVER_ABORTED
        outcome = self.freedom.choose("machines_after_abort")
        if outcome == "source_turned_on":
            self.on_premises.turn_on()
        elif outcome == "azure_vm_left_on":
            self.give_settings()
            self.equip_azure()
            self.azure.turn_on()

    # change_recovery_point (facts 2.4).

    def can_change_recovery_point(self) -> bool:
        """Only between a failover and its commit (R37, R38)."""
        return self.lists("change_recovery_point")

    def change_recovery_point(self, arguments: Mapping[str, Any]) -> Job:
        """Build the machine in Azure again, from another point; what it wrote is lost.

        Raises:
            Refused: no such point is listed. Option words name none (contract 11).
        """
        point = self.point_named(arguments["recovery_point"]) or self.unlisted_point(arguments["recovery_point"])
        if point is None:
            raise Refused("no such recovery point")
        steps = (
            Step("ApplyRecoveryPointPrerequisitesCheck", 30, self.stop_azure_vm_for_change),
            Step("ApplyRecoveryPoint", 270, self.apply_point),
        )
        job = self.start_job("change_recovery_point", steps, phase=CHANGING_RECOVERY_POINT)
        job.point = point
        job.on_success = self.recovery_point_is_changed
        job.on_cancel = self.change_is_cancelled
        return job

    def unlisted_point(self, point_id: str) -> Point | None:
        """The point in use can be changed to; once retention has deleted it, maybe not (contract 11)."""
        in_use = self.point_in_use
        if in_use is None or in_use.id != point_id:
            return None
        return in_use if self.freedom.choose("change_to_an_unlisted_point_in_use") == "accepted" else None

    def stop_azure_vm_for_change(self, job: Job) -> None:
        self.azure.turn_off()

    def recovery_point_is_changed(self, job: Job) -> None:
        """The failover awaits its commit as before, with the other point; all points stay (S6c)."""
        self.azure.turn_on()
        self.phase = FAILED_OVER
        self.use_point(job)
        self.leave_points_to_retention()

    def change_is_cancelled(self, job: Job) -> None:
        self.azure.turn_on()
        self.back_to_phase_before(job)

    # commit after a failover (facts 2.5).

    def commit_failover(self) -> Job:
        """Make the failover final."""
        steps = (Step("VmCommitPrerequisitesCheck", 0.5), Step("VmCommit", 0.5))
        job = self.start_job("commit", steps, phase=COMMITTING_FAILOVER)
        job.on_success = self.failover_is_committed
        job.on_cancel = self.back_to_phase_before
        return job

    def failover_is_committed(self, job: Job) -> None:
        self.phase = FAILOVER_COMMITTED
        self.delete_other_points()

    def delete_other_points(self) -> None:
        """No point is left, except possibly the committed one (R40, A6)."""
        left = self.failover_point if self.freedom.choose("points_after_commit") == "committed_one" else None
        self.points().keep_only(self.clock.now, left)
