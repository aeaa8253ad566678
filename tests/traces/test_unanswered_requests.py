"""A request that nobody saw answered may have been done or not: what departs from the model agrees with neither."""

from __future__ import annotations

from typing import Any

import pytest

from asr_properties.traces import unanswered_requests
from asr_properties.traces.judging import judge
from asr_properties.traces.trace_verdicts import Conformance, TraceVerdict
from traces.cassettes import FAILED_OVER, ITEM, PROTECTED, VAULT, ask, interaction, look, poll
from traces.changes import read_interactions

CONFORMANT, NON_CONFORMANT, INCOMPLETE = Conformance
FAIL_OVER = ask("unplannedFailover", "op-1", performShutdown="true")
UNANSWERED = ask("unplannedFailover", status=504)
NOTHING_TELLS = "nothing tells whether fail_over was carried out"


def verdict(*interactions: dict[str, Any]) -> TraceVerdict:
    (found,) = judge(read_interactions(interactions))
    return found


class TestRetries:
    @pytest.mark.parametrize("status", [-1, 0, 408, 429, 499, 500, 502, 503, 504])
    def test_the_first_was_not_done(self, status: int) -> None:
        done = (FAIL_OVER, poll("op-1", "Succeeded"), look(FAILED_OVER))
        found = verdict(look(PROTECTED), ask("unplannedFailover", status=status), *done)
        assert (found.conformance, found.exercised["R15"]) == (CONFORMANT, 1)

    def test_the_first_was_done_and_the_second_came_too_late(self) -> None:
        found = verdict(look(PROTECTED), UNANSWERED, ask("unplannedFailover", status=409), look(FAILED_OVER))
        assert found.conformance is CONFORMANT, found.why
        assert f"entry 2: {NOTHING_TELLS}" in found.gaps

    def test_many(self) -> None:
        again = [UNANSWERED, look(PROTECTED)] * 40
        found = verdict(look(PROTECTED), *again, FAIL_OVER, poll("op-1", "Succeeded"), look(FAILED_OVER))
        assert (found.conformance, found.followed) == (CONFORMANT, 84)

    def test_so_many_that_they_are_given_up(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(unanswered_requests, "MOST_CASES", 1)
        found = verdict(look(PROTECTED), UNANSWERED, look(FAILED_OVER), look(PROTECTED))
        assert (found.conformance, found.divergence) == (INCOMPLETE, None)
        assert found.why.startswith("given up at entry 2")


class TestWhatFollowsDecides:
    def test_it_was_done(self) -> None:
        found = verdict(look(PROTECTED), UNANSWERED, look(FAILED_OVER))
        assert (found.conformance, found.phases) == (CONFORMANT, ("failed_over",))

    def test_it_was_not_done(self) -> None:
        found = verdict(look(PROTECTED), UNANSWERED, look(PROTECTED))
        assert (found.conformance, found.phases) == (CONFORMANT, ("protected",))

    def test_it_is_not_seen(self) -> None:
        found = verdict(look(PROTECTED), UNANSWERED)
        assert found.conformance is CONFORMANT
        assert found.phases == ("protected", "failing_over")

    def test_it_was_another_operation(self) -> None:
        found = verdict(look(PROTECTED), ask("failoverCommit", status=0), look(FAILED_OVER))
        assert found.conformance is NON_CONFORMANT

    def test_it_may_have_been_done_late(self) -> None:
        found = verdict(look(PROTECTED), UNANSWERED, look(PROTECTED), look(FAILED_OVER))
        assert found.conformance is INCOMPLETE
        assert found.why.endswith("but fail_over was not answered, and may have been carried out late")

    def test_late_but_not_twice(self) -> None:
        """What was answered in the end is not still to come."""
        back = (ask("remove", "op-2"), poll("op-2", "Succeeded"), interaction("GET", ITEM, 404), look(FAILED_OVER))
        found = verdict(look(PROTECTED), UNANSWERED, FAIL_OVER, poll("op-1", "Succeeded"), look(FAILED_OVER), *back)
        assert found.conformance is NON_CONFORMANT

    def test_nothing_is_exercised_that_one_of_both_does_not_exercise(self) -> None:
        assert "R16" in verdict(look(PROTECTED), FAIL_OVER, look(FAILED_OVER)).exercised
        assert "R16" not in verdict(look(PROTECTED), UNANSWERED).exercised


class TestCancellingAJob:
    CANCEL = interaction("POST", f"{VAULT}/replicationJobs/OP-1/cancel", 202, starts="cancel")

    def test_it_may_not_have_come_through(self) -> None:
        """It was accepted to be seen to; what became of that was not recorded."""
        done = (poll("op-1", "Succeeded"), look(FAILED_OVER))
        assert verdict(look(PROTECTED), FAIL_OVER, self.CANCEL, *done).conformance is CONFORMANT

    def test_it_came_through(self) -> None:
        done = (poll("cancel", "Succeeded"), poll("op-1", "Succeeded"), look(FAILED_OVER))
        assert verdict(look(PROTECTED), FAIL_OVER, self.CANCEL, *done).conformance is NON_CONFORMANT

    def test_one_that_was_not_recorded_may_have_ended_a_job(self) -> None:
        """Somebody cancelled it in the portal. An item that is protected all the same breaks R34."""
        cancelled = (look(PROTECTED), FAIL_OVER, poll("op-1", "Canceled"))
        assert verdict(*cancelled).conformance is INCOMPLETE
        found = verdict(*cancelled, look(PROTECTED))
        assert found.conformance is NON_CONFORMANT

    def test_the_end_of_the_job_tells_that_it_did(self) -> None:
        assert verdict(look(PROTECTED), FAIL_OVER, self.CANCEL, poll("op-1", "Canceled")).conformance is CONFORMANT
        assert verdict(look(PROTECTED), FAIL_OVER, poll("op-1", "Canceled")).conformance is INCOMPLETE


class TestPurge:
    REMOVED = (look(PROTECTED), ask("remove", "op-1"), poll("op-1", "Succeeded"))

    @pytest.mark.parametrize("status", [204, 404])
    def test_of_what_is_gone(self, status: int) -> None:
        """Observed is 404 (facts 5.12 F8); by the rules of ARM it may be 204."""
        gone = interaction("GET", ITEM, 404)
        assert verdict(*self.REMOVED, interaction("DELETE", ITEM, status), gone).conformance is CONFORMANT

    @pytest.mark.parametrize("status", [202, 204])
    def test_of_what_is_there(self, status: int) -> None:
        found = verdict(look(PROTECTED), interaction("DELETE", ITEM, status), interaction("GET", ITEM, 404))
        assert found.conformance is CONFORMANT
