"""An item that is where it was before an operation succeeded breaks what that operation says, however long ago
everything else was."""

from __future__ import annotations

from typing import Any

import pytest

from asr_properties.traces.judging import judge
from asr_properties.traces.trace_verdicts import Conformance
from traces.cassettes import FAILED_OVER, PROTECTED, ask, look, poll
from traces.changes import read_interactions

COMMITTED = ("UnplannedFailoverCommitted", "InMageRcm", "Recovery", ["SwitchProtection", "DisableProtection"])


def done(action: str, job: str, end: str = "Succeeded", **settings: str) -> tuple[dict[str, Any], ...]:
    return ask(action, job, **settings), poll(job, "InProgress"), poll(job, end)


FAIL_OVER = done("unplannedFailover", "op-1", performShutdown="true")
COMMIT = done("failoverCommit", "op-2")


@pytest.mark.parametrize("before", [(), (look(PROTECTED), *FAIL_OVER)], ids=["begins there", "begins before"])
def test_a_commit_that_leaves_its_item_failed_over_breaks_what_commit_says(before: tuple[dict[str, Any], ...]) -> None:
    whole = (*before, look(FAILED_OVER), *COMMIT)
    (right,) = judge(read_interactions((*whole, look(COMMITTED))))
    assert right.conformance is Conformance.CONFORMANT, right.why
    (wrong,) = judge(read_interactions((*whole, look(FAILED_OVER))))
    assert wrong.conformance is Conformance.NON_CONFORMANT
    assert wrong.divergence is not None
    assert wrong.divergence.requirements[0] == "R41"


def test_a_failover_that_leaves_its_item_protected_breaks_what_a_failover_says() -> None:
    (wrong,) = judge(read_interactions((look(PROTECTED), *FAIL_OVER, look(PROTECTED))))
    assert wrong.conformance is Conformance.NON_CONFORMANT
    assert wrong.divergence is not None
    assert wrong.divergence.requirements[0] == "R36"


def test_a_commit_whose_job_was_cancelled_by_somebody_may_leave_its_item_failed_over() -> None:
    cancelled = done("failoverCommit", "op-2", "Canceled")
    (found,) = judge(read_interactions((look(FAILED_OVER), *cancelled, look(FAILED_OVER))))
    assert found.conformance is Conformance.INCOMPLETE
    assert "cancel_job is not in the recording" in found.why
