"""One run for all processes that ask for it: the first makes it, the others wait and are told what it found."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import NamedTuple

from asr_properties.running.requirement_verdicts import Verdict
from asr_properties.running.run_result import RunResult


class Judged(NamedTuple):
    """The verdict on one requirement, and why it is no other."""

    outcome: str
    reason: str


@dataclass(frozen=True)
class Told:
    """What tests tell of a run. failures: of each requirement that failed, its shortest counterexample, as lines, if
    one was kept. adapter_error: what the adapter did wrong; None if nothing."""

    verdicts: Mapping[str, Judged]
    failures: Mapping[str, list[str]]
    adapter_error: str | None

    @classmethod
    def of(cls, result: RunResult) -> Told:
        """Of a run that has ended."""
        failures = {}
        for verdict in result.verdicts:
            telling = [c for c in result.counterexamples if verdict.requirement in c.requirements]
            if verdict.outcome is Verdict.FAILED and telling:
                failures[verdict.requirement] = list(min(telling, key=lambda c: len(c.actions)).lines())
        verdicts = {verdict.requirement: Judged(str(verdict.outcome), verdict.reason) for verdict in result.verdicts}
        return cls(verdicts, failures, None if result.adapter_error is None else str(result.adapter_error))


def once(folder: Path | None, make: Callable[[], Told]) -> Told:
    """What `make` gives, which is called once by all who share the folder; one that fails leaves it to the next.

    folder: None where nobody else asks.
    """
    if folder is None:
        return make()
    # A database locks a file everywhere, and forgets the lock of a process that has ended.
    with closing(sqlite3.connect(folder / "run.sqlite", timeout=0, isolation_level=None)) as kept:
        _wait_for(kept)
        kept.execute("CREATE TABLE IF NOT EXISTS run (told TEXT)")
        row = kept.execute("SELECT told FROM run").fetchone()
        if row is None:
            told = make()
            kept.execute("INSERT INTO run VALUES (?)", (json.dumps(asdict(told)),))
        else:
            told = _read(row[0])
        kept.execute("COMMIT")
    return told


def _wait_for(kept: sqlite3.Connection) -> None:
    """Have the database for oneself; a signal ends the wait."""
    while True:
        try:
            kept.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
                raise
            time.sleep(0.1)
        else:
            return


def _read(text: str) -> Told:
    stored = json.loads(text)
    verdicts = {requirement: Judged(*judged) for requirement, judged in stored["verdicts"].items()}
    return Told(verdicts, stored["failures"], stored["adapter_error"])
