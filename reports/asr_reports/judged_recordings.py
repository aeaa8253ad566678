"""What was judged of recordings, as the page shows it. As in `judged_run`, every text is fit to be shown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from asr_model.requirements import CATALOGUE
from asr_reports.walk import Walk


@dataclass(frozen=True, slots=True)
class JudgedItem:
    """An item of a recording.

    walk: its events, one a step. name: its id, with the name that people gave it. profile: None where none covers it.
    why: the reason for the verdict. exercised: requirement -> how often it was put to the test. not_exercised: those
    that such a recording could have shown. ends: the phases it may be in at the end. refusals, gaps, updates,
    departure: in words, a line each. left_out: how many events have no row.
    """

    walk: Walk
    name: str
    verdict: str
    why: str
    profile: str | None
    events: int
    agree: int
    exercised: Mapping[str, int] = field(default_factory=dict)
    not_exercised: tuple[str, ...] = ()
    ends: tuple[str, ...] = ()
    refusals: tuple[str, ...] = ()
    gaps: tuple[str, ...] = ()
    updates: tuple[str, ...] = ()
    departure: tuple[str, ...] = ()
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class JudgedRecording:
    """A recording. skipped: why entries were not followed -> which, in words. notes: gaps, and what was remarkable."""

    source: str
    followed: str
    items: tuple[JudgedItem, ...]
    skipped: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class JudgedRecordings:
    """All of them. total: how many items there are, of which the most telling ones are shown. missing: what was
    required and never exercised. not_read: why files could not be read."""

    verdict: str
    recordings: tuple[JudgedRecording, ...]
    total: int
    missing: tuple[str, ...] = ()
    not_read: tuple[str, ...] = ()

    @property
    def items(self) -> tuple[JudgedItem, ...]:
        """The items of all recordings."""
        return tuple(item for recording in self.recordings for item in recording.items)

    @property
    def headline(self) -> str:
        """The verdict in one line."""
        of = "recording" if len(self.recordings) == 1 else "recordings"
        items = "item" if self.total == 1 else "items"
        return f"{self.verdict}: {self.total} {items} of {len(self.recordings)} {of}"

    @property
    def exercised(self) -> dict[str, int]:
        """How often each requirement was put to the test, in all items that are shown."""
        found: Counter[str] = Counter()
        for item in self.items:
            found.update(item.exercised)
        return {key: found[key] for key in CATALOGUE if found[key]}
