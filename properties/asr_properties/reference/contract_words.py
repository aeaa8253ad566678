"""The words of the contract that the reference uses: phases, drills, sites, states of jobs."""

from __future__ import annotations

from typing import Final

# Phases (design section 4).
NOT_REPLICATED: Final = "not_replicated"
ENABLING_REPLICATION: Final = "enabling_replication"
ENABLING_FAILED: Final = "enabling_failed"
INITIAL_REPLICATION: Final = "initial_replication"
AWAITING_FIRST_RECOVERY_POINT: Final = "awaiting_first_recovery_point"
PROTECTED: Final = "protected"
FAILING_OVER: Final = "failing_over"
FAILOVER_FAILED: Final = "failover_failed"
FAILOVER_ABORTED: Final = "failover_aborted"
FAILED_OVER: Final = "failed_over"
CHANGING_RECOVERY_POINT: Final = "changing_recovery_point"
COMMITTING_FAILOVER: Final = "committing_failover"
FAILOVER_COMMITTED: Final = "failover_committed"
REPROTECTING_TO_ON_PREMISES: Final = "reprotecting_to_on_premises"
REVERSE_INITIAL_REPLICATION: Final = "reverse_initial_replication"
REVERSE_PROTECTED: Final = "reverse_protected"
FAILING_BACK: Final = "failing_back"
REVERTING_FAILBACK: Final = "reverting_failback"
FAILBACK_CANCEL_FAILED: Final = "failback_cancel_failed"
FAILED_BACK: Final = "failed_back"
CANCELLING_FAILBACK: Final = "cancelling_failback"
COMMITTING_FAILBACK: Final = "committing_failback"
FAILBACK_COMMITTED: Final = "failback_committed"
REPROTECTING_TO_AZURE: Final = "reprotecting_to_azure"
DISABLING_REPLICATION: Final = "disabling_replication"

# The drill beside the phase.
NO_DRILL: Final = "no_drill"
DRILL_RUNNING: Final = "drill_running"
DRILL_AWAITING_CLEANUP: Final = "drill_awaiting_cleanup"
CLEANING_UP_DRILL: Final = "cleaning_up_drill"

# Sites, directions, power.
ON_PREMISES: Final = "on_premises"
AZURE: Final = "azure"
NONE: Final = "none"
TO_AZURE: Final = "to_azure"
TO_ON_PREMISES: Final = "to_on_premises"
ON: Final = "on"
OFF: Final = "off"
ABSENT: Final = "absent"

CRASH_CONSISTENT: Final = "crash_consistent"
APP_CONSISTENT: Final = "app_consistent"

# States of jobs and tasks.
NOT_STARTED: Final = "not_started"
IN_PROGRESS: Final = "in_progress"
SUCCEEDED: Final = "succeeded"
FAILED: Final = "failed"
SKIPPED: Final = "skipped"
CANCELLED: Final = "cancelled"
