"""Wrong implementations of the classic profile, for what only that profile has."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from asr_properties.reference import ClassicItem
from asr_properties.reference.jobs import Job, Step


class EmptyFailback(ClassicItem):
    """A failback by failover brings over an empty disk."""

    __slots__ = ()

    def fill_on_premises_disks(self, job: Job) -> None:
        self.on_premises.sequence = 0


class CancellableFailback(ClassicItem):
    """A failback by failover can be cancelled, as a planned failover of the modernized profile can."""

    __slots__ = ()

    def can_cancel_failover(self) -> bool:
        return self.phase == "failed_back"

    def cancel_failover(self, arguments: Mapping[str, Any]) -> Job:
        return self.start_job("cancel_failover", (Step("CancelFailoverRecovery", 60),), phase="reverse_protected")
