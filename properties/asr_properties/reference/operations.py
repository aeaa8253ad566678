"""The operations that the reference has, one row each, and in which phases they are listed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

from .contract_words import (
    APP_CONSISTENT,
    AWAITING_FIRST_RECOVERY_POINT,
    CRASH_CONSISTENT,
    ENABLING_FAILED,
    FAILBACK_COMMITTED,
    FAILED_OVER,
    FAILOVER_ABORTED,
    FAILOVER_COMMITTED,
    FAILOVER_FAILED,
    INITIAL_REPLICATION,
    PROTECTED,
    REVERSE_INITIAL_REPLICATION,
    REVERSE_PROTECTED,
)


class Argument(NamedTuple):
    """An argument of a request: whether a value fits it, and whether it must be there (contract, Arguments)."""

    fits: Callable[[object], bool]
    required: bool = True


class OperationRow(NamedTuple):
    """What the service calls the jobs of an operation (`scenario`) and their first task, and what `request` takes.

    Facts section 2 has the service's identifiers of failover, commit, reprotect, planned failover and cancel, and the
    scenarios of enable, disable and the drill.
    """

    scenario: str
    first_task: str
    arguments: Mapping[str, Argument] = {}


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_truth(value: object) -> bool:
    return isinstance(value, bool)


def _is_kind_of_point(value: object) -> bool:
    return value in (CRASH_CONSISTENT, APP_CONSISTENT)


# How an operation behaves is in the method of its name, of a class of the item; whether it is possible, in `can_NAME`.
OPERATIONS: Final[Mapping[str, OperationRow]] = {
    "enable_replication": OperationRow("EnableDr", "EnableDrPrerequisitesCheck"),
    "test_failover": OperationRow(
        "TestFailover", "TestFailoverPrerequisitesCheck", {"recovery_point": Argument(_is_text, required=False)}
    ),
    "clean_up_test_failover": OperationRow("TestFailoverCleanup", "TestFailoverCleanupPreflight"),
    "fail_over": OperationRow(
        "UnplannedFailover",
        "VmUfoPrerequisitesCheck",
        {"recovery_point": Argument(_is_text), "shut_down_source": Argument(_is_truth)},
    ),
    "change_recovery_point": OperationRow(
        "ApplyRecoveryPoint", "ApplyRecoveryPointPrerequisitesCheck", {"recovery_point": Argument(_is_text)}
    ),
    "commit": OperationRow("CommitFailover", "VmCommitPrerequisitesCheck"),
    "reprotect": OperationRow(
        "SwitchReplicationGroupProtection",
        "SwitchReplicationGroupProtectionPreflightTask",
        {"appliance": Argument(_is_text, required=False), "cache_storage_account": Argument(_is_text, required=False)},
    ),
    "planned_failover": OperationRow(
        "PlannedFailover", "VmPfoPrerequisitesCheck", {"recovery_point_type": Argument(_is_kind_of_point)}
    ),
    "cancel_failover": OperationRow("CancelFailover", "CancelFailoverPreflightChecksTask"),
    "disable_replication": OperationRow("DisableDr", "DisableDrPrerequisitesCheck"),
    "resynchronize": OperationRow("RepairReplication", "RepairReplicationPrerequisitesCheck"),
}

# Phase -> operations listed there when no job runs and no drill is active (facts 1.1; contract 2), as far as all
# profiles agree.
ALLOWED: Final[Mapping[str, tuple[str, ...]]] = {
    ENABLING_FAILED: ("disable_replication",),
    INITIAL_REPLICATION: ("disable_replication",),
    AWAITING_FIRST_RECOVERY_POINT: ("disable_replication",),
    PROTECTED: ("fail_over", "test_failover", "disable_replication"),
    FAILOVER_FAILED: ("fail_over", "disable_replication"),
    FAILOVER_ABORTED: ("disable_replication",),
    FAILED_OVER: ("commit", "change_recovery_point", "reprotect", "disable_replication"),
    FAILOVER_COMMITTED: ("reprotect", "disable_replication"),
    REVERSE_INITIAL_REPLICATION: ("disable_replication",),
    FAILBACK_COMMITTED: ("reprotect", "disable_replication"),
}

# Phases in which resynchronize may be listed beside these (contract 2).
RESYNCHRONIZABLE: Final = frozenset({PROTECTED, FAILOVER_FAILED, REVERSE_PROTECTED})
