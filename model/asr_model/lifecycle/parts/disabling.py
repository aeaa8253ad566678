"""Disabling replication, from every steady phase (facts 2.11, X12); its cancel leads back to where it began."""

from __future__ import annotations

from asr_model.lifecycle.chart import Events, States, any_of, cite, events
from asr_model.lifecycle.phrases import CANCELLING, GOING_ON, IDLE, cancellation, stoppable, success


def disabling(s: States) -> Events:
    """From whatever is at rest to an item that is not replicated."""
    sources = {name: state for name, state in s.steady.items() if name != "not_replicated"}
    return events(
        disable_replication=cite(
            any_of(
                source.to(s.disabling_replication, cond=IDLE, before="remember_phase", on="end_resynchronizing")
                for source in sources.values()
            ),
            *("X12", "X21"),
            may_refuse="resynchronizing",
        ),
        disabling_succeeds=success(s.disabling_replication.to(s.not_replicated, cond=GOING_ON, on="leave_item"), "X19"),
        cancel_job=cite(stoppable(s.disabling_replication), "X12", may_refuse="True"),
        job_is_cancelled=cancellation(
            any_of(
                s.disabling_replication.to(
                    source, cond=f"before == '{name}' and {CANCELLING}", on=["stop", "forget_phase"]
                )
                for name, source in sources.items()
            ),
            "R25",
        ),
    )
