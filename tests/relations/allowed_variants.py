"""Correct implementations that differ from the reference in what the contract leaves free. None of them may fail."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from asr_properties.reference import ReplicatedItem
from asr_properties.reference.jobs import Job, Step
from asr_properties.reference.replication import Flow
from asr_properties.reference.service import FIELDS

MINUTE, HOUR = 60.0, 3600.0


# How long things take.


class NoTime(ReplicatedItem):
    """Jobs take no time at all."""

    __slots__ = ("shown",)

    def start_job(self, operation: str, steps: Sequence[Step], *, phase: str | None = None) -> Job:
        return super().start_job(operation, [step._replace(seconds=0) for step in steps], phase=phase)

    def request(self, operation: str, arguments: Any) -> Job:
        job = super().request(operation, arguments)
        self.clock.run_until(self.clock.now)
        return job

    def recovery_points(self) -> list[dict[str, Any]]:
        """A point holds what it held first: the reference lets one grow within the instant in which it is made."""
        self.shown = getattr(self, "shown", {})
        return [self.shown.setdefault(point["id"], point) for point in super().recovery_points()]


class ProtectedInNoTime(NoTime):
    """Nor does the first replication, and the first point is made with it."""

    __slots__ = ()

    def start_initial_replication(self) -> None:
        self.phase = "initial_replication"
        self.start_replication("on_premises").take(0, self.initial_replication_completes)

    def initial_replication_completes(self) -> None:
        assert self.replication is not None
        self.phase = "awaiting_first_recovery_point"
        self.replication.finish_initial(self.on_premises.sequence)
        self.replication.take(0, self.first_point_is_made)


class LongJobs(ReplicatedItem):
    """Jobs take twenty hours more, but for the service's own revert, which may take four."""

    __slots__ = ()

    def start_job(self, operation: str, steps: Sequence[Step], *, phase: str | None = None) -> Job:
        more = 0 if phase == "reverting_failback" else 20 * HOUR
        first, *rest = steps
        return super().start_job(operation, [first._replace(seconds=first.seconds + more), *rest], phase=phase)


class LateRecords(Flow):
    """Received after nine minutes, processed after 45 more."""

    __slots__ = ()

    def write(self, now: float, sequence: int) -> None:
        self._unsent.append((now + 9 * MINUTE, sequence))

    def release(self, now: float) -> None:
        if self._held:
            super().release(now)
            self._unsent = type(self._unsent)((now + 9 * MINUTE, sequence) for _, sequence in self._unsent)
            self._unprocessed = type(self._unprocessed)((now + 45 * MINUTE, s) for _, s in self._unprocessed)

    def _settle(self, now: float) -> None:
        if self._held:
            return
        while self._unsent and self._unsent[0][0] <= now:
            received, self._sent = self._unsent.popleft()
            self._unprocessed.append((received + 45 * MINUTE, self._sent))
        super()._settle(now)


class SlowReplication(ReplicatedItem):
    """A record is received after nine minutes and in a point before the hour is over."""

    __slots__ = ()

    def start_replication(self, source: str) -> Any:
        replication = super().start_replication(source)
        flow = LateRecords(self.carried)
        replication.flow, replication.points = flow, self.new_points(flow)
        return replication


# What the item tells.


class PointInUseToldInReverse(ReplicatedItem):
    """In the reverse direction the item names its newest point, whichever that is (free there)."""

    __slots__ = ()

    def observation(self) -> dict[str, Any] | None:
        shown = super().observation()
        if shown is not None and self.reverse and self.replication is not None:
            newest = self.replication.points.newest(self.clock.now)
            shown["failover_recovery_point"] = None if newest is None else newest.id
        return shown


class CommittedPointKeptInReverse(ReplicatedItem):
    """In the reverse direction the committed point is listed, beside those made there from the beginning."""

    __slots__ = ("committed",)

    def commit_failover_in_reprotect(self, job: Job) -> None:
        super().commit_failover_in_reprotect(job)
        self.committed = self.point_in_use

    def reprotected_to_on_premises(self, job: Job) -> None:
        super().reprotected_to_on_premises(job)
        assert self.replication is not None
        self.replication.points.make(self.clock.now, "crash_consistent", self.azure.sequence)

    def recovery_points(self) -> list[dict[str, Any]]:
        listed = super().recovery_points()
        point = getattr(self, "committed", None)
        if self.reverse and point is not None:
            return [*listed, point.shown()]
        return listed


