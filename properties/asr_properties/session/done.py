"""One action of a session, as it was done."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from asr_model.efsm import Event
from asr_model.vocabulary import Response
from asr_properties.session.actions import Action


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
