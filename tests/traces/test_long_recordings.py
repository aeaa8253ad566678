"""However long a recording is, it is read in bounded memory, and to the same result as one that is held whole."""

from __future__ import annotations

import json
import tempfile
import tracemalloc
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from asr_properties.traces import linking, lookahead, spool, translation
from asr_properties.traces.cassette import exchange_of
from asr_properties.traces.events import TraceError, TraceEvent
from asr_properties.traces.exchanges import Exchange
from asr_properties.traces.formats import read_trace
from asr_properties.traces.jsonl_events import to_json
from asr_properties.traces.judging import judge
from asr_properties.traces.trace import Trace
from asr_properties.traces.trace_verdicts import Conformance
from asr_properties.traces.translation import translate
from traces.cassettes import (
    FAILED_BACK,
    FAILED_OVER,
    ITEM,
    ITEMS,
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
from traces.formats import dated, har_entry

A2A = ("Protected", "A2A", "Primary", ["Failback"])
STRANGE = ("SomethingNew", "InMageRcm", "Primary", ["Fly"])
KINDS = [
    *(look(shape) for shape in (PROTECTED, FAILED_OVER, REVERSE_PROTECTED, FAILED_BACK, STRANGE)),
    *(interaction("GET", f"{ITEMS}/vm-2", answer=item_body(shape, "vm-2")) for shape in (PROTECTED, A2A, STRANGE)),
    interaction("GET", ITEM.replace("/vaults/v/", "/vaults/w/"), answer=item_body(PROTECTED)),
    interaction("GET", ITEMS, answer={"value": [item_body(FAILED_OVER), item_body(PROTECTED, "vm-2")]}),
    interaction("GET", ITEM, 404),
    *(ask(action, f"op-{n}") for n, action in enumerate(("unplannedFailover", "reProtect", "failoverCommit"))),
    *(poll(f"op-{n}", state) for n in range(3) for state in ("InProgress", "Succeeded", "Failed")),
    interaction("POST", f"{VAULT}/replicationJobs/op-0/cancel", 202, starts="cancel"),
    *(poll("cancel", state) for state in ("InProgress", "Succeeded", "Failed")),
    interaction("GET", "https://example.net/"),
]
DATES = [None, *(f"Sat, 26 Aug 2023 03:00:{second:02} GMT" for second in (0, 1, 1, 2, 30))]

exchanges = st.lists(st.tuples(st.sampled_from(KINDS), st.sampled_from(DATES)), max_size=40).map(
    lambda drawn: [exchange_of(dated(date, entry), number) for number, (entry, date) in enumerate(drawn, 1)]
)


def told(trace: Trace) -> dict[str, Any]:
    """All that a trace tells, its events spelled out."""
    shown = {name: getattr(trace, name) for name in trace.__dataclass_fields__ if name != "events"}
    return {**shown, "events": [(event.number, to_json(event)) for event in trace.events]}


@settings(max_examples=150, deadline=None)
@given(exchanges, st.booleans(), st.booleans(), st.integers(1, 3000))
def test_what_goes_through_the_file_is_what_is_held(
    read: list[Exchange], is_dated: bool, by_time: bool, most: int
) -> None:
    if is_dated:
        read = [exchange for exchange in read if exchange.at is not None]
    held = translate(read, "held", by_time=by_time)
    with patch.object(spool, "MOST_HELD", most), patch.object(translation, "_SHARED_BELOW", 0):
        streamed = translate(read, "held", by_time=by_time)
    assert told(streamed) == told(held)
    assert judge(streamed) == judge(held)
    assert told(streamed) == told(held)  # the events are there as often as they are asked for


def test_events_may_be_asked_for_several_times_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spool, "MOST_HELD", 2000)
    trace = read_interactions([look(PROTECTED if number % 2 else FAILED_OVER) for number in range(200)])
    one, other = iter(trace.events), iter(trace.events)
    ahead = [next(one).number for _ in range(150)]
    assert [event.number for event in other] == list(range(1, 201))
    assert [*ahead, *(event.number for event in one)] == list(range(1, 201))


def test_the_file_is_closed_with_the_trace(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spool, "MOST_HELD", 2000)
    made = []
    make = tempfile.TemporaryFile
    monkeypatch.setattr(tempfile, "TemporaryFile", lambda: made.append(make()) or made[-1])
    trace = read_interactions([look(PROTECTED)] * 100)
    (file,) = made
    del trace
    assert file.closed


