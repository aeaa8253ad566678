"""Between a failover and the failback: change of the recovery point, commit, reprotect to on-premises."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from asr_properties.reference import CommonItem, ReplicatedItem
from asr_properties.reference.appliances import Appliance
from asr_properties.reference.jobs import Job, Step
from wrong.registry import breaks


@breaks("R37", says="change")
class UnchangedPoint(ReplicatedItem):
    """Changing the recovery point succeeds as a job, and the point in use stays."""

    __slots__ = ()

    def recovery_point_is_changed(self, job: Job) -> None:
        job.point = None
        super().recovery_point_is_changed(job)


@breaks("R37", says="change_recovery_point")
class ChangedInNameOnly(CommonItem):
    """Changing the recovery point names the new one and leaves the disks as they were."""

    __slots__ = ()

    def recovery_point_is_changed(self, job: Job) -> None:
        self.azure.sequence = self.carried
        super().recovery_point_is_changed(job)


@breaks("X03", "R37", says="change_recovery_point")
class ChangeNotOffered(CommonItem):
    """After a failover the change of the recovery point is not listed."""

    __slots__ = ()

    def allowed_operations(self) -> list[str]:
        return [o for o in super().allowed_operations() if o != "change_recovery_point"]


@breaks("R38", says="change_recovery_point")
class ChangedAfterCommit(CommonItem):
    """The recovery point can still be changed after the commit."""

    __slots__ = ()

    def can_change_recovery_point(self) -> bool:
        return self.phase == "failover_committed" or super().can_change_recovery_point()

    def change_recovery_point(self, arguments: Mapping[str, Any]) -> Job:
        if self.phase != "failover_committed":
            return super().change_recovery_point(arguments)
        job = self.start_job("change_recovery_point", (Step("ApplyRecoveryPoint", 270),))
        job.phase_before = self.phase
        return job


@breaks("R40", says="recovery point")
class KeptPoints(ReplicatedItem):
    """Commit leaves all recovery points in the list."""

    __slots__ = ()

    def delete_other_points(self) -> None:
        pass


@breaks("R40", says="recovery point")
class KeptNewestPoint(ReplicatedItem):
    """Commit keeps the newest recovery point instead of the committed one."""

    __slots__ = ()

    def delete_other_points(self) -> None:
        newest = self.points().newest(self.clock.now)
        self.points().keep_only(self.clock.now, None if newest is None else newest.id)


@breaks("R39", says="point in use")
class CommitChoosesAnew(CommonItem):
    """Commit makes the oldest recovery point the one in use."""

    __slots__ = ()

    def failover_is_committed(self, job: Job) -> None:
        oldest = self.points().listed(self.clock.now)[-1:]
        if oldest:
            self.failover_point = oldest[0].id
        super().failover_is_committed(job)


@breaks("R41", says="commit")
class CommittedTwice(ReplicatedItem):
    """A committed failover can be committed again."""

    __slots__ = ()

    def can_commit(self) -> bool:
        return self.phase == "failover_committed" or super().can_commit()

    def commit(self, arguments: Mapping[str, Any]) -> Job:
        return self.commit_failover() if self.phase == "failover_committed" else super().commit(arguments)


@breaks("R41", says="commit")
class CommittedInVain(ReplicatedItem):
    """Commit succeeds as a job, and the failover still awaits its commit."""

    __slots__ = ()

    def failover_is_committed(self, job: Job) -> None:
        self.back_to_phase_before(job)


@breaks("R41", says="commit")
class CommittedTooMuch(ReplicatedItem):
    """Commit removes the item with its recovery points."""

    __slots__ = ()

    def failover_is_committed(self, job: Job) -> None:
        self.forget_life()


@breaks("X20", says="recovery point")
class CommittedBeforehand(ReplicatedItem):
    """Commit deletes the recovery points when it is asked for, even where nothing comes of it."""

    __slots__ = ()

    def commit_failover(self) -> Job:
        job = super().commit_failover()
        self.points().keep_only(self.clock.now, None)
        return job


@breaks("X06", says="reprotect of an uncommitted failover")
class ReprotectKeepsPoints(ReplicatedItem):
    """Reprotect of an uncommitted failover does not commit it: its recovery points stay listed."""

    __slots__ = ("former",)

    def commit_failover_in_reprotect(self, job: Job) -> None:
        self.former = self.points().listed(self.clock.now)
        super().commit_failover_in_reprotect(job)

    def recovery_points(self) -> list[dict[str, Any]]:
        return [point.shown() for point in self.former] if self.reverse else super().recovery_points()


@breaks("R40", says="commit deleted")
class CommittedPointsComeBack(ReplicatedItem):
    """The recovery points that a commit deleted are listed again once the item is reprotected."""

    __slots__ = ("former",)

    def failover_is_committed(self, job: Job) -> None:
        self.former = self.points().listed(self.clock.now)
        super().failover_is_committed(job)

    def recovery_points(self) -> list[dict[str, Any]]:
        known = self.reverse and hasattr(self, "former")
        return [point.shown() for point in self.former] if known else super().recovery_points()


@breaks("X21", says="reprotect")
class ReprotectNeedsCommit(ReplicatedItem):
    """Reprotect is refused until the failover is committed."""

    __slots__ = ()

    def can_reprotect(self) -> bool:
        return self.phase != "failed_over" and super().can_reprotect()


@breaks("X16", says="on-premises machine is off")
class SourceLeftOn(ReplicatedItem):
    """Reprotect leaves the on-premises machine on."""

    __slots__ = ()

    def turn_off_on_premises(self, job: Job) -> None:
        pass


@breaks("R93", says="reprotect")
class ReprotectedInVain(ReplicatedItem):
    """Reprotect to on-premises succeeds as a job, and nothing is replicated."""

    __slots__ = ()

    def reprotected_to_on_premises(self, job: Job) -> None:
        self.reprotect_ends_early(job)


@breaks("R94", says="reverse_initial_replication")
class EndlessReverseReplication(ReplicatedItem):
    """The initial replication to on-premises never ends."""

    __slots__ = ()

    def reverse_initial_replication_completes(self) -> None:
        pass


@breaks("R88", says="reprotect")
class BlindAppliance(CommonItem):
    """Reprotect to on-premises is accepted though the appliance cannot see the datastore."""

    __slots__ = ()

    def reprotect_sees_datastore(self) -> bool:
        return True

    def is_seeing(self, appliance: Appliance) -> bool:
        return appliance.sees_datastore or not self.configuration.datastore_visible


@breaks("X01", says="id")
class NewIdentityInReverse(ReplicatedItem):
    """Reprotect gives the item another id."""

    __slots__ = ()

    def reprotected_to_on_premises(self, job: Job) -> None:
        super().reprotected_to_on_premises(job)
        self.item_id = self.identifiers.new("item")


@breaks("X01", says="profile_instance")
class SameInstance(ReplicatedItem):
    """The instance type stays that of the forward direction after reprotect."""

    __slots__ = ()

    def observation(self) -> dict[str, Any] | None:
        shown = super().observation()
        return shown and {**shown, "profile_instance": "InMageRcm"}
