"""The schema of a run record, checked when one is read: a file from elsewhere is data."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final, Literal

from pydantic import ValidationError

from asr_properties.contract.connection import first_misfit
from asr_properties.contract.messages import Many, Profile
from asr_properties.counterexamples.stored import Count, Stored, StoredCounterexample, StoredFlakiness
from asr_properties.files import Unreadable, read_json
from asr_properties.running.requirement_verdicts import Overall, Verdict

LONGEST_RECORD: Final = 32 << 20
"""Bytes. It holds a few counterexamples, and lists of transitions."""


class InvalidRecord(ValueError):
    """A file is no run record; the message says what is wrong with it."""


class StoredVerdict(Stored):
    """The verdict on one requirement."""

    requirement: str
    outcome: Literal[tuple(verdict.value for verdict in Verdict)]  # type: ignore[valid-type]
    by_label_only: bool
    exercised: Count
    reason: str


class StoredCoverage(Stored):
    """What was covered and what was not."""

    phases: Many[str]
    phases_missed: Many[str]
    states: Count
    states_reachable: Count
    transitions: Many[str]
    transitions_missed: Many[str]
    pairs: Count
    pairs_missed: Many[Many[str]]


class StoredAccount(Stored):
    """What the run left."""

    taken: Count
    not_offered: dict[str, str]
    left: Many[str]
    pairs_left: Many[Many[str]]
    more_steps: Count


class StoredRecord(Stored):
    """The whole file."""

    format: Literal["asr-conformance run record"]
    version: Literal[1]
    program: dict[str, str]
    started: str
    seconds: float
    profile: Profile
    adapter: str
    hello: dict[str, Any]
    engine: str
    seed: int
    budget: str
    steps: Count
    items: Count
    overall: Literal[tuple(overall.value for overall in Overall)]  # type: ignore[valid-type]
    stopped: str
    left_out: Many[str]
    adapter_error: str | None
    failures: Count
    verdicts: Many[StoredVerdict]
    coverage: StoredCoverage
    account: StoredAccount
    flaky: Many[StoredFlakiness]
    counterexamples: Many[StoredCounterexample]


def read_record(path: Path) -> StoredRecord:
    """Read a run record.

    Raises:
        InvalidRecord: the file is missing, too long, no JSON, or no run record.
    """
    try:
        return StoredRecord.model_validate(read_json(path, LONGEST_RECORD))
    except Unreadable as error:
        raise InvalidRecord(str(error)) from None
    except ValidationError as error:
        raise InvalidRecord(f"{path}: no run record: {first_misfit(error)}") from None
