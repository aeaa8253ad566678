"""A trace: what was read from a recording, and what of it was not followed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from asr_model import profiles
from asr_properties.traces.events import TraceEvent


@dataclass(frozen=True, kw_only=True)
class Trace:
    """Everything that a recording tells of the items in it.

    source: where it comes from. profile: the lifecycle of its items. unit: what the places in it count, `line` or
    `interaction`.
    total: how many interactions (or lines) it has; skipped: how many of them gave no event, by kind. The others,
    `followed`, gave one event or, for a list of items, several.
    remarks: what was seen and has no name here, as (item, place in the source, text).
    not_followed: items whose events are not in the trace, and why.
    """

    source: str
    profile: str = profiles.DEFAULT
    unit: str = "line"
    events: tuple[TraceEvent, ...] = ()
    skipped: Counter[str] = field(default_factory=Counter)
    total: int = 0
    remarks: tuple[tuple[str, int, str], ...] = ()
    not_followed: Mapping[str, str] = field(default_factory=dict)

    @property
    def followed(self) -> int:
        """How many interactions (or lines) gave events."""
        return self.total - self.skipped.total()

    @property
    def items(self) -> tuple[str, ...]:
        """The items that there are events of, in the order they appear."""
        return tuple(dict.fromkeys(event.item for event in self.events))
