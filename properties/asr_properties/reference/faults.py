"""Which faults there are, which task of which job each concerns, and which are on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

SHUTDOWN_TASK: Final = "VmShutdownVmOnPrimary"

FAILOVER_TASKS: Final = ("VmUfoPrerequisitesCheck", SHUTDOWN_TASK, "VmFailover", "VmFoStartVmOnSecondary")
TEST_FAILOVER_TASKS: Final = (
    "TestFailoverPrerequisitesCheck",
    "StartTestFailover",
    "CreateTestVirtualMachine",
    "StartTestVirtualMachine",
)
PLANNED_FAILOVER_TASKS: Final = (
    "VmPfoPrerequisitesCheck",
    "VmPrepareForFailover",
    "VmFailover",
    "VmPrepareProtectedEntitiesTask",
    "VmFoStartVmOnSecondary",
)
CANCEL_FAILOVER_TASKS: Final = (
    "CancelFailoverPreflightChecksTask",
    "CancelFailoverRecovery",
    "CancelFailoverPrimary",
    "StartVmOnPrimary",
)


class JobFault(NamedTuple):
    """A fault of a job.

    tasks: those that it can concern (facts section 2; contract 7). fails: scenario of the jobs that fail with their
    task -> the place of the main task among theirs; with a task of any other job, that job goes on.
    """

    tasks: tuple[str, ...]
    fails: Mapping[str, int] = {}


class HealthFault(NamedTuple):
    """A fault of health (facts 5.2, 5.5, 5.6).

    issue: what the item's health issue says of it. only_reverse: it does not concern replication towards Azure. off:
    the machine in Azure reads `off` while it is on (contract 7).
    """

    issue: str
    only_reverse: bool = False
    off: bool = False


JOB_FAULTS: Final[Mapping[str, JobFault]] = {
    "source_shutdown_fails": JobFault((SHUTDOWN_TASK,)),
    "failover_fails": JobFault(FAILOVER_TASKS + TEST_FAILOVER_TASKS, {"UnplannedFailover": 2, "TestFailover": 2}),
    "planned_failover_fails": JobFault(PLANNED_FAILOVER_TASKS, {"PlannedFailover": 2}),
    "cancel_fails": JobFault(CANCEL_FAILOVER_TASKS, {"CancelFailover": 1}),
}

HEALTH_FAULTS: Final[Mapping[str, HealthFault]] = {
    "appliance_unhealthy": HealthFault("The replication appliance is not healthy."),
    "replication_unhealthy": HealthFault("Replication of the machine is not healthy."),
    "azure_vm_off": HealthFault("The virtual machine in Azure is turned off.", only_reverse=True, off=True),
    "mobility_agent_stopped": HealthFault("The services of the mobility agent are not running."),
    "service_urls_blocked": HealthFault("The machine cannot reach the service."),
    "datastore_unreachable": HealthFault("The appliance cannot reach the datastore.", only_reverse=True),
}

FAULTS: Final = frozenset(JOB_FAULTS) | frozenset(HEALTH_FAULTS)

# Scenario -> the fault that makes its jobs fail, and the place of the main task among its tasks.
FAILING_SCENARIOS: Final[Mapping[str, tuple[str, int]]] = {
    scenario: (name, place) for name, fault in JOB_FAULTS.items() for scenario, place in fault.fails.items()
}


def tasks_of(fault: str) -> tuple[str, ...]:
    """The tasks that a fault can concern; none for a fault of health."""
    return JOB_FAULTS[fault].tasks if fault in JOB_FAULTS else ()


class Faults:
    """The faults that are on; a fault lasts until it is cleared or the item is made anew (contract 7)."""

    __slots__ = ("active",)

    def __init__(self) -> None:
        self.active: dict[str, str | None] = {}

    def inject(self, fault: str, task: str | None) -> None:
        """Turn on one of FAULTS, for one task of its job or, with None, for the job; a second time replaces."""
        self.active[fault] = task

    def clear(self, fault: str) -> None:
        """Turn a fault off; nothing happens if it isn't on."""
        self.active.pop(fault, None)

    def issues(self) -> list[dict[str, str]]:
        """The health faults that are on, as health issues of the item."""
        return [
            {"code": fault, "message": HEALTH_FAULTS[fault].issue} for fault in self.active if fault in HEALTH_FAULTS
        ]

    def any_of_health(self) -> bool:
        """Whether a health fault is on."""
        return any(fault in HEALTH_FAULTS for fault in self.active)

    def stall(self, *, reverse: bool) -> bool:
        """Whether a fault is on that stops the flow of data in this direction (contract 7)."""
        on = (HEALTH_FAULTS[fault] for fault in self.active if fault in HEALTH_FAULTS)
        return any(reverse or not fault.only_reverse for fault in on)

    def azure_vm_reads_off(self) -> bool:
        """Whether a fault is on while which the machine in Azure reads `off` (contract 7)."""
        return any(fault in HEALTH_FAULTS and HEALTH_FAULTS[fault].off for fault in self.active)

    def fails_alone(self, task: str) -> bool:
        """Whether a fault is on with which this task fails and its job goes on (R24)."""
        on = (JOB_FAULTS[fault] for fault in self.active if fault in JOB_FAULTS)
        return any(task in fault.tasks and not fault.fails for fault in on)
