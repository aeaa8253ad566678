"""The failback of the classic profile: an unplanned failover in the reverse direction (facts 4, F12, contract 15).

What becomes of the machine in Azure before the commit is not known. A failback that fails, or whose job is cancelled,
leaves production in Azure; whether it can be tried again, and whether replication goes on, no source says. The rules of
a failover to Azure do not hold for it, so that it may also fail because its source could not be shut down. Whether the
fault of a failover or that of a failback makes it fail is not said either.
"""

from __future__ import annotations

from asr_model.lifecycle.chart import Events, States, cite, events, staying
from asr_model.lifecycle.phrases import CANCELLING, GOING_ON, cancellation, failure, stoppable, success

FAULT = (
    f"(failover_faulty or planned_failover_faulty or impaired or shutdown_faulty and shutdown_pending) and {GOING_ON}"
)


def failback_by_failover(s: States) -> Events:
    """From an item protected in the reverse direction to a machine that runs on-premises."""
    effects = ["plan_shutdown", "leave_azure_open", "end_resynchronizing", "forget_failed_failback"]
    return events(
        fail_over=cite(
            s.reverse_protected.to(s.failing_back, cond="recovery_point == 'latest'", on=effects),
            *("R94", "X21"),
            may_refuse="impaired or resynchronizing or failback_failed",
        )
        # Points of the reverse direction need not be there, nor be seen (facts 3.1, 3.3).
        | cite(
            s.reverse_protected.to(s.failing_back, cond="recovery_point == 'latest_processed'", on=effects)
            | s.reverse_protected.to(s.failing_back, cond="recovery_point == 'latest_app_consistent'", on=effects)
            | s.reverse_protected.to(s.failing_back, cond="recovery_point == 'listed'", on=effects),
            "R94",
            may_refuse="True",
        ),
        source_shuts_down=cite(staying(s.failing_back, cond="shutdown_pending", on="end_shutdown"), "R94"),
        source_shutdown_fails=cite(
            staying(s.failing_back, cond="shutdown_pending and shutdown_faulty", on="go_on_without_shutdown"), "R94"
        ),
        failback_succeeds=success(
            s.failing_back.to(s.failed_back, cond=f"not shutdown_pending and {GOING_ON}", on="start_on_premises_vm"),
            "R94",
        ),
        failback_fails=failure(
            s.failing_back.to(
                s.reverse_protected, cond=FAULT, on=["go_on_without_shutdown", "remember_failed_failback"]
            ),
            "R94",
        ),
        cancel_job=cite(stoppable(s.failing_back), "R94", may_refuse="True"),
        job_is_cancelled=cancellation(
            s.failing_back.to(s.reverse_protected, cond=CANCELLING, on=["stop", "remember_failed_failback"]), "R94"
        ),
    )