def test_little_is_never_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "TemporaryFile", lambda: pytest.fail("a file was made"))
    assert len(list(read_interactions([look(PROTECTED)] * 1000).events)) == 1000


def test_a_temporary_file_that_cannot_be_made_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_room() -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(spool, "MOST_HELD", 2000)
    monkeypatch.setattr(tempfile, "TemporaryFile", no_room)
    (tmp_path / "c").write_text(json.dumps(cassette(*[look(PROTECTED)] * 100)))
    with pytest.raises(TraceError, match="temporary file: No space left on device; TMPDIR names another place"):
        read_trace(tmp_path / "c")


class TestWhatIsKeptInMemory:
    def test_the_jobs_met_last(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(linking, "MOST_JOBS", 2)
        asked = [ask("failoverCommit", f"op-{number}") for number in range(4)]
        trace = read_interactions([*asked, *(poll(f"op-{number}", "Succeeded") for number in range(4))])
        assert trace.skipped == {linking.OTHER_POLLS: 2}
        assert trace.gaps[0].startswith("2 jobs were forgotten, because only the latest 2 are remembered")

    def test_the_first_remarks_of_each_item(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(translation, "MOST_REMARKS", 3)
        strange = interaction("GET", f"{ITEMS}/vm-2", answer=item_body(STRANGE, "vm-2"))
        trace = read_interactions([*[look(STRANGE)] * 5, strange])
        places = [(item, number) for item, number, _ in trace.remarks]
        assert places == [("vm-1", 1), ("vm-1", 1), ("vm-1", 2), ("vm-2", 6), ("vm-2", 6)]
        assert trace.more_remarks == {"vm-1": 7}
        first, _ = judge(trace)
        assert first.gaps[-1] == "and 7 more remarks"


LIFE = [
    look(PROTECTED),
    ask("unplannedFailover", "OP-1", performShutdown="true"),
    poll("OP-1", "InProgress"),
    poll("OP-1", "InProgress"),
    poll("OP-1", "Succeeded"),
    look(FAILED_OVER),
    ask("remove", "OP-2"),
    poll("OP-2", "Succeeded"),
    interaction("GET", ITEM, 404),
    interaction("PUT", ITEM, 202, starts="OP-3"),
    poll("OP-3", "Succeeded"),
]


def lives(count: int) -> Iterator[dict[str, Any]]:
    """So many exchanges of a machine that is enabled, failed over and removed again and again."""
    for number in range(count):
        life, place = divmod(number, len(LIFE))
        yield json.loads(json.dumps(LIFE[place]).replace("OP-", f"OP-{life}-"))


def written(path: Path, count: int, *, as_har: bool) -> None:
    with path.open("w") as file:
        file.write('{"log": {"entries": [' if as_har else '{"interactions": [')
        for number, entry in enumerate(lives(count)):
            file.write((",\n" if number else "") + json.dumps(har_entry(entry) if as_har else entry))
        file.write("]}}" if as_har else '], "version": 1}')


@pytest.mark.parametrize("as_har", [True, False], ids=["HAR", "cassette"])
def test_memory_does_not_depend_on_the_length(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, as_har: bool) -> None:
    """All that is read and judged, with the bounds lower than they are."""
    monkeypatch.setattr(lookahead, "LOOK_AHEAD", 100)
    monkeypatch.setattr(linking, "MOST_JOBS", 100)
    monkeypatch.setattr(spool, "MOST_HELD", 50_000)
    monkeypatch.setattr(spool, "_PIECE", 1000)

    def most(count: int) -> int:
        written(tmp_path / "long", count, as_har=as_har)
        tracemalloc.start()
        trace = read_trace(tmp_path / "long")
        (verdict,) = judge(trace)
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert (trace.total, verdict.conformance, verdict.divergence) == (count, Conformance.CONFORMANT, None)
        return found

    most(1_000)  # what is worked out once and kept is not counted
    assert most(4_000) < 1.4 * most(1_000)  # four times as long


def test_a_whole_second_comes_before_its_fractions() -> None:
    first, second = (exchange_of(look(shape), number) for number, shape in enumerate((FAILED_OVER, PROTECTED), 1))
    at: tuple[str, str] = ("2023-08-26T03:00:00.500000Z", "2023-08-26T03:00:00Z")
    events: list[TraceEvent] = list(
        translate((first._replace(at=at[0]), second._replace(at=at[1])), "", by_time=True).events
    )
    assert [event.number for event in events] == [2, 1]
    assert replace(events[0], number=0) == events[0]
