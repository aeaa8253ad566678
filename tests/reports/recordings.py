"""Records of recordings to make pages of: the golden traces, and one of an item that departs."""

from __future__ import annotations

import copy
import json
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

from asr_properties.traces.formats import read_joined
from asr_properties.traces.golden import golden_traces
from asr_properties.traces.judged_recordings import judged_recordings
from asr_properties.traces.judging import judge
from asr_properties.traces.stored_trace import trace_from_json
from asr_properties.traces.timeline import Timeline
from asr_properties.traces.trace_record import JudgedTrace, trace_record
from asr_properties.traces.trace_verdicts import conclusion
from asr_reports.judged_recordings import JudgedRecordings
from traces.cassettes import PROTECTED, ask, interaction, look, poll
from traces.formats import at, har

DEPARTS = [
    at(0, interaction("GET", "https://example.com/elsewhere")),
    at(1, look(PROTECTED)),
    at(2, ask("unplannedFailover", "op-1", performShutdown="true")),
    at(3, poll("op-1", "InProgress")),
    at(4, poll("op-1", "Succeeded")),
    at(5, look(PROTECTED)),
    at(6, look(PROTECTED)),
]
"""The job of a failover succeeds, and the item is where it was."""


@cache
def _record(departs: bool) -> str:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "departs.har")
        file.write_text(json.dumps(har(DEPARTS)), encoding="utf-8")
        judged = [_judged(path) for path in (*golden_traces(), *([file] if departs else []))]
    outcome = conclusion([verdict for one in judged for verdict in one.verdicts])
    return json.dumps(trace_record(judged, outcome, [], []))


def _judged(path: Path) -> JudgedTrace:
    rows = Timeline()
    read = read_joined([path])
    return JudgedTrace(read, judge(read, None, rows), rows)


def agreeing() -> dict[str, Any]:
    """The record of the golden traces."""
    return json.loads(_record(False))


def departing() -> dict[str, Any]:
    """The same with an item that departs."""
    return json.loads(_record(True))


def shown(data: dict[str, Any]) -> JudgedRecordings:
    """The recordings of a record, as the page shows them."""
    return judged_recordings(trace_from_json(copy.deepcopy(data)))


def hostile(data: Any, text: str, key: str = "") -> Any:
    """The record with such a text in every field that holds what a recording said."""
    ours = ("format", "verdict", "profile", "event", "requirement", "unit", "answer", "state")
    if isinstance(data, dict):
        return {name: hostile(value, text, name) for name, value in data.items()}
    if isinstance(data, list):
        return [hostile(value, text, key) for value in data]
    return text if isinstance(data, str) and key not in ours else data