class HiddenWhileFailingBack(ReplicatedItem):
    """Points of the reverse direction are not listed while the item fails back, and are listed again after a cancel."""

    __slots__ = ()

    def recovery_points(self) -> list[dict[str, Any]]:
        return super().recovery_points() if self.phase in ("protected", "reverse_protected") or not self.reverse else []


class OneIdForGood(ReplicatedItem):
    """The item keeps its id when it is enabled again."""

    __slots__ = ("first_id",)

    def begin_life(self) -> None:
        super().begin_life()
        if not hasattr(self, "first_id"):
            self.first_id = self.item_id
        self.item_id = self.first_id


class FormerJobsForgotten(ReplicatedItem):
    """The jobs of a former life are not listed any more."""

    __slots__ = ("forgotten",)

    def begin_life(self) -> None:
        super().begin_life()
        self.forgotten = set(self.jobs)

    def listed_jobs(self) -> list[str]:
        return [job for job in super().listed_jobs() if job not in getattr(self, "forgotten", ())]


class ListsInAnyOrder(ReplicatedItem):
    """The order of the allowed operations differs from look to look."""

    __slots__ = ("looks",)

    def allowed_operations(self) -> list[str]:
        self.looks = getattr(self, "looks", 0) + 1
        return super().allowed_operations()[:: 1 if self.looks % 2 else -1]


class ActiveBeforeTheEnd(ReplicatedItem):
    """The site is active, and its guest writes, as soon as its machine is on: a while before the job ends."""

    __slots__ = ()

    def failover_steps(self, shut_down_source: bool) -> tuple[Step, ...]:
        return (*super().failover_steps(shut_down_source), Step("VmFoFinish", 600))

    def start_failed_over_vm(self, job: Job) -> None:
        super().start_failed_over_vm(job)
        if job.operation == "fail_over":
            self.active_site = "azure"

    def failover_fails(self, job: Job) -> None:
        self.active_site = "on_premises"
        super().failover_fails(job)

    def failover_is_aborted(self, job: Job) -> None:
        self.active_site = "on_premises"
        super().failover_is_aborted(job)

    def planned_failover_steps(self) -> tuple[Step, ...]:
        return (*super().planned_failover_steps(), Step("VmFoFinish", 600))

    def start_on_premises_vm(self, job: Job) -> None:
        super().start_on_premises_vm(job)
        self.active_site = "on_premises"

    def cancel_steps(self) -> tuple[Step, ...]:
        return (*super().cancel_steps(), Step("CancelFailoverFinish", 600))


# What is null, and what is not there.


