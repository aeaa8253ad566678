"""The folder of a run: its record, its page and its counterexamples, and nothing of any other run."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any, Final

from asr_properties.counterexamples.stored import FORMAT as STORED_FORMAT
from asr_properties.files import Unwritable, make_folder, write_whole
from asr_properties.running.run_result import RunResult
from asr_properties.running.stored_record import FORMAT
from asr_reports.html import MARK

RECORD: Final = "record.json"
REPORTS: Final = {
    "html": "report.html",
    "junit": "report.xml",
    "ctrf": "report.ctrf.json",
    "sarif": "report.sarif",
    "markdown": "report.md",
}
"""Format of a report -> the name of its file."""

RUNS: Final = Path("asr-conformance-report")
"""Where runs lie whose folder nobody named, each in one of its own."""
LATEST: Final = "latest"
"""There it is a link to the folder of the newest run."""

_RUN = re.compile(r"[0-9]{8}-[0-9]{6}-seed--?[0-9]+(-[0-9]+)?")
_COUNTEREXAMPLE = re.compile(r"counterexample-[0-9]+-([RX][0-9]+|unknown)\.json")


@dataclass(frozen=True)
class Stored:
    """What became of the files of a run. folder: of the run. files: the names of those that are in it.
    counterexamples: where each is, in their order; None: it could not be written. unwritable: what could not be done,
    and why."""

    folder: Path
    files: tuple[str, ...]
    counterexamples: tuple[Path | None, ...]
    unwritable: tuple[str, ...] = ()


@dataclass(frozen=True)
class RunFolder:
    """path: the folder of one run. runs: the folder of many that it lies in, whose `latest` it becomes; None where
    somebody named it: it holds the newest of their runs then."""

    path: Path
    runs: Path | None = None

    @classmethod
    def new(cls, runs: Path, name: str) -> RunFolder:
        """Make a folder of this name, with a number behind it where another run has it.

        Raises:
            Unwritable: it can't be made.
        """
        make_folder(runs)
        for number in count(1):
            path = runs / (name if number == 1 else f"{name}-{number}")
            try:
                path.mkdir()
                break
            except FileExistsError:
                continue
            except OSError as error:
                raise Unwritable(f"cannot make the folder {path}: {error.strerror or error}", error.errno) from None
        return cls(path, runs)

    def store(self, result: RunResult, data: dict[str, Any], reports: Mapping[str, str]) -> Stored:
        """Write `record.json`, the reports by their file's name, and a file for each counterexample, named after its
        number and first requirement. One that can't be written does not keep the others from it.

        Afterwards the folder holds this run alone: the files of an earlier one are removed. They stay where this run's
        could not be written.
        """
        unwritable: list[str] = []

        def written(name: str, document: dict[str, Any] | str) -> Path | None:
            text = document if isinstance(document, str) else json.dumps(document, indent=2) + "\n"
            try:
                make_folder(self.path)
                write_whole(self.path / name, text)
            except Unwritable as error:
                unwritable.append(str(error))
                return None
            return self.path / name

        outputs: dict[str, dict[str, Any] | str] = {RECORD: data, **reports}
        paths = [written(name, document) for name, document in outputs.items()]
        found = [written(one.file_name(number), one.to_json()) for number, one in enumerate(result.counterexamples, 1)]
        files = tuple(path.name for path in (*paths, *found) if path is not None)
        if not unwritable:
            try:
                _remove_earlier(self.path, files)
            except OSError as error:
                why = error.strerror or error
                unwritable.append(f"cannot remove what an earlier run left in {self.path}: {why}")
        if self.runs is not None:
            unwritable += self._end_among(self.runs, files)
        return Stored(self.path, files, tuple(found), tuple(dict.fromkeys(unwritable)))

    def remove_older(self, keep: int) -> int:
        """Remove the oldest runs beside this one, so that `keep` are left with it; gives how many. Only what runs have
        written is removed: a folder with something else in it stays, with that in it."""
        removed = 0
        try:
            beside = [] if self.runs is None else sorted(self.runs.iterdir())
        except OSError:
            return removed
        others = [p for p in beside if _RUN.fullmatch(p.name) and p.is_dir() and not p.is_symlink() and p != self.path]
        for path in others[: max(0, len(others) - keep + 1)]:
            with suppress(OSError):
                _remove_earlier(path, ())
                path.rmdir()
                removed += 1
        return removed

    def _end_among(self, runs: Path, files: Collection[str]) -> list[str]:
        """Be the latest run, or be gone where nothing could be written; gives what can't be done, and why."""
        if not files:
            with suppress(OSError):
                self.path.rmdir()
            return []
        try:
            _link(runs / LATEST, self.path.name)
        except OSError as error:
            return [f"cannot link {runs / LATEST} to {self.path.name}: {error.strerror or error}"]
        return []


def run_in(folder: Path) -> Path:
    """The record in a folder: of the run whose folder it is, else of the latest of those in it."""
    record = folder / RECORD
    return record if record.exists() or not (folder / LATEST).exists() else folder / LATEST / RECORD


def _link(link: Path, target: str) -> None:
    """Let a link lead there; whoever follows it meanwhile finds the old place or the new one."""
    if link.exists() and not link.is_symlink():
        raise FileExistsError(None, "something else has this name")
    with tempfile.TemporaryDirectory(dir=link.parent, prefix=f".{link.name}.") as place:
        other = Path(place) / link.name
        other.symlink_to(target, target_is_directory=True)
        other.replace(link)


def _remove_earlier(folder: Path, mine: Collection[str]) -> None:
    """Remove the files of an earlier run; what is not of a run stays."""
    for path in folder.iterdir() if folder.is_dir() else ():
        words = _first_words(path.name)
        if words is not None and path.name not in mine and path.is_file() and _begins_with(path, words):
            path.unlink()


def _first_words(name: str) -> re.Pattern[str] | None:
    """What stands at the beginning of a file of ours that has this name; None if none has."""
    return _BEGINNINGS.get("counterexample" if _COUNTEREXAMPLE.fullmatch(name) else name)


_BEGINNINGS: Final = {
    "counterexample": re.compile(re.escape(json.dumps(STORED_FORMAT))),
    RECORD: re.compile(re.escape(json.dumps(FORMAT))),
    REPORTS["html"]: re.compile(re.escape(MARK)),
    REPORTS["junit"]: re.compile('<testsuites name="asr-conformance"'),
    REPORTS["ctrf"]: re.compile('"generatedBy": "asr-conformance"'),
    REPORTS["sarif"]: re.compile('"driver": {\\s*"name": "asr-conformance"'),
    REPORTS["markdown"]: re.compile("^## (✅|❌|⚠️) "),
}
"""Name of a file -> what stands at the beginning of each that we write."""


def _begins_with(path: Path, words: re.Pattern[str]) -> bool:
    with path.open("rb") as file:
        return words.search(file.read(400).decode("utf-8", errors="replace")) is not None
