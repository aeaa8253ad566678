"""Correct implementations of Classic that differ from the reference in what the contract leaves free (contract 15)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from asr_properties.contract.errors import Refused
from asr_properties.reference import ClassicItem
from asr_properties.reference.jobs import Job


class FailbackOnceOnly(ClassicItem):
    """After a failback that failed or was cancelled there is no other one, and nothing is replicated any more."""

    __slots__ = ("is_spoilt",)

    def forget_life(self) -> None:
        super().forget_life()
        self.is_spoilt = False

    def failback_comes_to_nothing(self, job: Job) -> None:
        self.azure.turn_on()
        self.phase = "reverse_protected"
        self.is_spoilt = True

    def allowed_operations(self) -> list[str]:
        listed = super().allowed_operations()
        return [o for o in listed if o != "fail_over" or not (self.is_spoilt and self.reverse)]


class FailbackNeedsItsShutdown(ClassicItem):
    """A failback fails when its source cannot be shut down; R24 is about failovers to Azure."""

    __slots__ = ()

    def failed_source_shutdown(self) -> str:
        return "fails" if self.reverse else super().failed_source_shutdown()


class ShutdownLast(ClassicItem):
    """A failback takes its source's shutdown for its last task, so that no order is kept (R23 is the forward one's)."""

    __slots__ = ()

    def failback_steps(self, shut_down_source: bool) -> Any:
        first, shutdown, failover, start = super().failback_steps(shut_down_source)
        return first, failover, shutdown, start


class SlowFailbackOfLinux(ClassicItem):
    """The failback of a machine takes just as long, whatever its system; that of a plain one even longer."""

    __slots__ = ()

    def failback_steps(self, shut_down_source: bool) -> Any:
        first, shutdown, failover, start = super().failback_steps(shut_down_source)
        more = 0 if self.configuration.needs_hydration else 900
        return first, shutdown, failover._replace(seconds=failover.seconds + more), start


class GroupsRefuseReprotect(ClassicItem):
    """Members of a multi-VM group are not reprotected one by one, and do not list it (facts 4)."""

    __slots__ = ()

    @property
    def is_grouped(self) -> bool:
        return self.configuration.multi_vm_group is not None

    def allowed_operations(self) -> list[str]:
        return [o for o in super().allowed_operations() if o != "reprotect" or not self.is_grouped]


class GroupsRefuseListedReprotect(ClassicItem):
    """Members of a multi-VM group list reprotect, and refuse it one by one (facts 4)."""

    __slots__ = ()

    def reprotect(self, arguments: Mapping[str, Any]) -> Job:
        if self.configuration.multi_vm_group is not None:
            raise Refused("only with its group, by a recovery plan")
        return super().reprotect(arguments)


class ListsOnceRegistered(ClassicItem):
    """Reprotect is listed only once the agent has registered."""

    __slots__ = ()

    def allowed_operations(self) -> list[str]:
        registered = self.clock.now >= self.agent_registered_at
        return [o for o in super().allowed_operations() if o != "reprotect" or registered]
