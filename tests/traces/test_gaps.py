"""Requests that a recording does not hold are no departure, wherever they are missing; what none explains is one."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from asr_model.vocabulary import Operation
from asr_properties.arm.operations import OPERATIONS
from asr_properties.contract.messages import Item
from asr_properties.traces import follower
from asr_properties.traces.events import ItemSeen, Requested, TraceEvent
from asr_properties.traces.jsonl_events import from_json, to_json
from asr_properties.traces.judging import judge
from asr_properties.traces.trace import Trace
from asr_properties.traces.trace_verdicts import Conformance, TraceVerdict
from traces.cassettes import FAILED_BACK, FAILED_OVER, PROTECTED, REVERSE_PROTECTED, ask, look, poll
from traces.changes import read_interactions
from traces.formats import dated
from traces.test_credits import COMMITTED, WHOLE, Entry, is_look, is_refusal, is_request

CONFORMANT, NON_CONFORMANT, INCOMPLETE = Conformance
HOURLY = [dated(f"{'Sat, 26' if n < 24 else 'Sun, 27'} Aug 2023 {n % 24:02}:00:00 GMT", e) for n, e in enumerate(WHOLE)]
REQUESTS = [n for n, entry in enumerate(WHOLE) if is_request(entry) and not is_refusal(entry)]
UNKNOWN = "NoTokenThatIsKnown"
CLASSIC_PROTECTED = ("Protected", "InMageAzureV2", *PROTECTED[2:])
CLASSIC_REVERSE = ("Protected", "InMage", "Primary", ["UnplannedFailover", "DisableProtection"])
CHANGES_THE_POINT = "applyRecoveryPoint"
"""What nothing but the point in use tells of."""

COMMIT = ask("failoverCommit", "job-1")
CANCEL = ask("failoverCancel", "job-1")
DONE = poll("job-1", "Succeeded")
REFUSED = ask("failoverCancel", status=409)
BACK = ask("plannedFailover", "job-1", instanceType="InMageRcmFailback", recoveryPointType="CrashConsistent")
DRILL, CLEAN_UP = ask("testFailover", "job-1"), ask("testFailoverCleanup", "job-1")
DRILLED = ((*PROTECTED[:3], ["TestFailoverCleanup"]), {"testFailoverState": "WaitingForCompletion"})


def verdict(*entries: Entry) -> TraceVerdict:
    (found,) = judge(read_interactions(entries))
    return found


def spaced(minutes: int, *entries: Entry) -> TraceVerdict:
    """The verdict on entries so many minutes apart."""
    times = [divmod(n * minutes, 60) for n in range(len(entries))]
    return verdict(
        *[dated(f"Sat, 26 Aug 2023 {h:02}:{m:02}:00 GMT", one) for (h, m), one in zip(times, entries, strict=True)]
    )


class TestWhatMayBeMissing:
    @pytest.mark.parametrize("place", REQUESTS)
    def test_any_one_request(self, place: int) -> None:
        """With its job or without it."""
        asked = WHOLE[place]["request"]["uri"]
        for gone in ((place,), (place, place + 1)):
            found = verdict(*[entry for n, entry in enumerate(HOURLY) if n not in gone])
            assert found.conformance is INCOMPLETE, found.why
            if CHANGES_THE_POINT in asked:
                assert "unless somebody asked for change_recovery_point in between, R37 is broken" in found.why
                continue
            assert f"after entry {place} (" in found.why
            assert f"before entry {place + 3 - len(gone)} (" in found.why

    @pytest.mark.parametrize(("first", "second"), [*pairwise(REQUESTS)])
    def test_any_two_requests_with_all_between_them(self, first: int, second: int) -> None:
        found = verdict(*[entry for n, entry in enumerate(HOURLY) if not first <= n <= second + 1])
        assert found.divergence is None or found.conformance is INCOMPLETE, found.why

    def test_all_requests(self) -> None:
        found = verdict(*[entry for entry in HOURLY if is_look(entry)])
        assert found.conformance is INCOMPLETE, found.why
        names = ("enable_replication", "fail_over", "commit", "reprotect", "planned_failover", "cancel_failover")
        assert all(f"{name} is not in the recording" in found.why for name in names)

    def test_so_many_that_the_item_is_given_up(self, monkeypatch: pytest.MonkeyPatch) -> None:
        shapes = [PROTECTED, FAILED_OVER, REVERSE_PROTECTED, FAILED_BACK] * 5
        assert spaced(60, *map(look, shapes)).why.endswith("; and so for 9 others")
        monkeypatch.setattr(follower, "MOST_GAPS", 10)
        found = spaced(60, *map(look, shapes))
        assert found.conformance is INCOMPLETE
        assert found.why == "given up at entry 12: more than 10 requests are missing"

    def test_the_beginning_and_the_end(self) -> None:
        for place in range(1, len(HOURLY)):
            assert verdict(*HOURLY[place:]).divergence is None
            assert verdict(*HOURLY[:place]).divergence is None

    def test_what_came_before_a_recorded_request(self) -> None:
        """Only the request and what came of it were recorded: nobody looked at the item in between."""
        found = spaced(20, look(PROTECTED), COMMIT, DONE, look(COMMITTED))
        assert found.conformance is INCOMPLETE
        assert found.why.startswith("fail_over is not in the recording: it must have been asked for after entry 1")
        found = spaced(20, look(FAILED_OVER), CANCEL, DONE, look(REVERSE_PROTECTED))
        assert found.conformance is INCOMPLETE
        assert found.why.startswith("reprotect, then planned_failover is not in the recording")

    def test_what_came_before_a_refused_request(self) -> None:
        found = spaced(
            20, look(FAILED_BACK), REFUSED, look(("CommitPendingX", *FAILED_BACK[1:3], ["DisableProtection"]))
        )
        assert found.conformance is NON_CONFORMANT  # that state has no name: it confirms nothing
        change = ask("applyRecoveryPoint", status=409, instanceType="InMageRcm", recoveryPointId="/p/a")
        found = spaced(20, look(FAILED_OVER), change, look(COMMITTED))
        assert found.conformance is INCOMPLETE
        assert found.why.startswith("commit is not in the recording")

    @pytest.mark.parametrize("profile", ["modernized", "classic"])
    def test_a_failback_and_a_reprotect(self, profile: str) -> None:
        """Though disabling replication and enabling it again would take fewer steps."""
        back = REVERSE_PROTECTED if profile == "modernized" else CLASSIC_REVERSE
        there = PROTECTED if profile == "modernized" else CLASSIC_PROTECTED
        found = spaced(600, look(back), look(there))
        assert found.conformance is INCOMPLETE
        asked = "planned_failover" if profile == "modernized" else "fail_over"
        assert found.why.startswith(f"{asked}, then reprotect is not in the recording")

    def test_a_failback_where_a_resynchronization_would_free_the_list(self) -> None:
        """That one explains any list, and tells nothing."""
        failed_back = look((UNKNOWN, "InMage", "Recovery", ["Commit", "DisableProtection"]))
        found = spaced(200, look(CLASSIC_REVERSE), failed_back)
        assert found.conformance is INCOMPLETE
        assert found.why.startswith("fail_over is not in the recording")

    @pytest.mark.parametrize("times", [1, 2, 3])
    def test_what_a_look_confirms_whose_token_is_not_known(self, times: int) -> None:
        """It leaves one phase, and may be repeated."""
        aborted = look((UNKNOWN, "InMageRcm", "Primary", ["DisableProtection"]))
        found = spaced(200, look(PROTECTED), *[aborted] * times)
        assert (found.conformance, found.phases) == (INCOMPLETE, ("failover_aborted",))

    def test_two_after_each_other_with_such_a_look_between_them(self) -> None:
        committed = look((UNKNOWN, "InMageRcmFailback", "Recovery", ["SwitchProtection", "DisableProtection"]))
        initial = look(("InitialReplicationInProgress", "InMageRcm", "Primary", ["DisableProtection"]))
        found = spaced(200, look(FAILED_BACK), committed, committed, initial)
        assert found.conformance is INCOMPLETE
        assert "reprotect is not in the recording" in found.why


class TestWhatUndoesAJob:
    """A job that was followed to its end, and a request elsewhere which undoes it, or which it undoes."""

    CASES = (
        ((look(FAILED_BACK), CANCEL, DONE, look(FAILED_BACK)), "planned_failover"),
        ((look(REVERSE_PROTECTED), BACK, DONE, look(REVERSE_PROTECTED)), "cancel_failover"),
        ((look(PROTECTED), DRILL, DONE, look(PROTECTED)), "clean_up_test_failover"),
        ((look(DRILLED[0], **DRILLED[1]), CLEAN_UP, DONE, look(DRILLED[0], **DRILLED[1])), "test_failover"),
        ((look(PROTECTED), CLEAN_UP, DONE, look(PROTECTED)), "test_failover"),
    )

    @pytest.mark.parametrize(("walk", "missing"), CASES)
    def test_is_missing_where_there_was_time_for_it(self, walk: tuple[Entry, ...], missing: str) -> None:
        found = spaced(120, *walk)
        assert found.conformance is INCOMPLETE
        assert found.why.startswith(f"{missing} is not in the recording")

    @pytest.mark.parametrize(("walk", "missing"), CASES)
    def test_is_none_where_the_item_is_as_before_soon_after(self, walk: tuple[Entry, ...], missing: str) -> None:
        """That the job did nothing explains as much."""
        assert spaced(0, *walk).conformance is NON_CONFORMANT
        recorded = OPERATIONS[Operation(missing)].minutes
        assert recorded is not None
        assert spaced(int(0.4 * recorded), *walk).conformance is NON_CONFORMANT

    def test_the_item_may_tell_that_nobody_asked(self) -> None:
        at = {"instanceType": FAILED_BACK[1], "lastPlannedFailoverStartTime": "2023-08-25T20:00:00Z"}
        told = look(FAILED_BACK, providerSpecificDetails=at)
        assert spaced(120, told, CANCEL, DONE, told).conformance is NON_CONFORMANT


class TestARecordingWithoutTimes:
    """Nothing in it says that there was no time for a request."""

    @pytest.mark.parametrize(
        ("walk", "missing"),
        [
            ((look(PROTECTED), look(FAILED_OVER)), "fail_over"),
            ((look(PROTECTED), COMMIT, DONE, look(COMMITTED)), "fail_over"),
            ((look(FAILED_OVER), CANCEL, DONE, look(REVERSE_PROTECTED)), "reprotect, then planned_failover"),
        ],
    )
    def test_a_request_may_be_missing_as_with_times(self, walk: tuple[Entry, ...], missing: str) -> None:
        without, spread = verdict(*[dated(None, one) for one in walk]), spaced(60, *walk)
        assert without.conformance is spread.conformance is INCOMPLETE
        assert without.why.startswith(f"{missing} is not in the recording")

    def test_a_job_without_effect_is_found_all_the_same(self) -> None:
        """Unless the item tells that it was undone."""

        def failed_back(at: str) -> Entry:
            details = {"instanceType": FAILED_BACK[1], "lastPlannedFailoverStartTime": at}
            return dated(None, look(FAILED_BACK, providerSpecificDetails=details))

        job = dated(None, CANCEL), dated(None, DONE)
        before, after = failed_back("2023-08-26T01:00:00Z"), failed_back("2023-08-26T02:00:00Z")
        assert (
            verdict(dated(None, look(FAILED_BACK)), *job, dated(None, look(FAILED_BACK))).conformance is NON_CONFORMANT
        )
        assert verdict(before, *job, before).conformance is NON_CONFORMANT
        assert verdict(before, *job, after).conformance is INCOMPLETE

    def test_three_requests_explain_nothing_as_with_times(self) -> None:
        walk = (look(PROTECTED), CANCEL, DONE, look(REVERSE_PROTECTED))
        assert verdict(*[dated(None, one) for one in walk]).conformance is NON_CONFORMANT


class TestWhatNothingExplains:
    def test_an_item_that_looks_as_before(self) -> None:
        """Then nothing was done in between."""
        found = spaced(20, look(FAILED_BACK), REFUSED, look(FAILED_BACK))
        assert found.divergence is not None
        assert (found.conformance, found.divergence.event.number) == (NON_CONFORMANT, 2)
        assert found.divergence.requirements[0] in ("R59", "R61")

    def test_a_request_that_what_follows_contradicts(self) -> None:
        """A second commit may be that of a failback; but then the item is on-premises."""
        again = ask("failoverCommit", "job-2")
        walk = (look(FAILED_OVER), COMMIT, DONE, look(COMMITTED), again, poll("job-2", "Succeeded"))
        found = spaced(20, *walk, look(COMMITTED))
        assert found.divergence is not None
        assert (found.conformance, found.divergence.event.number) == (NON_CONFORMANT, 5)
        assert found.divergence.requirements[0] in ("R39", "R41")

    def test_a_refusal_without_a_look_afterwards(self) -> None:
        assert spaced(20, look(FAILED_BACK), REFUSED).conformance is NON_CONFORMANT

    def test_two_requests_before_one_that_no_look_confirms(self) -> None:
        assert spaced(20, look(FAILED_OVER), CANCEL, DONE).conformance is NON_CONFORMANT
        assert spaced(20, look(PROTECTED), COMMIT, DONE).conformance is INCOMPLETE

    def test_no_time_for_it(self) -> None:
        walk = (look(PROTECTED), COMMIT, DONE, look(COMMITTED))
        assert spaced(1, *walk).conformance is NON_CONFORMANT

    def test_three_requests(self) -> None:
        walk = (look(PROTECTED), CANCEL, DONE, look(REVERSE_PROTECTED))
        assert spaced(60, *walk).conformance is NON_CONFORMANT

    def test_an_aborted_failover_that_replicates_again(self) -> None:
        """It takes two requests, and nothing would ever contradict them (R34)."""
        replicating = ("InitialReplicationInProgress", "InMageRcm", "Primary", ["DisableProtection"])
        aborted = ItemSeen(item="v", observation=Item.model_validate({"phase": "failover_aborted"}), at=0.0, number=1)
        (event,) = read_interactions([look(replicating)]).events
        assert isinstance(event, ItemSeen)
        later = ItemSeen(item="v", observation=event.observation, at=90_000.0, number=2)
        (found,) = judge(Trace(source="", profile="modernized", events=(aborted, later)))
        assert found.conformance is NON_CONFORMANT


class TestWhatTheItemTells:
    """An item says when it was last failed over or back, whoever asked for it (facts F19)."""

    AT = "2023-08-26T03:10:00Z"

    def failed_back(self, at: str, **more: Any) -> Entry:
        details = {"instanceType": FAILED_BACK[1], "lastPlannedFailoverStartTime": at}
        return look(FAILED_BACK, providerSpecificDetails=details, **more)

    def reverse_protected(self, at: str) -> Entry:
        details = {"instanceType": FAILED_BACK[1], "lastPlannedFailoverStartTime": at}
        return look(REVERSE_PROTECTED, providerSpecificDetails=details)

    def test_a_time_in_the_gap_is_told(self) -> None:
        found = spaced(20, look(REVERSE_PROTECTED), self.failed_back("2023-08-26T00:10:00.123Z"))
        assert found.conformance is INCOMPLETE
        assert "the item tells: planned_failover at 2023-08-26T00:10:00.123" in found.why

    def test_it_decides_where_the_recording_has_no_times(self) -> None:
        walk = (look(REVERSE_PROTECTED), self.failed_back(self.AT))
        assert verdict(*[dated(None, one) for one in walk]).conformance is INCOMPLETE
        walk = (self.reverse_protected(self.AT), self.failed_back(self.AT))
        assert verdict(*[dated(None, one) for one in walk]).conformance is NON_CONFORMANT

    @pytest.mark.parametrize("at", ["2023-08-25T03:00:00Z", "2022-01-01T00:00:00Z"])
    def test_a_time_before_the_gap_contradicts(self, at: str) -> None:
        """No planned failover was asked for since the item was seen replicating."""
        assert spaced(60, look(REVERSE_PROTECTED), self.failed_back(at)).conformance is NON_CONFORMANT

    def test_a_time_that_was_told_before_contradicts(self) -> None:
        found = spaced(60, self.reverse_protected(self.AT), self.failed_back(self.AT))
        assert found.conformance is NON_CONFORMANT

    @pytest.mark.parametrize("told", [None, 7, "", "soon", "0001-01-01T00:00:00Z", "1753-01-01T01:01:01Z"])
    def test_what_is_no_time_says_nothing(self, told: Any) -> None:
        assert spaced(60, look(REVERSE_PROTECTED), self.failed_back(told)).conformance is INCOMPLETE

    def test_json_lines_keep_it(self) -> None:
        events: list[TraceEvent] = list(read_interactions([self.failed_back(self.AT)]).events)
        assert from_json(to_json(events[0]), None, events[0].number) == events[0]
        assert not isinstance(events[0], Requested)
        with pytest.raises(ValueError, match="last_asked"):
            from_json(to_json(events[0]) | {"last_asked": {"soon": 3}}, None)
