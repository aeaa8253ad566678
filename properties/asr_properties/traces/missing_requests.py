"""Which requests an item's recording lacks so far, and whether what was seen afterwards bears that out."""

from __future__ import annotations

from collections.abc import Sequence

from asr_model.vocabulary import Answer
from asr_properties.traces.events import ItemSeen, JobSeen, Requested, Time, TraceEvent, is_long_before, seconds_between
from asr_properties.traces.plan_requests import PlanRequest
from asr_properties.traces.trace_verdicts import Divergence
from asr_properties.traces.unrecorded import Gap, is_a_cancel, last_asked, may_stay_in, operations_of


class MissingRequests:
    """Takes in the events of one item. unit: what the places in the recording count. plans: what was asked of recovery
    plans that may have the item.

    lines: what is missing and where, a line each. first: the first event that they explain.
    """

    def __init__(self, unit: str, plans: Sequence[PlanRequest] = ()) -> None:
        self.lines: tuple[str, ...] = ()
        self.first: Divergence | None = None
        self._unit = unit
        self._plans = plans
        self._last: TraceEvent | None = None  # the last one with a time
        self._since: Time = None  # from when on a request may have followed it
        self._unconfirmed: Divergence | None = None  # what was explained last, until a look confirms it
        self._looked_like: tuple[str | None, ...] | None = None  # before that
        self._gap: Gap | None = None  # the last one
        self._was_changed = False  # by a job that was seen to succeed since the last look
        self._told: dict[str, Time] = {}  # when operations were last asked for
        self._refused_since_look: frozenset[str] = frozenset()

    def note(self, event: TraceEvent, *, is_known: bool = True) -> None:
        """An event was followed. is_known: it is none of a job that nothing else was recorded of: that tells nothing of
        where the item is."""
        if is_known and (event.at is not None or self._last is None):
            self._since = _time_of(event, self._since)
            self._last = event
        match event:
            case ItemSeen():
                self._refused_since_look = frozenset()
                self._told |= last_asked(event)
            case Requested(answer=Answer.REFUSED):
                self.was_refused(event)
            case JobSeen(state="succeeded"):
                self._was_changed = True

    def was_refused(self, event: Requested) -> None:
        """An operation was asked for and not carried out."""
        self._refused_since_look |= {event.operation}

    def explaining(self, divergence: Divergence) -> Gap | None:
        """Where the requests were made that explain a divergence; None if none do. They are taken to be missing."""
        if self._last is None or self._unconfirmed is not None:
            return None
        known = self._refused_since_look, self._told, self._plans
        gap = Gap(self._last, self._since, divergence.event, self._unit, *known)
        line = gap.missing(divergence)
        if not line:
            return None
        self.first = self.first or divergence
        self._unconfirmed, self._gap = divergence, gap
        self.lines = (*self.lines, line)
        return gap

    def confirmed_by(self, event: TraceEvent, divergence: Divergence | None, phase: str | None) -> Divergence | None:
        """A look confirms the requests that were taken to be missing. What contradicts them shows that there were none,
        and so does an item that looks as it did before them, unless they undid what a job did, or it undid them.

        divergence: of this event. phase: the only one that is possible now, if any. Gives the divergence that there is.
        """
        looks_like = None
        if isinstance(event, ItemSeen) and event.points is None:
            seen = event.observation
            phase = seen.phase or phase  # a token that has no name here may leave one phase only
            if divergence is None and event.scenario_elsewhere is not None:
                self._unconfirmed = None  # it names the job of what is missing
            looks_like = None if phase is None else (phase, seen.drill, seen.failover_recovery_point)
            if self._unconfirmed is not None and may_stay_in(phase, self._unconfirmed):
                self._looked_like = None
        is_as_before = looks_like is not None and looks_like == self._looked_like and not self._may_be_undone
        if self._unconfirmed is not None and (divergence is not None or is_as_before):
            was_told = divergence is not None and is_a_cancel(self._unconfirmed)  # by the job that ended so
            return divergence if was_told else self._unconfirmed
        if looks_like is not None:
            self._unconfirmed, self._looked_like, self._was_changed = None, looks_like, False
        return divergence

    @property
    def _may_be_undone(self) -> bool:
        """Whether a job has succeeded since the last look, and there was ample time for the missing requests: then the
        one may have undone the other, and that the item looks as before tells nothing."""
        if not self._was_changed or self._gap is None or self._unconfirmed is None:
            return False
        return self._gap.has_ample_room_for(operations_of(self._unconfirmed))

    @property
    def unlikely(self) -> Divergence | None:
        """A refusal that is explained by a missing request, or a request that is explained by two of them, where no
        look afterwards confirms it. Almost every refusal could be explained so."""
        gap = self._unconfirmed
        if gap is None or not isinstance(gap.event, Requested):
            return None
        missing = gap.nearest.operations if gap.nearest is not None else ()
        return gap if gap.event.answer is Answer.REFUSED or len(missing) > 1 else None


def _time_of(event: TraceEvent, earlier: Time) -> Time:
    """When what an event shows came to be, as far as that is certain: a job may have ended long before it was read, but
    not before the event before it."""
    told = event.ended_at if isinstance(event, JobSeen) else None
    if not is_long_before(told, event.at):
        return event.at
    return earlier if (seconds_between(told, earlier) or 0) > 0 else told
