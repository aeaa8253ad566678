"""Wrong implementations of the classic profile, for what only that profile has."""

from __future__ import annotations

from asr_properties.reference import ClassicItem
from asr_properties.reference.jobs import Job


class EmptyFailback(ClassicItem):
    """A failback by failover brings over an empty disk."""

    __slots__ = ()

    def fill_on_premises_disks(self, job: Job) -> None:
        self.on_premises.sequence = 0
