"""What recurs in the declared properties: how an operation was answered, how a failback comes back."""

from __future__ import annotations

ACCEPTED = "response == 'accepted'"
UNIMPAIRED = "'impaired' not in surroundings"

CANCELLED = "was_phase == 'cancelling_failback' and phase == 'reverse_protected'"
"""A cancel of a planned failover has succeeded."""
REVERTED = "was_phase in ('failing_back', 'reverting_failback') and phase == 'reverse_protected'"
"""The service has reverted a planned failover that failed."""
RESTORED = f"({CANCELLED} or {REVERTED})"
"""What was there before a planned failover is there again, by either way."""


def accepted(operation: str) -> str:
    """This operation is accepted."""
    return f"event == {operation!r} and {ACCEPTED}"


def refused(operation: str) -> str:
    """This operation is refused."""
    return f"event == {operation!r} and response == 'refused'"
