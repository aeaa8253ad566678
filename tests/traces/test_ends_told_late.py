"""A job tells itself when it ended (facts 7.2, 7.5): that may have been long before anybody read it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from asr_properties.traces.events import JobSeen
from asr_properties.traces.jsonl_events import from_json, to_json
from asr_properties.traces.judging import judge
from asr_properties.traces.trace_verdicts import Conformance, TraceVerdict
from traces.cassettes import FAILED_BACK, FAILED_OVER, ITEM, PROTECTED, REVERSE_PROTECTED, VAULT, ask, interaction, look
from traces.changes import read_interactions
from traces.formats import dated

CONFORMANT, NON_CONFORMANT, INCOMPLETE = Conformance
COMMITTED = ("UnplannedFailoverCommitted", "InMageRcm", "Recovery", ["DisableProtection", "SwitchProtection"])
FAIL_OVER = ask("unplannedFailover", "op-1", performShutdown="true")
CANCEL = ask("failoverCancel", "op-1")
BACK = ask("plannedFailover", "op-1", recoveryPointType="CrashConsistent")

Entry = dict[str, Any]


def verdict(*timed: tuple[str, Entry]) -> TraceVerdict:
    """Interactions with the hour, minute and second of each."""
    (found,) = judge(read_interactions([dated(f"Sat, 26 Aug 2023 {when} GMT", one) for when, one in timed]))
    return found


def polled(end: str | None, start: str | None = "03:00:02", state: str = "Succeeded") -> Entry:
    """The operation, which says when it began and ended."""
    told = {"startTime": _day(start), "endTime": _day(end), "name": "op-1", "status": state, "error": None}
    return interaction("GET", f"{VAULT}/replicationOperationStatus/op-1", answer=told)


def job(end: str | None, start: str | None = "03:00:02", name: str = "op-1") -> Entry:
    """The job, which says when it began and ended."""
    return interaction("GET", f"{VAULT}/replicationJobs/{name}", answer=_job(end, start, name))


def _job(end: str | None, start: str | None, name: str) -> Entry:
    told = {"scenarioName": "UnplannedFailover", "state": "Succeeded", "startTime": _day(start), "endTime": _day(end)}
    return {"name": name, "properties": {**told, "targetObjectId": ITEM, "tasks": [], "errors": []}}


def batch(*inner: Entry) -> Entry:
    """What the portal reads at once."""
    asked = [{"httpMethod": "GET", "url": one["request"]["uri"]} for one in inner]
    bodies = [one["response"]["body"]["string"] for one in inner]
    answers = [{"httpStatusCode": 200, "content": json.loads(body)} for body in bodies]
    uri = "https://management.azure.com/batch"
    return interaction("POST", uri, answer={"responses": answers}, body={"requests": asked})


def _day(time: str | None) -> str | None:
    return time if time is None or not time[:2].isdigit() or len(time) > 8 else f"2023-08-26T{time}.1234567Z"


BEGUN = ("03:00:00", look(PROTECTED)), ("03:00:01", FAIL_OVER)


class TestARequestElsewhereAfterTheEnd:
    @pytest.mark.parametrize("end", [polled("03:12:00"), job("03:12:00")], ids=["operation", "job"])
    def test_is_missing_where_the_end_was_read_late(self, end: Entry) -> None:
        """The commit had two hours, though the job was read in the same second as the item, or in one batch."""
        reads = [(("05:00:00", end), ("05:00:00", look(COMMITTED)))]
        reads += [(("05:00:00", batch(*pair)),) for pair in ((end, look(COMMITTED)), (look(COMMITTED), end))]
        for read in reads:
            found = verdict(*BEGUN, *read)
            assert found.conformance is INCOMPLETE
            assert found.why.startswith("commit is not in the recording: it must have been asked for after entry 3 ")
            assert "(which tells of 2023-08-26T03:12:00.123456Z)" in found.why

    def test_is_missing_where_the_item_was_read_before_the_end(self) -> None:
        """The cancel had ended long before both, and was undone by then."""
        begun = ("03:00:00", look(FAILED_BACK)), ("03:00:01", CANCEL)
        found = verdict(*begun, ("05:00:00", look(FAILED_BACK)), ("05:00:02", polled("03:12:00")))
        assert found.conformance is INCOMPLETE
        assert found.why.startswith("planned_failover is not in the recording")

    def test_that_was_asked_for_before_the_end_was_read(self) -> None:
        begun = ("03:00:00", look(FAILED_BACK)), ("03:00:01", CANCEL)
        again = ask("plannedFailover", "op-2", recoveryPointType="CrashConsistent")
        assert verdict(*begun, ("05:00:00", again), ("05:00:02", polled("03:12:00"))).conformance is CONFORMANT


class TestNoTimeForOne:
    @pytest.mark.parametrize(
        "end",
        [
            polled(None),
            polled("soon"),
            polled("0001-01-01T00:00:00"),
            polled("05:00:00"),
            polled("04:55:00"),
            polled("06:00:00"),
            polled("02:00:00"),
            polled("03:12:00", start="04:00:00"),
        ],
        ids=[
            "none",
            "no time",
            "never",
            "now",
            "as clocks may differ",
            "to come",
            "before the request",
            "before it began",
        ],
    )
    def test_what_is_no_such_time(self, end: Entry) -> None:
        """The failback would have been cancelled by somebody else, within a second."""
        walk = ("03:00:00", look(REVERSE_PROTECTED)), ("03:00:01", BACK), ("05:00:00", end)
        assert verdict(*walk, ("05:00:00", look(REVERSE_PROTECTED))).conformance is NON_CONFORMANT

    def test_such_a_time_leaves_some(self) -> None:
        walk = ("03:00:00", look(REVERSE_PROTECTED)), ("03:00:01", BACK), ("05:00:00", polled("03:12:00"))
        assert verdict(*walk, ("05:00:00", look(REVERSE_PROTECTED))).conformance is INCOMPLETE

    def test_what_nothing_explains_however_late_it_is_read(self) -> None:
        """A failover without effect: what would undo it takes more than two requests."""
        for read in ((polled("03:12:00"), look(PROTECTED)), (look(PROTECTED), polled("03:12:00"))):
            late = [(f"05:00:0{n}", one) for n, one in enumerate(read)]
            assert verdict(*BEGUN, *late).conformance is NON_CONFORMANT

    def test_an_item_that_names_the_job_after_its_end(self) -> None:
        scenario = {"scenarioName": "UnplannedFailover", "jobId": "/vaults/V/replicationJobs/op-1"}
        named = look(PROTECTED, currentScenario=scenario)
        late = ("05:00:00", named), ("05:00:02", polled("03:12:00")), ("05:00:03", look(FAILED_OVER))
        assert verdict(*BEGUN, *late).conformance is CONFORMANT


def test_the_end_of_a_job_that_nobody_asked_for_tells_nothing_of_the_item() -> None:
    """The failover was asked for since the last look, and not since its job was read."""
    for end in ("04:59:59", "04:00:00"):
        found = verdict(("03:00:00", look(PROTECTED)), ("05:00:00", job(end)), ("05:00:01", look(FAILED_OVER)))
        assert found.conformance is INCOMPLETE
        assert "after entry 1 (2023-08-26T03:00:00Z) and before entry 3" in found.why


def test_json_lines_keep_it() -> None:
    events = list(read_interactions([FAIL_OVER, dated("Sat, 26 Aug 2023 05:00:00 GMT", polled("03:12:00"))]).events)
    assert isinstance(events[1], JobSeen)
    assert events[1].ended_at == "2023-08-26T03:12:00.123456Z"
    assert from_json(to_json(events[1]), None) == events[1]
