"""The failback of the classic profile: an unplanned failover in the reverse direction (facts 4, F12).

What becomes of the machine in Azure before the commit is not known; a failback that fails leaves the item where it
was, by analogy with a failed failover (F5).
"""

from __future__ import annotations

from asr_model.lifecycle.chart import Events, States, cite, events, staying
from asr_model.lifecycle.phrases import CANCELLING, FAILOVER_FAULT, GOING_ON, cancellation, failure, stoppable, success


def failback_by_failover(s: States) -> Events:
    """From an item protected in the reverse direction to a machine that runs on-premises."""
    effects = ["plan_shutdown", "leave_azure_open", "end_resynchronizing"]
    return events(
        fail_over=cite(
            s.reverse_protected.to(s.failing_back, cond="recovery_point == 'latest'", on=effects),
            *("R18", "R94", "X21"),
            may_refuse="impaired or resynchronizing",
        )
        # Points of the reverse direction need not be there, nor be seen (facts 3.1, 3.3).
        | cite(
            s.reverse_protected.to(s.failing_back, cond="recovery_point == 'latest_processed'", on=effects)
            | s.reverse_protected.to(s.failing_back, cond="recovery_point == 'latest_app_consistent'", on=effects)
            | s.reverse_protected.to(s.failing_back, cond="recovery_point == 'listed'", on=effects),
            "R94",
            may_refuse="True",
        ),
        source_shuts_down=cite(staying(s.failing_back, cond="shutdown_pending", on="end_shutdown"), "R23"),
        source_shutdown_fails=cite(
            staying(s.failing_back, cond="shutdown_pending and shutdown_faulty", on="go_on_without_shutdown"), "R24"
        ),
        failback_succeeds=success(
            s.failing_back.to(s.failed_back, cond=f"not shutdown_pending and {GOING_ON}", on="start_on_premises_vm"),
            "R94",
        ),
        failback_fails=failure(
            s.failing_back.to(s.reverse_protected, cond=FAILOVER_FAULT, on="go_on_without_shutdown"), "X18"
        ),
        cancel_job=cite(stoppable(s.failing_back), "R25", may_refuse="True"),
        job_is_cancelled=cancellation(s.failing_back.to(s.reverse_protected, cond=CANCELLING, on="stop"), "R25"),
    )
