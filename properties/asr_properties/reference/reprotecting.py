"""Reprotect, either way: replication in the direction opposite to the failover before (facts 2.6, 2.9)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ..contract.errors import Refused
from .appliances import Appliance
from .contract_words import (
    AZURE,
    FAILBACK_COMMITTED,
    FAILOVER_COMMITTED,
    ON_PREMISES,
    REPROTECTING_TO_AZURE,
    REPROTECTING_TO_ON_PREMISES,
    REVERSE_INITIAL_REPLICATION,
    REVERSE_PROTECTED,
)
from .drill import Drill
from .jobs import Job, Step

REVERSE_INITIAL_REPLICATION_SECONDS: Final = 20 * 60

_PREFLIGHT: Final = "SwitchReplicationGroupProtectionPreflightTask"
_COMMIT: Final = "CommitFailoverTask"
_PROTECT: Final = "ProtectReplicaTask"


class Reprotecting(Drill):
    """reprotect towards on-premises after a failover, towards Azure after a failback."""

    __slots__ = ()

    def can_reprotect(self) -> bool:
        """After a failover or a failback, committed or not (A2, A3)."""
        return self.lists("reprotect")

    def reprotect(self, arguments: Mapping[str, Any]) -> Job:
        """Commit what is uncommitted (X06), then set up replication in the other direction.

        Raises:
            Refused: the datastore isn't visible, or something isn't healthy (R88; contract 7).
        """
        reverse = self.reverse
        appliance = self.chosen_appliance(arguments)
        sees = self.reprotect_sees_datastore() and (appliance is None or self.is_seeing(appliance))
        if not sees and not (reverse and appliance is not None):
            raise Refused("the appliance can't see the datastore")
        outcome = self.freedom.choose("reprotect_under_fault")
        unfit = appliance is not None and not (sees and appliance.healthy)
        if outcome == "refused" and (unfit or self.faults.any_of_health()):
            raise Refused("reprotect isn't possible: something is not healthy")
        steps = (
            Step(_PREFLIGHT, 60),
            Step(_COMMIT, 60, self.commit_failback_in_reprotect if reverse else self.commit_failover_in_reprotect),
            Step("DiscoverReplicaTask", 120, None if reverse else self.turn_off_on_premises),
            Step("GetSwitchProtectionRequirementsTask", 120),
            Step(_PROTECT, 360),
        )
        phase = REPROTECTING_TO_AZURE if reverse else REPROTECTING_TO_ON_PREMISES
        job = self.start_job("reprotect", steps, phase=phase)
        if outcome == "fails_before_commit":
            job.trouble_at = _PREFLIGHT
        elif outcome == "fails_after_commit":
            job.trouble_at = _PROTECT
        job.in_trouble = unfit
        job.on_success = self.reprotected_to_azure if reverse else self.reprotected_to_on_premises
        job.on_failure = job.on_cancel = self.reprotect_ends_early
        return job

    def reprotect_sees_datastore(self) -> bool:
        """Towards on-premises the datastore must be visible (A7); an item that can't see it never comes further."""
        return self.configuration.datastore_visible

    def is_seeing(self, appliance: Appliance) -> bool:
        """Whether the appliance that is named sees the datastore; on which host it runs does not matter (R88, R90)."""
        return appliance.sees_datastore

    def reprotect_ends_early(self, job: Job) -> None:
        """Before its commit task nothing has happened, after it the failover is committed (contract 5)."""
        if job.committed:
            self.phase = FAILBACK_COMMITTED if self.reverse else FAILOVER_COMMITTED
        else:
            self.back_to_phase_before(job)

    # Towards on-premises.

    def commit_failover_in_reprotect(self, job: Job) -> None:
        """Implies the commit, with what it does to the points (X06)."""
        job.committed = True
        if job.phase_before != FAILOVER_COMMITTED:
            self.delete_other_points()

    def turn_off_on_premises(self, job: Job) -> None:
        """The on-premises machine becomes a replica (X16)."""
        self.on_premises.turn_off()

    def reprotected_to_on_premises(self, job: Job) -> None:
        """The item is in its reverse half: what Azure holds is sent first (S9)."""
        self.profile_instance = self.profile.reverse
        self.failover_point = None
        self.reverse_points_listed = self.freedom.choose("reverse_points") == "listed"
        self.phase = REVERSE_INITIAL_REPLICATION
        self.start_replication(AZURE).take(
            REVERSE_INITIAL_REPLICATION_SECONDS, self.reverse_initial_replication_completes
        )

    def reverse_initial_replication_completes(self) -> None:
        """Changes flow, points are made: a planned failover is possible (S10)."""
        if self.replication is not None:
            self.replication.finish_initial(self.azure.sequence)
            self.replication.begin_points()
            self.phase = REVERSE_PROTECTED

    # Towards Azure.

    def commit_failback_in_reprotect(self, job: Job) -> None:
        """Implies the commit, with what it does to the machine in Azure (X06, X17)."""
        job.committed = True
        self.finish_failback()

    def finish_failback(self) -> None:
        """A committed failback has no way back: the machine in Azure and the snapshot go (X17, A23)."""
        self.remove_azure_vm()
        self.forget_before_failback()
        self.points().keep_only(self.clock.now, None)

    def remove_azure_vm(self) -> None:
        self.azure.remove()

    def reprotected_to_azure(self, job: Job) -> None:
        """The item is in its forward half again: initial replication, first point, protected (R92)."""
        self.profile_instance = self.profile.forward
        self.last_planned_failover = None
        self.active_site = ON_PREMISES
        self.start_initial_replication()
