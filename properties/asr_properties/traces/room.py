"""Whether there was time for what is not in a recording.

How long an operation takes is known by an order of magnitude only, so that a tenth of what was recorded must fit in.
"""

from __future__ import annotations

from asr_model.vocabulary import Operation
from asr_properties.arm.operations import OPERATIONS
from asr_properties.traces.events import Time, seconds_between

LEAST_SHARE = 0.1
"""Of the recorded duration of an operation: so long must there have been for it (facts A10)."""


def has_room(start: Time, end: Time, *operations: Operation) -> bool:
    """Whether these may have been done in between: there was time for them, or nothing tells how long it was."""
    between = seconds_between(start, end)
    return between is None or between >= LEAST_SHARE * sum((OPERATIONS[one].minutes or 0) * 60 for one in operations)
