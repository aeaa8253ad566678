"""Why some parts of the lifecycle can be changed without any property noticing it.

A reason belongs to the parts whose text it matches: `transition id`, or `transition id: condition or update`. What is
unnoticed and matches none is work to be done; `check --load-bearing` lists both.
"""

from __future__ import annotations

import re
from typing import NamedTuple


class Reason(NamedTuple):
    """Why no property notices a change of the parts that `pattern` (a regular expression) matches as a whole."""

    pattern: str
    why: str


REASONS = (
    Reason(
        r"cancel_job: .*: job == 'running'",
        "which job is named is no word of a step; that one which has ended can't be cancelled is judged on runs "
        "(contract 5)",
    ),
    Reason(
        r".*: (on_premises|azure) = 'unspecified'",
        "the power of the machine is left open there, so that whatever is shown is right (contract 4, 5, 12)",
    ),
    Reason(
        r".*: (stopping|resynchronizing|committed|shutdown_pending|fresh_point|failback_failed|before) = .*",
        "what the running job has still to do is seen only by what follows, and what may follow is open there",
    ),
    Reason(
        r"reprotect.*: .*(not )?committed",
        "a look does not show whether the job is past its commit task; both outcomes are documented (A2, A3)",
    ),
    Reason(
        r"reprotect: .*: (not )?appliance_unknown",
        "that an unknown appliance or storage account is refused (R87) is judged on runs, by what names it",
    ),
    Reason(
        r"(failover_fails|failover_leaves_item_protected): .*",
        "a failed failover may read failed or protected, and its source may stay off (A25, contract 9)",
    ),
    Reason(
        r"planned_failover: reverse_protected -> failing_back #2.*",
        "an app-consistent planned failover may be refused, so that no rule asks for it (A5, contract 11)",
    ),
    Reason(
        r"cancel_failover: failing_back -> cancelling_failback.*",
        "whether a planned failover that runs can be cancelled as an item is open (A4)",
    ),
    Reason(
        r"cancel_failover is accepted in .*",
        "what a cancel does while another runs is open (A4); that the failover to Azure has none is judged",
    ),
    Reason(
        r"(cancel_job|job_is_cancelled): (drill_running|cleaning_up_drill) -> .*",
        "whether the job of a drill can be cancelled is open (contract 5)",
    ),
    Reason(
        r"(resynchronize|cancel_job|job_is_cancelled): .*: (not )?resynchronizing",
        "no look shows whether a resynchronize job runs; what is accepted meanwhile is open (contract 2, 5)",
    ),
    Reason(
        r"job_is_cancelled: reprotecting.*: committed",
        "a look does not show whether the job is past its commit task; both outcomes are documented (A2, A3)",
    ),
    Reason(
        r"crash_consistent_point_created: failing_over -> failing_over: .*",
        "points are not judged while a failover runs (contract 3)",
    ),
    Reason(
        r"source_shutdown_fails: .*: .*|failover_succeeds: .*: not shutdown_pending",
        "when the shutdown is over shows in the tasks of the job, whose order is judged on runs (R23, R24)",
    ),
    Reason(
        r"failback_succeeds: .*: not shutdown_pending",
        "when its shutdown is over shows in the tasks of the job: what the task that succeeded left on is judged on "
        "runs, and nothing else is known of its order (contract 15)",
    ),
    Reason(
        r"source_shuts_down: .*: on_premises = 'off'",
        "machines are not judged while a failover runs, and a source that was shut down may stay off (contract 9)",
    ),
    Reason(
        r"failback_comes_to_nothing: .*: fresh_point != 'made'",
        "until when a failure counts as one of the prerequisites is open (A16)",
    ),
    Reason(
        r"enable_replication: not_replicated -> enabling_replication: .* = .*",
        "machines and points are not judged before the first point; where they were left open they break no property",
    ),
    Reason(
        r"first_recovery_point_created: .*: points = 'crash'",
        "an item is protected when its first point was made, even if retention keeps none (contract 11)",
    ),
    Reason(
        r"(reprotect is accepted in reprotecting_to_on_premises|cancel_job is accepted in drill_awaiting_cleanup), .*",
        "that another operation is refused while a job runs is judged on runs, by the oracle (contract 1)",
    ),
    Reason(
        r"clean_up_test_failover is accepted in .*|test_failover is accepted in .*",
        "that a drill that runs takes no other is judged on runs, by the oracle (contract 1)",
    ),
)


def reason(of: str, part: str = "") -> str | None:
    """Why no property notices a change of this part of a transition, or of itself; None where nothing is declared."""
    text = f"{of}: {part}" if part else of
    return next((each.why for each in REASONS if re.fullmatch(each.pattern, text)), None)
