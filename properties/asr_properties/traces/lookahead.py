"""Looks ahead in a recording: how a job ended, and which event of the model a request is.

A recording is complete before it is judged. So later events can tell what a live run would have to wait for. They are
read ahead up to a bound, so that memory does not depend on the length of the recording.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import Any

from asr_model import profiles
from asr_model.efsm import Event
from asr_model.vocabulary import ARGUMENTS, Answer, Operation
from asr_properties.arm.tokens import WITHOUT_EFFECT
from asr_properties.traces.events import ItemSeen, JobSeen, Requested, TraceEvent

_POINT_OPTIONS = frozenset(ARGUMENTS[Operation.FAIL_OVER]["recovery_point"]) - frozenset(
    ARGUMENTS[Operation.CHANGE_RECOVERY_POINT]["recovery_point"]
)
"""The points that are named by an option instead of an id: change_recovery_point takes ids only."""

LOOK_AHEAD = 20_000
"""How many events of a recording are read ahead. A job that ends later counts as one whose end was not seen."""

ALL_OTHERS = 3
"""So many other jobs a recording must show the end of, and of all others, before a job that it never shows tells
something: whoever followed all the others had nothing to follow there."""

_STEADY = frozenset(
    phase for name in profiles.CHARTS for phase, facts in profiles.efsm(name).phases.items() if facts.steady
)


class Lookahead:
    """What the events of one item tell, from some way back to some way ahead.

    is_complete: whether all events of the item were read. instances: the `instanceType`s seen. events_read: how many
    events were read. shows_effects: whether the item or a job was looked at.
    """

    def __init__(self) -> None:
        self.is_complete = False
        self.instances: dict[str, None] = {}
        self.events_read = 0
        self.shows_effects = False
        self._ends: OrderedDict[str, tuple[int, str]] = OrderedDict()  # job -> the event that shows it ended, and how
        self._idle: OrderedDict[str, None] = OrderedDict()  # jobs that told that they had no effect
        self._cancelled: OrderedDict[object, None] = OrderedDict()  # jobs that somebody asked to cancel
        self._open: OrderedDict[str, None] = OrderedDict()  # jobs of accepted requests, until they are seen to end
        self._running: OrderedDict[str, None] = OrderedDict()  # jobs that were seen, until they are seen to end
        self._followed = 0  # how many jobs of accepted requests were seen to end
        self._last_at_rest = -1

    def read(self, event: TraceEvent) -> None:
        """Take in the next event of the item. It is followed later."""
        index, self.events_read = self.events_read, self.events_read + 1
        self.shows_effects = self.shows_effects or not isinstance(event, Requested)
        match event:
            case JobSeen():
                if event.state == "in_progress":
                    self._running[event.job] = None
                    _forget(self._running)
                elif event.job not in self._ends:
                    self._ends[event.job] = (index, event.state)
                    _forget(self._ends)
                    if event.warning == WITHOUT_EFFECT:
                        self._idle[event.job] = None
                        _forget(self._idle)
                    self._running.pop(event.job, None)
                    if event.job in self._open:
                        self._followed += 1
                        del self._open[event.job]
            case Requested() if event.answer is not Answer.REFUSED:
                if event.answer is Answer.ACCEPTED and event.operation is not Operation.CANCEL_JOB:
                    self._begins(event.job or stand_in_for_job(index))
                if event.operation is Operation.CANCEL_JOB:
                    self._cancelled[dict(event.arguments).get("job")] = None
                    _forget(self._cancelled)
            case ItemSeen(observation=observation):
                if observation.phase in _STEADY:
                    self._last_at_rest = index
                if observation.profile_instance is not None:
                    self.instances[observation.profile_instance] = None

    def end_of(self, job: str | None) -> str | None:
        """`succeeded`, `failed` or `cancelled`; None if the end of the job was not recorded."""
        return self._ends[job][1] if job is not None and job in self._ends else None

    def has_ended(self, job: str, index: int) -> bool:
        """Whether the job was seen to have ended before the event with this index."""
        return job in self._ends and self._ends[job][0] < index

    def had_no_effect(self, job: str) -> bool:
        """Whether the job was seen to end with the warning that it had no effect."""
        return job in self._idle

    def lacks_failure(self, job: str, index: int) -> bool:
        """Whether the request with this index cannot be taken for a refusal: its job would have been seen to fail.

        The job succeeded. Or the recording shows the ends of all other jobs, of this one nothing, and the item at rest
        later.
        """
        if (end := self.end_of(job)) is not None:
            return end == "succeeded"
        is_followed = self._followed >= ALL_OTHERS and not self._open.keys() - {job}
        return self.is_complete and is_followed and job not in self._running and self._last_at_rest > index

    def _begins(self, job: str) -> None:
        if job in self._ends:
            self._followed += 1
        else:
            self._open[job] = None
            _forget(self._open)

    def in_model_words(self, event: Requested, index: int, in_use: str | None) -> Event:
        """The request as an event of the model.

        Recordings do not tell whether an id names a listed recovery point. It does if the request is accepted; if it is
        refused, it may not. For an argument that was not recorded, the value is taken with which the answer is allowed
        most widely.

        in_use: the recovery point that the item failed over to, if known.
        """
        given = dict(event.arguments)
        operation = event.operation
        point = self._point_kind(event, given.get("recovery_point"), in_use)
        match operation:
            case Operation.FAIL_OVER:
                shutdown = given.get("shut_down_source", True)
                return Event(operation, (("recovery_point", point), ("shut_down_source", shutdown)))
            case Operation.TEST_FAILOVER | Operation.CHANGE_RECOVERY_POINT:
                return Event(operation, (("recovery_point", point),))
            case Operation.PLANNED_FAILOVER:
                kind = given.get("recovery_point_type", "app_consistent")
                return Event(operation, (("recovery_point_type", kind),))
            case Operation.CANCEL_JOB:
                ended = self.has_ended(str(given.get("job")), index)
                return Event(operation, (("job", "ended" if ended else "running"),))
        return Event(operation)

    def _point_kind(self, event: Requested, named: str | bool | None, in_use: str | None) -> str:
        changing = event.operation is Operation.CHANGE_RECOVERY_POINT
        if not changing and named is None:
            return "unknown" if event.answer is Answer.REFUSED else "latest"
        if not changing and named in _POINT_OPTIONS:
            return str(named)
        if changing and named is not None and named == in_use:
            return "in_use"
        # A job that is cancelled without a request to cancel it was a refusal. So was a change whose job fails, as a
        # change has no other way to fail. A failover or drill whose job fails may have begun.
        end = self.end_of(event.job)
        fails = (changing and end == "failed") or (end == "cancelled" and event.job not in self._cancelled)
        return "unknown" if event.answer is Answer.REFUSED or fails else "listed"


def stand_in_for_job(index: int) -> str:
    """What stands for the id of the job that the event with this index started."""
    return f"the job of event {index}"


def _forget(known: OrderedDict[Any, Any]) -> None:
    """Drop the oldest entry. Nothing asks about events so far back."""
    if len(known) > 2 * LOOK_AHEAD:
        known.popitem(last=False)
