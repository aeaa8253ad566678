"""What recorders, browsers and the service leave in traffic beside what is judged, and no false word about it."""

from __future__ import annotations

import base64
import gzip
import json
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from asr_properties.traces import exchange_facts
from asr_properties.traces.exchanges import exchange
from asr_properties.traces.formats import read_trace
from asr_properties.traces.judging import judge
from asr_properties.traces.trace import Trace
from asr_properties.traces.trace_verdicts import Conformance, TraceVerdict
from traces.cassettes import (
    FAILED_BACK,
    FAILED_OVER,
    ITEM,
    PROTECTED,
    REVERSE_PROTECTED,
    VAULT,
    ask,
    cassette,
    interaction,
    item_body,
    look,
    poll,
)
from traces.changes import read_interactions
from traces.formats import at, dated, har, session_record

CONFORMANT, NON_CONFORMANT, INCOMPLETE = Conformance
FAIL_OVER = ask("unplannedFailover", "op-1", performShutdown="true")
FAILOVER = [look(PROTECTED), FAIL_OVER, poll("op-1", "InProgress"), poll("op-1", "Succeeded"), look(FAILED_OVER)]


def verdict(*interactions: dict[str, Any]) -> TraceVerdict:
    (found,) = judge(read_interactions(interactions))
    return found


def written(tmp_path: Path, document: Any) -> Trace:
    (tmp_path / "recording").write_text(json.dumps(document))
    return read_trace(tmp_path / "recording")


def judged(tmp_path: Path, document: Any) -> TraceVerdict:
    (found,) = judge(written(tmp_path, document))
    return found


class TestBodies:
    @pytest.mark.parametrize("pack", [gzip.compress, zlib.compress], ids=["gzip", "deflate"])
    def test_a_cassette_may_keep_them_packed(self, tmp_path: Path, pack: Callable[[bytes], bytes]) -> None:
        """vcrpy does unless it is told otherwise."""
        packed = json.loads(json.dumps(FAILOVER))
        for entry in packed:
            body = entry["response"]["body"]
            body["string"] = pack(body["string"].encode())
        assert verdict(*packed).followed == 5
        (tmp_path / "c.yaml").write_text(yaml.safe_dump(cassette(*packed)))
        assert judge(read_trace(tmp_path / "c.yaml"))[0].followed == 5

    def test_a_cassette_in_json_may_keep_them_in_base64(self, tmp_path: Path) -> None:
        packed = json.loads(json.dumps(FAILOVER))
        for entry in packed:
            body = entry["response"]["body"]
            entry["response"]["body"] = {"base64_string": base64.b64encode(body["string"].encode()).decode()}
        assert judged(tmp_path, cassette(*packed)).followed == 5

    def test_an_archive_may_keep_them_packed_in_base64(self, tmp_path: Path) -> None:
        archive = har([at(second, one) for second, one in enumerate(FAILOVER)])
        for entry in archive["log"]["entries"]:
            packed = base64.b64encode(gzip.compress(entry["response"]["content"]["text"].encode())).decode()
            entry["response"]["content"] = {"encoding": "base64", "text": packed}
        assert judged(tmp_path, archive).followed == 5

    @pytest.mark.parametrize("content", [{}, {"encoding": "base64", "text": "CwKAYnJvdGxp"}], ids=["none", "brotli"])
    def test_without_them_nothing_is_concluded(self, tmp_path: Path, content: dict[str, Any]) -> None:
        """A poll that was answered 200 is no end of anything: its body tells the state."""
        archive = har([at(second, one) for second, one in enumerate(FAILOVER)])
        for entry in archive["log"]["entries"]:
            entry["response"]["content"] = content
        trace = written(tmp_path, archive)
        assert trace.skipped == {exchange_facts.UNREADABLE: 4}
        assert judge(trace)[0].conformance is INCOMPLETE

    def test_they_may_begin_with_a_byte_order_mark(self) -> None:
        marked = json.loads(json.dumps(FAILOVER))
        for entry in marked:
            entry["response"]["body"]["string"] = "\ufeff" + entry["response"]["body"]["string"]
        assert verdict(*marked).followed == 5

    @pytest.mark.parametrize("content", [b"\x1f\x8bnot gzip", gzip.compress(b"{}", mtime=0)[:-4], b"x\x9c"])
    def test_one_that_cannot_be_unpacked_is_none(self, content: bytes) -> None:
        assert exchange(1, "GET", "https://x/", None, 200, {}, content).answer is None

    def test_one_that_is_much_too_long_is_none(self) -> None:
        bomb = gzip.compress(b'"' + b"x" * 2**25 + b'"', 1)
        assert exchange(1, "GET", "https://x/", None, 200, {}, bomb).answer is None


