"""What the whole recording tells about one request: how its job ended, what it asked for in the model's words.

A recording is complete when it is judged, so what came later may be used where a live run would have to wait.
"""

from __future__ import annotations

from asr_model.efsm import Efsm, Event
from asr_model.vocabulary import Operation, Response
from asr_properties.traces.events import JobSeen, Looked, Requested, TraceEvent

POINT_OPTIONS = ("latest", "latest_processed", "latest_app_consistent")


class Hindsight:
    """Looks things up in all events of one item."""

    def __init__(self, efsm: Efsm, events: tuple[TraceEvent, ...]) -> None:
        self._efsm = efsm
        self._ends: dict[str, tuple[int, str]] = {}  # job -> the first event that shows it ended, and how
        for index, event in enumerate(events):
            if isinstance(event, JobSeen) and event.state != "in_progress":
                self._ends.setdefault(event.job, (index, event.state))
        self._cancelled = {
            dict(event.arguments).get("job")
            for event in events
            if isinstance(event, Requested) and event.answer is Response.ACCEPTED
        }
        self._last_sign_of_rest = max((i for i, event in enumerate(events) if self._is_sign_of_rest(event)), default=-1)

    def end_of(self, job: str | None) -> str | None:
        """`succeeded`, `failed` or `cancelled`; None if the end of the job was not recorded."""
        return self._ends[job][1] if job in self._ends else None

    def has_ended(self, job: str, index: int) -> bool:
        """Whether the job was seen to have ended before the event with this index."""
        return job in self._ends and self._ends[job][0] < index

    def must_have_failed(self, job: str, index: int) -> bool:
        """Whether the job of the request with this index must have failed if it was a refusal, but is not seen to:
        it succeeded, or the item is seen at rest later or goes on to another operation."""
        end = self.end_of(job)
        return end == "succeeded" or (end is None and self._last_sign_of_rest > index)

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
        return "unknown" if event.answer is Response.REFUSED or fails else "listed"

    def _is_sign_of_rest(self, event: TraceEvent) -> bool:
        if isinstance(event, Looked):
            phase = event.observation.phase
            return phase is not None and self._efsm.phases[phase].steady
        return isinstance(event, Requested) and event.answer is Response.ACCEPTED
