"""The failover to Azure, how it fails, how its job is cancelled, and the change of its recovery point.

Facts 2.3, 2.4, S5 to S6c, SX; a failed failover: F5, A25.
"""

from __future__ import annotations

from asr_model.lifecycle.chart import Events, States, cite, events, staying
from asr_model.lifecycle.phrases import (
    CANCELLING,
    FAILOVER_FAULT,
    GOING_ON,
    IDLE,
    cancellation,
    choosing_a_point,
    failure,
    stoppable,
    success,
)


def failover_to_azure(s: States) -> Events:
    """From a protected item, or one whose failover failed, to a machine that runs in Azure."""
    return events(
        fail_over=choosing_a_point(
            (s.protected, s.failover_failed), s.failing_over, IDLE, ("plan_shutdown",), "R15", "R08", "R32", "X21"
        ),
        source_shuts_down=cite(staying(s.failing_over, cond="shutdown_pending", on="shut_down_source_machine"), "R23"),
        source_shutdown_fails=cite(
            staying(s.failing_over, cond="shutdown_pending and shutdown_faulty", on="go_on_without_shutdown"), "R24"
        ),
        failover_succeeds=success(
            s.failing_over.to(s.failed_over, cond=f"not shutdown_pending and {GOING_ON}", on="start_azure_vm"), "R36"
        ),
        failover_fails=failure(
            s.failing_over.to(
                s.failover_failed, cond=f"on_premises != 'off' and {FAILOVER_FAULT}", on="go_on_without_shutdown"
            )
            | s.failing_over.to(
                s.failover_failed, cond=f"on_premises == 'off' and {FAILOVER_FAULT}", on="leave_source_open"
            ),
            "X18",
        ),
        failover_leaves_item_protected=failure(
            s.failing_over.to(
                s.protected,
                cond=f"on_premises != 'off' and failover_faulty and {GOING_ON}",
                on="go_on_without_shutdown",
            )
            | s.failing_over.to(
                s.protected, cond=f"on_premises == 'off' and failover_faulty and {GOING_ON}", on="leave_source_open"
            ),
            "X18",
        ),
        cancel_job=cite(stoppable(s.failing_over), "R31", "R33", may_refuse="True"),
        job_is_cancelled=cancellation(
            s.failing_over.to(s.failover_aborted, cond=CANCELLING, on=["stop", "leave_machines_open"]), "R33", "R34"
        ),
    )


def changing_the_recovery_point(s: States) -> Events:
    """Another recovery point for an item that failed over and is not committed."""
    return events(
        change_recovery_point=cite(
            s.failed_over.to(s.changing_recovery_point, cond="recovery_point == 'listed' and points != 'none'")
            | s.failed_over.to(s.changing_recovery_point, cond="recovery_point == 'in_use'"),
            "R37",
            "X21",
        ),
        change_succeeds=success(s.changing_recovery_point.to(s.failed_over, cond=GOING_ON), "R37"),
        cancel_job=cite(stoppable(s.changing_recovery_point), "R37", may_refuse="True"),
        job_is_cancelled=cancellation(s.changing_recovery_point.to(s.failed_over, cond=CANCELLING, on="stop"), "R25"),
    )