class TestWhatBrowsersAsk:
    def test_whether_they_may_ask(self) -> None:
        """An OPTIONS request that is answered 200 or 204 tells nothing of the operation whose address it names."""
        first, asked, *rest = FAILOVER
        polled = interaction("OPTIONS", f"{VAULT}/replicationOperationStatus/op-1", 200)
        results = interaction("OPTIONS", f"{ITEM}/operationresults/op-1", 204)
        found = verdict(first, interaction("OPTIONS", f"{ITEM}/unplannedFailover", 200), asked, polled, results, *rest)
        assert (found.conformance, found.followed) == (CONFORMANT, 5)

    def test_what_chrome_adds(self, tmp_path: Path) -> None:
        archive = har([at(second, one) for second, one in enumerate(FAILOVER)])
        for entry in archive["log"]["entries"]:
            entry |= {"_initiator": {"type": "script"}, "_resourceType": "xhr", "cache": {}, "timings": {"wait": 1.5}}
            entry["_webSocketMessages"] = [{"type": "send", "time": 1.5, "opcode": 1, "data": "x"}]
            if "postData" in entry["request"]:
                entry["request"]["postData"] = {"mimeType": "application/json", "params": []}
        assert judged(tmp_path, archive).followed == 5

    def test_lines_may_end_as_on_windows(self, tmp_path: Path) -> None:
        for number, text in enumerate((json.dumps(cassette(*FAILOVER), indent=1), yaml.safe_dump(cassette(*FAILOVER)))):
            (tmp_path / f"{number}").write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
            assert judge(read_trace(tmp_path / f"{number}"))[0].followed == 5


class TestPolls:
    def test_one_that_comes_late(self) -> None:
        first, asked, running, done, last = FAILOVER
        assert verdict(first, asked, done, running, last).conformance is CONFORMANT

    def test_one_that_comes_before_its_request(self) -> None:
        """Nothing tells then how the job ended."""
        asked = ask("plannedFailover", "op-1")
        found = verdict(look(FAILED_OVER), poll("op-1", "Failed"), asked, look(FAILED_OVER))
        assert found.conformance is INCOMPLETE

    @pytest.mark.parametrize("status", [404, 410])
    def test_results_that_are_gone(self, status: int) -> None:
        """They go with the item."""
        removed = (look(PROTECTED), ask("remove", "op-1"), poll("op-1", "Succeeded"))
        results = interaction("GET", f"{ITEM}/operationresults/op-1", status)
        assert verdict(*removed, results, interaction("GET", ITEM, 404)).conformance is CONFORMANT

    def test_the_result_of_what_may_have_been_cancelled(self) -> None:
        """It is an error where the operation failed, and where it was cancelled: the job tells which."""
        drill = (look(PROTECTED), ask("testFailover", "op-1"))
        cancel = interaction("POST", f"{VAULT}/replicationJobs/op-1/cancel", 202)
        result = interaction("GET", f"{ITEM}/operationresults/op-1", 409, answer={"error": {"code": "x"}})
        ended = interaction(
            "GET", f"{VAULT}/replicationJobs/op-1", answer={"name": "op-1", "properties": {"state": "Cancelled"}}
        )
        assert verdict(*drill, cancel, result, ended).divergence is None
        assert verdict(*drill, result, ended).conformance is NON_CONFORMANT

    def test_the_status_of_an_operation_that_is_gone(self) -> None:
        gone = interaction("GET", f"{VAULT}/replicationOperationStatus/op-1", 404)
        assert verdict(look(PROTECTED), FAIL_OVER, gone, look(FAILED_OVER)).conformance is CONFORMANT


class TestRequestsRecordedTwice:
    def test_it_is_one(self) -> None:
        first, asked, *rest = FAILOVER
        found = verdict(first, asked, asked, *rest)
        assert (found.conformance, found.refusals) == (CONFORMANT, 0)


