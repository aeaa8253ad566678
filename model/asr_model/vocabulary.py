"""The words of the domain: operations and their arguments, faults, sites, directions.

Phases and drill states are not listed here: they are the states of the lifecycle's StateChart, the one place
where they are declared.
"""

from __future__ import annotations

from enum import StrEnum
from types import MappingProxyType


class Operation(StrEnum):
    """What a user asks for."""

    ENABLE_REPLICATION = "enable_replication"
    TEST_FAILOVER = "test_failover"
    CLEAN_UP_TEST_FAILOVER = "clean_up_test_failover"
    FAIL_OVER = "fail_over"
    CHANGE_RECOVERY_POINT = "change_recovery_point"
    COMMIT = "commit"
    REPROTECT = "reprotect"
    PLANNED_FAILOVER = "planned_failover"
    CANCEL_FAILOVER = "cancel_failover"
    DISABLE_REPLICATION = "disable_replication"
    RESYNCHRONIZE = "resynchronize"
    CANCEL_JOB = "cancel_job"


UNTIL_COMMITTED = (Operation.COMMIT, Operation.CHANGE_RECOVERY_POINT)
"""What a failover to Azure leaves to be done until it is committed, and not afterwards."""


class Answer(StrEnum):
    """How an implementation answered an operation.

    `REFUSED` covers both ways (facts 5.12): the request is refused, or the job it started ends failed or
    cancelled with the item unchanged.
    """

    ACCEPTED = "accepted"
    REFUSED = "refused"


class Fault(StrEnum):
    """What can be wrong with the surroundings of the item."""

    SOURCE_SHUTDOWN_FAILS = "source_shutdown_fails"
    FAILOVER_FAILS = "failover_fails"
    PLANNED_FAILOVER_FAILS = "planned_failover_fails"
    CANCEL_FAILS = "cancel_fails"
    APPLIANCE_UNHEALTHY = "appliance_unhealthy"
    REPLICATION_UNHEALTHY = "replication_unhealthy"
    AZURE_VM_OFF = "azure_vm_off"
    MOBILITY_AGENT_STOPPED = "mobility_agent_stopped"
    SERVICE_URLS_BLOCKED = "service_urls_blocked"
    DATASTORE_UNREACHABLE = "datastore_unreachable"


class Site(StrEnum):
    """Where a production machine can be."""

    ON_PREMISES = "on_premises"
    AZURE = "azure"


class Direction(StrEnum):
    """Where replication goes."""

    NONE = "none"
    TO_AZURE = "to_azure"
    TO_ON_PREMISES = "to_on_premises"


class JobEnd(StrEnum):
    """How a job can end."""

    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Group(StrEnum):
    """The direction a phase belongs to, for people who read a diagram."""

    TOWARDS_AZURE = "towards Azure"
    TOWARDS_ON_PREMISES = "towards on-premises"
    LEAVING = "leaving"


Arguments = tuple[tuple[str, str | bool], ...]
"""The arguments of one request: names with their values."""

#: The arguments of each operation as the model sees them: name -> the finitely many kinds of value that matter.
#: `listed` stands for the id of any listed recovery point, `in_use` for the listed one that the item failed over to,
#: `unknown` for a well-formed id that names no point. `job` tells whether the job to cancel still runs.
ARGUMENTS: MappingProxyType[Operation, MappingProxyType[str, tuple[str | bool, ...]]] = MappingProxyType(
    {
        Operation.FAIL_OVER: MappingProxyType(
            {
                "recovery_point": ("latest", "latest_processed", "latest_app_consistent", "listed", "unknown"),
                "shut_down_source": (True, False),
            }
        ),
        Operation.TEST_FAILOVER: MappingProxyType(
            {"recovery_point": ("latest", "latest_processed", "latest_app_consistent", "listed", "unknown")}
        ),
        Operation.CHANGE_RECOVERY_POINT: MappingProxyType({"recovery_point": ("listed", "in_use", "unknown")}),
        Operation.PLANNED_FAILOVER: MappingProxyType({"recovery_point_type": ("crash_consistent", "app_consistent")}),
        Operation.CANCEL_JOB: MappingProxyType({"job": ("running", "ended")}),
    }
)
