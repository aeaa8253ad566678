"""Which recovery points are of a committed failover by their dates: those made before it.

From a failover on no point towards Azure is made until a reprotect towards Azure, and then a new set starts (R32, R40;
facts 1.1, S4). Only recordings tell the time as the service does, and only roughly.
"""

from __future__ import annotations

from math import inf

from asr_properties.contract.messages import RecoveryPoint
from asr_properties.evidence.step import Step
from asr_properties.evidence.unknown import UNKNOWN

_NO_POINT_IS_MADE = frozenset({"failed_over", "changing_recovery_point", "committing_failover"})
_COMMITTED = frozenset({"failover_committed", "reprotecting_to_on_premises", "reverse_initial_replication"})

_AN_HOUR = 3600.0
"""Seconds. A list of points shows that their dates are the recording's if its newest one is not older than this."""


class FormerDates:
    """Takes in the steps of one item."""

    def __init__(self) -> None:
        self._failed_over = -inf  # the earliest time that the clock can have shown when the item was last seen so
        self._committed = -inf  # the same, once that failover is committed
        self._are_told: bool | None = None  # whether points have dates by the clock of the recording

    def take(self, step: Step) -> None:
        """Take in the next step."""
        earliest, latest = step.clock or (-inf, inf)
        if earliest == -inf:
            return
        if step.now.recovery_points is not UNKNOWN and step.now.listed and self._are_told is not False:
            newest = max(point.created for point in step.now.listed)
            if newest > latest:
                self._are_told = False
            elif newest >= earliest - _AN_HOUR:
                self._are_told = True
        phase = step.agreed.phase
        if phase == "not_replicated":
            self._failed_over = self._committed = -inf
        elif phase in _NO_POINT_IS_MADE:
            self._failed_over = max(self._failed_over, earliest)
        elif phase in _COMMITTED:
            self._committed = self._failed_over = max(self._failed_over, earliest)
        elif phase == "reverse_protected":  # reprotected, which commits; from here on points may be made
            self._committed = self._failed_over

    def are_before_commit(self, point: RecoveryPoint) -> bool:
        """Whether a point was certainly made before a failover that has been committed."""
        return self._are_told is True and 0 < point.created < self._committed
