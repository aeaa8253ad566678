"""Reprotect, either way; from an uncommitted item its job commits first (facts 2.6, 2.9, A2, A3, A7)."""

from __future__ import annotations

from asr_model.lifecycle.chart import Events, Part, States, cite, events, staying
from asr_model.lifecycle.phrases import CANCELLING, GOING_ON, IMPAIRED, cancellation, failure, stoppable, success


def reprotecting(
    *,
    uncommitted_to_on_premises: str = "impaired",
    to_on_premises: str = "impaired",
    uncommitted_to_azure: str = "impaired or datastore_hidden",
    to_azure: str = "impaired or datastore_hidden",
) -> Part:
    """The part for a profile; the arguments say where each of the four kinds of reprotect may be refused."""
    known = "not appliance_unknown"
    sees = f"not datastore_hidden and {known}"

    def part(s: States) -> Events:
        """Replication the other way round, from whichever site serves."""
        return events(
            reprotect=cite(
                s.failed_over.to(s.reprotecting_to_on_premises, cond=sees, on="leave_source_open"),
                *("R93", "X06", "X21"),
                may_refuse=uncommitted_to_on_premises,
            )
            | cite(
                s.failover_committed.to(
                    s.reprotecting_to_on_premises, cond=sees, on=["pass_commit", "leave_source_open"]
                ),
                *("R93", "X21"),
                may_refuse=to_on_premises,
            )
            | cite(
                s.failed_back.to(s.reprotecting_to_azure, cond=known),
                *("R86", "R87", "X06", "X21"),
                may_refuse=uncommitted_to_azure,
            )
            | cite(
                s.failback_committed.to(s.reprotecting_to_azure, cond=known, on="pass_commit"),
                *("R86", "R87", "X21"),
                may_refuse=to_azure,
            ),
            reprotect_commits=cite(
                staying(s.reprotecting_to_on_premises, cond="not committed", on=("pass_commit", "delete_points"))
                | staying(s.reprotecting_to_azure, cond="not committed", on=("pass_commit", "remove_azure_vm")),
                "X06",
            ),
            reprotect_succeeds=success(
                s.reprotecting_to_on_premises.to(
                    s.reverse_initial_replication,
                    cond=f"committed and {GOING_ON}",
                    on=["end_reprotect", "turn_on_premises_off"],
                ),
                *("R93", "X16"),
            )
            | success(
                s.reprotecting_to_azure.to(s.initial_replication, cond=f"committed and {GOING_ON}", on="end_reprotect"),
                *("R86", "R92"),
            ),
            reprotect_fails=failure(
                s.reprotecting_to_on_premises.to(
                    s.failover_committed, cond=f"committed and {IMPAIRED}", on="end_reprotect"
                )
                | s.reprotecting_to_azure.to(
                    s.failback_committed, cond=f"committed and {IMPAIRED}", on="end_reprotect"
                ),
                *("R88", "R89"),
            ),
            reprotect_comes_to_nothing=failure(
                s.reprotecting_to_on_premises.to(s.failed_over, cond=f"not committed and {IMPAIRED}")
                | s.reprotecting_to_azure.to(s.failed_back, cond=f"not committed and {IMPAIRED}"),
                *("R88", "R89"),
            ),
            cancel_job=cite(
                stoppable(s.reprotecting_to_on_premises, s.reprotecting_to_azure), "R93", may_refuse="True"
            ),
            job_is_cancelled=cancellation(
                s.reprotecting_to_on_premises.to(s.failover_committed, cond=f"{CANCELLING} and committed", on="stop")
                | s.reprotecting_to_on_premises.to(s.failed_over, cond=f"{CANCELLING} and not committed", on="stop")
                | s.reprotecting_to_azure.to(s.failback_committed, cond=f"{CANCELLING} and committed", on="stop")
                | s.reprotecting_to_azure.to(s.failed_back, cond=f"{CANCELLING} and not committed", on="stop"),
                "R25",
            ),
            reverse_initial_replication_completes=cite(s.reverse_initial_replication.to(s.reverse_protected), "R94"),
        )

    return part
