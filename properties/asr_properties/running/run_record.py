"""The run record: one JSON document with everything that a run found out."""

from __future__ import annotations

import json
import platform
from importlib.metadata import version
from pathlib import Path
from typing import Any

from asr_properties.files import make_folder, write_whole
from asr_properties.generation.coverage import Coverable, Coverage
from asr_properties.running.requirement_verdicts import left_out
from asr_properties.running.run_result import RunResult

FORMAT = "asr-conformance run record"
VERSION = 1


def record(result: RunResult, *, started: str, seconds: float) -> dict[str, Any]:
    """The record as plain data. started: an ISO time. seconds: the wall-clock time that the run took."""
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
            {
                "requirement": v.requirement,
                "outcome": v.outcome.value,
                "by_label_only": v.by_label_only,
                "exercised": v.exercised,
                "reason": v.reason,
            }
            for v in result.verdicts
        ],
        "coverage": _coverage(result.coverage, result.coverable),
        "account": {
            "taken": result.account.taken,
            "not_offered": dict(sorted(result.account.not_offered.items())),
            "left": list(result.account.left),
            "pairs_left": [list(pair) for pair in result.account.pairs_left],
            "more_steps": result.account.more_steps,
        },
        "flaky": [found.to_json() for found in result.flaky],
        "counterexamples": [counterexample.to_json() for counterexample in result.counterexamples],
    }


def _coverage(covered: Coverage, coverable: Coverable) -> dict[str, Any]:
    return {
        "phases": sorted(covered.phases),
        "phases_missed": sorted(coverable.phases - covered.phases),
        "states": len(covered.states),
        "states_reachable": coverable.states,
        "transitions": sorted(covered.transitions),
        "transitions_missed": sorted(coverable.transitions - covered.transitions),
        "pairs": len(covered.pairs & coverable.pairs),
        "pairs_missed": sorted(map(list, coverable.pairs - covered.pairs)),
    }


def write_report(folder: Path, result: RunResult, data: dict[str, Any]) -> list[Path]:
    """Write `record.json` and a file for each counterexample. Returns the paths of the counterexamples.

    Raises:
        Unwritable: the folder cannot be made or written to.
    """
    make_folder(folder)
    write_whole(folder / "record.json", json.dumps(data, indent=2) + "\n")
    return write_counterexamples(folder, result)


def write_counterexamples(folder: Path, result: RunResult) -> list[Path]:
    """Write a file for each counterexample, named after its number and first requirement. Returns their paths.

    Raises:
        Unwritable: the folder cannot be made or written to.
    """
    paths = []
    for number, counterexample in enumerate(result.counterexamples, 1):
        make_folder(folder)
        rule = counterexample.requirements[0] if counterexample.requirements else "unknown"
        path = folder / f"counterexample-{number}-{rule}.json"
        write_whole(path, json.dumps(counterexample.to_json(), indent=2) + "\n")
        paths.append(path)
    return paths
