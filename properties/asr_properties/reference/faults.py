"""Which faults there are, which task of which job each concerns, and which are on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

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

# Fault of a job -> the tasks it can concern (facts section 2; contract 7).
JOB_FAULTS: Final[Mapping[str, tuple[str, ...]]] = {
    "source_shutdown_fails": (SHUTDOWN_TASK,),
    "failover_fails": FAILOVER_TASKS + TEST_FAILOVER_TASKS,
    "planned_failover_fails": PLANNED_FAILOVER_TASKS,
    "cancel_fails": CANCEL_FAILOVER_TASKS,
}

# Scenario -> the fault that makes its jobs fail, and the place of the main task among its tasks.
FAILING_SCENARIOS: Final[Mapping[str, tuple[str, int]]] = {
    "UnplannedFailover": ("failover_fails", 2),
    "TestFailover": ("failover_fails", 2),
    "PlannedFailover": ("planned_failover_fails", 2),
    "CancelFailover": ("cancel_fails", 1),
}

# Fault of health -> what the item's health issue says of it (facts 5.2, 5.5, 5.6).
HEALTH_FAULTS: Final[Mapping[str, str]] = {
    "appliance_unhealthy": "The replication appliance is not healthy.",
    "replication_unhealthy": "Replication of the machine is not healthy.",
    "azure_vm_off": "The virtual machine in Azure is turned off.",
    "mobility_agent_stopped": "The services of the mobility agent are not running.",
    "service_urls_blocked": "The machine cannot reach the service.",
    "datastore_unreachable": "The appliance cannot reach the datastore.",
}

FAULTS: Final = frozenset(JOB_FAULTS) | frozenset(HEALTH_FAULTS)

# Health faults that don't concern replication towards Azure: there is no machine in Azure yet, and the datastore is
# the source's own.
_ONLY_REVERSE: Final = frozenset({"azure_vm_off", "datastore_unreachable"})


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
        return [{"code": fault, "message": HEALTH_FAULTS[fault]} for fault in self.active if fault in HEALTH_FAULTS]

    def any_of_health(self) -> bool:
        """Whether a health fault is on."""
        return any(fault in HEALTH_FAULTS for fault in self.active)

    def stall(self, *, reverse: bool) -> bool:
        """Whether a fault is on that stops the flow of data in this direction (contract 7)."""
        return any(fault in HEALTH_FAULTS and (reverse or fault not in _ONLY_REVERSE) for fault in self.active)
