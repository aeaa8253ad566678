"""The project's own trace format: what is written is read again, and what does not fit is told by its line."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asr_model import profiles
from asr_model.vocabulary import ARGUMENTS as DOMAINS
from asr_model.vocabulary import Answer, Operation
from asr_properties.contract.messages import Item
from asr_properties.traces.events import JOB_STATES, ItemSeen, JobSeen, Requested, TraceError
from asr_properties.traces.jsonl import Header, read_header, read_jsonl, write_jsonl
from asr_properties.traces.jsonl_events import to_json
from asr_properties.traces.judging import judge
from asr_properties.traces.trace import Trace

HEADER = '{"format": "asr-conformance trace", "version": 1, "profile": "modernized", "source": "a test"}\n'

texts = st.text(min_size=1, max_size=20)
times = st.none() | st.datetimes().map(lambda t: t.isoformat()) | st.floats(allow_nan=False, allow_infinity=False)
points = st.sampled_from(["latest", "latest_processed", "latest_app_consistent"]) | texts
POINT_TYPES = DOMAINS[Operation.PLANNED_FAILOVER]["recovery_point_type"]
ARGUMENTS: dict[Operation, dict[str, st.SearchStrategy[Any]]] = {
    Operation.FAIL_OVER: {"recovery_point": points, "shut_down_source": st.booleans()},
    Operation.TEST_FAILOVER: {"recovery_point": points},
    Operation.CHANGE_RECOVERY_POINT: {"recovery_point": points},
    Operation.PLANNED_FAILOVER: {"recovery_point_type": st.sampled_from(POINT_TYPES)},
}
OBSERVED: dict[str, st.SearchStrategy[Any]] = {
    "id": texts,
    "phase": st.sampled_from(sorted(profiles.efsm().phases)),
    "profile_instance": st.sampled_from(["InMageRcm", "InMageRcmFailback"]),
    "active_site": st.sampled_from(["on_premises", "azure"]),
    "replicating": st.sampled_from(["none", "to_azure", "to_on_premises"]),
    "allowed_operations": st.lists(st.sampled_from([str(o) for o in Operation if o != "cancel_job"]), unique=True),
    "drill": st.sampled_from(sorted(profiles.efsm().drills)),
    "health": st.sampled_from(["none", "normal", "warning", "critical"]),
    "health_issues": st.lists(st.fixed_dictionaries({"code": texts, "message": st.text()}), max_size=2),
    "failover_recovery_point": texts,
    "last_planned_failover": st.sampled_from(["succeeded", "failed", "cancelled", "unknown"]),
    "current_job": texts,
}


@st.composite
def requests(draw: st.DrawFn) -> Requested:
    operation = draw(st.sampled_from(Operation))
    if operation is Operation.CANCEL_JOB:
        arguments = (("job", draw(texts)),)
    else:
        given_arguments = draw(st.fixed_dictionaries({}, optional=ARGUMENTS.get(operation, {})))
        arguments = tuple(
            (name, given_arguments[name]) for name in ARGUMENTS.get(operation, {}) if name in given_arguments
        )
    return Requested(
        item=draw(texts),
        operation=operation,
        arguments=arguments,
        answer=draw(st.none() | st.sampled_from(Answer)),
        job=draw(st.none() | texts),
        at=draw(times),
    )


jobs = st.builds(JobSeen, item=texts, job=texts, state=st.sampled_from(JOB_STATES), warning=st.none() | texts, at=times)
looks = st.builds(
    ItemSeen,
    item=texts,
    observation=st.fixed_dictionaries({}, optional={name: st.none() | value for name, value in OBSERVED.items()}).map(
        Item.model_validate
    ),
    at=times,
)
events = st.lists(requests() | jobs | looks, max_size=8)


def read(text: str) -> list[Any]:
    return read_all(io.StringIO(text))[1]


def read_all(file: Iterable[str]) -> tuple[Header, list[Any]]:
    lines = enumerate(file, 1)
    header = read_header(lines, "t.jsonl")
    return header, list(read_jsonl(lines, "t.jsonl", header))


@given(events, texts)
def test_what_is_written_is_read_again(written: list[Any], source: str) -> None:
    file = io.StringIO()
    write_jsonl(written, file, Header("modernized", source))
    file.seek(0)
    header, found = read_all(file)
    assert header == Header("modernized", source)
    assert found == written
    assert [to_json(event) for event in found] == [to_json(event) for event in written]  # what was left out as well
    assert [event.number for event in found] == list(range(2, len(written) + 2))


def test_a_header_may_leave_the_profile_to_the_items() -> None:
    words = '{"event": "observation", "item": "a", "fields": {"phase": "failed_back", "profile_instance": "InMage"}}\n'
    header, (look,) = read_all(['{"format": "asr-conformance trace", "version": 1}\n', words])
    assert header == Header(None, "")
    (verdict,) = judge(Trace(source="", profile=header.profile, events=(look,)))
    assert verdict.profile == "classic"


def test_events_are_read_as_they_are_asked_for() -> None:
    def lines() -> Iterator[str]:
        yield HEADER
        yield '{"event": "job", "item": "a", "job": "1", "state": "failed"}\n'
        raise AssertionError("read too far")

    numbered = enumerate(lines(), 1)
    found = read_jsonl(numbered, "t.jsonl", read_header(numbered, "t.jsonl"))
    assert next(found) == JobSeen(item="a", job="1", state="failed")


def test_long_health_issues_are_cut() -> None:
    """Nothing is concluded from them but whether there are any; what is read ahead stays small."""
    issues = [{"code": "1" * 200, "message": "x" * 9000}] * 40
    fields = {"health_issues": issues, "current_job": "j", "failover_recovery_point": "p" * 1001}
    (look,) = read(HEADER + json.dumps({"event": "observation", "item": "a", "fields": fields}) + "\n")
    assert look.observation.model_fields_set == {"health_issues", "current_job"}
    assert {(len(issue.code), len(issue.message)) for issue in look.observation.health_issues} == {(100, 200)}


def test_a_null_field_differs_from_one_left_out() -> None:
    line = '{"event": "observation", "item": "a", "fields": {"current_job": null}}\n'
    (look,) = read(HEADER + line)
    assert look.observation.model_fields_set == {"current_job"}


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("", "empty"),
        ("[]\n", 'expected a header with "format"'),
        ('{"format": "something else"}\n', "unknown format"),
        ('{"format": "asr-conformance trace"', "cut off"),
        ('{"format": "asr-conformance trace", "version": 2}\n', "`version` is 2; expected 1"),
        ('{"format": "asr-conformance trace", "version": true}\n', "`version` is True; expected 1"),
        ('{"format": "asr-conformance trace", "version": 1, "profile": "x"}\n', "expected modernized"),
        ('{"format": "asr-conformance trace", "version": 1, "source": 1}\n', "expected a text"),
        ('{"format": "asr-conformance trace", "version": 1, "sauce": ""}\n', "unknown key 'sauce'"),
    ],
)
def test_a_header_that_does_not_fit(header: str, expected: str) -> None:
    with pytest.raises(TraceError) as caught:
        read(header)
    assert expected in str(caught.value)
    assert str(caught.value).startswith("t.jsonl")


REQUEST = {"event": "request", "item": "a", "operation": "commit", "answer": "accepted"}
LOOK = {"event": "observation", "item": "a", "fields": {}}


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        ([], "expected an object with `event`"),
        ({}, "`event` is missing; expected request, job, observation"),
        ({"event": "look"}, '`event` is "look"; expected request, job, observation'),
        ({"event": []}, "`event` is []"),
        ({**REQUEST, "extra": 1}, 'unknown key "extra" in a request event'),
        ({**REQUEST, "item": ""}, '`item` is ""; expected a text'),
        ({**REQUEST, "item": 1}, "`item` is 1; expected a text"),
        ({**REQUEST, "operation": "migrate"}, '`operation` is "migrate"; expected enable_replication, test_failover'),
        ({**REQUEST, "answer": "maybe"}, '`answer` is "maybe"; expected accepted, refused'),
        ({"event": "request", "item": "a", "operation": "commit"}, "`answer` is missing; expected accepted, refused"),
        ({**REQUEST, "item": "a" * 1001}, "`item` has 1001 characters; expected at most 1000"),
        ({**REQUEST, "arguments": []}, "`arguments` is []; expected an object"),
        ({**REQUEST, "arguments": {"x": 1}}, 'unknown key "x" in the arguments of commit; expected none'),
        ({**REQUEST, "operation": "fail_over", "arguments": {"shut_down_source": 1}}, "expected true or false"),
        ({**REQUEST, "operation": "fail_over", "arguments": {"recovery_point": ""}}, "expected a text"),
        ({**REQUEST, "operation": "planned_failover", "arguments": {"recovery_point_type": "x"}}, "app_consistent"),
        ({**REQUEST, "operation": "cancel_job"}, "expected the id of the job to cancel"),
        ({**REQUEST, "job": 7}, "`job` is 7; expected a text"),
        ({**REQUEST, "at": "yesterday"}, '`at` is "yesterday"; expected an ISO 8601 time'),
        ({**REQUEST, "at": True}, "`at` is true"),
        ({**REQUEST, "at": 10**400}, "`at` is 1000"),
        ({"event": "job", "item": "a", "job": "1", "state": "done"}, '`state` is "done"; expected in_progress'),
        ({"event": "job", "item": "a", "state": "failed"}, "`job` is missing"),
        ({**LOOK, "fields": None}, "`fields` is missing; expected an object"),
        ({**LOOK, "fields": {"colour": "red"}}, "unknown key `colour`; expected id, phase"),
        ({**LOOK, "fields": {"phase": "resting"}}, '`phase` is "resting"'),
        ({**LOOK, "fields": {"drill": "later"}}, '`drill` is "later"'),
        ({**LOOK, "fields": {"active_site": "moon"}}, '`active_site` is "moon"'),
        ({**LOOK, "fields": {"allowed_operations": ["fly"]}}, '`allowed_operations.0` is "fly"'),
        ({**LOOK, "fields": {"allowed_operations": ["cancel_job"]}}, '`allowed_operations.0` is "cancel_job"'),
        ({**LOOK, "fields": {"health_issues": [{"code": "1"}]}}, "`health_issues.0.message`"),
    ],
)
def test_an_event_that_does_not_fit(event: object, expected: str) -> None:
    with pytest.raises(TraceError) as caught:
        read(HEADER + "\n" + json.dumps(event) + "\n")
    assert expected in str(caught.value)
    assert str(caught.value).startswith("t.jsonl:3: ")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("line", ["{", "nonsense", '{"event": "job", "item"', "[" * 100_000])
def test_a_line_that_is_not_json(line: str) -> None:
    with pytest.raises(TraceError, match=r"t\.jsonl:2: expected one JSON object on a line.*cut off here"):
        read(HEADER + line)
