"""The run record: one JSON document with everything that a run found out."""

from __future__ import annotations

import json
import platform
import re
from collections.abc import Collection
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from asr_properties.counterexamples.stored import FORMAT as STORED_FORMAT
from asr_properties.files import Unwritable, make_folder, write_whole
from asr_properties.generation.coverage import Coverable, Coverage
from asr_properties.running.requirement_verdicts import left_out
from asr_properties.running.run_result import RunResult
from asr_properties.running.stored_record import FORMAT, VERSION
from asr_reports.html import MARK

RECORD = "record.json"
PAGE = "report.html"
_COUNTEREXAMPLE = re.compile(r"counterexample-[0-9]+-([RX][0-9]+|unknown)\.json")


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
                "open": v.is_open,
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


@dataclass(frozen=True)
class Stored:
    """What became of the files of a run. counterexamples: where each is, in their order; None: it could not be written.
    unwritable: what could not be done, and why."""

    counterexamples: tuple[Path | None, ...]
    unwritable: tuple[str, ...] = ()


def store(folder: Path, result: RunResult, data: dict[str, Any] | None, page: str | None = None) -> Stored:
    """Write `record.json`, if there is `data` for it, `report.html`, if there is a page, and a file for each
    counterexample, named after its number and first requirement. One that can't be written does not keep the others
    from it.

    Afterwards the folder holds this run alone: the record and the counterexamples of an earlier one are removed. They
    stay where this run's could not be written.
    """
    unwritable: list[str] = []

    def written(name: str, document: dict[str, Any] | str) -> Path | None:
        text = document if isinstance(document, str) else json.dumps(document, indent=2) + "\n"
        try:
            make_folder(folder)
            write_whole(folder / name, text)
        except Unwritable as error:
            unwritable.append(str(error))
            return None
        return folder / name

    outputs: dict[str, dict[str, Any] | str | None] = {RECORD: data, PAGE: page}
    mine = {name for name, document in outputs.items() if document is not None and written(name, document)}
    paths = tuple(
        written(found.file_name(number), found.to_json()) for number, found in enumerate(result.counterexamples, 1)
    )
    mine |= {path.name for path in paths if path is not None}
    if not unwritable:
        try:
            _remove_earlier(folder, mine)
        except OSError as error:
            unwritable.append(f"cannot remove what an earlier run left in {folder}: {error.strerror or error}")
    return Stored(paths, tuple(dict.fromkeys(unwritable)))


def _remove_earlier(folder: Path, mine: Collection[str]) -> None:
    """Remove the files of an earlier run; what is not of a run stays."""
    for path in folder.iterdir() if folder.is_dir() else ():
        words = _first_words(path.name)
        if words is not None and path.name not in mine and path.is_file() and _begins_with(path, words):
            path.unlink()


def _first_words(name: str) -> str | None:
    """What stands at the beginning of a file of ours that has this name; None if none has."""
    if _COUNTEREXAMPLE.fullmatch(name):
        return json.dumps(STORED_FORMAT)
    return {RECORD: json.dumps(FORMAT), PAGE: MARK}.get(name)


def _begins_with(path: Path, words: str) -> bool:
    with path.open("rb") as file:
        return words.encode() in file.read(200)
