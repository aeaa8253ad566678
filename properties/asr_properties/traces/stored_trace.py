"""The schema of what `trace --json` writes, checked when it is read: a file from elsewhere is data.

It is published as `docs/trace-record.schema.json`, which `make reports` writes; docs/verdicts.md describes the keys.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final, Literal

from pydantic import Field, ValidationError

from asr_properties.contract.connection import first_misfit
from asr_properties.contract.messages import Many, Profile
from asr_properties.counterexamples.stored import KnownRequirement, Stored
from asr_properties.files import Unreadable, read_json
from asr_properties.traces.timeline import Fate
from asr_properties.traces.trace_record import FORMAT, VERSION
from asr_properties.traces.trace_verdicts import Conformance

LONGEST_TRACE: Final = 256 << 20
"""Bytes. A timeline has 20,000 events a recording at most, of about a kilobyte each."""


class InvalidTrace(ValueError):
    """A file is no record of recordings; the message says what is wrong with it."""


class StoredMessage(Stored):
    """An error or a warning of the service."""

    code: str
    text: str


class StoredJobEnd(Stored):
    """How the job of a request ended."""

    state: str
    entry: int
    time: str | None


class StoredModel(Stored):
    """What the model took an event for."""

    verdict: Literal[tuple(fate.value for fate in Fate)]  # type: ignore[valid-type]
    phases: Many[str]
    missing_before: str | None


class StoredEvent(Stored):
    """An event of a timeline. Which of the keys it has is decided by `event`."""

    entry: int
    time: str | None
    request: str | None
    status: int | None
    messages: Many[StoredMessage]
    model: StoredModel
    event: Literal["request", "job", "look", "recovery_points"]
    operation: str | None = None
    arguments: dict[str, Any] | None = None
    answer: str | None = None
    job: str | None = None
    job_ended: StoredJobEnd | None = None
    job_messages: Many[StoredMessage] | None = None
    scenario: str | None = None
    state: str | None = None
    service_state: str | None = None
    shown: dict[str, Any] | None = None
    recovery_points: Many[dict[str, Any]] | None = None


class StoredExercised(Stored):
    """A requirement that was put to the test."""

    requirement: KnownRequirement
    times: int
    sentence: str


class StoredNotExercised(Stored):
    """A requirement that such a recording could have shown."""

    requirement: KnownRequirement
    sentence: str


class StoredRefusal(Stored):
    """A request that was refused, and what requires that."""

    entry: int
    operation: str
    required_by: Many[str]


class StoredPossible(Stored):
    """Where the item could be before it departed, and what that allows."""

    phase: str
    allows: Many[str]


class StoredContinuation(Stored):
    """The nearest legal way on."""

    start: str = Field(alias="from")
    steps: Many[str]
    to: str


class StoredDivergence(Stored):
    """Where an item departs from the model."""

    entry: int
    time: str | None
    event: str
    seen: str
    allowed: Many[str]
    possible_before: Many[StoredPossible]
    nearest_legal_continuation: StoredContinuation | None
    requirements: Many[str]
    properties: Many[str]


class StoredUpdate(Stored):
    """An update of settings."""

    entry: int
    changes: dict[str, Any]
    state: str


class StoredItem(Stored):
    """An item of a recording."""

    item: str
    friendly_name: str | None
    profile: Profile | None
    verdict: Literal[tuple(c.value for c in Conformance)]  # type: ignore[valid-type]
    why: str
    events: int
    events_that_agree: int
    exercised: Many[StoredExercised]
    not_exercised: Many[StoredNotExercised]
    phases_at_the_end: Many[str]
    refusals: Many[StoredRefusal]
    gaps: Many[str]
    divergence: StoredDivergence | None
    timeline: Many[StoredEvent]
    updates: Many[StoredUpdate]
    events_without_a_row: int


class StoredPart(Stored):
    """A file of several that were joined."""

    file: str
    first: int
    last: int


class StoredSkipped(Stored):
    """Entries that were not followed, and why."""

    why: str
    count: int
    entries: Many[Many[int]]


class StoredRemark(Stored):
    """Something to know of an entry."""

    item: str | None
    entry: int | None
    text: str


class StoredRecording(Stored):
    """A recording."""

    source: str
    files: Many[StoredPart]
    unit: str
    entries: int | None
    skipped: Many[StoredSkipped]
    gaps: Many[str]
    remarks: Many[StoredRemark]
    items: Many[StoredItem]


class StoredTrace(Stored):
    """The whole file."""

    format: Literal["asr-conformance trace"]
    version: Literal[1]
    verdict: Literal[tuple(c.value for c in Conformance)]  # type: ignore[valid-type]
    required_and_not_exercised: Many[str]
    not_read: Many[str]
    recordings: Many[StoredRecording]


def trace_schema() -> dict[str, Any]:
    """The JSON Schema of a record of recordings, as it is published."""
    schema = StoredTrace.model_json_schema()
    title = f"{FORMAT}, version {VERSION}"
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "title": title}


def read_trace(path: Path) -> StoredTrace:
    """Read what `trace --json` wrote.

    Raises:
        InvalidTrace: the file is missing, too long, no JSON, or no record of recordings.
    """
    try:
        return trace_from_json(read_json(path, LONGEST_TRACE))
    except (Unreadable, InvalidTrace) as error:
        raise InvalidTrace(str(error) if isinstance(error, Unreadable) else f"{path}: {error}") from None


def trace_from_json(data: Any) -> StoredTrace:
    """The record that a JSON document is.

    Raises:
        InvalidTrace: it is none, or of another version.
    """
    try:
        return StoredTrace.model_validate(data)
    except RecursionError:
        raise InvalidTrace("no record of recordings: nested too deeply") from None
    except ValidationError as error:
        raise InvalidTrace(f"no record of recordings: {first_misfit(error)}") from None
