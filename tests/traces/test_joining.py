"""With `--join` the same item in several files is one history; otherwise each file is one of its own."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner

from asr_properties.cli.commands import app
from asr_properties.traces.events import TraceError
from asr_properties.traces.formats import read_joined, read_trace
from asr_properties.traces.golden import golden_traces
from asr_properties.traces.judging import judge
from asr_properties.traces.trace_verdicts import Conformance
from traces.cassettes import FAILED_OVER, PROTECTED, VAULT, ask, cassette, interaction, look, poll
from traces.formats import at, dated, har
from traces.test_credits import TIMED

HALVES = (TIMED[::2], TIMED[1::2])
DEPARTS = [at(0, look(PROTECTED)), at(5, ask("failoverCommit", "j")), at(6, poll("j", "Succeeded"))]


@pytest.fixture
def files(tmp_path: Path) -> Any:
    """Writes each document to a file, and gives the paths."""

    def write(*documents: Any) -> list[Path]:
        paths = [tmp_path / f"file-{n}" for n in range(len(documents))]
        for path, document in zip(paths, documents, strict=True):
            text = document if isinstance(document, str) else json.dumps(document)
            path.write_text(text, encoding="utf-8")
        return paths

    return write


def credited(paths: Sequence[Path]) -> dict[str, int]:
    (found,) = judge(read_joined(paths))
    assert found.conformance is Conformance.CONFORMANT, found.why
    return dict(found.exercised)


def test_files_of_any_format_of_exchanges_are_one_history(files: Any) -> None:
    """Entry by entry in turn, in whichever order they are named. A job may end in another file than it was begun in."""
    whole = credited(files(cassette(*TIMED)))
    for first, second in (HALVES, HALVES[::-1]):
        assert credited(files(cassette(*first), yaml.safe_dump(cassette(*second)))) == whole
        assert credited(files(cassette(*first), har(second))) == whole


def test_each_file_alone_is_another_history(files: Any) -> None:
    for path in files(*(cassette(*half) for half in HALVES)):
        (found,) = judge(read_trace(path))
        assert found.conformance is not Conformance.CONFORMANT


def test_a_file_that_is_named_twice_says_nothing_new(recording_file: Path) -> None:
    (once,), (twice,) = (judge(read_joined([recording_file] * n)) for n in (1, 2))
    assert twice.conformance is Conformance.CONFORMANT
    assert set(twice.exercised) == set(once.exercised)


def test_json_lines(files: Any) -> None:
    """Events without a time follow the one before them."""
    header, *lines = golden_traces()[1].read_text(encoding="utf-8").splitlines(keepends=True)
    parts = files(*("".join([header, *lines[n::2]]) for n in (1, 0)))
    (whole,), (found,) = judge(read_trace(golden_traces()[1])), judge(read_joined(parts))
    assert found.conformance is Conformance.CONFORMANT, found.why
    assert found.exercised == whole.exercised


def test_places_count_on_and_are_told(files: Any) -> None:
    paths = files(cassette(look(FAILED_OVER)), cassette(*DEPARTS))
    trace = read_joined(paths)
    assert trace.parts == ((str(paths[0]), 1), (str(paths[1]), 4))
    later = files(cassette(at(0, look(PROTECTED))), cassette(*DEPARTS[1:]))
    (found,) = judge(read_joined(later))
    assert found.divergence is not None
    assert found.divergence.event.number == 2


def test_without_times_the_files_follow_each_other(files: Any) -> None:
    trace = read_joined(files(*(cassette(dated(None, entry)) for entry in DEPARTS)))
    assert [event.number for event in trace.events] == [1, 2, 3]
    assert trace.gaps


def test_one_entry_without_a_time_leaves_the_order_of_files_in_doubt(files: Any) -> None:
    """Else the end of one file, which is read before the beginning of the other, would depart for certain."""
    undated = dated(None, interaction("GET", f"{VAULT}/replicationPolicies/p", answer={}))
    first = [at(0, look(PROTECTED)), at(9, look(FAILED_OVER))]
    second = [at(5, ask("unplannedFailover", "j")), at(6, poll("j", "Succeeded"))]
    (whole,) = judge(read_joined(files(cassette(*first), cassette(*second))))
    assert whole.conformance is Conformance.CONFORMANT
    (found,) = judge(read_joined(files(cassette(*first), cassette(*second, undated))))
    assert found.conformance is Conformance.INCOMPLETE
    assert "not all entries have a time" in found.why


def test_what_cannot_be_joined(files: Any, recording_file: Path) -> None:
    with pytest.raises(TraceError, match="cannot be joined"):
        read_joined([recording_file, golden_traces()[0]])
    line = json.dumps({"event": "observation", "item": "v", "fields": {}})
    header = {"format": "asr-conformance trace", "version": 1}
    of_two = [f"{json.dumps(header | {'profile': profile})}\n{line}\n" for profile in ("classic", "modernized")]
    with pytest.raises(TraceError, match="several profiles: classic, modernized"):
        read_joined(files(*of_two))


def test_the_option(files: Any) -> None:
    paths = [str(path) for path in files(*(cassette(*half) for half in HALVES))]
    run = CliRunner()
    alone, together = run.invoke(app, ["trace", *paths]), run.invoke(app, ["trace", "--join", *paths])
    assert (alone.exit_code != 0, together.exit_code) == (True, 0), alone.output + together.output
    assert "entries 1 to 16" in together.output
    assert "(2 files, 1 item)" in together.output
    broken = files(cassette(*TIMED), "{")
    refused = run.invoke(app, ["trace", "--join", *map(str, broken)])
    assert refused.exit_code != 0


def test_timeline_and_record_tell_which_file_an_entry_is_of(files: Any, tmp_path: Path) -> None:
    """Looks of several files that show the same stay apart, and so do the numbers of skipped entries."""
    other = at(0, interaction("GET", f"{VAULT}/replicationPolicies/p", answer={}))
    first = cassette(at(1, look(PROTECTED, friendlyName="web-1")), at(3, look(PROTECTED)), at(9, look(FAILED_OVER)))
    second = cassette(
        other, at(2, look(PROTECTED)), at(5, ask("unplannedFailover", "j")), at(6, poll("j", "Succeeded"))
    )
    paths, record = [str(path) for path in files(first, second)], tmp_path / "record.json"
    found = CliRunner().invoke(app, ["trace", "--join", "--timeline", "--json", str(record), *paths])
    assert found.exit_code == 0, found.output
    lines = found.output.splitlines()
    assert f"  file 2, entries 4 to 7: {paths[1]}" in lines
    assert "    skipped: other resources of the vault (1): 4" in lines
    begin = next(n for n, line in enumerate(lines) if line.startswith("    timeline (entry [file:entry in it]"))
    places = [" ".join(line.split()[:2]) for line in lines[begin + 1 : begin + 7]]
    assert places == ["1 [1:1]", "5 [2:2]", "2 [1:2]", "6 [2:3]", "7 [2:4]", "3 [1:3]"]
    (told,) = json.loads(record.read_text(encoding="utf-8"))["recordings"]
    assert told["files"] == [{"file": paths[0], "first": 1, "last": 3}, {"file": paths[1], "first": 4, "last": 7}]
    assert told["skipped"][0]["entries"] == [[4, 4]]
    assert told["items"][0]["friendly_name"] == "web-1"
    assert [row["entry"] for row in told["items"][0]["timeline"]] == [1, 5, 2, 6, 7, 3]
