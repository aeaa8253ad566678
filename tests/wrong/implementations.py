"""Deliberately wrong implementations: the reference with one documented behaviour broken each.

The suite must find each of them and name the requirement that it breaks.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from asr_properties.reference import ReferenceService, ReplicatedItem
from asr_properties.reference.jobs import Job, Step
from asr_properties.reference.points import Point
from asr_properties.reference.replication import Replication


class CancellableFailover(ReplicatedItem):
    """Takes `cancel_failover` for a failover to Azure, and goes back on-premises (R76, R77)."""

    __slots__ = ()

    def can_cancel_failover(self) -> bool:
        return self.phase == "failed_over" or super().can_cancel_failover()


class KeptPoints(ReplicatedItem):
    """Commit leaves all recovery points in the list (R40)."""

    __slots__ = ()

    def delete_other_points(self) -> None:
        pass


class ResumedReplication(ReplicatedItem):
    """Replication goes on after a failover's job was cancelled (R34)."""

    __slots__ = ()

    def failover_is_aborted(self, job: Job) -> None:
        super().failover_is_aborted(job)
        self.resume_replication()


class CommittedTwice(ReplicatedItem):
    """A committed failover can be committed again (R41)."""

    __slots__ = ()

    def can_commit(self) -> bool:
        return self.phase == "failover_committed" or super().can_commit()

    def commit(self, arguments: Mapping[str, Any]) -> Job:
        return self.commit_failover() if self.phase == "failover_committed" else super().commit(arguments)


class AzureLeftOff(ReplicatedItem):
    """Cancel of a planned failover leaves the machine in Azure off (R66)."""

    __slots__ = ()

    def start_azure_vm(self, job: Job) -> None:
        pass


class StalePoint(ReplicatedItem):
    """*Latest* takes the newest point without processing what was received since (R17, R18)."""

    __slots__ = ()

    def latest_point(self, replication: Replication) -> Point:
        return replication.points.newest(self.clock.now) or super().latest_point(replication)


class OldestPoint(ReplicatedItem):
    """*Latest processed* takes the oldest point (R19)."""

    __slots__ = ()

    def latest_processed_point(self) -> Point | None:
        return self.points().listed(self.clock.now)[-1]


class AnyPoint(ReplicatedItem):
    """*Latest app-consistent* takes the oldest such point (R21)."""

    __slots__ = ()

    def latest_app_consistent_point(self) -> Point | None:
        listed = self.points().listed(self.clock.now)
        return [point for point in listed if point.kind == "app_consistent"][-1]


class OwnChoice(ReplicatedItem):
    """*Custom* takes the newest point, whichever was named (R22)."""

    __slots__ = ()

    def point_named(self, point_id: str) -> Point | None:
        known = super().point_named(point_id)
        return known and self.points().listed(self.clock.now)[0]


class UnchangedPoint(ReplicatedItem):
    """Changing the recovery point changes nothing (R37)."""

    __slots__ = ()

    def recovery_point_is_changed(self, job: Job) -> None:
        job.point = None
        super().recovery_point_is_changed(job)


class LossyFailback(ReplicatedItem):
    """A planned failover brings over an empty disk (R44, R47)."""

    __slots__ = ()

    def prepare_on_premises(self, job: Job) -> None:
        super().prepare_on_premises(job)
        self.on_premises.sequence = 0


class LossyCancel(ReplicatedItem):
    """Cancelling a planned failover starts Azure with an empty disk (R66)."""

    __slots__ = ()

    def start_azure_vm(self, job: Job) -> None:
        super().start_azure_vm(job)
        self.azure.sequence = 0


class KeptChanges(ReplicatedItem):
    """Cancelling a planned failover keeps what was written on-premises (R68, R69)."""

    __slots__ = ()

    def discard_on_premises_changes(self) -> None:
        pass


class ShutdownAfterwards(ReplicatedItem):
    """The source is shut down after the failover, not before (R23)."""

    __slots__ = ()

    def failover_steps(self, shut_down_source: bool) -> tuple[Step, ...]:
        first, shutdown, failover, start = super().failover_steps(shut_down_source)
        return first, failover, shutdown, start


class StartedTooEarly(ReplicatedItem):
    """On-premises is started before Azure is shut down (R49, R50)."""

    __slots__ = ()

    def planned_failover_steps(self) -> tuple[Step, ...]:
        first, prepare, shut_down, entities, start = super().planned_failover_steps()
        return first, prepare, entities, start, shut_down


class ResumedTooEarly(ReplicatedItem):
    """A cancel resumes replication before on-premises is reverted (R71)."""

    __slots__ = ()

    def cancel_steps(self) -> tuple[Step, ...]:
        first, recovery, primary, start = super().cancel_steps()
        return first, primary, recovery, start


class NewIdentity(ReplicatedItem):
    """A failover gives the item another id (X01)."""

    __slots__ = ()

    def failover_succeeds(self, job: Job) -> None:
        super().failover_succeeds(job)
        self.item_id = self.identifiers.new("item")


class NoMorePoints(ReplicatedItem):
    """After the first point none is made (X20)."""

    __slots__ = ()

    def first_point_is_made(self) -> None:
        super().first_point_is_made()
        if self.replication is not None:
            self.replication.points.suspend(self.clock.now)


class OldestFirst(ReplicatedItem):
    """Recovery points are listed oldest first (X22)."""

    __slots__ = ()

    def recovery_points(self) -> list[dict[str, Any]]:
        return super().recovery_points()[::-1]


class SilentItem(ReplicatedItem):
    """An item whose revert failed shows no health issue (R82)."""

    __slots__ = ()

    def health_issues(self) -> list[dict[str, Any]]:
        return []


class SilentJob(ReplicatedItem):
    """A planned failover whose revert failed does not say so (R81)."""

    __slots__ = ()

    def planned_failover_fails(self, job: Job) -> None:
        job.errors.clear()
        super().planned_failover_fails(job)

    def tell_of_needed_cancel(self) -> None:
        pass


class LastingService(ReferenceService):
    """`new_item` goes on with the item that there is (X22)."""

    def new_item(self, configuration: Mapping[str, Any]) -> None:
        if self._item is None:
            super().new_item(configuration)


@dataclass(frozen=True)
class Wrong:
    """A wrong implementation, the requirement it breaks, and what the message must say of it."""

    item: type[ReplicatedItem]
    requirement: str
    says: str

    @property
    def name(self) -> str:
        return self.item.__name__

    @property
    def factory(self) -> Callable[[], ReferenceService]:
        return lambda: ReferenceService(item_class=self.item)


WRONG = (
    Wrong(CancellableFailover, "R76", "cancel_failover"),
    Wrong(KeptPoints, "R40", "recovery point"),
    Wrong(ResumedReplication, "R34", "nothing replicates"),
    Wrong(CommittedTwice, "R41", "commit"),
    Wrong(AzureLeftOff, "R66", "machine in Azure"),
)

# Factories by name, for `--adapter wrong.implementations:kept_points` and the like.
cancellable_failover, kept_points, resumed_replication, committed_twice, azure_left_off = (w.factory for w in WRONG)
