"""Recovery points of the forward direction come and go (facts 3.1, 3.2)."""

from __future__ import annotations

from asr_model.lifecycle.chart import Events, States, cite, events, staying


def recovery_points(s: States) -> Events:
    """They are made while the item replicates to Azure, and pruned while they are listed.

    Whether an item whose failover failed goes on replicating is open (contract 3), and so whether points are made.
    """
    listing = (s.protected, s.failover_failed, s.failed_over)
    return events(
        crash_consistent_point_created=cite(
            staying(s.protected, s.failing_over, s.failover_failed, cond="points == 'none'", on="gain_crash_point"),
            "X20",
        ),
        app_consistent_point_created=cite(
            staying(s.protected, s.failover_failed, cond="points == 'crash'", on="gain_app_point"), "X20"
        ),
        app_consistent_points_pruned=cite(staying(*listing, cond="points == 'app'", on="lose_app_points"), "X20"),
        recovery_points_pruned=cite(staying(*listing, cond="points == 'crash'", on="delete_points"), "X20"),
    )
