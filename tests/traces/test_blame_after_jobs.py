"""What an item shows after a job is blamed on what says what that job leads to."""

from __future__ import annotations

from typing import Any

import pytest

from asr_properties.traces.judging import judge
from traces.cassettes import FAILED_BACK, FAILED_OVER, ITEM, PROTECTED, REVERSE_PROTECTED, ask, interaction, look, poll
from traces.changes import read_interactions

DRILL = look(PROTECTED, testFailoverState="WaitingForCompletion", allowedOperations=["TestFailoverCleanup"])
INITIAL = ("InitialReplicationInProgress", "InMageRcm", "Primary", ["DisableProtection"])
REVERSE_INITIAL = ("InitialReplicationInProgress", "InMageRcmFailback", "Primary", ["DisableProtection"])
COMMITTED = ("UnplannedFailoverCommitted", "InMageRcm", "Recovery", ["SwitchProtection", "DisableProtection"])
COMMITTED_BACK = ("PlannedFailoverStatesBegin", "InMageRcmFailback", "Recovery", COMMITTED[3])
NO_RETRY = ("UnplannedFailoverCompletionFailed", "InMageRcm", "Primary", ["DisableProtection"])
ENABLED_AGAIN = interaction("PUT", ITEM, 202, body={"properties": {}}, starts="op-e"), poll("op-e", "Succeeded")
TWO_AT_ONCE = ask("reProtect", "a"), ask("remove", "b"), poll("b", "Succeeded"), poll("a", "Succeeded")
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
        ((look(PROTECTED), *job("testFailover"), DRILL, *job("testFailoverCleanup"), look(INITIAL)), "X13"),
        ((DRILL, *job("testFailoverCleanup"), look(INITIAL)), "X13"),
        ((look(PROTECTED), *job("testFailover", "Failed"), look(INITIAL)), "X13"),
        ((look(REVERSE_PROTECTED), *job("plannedFailover", "Failed"), look(COMMITTED_BACK)), "R78"),
        ((look(PROTECTED), *job("unplannedFailover", "Failed"), look(NO_RETRY)), "X18"),
        ((look(COMMITTED), *ENABLED_AGAIN, look(INITIAL)), "X02"),
        ((look(COMMITTED), *TWO_AT_ONCE, look(REVERSE_INITIAL)), "X02"),
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
        "a cleanup ends the protection",
        "a cleanup of a drill from before the recording ends the protection",
        "a drill that failed ends the protection",
        "a planned failover that failed is committed, which no token is known for",
        "a failover that failed cannot be tried again",
        "an item that is enabled again is reset",
        "replication is disabled while a reprotect runs, which goes on",
    ],
)
def test_the_first_requirement_is_that_of_what_was_done_last(
    interactions: tuple[dict[str, Any], ...], rule: str
) -> None:
    (found,) = judge(read_interactions(interactions))
    assert found.divergence is not None
    assert found.divergence.requirements[0] == rule
