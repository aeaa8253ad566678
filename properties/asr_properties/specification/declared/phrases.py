"""What recurs in the declared properties: how an operation was answered, how a failback comes back."""

from __future__ import annotations

ACCEPTED = "response == 'accepted'"
UNIMPAIRED = "'impaired' not in surroundings"

FAILED_OVER = "phase == 'failed_over' and (was_phase == 'failing_over' or event == 'fail_over')"
"""A failover to Azure has succeeded, be it in no time."""
CANCELLED = (
    "phase == 'reverse_protected' "
    "and (was_phase == 'cancelling_failback' or was_phase == 'failed_back' and event == 'cancel_failover')"
)
"""A cancel of a planned failover has succeeded, be it in no time."""
FAILED_BACK = "phase == 'failed_back' and (was_phase == 'failing_back' or event == 'planned_failover')"
"""A planned failover has succeeded, be it in no time."""
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


FAILBACK_BEGINS = f"{accepted('fail_over')} and was_phase == 'reverse_protected'"
"""A failback by a failover in the reverse direction begins."""
