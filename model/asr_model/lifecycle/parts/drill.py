"""The drill: a test failover and its cleanup, in parallel to the phases (facts 2.2, S4t, F6, F10, F13, A11, A12)."""

from __future__ import annotations

from asr_model.lifecycle.chart import Events, States, cite, events
from asr_model.lifecycle.phrases import (
    CANCELLING,
    FAILOVER_FAULT,
    GOING_ON,
    cancellation,
    choosing_a_point,
    failure,
    stoppable,
    success,
)


def drill(d: States) -> Events:
    """A test machine in Azure that leaves the item alone and goes only by its cleanup."""
    return events(
        test_failover=choosing_a_point(
            (d.no_drill,), d.drill_running, "phase == 'protected'", (), above_all=("X21", "X13")
        ),
        drill_succeeds=success(d.drill_running.to(d.drill_awaiting_cleanup, cond=GOING_ON), "X13", "X14"),
        drill_fails=failure(d.drill_running.to(d.drill_awaiting_cleanup, cond=FAILOVER_FAULT), "X14"),
        drill_comes_to_nothing=failure(d.drill_running.to(d.no_drill, cond=FAILOVER_FAULT), "X13"),
        clean_up_test_failover=cite(d.drill_awaiting_cleanup.to(d.cleaning_up_drill), "X14", "X21"),
        cleanup_succeeds=success(d.cleaning_up_drill.to(d.no_drill, cond=GOING_ON), "X14", "X13"),
        cancel_job=cite(stoppable(d.drill_running, d.cleaning_up_drill), "X14", may_refuse="True"),
        job_is_cancelled=cancellation(
            d.drill_running.to(d.drill_awaiting_cleanup, cond=CANCELLING, on="stop")
            | d.cleaning_up_drill.to(d.drill_awaiting_cleanup, cond=CANCELLING, on="stop"),
            "X14",
        ),
    )
