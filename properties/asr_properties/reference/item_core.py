"""What the parts of the replicated item's lifecycle share: its state, its jobs, its replication."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, Final

from ..contract.errors import Refused
from .clock import VirtualClock
from .configuration import Configuration
from .contract_words import (
    ABSENT,
    AZURE,
    DRILL_AWAITING_CLEANUP,
    NO_DRILL,
    NONE,
    NOT_REPLICATED,
    OFF,
    ON,
    ON_PREMISES,
    TO_AZURE,
    TO_ON_PREMISES,
)
from .faults import FAILING_SCENARIOS, Faults
from .freedom import Freedom
from .identifiers import Identifiers
from .jobs import FAILS, FAILS_ALONE, SUCCEEDS, Job, Step
from .machines import Machine
from .points import Point, Points
from .profile import Profile
from .replication import Flow, Replication

REFUSING_SECONDS: Final = 20
"""How long a job takes that only refuses."""


class ItemCore:
    """State of one virtual machine and its replication, and the primitives by which operations change it.

    The operations are in the subclasses. Each documented behaviour is a method of its own, so that a subclass can have
    that one behaviour wrong.
    """

    __slots__ = (
        "active_site",
        "azure",
        "carried",
        "clock",
        "configuration",
        "current_job",
        "drill",
        "failover_point",
        "faults",
        "freedom",
        "identifiers",
        "item_id",
        "jobs",
        "last_planned_failover",
        "last_sequence",
        "machines_before",
        "on_premises",
        "phase",
        "point_in_use",
        "profile_instance",
        "replicating",
        "replication",
        "resynchronize_offered",
        "reverse_points_listed",
    )

    profile: ClassVar[Profile]
    """What this class's profile calls and lists; each profile's item has its own."""

    def __init__(self, configuration: Configuration, identifiers: Identifiers, freedom: Freedom) -> None:
        self.configuration = configuration
        self.identifiers = identifiers
        self.freedom = freedom
        self.clock = VirtualClock()
        self.faults = Faults()
        self.on_premises = Machine(ON)
        self.equip_on_premises()
        self.azure = Machine(ABSENT)
        self.machines_before = (ON, self.azure)
        self.last_sequence = 0
        self.jobs: dict[str, Job] = {}
        self.current_job: Job | None = None
        self.forget_life()

    def forget_life(self) -> None:
        """Nothing is replicated, and nothing is known of an earlier replication; jobs stay listed."""
        self.item_id = ""
        self.phase = NOT_REPLICATED
        self.drill = NO_DRILL
        self.profile_instance = self.profile.forward
        self.active_site = ON_PREMISES
        self.replicating = NONE
        self.replication: Replication | None = None
        self.carried = 0
        self.failover_point: str | None = None
        self.point_in_use: Point | None = None
        self.last_planned_failover: str | None = None
        self.resynchronize_offered = False
        self.reverse_points_listed = False

    def equip_on_premises(self) -> None:
        """Give the fresh machine its disks."""

    # Machines and the data on them.

    def machine(self, site: str) -> Machine:
        """The machine of a site."""
        return self.on_premises if site == ON_PREMISES else self.azure

    def power(self, site: str) -> str:
        """`on`, `off` or `absent`; production in Azure reads `off` while `azure_vm_off` is on (contract 7)."""
        power = self.machine(site).power
        if site == AZURE and power == ON and self.faults.azure_vm_reads_off():
            return OFF
        return power

    def write(self) -> int:
        """The guest at the active site writes one record (contract, method write); gives its sequence number.

        Raises:
            Refused: the machine there isn't on.
        """
        site = self.active_site
        if self.power(site) != ON:
            raise Refused("the machine at the active site is not on")
        sequence = self.next_sequence()
        self.machine(site).sequence = sequence
        if self.replication is not None and self.replication.source == site:
            self.replication.flow.write(self.clock.now, sequence)
        return sequence

    def next_sequence(self) -> int:
        """A sequence number that was never used, not even by a record discarded since (contract 12)."""
        self.last_sequence += 1
        return self.last_sequence

    # Replication.

    def start_replication(self, source: str) -> Replication:
        """Begin the replication from `source` to the other site: an initial one first (facts 2.1, 2.6, 2.9)."""
        flow = Flow(self.carried)
        stalled = self.faults.stall(reverse=source == AZURE)
        self.replication = Replication(self.clock, source, flow, self.new_points(flow), stalled=stalled)
        self.replicating = TO_AZURE if source == ON_PREMISES else TO_ON_PREMISES
        return self.replication

    def new_points(self, flow: Flow) -> Points:
        """Points at the intervals and with the retention configured (X20, facts 3.1 and 3.2)."""
        configuration = self.configuration
        return Points(
            self.identifiers.new("point"),
            configuration.crash_consistent_minutes * 60,
            configuration.app_consistent_minutes * 60,
            configuration.retention_minutes * 60,
            configuration.multi_vm_group is not None,
            flow.processed_at,
        )

    def stop_replication(self) -> None:
        """Replicate no more until `resume_replication`; the points stay (R32)."""
        self.replicating = NONE
        if self.replication is not None:
            self.replication.stop()

    def resume_replication(self) -> None:
        """Replicate again in the same direction as before (R70)."""
        if self.replication is not None:
            self.replicating = TO_AZURE if self.replication.source == ON_PREMISES else TO_ON_PREMISES
            self.replication.resume()

    def points(self) -> Points:
        """The points of the replication that there is or was last."""
        if self.replication is None:
            raise Refused("nothing is replicated")
        return self.replication.points

    def faults_changed(self) -> None:
        """While a fault of health lasts, data stands still and no points are made (contract 7)."""
        if self.replication is not None:
            self.replication.stall(self.faults.stall(reverse=self.replication.source == AZURE))

    # Jobs.

    def start_job(self, operation: str, steps: Sequence[Step], *, phase: str | None = None) -> Job:
        """Begin the job of an operation and enter its transitional phase; a job that gives way to others ends."""
        running = self.current_job
        if running is not None and self.gives_way(running):
            running.cancel()
        job = Job(
            self.identifiers.new("job"), operation, self.profile.operations[operation].scenario, steps, self.clock, self
        )
        job.phase_before = self.phase
        job.may_cancel = self.freedom.choose("cancel_job") == "accepted"
        failing = FAILING_SCENARIOS.get(job.scenario)
        if failing is not None:
            place = self.freedom.choose("fault_without_task")
            job.fails_from = failing[1] if place == "main_task" else 0 if place == "first_task" else len(steps) - 1
        self.jobs[job.id] = job
        self.current_job = job
        if phase is not None:
            self.phase = phase
        job.begin()
        return job

    def task_ends(self, job: Job, task: str) -> str:
        """How a task ends, decided at its end (contract 7)."""
        if job.refusing:
            return FAILS
        active = self.faults.active
        if not active and not job.in_trouble:
            return SUCCEEDS
        failing = FAILING_SCENARIOS.get(job.scenario)
        if failing is not None and failing[0] in active:
            chosen = active[failing[0]]
            if chosen == task or (chosen is None and job.position >= job.fails_from):
                return FAILS
        if task == job.trouble_at and (job.in_trouble or self.faults.any_of_health()):
            return FAILS
        if self.faults.fails_alone(task):
            return self.failed_source_shutdown()
        return SUCCEEDS

    def failed_source_shutdown(self) -> str:
        """The failover goes on even when the shutdown of the source fails (R24)."""
        return FAILS_ALONE

    def job_ended(self, job: Job) -> None:
        """Have the end of the job take effect on the item."""
        if self.current_job is job:
            self.current_job = None
        effect = {"succeeded": job.on_success, "failed": job.on_failure, "cancelled": job.on_cancel}[job.state]
        if effect is not None:
            effect(job)

    def back_to_phase_before(self, job: Job) -> None:
        """The phase in which the job began: what a job leads to that changed nothing (contract 5)."""
        self.phase = job.phase_before

    # What is allowed.

    def allowed_operations(self) -> list[str]:
        """The operations listed now (facts 1.1; contract 2): none while a job runs; while a drill awaits its cleanup,
        only that (X15)."""
        job = self.current_job
        if job is not None and not self.lets_operations_through(job):
            return []
        if self.drill != NO_DRILL:
            return ["clean_up_test_failover"] if self.drill == DRILL_AWAITING_CLEANUP else []
        return list(self.profile.allowed.get(self.phase, ()))

    def lets_operations_through(self, job: Job) -> bool:
        """Whether operations are possible while the job runs."""
        return False

    def gives_way(self, job: Job) -> bool:
        """Whether the job ends when another one begins."""
        return False

    def lists(self, operation: str) -> bool:
        """Whether the operation is listed now; what isn't listed is refused (X02)."""
        return operation in self.allowed_operations()

    @property
    def reverse(self) -> bool:
        """Whether the item is in its reverse half: Azure is protected by on-premises (facts 1.0)."""
        return self.profile_instance == self.profile.reverse

    # Health.

    def health_issues(self) -> list[dict[str, Any]]:
        """What ails the item: the faults that are on, and what the phase itself tells (R82, F5, F9)."""
        issues: list[dict[str, Any]] = list(self.faults.issues()) if self.faults.active else []
        told = PHASE_ISSUES.get(self.phase)
        if told is not None:
            issues.append({"code": self.phase, "message": told})
        return issues


PHASE_ISSUES: Final = {
    "enabling_failed": "Protection couldn't be enabled.",
    "failover_failed": "The failover couldn't be completed; it can be tried again.",
    "failover_aborted": "The failover was cancelled; the machine is not replicated any more.",
    "failback_cancel_failed": "The planned failover couldn't be cancelled; cancel it manually.",
}
