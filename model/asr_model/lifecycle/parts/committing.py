"""Commit of a failover and of a failback (facts 2.5, A2, A6)."""

from __future__ import annotations

from asr_model.lifecycle.chart import Events, States, cite, events
from asr_model.lifecycle.phrases import CANCELLING, GOING_ON, cancellation, stoppable, success


def committing_the_failover(s: States) -> Events:
    """The recovery point that was failed over to is final; the others are deleted."""
    return events(
        commit=cite(s.failed_over.to(s.committing_failover), "R39", "R41", "X21"),
        commit_succeeds=success(
            s.committing_failover.to(s.failover_committed, cond=GOING_ON, on="delete_points"), "R41", "R40", "R38"
        ),
        cancel_job=cite(stoppable(s.committing_failover), "R41", may_refuse="True"),
        job_is_cancelled=cancellation(s.committing_failover.to(s.failed_over, cond=CANCELLING, on="stop"), "R25"),
    )


def committing_the_failback(s: States) -> Events:
    """The failback is final; the machine in Azure is removed."""
    return events(
        commit=cite(s.failed_back.to(s.committing_failback), "X17", "X21"),
        commit_succeeds=success(
            s.committing_failback.to(s.failback_committed, cond=GOING_ON, on="remove_azure_vm"), "X17"
        ),
        cancel_job=cite(stoppable(s.committing_failback), "R41", may_refuse="True"),
        job_is_cancelled=cancellation(s.committing_failback.to(s.failed_back, cond=CANCELLING, on="stop"), "R25"),
    )
