"""Whatever the file, reading it gives a trace or one clear line; the format is told by the content."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from asr_properties.traces.events import TraceError
from asr_properties.traces.formats import read_trace
from asr_properties.traces.golden import golden_traces
from asr_properties.traces.judging import judge
from asr_properties.traces.trace import Trace
from traces.cassettes import ITEM, PROTECTED, ask, cassette, interaction, look, poll

CASSETTE = cassette(
    look(PROTECTED), ask("unplannedFailover", "op-1", performShutdown="true"), poll("op-1", "Succeeded"),
    interaction("GET", ITEM, 404),
)  # fmt: skip
TEXTS = (
    yaml.safe_dump(CASSETTE).encode(),
    json.dumps(CASSETTE).encode(),
    json.dumps(CASSETTE, indent=1).encode(),
    golden_traces()[1].read_bytes(),
)


def refusal(path: Path, content: bytes) -> str:
    path.write_bytes(content)
    with pytest.raises(TraceError) as caught:
        tuple(read_trace(path).events)
    message = str(caught.value)
    assert message.startswith(str(path))
    assert "\n" not in message
    return message


@pytest.mark.parametrize("name", ["trace.yaml", "trace.jsonl", "trace"])
@pytest.mark.parametrize("content", TEXTS, ids=["YAML", "JSON", "indented JSON", "JSON Lines"])
def test_the_content_tells_the_format(tmp_path: Path, name: str, content: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    trace = read_trace(path)
    events = tuple(trace.events)
    assert events
    assert trace.total in (None, len({event.number for event in events}) + trace.skipped.total())


def test_a_byte_order_mark_is_no_obstacle(tmp_path: Path) -> None:
    path = tmp_path / "trace"
    path.write_bytes(b"\xef\xbb\xbf" + TEXTS[3])
    assert len(tuple(read_trace(str(path)).events)) == 18


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "the file is empty"),
        (b" \n\n", "the file is empty"),
        (b"\xff\xfe\x00", ":1: the file is not UTF-8"),
        (b"ok\n\x80", ":2: the file is not UTF-8"),
        (b"just words", "unknown format; expected a trace in JSON Lines"),
        (b"- 1\n- 2\n", "unknown format"),
        (b"[1, 2]", "unknown format"),
        (b'{"a": 1}', "unknown format"),
        (b'{\n"Entries": {}\n}', "unknown format; expected a trace in JSON Lines"),
        (b'{\n"interactions": [', "cut off"),
        (b'{"format": "asr-conf', ":1: the header is not one whole JSON object"),
        (b"a: [", "neither JSON nor whole YAML"),
        (b"interactions: []\n", "lacks its `version`"),
        (b"interactions: []\nversion: 2\n", "version 2 of the cassette"),
        (b"interactions: {}\nversion: 1\n", "unknown format"),
        (b"interactions: [1]\nversion: 1\n", "entry 1 lacks its request"),
        (b"interactions: words\nversion: 1\n", "unknown format"),
        (
            b"a: !!python/object/apply:os.getcwd []\n",
            ":1: the tag tag:yaml.org,2002:python/object/apply:os.getcwd would construct an object",
        ),
    ],
)
def test_a_file_that_is_no_trace(tmp_path: Path, content: bytes, expected: str) -> None:
    assert expected in refusal(tmp_path / "file", content)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(TraceError, match="there is no such file"):
        read_trace(tmp_path / "nowhere.jsonl")


def test_a_directory(tmp_path: Path) -> None:
    with pytest.raises(TraceError, match="this is a directory"):
        read_trace(tmp_path)


def test_a_name_that_no_file_can_have() -> None:
    with pytest.raises(TraceError, match="cannot be read"):
        read_trace("with\0null")


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.999])
def test_a_cut_recording_is_told(tmp_path: Path, recording_file: Path, share: float) -> None:
    content = recording_file.read_bytes()
    refusal(tmp_path / "cut.yaml", content[: int(len(content) * share)])


def test_a_cassette_cut_between_interactions_is_told(tmp_path: Path) -> None:
    whole = TEXTS[0].decode()
    assert "cut off" in refusal(tmp_path / "cut.yaml", whole[: whole.rindex("version:")].encode())


garbled = st.one_of(
    st.builds(lambda text, end: text[:end], st.sampled_from(TEXTS), st.integers(0, 4000)),
    st.builds(
        lambda text, at, junk: text[:at] + junk + text[at + len(junk) :],
        st.sampled_from(TEXTS),
        st.integers(0, 4000),
        st.binary(min_size=1, max_size=6) | st.sampled_from([b"null", b"{", b"]", b'"', b"\n", b"1e999", b"&a *a"]),
    ),
    st.binary(max_size=60),
    st.text(max_size=60).map(lambda text: text.encode("utf-8", "surrogatepass")),
)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(garbled)
def test_garbled_files_give_a_trace_or_an_error(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "garbled"
    path.write_bytes(content)
    try:
        trace = read_trace(path)
        events = tuple(trace.events)
    except TraceError:
        return
    assert isinstance(trace, Trace)
    assert trace.total in (None, len({event.number for event in events}) + trace.skipped.total())
    assert len(judge(trace)) == len(trace.items) + len(trace.not_followed)
