"""What each fault does, for whoever writes an implementation: with the tasks it can be for, the one declaration of it.

The source is the contract, points 5, 7, 8, 9 and 10, and the facts, sections 2 and 5.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from asr_model.vocabulary import Fault, Operation

SHUTDOWN: Final = "VmShutdownVmOnPrimary"
"""The task that shuts the source of a failover down."""

PREREQUISITES: Final = "VmPfoPrerequisitesCheck"
"""The task of a planned failover before which nothing has been done."""


class FaultyTasks(NamedTuple):
    """A fault of a job. tasks: those that it can be for, by the service's identifiers (facts section 2). fails: the
    operation whose job fails with them; None: the job goes on without the task (R24)."""

    tasks: tuple[str, ...]
    fails: Operation | None


#: Fault -> its tasks; a fault that is missing concerns no job.
JOB_FAULTS: Final[Mapping[str, FaultyTasks]] = {
    Fault.SOURCE_SHUTDOWN_FAILS: FaultyTasks((SHUTDOWN,), None),
    Fault.FAILOVER_FAILS: FaultyTasks(
        ("VmUfoPrerequisitesCheck", "VmFailover", "VmFoStartVmOnSecondary"), Operation.FAIL_OVER
    ),
    Fault.PLANNED_FAILOVER_FAILS: FaultyTasks(
        (
            PREREQUISITES,
            "VmPrepareForFailover",
            "VmFailover",
            "VmPrepareProtectedEntitiesTask",
            "VmFoStartVmOnSecondary",
        ),
        Operation.PLANNED_FAILOVER,
    ),
    Fault.CANCEL_FAILS: FaultyTasks(
        ("CancelFailoverPreflightChecksTask", "CancelFailoverRecovery", "CancelFailoverPrimary", "StartVmOnPrimary"),
        Operation.CANCEL_FAILOVER,
    ),
}

REPLICATION_ALONE: Final = Fault.REPLICATION_UNHEALTHY
"""The fault that hinders replication and nothing else: no recovery points are made."""

SWITCHES_AZURE_OFF: Final = Fault.AZURE_VM_OFF
"""The fault with which the machine in Azure reads `off`."""

EVERY_FAULT: Final = (
    "A fault lasts from `inject` to `clear`, or to the next `new_item`; each of the two may be called twice. It may "
    "begin before there is anything for it to concern: it then holds for jobs that begin, and machines that are "
    "made, later."
)
OF_JOBS: Final = (
    "It counts at the instant that the task which it concerns ends: jobs that are past it go on untouched. `task` of "
    "`inject` names the task; without it, it is for the job's main one. `clear` undoes nothing: a job that has "
    "failed stays failed, and can be asked for again."
)
OF_HEALTH: Final = (
    "While it is on, enable, reprotect and planned failover may be refused or fail, and recovery points and progress "
    "may stay away. Forward `fail_over` stays listed and is accepted (X11), and what fails leaves what it would "
    "leave otherwise. After `clear` everything works again: that is judged. What failed meanwhile stays failed."
)

DOES: Final[Mapping[Fault, str]] = {
    Fault.SOURCE_SHUTDOWN_FAILS: (
        "The machine on-premises cannot be shut down. The task fails, its machine may stay on, and the failover goes "
        "on and succeeds (R24)."
    ),
    Fault.FAILOVER_FAILS: (
        "The job of a failover to Azure fails, and so does that of a drill. The item then reads failover_failed, or "
        "protected as before (A25): the site is unchanged, fail_over and disable_replication are accepted, commit "
        "and reprotect are not (X18). A source that was shut down may stay off. A drill whose job fails leaves none, "
        "or one that awaits its cleanup. The failback of Classic may fail by it as well."
    ),
    Fault.PLANNED_FAILOVER_FAILS: (
        "The job of a failback fails, and a job of its own then reverts it: the item is in reverse_protected again, "
        "or, where the revert fails as well, in failback_cancel_failed. One that fails at the prerequisites may "
        "leave the phase unchanged: it counts as a refusal. In Classic it may make a failback fail, or do nothing."
    ),
    Fault.CANCEL_FAILS: (
        "The job of cancel_failover, or of the revert that the service begins, fails. The item then is in "
        "failback_cancel_failed, or still in failed_back; in either cancel_failover can be asked for again."
    ),
    Fault.APPLIANCE_UNHEALTHY: (
        "The replication appliance or one of its components is not healthy. Enabling may then end in enabling_failed."
    ),
    Fault.REPLICATION_UNHEALTHY: "Replication of the machine is not healthy; the item's health says so.",
    Fault.AZURE_VM_OFF: (
        "The production machine in Azure is off: `machine` reads `off` and `write` is refused while it is on, also "
        "for a machine that a later failover makes. `clear` turns it on again where the item serves from Azure."
    ),
    Fault.MOBILITY_AGENT_STOPPED: "The services of the mobility agent do not run.",
    Fault.SERVICE_URLS_BLOCKED: "The machine cannot reach the URLs of the service.",
    Fault.DATASTORE_UNREACHABLE: (
        "The appliance cannot reach the datastore of the source machine, which replication towards on-premises needs."
    ),
}
"""Fault -> what is so while it is on, beside `OF_JOBS` or `OF_HEALTH`."""


def told(fault: Fault) -> list[str]:
    """What a fault does, when it acts, and what `clear` undoes, in paragraphs."""
    faulty = JOB_FAULTS.get(fault)
    if faulty is None:
        return [DOES[fault], OF_HEALTH, EVERY_FAULT]
    fails = "the job goes on" if faulty.fails is None else f"the job of {faulty.fails} fails"
    return [DOES[fault], f"Tasks: {', '.join(faulty.tasks)}; with any of them {fails}.", OF_JOBS, EVERY_FAULT]


def tasks() -> dict[str, list[Fault]]:
    """Every task that a fault can be for, with those faults."""
    found: dict[str, list[Fault]] = {}
    for fault, faulty in JOB_FAULTS.items():
        for task in faulty.tasks:
            found.setdefault(task, []).append(Fault(fault))
    return found
