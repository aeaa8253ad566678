"""Deliberately wrong implementations: the reference with one documented behaviour broken each.

The suite must find each of them and name the requirement that it breaks.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from asr_properties.reference import ReferenceService, ReplicatedItem
from asr_properties.reference.jobs import Job


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
