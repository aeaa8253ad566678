"""What recovery plans were asked for. A plan asks its items for it, and the request does not name these (facts 6)."""

from __future__ import annotations

from typing import NamedTuple

from asr_model.vocabulary import Operation
from asr_properties.traces.events import Time, TraceEvent, seconds_between


class PlanRequest(NamedTuple):
    """A request to a recovery plan in the vault of an item.

    number: its place in the recording. operation: what it asks its items for. what: told to the user.
    """

    number: int
    at: Time
    operation: Operation
    what: str

    def is_between(self, earlier: TraceEvent, later: TraceEvent) -> bool:
        """Whether it was made between these, by their times; by their places, where one has none."""
        since, until = seconds_between(earlier.at, self.at), seconds_between(self.at, later.at)
        if since is None or until is None:
            return earlier.number < self.number < later.number
        return since >= 0 and until >= 0

    def in_words(self, unit: str) -> str:
        """What it may have asked an item for. unit: what places in the recording count."""
        return f"{self.operation} may be what {unit} {self.number} asked for: {self.what}"
