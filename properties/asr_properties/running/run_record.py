"""The run record: one JSON document of everything a run found out."""

from __future__ import annotations

import json
import platform
from importlib.metadata import version
from pathlib import Path
from typing import Any

from asr_properties.files import make_folder, write_whole
from asr_properties.running.campaign import RunResult
from asr_properties.running.requirement_verdicts import left_out

FORMAT = "asr-conformance run record"
VERSION = 1


def record(result: RunResult, *, started: str, seconds: float) -> dict[str, Any]:
    """The record as plain data. `started` is an ISO time, `seconds` the wall-clock time the run took."""
    coverable = result.coverable
    assert coverable is not None
    return {
        "format": FORMAT,
        "version": VERSION,
        "program": {
            "asr-conformance": version("asr-conformance"),
            "hypothesis": version("hypothesis"),
            "python-statemachine": version("python-statemachine"),
            "python": platform.python_version(),
        },
        "started": started,
        "seconds": round(seconds, 3),
        "profile": result.profile,
        "adapter": result.adapter,
        "hello": result.hello,
        "engine": result.engine,
        "seed": result.seed,
        "budget": result.budget,
        "steps": result.steps,
        "items": result.items,
        "overall": result.overall.value,
        "stopped": result.stopped,
        "left_out": list(left_out(result.verdicts)),
        "adapter_error": None if result.adapter_error is None else str(result.adapter_error),
        "failures": result.failures,
        "verdicts": [
            {"requirement": v.requirement, "outcome": v.outcome.value, "exercised": v.exercised, "reason": v.reason}
            for v in result.verdicts
        ],
        "coverage": {
            "phases": sorted(result.coverage.phases),
            "phases_missed": sorted(coverable.phases - result.coverage.phases),
            "states": len(result.coverage.states),
            "states_reachable": coverable.states,
            "transitions": sorted(result.coverage.transitions),
            "transitions_missed": sorted(coverable.transitions - result.coverage.transitions),
            "pairs": len(result.coverage.pairs & coverable.pairs),
            "pairs_missed": sorted(map(list, coverable.pairs - result.coverage.pairs)),
        },
        "flaky": [found.to_json() for found in result.flaky],
        "counterexamples": [counterexample.to_json() for counterexample in result.counterexamples],
    }


def write_report(folder: Path, result: RunResult, data: dict[str, Any]) -> list[Path]:
    """Write `record.json` and a file for each counterexample; the counterexamples' paths.

    Raises:
        Unwritable: the folder cannot be made or written to.
    """
    make_folder(folder)
    write_whole(folder / "record.json", json.dumps(data, indent=2) + "\n")
    return write_counterexamples(folder, result)


def write_counterexamples(folder: Path, result: RunResult) -> list[Path]:
    """Write a file for each counterexample, named after its number and first requirement."""
    paths = []
    for number, counterexample in enumerate(result.counterexamples, 1):
        make_folder(folder)
        rule = counterexample.requirements[0] if counterexample.requirements else "unknown"
        path = folder / f"counterexample-{number}-{rule}.json"
        write_whole(path, json.dumps(counterexample.to_json(), indent=2) + "\n")
        paths.append(path)
    return paths
