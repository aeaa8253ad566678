"""The accepted requests of an item, by the jobs that they started."""

from __future__ import annotations

import copy
from collections.abc import Collection, Iterator
from typing import NamedTuple

from asr_properties.oracle.remembering_oracle import Instant
from asr_properties.traces.events import Requested
from asr_properties.traces.lookahead import Lookahead, stand_in_for_job
from asr_properties.traces.trace_verdicts import MOST_TOLD


class AcceptedRequest(NamedTuple):
    """An accepted request. place: its number among the events of the item. before: what the oracle believed then."""

    place: int
    before: Instant
    event: Requested


class AcceptedRequests:
    """The latest accepted requests; older ones are forgotten, so that memory does not grow with the recording.

    unit: what the places in the recording count. unidentified: what stands for the job of the last request whose job
    was recorded without an id.
    """

    def __init__(self, unit: str, lookahead: Lookahead) -> None:
        self._unit = unit
        self._lookahead = lookahead
        self._by_job: dict[str, AcceptedRequest] = {}
        self._without_end: list[str] = []
        self.unidentified: str | None = None

    def copy(self) -> AcceptedRequests:
        """A copy that goes on by itself from here."""
        twin = copy.copy(self)
        twin._by_job, twin._without_end = self._by_job.copy(), self._without_end.copy()
        return twin

    def __contains__(self, job: object) -> bool:
        return job in self._by_job

    def __getitem__(self, job: str) -> AcceptedRequest:
        return self._by_job[job]

    def add(self, job: str, request: AcceptedRequest) -> None:
        """Take in an accepted request. The jobs of refusals that are still to be seen are never forgotten."""
        self._by_job[job] = request
        if request.event.job is None:
            self.unidentified = job
        if len(self._by_job) > 2 * MOST_TOLD:
            needed = {refusing.job for e in request.before.explanations for refusing in e.refusing} | {job}
            self._forget(needed)

    def _forget(self, needed: Collection[str]) -> None:
        for job in [job for job in self._by_job if job not in needed][:MOST_TOLD]:
            self._note_missing_end(job, self._by_job.pop(job))

    def since(self, place: int) -> list[tuple[str, AcceptedRequest]]:
        """Those from this place on, each with its job."""
        return [(job, request) for job, request in self._by_job.items() if request.place >= place]

    def is_unidentified(self, job: str) -> bool:
        """Whether this stands for the job of a request that was recorded without the job's id."""
        return job in self._by_job and self._by_job[job].event.job is None

    def is_repeated(self, event: Requested, index: int) -> bool:
        """Whether this is an earlier request that was recorded twice: each request starts an operation of its own."""
        if event.job is None or event.job not in self._by_job or self._lookahead.has_ended(event.job, index):
            return False
        earlier = self._by_job[event.job].event
        return (earlier.operation, earlier.answer) == (event.operation, event.answer)

    def meant(self, job: str) -> str:
        """The job that an id names. An id that no request told belongs to the request that told none, if any."""
        return job if job in self._by_job or self.unidentified is None else self.unidentified

    def gaps(self) -> Iterator[str]:
        """A line for each job whose end was not recorded."""
        twin = self.copy()
        for job, request in self._by_job.items():
            twin._note_missing_end(job, request)
        yield from twin._without_end

    def _note_missing_end(self, job: str, request: AcceptedRequest) -> None:
        if self._lookahead.end_of(job) is None and len(self._without_end) <= MOST_TOLD:
            what = f"how the job of {request.event.operation} ended was not recorded"
            more = f"and so for others after the first {MOST_TOLD}"
            line = f"{self._unit} {request.event.number}: {what}"
            self._without_end.append(more if len(self._without_end) == MOST_TOLD else line)


def job_of(index: int, event: Requested) -> str:
    """The id of the job that a request started; where none was recorded, a name that stands for it."""
    return event.job if event.job is not None else stand_in_for_job(index)