class NullNowAndThen(ReplicatedItem):
    """At every other look one field after the other is null: it is not known just now."""

    __slots__ = ("looks",)

    NAMES = ("id", "phase", "profile_instance", "active_site", "replicating", "allowed_operations", "drill", "health",
             "health_issues")  # fmt: skip

    def observation(self) -> dict[str, Any] | None:
        shown = super().observation()
        self.looks = getattr(self, "looks", 0) + 1
        if shown is not None and self.looks % 2:
            shown[self.NAMES[self.looks // 2 % len(self.NAMES)]] = None
        return shown


class NoIdJustNow(ReplicatedItem):
    """While a job runs, one that only refuses included, the item has no id."""

    __slots__ = ()

    def observation(self) -> dict[str, Any] | None:
        shown = super().observation()
        if shown is not None and any(job.running for job in self.jobs.values()):
            shown["id"] = None
        return shown


class NotReplicatedIsAPhase(ReplicatedItem):
    """Of an item that is not replicated there is an observation, with nothing but what it would show anyway."""

    __slots__ = ("looks",)

    def shown_when_not_replicated(self) -> dict[str, Any]:
        return dict.fromkeys(FIELDS) | {"phase": "not_replicated"}

    def observation(self) -> dict[str, Any] | None:
        self.looks = getattr(self, "looks", 0) + 1
        shown = super().observation()
        return self.shown_when_not_replicated() if shown is None and self.looks % 3 else shown


class NotReplicatedTellsMuch(NotReplicatedIsAPhase):
    """Of an item that is not replicated every field is told, its old id included."""

    __slots__ = ()

    def shown_when_not_replicated(self) -> dict[str, Any]:
        return {
            "id": self.item_id or f"machine-{self.looks}",
            "phase": "not_replicated",
            "profile_instance": None,
            "active_site": "on_premises",
            "replicating": "none",
            "allowed_operations": ["enable_replication"],
            "drill": "no_drill",
            "health": "none",
            "health_issues": [],
            "failover_recovery_point": None,
            "last_planned_failover": None,
            "current_job": None,
        }


# Jobs of the service's own.


class JobsOfItsOwn(ReplicatedItem):
    """Whenever a job ends, the service begins one of its own that changes no field: an agent registers, say."""

    __slots__ = ()

    NAME = "MobilityAgentRegistration"
    SECONDS = 400

    def job_ended(self, job: Job) -> None:
        super().job_ended(job)
        if job.operation != "own":
            self.begin_own_job()

    def begin_own_job(self) -> None:
        steps = (Step("RegisterAgent", self.SECONDS), Step("ReportHealth", 30))
        own = Job(self.identifiers.new("job"), "own", self.NAME, steps, self.clock, self)
        self.jobs[own.id] = own
        own.begin()


class OwnJobsLikeReverts(JobsOfItsOwn):
    """The service's own jobs cannot be told from reverts by their scenario."""

    __slots__ = ()

    NAME = "CancelFailover"


class EndlessJobsOfItsOwn(JobsOfItsOwn):
    """The service's own jobs go on for days."""

    __slots__ = ()

    SECONDS = 400_000


class FailingJobsOfItsOwn(JobsOfItsOwn):
    """The service's own jobs fail, and have no error."""

    __slots__ = ()

    def task_ends(self, job: Job, task: str) -> str:
        return "fails" if job.operation == "own" else super().task_ends(job, task)

    def job_ended(self, job: Job) -> None:
        super().job_ended(job)
        if job.operation == "own":
            job.errors.clear()


# Jobs that fail, and jobs without effect.


class JobsFailInBadHealth(ReplicatedItem):
    """While something is not healthy every job fails that has no other way to, and leaves the item as before."""

    __slots__ = ()

    FAILING = ("disable_replication", "commit", "change_recovery_point", "clean_up_test_failover", "resynchronize")

    def start_job(self, operation: str, steps: Sequence[Step], *, phase: str | None = None) -> Job:
        job = super().start_job(operation, steps, phase=phase)
        if operation in self.FAILING:
            job.trouble_at = steps[0].name
        return job

    def request(self, operation: str, arguments: Any) -> Job:
        job = super().request(operation, arguments)
        if operation in self.FAILING and not job.refusing and operation != "clean_up_test_failover":
            job.on_failure = job.on_cancel or job.on_failure  # what a cancelled job leaves is the item as before
        return job


class DrillsFailAtOnce(ReplicatedItem):
    """A drill that fails does so before anybody can look, and leaves none."""

    __slots__ = ()

    def drill_fails(self, job: Job) -> None:
        self.drill = "no_drill"

    def test_failover(self, arguments: Any) -> Job:
        job = super().test_failover(arguments)
        if "failover_fails" in self.faults.active:
            job.fails_from = 0
            self.faults.inject("failover_fails", None)
            job.steps = [step._replace(seconds=0) for step in job.steps]
            job._clock.withdraw(job._event)  # type: ignore[arg-type]
            job._task_due()
        return job


class EnabledAgainInNoTime(ReplicatedItem):
    """Enabling what is enabled is accepted, and has ended before anybody can look."""

    __slots__ = ()

    def enables_without_effect(self) -> bool:
        return self.phase in self.profile.allowed and self.current_job is None and self.drill == "no_drill"

    def job_beside(self, operation: str) -> Job:
        job = super().job_beside(operation)
        if operation == "enable_replication" and self.enables_without_effect():
            job._clock.withdraw(job._event)  # type: ignore[arg-type]
            job._task_due()
        return job
