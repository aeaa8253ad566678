"""The drill: test failover and its cleanup, beside replication and production (facts 2.2, X13-X15)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from .contract_words import CLEANING_UP_DRILL, DRILL_AWAITING_CLEANUP, DRILL_RUNNING, NO_DRILL
from .faults import TEST_FAILOVER_TASKS
from .jobs import Job, Step
from .towards_azure import HYDRATION_SECONDS, TowardsAzure

_TASK_SECONDS: Final = (60, 60, 240, 120)


class Drill(TowardsAzure):
    """Test failovers."""

    __slots__ = ()

    def can_test_failover(self) -> bool:
        return self.lists("test_failover")

    def test_failover(self, arguments: Mapping[str, Any]) -> Job:
        """Build a copy of the machine in Azure; production, replication and points aren't touched (X13).

        Raises:
            Refused: no listed point serves the option (A20).
        """
        self.select_point(arguments.get("recovery_point", "latest"))
        extra = HYDRATION_SECONDS if self.configuration.needs_hydration else 0
        prerequisites, start, create, boot = TEST_FAILOVER_TASKS
        steps = (
            Step(prerequisites, _TASK_SECONDS[0]),
            Step(start, _TASK_SECONDS[1]),
            Step(create, _TASK_SECONDS[2] + extra),
            Step(boot, _TASK_SECONDS[3]),
        )
        job = self.start_job("test_failover", steps)
        self.drill = DRILL_RUNNING
        self.drill_disturbs()
        job.on_success = job.on_cancel = self.drill_ends
        job.on_failure = self.drill_fails
        return job

    def drill_disturbs(self) -> None:
        """What a drill does to production and replication: nothing (X13)."""

    def drill_ends(self, job: Job) -> None:
        """What it left behind awaits cleanup (X14, F6)."""
        self.drill = DRILL_AWAITING_CLEANUP

    def drill_fails(self, job: Job) -> None:
        """It left something behind, or nothing (contract 10, F13)."""
        if self.freedom.choose("failed_drill") == "no_drill":
            self.drill = NO_DRILL
        else:
            self.drill_ends(job)

    def can_clean_up_test_failover(self) -> bool:
        """After a drill, a failed one included (F6)."""
        return self.lists("clean_up_test_failover")

    def clean_up_test_failover(self, arguments: Mapping[str, Any]) -> Job:
        steps = (
            Step("TestFailoverCleanupPreflight", 10),
            Step("EndTestFailover", 30),
            Step("CleanUpTestVirtualMachine", 80),
        )
        job = self.start_job("clean_up_test_failover", steps)
        self.drill = CLEANING_UP_DRILL
        job.on_success = self.drill_is_cleaned_up
        job.on_failure = job.on_cancel = self.drill_ends
        return job

    def drill_is_cleaned_up(self, job: Job) -> None:
        self.drill = NO_DRILL
