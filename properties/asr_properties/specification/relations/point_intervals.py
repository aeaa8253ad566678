"""How often recovery points of a kind are made, and what that tells of a point that is newly listed.

Where a service lists a point some time after it was created, it is listed within one interval all the same (contract
11 leaves one interval of tolerance; `points_are_not_dated_back` judges it).
"""

from __future__ import annotations

from asr_properties.evidence.step import Step

CRASH, APP = "crash_consistent", "app_consistent"
POINT_KINDS = (CRASH, APP)


def interval_of(step: Step, kind: str) -> float | None:
    """Seconds between points of a kind; None where they are off or that is not known."""
    minutes = step.settings.get("app_consistent_minutes" if kind == APP else "crash_consistent_minutes")
    return minutes * 60.0 if minutes else None


class ProcessedBefore:
    """Which record was certainly processed before a point of one kind was created.

    A look shows what has been processed, and points tell only the instants at which they were created. While points are
    made steadily, that look was at most two intervals after the newest point that it lists was created: one until the
    next is created, and one more until that is listed.
    """

    def __init__(self) -> None:
        self._looks: list[tuple[float, int]] = []

    def forget(self) -> None:
        """Points are not made steadily, or the item begins anew."""
        self._looks.clear()

    def look(self, newest: float, interval: float, processed: int) -> None:
        """While points are made steadily, one created at `newest` is the newest, and this record is processed.

        interval: seconds between points as they are made.
        """
        at_latest = newest + 2 * interval
        if self._looks and self._looks[-1][0] == at_latest:
            self._looks.pop()
        self._looks.append((at_latest, processed))
        if len(self._looks) > 2 and self._looks[1][0] < newest:
            del self._looks[0]

    def certainly(self, created: float) -> int | None:
        """The newest record that was processed before this instant for certain; None where none is known."""
        return max((processed for at_latest, processed in self._looks if at_latest < created), default=None)
