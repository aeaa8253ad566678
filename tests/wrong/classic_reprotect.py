"""Classic's reprotect, in both directions, and the commit of its failback."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from asr_properties.contract.errors import Refused
from asr_properties.reference import ClassicItem
from asr_properties.reference.jobs import Job
from asr_properties.reference.replication import Flow
from wrong.classic_failback import CLASSIC, failbacks
from wrong.registry import breaks


class Unlisted(ClassicItem):
    """Reprotect is not listed in one phase, and accepted."""

    __slots__ = ()

    where = ""

    def can_reprotect(self) -> bool:
        return (self.phase == self.where and self.current_job is None) or super().can_reprotect()

    def allowed_operations(self) -> list[str]:
        return [o for o in super().allowed_operations() if o != "reprotect" or self.phase != self.where]


@breaks("X02", says="reprotect", profile=CLASSIC)
class UnlistedReprotectOfAFailover(Unlisted):
    """An uncommitted failover does not list reprotect, and accepts it."""

    __slots__ = ()

    where = "failed_over"


@breaks("X02", says="reprotect", profile=CLASSIC)
class UnlistedReprotectOfAFailback(Unlisted):
    """An uncommitted failback does not list reprotect, and accepts it."""

    __slots__ = ()

    where = "failed_back"


class Listed(ClassicItem):
    """Reprotect is listed in one phase, and refused for good."""

    __slots__ = ()

    where = ""
    by_job = False

    def phases_that_need_a_commit(self) -> frozenset[str]:
        return frozenset()

    def reprotect(self, arguments: Mapping[str, Any]) -> Job:
        if self.phase != self.where:
            return super().reprotect(arguments)
        if self.by_job:
            return self.refuse_by_job("reprotect", "commit first")
        raise Refused("commit first")


@breaks("X21", says="reprotect", profile=CLASSIC)
class ListedReprotectOfAFailoverRefused(Listed):
    """An uncommitted failover lists reprotect, and refuses it for good."""

    __slots__ = ()

    where = "failed_over"


@breaks("X21", says="reprotect", profile=CLASSIC)
class ListedReprotectOfAFailbackRefused(Listed):
    """An uncommitted failback lists reprotect, and refuses it for good."""

    __slots__ = ()

    where = "failed_back"


@breaks("X21", says="reprotect", profile=CLASSIC)
class ListedReprotectFails(Listed):
    """An uncommitted failback lists reprotect, and its job fails for good."""

    __slots__ = ()

    where = "failed_back"
    by_job = True


@breaks("X21", says="reprotect", profile=CLASSIC)
class AgentNeverRegisters(ClassicItem):
    """A committed failover lists reprotect, and refuses it for hours."""

    __slots__ = ()

    def reprotect(self, arguments: Mapping[str, Any]) -> Job:
        if self.phase == "failover_committed" and self.clock.now < self.agent_registered_at + 10 * 3600:
            raise Refused("the agent is not registered yet")
        return super().reprotect(arguments)


@breaks("X21", says="reprotect", profile=CLASSIC)
class AgentOnPremisesNeverRegisters(ClassicItem):
    """A committed failback lists reprotect, and refuses it for good."""

    __slots__ = ()

    def reprotect(self, arguments: Mapping[str, Any]) -> Job:
        if self.phase == "failback_committed":
            raise Refused("the agent is not registered yet")
        return super().reprotect(arguments)


@breaks("X06", says="azure", profile=CLASSIC)
class ReprotectOfAFailbackKeepsAzure(ClassicItem):
    """Reprotect of an uncommitted failback does not commit it: the machine in Azure stays."""

    __slots__ = ()

    def phases_that_need_a_commit(self) -> frozenset[str]:
        return frozenset()

    def commit_failback_in_reprotect(self, job: Job) -> None:
        job.committed = True


@breaks("X17", says="azure", profile=CLASSIC)
class CommitOfAFailbackKeepsAzure(ClassicItem):
    """Commit of a failback leaves the machine in Azure."""

    __slots__ = ()

    def failback_is_committed(self, job: Job) -> None:
        self.phase = "failback_committed"


@breaks("X17", says="azure", profile=CLASSIC)
class LaterCommitsKeepAzure(ClassicItem):
    """From the second cycle on the commit of a failback leaves the machine in Azure."""

    __slots__ = ()

    def failback_is_committed(self, job: Job) -> None:
        if failbacks(self) < 2:
            super().failback_is_committed(job)
        else:
            self.phase = "failback_committed"


@breaks("R86", says="replicat", profile=CLASSIC)
class FailbackProtectsItself(ClassicItem):
    """After a failback the item reads as replicating to Azure, without a reprotect."""

    __slots__ = ()

    def failback_succeeds(self, job: Job) -> None:
        super().failback_succeeds(job)
        self.replicating = "to_azure"


@breaks("X16", says="on-premises machine is off", profile=CLASSIC)
class ReprotectLeavesSourceOn(ClassicItem):
    """Reprotect to on-premises leaves the machine there on."""

    __slots__ = ()

    def turn_off_on_premises(self, job: Job) -> None:
        pass


@breaks("X16", says="on-premises machine is off", profile=CLASSIC)
class LaterReprotectLeavesSourceOn(ClassicItem):
    """From the second cycle on reprotect to on-premises leaves the machine there on."""

    __slots__ = ()

    def turn_off_on_premises(self, job: Job) -> None:
        if not failbacks(self):
            super().turn_off_on_premises(job)


@breaks("X01", says="InMageAzureV2", profile=CLASSIC)
class OneInstanceInBothDirections(ClassicItem):
    """In the reverse direction the item bears the instance of the forward one."""

    __slots__ = ()

    def observation(self) -> dict[str, Any] | None:
        shown = super().observation()
        return shown and {**shown, "profile_instance": self.profile.forward}


class Deaf(Flow):
    """Receives nothing that is written."""

    __slots__ = ()

    def write(self, now: float, sequence: int) -> None:
        pass


@breaks("R94", says="towards on-premises", profile=CLASSIC)
class NothingSentBack(ClassicItem):
    """What Azure writes once reprotected is never received."""

    __slots__ = ()

    def start_replication(self, source: str) -> Any:
        replication = super().start_replication(source)
        if source == "azure":
            replication.flow = Deaf(self.carried)
            replication.points = self.new_points(replication.flow)
        return replication


@breaks("R92", says="awaiting_first_recovery_point", profile=CLASSIC)
class NoPointsOnceBack(ClassicItem):
    """Once reprotected to Azure, the item never gets a recovery point again."""

    __slots__ = ()

    def first_point_is_made(self) -> None:
        if not failbacks(self):
            super().first_point_is_made()