class TestJobs:
    def test_one_whose_request_told_no_id(self) -> None:
        shown = look(PROTECTED, protectionState="?", allowedOperations=[], currentScenario=_scenario("x"))
        asked = ask("unplannedFailover", performShutdown="true")
        assert verdict(look(PROTECTED), asked, shown, look(FAILED_OVER)).conformance is CONFORMANT

    def test_one_whose_request_told_no_id_may_be_cancelled_by_another_id(self) -> None:
        """It may be the job of another object; then nothing was cancelled."""
        asked = (look(PROTECTED), ask("unplannedFailover", performShutdown="true"))
        cancel = interaction("POST", f"{VAULT}/replicationJobs/x/cancel", 202)
        aborted = look(PROTECTED, protectionState="?", allowedOperations=["DisableProtection"])
        assert verdict(*asked, cancel, aborted).divergence is None
        assert verdict(*asked, cancel, look(FAILED_OVER)).divergence is None
        refused = interaction("POST", f"{VAULT}/replicationJobs/x/cancel", 409)
        for others in ((), (refused,)):  # somebody else may have cancelled it
            assert verdict(*asked, *others, aborted).conformance is INCOMPLETE

    def test_one_that_enabled_what_was_enabled_since_a_removal_of_unknown_end(self) -> None:
        """Its warning tells that it had no effect (F17), so that it was the one before it that enabled."""
        ends = [(name, "Succeeded", [_warning("45031")] if name == "op-3" else []) for name in ("op-3", "op-2", "op-1")]
        jobs = [
            {"name": name, "properties": {"state": state, "scenarioName": "EnableDr", "errors": errors}}
            for name, state, errors in ends
        ]
        jobs[-1]["properties"]["scenarioName"] = "DisableDr"
        enables = [interaction("PUT", ITEM, 202, starts=name) for name in ("op-2", "op-3")]
        asked = (look(PROTECTED), ask("remove", "op-1"), *enables)
        assert (
            verdict(*asked, interaction("GET", f"{VAULT}/replicationJobs", answer={"value": jobs})).divergence is None
        )

    def test_one_that_failed_may_go_on_being_shown(self) -> None:
        failed = (*PROTECTED[:3], ["UnplannedFailover", "DisableProtection"])
        shown = look(failed, protectionState="UnplannedFailoverCompletionFailed", currentScenario=_scenario("op-1"))
        assert verdict(look(PROTECTED), FAIL_OVER, poll("op-1", "Failed"), shown).conformance is CONFORMANT
        assert verdict(shown).divergence is None

    def test_one_that_began_before_the_recording(self) -> None:
        """The item tells which it is: it is known when it is cancelled, and when it ends."""
        state = "asr-conformance:failing_over"
        running = look(PROTECTED, protectionState=state, allowedOperations=[], currentScenario=_scenario("x"))
        cancel = interaction("POST", f"{VAULT}/replicationJobs/x/cancel", 200)
        found = verdict(running, cancel, poll("x", "Canceled"))
        assert (found.conformance, found.phases) == (CONFORMANT, ("failover_aborted",))

    @pytest.mark.parametrize(("status", "expected"), [(202, INCOMPLETE), (409, NON_CONFORMANT)])
    def test_one_that_was_restarted(self, status: int, expected: Conformance) -> None:
        asked, failed = ask("reProtect", "op-1"), poll("op-1", "Failed")
        restarted = interaction("POST", f"{VAULT}/replicationJobs/op-1/restart", status)
        done = (poll("op-1", "InProgress"), poll("op-1", "Succeeded"), look(REVERSE_PROTECTED))
        assert verdict(look(FAILED_OVER), asked, failed, look(FAILED_OVER), restarted, *done).conformance is expected


def _scenario(job: str) -> dict[str, Any]:
    return {"scenarioName": "UnplannedFailover", "jobId": f"/vaults/v/replicationJobs/{job}"}


