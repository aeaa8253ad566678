"""The planned failover to on-premises, its revert when it fails, its cancel (facts 2.7, 2.8, 5.4, A4, A5, A16)."""

from __future__ import annotations

from asr_model.lifecycle.chart import Events, States, cite, events, staying
from asr_model.lifecycle.phrases import (
    CANCEL_FAULT,
    CANCELLING,
    FAILBACK_FAULT,
    GOING_ON,
    cancellation,
    failure,
    stoppable,
    success,
)


def planned_failover(s: States) -> Events:
    """From an item protected in the reverse direction to a machine that runs on-premises, or back by a revert."""
    return events(
        planned_failover=cite(
            s.reverse_protected.to(
                s.failing_back,
                cond="recovery_point_type == 'crash_consistent'",
                on=["need_fresh_point", "end_resynchronizing"],
            ),
            *("R43", "R60", "R94", "X21"),
            may_refuse="impaired or resynchronizing",
        )
        | cite(
            s.reverse_protected.to(
                s.failing_back, cond="recovery_point_type == 'app_consistent'", on="end_resynchronizing"
            ),
            *("R43", "R60", "R94"),
            may_refuse="True",
        ),
        failback_point_created=cite(
            staying(s.failing_back, cond="fresh_point == 'needed'", on="make_fresh_point"), "R44", "R47", "R48"
        ),
        azure_vm_shuts_down=cite(
            staying(s.failing_back, cond="azure == 'on' and fresh_point != 'needed'", on="shut_down_azure_vm"), "R49"
        ),
        on_premises_vm_starts=cite(
            staying(s.failing_back, cond="azure == 'off' and on_premises == 'off'", on="start_on_premises_vm"), "R50"
        ),
        failback_succeeds=success(
            s.failing_back.to(s.failed_back, cond=f"on_premises == 'on' and {GOING_ON}", on="forget_fresh_point"),
            *("R51", "R85"),
        ),
        failback_fails=failure(
            s.failing_back.to(s.reverting_failback, cond=FAILBACK_FAULT, on="leave_failback_open"), "R78"
        ),
        failback_comes_to_nothing=failure(
            s.failing_back.to(
                s.reverse_protected,
                cond=f"azure == 'on' and fresh_point != 'made' and {FAILBACK_FAULT}",
                on="forget_fresh_point",
            ),
            *("R45", "R46"),
        ),
        revert_succeeds=success(s.reverting_failback.to(s.reverse_protected, cond=GOING_ON, on="restore_azure"), "R79"),
        revert_fails=failure(s.reverting_failback.to(s.failback_cancel_failed, cond=CANCEL_FAULT), "R80"),
        cancel_job=cite(stoppable(s.failing_back), "R59", may_refuse="True")
        | cite(stoppable(s.reverting_failback), "R63", may_refuse="True"),
        job_is_cancelled=cancellation(
            s.failing_back.to(s.reverting_failback, cond=CANCELLING, on=["stop", "leave_failback_open"])
            | s.reverting_failback.to(s.failback_cancel_failed, cond=CANCELLING, on="stop"),
            "R25",
        ),
    )


def cancelling_the_planned_failover(s: States) -> Events:
    """Back from a planned failover to the state before it."""
    return events(
        cancel_failover=cite(
            s.failed_back.to(s.cancelling_failback, before="remember_phase"), "R61", "R59", "R65", "R72", "X21"
        )
        | cite(s.failback_cancel_failed.to(s.cancelling_failback, before="remember_phase"), "R61", "R64", "R80", "X21")
        | cite(
            s.failing_back.to(s.cancelling_failback, cond=GOING_ON, before="remember_phase", on="leave_failback_open"),
            "R59",
            may_refuse="True",
        ),
        cancel_succeeds=success(
            s.cancelling_failback.to(s.reverse_protected, cond=GOING_ON, on=["restore_azure", "forget_phase"]),
            *("R65", "R66", "R70"),
        ),
        cancel_fails=failure(
            s.cancelling_failback.to(
                s.failback_cancel_failed, cond=CANCEL_FAULT, on=["leave_machines_open", "forget_phase"]
            ),
            *("R63", "R64"),
        ),
        cancel_leaves_item_failed_back=failure(
            s.cancelling_failback.to(
                s.failed_back,
                cond=f"before == 'failed_back' and {CANCEL_FAULT}",
                on=["restore_failback", "forget_phase"],
            ),
            *("R63", "R64"),
        ),
        cancel_job=cite(stoppable(s.cancelling_failback), "R63", may_refuse="True"),
        job_is_cancelled=cancellation(
            s.cancelling_failback.to(
                s.failback_cancel_failed, cond=CANCELLING, on=["stop", "leave_machines_open", "forget_phase"]
            ),
            "R25",
        ),
    )
