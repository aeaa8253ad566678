"""Quiet twins about replication: the label says that nothing replicates, and something is received or made."""

from __future__ import annotations

from math import inf
from typing import Any

from asr_properties.contract.errors import Refused
from asr_properties.reference import CommonItem, ReplicatedItem
from asr_properties.reference.jobs import Job
from wrong.registry import breaks

_NEXT_DAY = 30 * 3600


class _SecretlyReceiving(CommonItem):
    """Can receive records while it says that it does not replicate."""

    __slots__ = ()

    def receive(self, sequence: int) -> None:
        """A record that was written just now is received at once."""
        if self.replication is not None:
            self.replication.flow.catch_up(self.clock.now, sequence)


class _SecretlyReplicating(_SecretlyReceiving, ReplicatedItem):
    """Can replicate while it says that it does not."""

    __slots__ = ()

    def wake(self) -> None:
        """Records flow and points are made again; what the item tells of itself stays as it is."""
        if self.replication is not None and self.phase == "failover_aborted":
            self.replication.resume()


# After an aborted failover.


@breaks("R34", says="nothing is received any more")
class AbortedInNameOnly(_SecretlyReplicating):
    """After an aborted failover the item reads as not replicating, and replicates."""

    __slots__ = ()

    def failover_is_aborted(self, job: Job) -> None:
        super().failover_is_aborted(job)
        self.wake()


@breaks("R34", says="aborted")
class AbortedForADay(_SecretlyReplicating):
    """Replication secretly resumes more than a day after a failover was aborted."""

    __slots__ = ()

    def failover_is_aborted(self, job: Job) -> None:
        super().failover_is_aborted(job)
        self.clock.after(_NEXT_DAY, self.wake)


@breaks("R34", says="nothing is received any more")
class WokenByARefusal(_SecretlyReplicating):
    """After an aborted failover a refused operation secretly wakes replication, a minute later."""

    __slots__ = ()

    def refuse(self, operation: str, refusal: Refused) -> Job:
        self.clock.after(60, self.wake)
        return super().refuse(operation, refusal)


@breaks("R34", says="nothing is received any more")
class WokenByAFault(_SecretlyReplicating):
    """After an aborted failover the end of a fault secretly wakes replication."""

    __slots__ = ()

    def clear(self, fault: str) -> None:
        super().clear(fault)
        self.wake()


@breaks("R34", says="nothing is received any more")
class AbortedOnceOnly(_SecretlyReplicating):
    """Replication stops for good at the first aborted failover; at the next, in another life, it secretly goes on."""

    __slots__ = ("aborted",)

    def failover_is_aborted(self, job: Job) -> None:
        super().failover_is_aborted(job)
        self.aborted = getattr(self, "aborted", 0) + 1
        if self.aborted > 1:
            self.wake()


@breaks("R34", says="no recovery point is created")
class PointsAfterAbort(_SecretlyReplicating):
    """After an aborted failover nothing is received, and recovery points are still made."""

    __slots__ = ()

    def wake(self) -> None:
        super().wake()
        if self.replication is not None:
            self.replication.flow.hold(self.clock.now)

    def failover_is_aborted(self, job: Job) -> None:
        super().failover_is_aborted(job)
        self.wake()


@breaks("R33", says="on the disks on-premises")
class AbortedAndFailedOver(ReplicatedItem):
    """After an aborted failover the item is at home by its labels, and its guest writes in Azure."""

    __slots__ = ()

    def write(self) -> int:
        if self.phase != "failover_aborted":
            return super().write()
        held = self.on_premises.sequence
        self.azure.sequence = super().write()
        self.on_premises.sequence = held
        return self.azure.sequence


# While the item fails over, and after that.


@breaks("R32", says="received")
class FailsOverAndReplicates(ReplicatedItem):
    """While the item fails over its replication goes on, though it reads as none."""

    __slots__ = ()

    def start_job(self, operation: str, *arguments: Any, **named: Any) -> Job:
        if operation == "fail_over" and self.replication is not None:
            self.replication.resume()
        return super().start_job(operation, *arguments, **named)

    def failover_succeeds(self, job: Job) -> None:
        self.stop_replication()
        super().failover_succeeds(job)


@breaks("R32", says="is not received there")
class SecondFailoverReplicates(_SecretlyReplicating):
    """From the second failover on, what is written while the item fails over is received."""

    __slots__ = ()

    def write(self) -> int:
        sequence = super().write()
        failovers = [job for job in self.jobs.values() if job.operation == "fail_over" and not job.refusing]
        if self.phase == "failing_over" and len(failovers) > 1:
            self.receive(sequence)
        return sequence


@breaks("R32", says="is not received there")
class AzureReceivedAtOnce(_SecretlyReceiving):
    """Once a failover is committed, what is written in Azure is received before any reprotect."""

    __slots__ = ()

    def write(self) -> int:
        sequence = super().write()
        if self.phase == "failover_committed":
            self.receive(sequence)
        return sequence


@breaks("R32", says="is not received there")
class LastRecordReceived(_SecretlyReceiving):
    """Of what is written while the item fails over only the last record is received, when the failover ends."""

    __slots__ = ()

    def failover_succeeds(self, job: Job) -> None:
        super().failover_succeeds(job)
        self.receive(self.last_sequence)


# After a failback.


@breaks("R86", says="until the item is reprotected")
class FailedBackInNameOnly(_SecretlyReplicating):
    """After a failback what is written on-premises is received, though replication reads as none."""

    __slots__ = ()

    def write(self) -> int:
        sequence = super().write()
        if self.phase == "failed_back":
            self.receive(sequence)
        return sequence


@breaks("R86", says="until the item is reprotected")
class FailedBackForDays(_SecretlyReplicating):
    """Two days after the commit of a failback, what is written on-premises begins to be received."""

    __slots__ = ("committed_at",)

    def failback_is_committed(self, job: Job) -> None:
        super().failback_is_committed(job)
        self.committed_at = self.clock.now

    def write(self) -> int:
        sequence = super().write()
        committed_at = getattr(self, "committed_at", inf)  # not by a reprotect that comes to nothing
        if self.phase == "failback_committed" and self.clock.now > committed_at + 48 * 3600:
            self.receive(sequence)
        return sequence


@breaks("R86", says="no recovery point is created")
class PointsAfterFailback(ReplicatedItem):
    """After a failback nothing is received, and every six hours a recovery point is made."""

    __slots__ = ("made", "since")

    def planned_failover_succeeds(self, job: Job) -> None:
        super().planned_failover_succeeds(job)
        self.since = self.clock.now
        self.made = f"{job.id}-point"

    def recovery_points(self) -> list[dict[str, Any]]:
        listed = super().recovery_points()
        if self.phase not in ("failed_back", "failback_committed"):
            return listed
        more = [
            {
                "id": f"{self.made}{number}",
                "kind": "crash_consistent",
                "created": self.since + number * 21_600,
                "multi_vm": False,
                "sequence": self.carried,
            }
            for number in range(1, int((self.clock.now - self.since) // 21_600) + 1)
        ]
        return more[::-1] + listed