class TestRecoveryPlans:
    """They ask for operations of their items, and the requests do not name these (facts 6)."""

    @pytest.mark.parametrize(
        ("action", "status", "expected"),
        [
            ("unplannedFailover", 202, INCOMPLETE),
            ("unplannedFailover", 504, INCOMPLETE),
            ("unplannedFailover", 409, NON_CONFORMANT),
            ("somethingElse", 202, NON_CONFORMANT),
        ],
    )
    def test_nobody_asked_the_item(self, action: str, status: int, expected: Conformance) -> None:
        asked = interaction("POST", f"{VAULT}/replicationRecoveryPlans/plan/{action}", status)
        found = verdict(look(PROTECTED), asked, look(FAILED_OVER))
        assert found.conformance is expected
        assert ("the recovery plan plan was asked for unplannedFailover" in found.why) == (expected is INCOMPLETE)

    def test_what_a_plan_may_have_asked_for_is_not_told_to_be_missing(self) -> None:
        """Only the commit is: nobody is seen to ask for that."""
        asked = interaction("POST", f"{VAULT}/replicationRecoveryPlans/plan/unplannedFailover", 202)
        committed = ("UnplannedFailoverCommitted", "InMageRcm", "Recovery", ["SwitchProtection", "DisableProtection"])
        found = verdict(at(0, look(PROTECTED)), at(60, asked), at(1200, look(FAILED_OVER)), at(3500, look(committed)))
        by_plan = "fail_over may be what entry 2 asked for: the recovery plan plan was asked for unplannedFailover, "
        assert found.conformance is INCOMPLETE
        assert found.why.startswith(f"{by_plan}and which items it has was not recorded; commit is not in the recording")

    def test_a_plan_that_ran_at_another_time_explains_nothing(self) -> None:
        asked = interaction("POST", f"{VAULT}/replicationRecoveryPlans/plan/unplannedFailover", 202)
        found = verdict(
            at(0, look(PROTECTED)), at(1200, look(FAILED_OVER)), at(1300, asked), at(1400, look(FAILED_OVER))
        )
        assert found.why.startswith("fail_over is not in the recording: it must have been asked for after entry 1")


def test_an_item_that_is_being_enabled_may_not_be_there_yet() -> None:
    enabled, gone = interaction("PUT", ITEM, 202, starts="op-1"), interaction("GET", ITEM, 404)
    done = poll("op-1", "Succeeded")
    assert verdict(gone, enabled, gone, done, look(PROTECTED)).conformance is CONFORMANT
    (found,) = judge(read_interactions([gone, enabled, done, gone]), "modernized")
    assert found.conformance is NON_CONFORMANT


class TestDrills:
    """No `testFailoverState` is known for a drill that runs or is cleaned up (facts 1.1)."""

    def waits(self) -> dict[str, Any]:
        return look(PROTECTED, testFailoverState="WaitingForCompletion", allowedOperations=["TestFailoverCleanup"])

    def shown(self, job: str, state: str) -> dict[str, Any]:
        scenario = {"scenarioName": "TestFailover", "jobId": f"/vaults/v/replicationJobs/{job}"}
        return look(PROTECTED, testFailoverState=state, allowedOperations=[], currentScenario=scenario)

    def test_what_is_shown_meanwhile_says_nothing(self) -> None:
        drill = (ask("testFailover", "op-1"), self.shown("op-1", "None"), poll("op-1", "Succeeded"))
        cleanup = (ask("testFailoverCleanup", "op-2"), self.shown("op-2", "WaitingForCompletion"))
        after = (poll("op-2", "Succeeded"), look(PROTECTED, testFailoverState="MarkedForDeletion"))
        found = verdict(look(PROTECTED), *drill, self.waits(), *cleanup, *after)
        assert (found.conformance, found.followed) == (CONFORMANT, 9)

    def test_what_is_shown_afterwards_does(self) -> None:
        done = (ask("testFailover", "op-1"), poll("op-1", "Succeeded"))
        assert verdict(look(PROTECTED), *done, look(PROTECTED)).conformance is NON_CONFORMANT
        cleaned = (ask("testFailoverCleanup", "op-1"), poll("op-1", "Succeeded"))
        assert verdict(self.waits(), *cleaned, self.waits()).conformance is NON_CONFORMANT


def test_vaults_of_one_name_in_two_resource_groups() -> None:
    there = interaction("GET", ITEM.replace("/resourceGroups/g/", "/resourceGroups/h/"), answer=item_body(FAILED_OVER))
    found = judge(read_interactions([look(PROTECTED), there, look(PROTECTED), there]))
    assert [v.conformance for v in found] == [CONFORMANT] * 2
    assert ["/resourcegroups/g/" in found[0].item, "/resourcegroups/h/" in found[1].item] == [True] * 2


def test_the_pages_of_a_list() -> None:
    page = f"{VAULT}/replicationProtectedItems"
    pages = [
        interaction("GET", page, answer={"value": [item_body(PROTECTED, name)], "nextLink": f"{page}?$skipToken=x"})
        for name in ("a", "b")
    ]
    assert read_interactions(pages).items == ("A", "B")


