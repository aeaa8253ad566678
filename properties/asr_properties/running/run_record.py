"""The run record: one JSON document with everything that a run found out."""

from __future__ import annotations

import platform
from importlib.metadata import version
from typing import Any

from asr_properties.generation.coverage import Coverable, Coverage
from asr_properties.running.known_deviations import told_of_known
from asr_properties.running.requirement_verdicts import left_out
from asr_properties.running.run_result import RunResult
from asr_properties.running.stored_record import FORMAT, VERSION


def record(result: RunResult, *, started: str, seconds: float, command: str = "") -> dict[str, Any]:
    """The record as plain data. started: an ISO time. seconds: the wall-clock time that the run took. command: the
    command line that does the run again."""
    return {
        "format": FORMAT,
        "version": VERSION,
        "program": {
            "asr-conformance": version("asr-conformance"),
            "hypothesis": version("hypothesis"),
            "python-statemachine": version("python-statemachine"),
            "python": platform.python_version(),
            "system": f"{platform.system()} {platform.machine()}",
        },
        "command": command,
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
        "exit_status": result.beyond_what_is_known.exit_status,
        "stopped": result.stopped,
        "known_deviations": list(told_of_known(result)),
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
                "open": v.is_open,
                "known": v.known,
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
        "transitions": {name: covered.times[name] for name in sorted(covered.transitions)},
        "transitions_missed": sorted(coverable.transitions - covered.transitions),
        "pairs": len(covered.pairs & coverable.pairs),
        "pairs_missed": sorted(map(list, coverable.pairs - covered.pairs)),
    }
