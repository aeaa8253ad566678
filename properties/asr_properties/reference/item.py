"""What a replicated item of every profile has in common: admission of requests, cancelling of jobs, observation."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from ..contract.errors import Refused
from .contract_words import NO_DRILL, NONE, NOT_REPLICATED
from .failing_back import FailingBack
from .item_core import REFUSING_SECONDS
from .jobs import Job, Step


class CommonItem(FailingBack):
    """One virtual machine with all that the service does for it; how it fails back is up to the profile."""

    __slots__ = ()

    def request(self, operation: str, arguments: Mapping[str, Any]) -> Job:
        """Begin an operation; its arguments must fit.

        Raises:
            Refused: the item's state, its points or its surroundings decide so; instead the job given may be one that
                only refuses (contract 1).
        """
        try:
            if not self.accepts(operation):
                if operation == "enable_replication" and self.enables_without_effect():
                    return self.job_beside(operation)
                raise Refused(f"{operation} is not possible in {self.phase}")
            job: Job = getattr(self, operation)(arguments)
        except Refused as refusal:
            return self.refuse(operation, refusal)
        return job

    def accepts(self, operation: str) -> bool:
        """Whether the item's state allows the operation (X02, X21); its arguments are looked at later."""
        can: Callable[[], bool] = getattr(self, f"can_{operation}")
        return can()

    def refuse(self, operation: str, refusal: Refused) -> Job:
        """Refuse at once or by a job (facts 5.12)."""
        if self.freedom.choose("refusal") == "at_once":
            raise refusal
        return self.refuse_by_job(operation, refusal.reason)

    def refuse_by_job(self, operation: str, reason: str) -> Job:
        """A job that fails and changes nothing. It doesn't count as running (contract 1)."""
        job = self.job_beside(operation)
        job.refusing = True
        job.on_failure = partial(Job.report, code="refused", message=reason)
        return job

    def enables_without_effect(self) -> bool:
        """Whether enabling what is enabled and at rest is accepted, and changes nothing (contract 1, F17)."""
        at_rest = self.phase in self.profile.allowed and self.current_job is None and self.drill == NO_DRILL
        return at_rest and self.freedom.choose("enable_of_an_enabled_item") == "without_effect"

    def job_beside(self, operation: str) -> Job:
        """Begin a job that changes nothing and does not count as running."""
        row = self.profile.operations[operation]
        steps = (Step(row.first_task, REFUSING_SECONDS),)
        job = Job(self.identifiers.new("job"), operation, row.scenario, steps, self.clock, self)
        job.may_cancel = self.freedom.choose("cancel_job") == "accepted"
        self.jobs[job.id] = job
        job.begin()
        return job

    def listed_jobs(self) -> list[str]:
        """The ids of all jobs, newest first; those that the service began itself included (X09)."""
        return list(reversed(self.jobs))

    def cancel_job(self, job: Job) -> None:
        """Cancel a running job, if it can be (contract 5).

        Raises:
            Refused: it has ended, or can't be cancelled.
        """
        if not self.can_cancel_job(job):
            raise Refused("the job can't be cancelled")
        if job.operation == "fail_over" and not job.refusing:
            self.cancel_failover_job(job)
        else:
            job.cancel()

    def can_cancel_job(self, job: Job) -> bool:
        """Whether cancelling is possible was decided when the job began; what has ended can't be cancelled."""
        return job.running and job.may_cancel

    def inject(self, fault: str, task: str | None) -> None:
        """Turn a fault on (contract 7)."""
        self.faults.inject(fault, task)
        self.faults_changed()

    def clear(self, fault: str) -> None:
        """Turn a fault off (contract 7)."""
        self.faults.clear(fault)
        self.faults_changed()

    # Observation (contract, section Observation).

    def observation(self) -> dict[str, Any] | None:
        """The item as `item` gives it; None when nothing is replicated."""
        if self.phase == NOT_REPLICATED:
            return None
        issues = self.health_issues()
        job = self.current_job
        return {
            "id": self.item_id,
            "phase": self.phase,
            "profile_instance": self.profile_instance,
            "active_site": self.active_site,
            "replicating": self.replicating,
            "allowed_operations": self.allowed_operations(),
            "drill": self.drill,
            "health": "critical" if issues else NONE if self.replicating == NONE else "normal",
            "health_issues": issues,
            "failover_recovery_point": self.failover_point,
            "last_planned_failover": self.last_planned_failover,
            "current_job": None if job is None else job.id,
        }

    def recovery_points(self) -> list[dict[str, Any]]:
        """The points listed, newest first; in the reverse direction possibly none (contract 11)."""
        if self.replication is None or (self.reverse and not self.reverse_points_listed):
            return []
        return [point.shown() for point in self.replication.points.listed(self.clock.now)]

    def replicated(self) -> dict[str, int]:
        """The newest records received and processed (contract, method replication); 0 when nothing is replicated."""
        if self.replication is None:
            return {"sent": 0, "processed": 0}
        flow, now = self.replication.flow, self.clock.now
        return {"sent": flow.sent(now), "processed": flow.processed(now)}

    def shown_machine(self, site: str) -> dict[str, Any]:
        """The machine of a site as `machine` gives it."""
        machine = self.machine(site)
        return {"power": self.power(site), "sequence": machine.sequence if machine.exists else None}
