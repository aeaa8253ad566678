"""A trace: what was read from a recording, and what of it was not followed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from asr_properties.traces.events import TraceEvent


@dataclass(frozen=True, kw_only=True)
class Trace:
    """Everything that a recording tells of the items in it.

    source: where it comes from. profile: the lifecycle of its items that do not tell theirs, None where nothing tells.
    unit: what the places in it count, `line` or `interaction`.
    events: in the order of time; those of a file are read as they are asked for, anew each time.
    total: how many interactions it has; skipped: how many of them gave no event, by kind. The others, `followed`, gave
    one event or, for lists, several. None: each event is one line, and they were not counted.
    remarks: what was seen and has no name here, as (item, place in the source, text); more_remarks: how many more there
    are, by item.
    told_profiles: the lifecycles of items that tell theirs elsewhere than in their events.
    not_followed: items whose events are not in the trace, and why. gaps: what is not known of the recording as a whole.
    doubts: items that cannot be said to depart from the model from some place on, as (that place, why).
    """

    source: str
    profile: str | None = None
    unit: str = "line"
    events: Iterable[TraceEvent] = ()
    skipped: Counter[str] = field(default_factory=Counter)
    total: int | None = None
    remarks: tuple[tuple[str, int, str], ...] = ()
    more_remarks: Mapping[str, int] = field(default_factory=dict)
    told_profiles: Mapping[str, str] = field(default_factory=dict)
    not_followed: Mapping[str, str] = field(default_factory=dict)
    gaps: tuple[str, ...] = ()
    doubts: Mapping[str, tuple[int, str]] = field(default_factory=dict)

    @property
    def items(self) -> tuple[str, ...]:
        """The items that there are events of, in the order they appear."""
        return tuple(dict.fromkeys(event.item for event in self.events))
