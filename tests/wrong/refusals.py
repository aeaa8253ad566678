"""Refusals that leave something behind (X02; contract, point 1)."""

from __future__ import annotations

from asr_properties.contract.errors import Refused
from asr_properties.reference import ReplicatedItem
from asr_properties.reference.jobs import Job
from wrong.registry import breaks


class NotWithoutTrace(ReplicatedItem):
    """A refusal that has a side effect."""

    __slots__ = ()

    operation = ""

    def side_effect(self) -> None:
        raise NotImplementedError

    def refuse(self, operation: str, refusal: Refused) -> Job:
        if operation == self.operation and self.phase != "not_replicated":
            self.side_effect()
        return super().refuse(operation, refusal)


@breaks("X02", says="commit")
class RefusedCommitDeletes(NotWithoutTrace):
    """A commit that is refused deletes the recovery points."""

    __slots__ = ()

    operation = "commit"

    def side_effect(self) -> None:
        if self.phase == "protected":
            self.points().keep_only(self.clock.now, None)


@breaks("X02", says="change_recovery_point")
class RefusedChangeForgets(NotWithoutTrace):
    """A change of the recovery point that is refused clears the point in use."""

    __slots__ = ()

    operation = "change_recovery_point"

    def side_effect(self) -> None:
        self.failover_point = None


@breaks("X02", says="refused")
class RefusedFailoverChooses(NotWithoutTrace):
    """A failover that is refused makes the oldest point the one in use."""

    __slots__ = ()

    operation = "fail_over"

    def side_effect(self) -> None:
        oldest = self.points().listed(self.clock.now)[-1:] if self.phase == "failed_over" else []
        if oldest:
            self.failover_point = oldest[0].id


@breaks("X02", says="test_failover")
class RefusedDrillPrunes(NotWithoutTrace):
    """A drill that is refused deletes all recovery points but the newest."""

    __slots__ = ()

    operation = "test_failover"

    def side_effect(self) -> None:
        newest = self.points().newest(self.clock.now) if self.phase in ("protected", "failed_over") else None
        if newest is not None:
            self.points().keep_only(self.clock.now, newest.id)


@breaks("X02", says="refused")
class RefusedFailbackShutsDown(NotWithoutTrace):
    """A planned failover that is refused shuts the machine in Azure down."""

    __slots__ = ()

    operation = "planned_failover"

    def side_effect(self) -> None:
        self.azure.turn_off()


@breaks("X02", says="id")
class RefusedEnableRenames(NotWithoutTrace):
    """Enabling what is enabled already is refused, and gives the item another id."""

    __slots__ = ()

    operation = "enable_replication"

    def side_effect(self) -> None:
        self.item_id = self.identifiers.new("item")


@breaks("X02", says="refused")
class RefusedCancelRecorded(NotWithoutTrace):
    """A cancel that is refused makes the last planned failover read as cancelled."""

    __slots__ = ()

    operation = "cancel_failover"

    def side_effect(self) -> None:
        self.last_planned_failover = "cancelled"
