"""Failback from Azure to on-premises: what is the same however it is done, and its commit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .contract_words import COMMITTING_FAILBACK, FAILBACK_COMMITTED
from .jobs import Job, Step
from .reprotecting import Reprotecting


class FailingBack(Reprotecting):
    """The machines of a failback, and commit in both directions."""

    __slots__ = ()

    def shut_down_azure_vm(self) -> None:
        """Shut the machine in Azure down; it is kept until the commit (R49, A23)."""
        self.azure.turn_off()

    def start_on_premises_vm(self, job: Job) -> None:
        self.on_premises.turn_on()

    # commit after a failback (facts 2.5).

    def commit_failback(self) -> Job:
        """Make the failback final."""
        steps = (Step("VmCommitPrerequisitesCheck", 0.5), Step("VmCommit", 0.5))
        job = self.start_job("commit", steps, phase=COMMITTING_FAILBACK)
        job.on_success = self.failback_is_committed
        job.on_cancel = self.back_to_phase_before
        return job

    def failback_is_committed(self, job: Job) -> None:
        self.phase = FAILBACK_COMMITTED
        self.finish_failback()

    def can_commit(self) -> bool:
        """After a failover or a failback, once (R38, R41, A2)."""
        return self.lists("commit")

    def commit(self, arguments: Mapping[str, Any]) -> Job:
        return self.commit_failback() if self.reverse else self.commit_failover()
