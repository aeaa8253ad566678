"""Resynchronize: listed only when relevant, so whether it is accepted is always open (facts 2.10, contract 2)."""

from __future__ import annotations

from asr_model.lifecycle.chart import Events, States, cite, events, staying
from asr_model.lifecycle.phrases import CANCELLING, GOING_ON, IDLE, cancellation, stoppable, success


def resynchronizing(s: States) -> Events:
    """A job beside the phase, in the three phases where it was observed or may be relevant."""
    replicating = (s.protected, s.failover_failed, s.reverse_protected)
    return events(
        resynchronize=cite(
            staying(*replicating, cond=f"not resynchronizing and {IDLE}", on="begin_resynchronizing"),
            "X02",
            may_refuse="True",
        ),
        resynchronization_ends=success(
            staying(*replicating, cond=f"resynchronizing and {GOING_ON}", on="end_resynchronizing"), "X02"
        ),
        cancel_job=cite(stoppable(*replicating, cond="resynchronizing"), "X02", may_refuse="True"),
        job_is_cancelled=cancellation(
            staying(*replicating, cond=f"resynchronizing and {CANCELLING}", on=("stop", "end_resynchronizing")), "R25"
        ),
    )
