"""A relation between values that were seen at different times judges a recording (R51, R65)."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from asr_properties.specification.relations.listings import PLANNED_FAILOVER_TOLD
from asr_properties.traces.formats import read_trace
from asr_properties.traces.jsonl import FORMAT, VERSION
from asr_properties.traces.judging import judge
from asr_properties.traces.trace_verdicts import Conformance, TraceVerdict

PLANNED_FAILOVER = {"operation": "planned_failover", "arguments": {"recovery_point_type": "app_consistent"}}


@pytest.fixture
def verdict(tmp_path: Path) -> Any:
    """The verdict on a planned failover that succeeded, after which the item shows these further fields."""

    def of(**fields: str) -> TraceVerdict:
        lines: list[dict[str, Any]] = [
            {"format": FORMAT, "version": VERSION, "profile": "modernized"},
            {"event": "observation", "item": "vm", "fields": {"phase": "reverse_protected"}},
            {"event": "request", "item": "vm", **PLANNED_FAILOVER, "answer": "accepted", "job": "job-1"},
            {"event": "job", "item": "vm", "job": "job-1", "state": "succeeded"},
            {"event": "observation", "item": "vm", "fields": {"phase": "failed_back", **fields}},
        ]
        file = tmp_path / "trace.jsonl"
        file.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
        (found,) = judge(read_trace(file))
        return found

    return of


def test_a_finished_planned_failover_that_the_item_calls_failed(verdict: Any) -> None:
    found = verdict(last_planned_failover="failed")
    assert found.conformance is Conformance.NON_CONFORMANT
    assert found.divergence is not None
    assert found.divergence.event.number == 5
    assert "R51" in found.divergence.requirements
    assert PLANNED_FAILOVER_TOLD.name in found.divergence.properties


def test_one_that_the_item_calls_succeeded_credits_nothing_that_was_not_seen(verdict: Any) -> None:
    without, told = verdict(), verdict(last_planned_failover="succeeded")
    assert told.conformance is Conformance.CONFORMANT
    assert Counter(told.exercised) == Counter(without.exercised)


def test_an_item_that_does_not_report_it_credits_nothing(verdict: Any) -> None:
    found = verdict()
    assert found.conformance is Conformance.CONFORMANT
    assert "R65" not in found.exercised


class TestPointsOfAFormerLife:
    """A point that was listed before replication was disabled names nothing in the next life (X19, contract 14)."""

    LIVED = (
        {"event": "observation", "fields": {"phase": "protected"}},
        {"event": "observation", "fields": {}, "recovery_points": [{"id": "old", "kind": "crash_consistent"}]},
        {"event": "request", "operation": "disable_replication", "answer": "accepted", "job": "j1"},
        {"event": "job", "job": "j1", "state": "succeeded"},
        {"event": "observation", "fields": {"phase": "not_replicated"}},
        {"event": "request", "operation": "enable_replication", "answer": "accepted", "job": "j2"},
        {"event": "job", "job": "j2", "state": "succeeded"},
        {"event": "observation", "fields": {"phase": "protected"}},
    )

    def judged(self, tmp_path: Path, *events: dict[str, Any]) -> TraceVerdict:
        header = {"format": FORMAT, "version": VERSION, "profile": "modernized"}
        lines: list[dict[str, Any]] = [header]
        for event in (*self.LIVED, *events):
            points = [{"created": 1, "multi_vm": False} | point for point in event.get("recovery_points", ())]
            lines.append({"item": "vm", **event} | ({"recovery_points": points} if points else {}))
        file = tmp_path / "trace.jsonl"
        file.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
        (found,) = judge(read_trace(file))
        return found

    def listed(self, point: str) -> dict[str, Any]:
        return {"event": "observation", "fields": {}, "recovery_points": [{"id": point, "kind": "crash_consistent"}]}

    def test_it_is_not_listed_again(self, tmp_path: Path) -> None:
        assert self.judged(tmp_path, self.listed("new")).divergence is None
        found = self.judged(tmp_path, self.listed("old")).divergence
        assert found is not None
        assert (found.event.number, found.requirements[0]) == (10, "X19")

    def test_no_failover_goes_there(self, tmp_path: Path) -> None:
        arguments = {"recovery_point": "old", "shut_down_source": False}
        asked = {"event": "request", "operation": "fail_over", "arguments": arguments, "answer": "accepted", "job": "j"}
        ended = [{"event": "job", "job": "j", "state": state} for state in ("succeeded", "failed")]
        found = self.judged(tmp_path, asked, ended[0])
        assert found.conformance is Conformance.NON_CONFORMANT
        assert found.divergence is not None
        assert found.divergence.requirements[0] == "X19"
        assert self.judged(tmp_path, asked, ended[1]).divergence is None
        assert self.judged(tmp_path, asked | {"answer": "refused", "job": None}).exercised["X19"] >= 1
