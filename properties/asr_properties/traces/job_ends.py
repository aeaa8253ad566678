"""How the jobs of a timeline ended."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from asr_properties.traces.events import JobSeen, Requested, Time
from asr_properties.traces.timeline import Row
from asr_properties.traces.told import Message


class JobEnds:
    """Finds the end of each job among the rows of one item."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self._ends: dict[str, JobSeen] = {}
        for row in rows:
            if isinstance(row.event, JobSeen) and row.event.state != "in_progress":
                self._ends.setdefault(row.event.job, row.event)

    def end(self, job: str | None) -> JobSeen | None:
        """The event that shows the end; None where it was not recorded."""
        return None if job is None else self._ends.get(job)

    def state(self, job: str | None) -> str | None:
        """`succeeded`, `failed` or `cancelled`; None where the end was not recorded."""
        end = self.end(job)
        return None if end is None else end.state

    def messages(self, job: str | None) -> tuple[Message, ...]:
        """The errors and warnings that the job ended with."""
        end = self.end(job)
        if end is None:
            return ()
        return end.told.messages or ((Message(end.warning),) if end.warning else ())

    def in_words(self, request: Requested) -> str:
        """How the job of a request ended, where, and after how long."""
        end = self.end(request.job)
        if end is None:
            return "whose end was not recorded"
        after = _duration(request.at, end.at)
        return f"{end.state} at {end.number}{f', after {after}' if after else ''}"


def _duration(start: Time, end: Time) -> str:
    """How long it took, in minutes and seconds; empty where that is not known."""
    try:
        if isinstance(start, str) and isinstance(end, str):
            seconds = (datetime.fromisoformat(end) - datetime.fromisoformat(start)).total_seconds()
        elif isinstance(start, int | float) and isinstance(end, int | float):
            seconds = end - start
        else:
            return ""
    except (ValueError, TypeError):
        return ""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"
