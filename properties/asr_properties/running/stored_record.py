"""The schema of a run record, checked when one is read: a file from elsewhere is data.

It is published as `docs/run-record.schema.json`, which `make reports` writes.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Final, Literal

from pydantic import Field, ValidationError

from asr_properties.contract.connection import first_misfit
from asr_properties.contract.messages import Many, Profile
from asr_properties.counterexamples.stored import Count, KnownRequirement, Stored, StoredCounterexample, StoredFlakiness
from asr_properties.files import Unreadable, read_json
from asr_properties.running.requirement_verdicts import Overall, Verdict

FORMAT: Final = "asr-conformance run record"
VERSION: Final = 3

LONGEST_RECORD: Final = 32 << 20
"""Bytes. It holds a few counterexamples, and lists of transitions."""


class InvalidRecord(ValueError):
    """A file is no run record; the message says what is wrong with it."""


class StoredVerdict(Stored):
    """The verdict on one requirement. open: it keeps the run from being conformant, though nothing failed. known: why
    it is a known deviation, which changes no outcome; empty where it is none."""

    requirement: KnownRequirement
    outcome: Literal[tuple(verdict.value for verdict in Verdict)]  # type: ignore[valid-type]
    by_label_only: bool
    exercised: Count
    reason: str
    open: bool
    known: str


class StoredCoverage(Stored):
    """What was covered and what was not. transitions: how often each was taken."""

    phases: Many[str]
    phases_missed: Many[str]
    states: Count
    states_reachable: Count
    transitions: dict[str, Count]
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
    """The whole file. started: an ISO time. seconds: how long it took. command: what does the run again. exit_status:
    of the command; known deviations do not count in it. known_deviations: what is to be said of them, in sentences."""

    format: Literal["asr-conformance run record"]
    version: Literal[3]
    program: dict[str, str]
    command: str
    started: str
    seconds: Annotated[float, Field(ge=0, le=1e9, allow_inf_nan=False)]
    profile: Profile
    adapter: str
    hello: dict[str, Any]
    engine: str
    seed: int
    budget: str
    steps: Count
    items: Count
    overall: Literal[tuple(overall.value for overall in Overall)]  # type: ignore[valid-type]
    exit_status: Literal[0, 1, 3, 4]
    stopped: str
    known_deviations: Many[str]
    left_out: Many[str]
    adapter_error: str | None
    failures: Count
    verdicts: Many[StoredVerdict]
    coverage: StoredCoverage
    account: StoredAccount
    flaky: Many[StoredFlakiness]
    counterexamples: Many[StoredCounterexample]


def record_schema() -> dict[str, Any]:
    """The JSON Schema of a run record, as it is published."""
    schema = StoredRecord.model_json_schema()
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **schema,
        "title": f"{FORMAT}, version {VERSION}",
    }


def read_record(path: Path) -> StoredRecord:
    """Read a run record.

    Raises:
        InvalidRecord: the file is missing, too long, no JSON, or no run record.
    """
    try:
        return record_from_json(read_json(path, LONGEST_RECORD))
    except (Unreadable, InvalidRecord) as error:
        raise InvalidRecord(str(error) if isinstance(error, Unreadable) else f"{path}: {error}") from None


def record_from_json(data: Any) -> StoredRecord:
    """The record that a JSON document is.

    Raises:
        InvalidRecord: it is none, or of another version.
    """
    if isinstance(data, dict) and data.get("format") == FORMAT and data.get("version") != VERSION:
        raise InvalidRecord(f"a run record of version {data.get('version')!r}; this program reads {VERSION}")
    try:
        return StoredRecord.model_validate(data)
    except RecursionError:
        raise InvalidRecord("no run record: nested too deeply") from None
    except ValidationError as error:
        raise InvalidRecord(f"no run record: {first_misfit(error)}") from None
