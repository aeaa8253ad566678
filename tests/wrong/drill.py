"""The drill: what it leaves alone, how it ends, what it excludes."""

from __future__ import annotations

from asr_properties.reference import CommonItem, ReplicatedItem
from asr_properties.reference.jobs import Job
from wrong.registry import breaks


@breaks("X13", says="replicating: none")
class DrillStopsReplication(ReplicatedItem):
    """Replication stands still from the beginning of a drill."""

    __slots__ = ()

    def drill_disturbs(self) -> None:
        self.stop_replication()


@breaks("X13", says="on_premises machine: off")
class DrillShutsDown(ReplicatedItem):
    """A drill shuts the production machine down."""

    __slots__ = ()

    def drill_disturbs(self) -> None:
        self.on_premises.turn_off()


@breaks("X13", says="point")
class DrillDeletesPoints(CommonItem):
    """A drill deletes the recovery points that there are."""

    __slots__ = ()

    def drill_disturbs(self) -> None:
        assert self.replication is not None
        self.replication.points = self.new_points(self.replication.flow)
        self.replication.points.begin(self.clock.now + 300)


@breaks("X13", says="guest wrote")
class DrillRollsBack(CommonItem):
    """A drill takes the disks of the production machine back to an older record."""

    __slots__ = ()

    def drill_disturbs(self) -> None:
        self.on_premises.sequence = max(0, self.on_premises.sequence - 1)


@breaks("X13", "X20", says="recovery points are made as before")
class DrillStopsPoints(CommonItem):
    """While there is a drill no recovery points are made; everything else goes on."""

    __slots__ = ()

    def drill_disturbs(self) -> None:
        assert self.replication is not None
        self.replication.points.suspend(self.clock.now)

    def drill_is_cleaned_up(self, job: Job) -> None:
        super().drill_is_cleaned_up(job)
        assert self.replication is not None
        self.replication.points.resume(self.clock.now)


@breaks("X14", says="drill")
class DrillEndsItself(CommonItem):
    """A drill is cleaned up by the service itself after an hour."""

    __slots__ = ()

    def drill_ends(self, job: Job) -> None:
        super().drill_ends(job)
        self.clock.after(3600, lambda: self.drill_is_cleaned_up(job))


@breaks("X14", says="drill")
class DrillNotCleanedUp(ReplicatedItem):
    """The cleanup of a drill succeeds as a job, and the drill still awaits it."""

    __slots__ = ()

    def drill_is_cleaned_up(self, job: Job) -> None:
        self.drill_ends(job)


@breaks("X15", says="fail_over")
class DrillLetsFailOver(CommonItem):
    """While a drill awaits its cleanup, a failover is listed and accepted."""

    __slots__ = ()

    def allowed_operations(self) -> list[str]:
        more = ["fail_over"] if self.drill == "drill_awaiting_cleanup" and self.current_job is None else []
        return [*super().allowed_operations(), *more]


@breaks("X21", says="test_failover")
class DrillRefused(ReplicatedItem):
    """A drill is listed, and refused."""

    __slots__ = ()

    def can_test_failover(self) -> bool:
        return False
