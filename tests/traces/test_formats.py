"""The same exchanges give the same events in every format, and each format's own ways are understood."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from asr_properties.traces.events import TraceError, TraceEvent
from asr_properties.traces.formats import read_trace
from asr_properties.traces.judging import judge
from asr_properties.traces.trace import Trace
from asr_properties.traces.trace_verdicts import Conformance
from traces.cassettes import FAILED_OVER, ITEM, PROTECTED, ask, cassette, interaction, look, poll
from traces.changes import Changed
from traces.formats import at, dated, har, session_record

FAILOVER = [
    at(1, look(PROTECTED)),
    at(2, ask("unplannedFailover", "op-1", performShutdown="true")),
    at(3, poll("op-1", "InProgress")),
    at(4, poll("op-1", "Succeeded")),
    at(5, look(FAILED_OVER)),
]


def written(tmp_path: Path, document: Any, *, as_yaml: bool = False) -> Trace:
    path = tmp_path / "recording"
    path.write_text(yaml.safe_dump(document) if as_yaml else json.dumps(document), encoding="utf-8")
    return read_trace(path)


def told(trace: Trace) -> list[TraceEvent]:
    return list(trace.events)


@pytest.mark.parametrize("indent", [None, 2])
def test_the_formats_tell_the_same(tmp_path: Path, indent: int | None) -> None:
    (tmp_path / "c").write_text(json.dumps(cassette(*FAILOVER), indent=indent))
    expected = told(read_trace(tmp_path / "c"))
    assert len(expected) == 5
    for document in (har(FAILOVER), har(FAILOVER, packed=True), session_record(FAILOVER)):
        (tmp_path / "other").write_text(json.dumps(document, indent=indent))
        assert told(read_trace(tmp_path / "other")) == expected
    assert told(written(tmp_path, cassette(*FAILOVER), as_yaml=True)) == expected


def test_the_real_recording_is_judged_alike_in_every_format(tmp_path: Path, recording: Changed) -> None:
    """Its times are those of the service, a second apart at most: ordered by them it stays what it was."""
    (expected,) = judge(recording.trace())
    for document in (har(recording.interactions), session_record(recording.interactions)):
        (verdict,) = judge(written(tmp_path, document))
        assert (verdict.conformance, verdict.followed, verdict.exercised) == (
            expected.conformance,
            expected.followed,
            expected.exercised,
        )


@pytest.mark.parametrize("form", [har, session_record])
def test_entries_out_of_order_are_taken_by_their_times(tmp_path: Path, form: Any) -> None:
    """HttpRecorder keeps the answers to each address together; browsers may sort otherwise than by time."""
    trace = written(tmp_path, form([FAILOVER[4], *FAILOVER[:4]]))
    assert [event.number for event in trace.events] == [2, 3, 4, 5, 1]
    assert judge(trace)[0].conformance is Conformance.CONFORMANT


@pytest.mark.parametrize("date", [None, "yesterday", "Sat, 99 Aug 2023 03:00:00 GMT", "Sat, 26 Aug 99999 03:00:00 GMT"])
def test_without_all_times_the_order_of_the_file_is_kept_and_told(tmp_path: Path, date: str | None) -> None:
    trace = written(tmp_path, session_record([FAILOVER[0], dated(date, FAILOVER[1]), *FAILOVER[2:]]))
    assert [event.number for event in trace.events] == [1, 2, 3, 4, 5]
    assert trace.gaps == ("1 of 5 entries have no time: all are taken in the order of the file",)
    assert judge(trace)[0].conformance is Conformance.CONFORMANT


def test_a_cassette_that_was_stamped_anew_keeps_its_order(tmp_path: Path) -> None:
    stamped = [dated("Sat, 26 Aug 2023 03:00:00 GMT", FAILOVER[0]), *(dated(None, one) for one in FAILOVER[1:])]
    verdict = judge(written(tmp_path, cassette(*stamped)))[0]
    assert (verdict.conformance, verdict.followed) == (Conformance.CONFORMANT, 5)


@pytest.mark.parametrize(
    "content", [{}, {"text": None}, {"text": "not base64!", "encoding": "base64"}, {"text": "%%%"}, {"text": 7}]
)
def test_a_body_that_is_missing_is_no_look(tmp_path: Path, content: dict[str, Any]) -> None:
    archive = har(FAILOVER[:1])
    archive["log"]["entries"][0]["response"]["content"] = content
    trace = written(tmp_path, archive)
    assert (told(trace), trace.skipped.total()) == ([], 1)


@pytest.mark.parametrize("status", [0, -1, None])
def test_a_request_that_a_browser_gave_up_may_have_been_done(tmp_path: Path, status: Any) -> None:
    given_up = at(6, interaction("POST", f"{ITEM}/failoverCommit", status))
    archive = har([*FAILOVER, given_up])
    assert str(told(written(tmp_path, archive))[5]) == "commit() without an answer"
    archive["log"]["entries"][5]["response"] = None
    assert str(told(written(tmp_path, archive))[5]) == "commit() without an answer"


def test_older_answers_name_the_job_where_newer_ones_name_the_operation(tmp_path: Path) -> None:
    asked = at(2, ask("unplannedFailover", "op-1"))
    headers = asked["response"]["headers"]
    headers["azure-asyncoperation"] = [
        headers["azure-asyncoperation"][0].replace("replicationOperationStatus", "replicationJobs")
    ]
    del headers["location"]
    trace = written(tmp_path, session_record([FAILOVER[0], asked]))
    assert [getattr(event, "job", None) for event in trace.events] == [None, "op-1"]


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        ({"log": {"entries": [{}]}}, "entry 1 lacks its request or its response: expected method, url and status"),
        ({"log": {"entries": [{"request": [], "response": 1}]}}, "entry 1 lacks"),
        ({"log": {"entries": [{"request": {"method": 1, "url": 2}, "response": {"status": "x"}}]}}, "entry 1 lacks"),
        ({"log": {"entries": {}}}, "unknown format"),
        ({"log": []}, "unknown format"),
        ({"Entries": [{"RequestUri": "/"}]}, "expected RequestMethod, RequestUri and StatusCode"),
        ({"Entries": [None]}, "entry 1 lacks"),
        ({"Entries": [], "interactions": [], "version": 1}, "the lists of two formats are in one file"),
        ({"a": {"interactions": []}, "version": 1}, "unknown format"),
    ],
)
def test_a_document_that_does_not_fit(tmp_path: Path, document: Any, expected: str) -> None:
    with pytest.raises(TraceError) as caught:
        written(tmp_path, document)
    assert expected in str(caught.value)


@pytest.mark.parametrize("document", [{"log": {"entries": []}}, {"Entries": []}, cassette()])
def test_a_recording_without_exchanges_is_judged_undetermined(tmp_path: Path, document: Any) -> None:
    trace = written(tmp_path, document)
    assert (trace.total, judge(trace)) == (0, [])
