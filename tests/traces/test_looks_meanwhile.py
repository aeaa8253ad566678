"""What a look says while a job runs: no tokens for that are known but a few (facts 1.1)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

from asr_properties.traces.events import ItemSeen
from asr_properties.traces.jsonl_events import from_json, to_json
from asr_properties.traces.judging import judge
from asr_properties.traces.trace_verdicts import Conformance, TraceVerdict
from traces.cassettes import FAILED_BACK, FAILED_OVER, PROTECTED, REVERSE_PROTECTED, ask, look, poll
from traces.changes import read_interactions
from traces.formats import dated

CONFORMANT, NON_CONFORMANT, INCOMPLETE = Conformance
FAIL_OVER = ask("unplannedFailover", "op-1", performShutdown="true")
BEGUN, DONE = poll("op-1", "InProgress"), poll("op-1", "Succeeded")
RUNS = {"currentScenario": {"scenarioName": "UnplannedFailover", "jobId": "/vaults/V/replicationJobs/op-1"}}
COMMITTED = ("UnplannedFailoverCommitted", "InMageRcm", "Recovery", ["DisableProtection", "SwitchProtection"])
INITIAL = ("InitialReplicationInProgress", "InMageRcm", "Primary", ["DisableProtection"])
EMPTY = (*PROTECTED[:3], [])


def running(scenario: str, job: str = "theirs") -> dict[str, Any]:
    """What an item shows that names the job of somebody else."""
    return {"currentScenario": {"scenarioName": scenario, "jobId": f"/vaults/V/replicationJobs/{job}"}}


def verdict(*timed: tuple[str, dict[str, Any]]) -> TraceVerdict:
    """Interactions with the minute and second of each."""
    whole = [dated(f"Sat, 26 Aug 2023 03:{when} GMT", one) for when, one in timed]
    (found,) = judge(read_interactions(whole))
    return found


def around(*meanwhile: tuple[str, dict[str, Any]], after: Iterable[tuple[str, dict[str, Any]]] = ()) -> TraceVerdict:
    """A failover, with looks at the item while it runs."""
    ends = after or [("40:00", DONE), ("41:00", look(FAILED_OVER))]
    return verdict(("00:00", look(PROTECTED)), ("10:00", FAIL_OVER), *meanwhile, *ends)


@pytest.mark.parametrize("shape", [PROTECTED, EMPTY], ids=["the list of before", "no list"])
class TestAnItemThatLooksAsBefore:
    def test_right_after_the_request(self, shape: Any) -> None:
        """The operation has no effect yet."""
        found = around(("10:01", look(shape)), ("10:02", BEGUN))
        assert (found.conformance, found.phases) == (CONFORMANT, ("failed_over",))

    def test_and_names_the_job_that_runs(self, shape: Any) -> None:
        found = around(("10:02", BEGUN), ("30:00", look(shape, **RUNS)))
        assert (found.conformance, found.phases) == (CONFORMANT, ("failed_over",))

    def test_and_names_no_job_long_after_the_request(self, shape: Any) -> None:
        """Then that is where it is, and an operation that succeeds all the same was none."""
        assert around(("10:02", BEGUN), ("30:00", look(shape))).conformance is NON_CONFORMANT


def test_once_the_job_has_ended_the_item_is_what_it_shows() -> None:
    after = [("11:00", DONE), ("11:01", look(PROTECTED, **RUNS))]
    assert around(after=after).conformance is NON_CONFORMANT


def test_what_shows_an_effect_is_judged() -> None:
    """Not one that a failover has."""
    found = around(("10:02", BEGUN), ("11:00", look(COMMITTED)))
    assert found.conformance is NON_CONFORMANT


class TestAnItemThatWasNotSeenBefore:
    """Where it was when the operation was asked for is what a look shows that names the job, or comes right after."""

    @pytest.mark.parametrize("shown", [RUNS, {}], ids=["names the job", "names none"])
    def test_in_a_recording_that_begins_with_the_request(self, shown: dict[str, Any]) -> None:
        found = verdict(("10:00", FAIL_OVER), ("10:01", look(PROTECTED, **shown)), ("20:00", DONE))
        assert found.conformance is CONFORMANT

    def test_where_another_request_is_missing_before(self) -> None:
        commit, committing = ask("failoverCommit", "op-1"), look(FAILED_OVER, **running("CommitFailover", "op-1"))
        found = verdict(("00:00", look(PROTECTED)), ("20:00", commit), ("20:01", committing), ("20:09", DONE))
        assert found.conformance is INCOMPLETE
        assert found.why.startswith("fail_over is not in the recording")

    def test_long_after_the_request_it_is_where_it_is(self) -> None:
        assert verdict(("10:00", FAIL_OVER), ("20:00", look(PROTECTED)), ("20:01", DONE)).conformance is NON_CONFORMANT

    def test_nor_is_it_where_the_operation_cannot_be_asked_for(self) -> None:
        committing = look(PROTECTED, **running("CommitFailover", "op-1"))
        found = verdict(("10:00", ask("failoverCommit", "op-1")), ("10:01", committing), ("20:00", DONE))
        assert found.conformance is NON_CONFORMANT


def test_a_drill_lists_what_was_listed_before_while_its_job_runs() -> None:
    drilling = look(PROTECTED, **running("TestFailover", "op-1"))
    begun = ("00:00", look(PROTECTED)), ("00:01", ask("testFailover", "op-1"))
    assert verdict(*begun, ("05:00", drilling), ("09:00", DONE)).conformance is CONFORMANT
    assert verdict(*begun, ("05:00", look(PROTECTED)), ("09:00", DONE)).conformance is NON_CONFORMANT


REVERSE_INITIAL = ("InitialReplicationInProgress", "InMageRcmFailback", "Primary", ["DisableProtection"])
DRILLED = (*PROTECTED[:3], ["TestFailoverCleanup"])
AWAITING_CLEANUP = {"testFailoverState": "WaitingForCompletion"}
CASES = {
    "fail_over": ("UnplannedFailover", PROTECTED, look(FAILED_OVER)),
    "test_failover": ("TestFailover", PROTECTED, look(DRILLED, **AWAITING_CLEANUP)),
    "commit": ("CommitFailover", FAILED_OVER, look(COMMITTED)),
    "reprotect": ("SwitchReplicationGroupProtection", COMMITTED, look(REVERSE_INITIAL)),
    "planned_failover": ("PlannedFailover", REVERSE_PROTECTED, look(FAILED_BACK)),
    "cancel_failover": ("CancelFailover", FAILED_BACK, look(REVERSE_PROTECTED)),
}


class TestAJobThatSomebodyElseAskedFor:
    """The item names it, and shows what it showed before: that tells nothing of where it is, but what is missing."""

    @pytest.mark.parametrize("operation", CASES)
    def test_is_what_is_missing(self, operation: str) -> None:
        scenario, before, after = CASES[operation]
        start = ("00:00", look(before)), ("00:02", look(before, **running(scenario)))
        missing = f"{operation} is not in the recording: it must have been asked for after entry 1 "
        for rest in ((), (("40:00", after),)):  # it may go on running, and has its effect later
            found = verdict(*start, *rest)
            assert found.conformance is INCOMPLETE, found.why
            assert found.why.startswith(missing)
            assert found.why.endswith("and before entry 2 (2023-08-26T03:00:02Z)")

    @pytest.mark.parametrize("operation", CASES)
    def test_may_come_to_nothing(self, operation: str) -> None:
        scenario, before, _ = CASES[operation]
        found = verdict(
            ("00:00", look(before)),
            ("00:02", look(before, **running(scenario))),
            ("20:00", poll("theirs", "Failed")),
            ("20:01", look(before)),
        )
        assert found.conformance is INCOMPLETE, found.why
        assert found.why.startswith(f"{operation} is not in the recording")

    @pytest.mark.parametrize("operation", CASES)
    def test_leads_where_it_can_lead_only(self, operation: str) -> None:
        scenario, before, _ = CASES[operation]
        start = ("00:00", look(before)), ("00:02", look(before, **running(scenario)))
        done = ("20:00", poll("theirs", "Succeeded")), ("20:00", look(before))
        assert verdict(*start, *done).conformance is NON_CONFORMANT
        elsewhere = INITIAL if before in (COMMITTED, FAILED_OVER) else FAILED_OVER
        if operation != "fail_over":
            assert verdict(*start, ("00:03", look(elsewhere))).conformance is NON_CONFORMANT

    def test_of_a_token_without_a_name(self) -> None:
        """With the site and the list of before, or without a list."""
        for operations in (PROTECTED[3], []):
            unnamed = look(("NoTokenThatIsKnown", *PROTECTED[1:3], operations), **running("UnplannedFailover"))
            found = verdict(("00:00", look(PROTECTED)), ("00:02", unnamed), ("40:00", look(FAILED_OVER)))
            assert found.conformance is INCOMPLETE
            assert found.why.startswith("fail_over is not in the recording")

    def test_begins_after_another_request(self) -> None:
        """The item was failed over, and that was committed; it shows what it was before the second."""
        committing = look(FAILED_OVER, **running("CommitFailover"))
        found = verdict(("00:00", look(PROTECTED)), ("40:00", committing), ("40:10", look(COMMITTED)))
        assert found.conformance is INCOMPLETE
        assert found.why.startswith("fail_over is not in the recording")
        assert "; commit is not in the recording" in found.why

    def test_may_run_when_the_recording_begins(self) -> None:
        begun = ("00:00", look(PROTECTED, **running("UnplannedFailover")))
        done = ("00:10", poll("theirs", "Succeeded")), ("00:11", look(FAILED_OVER))
        assert verdict(begun, *done).conformance is CONFORMANT

    def test_is_judged_where_it_cannot_be_asked_for(self) -> None:
        """Three requests would have to be missing."""
        committing = look(PROTECTED, **running("CancelFailover"))
        assert verdict(("00:00", look(PROTECTED)), ("40:00", committing)).conformance is NON_CONFORMANT

    def test_is_none_that_has_ended(self) -> None:
        ended = ("00:01", poll("op-1", "Succeeded")), ("00:02", look(FAILED_OVER))
        still = ("00:03", look(FAILED_OVER, **running("UnplannedFailover", "op-1")))
        assert verdict(("00:00", FAIL_OVER), *ended, still).conformance is NON_CONFORMANT

    def test_json_lines_keep_what_it_does(self) -> None:
        events = list(read_interactions([look(PROTECTED, **running("UnplannedFailover"))]).events)
        assert isinstance(events[0], ItemSeen)
        assert events[0].scenario_elsewhere == "UnplannedFailover"
        assert from_json(to_json(events[0]), None) == events[0]


class TestTheServicesOwnRevert:
    """Nobody asks for it (R78), and the item names its job."""

    BEGUN = (
        ("00:00", look(REVERSE_PROTECTED)),
        ("01:00", ask("plannedFailover", "op-1", recoveryPointType="CrashConsistent")),
        ("10:00", poll("op-1", "Failed")),
    )

    def test_is_fine(self) -> None:
        reverting = look(REVERSE_PROTECTED, **running("CancelFailover"))
        found = verdict(*self.BEGUN, ("10:01", reverting), ("20:00", look(REVERSE_PROTECTED)))
        assert found.conformance is CONFORMANT

    def test_is_none_of_another_scenario(self) -> None:
        drilling = look(FAILED_BACK, **running("CommitFailover"))
        assert verdict(*self.BEGUN, ("10:01", drilling)).conformance is NON_CONFORMANT
