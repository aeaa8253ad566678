"""What an item shows after a job is blamed on what says what that job leads to."""

from __future__ import annotations

from typing import Any

import pytest

from asr_properties.traces.judging import judge
from traces.cassettes import FAILED_BACK, FAILED_OVER, PROTECTED, REVERSE_PROTECTED, ask, look, poll
from traces.changes import read_interactions

DRILL = look(PROTECTED, testFailoverState="WaitingForCompletion", allowedOperations=["TestFailoverCleanup"])
CRITICAL = look(PROTECTED, replicationHealth="Critical")


def job(action: str, end: str = "Succeeded") -> tuple[dict[str, Any], ...]:
    """A request and how its job goes."""
    return ask(action, action), poll(action, "InProgress"), poll(action, end)


def elsewhere(shape: tuple[str, str, str, list[str]]) -> dict[str, Any]:
    """A look that shows the other site as the active one."""
    return look(shape, activeLocation="Recovery" if shape[2] == "Primary" else "Primary")


@pytest.mark.parametrize(
    ("interactions", "rule"),
    [
        ((look(FAILED_BACK), *job("failoverCancel"), elsewhere(REVERSE_PROTECTED)), "R65"),
        ((look(REVERSE_PROTECTED), *job("plannedFailover", "Failed"), elsewhere(REVERSE_PROTECTED)), "R79"),
        ((look(PROTECTED), *job("unplannedFailover"), elsewhere(FAILED_OVER)), "R36"),
        ((look(REVERSE_PROTECTED), *job("plannedFailover", "Failed"), look(FAILED_BACK)), "R78"),
        ((look(PROTECTED), *job("unplannedFailover", "Failed"), look(FAILED_OVER)), "X18"),
        ((look(FAILED_OVER), *job("reProtect"), look(PROTECTED)), "R93"),
        ((look(PROTECTED), *job("unplannedFailover"), poll("unplannedFailover", "Failed")), "R25"),
        ((CRITICAL, ask("unplannedFailover", status=409)), "X11"),
        ((DRILL, *job("remove"), look(PROTECTED)), "X15"),
        ((DRILL, *job("testFailoverCleanup"), DRILL), "X14"),
    ],
    ids=[
        "after a cancel the other site is active",
        "after the service's own revert the other site is active",
        "after a failover the other site is active",
        "a planned failover that failed is not reverted",
        "a failover that failed has failed over",
        "a reprotect leaves the direction",
        "a job that succeeded has failed",
        "a failover is refused for bad health",
        "replication is disabled in a drill",
        "a cleanup leaves the drill",
    ],
)
def test_the_first_requirement_is_that_of_what_was_done_last(
    interactions: tuple[dict[str, Any], ...], rule: str
) -> None:
    (found,) = judge(read_interactions(interactions))
    assert found.divergence is not None
    assert found.divergence.requirements[0] == rule
