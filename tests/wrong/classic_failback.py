"""Classic's failback by a failover: what it brings over, its machines, what it lists."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from asr_properties.contract.errors import Refused
from asr_properties.reference import ClassicItem
from asr_properties.reference.jobs import Job, Step
from asr_properties.reference.points import Point
from wrong.registry import breaks

CLASSIC = ClassicItem.profile.name


def failbacks(item: ClassicItem) -> int:
    """How many failbacks have succeeded in this life and those before."""
    return sum(
        job.operation == "fail_over" and job.phase_before == "reverse_protected" and job.state == "succeeded"
        for job in item.jobs.values()
    )


@breaks("R94", says="failback", profile=CLASSIC)
class EmptyFailback(ClassicItem):
    """A failback by failover brings over an empty disk."""

    __slots__ = ()

    def fill_on_premises_disks(self, job: Job) -> None:
        self.on_premises.sequence = 0


@breaks("R94", says="failback", profile=CLASSIC)
class EmptySecondFailback(ClassicItem):
    """From the second cycle on a failback brings over an empty disk."""

    __slots__ = ()

    def fill_on_premises_disks(self, job: Job) -> None:
        super().fill_on_premises_disks(job)
        if failbacks(self):
            self.on_premises.sequence = 0


class OtherPoint(ClassicItem):
    """A failback to one kind of choice brings over something else."""

    __slots__ = ("asked",)

    option = ""

    def fail_back(self, arguments: Mapping[str, Any]) -> Job:
        job = super().fail_back(arguments)
        words = ("latest", "latest_processed", "latest_app_consistent")
        self.asked = arguments["recovery_point"] if arguments["recovery_point"] in words else "listed"
        return job

    def fill_on_premises_disks(self, job: Job) -> None:
        super().fill_on_premises_disks(job)
        if self.asked == self.option:
            self.on_premises.sequence = self.other(job)

    def other(self, job: Job) -> int:
        """The newest record on the disks instead."""
        return 0


@breaks("R94", says="named", profile=CLASSIC)
class NamedPointBringsNothing(OtherPoint):
    """A failback to a point that is named brings over an empty disk."""

    __slots__ = ()

    option = "listed"


@breaks("R94", says="named", profile=CLASSIC)
class NamedPointIgnored(OtherPoint):
    """A failback to a point that is named brings over the newest data instead."""

    __slots__ = ()

    option = "listed"

    def other(self, job: Job) -> int:
        return self.azure.sequence


@breaks("R94", says="named", profile=CLASSIC)
class UntoldPointIgnored(NamedPointIgnored):
    """A failback to a point that is named brings over the newest data instead; no point tells what it holds."""

    __slots__ = ()

    def recovery_points(self) -> list[dict[str, Any]]:
        return [{**point, "sequence": None} for point in super().recovery_points()]


@breaks("R94", says="named", profile=CLASSIC)
class NamedPointLosesItsLastRecord(OtherPoint):
    """A failback to a point that is named leaves out the last record of the point."""

    __slots__ = ()

    option = "listed"

    def other(self, job: Job) -> int:
        return max(0, self.on_premises.sequence - 1)


@breaks("R94", says="latest processed", profile=CLASSIC)
class ProcessedPointBringsNothing(OtherPoint):
    """A failback to the latest processed point brings over an empty disk."""

    __slots__ = ()

    option = "latest_processed"


@breaks("R94", says="latest processed", profile=CLASSIC)
class OldestPointForProcessed(OtherPoint):
    """A failback to the latest processed point takes the oldest one."""

    __slots__ = ()

    option = "latest_processed"

    def other(self, job: Job) -> int:
        return self.points().listed(self.clock.now)[-1].sequence


@breaks("R94", says="app-consistent", profile=CLASSIC)
class AppPointBringsNothing(OtherPoint):
    """A failback to the latest app-consistent point brings over an empty disk."""

    __slots__ = ()

    option = "latest_app_consistent"


@breaks("R94", says="latest", profile=CLASSIC)
class OldFailback(ClassicItem):
    """A failback to the latest point takes the newest recovery point there is, without what was received since."""

    __slots__ = ()

    def latest_point(self, replication: Any) -> Point:
        newest = replication.points.newest(self.clock.now) if self.reverse else None
        return newest or super().latest_point(replication)


@breaks("R94", says="latest", profile=CLASSIC)
class FailbackLosesTheLastRecord(OtherPoint):
    """A failback to the latest point leaves out the last record that was received."""

    __slots__ = ()

    option = "latest"

    def other(self, job: Job) -> int:
        return max(0, self.on_premises.sequence - 1)


@breaks("R94", says="nothing that was not written", profile=CLASSIC)
class InventedFailback(OtherPoint):
    """A failback to the latest point brings over a record that nobody wrote."""

    __slots__ = ()

    option = "latest"

    def other(self, job: Job) -> int:
        return self.last_sequence + 1


@breaks("R94", says="on-premises", profile=CLASSIC)
class FailbackNotStarted(ClassicItem):
    """A failback leaves the on-premises machine off."""

    __slots__ = ()

    def start_on_premises_vm(self, job: Job) -> None:
        pass


@breaks("R94", says="on-premises", profile=CLASSIC)
class FailbackNotActive(ClassicItem):
    """After a failback Azure still reads as the active site."""

    __slots__ = ()

    def observation(self) -> dict[str, Any] | None:
        shown = super().observation()
        if shown is not None and self.phase == "failed_back":
            shown["active_site"] = "azure"
        return shown


@breaks("R94", says="fail_over", profile=CLASSIC)
class EarlyFailbackByFailover(ClassicItem):
    """A failback is accepted before the initial replication to on-premises has ended."""

    __slots__ = ()

    def can_fail_over(self) -> bool:
        return self.phase == "reverse_initial_replication" or super().can_fail_over()


@breaks("R94", says="fail_over", profile=CLASSIC)
class EarlyFailbackInLaterCycles(ClassicItem):
    """From the second cycle on a failback is accepted before the initial replication to on-premises has ended."""

    __slots__ = ()

    def can_fail_over(self) -> bool:
        is_early = self.phase == "reverse_initial_replication" and failbacks(self) > 0
        return is_early or super().can_fail_over()


@breaks("R94", says="fail_over", profile=CLASSIC)
class FailbackWithoutReprotect(ClassicItem):
    """A failback is accepted once the failover is committed, without a reprotect."""

    __slots__ = ()

    def can_fail_over(self) -> bool:
        return self.phase == "failover_committed" or super().can_fail_over()

    def fail_over(self, arguments: Mapping[str, Any]) -> Job:
        return self.fail_back(arguments) if self.phase == "failover_committed" else super().fail_over(arguments)


@breaks("R94", says="fail_over", profile=CLASSIC)
class FailbackUnlisted(ClassicItem):
    """An item that replicates to on-premises does not list the failback."""

    __slots__ = ()

    def allowed_operations(self) -> list[str]:
        listed = super().allowed_operations()
        return [o for o in listed if o != "fail_over" or self.phase != "reverse_protected"]


@breaks("R94", says="fail_over", profile=CLASSIC)
class ListedFailbackRefused(ClassicItem):
    """A failback is listed, and refused."""

    __slots__ = ()

    def fail_back(self, arguments: Mapping[str, Any]) -> Job:
        raise Refused("not now")


@breaks("R94", says="fail_over", profile=CLASSIC)
class FailbackNeedsShutdownAsked(ClassicItem):
    """A failback that is not to shut its source down is refused."""

    __slots__ = ()

    def fail_back(self, arguments: Mapping[str, Any]) -> Job:
        if not arguments["shut_down_source"]:
            raise Refused("the source must be shut down")
        return super().fail_back(arguments)


@breaks("X02", says="test_failover", profile=CLASSIC)
class DrillInReverse(ClassicItem):
    """In the reverse direction a test failover is listed too."""

    __slots__ = ()

    def allowed_operations(self) -> list[str]:
        listed = super().allowed_operations()
        return [*listed, "test_failover"] if self.phase == "reverse_protected" and listed else listed


@breaks("X02", says="planned_failover", profile=CLASSIC)
class PlannedFailoverTaken(ClassicItem):
    """A planned failover is accepted, and does what a failback does."""

    __slots__ = ()

    def can_planned_failover(self) -> bool:
        return self.phase == "reverse_protected" and self.can_fail_over()

    def planned_failover(self, arguments: Mapping[str, Any]) -> Job:
        return self.fail_back({"recovery_point": "latest", "shut_down_source": True})


@breaks("X02", says="planned_failover", profile=CLASSIC)
class PlannedFailoverListed(ClassicItem):
    """In the reverse direction a planned failover is listed, and refused."""

    __slots__ = ()

    def allowed_operations(self) -> list[str]:
        listed = super().allowed_operations()
        return [*listed, "planned_failover"] if self.phase == "reverse_protected" and listed else listed


@breaks("X10", says="one production machine", profile=CLASSIC)
class ShutdownOnlySaid(ClassicItem):
    """A failback says that it has shut Azure down, and its machine stays on."""

    __slots__ = ()

    def leave_azure(self, job: Job) -> None:
        job.source_shut_down = True

    def failback_succeeds(self, job: Job) -> None:
        power = self.azure.power
        super().failback_succeeds(job)
        self.azure.power = power


@breaks("X10", says="one production machine", profile=CLASSIC)
class ShutdownOnlySaidInLaterCycles(ClassicItem):
    """From the second cycle on a failback says that it has shut Azure down, and its machine stays on."""

    __slots__ = ()

    def leave_azure(self, job: Job) -> None:
        if failbacks(self):
            job.source_shut_down = True
        else:
            super().leave_azure(job)

    def failback_succeeds(self, job: Job) -> None:
        power, again = self.azure.power, failbacks(self) > 1
        super().failback_succeeds(job)
        if again:
            self.azure.power = power


@breaks("X10", says="one production machine", profile=CLASSIC)
class StartedBeforeTheShutdown(ClassicItem):
    """A failback starts the on-premises machine before it shuts Azure down."""

    __slots__ = ()

    def failback_steps(self, shut_down_source: bool) -> tuple[Step, ...]:
        first, shutdown, failover, start = super().failback_steps(shut_down_source)
        return first, failover, start, shutdown


@breaks("X10", says="one production machine", profile=CLASSIC)
class AzureWakesUp(ClassicItem):
    """A failback that has shut Azure down starts its machine again at its end."""

    __slots__ = ()

    def failback_succeeds(self, job: Job) -> None:
        super().failback_succeeds(job)
        if job.source_shut_down:
            self.azure.turn_on()
