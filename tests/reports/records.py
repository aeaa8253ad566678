"""Run records to make reports of: one of a run that fails, and the same with other verdicts."""

from __future__ import annotations

import copy
import json
from functools import cache
from typing import Any

from asr_properties.running.budget import Budget
from asr_properties.running.campaign import Campaign
from asr_properties.running.judged_run import judged_run
from asr_properties.running.requirement_verdicts import Overall
from asr_properties.running.run_record import record
from asr_properties.running.stored_record import record_from_json
from asr_reports.judged_run import JudgedRun
from wrong.implementations import kept_points

COMMAND = "asr-conformance run --adapter wrong.implementations:kept_points --seed 1"


@cache
def _failing() -> str:
    result = Campaign(
        kept_points,
        profile="modernized",
        budget=Budget.parse("600steps"),
        seed=1,
        adapter="wrong.implementations:kept_points",
    ).run()
    return json.dumps(record(result, started="2026-01-01T00:00:00+00:00", seconds=1.5, command=COMMAND))


def failing() -> dict[str, Any]:
    """The record of a run that broke R40."""
    return json.loads(_failing())


def with_verdicts(outcome: str, overall: str, **others: Any) -> dict[str, Any]:
    """A record in which every requirement has one verdict."""
    data = failing()
    for verdict in data["verdicts"]:
        verdict |= {"outcome": outcome, "open": False, "exercised": int(outcome == "PASSED"), "reason": ""}
    status = {"exit_status": Overall(overall).exit_status, "stopped": ""}
    return data | {"overall": overall, "counterexamples": [], "failures": 0} | status | others


def shown(data: dict[str, Any]) -> JudgedRun:
    """The run of a record, as reports show it."""
    return judged_run(record_from_json(copy.deepcopy(data)), folder="out/")
