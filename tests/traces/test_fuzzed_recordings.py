"""Fuzzed recordings of every format: reading and judging them gives verdicts or the documented error, nothing else."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from asr_properties.traces.events import TraceError
from asr_properties.traces.formats import read_trace
from asr_properties.traces.golden import golden_traces
from asr_properties.traces.judging import judge
from traces.cassettes import FAILED_OVER, ITEMS, PROTECTED, VAULT, ask, cassette, interaction, item_body, look, poll
from traces.formats import at, har, session_record

JOB = {
    "name": "op-1",
    "properties": {"state": "Failed", "scenarioName": "UnplannedFailover", "targetObjectId": "/x/vm-1"},
}
EXCHANGES = [
    at(1, look(PROTECTED)),
    at(2, ask("unplannedFailover", "op-1", performShutdown="true", recoveryPointId="/a/b")),
    at(3, poll("op-1", "Succeeded", {"code": "28175"})),
    at(4, interaction("GET", f"{VAULT}/replicationJobs", answer={"value": [JOB]})),
    at(5, interaction("GET", ITEMS, answer={"value": [item_body(FAILED_OVER, healthErrors=[{"errorCode": 1}])]})),
    at(6, interaction("POST", f"{VAULT}/replicationJobs/op-1/cancel", 202, starts="op-2")),
]
DOCUMENTS = (cassette(*EXCHANGES), har(EXCHANGES), har(EXCHANGES, packed=True), session_record(EXCHANGES))
LINES = [json.loads(line) for line in golden_traces()[0].read_text(encoding="utf-8").splitlines()]

values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["InMage", "", "None"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


def places(document: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Where a document has values, the one in all of it apart."""
    inner = (
        document.items() if isinstance(document, dict) else enumerate(document) if isinstance(document, list) else ()
    )
    return [found for key, value in inner for found in [(*path, key), *places(value, (*path, key))]]


def document_in(text: Any) -> Any:
    """The document that a text is; None if it is none."""
    try:
        return json.loads(text) if isinstance(text, str) and text.startswith("{") else None
    except json.JSONDecodeError:
        return None


@st.composite
def changed(draw: st.DrawFn, documents: Any) -> Any:
    """A document with other values, or fewer, in some places; bodies, which are text, may be changed inside."""
    document = copy.deepcopy(draw(st.sampled_from(documents)))
    for _ in range(draw(st.integers(1, 3))):
        found = places(document)
        if not found:
            break
        *path, last = draw(st.sampled_from(found))
        inner = document
        for key in path:
            inner = inner[key]
        if draw(st.booleans()) and (body := document_in(inner[last])) is not None:
            inner[last] = json.dumps(draw(changed([body])))
        elif draw(st.booleans()):
            inner[last] = draw(values)
        else:
            del inner[last]
    return document


def check(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "fuzzed"
    path.write_bytes(content)
    problem = ""
    try:
        trace = read_trace(path)
        verdicts = judge(trace)
    except TraceError as error:
        problem = str(error)
    assert "\n" not in problem
    if problem:
        return
    assert len(verdicts) == len({*trace.items, *trace.unread, *trace.not_followed})


fuzzed = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))


@fuzzed
@given(changed(DOCUMENTS), st.booleans())
def test_documents_with_wrong_types_everywhere(tmp_path: Path, document: Any, as_yaml: bool) -> None:
    text = yaml.safe_dump(document) if as_yaml else json.dumps(document)
    check(tmp_path, text.encode("utf-8", "surrogatepass"))


@fuzzed
@given(changed([LINES]))
def test_lines_with_wrong_types_everywhere(tmp_path: Path, lines: list[Any]) -> None:
    check(tmp_path, b"".join(json.dumps(line).encode() + b"\n" for line in lines))


@fuzzed
@given(
    st.sampled_from([*(json.dumps(d).encode() for d in DOCUMENTS), yaml.safe_dump(DOCUMENTS[0]).encode()]),
    st.lists(st.tuples(st.floats(0, 1), st.integers(0, 9), st.binary(max_size=5)), min_size=1, max_size=4),
)
def test_bytes_changed_anywhere(tmp_path: Path, content: bytes, changes: list[tuple[float, int, bytes]]) -> None:
    for share, length, junk in changes:
        place = int(share * len(content))
        content = content[:place] + junk + content[place + length :]
    check(tmp_path, content)


@fuzzed
@given(st.binary(max_size=300) | st.text(alphabet="{}[]:,-&*!? \n\"'a1#|>%@", max_size=100).map(str.encode))
def test_anything_at_all(tmp_path: Path, content: bytes) -> None:
    check(tmp_path, content)
