"""One action of a session, as it was done."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from asr_model.efsm import Event
from asr_model.vocabulary import Response
from asr_properties.oracle.explanation import Explanation
from asr_properties.oracle.oracle import Oracle
from asr_properties.session.actions import Action
from asr_properties.specification.evidence import UNKNOWN


class Done(NamedTuple):
    """One action as it was done: what it was, how it was answered, what it may have led to.

    event, response, kinds: as in a moment. sent: what was really sent. asked: the operation and its job, None where it
    was refused. cancelled: the job that was to be cancelled; waited_for: the job that has ended now. elapsed: the least
    and the most seconds that have passed; last_wait: before so many of them the job still ran. wrote: the record.
    """

    action: Action
    answer: str
    event: str
    response: Response | None = None
    kinds: Mapping[str, str | bool] = {}
    sent: Mapping[str, Any] = {}
    asked: tuple[Event, str | None] | None = None
    cancelled: str | None = None
    waited_for: str | None = None
    elapsed: tuple[float, float] = (0.0, 0.0)
    last_wait: float = 0.0
    wrote: int | None = None


def answered(done: Done, jobs: Mapping[str, str], asked_as: Iterable[Explanation], oracle: Oracle) -> Any:
    """How an operation was answered, its job included, which may refuse it, now or later (contract 1); UNKNOWN while
    that is open. jobs: the states of jobs, as seen after it; asked_as: what explained the answer before they were seen.
    """
    if done.response is not Response.ACCEPTED or done.asked is None:
        return done.response
    job = str(done.asked[1])
    if done.cancelled is not None or jobs.get(job) not in ("failed", "cancelled"):
        return UNKNOWN if oracle.is_open(job) else Response.ACCEPTED
    refusing = [explanation.refuses(job) for explanation in asked_as]
    return Response.REFUSED if all(refusing) else UNKNOWN if any(refusing) else Response.ACCEPTED
