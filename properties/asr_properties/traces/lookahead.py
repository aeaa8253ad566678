"""What was recorded later tells about a request: how its job ended, what it asked for in the model's words.

A recording was complete when it is judged, so what came later may be used where a live run would have to wait. It is
read ahead up to a bound, so that memory does not depend on its length.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import Any

from asr_model import profiles
from asr_model.efsm import Event
from asr_model.vocabulary import Answer, Operation
from asr_properties.traces.events import ItemSeen, JobSeen, Requested, TraceEvent

POINT_OPTIONS = ("latest", "latest_processed", "latest_app_consistent")

LOOK_AHEAD = 20_000
"""How many events of a recording are read ahead. A job whose end comes later is taken to have no end that was seen."""


class Lookahead:
    """Looks things up in what was recorded of one item, some way back and ahead."""

    def __init__(self) -> None:
        self.is_complete = False  # whether nothing comes after what was events_read
        self.instances: dict[str, None] = {}  # the `instanceType`s seen
        self.events_read = 0  # how many events were
        self._ends: OrderedDict[str, tuple[int, str]] = OrderedDict()  # job -> the event that shows it ended, and how
        self._cancelled: OrderedDict[object, None] = OrderedDict()  # jobs that somebody asked to cancel
        self._last_job: str | None = None  # of the last accepted request
        self._last_sign_of_rest = -1

    def read(self, event: TraceEvent) -> None:
        """Take in the next event of the item, before it is followed."""
        index, self.events_read = self.events_read, self.events_read + 1
        match event:
            case JobSeen():
                if event.state != "in_progress" and event.job not in self._ends:
                    self._ends[event.job] = (index, event.state)
                    _forget(self._ends)
            case Requested() if event.answer is not Answer.REFUSED:
                if event.answer is Answer.ACCEPTED and (event.job is None or event.job != self._last_job):
                    self._last_job = event.job
                    self._last_sign_of_rest = index
                if event.operation is Operation.CANCEL_JOB:
                    self._cancelled[dict(event.arguments).get("job")] = None
                    _forget(self._cancelled)
            case ItemSeen(observation=observation):
                if observation.phase in _STEADY:
                    self._last_sign_of_rest = index
                if observation.profile_instance is not None:
                    self.instances[observation.profile_instance] = None

    def end_of(self, job: str | None) -> str | None:
        """`succeeded`, `failed` or `cancelled`; None if the end of the job was not recorded."""
        return self._ends[job][1] if job is not None and job in self._ends else None

    def has_ended(self, job: str, index: int) -> bool:
        """Whether the job was seen to have ended before the event with this index."""
        return job in self._ends and self._ends[job][0] < index

    def must_have_failed(self, job: str, index: int) -> bool:
        """Whether the job of the request with this index must have failed if it was a refusal, but is not seen to:
        it succeeded, or the item is seen at rest later or goes on to another operation."""
        end = self.end_of(job)
        return end == "succeeded" or (end is None and self.is_complete and self._last_sign_of_rest > index)

    def in_model_words(self, event: Requested, index: int, in_use: str | None) -> Event:
        """The request as an event of the model; `in_use` is the recovery point the item failed over to, if known.

        Whether an id names a listed point is not recorded: it does if the request is accepted, it need not if not.
        Of arguments that were not recorded the reading is taken that allows most.
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
        if not changing and (named is None or named in POINT_OPTIONS):
            return str(named or "latest")
        if changing and named is not None and named == in_use:
            return "in_use"
        # A job that is cancelled though nobody asked for it was a refusal, and so was a change whose job fails: it has
        # no other way to fail. A failover or drill whose job fails may have begun.
        end = self.end_of(event.job)
        fails = (changing and end == "failed") or (end == "cancelled" and event.job not in self._cancelled)
        return "unknown" if event.answer is Answer.REFUSED or fails else "listed"


_STEADY = frozenset(
    phase for name in profiles.CHARTS for phase, facts in profiles.efsm(name).phases.items() if facts.steady
)


def _forget(known: OrderedDict[Any, Any]) -> None:
    """Drop what is oldest: it is further back than anything asks about."""
    if len(known) > 2 * LOOK_AHEAD:
        known.popitem(last=False)
