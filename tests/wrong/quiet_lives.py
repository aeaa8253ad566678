"""Quiet twins about lives, points and machines: all labels are right, and something of before is still there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from asr_properties.reference import CommonItem, ReplicatedItem
from asr_properties.reference.jobs import Job
from asr_properties.reference.points import Point
from wrong.registry import breaks


class _Archive(ReplicatedItem):
    """Keeps every recovery point that it ever looked for among, of each life."""

    __slots__ = ("archive",)

    def disabling_succeeds(self, job: Job) -> None:
        points = {} if self.replication is None else {p.id: p for p in self.points().listed(self.clock.now)}
        self.archive = getattr(self, "archive", {}) | points
        super().disabling_succeeds(job)

    def archived(self, point_id: str) -> Point | None:
        """The point of a former life that has this id."""
        found: Point | None = getattr(self, "archive", {}).get(point_id)
        return found


@breaks("X19", says="before replication was disabled")
class FormerPointServes(_Archive):
    """A failover takes a recovery point from before replication was disabled, though it is not listed."""

    __slots__ = ()

    def point_named(self, point_id: str) -> Point | None:
        return super().point_named(point_id) or self.archived(point_id)


@breaks("X19", says="before replication was disabled")
class FormerPointServesChange(_Archive):
    """The recovery point can be changed to one from before replication was disabled."""

    __slots__ = ()

    def unlisted_point(self, point_id: str) -> Point | None:
        return super().unlisted_point(point_id) or self.archived(point_id)


@breaks("X19", says="does not name a recovery point")
class FormerPointNamed(ReplicatedItem):
    """Protected again after it was disabled, the item still names the point that it had failed over to before."""

    __slots__ = ("named",)

    def disabling_succeeds(self, job: Job) -> None:
        self.named = self.failover_point
        super().disabling_succeeds(job)

    def first_point_is_made(self) -> None:
        super().first_point_is_made()
        self.failover_point = self.failover_point or getattr(self, "named", None)


@breaks("R16", "R22", says="unknown")
class PrunedPointServes(ReplicatedItem):
    """A failover takes a recovery point that retention has deleted."""

    __slots__ = ("seen",)

    def recovery_points(self) -> list[dict[str, Any]]:
        if self.replication is not None and self.phase == "protected":
            listed = self.points().listed(self.clock.now)
            self.seen = getattr(self, "seen", {}) | {point.id: point for point in listed}
        return super().recovery_points()

    def begin_life(self) -> None:
        self.seen: dict[str, Point] = {}
        super().begin_life()

    def point_named(self, point_id: str) -> Point | None:
        found = super().point_named(point_id)
        return found or (getattr(self, "seen", {}).get(point_id) if self.phase == "protected" else None)


@breaks("R37", says="change_recovery_point")
class WordForAPoint(ReplicatedItem):
    """Changing the recovery point takes the word *latest processed* for an id."""

    __slots__ = ()

    def change_recovery_point(self, arguments: Mapping[str, Any]) -> Job:
        newest = self.points().newest(self.clock.now)
        if arguments["recovery_point"] == "latest_processed" and newest is not None:
            arguments = {"recovery_point": newest.id}
        return super().change_recovery_point(arguments)


@breaks("X19", says="as they were")
class DisableTurnsAzureOff(CommonItem):
    """Disabling replication after a failover turns production in Azure off."""

    __slots__ = ()

    def disabling_succeeds(self, job: Job) -> None:
        super().disabling_succeeds(job)
        self.azure.turn_off()


@breaks("X19", says="as they were")
class DisableRemovesAzureLater(ReplicatedItem):
    """A day after replication was disabled the machine that was left in Azure is removed."""

    __slots__ = ()

    def disabling_succeeds(self, job: Job) -> None:
        super().disabling_succeeds(job)
        self.clock.after(24 * 3600, self.azure.remove)


@breaks("X19", says="as they were")
class DisableTurnsSourceOn(ReplicatedItem):
    """Disabling replication turns the on-premises machine on that a failover had shut down."""

    __slots__ = ()

    def disabling_succeeds(self, job: Job) -> None:
        super().disabling_succeeds(job)
        self.on_premises.turn_on()


@breaks("X10", says="no guest writes")
class WritesWhileOff(ReplicatedItem):
    """The guest in Azure writes on while the change of the recovery point has turned its machine off."""

    __slots__ = ()

    def write(self) -> int:
        if self.phase != "changing_recovery_point" or self.azure.power != "off":
            return super().write()
        self.azure.sequence = self.next_sequence()
        return self.azure.sequence


@breaks("X10", says="no guest writes")
class WritesWhileSwitchedOff(ReplicatedItem):
    """The machine in Azure reads off while the fault lasts, and its guest writes on."""

    __slots__ = ("writing",)

    def power(self, site: str) -> str:
        return self.machine(site).power if getattr(self, "writing", False) else super().power(site)

    def write(self) -> int:
        self.writing = True
        try:
            return super().write()
        finally:
            self.writing = False


@breaks("R36", says="can write")
class OnInNameOnly(ReplicatedItem):
    """After the second failover the machine in Azure reads on, and nothing runs in it."""

    __slots__ = ("writing",)

    def power(self, site: str) -> str:
        failovers = [job for job in self.jobs.values() if job.operation == "fail_over" and job.state == "succeeded"]
        stands = getattr(self, "writing", False) and site == "azure" and self.phase == "failed_over"
        return "off" if stands and len(failovers) > 1 else super().power(site)

    def write(self) -> int:
        self.writing = True
        try:
            return super().write()
        finally:
            self.writing = False


@breaks("R51", says="can write")
class BackInNameOnly(ReplicatedItem):
    """After the commit of a failback the machine on-premises reads on, and nothing runs in it."""

    __slots__ = ("writing",)

    def power(self, site: str) -> str:
        stands = getattr(self, "writing", False) and site == "on_premises" and self.phase == "failback_committed"
        return "off" if stands else super().power(site)

    def write(self) -> int:
        self.writing = True
        try:
            return super().write()
        finally:
            self.writing = False
