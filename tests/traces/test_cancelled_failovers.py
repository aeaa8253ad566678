"""A failover that was cancelled never replicates again (R34), however little of the cancel was recorded."""

from __future__ import annotations

from typing import Any

import pytest

from asr_properties.traces.judging import judge
from asr_properties.traces.trace_verdicts import Conformance, TraceVerdict
from traces.cassettes import FAILED_OVER, PROTECTED, VAULT, ask, interaction, look, poll
from traces.changes import read_interactions
from traces.formats import dated

CONFORMANT, NON_CONFORMANT, INCOMPLETE = Conformance
FAIL_OVER = ask("unplannedFailover", "op-1", performShutdown="true")
RUNS, CANCELLED = poll("op-1", "InProgress"), poll("op-1", "Canceled")
CANCEL = f"{VAULT}/replicationJobs/op-1/cancel"
ACCEPTED, UNANSWERED = interaction("POST", CANCEL, 200), interaction("POST", CANCEL, 202)
ABORTED = look(PROTECTED, protectionState="asr-conformance:failover_aborted", allowedOperations=["DisableProtection"])


def verdict(*interactions: dict[str, Any]) -> TraceVerdict:
    (found,) = judge(read_interactions([look(PROTECTED), FAIL_OVER, *interactions]))
    return found


@pytest.mark.parametrize(
    "told",
    [[RUNS, ACCEPTED, CANCELLED], [RUNS, UNANSWERED, CANCELLED], [ACCEPTED], [RUNS, CANCELLED], [CANCELLED]],
    ids=["all", "no answer", "no end", "no request", "the end alone"],
)
class TestWhatIsRecordedOfTheCancel:
    def test_an_item_that_is_protected_again_departs(self, told: list[dict[str, Any]]) -> None:
        """Be it that a resynchronization which nobody saw might have refused the failover."""
        found = verdict(*told, dated("Sat, 26 Aug 2023 05:00:00 GMT", look(PROTECTED)))
        assert found.conformance is NON_CONFORMANT
        assert found.divergence is not None
        assert found.divergence.requirements[0] == "R34"

    def test_an_item_that_fails_over_all_the_same_departs(self, told: list[dict[str, Any]]) -> None:
        found = verdict(*told, look(FAILED_OVER))
        assert found.conformance is NON_CONFORMANT
        assert found.divergence is not None
        assert set(found.divergence.requirements[:2]) == {"R33", "R34"}

    def test_an_item_whose_failover_was_aborted_does_not(self, told: list[dict[str, Any]]) -> None:
        is_requested = ACCEPTED in told or UNANSWERED in told
        assert verdict(*told, ABORTED).conformance is (CONFORMANT if is_requested else INCOMPLETE)


def test_a_job_that_succeeds_after_it_was_cancelled_departs() -> None:
    found = verdict(RUNS, ACCEPTED, poll("op-1", "Succeeded"))
    assert found.divergence is not None
    assert found.divergence.requirements[0] == "R33"


def test_a_job_that_fails_before_it_is_cancelled_need_not_leave_it_aborted() -> None:
    assert verdict(RUNS, ACCEPTED, poll("op-1", "Failed"), look(PROTECTED)).divergence is None
