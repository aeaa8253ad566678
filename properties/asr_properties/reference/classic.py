"""The classic profile: failback by an unplanned failover, which can be neither cancelled nor reverted (facts 4)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ..contract.errors import Refused
from .contract_words import FAILED_BACK, FAILED_OVER, FAILING_BACK, ON_PREMISES, REVERSE_PROTECTED
from .faults import FAILOVER_TASKS
from .item import CommonItem
from .jobs import Job, Step
from .operations import ALLOWED, OPERATIONS
from .points import Point, Points
from .profile import Profile
from .replication import Flow
from .service import ReferenceService

AGENT_REGISTERING_SECONDS: Final = 15 * 60
"""From the end of a failover, in either direction, to the registration of the agent (facts 1.1, 4)."""

_FAILBACK_TASK_SECONDS: Final = (60, 170, 600, 240)

# The failback policy can't be edited (facts 3.1).
_FAILBACK_APP_CONSISTENT_SECONDS: Final = 60 * 60
_FAILBACK_RETENTION_SECONDS: Final = 24 * 60 * 60

CLASSIC: Final = Profile(
    name="classic",
    forward="InMageAzureV2",
    reverse="InMage",
    allowed={
        **ALLOWED,
        REVERSE_PROTECTED: ("fail_over", "disable_replication"),
        FAILED_BACK: ("commit", "reprotect", "disable_replication"),
    },
    # F3: the service calls a commit so in either direction.
    operations={**OPERATIONS, "commit": OPERATIONS["commit"]._replace(scenario="FinalizeFailback")},
)


class ClassicItem(CommonItem):
    """The item of the classic profile: fail_over in both directions beside what all profiles share."""

    __slots__ = ("agent_registered_at", "commit_before_reprotect")

    profile = CLASSIC

    def forget_life(self) -> None:
        super().forget_life()
        self.agent_registered_at = 0.0
        self.commit_before_reprotect: frozenset[str] = frozenset()

    def begin_life(self) -> None:
        super().begin_life()
        self.commit_before_reprotect = self.phases_that_need_a_commit()

    # Failover in both directions: the failback is one, too (F12).

    def fail_over(self, arguments: Mapping[str, Any]) -> Job:
        return self.fail_back(arguments) if self.reverse else super().fail_over(arguments)

    def failover_succeeds(self, job: Job) -> None:
        super().failover_succeeds(job)
        self.begin_agent_registration()

    def fail_back(self, arguments: Mapping[str, Any]) -> Job:
        """Stop replication, shut Azure down if asked, bring the data on-premises, start the machine there.

        Raises:
            Refused: the point is unknown or not to be had, or something isn't healthy (contract 7).
        """
        point = self.select_failback_point(arguments["recovery_point"])
        outcome = self.freedom.choose("failback_under_fault")
        if outcome == "refused" and self.faults.any_of_health():
            raise Refused("failback isn't possible: something is not healthy")
        self.stop_replication()
        job = self.start_job("fail_over", self.failback_steps(arguments["shut_down_source"]), phase=FAILING_BACK)
        job.point = point
        if outcome == "fails":
            job.trouble_at = FAILOVER_TASKS[2]
        job.on_success = self.failback_succeeds
        job.on_failure = job.on_cancel = self.failback_comes_to_nothing
        return job

    def select_failback_point(self, option: str) -> Point | None:
        """None for `latest`, which is always possible; whether a point of the list is, is open (facts 4).

        Raises:
            Refused: no listed point serves the option (A20), the id is unknown, or only `latest` is possible.
        """
        if option == "latest":
            return None
        if not self.reverse_points_listed or self.freedom.choose("failback_to_a_listed_point") == "refused":
            raise Refused("failback is only possible to the latest data")
        return self.select_point(option)

    def failback_steps(self, shut_down_source: bool) -> tuple[Step, ...]:
        """The tasks in their order: Azure is shut down before the failover proper begins (R23)."""
        prerequisites, shutdown, failover, start = FAILOVER_TASKS
        return (
            Step(prerequisites, _FAILBACK_TASK_SECONDS[0]),
            Step(shutdown, _FAILBACK_TASK_SECONDS[1], self.leave_azure, skipped=not shut_down_source),
            Step(failover, _FAILBACK_TASK_SECONDS[2], self.make_latest_point),
            Step(start, _FAILBACK_TASK_SECONDS[3], self.go_on_premises),
        )

    def leave_azure(self, job: Job) -> None:
        """The source of a failback is the machine in Azure."""
        self.shut_down_azure_vm()
        job.source_shut_down = True

    def go_on_premises(self, job: Job) -> None:
        self.fill_on_premises_disks(job)
        self.create_vmdk_disks()
        self.start_on_premises_vm(job)

    def fill_on_premises_disks(self, job: Job) -> None:
        """The disks on-premises hold what the point holds."""
        if job.point is not None:
            self.on_premises.sequence = job.point.sequence

    def failback_succeeds(self, job: Job) -> None:
        """On-premises is active, nothing is replicated, the failback awaits its commit."""
        self.active_site = ON_PREMISES
        self.carried = self.on_premises.sequence
        if self.freedom.choose("azure_vm_after_failback") == "turned_off":
            self.shut_down_azure_vm()
        self.phase = FAILED_BACK
        self.begin_agent_registration()

    def failback_comes_to_nothing(self, job: Job) -> None:
        """Failed or cancelled, Azure goes on and the failback can be tried again; no job reverts anything."""
        self.azure.turn_on()
        self.phase = REVERSE_PROTECTED
        self.resume_replication()

    def cancel_failover_job(self, job: Job) -> None:
        """A failback whose job is cancelled is where it began; only a failover to Azure aborts for good (R34)."""
        if self.phase == FAILING_BACK:
            job.cancel()
        else:
            super().cancel_failover_job(job)

    def new_points(self, flow: Flow) -> Points:
        """In the reverse direction retention and app-consistent interval are those of the failback policy."""
        if not self.reverse:
            return super().new_points(flow)
        return Points(
            self.identifiers.new("point"),
            self.configuration.crash_consistent_minutes * 60,
            _FAILBACK_APP_CONSISTENT_SECONDS,
            _FAILBACK_RETENTION_SECONDS,
            self.configuration.multi_vm_group is not None,
            flow.processed_at,
        )

    # What the profile doesn't have; there is not even an input for it in the service's interface (facts 7.6).

    def can_planned_failover(self) -> bool:
        """Never (facts 4)."""
        return False

    def can_cancel_failover(self) -> bool:
        """Never: a failback can't be cancelled and retried, for any reason (R75)."""
        return False

    # Reprotect: maybe only after the commit, and not before the agent has registered.

    def phases_that_need_a_commit(self) -> frozenset[str]:
        """The phases before a commit in which this life of the item doesn't offer reprotect (facts 4)."""
        choices = {FAILED_OVER: "reprotect_of_uncommitted_failover", FAILED_BACK: "reprotect_of_uncommitted_failback"}
        return frozenset(phase for phase, name in choices.items() if self.freedom.choose(name) == "not_offered")

    def allowed_operations(self) -> list[str]:
        operations = super().allowed_operations()
        if self.phase in self.commit_before_reprotect:
            return [operation for operation in operations if operation != "reprotect"]
        return operations

    def begin_agent_registration(self) -> None:
        """After a failover the agent has to register, which takes up to 15 minutes (facts 4)."""
        slow = self.freedom.choose("agent_registration") == "takes_minutes"
        self.agent_registered_at = self.clock.now + (AGENT_REGISTERING_SECONDS if slow else 0)

    def reprotect(self, arguments: Mapping[str, Any]) -> Job:
        """As in every profile, once the agent has registered.

        Raises:
            Refused: it hasn't, the datastore isn't visible, or something isn't healthy (R88; contract 7).
        """
        if self.clock.now < self.agent_registered_at:
            raise Refused("the agent is not registered yet")
        return super().reprotect(arguments)


def create_classic() -> ReferenceService:
    """The reference of this profile as `asr_properties.reference:create_classic`."""
    return ReferenceService(ClassicItem)
