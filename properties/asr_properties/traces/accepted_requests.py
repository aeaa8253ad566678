"""The requests of an item that were accepted, by the jobs they started, and what is not known of those jobs."""

from __future__ import annotations

import copy
from collections.abc import Collection, Iterator
from typing import NamedTuple

from asr_properties.oracle.remembering_oracle import Instant
from asr_properties.traces.events import Requested
from asr_properties.traces.lookahead import Lookahead

MOST_TOLD = 100
"""Of refusals and of jobs without an end no more than these are told one by one."""


class Asked(NamedTuple):
    """An accepted request: its place among the events, and what was possible before it."""

    place: int
    before: Instant
    event: Requested


class AskedJobs:
    """Those that were asked for lately: memory must not grow with the recording."""

    def __init__(self, unit: str, lookahead: Lookahead) -> None:
        self._unit = unit
        self._lookahead = lookahead
        self._asked: dict[str, Asked] = {}
        self._without_end: list[str] = []
        self.nameless: str | None = None  # stands for the job of the last request that told none

    def copy(self) -> AskedJobs:
        """One that goes on by itself from here."""
        twin = copy.copy(self)
        twin._asked, twin._without_end = self._asked.copy(), self._without_end.copy()
        return twin

    def __contains__(self, job: object) -> bool:
        return job in self._asked

    def __getitem__(self, job: str) -> Asked:
        return self._asked[job]

    def add(self, job: str, asked: Asked) -> None:
        """Take in an accepted request."""
        self._asked[job] = asked
        if asked.event.job is None:
            self.nameless = job

    @property
    def are_many(self) -> bool:
        """Whether it is time to forget some."""
        return len(self._asked) > 2 * MOST_TOLD

    def forget(self, needed: Collection[str]) -> None:
        """Drop the oldest, but for the jobs that are `needed`."""
        for job in [job for job in self._asked if job not in needed][:MOST_TOLD]:
            self._note_end(job, self._asked.pop(job))

    def is_nameless(self, job: str) -> bool:
        """Whether this stands for the job of a request that told none."""
        return job in self._asked and self._asked[job].event.job is None

    def is_repeated(self, event: Requested, index: int) -> bool:
        """Whether this is a request that was taken in before, recorded once more: operations have ids of their own."""
        if event.job is None or event.job not in self._asked or self._lookahead.has_ended(event.job, index):
            return False
        known = self._asked[event.job].event
        return (known.operation, known.answer) == (event.operation, event.answer)

    def meant(self, job: str) -> str:
        """The job with this id; one that no request told is that of the request which told none, if there is one."""
        return job if job in self._asked or self.nameless is None else self.nameless

    def gaps(self) -> Iterator[str]:
        """A line for each job that was not seen to end."""
        twin = self.copy()
        for job, asked in self._asked.items():
            twin._note_end(job, asked)
        yield from twin._without_end

    def _note_end(self, job: str, asked: Asked) -> None:
        if self._lookahead.end_of(job) is None and len(self._without_end) <= MOST_TOLD:
            what = f"how the job of {asked.event.operation} ended was not recorded"
            more = f"and so for others after the first {MOST_TOLD}"
            line = f"{self._unit} {asked.event.number}: {what}"
            self._without_end.append(more if len(self._without_end) == MOST_TOLD else line)