class TestOrder:
    """Entries that overlap may have reached the service either way round."""

    def later(self, *interactions: dict[str, Any]) -> list[dict[str, Any]]:
        return [at(10 * number, one) for number, one in enumerate(interactions)]

    def test_a_look_that_was_under_way_when_the_request_was_sent(self, tmp_path: Path) -> None:
        archive = har(self.later(look(PROTECTED), look(FAILED_OVER), FAIL_OVER, poll("op-1", "Succeeded")))
        assert judged(tmp_path, archive).conformance is NON_CONFORMANT
        archive["log"]["entries"][1]["time"] = 10_500.0
        found = judged(tmp_path, archive)
        assert found.conformance is INCOMPLETE
        assert found.why.endswith("but entries 2 and 3 overlap: which of them came first is not known")
        assert found.divergence is not None

    def test_what_departs_before_that_departs(self, tmp_path: Path) -> None:
        archive = har(self.later(look(PROTECTED), look(FAILED_OVER), look(FAILED_OVER), ask("reProtect", "op-1")))
        archive["log"]["entries"][2]["time"] = 10_500.0
        assert judged(tmp_path, archive).conformance is NON_CONFORMANT

    def test_looks_may_overlap_each_other(self, tmp_path: Path) -> None:
        archive = har(self.later(look(PROTECTED), look(PROTECTED), look(FAILED_OVER)))
        for entry in archive["log"]["entries"]:
            entry["time"] = 60_000
        assert judged(tmp_path, archive).conformance is NON_CONFORMANT

    def test_a_poll_comes_after_the_request_that_it_is_of(self, tmp_path: Path) -> None:
        archive = har(self.later(look(PROTECTED), FAIL_OVER, poll("op-1", "Succeeded"), look(PROTECTED)))
        archive["log"]["entries"][1]["time"] = 10_500.0
        assert judged(tmp_path, archive).conformance is NON_CONFORMANT

    @pytest.mark.parametrize("time", [-1, None, "long", 1e300])
    def test_how_long_it_took_may_be_missing(self, tmp_path: Path, time: Any) -> None:
        archive = har(self.later(look(PROTECTED), FAIL_OVER, poll("op-1", "Succeeded"), look(FAILED_OVER)))
        for entry in archive["log"]["entries"]:
            entry["time"] = time
        assert judged(tmp_path, archive).conformance is CONFORMANT

    def test_an_archive_with_one_time_throughout_is_in_the_order_of_the_file(self, tmp_path: Path) -> None:
        archive = har([at(0, one) for one in (look(PROTECTED), look(FAILED_OVER), FAIL_OVER)])
        assert judged(tmp_path, archive).conformance is NON_CONFORMANT

    @pytest.mark.parametrize(("second", "expected"), [(9, NON_CONFORMANT), (10, INCOMPLETE)])
    def test_a_session_record_tells_whole_seconds(self, tmp_path: Path, second: int, expected: Conformance) -> None:
        entries = [at(0, look(PROTECTED)), at(second, look(FAILED_OVER)), at(10, FAIL_OVER)]
        assert judged(tmp_path, session_record(entries)).conformance is expected

    def test_a_session_record_without_all_dates_has_no_order(self, tmp_path: Path) -> None:
        """The recorder keeps the answers to each address together."""
        entries = [dated(None, look(PROTECTED)), at(1, look(FAILED_BACK)), at(2, FAIL_OVER)]
        found = judged(tmp_path, session_record(entries))
        assert found.conformance is INCOMPLETE
        assert found.why.endswith("but not all entries have a time, and they are not written in the order of time")


class TestTimes:
    @pytest.mark.parametrize(
        ("start", "expected"),
        [
            ("2023-08-26T05:00:00.250+02:00", "2023-08-26T03:00:00.250000Z"),
            ("2023-08-26T03:00:00", "2023-08-26T03:00:00Z"),  # wherever it is judged
            ("2023-08-26T03:00:00.1234567Z", "2023-08-26T03:00:00.123456Z"),
            ("yesterday", "2023-08-26T03:00:01Z"),
            (7, "2023-08-26T03:00:01Z"),
        ],
    )
    def test_what_cannot_be_read_is_told_by_the_header(self, start: object, expected: str) -> None:
        headers = {"Date": "Sat, 26 Aug 2023 03:00:01 GMT"}
        assert exchange(1, "GET", "https://x/", None, 200, headers, None, start).at == expected


def _warning(code: str) -> dict[str, Any]:
    return {"serviceErrorDetails": {"code": code, "message": "It is protected already."}}
