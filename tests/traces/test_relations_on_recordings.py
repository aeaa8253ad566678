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


def test_one_that_the_item_calls_succeeded_is_credited(verdict: Any) -> None:
    without, told = verdict(), verdict(last_planned_failover="succeeded")
    assert told.conformance is Conformance.CONFORMANT
    assert Counter(told.exercised) - Counter(without.exercised) == {"R51": 1, "R65": 1}


def test_an_item_that_does_not_report_it_credits_nothing(verdict: Any) -> None:
    found = verdict()
    assert found.conformance is Conformance.CONFORMANT
    assert "R65" not in found.exercised
