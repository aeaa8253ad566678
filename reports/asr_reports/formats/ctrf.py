"""CTRF, the Common Test Report Format: a test for each requirement, and one for the run as a whole.

The status of a test is never `passed` where nothing was seen to hold; `rawStatus` is the verdict itself.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from asr_reports.formats.junit import RUN
from asr_reports.judged_run import Colour, JudgedRequirement, JudgedRun

SPECIFICATION = "0.0.0"


def to_ctrf(run: JudgedRun) -> str:
    """The document as JSON text."""
    start = _milliseconds(run.started)
    duration = round(run.seconds * 1000)
    tests = [_whole(run), *(_test(one, run) for one in run.requirements)]
    counts = {colour.value: sum(test["status"] == colour.value for test in tests) for colour in Colour}
    document = {
        "reportFormat": "CTRF",
        "specVersion": SPECIFICATION,
        "generatedBy": "asr-conformance",
        "results": {
            "tool": {"name": "asr-conformance", "version": run.program.get("asr-conformance", "unknown")},
            "summary": {
                "tests": len(tests),
                **counts,
                "pending": 0,
                "other": 0,
                "start": start,
                "stop": start + duration,
                "duration": duration,
            },
            "tests": tests,
            "environment": {
                "appName": run.implementation,
                "testEnvironment": run.adapter,
                "extra": {"profile": run.profile, "seed": run.seed, "budget": run.budget, **run.program},
            },
            "extra": {"verdict": run.verdict, "command": run.command, "notes": list(run.notes)},
        },
    }
    return json.dumps(document, indent=2) + "\n"


def _whole(run: JudgedRun) -> dict[str, Any]:
    colour = Colour.PASSED if run.is_success else Colour.FAILED
    told = {} if run.is_success else {"message": run.adapter_error or run.headline}
    return {"name": RUN, "status": colour.value, "duration": 0, "rawStatus": run.verdict, **told}


def _test(one: JudgedRequirement, run: JudgedRun) -> dict[str, Any]:
    found = [run.counterexamples[number - 1] for number in one.counterexamples]
    told: dict[str, Any] = {} if one.colour is Colour.PASSED else {"message": one.in_words}
    if found:
        told["trace"] = "\n\n".join("\n".join(each.lines) for each in found)
    if any(each.flaky for each in found):
        told["extra"] = {"flaky": [each.flaky for each in found if each.flaky]}
    return {
        "testId": one.id,
        "name": f"{one.id} {one.sentence}",
        "status": one.colour.value,
        "rawStatus": one.outcome,
        "duration": 0,
        "suite": [run.profile, one.section],
        "tags": [one.evidence],
        "labels": {"requirement": one.id, "section": one.section, "exercised": one.exercised},
        **told,
    }


def _milliseconds(instant: str) -> int:
    try:
        return round(datetime.fromisoformat(instant).timestamp() * 1000)
    except (ValueError, OverflowError, OSError):
        return 0
