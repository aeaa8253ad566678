"""The data: what is sent and processed, which point a failover takes, what the disks hold."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from asr_properties.reference import CommonItem, ReplicatedItem
from asr_properties.reference.jobs import Job
from asr_properties.reference.points import Point
from asr_properties.reference.replication import Replication
from wrong.registry import breaks

# What a failover brings over.


@breaks("R18", "R17", says="all that was received")
class StalePoint(ReplicatedItem):
    """*Latest* takes the newest point without processing what was received since."""

    __slots__ = ()

    def latest_point(self, replication: Replication) -> Point:
        return replication.points.newest(self.clock.now) or super().latest_point(replication)


@breaks("R18", says="record")
class InventedData(ReplicatedItem):
    """After a failover to *latest* the disks in Azure hold a record that nobody wrote."""

    __slots__ = ()

    def apply_point(self, job: Job) -> None:
        super().apply_point(job)
        self.azure.sequence = self.last_sequence + 1


@breaks("R19", says="newest listed")
class OldestPoint(ReplicatedItem):
    """*Latest processed* takes the oldest point."""

    __slots__ = ()

    def latest_processed_point(self) -> Point | None:
        listed = self.points().listed(self.clock.now)
        return listed[-1] if listed else None


@breaks("R20", says="point")
class PointMadeForIt(CommonItem):
    """*Latest processed* processes what was received and makes a point of it."""

    __slots__ = ()

    def latest_processed_point(self) -> Point | None:
        if self.replication is None or super().latest_processed_point() is None:
            return None
        now = self.clock.now
        return self.replication.points.make(now, "crash_consistent", self.replication.flow.process_received(now))


@breaks("R21", says="app-consistent")
class AnyAppPoint(CommonItem):
    """*Latest app-consistent* takes the oldest such point."""

    __slots__ = ()

    def latest_app_consistent_point(self) -> Point | None:
        if self.reverse:
            return super().latest_app_consistent_point()
        listed = self.points().listed(self.clock.now)
        return ([None, *(point for point in listed if point.kind == "app_consistent")])[-1]


@breaks("R22", says="custom point")
class OwnChoice(CommonItem):
    """A failover to *Custom* takes the newest point, whichever was named."""

    __slots__ = ()

    def point_named(self, point_id: str) -> Point | None:
        known = super().point_named(point_id)
        return known if self.phase == "failed_over" else known and self.points().listed(self.clock.now)[0]


@breaks("R22", says="point")
class OtherData(ReplicatedItem):
    """A failover to a named point tells of it, and brings over what was processed last."""

    __slots__ = ("named",)

    def fail_over(self, arguments: Mapping[str, Any]) -> Job:
        self.named = not arguments["recovery_point"].startswith("latest")
        return super().fail_over(arguments)

    def build_azure_vm(self, job: Job) -> None:
        super().build_azure_vm(job)
        if self.named and self.replication is not None:
            self.azure.sequence = self.replication.flow.processed(self.clock.now)


@breaks("R18", "R36", says="point")
class EmptyMachine(ReplicatedItem):
    """A failover starts a machine in Azure with empty disks."""

    __slots__ = ()

    def apply_point(self, job: Job) -> None:
        self.azure.sequence = 0


# What goes over the wire.


@breaks("R92", says="received within")
class NeverSends(ReplicatedItem):
    """What is written on-premises is never sent."""

    __slots__ = ()

    def write(self) -> int:
        if self.active_site == "azure" or self.replication is None:
            return super().write()
        replication, self.replication = self.replication, None
        try:
            return super().write()
        finally:
            self.replication = replication


@breaks("R17", says="only what was written")
class AheadOfItself(ReplicatedItem):
    """Replication tells of a record as sent that was not written yet."""

    __slots__ = ()

    def replicated(self) -> dict[str, int]:
        shown = super().replicated()
        return {**shown, "sent": self.last_sequence + 1}


@breaks("R17", says="only what was written")
class ProcessedBeforeSent(ReplicatedItem):
    """Replication tells of records as processed that were not sent yet."""

    __slots__ = ()

    def replicated(self) -> dict[str, int]:
        shown = super().replicated()
        return {**shown, "processed": self.last_sequence + 1}


@breaks("R94", says="received")
class NeverSendsBack(ReplicatedItem):
    """What is written in Azure is never sent."""

    __slots__ = ()

    def write(self) -> int:
        if self.active_site != "azure" or self.replication is None:
            return super().write()
        replication, self.replication = self.replication, None
        try:
            return super().write()
        finally:
            self.replication = replication


@breaks("R17", says="never go back")
class ReceivedInVain(ReplicatedItem):
    """What was told as received reads as not received on every other day."""

    __slots__ = ("told",)

    def replicated(self) -> dict[str, int]:
        today = self.clock.now // 86_400
        if today % 2 and getattr(self, "told", today) < today:
            return {"sent": 0, "processed": 0}
        said = super().replicated()
        if said["sent"]:
            self.told = today
        return said


# What the disks of the active machine hold.


@breaks("R39", says="makes that final")
class CommitRollsBack(CommonItem):
    """Commit takes the disks in Azure back to the recovery point."""

    __slots__ = ()

    def failover_is_committed(self, job: Job) -> None:
        super().failover_is_committed(job)
        self.azure.sequence = self.carried


@breaks("R36", "R51", says="machine that serves")
class ReprotectRollsBack(ReplicatedItem):
    """Reprotect to on-premises takes the disks in Azure back to the recovery point."""

    __slots__ = ()

    def reprotected_to_on_premises(self, job: Job) -> None:
        super().reprotected_to_on_premises(job)
        self.azure.sequence = self.carried


@breaks("R36", "R51", says="machine that serves")
class InitialReplicationRollsBack(ReplicatedItem):
    """The initial replication towards Azure costs the on-premises machine its newest record."""

    __slots__ = ()

    def initial_replication_completes(self) -> None:
        self.on_premises.sequence = max(0, self.on_premises.sequence - 1)
        super().initial_replication_completes()


@breaks("X22", says="sequence")
class SequenceUsedAgain(ReplicatedItem):
    """After a cancel the numbers of the records that it discarded are given again."""

    __slots__ = ()

    def discard_on_premises_changes(self) -> None:
        super().discard_on_premises_changes()
        self.last_sequence = max(self.azure.sequence, self.on_premises.sequence)
