"""Enabling and disabling replication, the initial replication towards Azure, resynchronizing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ..contract.errors import Refused
from .appliances import Appliances
from .contract_words import (
    ABSENT,
    AWAITING_FIRST_RECOVERY_POINT,
    DISABLING_REPLICATION,
    ENABLING_FAILED,
    ENABLING_REPLICATION,
    INITIAL_REPLICATION,
    NO_DRILL,
    NONE,
    NOT_REPLICATED,
    ON_PREMISES,
    PROTECTED,
)
from .jobs import Job, Step
from .machines import Machine
from .operations import RESYNCHRONIZABLE

INITIAL_REPLICATION_SECONDS: Final = 25 * 60
FIRST_POINT_SECONDS: Final = 20 * 60


class Enabling(Appliances):
    """From not_replicated to protected, and back."""

    __slots__ = ()

    # enable_replication (facts 2.1).

    def can_enable_replication(self) -> bool:
        """Only what isn't replicated can be enabled."""
        return self.phase == NOT_REPLICATED

    def enable_replication(self, arguments: Mapping[str, Any]) -> Job:
        """Begin a new life of the item."""
        outcome = self.freedom.choose("enable_under_fault")
        if outcome == "refused" and self.faults.any_of_health():
            raise Refused("replication can't be enabled: something is not healthy")
        self.begin_life()
        job = self.start_job(
            "enable_replication",
            (Step("EnableDrPrerequisitesCheck", 60), Step("InstallMobilityAgent", 900), Step("EnableDr", 660)),
            phase=ENABLING_REPLICATION,
        )
        if outcome not in ("works", "refused"):
            job.trouble_at = "EnableDr"
            job.outcome = outcome
        job.on_success = self.enabling_succeeds
        job.on_failure = self.enabling_fails
        job.on_cancel = self.enabling_is_cancelled
        return job

    def begin_life(self) -> None:
        """A new item: the on-premises machine is on and active, a machine left in Azure is not its own (contract 5)."""
        self.item_id = self.identifiers.new("item")
        self.machines_before = (self.on_premises.power, self.azure)
        self.on_premises.turn_on()
        self.forget_before_failback()
        self.azure = Machine(ABSENT)
        self.begin_settings()
        self.resynchronize_offered = self.freedom.choose("resynchronize") == "offered"

    def enabling_succeeds(self, job: Job) -> None:
        self.start_initial_replication()

    def enabling_fails(self, job: Job) -> None:
        """Either a phase of its own, in which only disabling is left, or as if nothing had been asked (F9)."""
        if job.outcome == NOT_REPLICATED:
            self.undo_enabling()
        else:
            self.phase = ENABLING_FAILED

    def enabling_is_cancelled(self, job: Job) -> None:
        self.undo_enabling()

    def undo_enabling(self) -> None:
        """As before the request, the power of the machines included (contract 1)."""
        self.on_premises.power, self.azure = self.machines_before
        self.forget_life()

    # The initial replication towards Azure (S2, S3), after enable and after reprotect alike.

    def start_initial_replication(self) -> None:
        """All that the machine holds is sent first (S2)."""
        self.phase = INITIAL_REPLICATION
        self.start_replication(ON_PREMISES).take(INITIAL_REPLICATION_SECONDS, self.initial_replication_completes)

    def initial_replication_completes(self) -> None:
        """Then changes flow, and the first recovery point is awaited (S3)."""
        if self.replication is not None:
            self.phase = AWAITING_FIRST_RECOVERY_POINT
            self.replication.finish_initial(self.on_premises.sequence)
            self.replication.take(FIRST_POINT_SECONDS, self.first_point_is_made)

    def first_point_is_made(self) -> None:
        """With the first point the machine is protected, even if retention keeps none (contract 11, R92)."""
        if self.replication is not None:
            self.replication.begin_points()
            self.phase = PROTECTED

    # disable_replication (facts 2.11).

    def can_disable_replication(self) -> bool:
        """In every steady phase except an active drill (X12)."""
        return self.lists("disable_replication")

    def disable_replication(self, arguments: Mapping[str, Any]) -> Job:
        replicated = self.replicating != NONE
        self.stop_replication()
        job = self.start_job(
            "disable_replication",
            (Step("DisableDrPrerequisitesCheck", 10), Step("DisableDr", 60)),
            phase=DISABLING_REPLICATION,
        )
        job.outcome = "replicated" if replicated else None
        job.on_success = self.disabling_succeeds
        job.on_cancel = self.disabling_is_cancelled
        return job

    def disabling_succeeds(self, job: Job) -> None:
        """The item goes, and its points with it (X19); the machines stay as they are (SD)."""
        self.forget_life()

    def disabling_is_cancelled(self, job: Job) -> None:
        self.back_to_phase_before(job)
        if job.outcome == "replicated":
            self.resume_replication()

    # resynchronize (facts 2.10).

    def allowed_operations(self) -> list[str]:
        """As always, and resynchronize where this life of the item offers it (contract 2)."""
        operations = super().allowed_operations()
        at_rest = self.current_job is None and self.drill == NO_DRILL
        if self.resynchronize_offered and at_rest and self.phase in RESYNCHRONIZABLE:
            operations.append("resynchronize")
        return operations

    def lets_operations_through(self, job: Job) -> bool:
        """Beside a resynchronize job operations may be possible (contract 2)."""
        return job.operation == "resynchronize" and job.outcome == "usual_operations"

    def gives_way(self, job: Job) -> bool:
        """A resynchronize job does."""
        return job.operation == "resynchronize"

    def can_resynchronize(self) -> bool:
        return self.lists("resynchronize")

    def resynchronize(self, arguments: Mapping[str, Any]) -> Job:
        """Only differences move; neither phase nor points change."""
        job = self.start_job(
            "resynchronize", (Step("RepairReplicationPrerequisitesCheck", 30), Step("RepairReplication", 570))
        )
        job.outcome = self.freedom.choose("during_resynchronize")
        return job
