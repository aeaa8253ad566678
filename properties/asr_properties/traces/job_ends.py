"""How the jobs of a timeline ended."""

from __future__ import annotations

from collections.abc import Iterable

from asr_properties.traces.events import JobSeen, Requested, Time, seconds_between
from asr_properties.traces.timeline import Row
from asr_properties.traces.told import Message


class JobEnds:
    """Finds the end of the job of each request among the rows of one item.

    It is the first end that was seen after the request: an id that is used again tells of another job. Where the job
    was seen to end before its request only, as the order of the rows is not always certain, it is that end.
    """

    def __init__(self, rows: Iterable[Row]) -> None:
        self._ends: dict[int, JobSeen] = {}  # by the place of the request
        asked: dict[str, list[int]] = {}
        early: dict[str, JobSeen | None] = {}  # None: of a job that was asked for
        for row in rows:
            match row.event:
                case Requested(job=str(job), number=number):
                    asked.setdefault(job, []).append(number)
                    if (end := early.get(job)) is not None:
                        self._ends[number] = end
                    early[job] = None
                case JobSeen(job=job, state=state) as end if state != "in_progress":
                    self._ends |= {number: end for number in asked.pop(job, ()) if number not in self._ends}
                    early.setdefault(job, end)

    def end(self, request: Requested) -> JobSeen | None:
        """The event that shows the end of a request's job; None where it was not recorded."""
        return self._ends.get(request.number)

    def state(self, request: Requested) -> str | None:
        """`succeeded`, `failed` or `cancelled`; None where the end was not recorded."""
        end = self.end(request)
        return None if end is None else end.state

    def messages(self, request: Requested) -> tuple[Message, ...]:
        """The errors and warnings that the job ended with."""
        end = self.end(request)
        if end is None:
            return ()
        return end.told.messages or ((Message(end.warning),) if end.warning else ())

    def in_words(self, request: Requested) -> str:
        """How the job of a request ended, where, and after how long."""
        end = self.end(request)
        if end is None:
            return "whose end was not recorded"
        after = _duration(request.at, end.at)
        return f"{end.state} at {end.number}{f', after {after}' if after else ''}"


def _duration(start: Time, end: Time) -> str:
    """How long it took, in minutes and seconds; empty where that is not known, or the order of the two is not."""
    seconds = seconds_between(start, end)
    if seconds is None or seconds < 0:
        return ""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"
