"""An item has recovery points from when it is protected on, and none before (facts 1.1 S3, 3.1; R92).

No single list contradicts that: between two looks an item may become protected. So a list of points contradicts a later
look at the same life that still shows the item before its first point. After a reprotect that may be otherwise: until
the item is protected again, points of the reverse direction may be listed (contract 11).
"""

from __future__ import annotations

from typing import NamedTuple

from asr_model.vocabulary import Answer, Operation
from asr_properties.evidence.observation import NOT_REPLICATED
from asr_properties.specification.relations.replication_policy import BEFORE_THE_FIRST
from asr_properties.traces.divergence import Difference
from asr_properties.traces.events import ItemSeen, Requested, TraceEvent, seconds_between
from asr_properties.traces.room import has_room

_APART = 60.0
"""Seconds. With two points that are so far apart, the item has not just become protected."""

_SHOWS_LATE = 900.0
"""Seconds. So much later than its first point an item may be shown as protected, where that is all that tells it."""


class FirstPoints(NamedTuple):
    """What the events of one item tell of that.

    early: the last event that tells that the item had no point yet; None where it may have had one, or has been
    reprotected. listed: the first list of points since then.
    """

    early: TraceEvent | None = None
    listed: ItemSeen | None = None

    def contradicted_by(self, event: TraceEvent) -> bool:
        """Whether a look shows that the item had no point yet, and points were listed before it."""
        is_early = isinstance(event, ItemSeen) and event.observation.phase in BEFORE_THE_FIRST
        if not is_early or self.listed is None or not self.listed.points:
            return False
        created = [point.created for point in self.listed.points]
        since = seconds_between(self.listed.at, event.at) or 0.0
        return max(created) - min(created) >= _APART or since >= _SHOWS_LATE

    def may_be_of_another_life(self, event: TraceEvent) -> bool:
        """Whether there was time to disable the item elsewhere and to enable it again, up to this event."""
        new_life = Operation.DISABLE_REPLICATION, Operation.ENABLE_REPLICATION
        return self.early is None or has_room(self.early.at, event.at, *new_life)

    def difference(self, event: ItemSeen, unit: str) -> Difference:
        """How such a look differs. unit: what places in the recording count."""
        assert self.listed is not None
        listed = f"{len(self.listed.points or ())} recovery points were listed at {unit} {self.listed.number}"
        seen = f"phase: {event.observation.phase}, after {listed}"
        return Difference(seen, ("phase: protected, as it has a recovery point",), ("R92",))

    def after(self, event: TraceEvent) -> FirstPoints:
        """What is told once an event agrees with the model."""
        match event:
            case Requested(operation=Operation.ENABLE_REPLICATION, answer=Answer.ACCEPTED):
                return FirstPoints(event)
            case Requested() if event.answer is not Answer.REFUSED:
                return FirstPoints()
            case ItemSeen(points=None, observation=seen) if seen.phase == NOT_REPLICATED:
                return FirstPoints(event)
            case ItemSeen(points=None, observation=seen) if seen.phase is not None:
                is_early = self.early is not None and seen.phase in BEFORE_THE_FIRST
                return FirstPoints(event if is_early else None)
            case ItemSeen() if event.points and self.early is not None and self.listed is None:
                return self._replace(listed=event)
        return self
