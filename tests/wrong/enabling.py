"""Enabling and disabling replication, the life of an item, resynchronizing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from asr_properties.contract.errors import Refused
from asr_properties.reference import CommonItem, ReplicatedItem
from asr_properties.reference.jobs import Job
from wrong.registry import breaks


@breaks("R07", says="fail_over")
class FailsOverUnprotected(CommonItem):
    """A failover is accepted before there is a recovery point."""

    __slots__ = ()

    def can_fail_over(self) -> bool:
        return self.phase == "awaiting_first_recovery_point" or super().can_fail_over()


@breaks("R07", says="fail_over")
class FailsOverUnprotectedAgain(CommonItem):
    """In a second life a failover is accepted during the initial replication."""

    __slots__ = ()

    def can_fail_over(self) -> bool:
        lives = sum(job.operation == "enable_replication" for job in self.jobs.values())
        return (lives > 1 and self.phase == "initial_replication") or super().can_fail_over()


@breaks("R10", says="not_replicated")
class UnseenItem(CommonItem):
    """Once it is protected the item is not shown any more."""

    __slots__ = ()

    def observation(self) -> dict[str, Any] | None:
        return None if self.phase == "protected" else super().observation()


@breaks("R10", says="shows that it is not well")
class WellWithoutPoints(ReplicatedItem):
    """A protected item shows good health, though no recovery point has been made for days."""

    __slots__ = ()

    def health_issues(self) -> list[dict[str, Any]]:
        return [] if self.phase == "protected" else super().health_issues()


@breaks("R92", says="awaiting_first_recovery_point")
class NeverProtected(ReplicatedItem):
    """The first recovery point is never made."""

    __slots__ = ()

    def first_point_is_made(self) -> None:
        pass


@breaks("R07", says="enable_replication")
class EnabledInVain(ReplicatedItem):
    """Enabling succeeds as a job, and nothing is replicated."""

    __slots__ = ()

    def enabling_succeeds(self, job: Job) -> None:
        self.undo_enabling()


@breaks("X12", says="disable_replication")
class DisableNotListed(ReplicatedItem):
    """Disabling is not listed during the initial replication to on-premises."""

    __slots__ = ()

    def allowed_operations(self) -> list[str]:
        listed = super().allowed_operations()
        return [] if self.phase == "reverse_initial_replication" else listed


@breaks("X12", says="disable_replication")
class DisableRefused(CommonItem):
    """Disabling is listed after a failed failover, and refused."""

    __slots__ = ()

    def can_disable_replication(self) -> bool:
        return self.phase != "failover_failed" and super().can_disable_replication()


@breaks("X19", says="disable_replication")
class DisabledInVain(ReplicatedItem):
    """Disabling succeeds as a job, and the item stays."""

    __slots__ = ()

    def disabling_succeeds(self, job: Job) -> None:
        self.disabling_is_cancelled(job)


@breaks("X19", says="not_replicated")
class ComesBack(CommonItem):
    """Half an hour after it was disabled, the item is replicated again."""

    __slots__ = ()

    def disabling_succeeds(self, job: Job) -> None:
        super().disabling_succeeds(job)
        self.clock.after(1800, self.come_back)

    def come_back(self) -> None:
        if self.phase == "not_replicated":
            self.start_initial_replication()


@breaks("X19", says="points")
class PointsOutliveDisable(ReplicatedItem):
    """The recovery points are still listed after disabling."""

    __slots__ = ()

    def disabling_succeeds(self, job: Job) -> None:
        replication = self.replication
        super().disabling_succeeds(job)
        self.replication = replication


@breaks("X19", says="point")
class PointsComeBack(ReplicatedItem):
    """When a disabled item is enabled again, its former recovery points are listed again."""

    __slots__ = ("former",)

    def forget_life(self) -> None:
        self.former: list[dict[str, Any]] = [] if self.phase_is_new() else super().recovery_points()
        super().forget_life()

    def phase_is_new(self) -> bool:
        return not hasattr(self, "replication")

    def recovery_points(self) -> list[dict[str, Any]]:
        listed = super().recovery_points()
        return [*listed, *self.former] if self.phase == "protected" else listed


@breaks("X21", says="commit")
class CommitRefused(ReplicatedItem):
    """Commit is listed after a failover, and refused."""

    __slots__ = ()

    def commit(self, arguments: Mapping[str, Any]) -> Job:
        if not self.reverse:
            raise Refused("not now")
        return super().commit(arguments)
