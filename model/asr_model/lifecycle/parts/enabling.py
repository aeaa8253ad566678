"""Enabling replication, the first replication, the first recovery point (facts 2.1, S1 to S4)."""

from __future__ import annotations

from asr_model.lifecycle.chart import Events, States, cite, events
from asr_model.lifecycle.phrases import CANCELLING, GOING_ON, IMPAIRED, cancellation, failure, stoppable, success


def enabling(s: States) -> Events:
    """From an item that is not replicated to a protected one."""
    return events(
        enable_replication=cite(
            s.not_replicated.to(s.enabling_replication, on="start_new_life"), "R07", "X21", may_refuse="impaired"
        ),
        enabling_succeeds=success(s.enabling_replication.to(s.initial_replication, cond=GOING_ON), "R07"),
        enabling_fails=failure(s.enabling_replication.to(s.enabling_failed, cond=IMPAIRED), "R07"),
        enabling_comes_to_nothing=failure(s.enabling_replication.to(s.not_replicated, cond=IMPAIRED), "R07"),
        cancel_job=cite(stoppable(s.enabling_replication), "R07", may_refuse="True"),
        job_is_cancelled=cancellation(s.enabling_replication.to(s.not_replicated, cond=CANCELLING, on="stop"), "R25"),
        initial_replication_completes=cite(s.initial_replication.to(s.awaiting_first_recovery_point), "R92"),
        first_recovery_point_created=cite(
            s.awaiting_first_recovery_point.to(s.protected, on="gain_crash_point"), "R92", "R10"
        ),
    )
