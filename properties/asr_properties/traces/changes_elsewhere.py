"""What a recording shows of an item's id and of its recovery points, where a request elsewhere may be the reason.

X01: the id stays the same in one life; whoever disables replication and enables it again may get another one. R39: a
commit keeps the point in use; somebody may have changed it right before the commit. R86: after a failback no point is
made; somebody may have cancelled it, and failed back again. R37: before a commit only a change of the recovery point
puts another one to use; somebody may have changed it. R92: an item has no point before it is protected; somebody may
have begun a new life. Where the recording leaves no room for that, it is a departure; else it is told, and leaves the
verdict open.
"""

from __future__ import annotations

from asr_model.lifecycle.phase_sets import PHASE_SETS
from asr_model.vocabulary import Answer, Operation
from asr_properties.arm.tokens import last_segment
from asr_properties.evidence.observation import COMMITTED, NOT_REPLICATED
from asr_properties.specification.relations.listings import POINT_IN_USE_IS_FINAL, POINT_IN_USE_STAYS
from asr_properties.specification.relations.not_replicating import LAST_POINT_WITHIN, NO_POINT_FAILED_BACK
from asr_properties.specification.relations.relation import Relation
from asr_properties.traces.divergence import Difference
from asr_properties.traces.events import ItemSeen, JobSeen, Requested, TraceEvent
from asr_properties.traces.first_points import FirstPoints
from asr_properties.traces.followed_events import clock_at
from asr_properties.traces.room import has_room

MOST_OPEN = 20
"""How many changes that leave the verdict open are told of an item."""

_NEW_LIFE = (Operation.DISABLE_REPLICATION, Operation.ENABLE_REPLICATION)
_FAILED_OVER = "failed_over"
_OTHERWISE = {
    _FAILED_OVER: f"unless somebody asked for {Operation.CHANGE_RECOVERY_POINT} in between",
    COMMITTED: "unless it was changed before the commit",
}
"""Phase that shows another point in use than the look before -> what may be the reason."""


class ChangesElsewhere:
    """Follows the id and the point in use of one item. unit: what places in the recording count.

    open: what only a request elsewhere explains, in words. Events are first asked about, and then taken in where they
    agree with the model as well.
    """

    def __init__(self, unit: str) -> None:
        self.open: list[str] = []
        self._unit = unit
        self._named: ItemSeen | None = None  # the last look of this life that told the id
        self._using: ItemSeen | None = None  # the last look, if it showed the item failed over to a point
        self._committed: Requested | None = None  # the commit since then
        self._failed_back: ItemSeen | None = None  # the first look that showed the failback that there is
        self._last_look: ItemSeen | None = None
        self._changing: str | None = None  # the job of a change of the point that has not ended; empty if not known
        self._first_points = FirstPoints()

    def contradiction(self, event: TraceEvent) -> Difference | None:
        """How a look contradicts X01, R39, R86 or R92; None where it does not, or a request elsewhere may be why."""
        if not isinstance(event, ItemSeen):
            return None
        if (named := self._named_before(event)) is not None and not self._may_have_new_life(named, event):
            before = f"{named.observation.id}, as at {self._unit} {named.number}"
            return Difference(f"id: {event.observation.id}", (f"id: {before}",), ("X01",))
        if (using := self._used_before(event)) is not None and not self._may_have_changed(using, event):
            before = f"{using.observation.failover_recovery_point}, as at {self._unit} {using.number}"
            seen = f"point in use: {event.observation.failover_recovery_point}"
            return Difference(seen, (f"point in use: {before}",), _rule_of(event).requirements)
        first = self._first_points
        if first.contradicted_by(event) and not first.may_be_of_another_life(event):
            return first.difference(event, self._unit)
        if (late := self._late_point(event)) is not None and self._is_the_same_failback(late):
            rule = NO_POINT_FAILED_BACK
            seen = "a recovery point was made more than an hour after the failback"
            return Difference(seen, (rule.says,), rule.requirements)
        return None

    def agreed(self, event: TraceEvent) -> None:
        """Take in an event that agrees."""
        match event:
            case Requested(operation=operation) if operation in _NEW_LIFE and event.answer is not Answer.REFUSED:
                self._named = None
            case Requested(operation=Operation.CHANGE_RECOVERY_POINT) if event.answer is not Answer.REFUSED:
                self._changing, self._using = event.job or "", None
            case JobSeen(job=job) if job == self._changing and event.state != "in_progress":
                self._changing = None
            case Requested(operation=Operation.COMMIT, answer=Answer.ACCEPTED):
                self._committed = event
            case ItemSeen(points=None):
                self._look(event)
            case ItemSeen():
                self._list(event)
        if isinstance(event, Requested) and event.answer is not Answer.REFUSED:
            self._failed_back = None
        self._first_points = self._first_points.after(event)

    def _look(self, event: ItemSeen) -> None:
        if (named := self._named_before(event)) is not None:
            what = f"the id is {event.observation.id}, and was {named.observation.id} at {self._unit} {named.number}"
            self._tell(event, what, "unless replication was disabled and enabled in between", "X01")
        if (using := self._used_before(event)) is not None:
            was = f"{using.observation.failover_recovery_point} at {self._unit} {using.number}"
            what = f"the recovery point in use is {event.observation.failover_recovery_point}, and was {was}"
            self._tell(event, what, _OTHERWISE[str(event.observation.phase)], _rule_of(event).requirements[0])
        if self._first_points.contradicted_by(event):
            what = self._first_points.difference(event, self._unit).seen
            self._tell(event, what, "unless replication was disabled and enabled in between", "R92")
        if event.observation.phase == NOT_REPLICATED:
            self._named = None
        elif event.observation.id is not None:
            self._named = event
        is_used = event.observation.phase == _FAILED_OVER and event.observation.failover_recovery_point is not None
        self._changing = self._changing if event.observation.phase in (None, _FAILED_OVER) else None
        self._using, self._committed = event if is_used else None, None
        if event.observation.phase != "failed_back":
            self._failed_back = None
        elif self._failed_back is None:
            self._failed_back = event
        self._last_look = event

    def _late_point(self, event: ItemSeen) -> float | None:
        """When the newest point that is listed was made, where that was more than an hour after the failback was seen;
        else None. Of a point that is to come nothing is concluded: the times are not to be relied on (facts F20)."""
        if self._failed_back is None or not event.points:
            return None
        newest = max(point.created for point in event.points)
        last = clock_at(self._failed_back.at)[1] + LAST_POINT_WITHIN
        return newest if last < newest <= clock_at(event.at)[1] else None

    def _is_the_same_failback(self, at: float) -> bool:
        """Whether the item told after this time that no failback was begun since the one that was seen (facts F19)."""
        if self._failed_back is None or self._last_look is None:
            return False
        begun = [dict(look.last_asked).get(Operation.PLANNED_FAILOVER) for look in (self._failed_back, self._last_look)]
        return None not in begun and begun[0] == begun[1] and sum(clock_at(self._last_look.at)) / 2 >= at

    def _list(self, event: ItemSeen) -> None:
        if self._failed_back is not None and self._late_point(event) is not None:
            what = f"a recovery point was made more than an hour after the failback at {self._unit}"
            again = "unless that was cancelled and done again in between"
            self._tell(event, f"{what} {self._failed_back.number}", again, NO_POINT_FAILED_BACK.requirements[0])
            self._failed_back = None

    def _tell(self, event: ItemSeen, what: str, otherwise: str, requirement: str) -> None:
        if len(self.open) < MOST_OPEN:
            self.open.append(f"{self._unit} {event.number}: {what}: {otherwise}, {requirement} is broken")

    def _named_before(self, event: ItemSeen) -> ItemSeen | None:
        """The earlier look of this life, where it told another id."""
        now = event.observation.id
        if self._named is None or now is None or event.observation.phase == NOT_REPLICATED:
            return None
        return None if _alike(self._named.observation.id, now) else self._named

    def _may_have_new_life(self, named: ItemSeen, event: ItemSeen) -> bool:
        """Whether it may have been disabled and enabled: it is not further than that leads, and there was time."""
        is_young = event.observation.phase in (None, "protected", *PHASE_SETS["not_yet_protected"])
        return is_young and has_room(named.at, event.at, *_NEW_LIFE)

    def _used_before(self, event: ItemSeen) -> ItemSeen | None:
        """The look before, where it showed another point, and no change of it was asked for."""
        now = event.observation.failover_recovery_point
        if self._using is None or now is None or event.observation.phase not in _OTHERWISE:
            return None
        if event.observation.phase == _FAILED_OVER and self._changing is not None:
            return None
        return None if _alike(self._using.observation.failover_recovery_point, now) else self._using

    def _may_have_changed(self, using: ItemSeen, event: ItemSeen) -> bool:
        """Whether there was time to change it before the commit, which starts a machine as a failover does. Before the
        commit a change may have been under way all the time since the failover, and be shown late."""
        if event.observation.phase == _FAILED_OVER:
            return True
        until = event if self._committed is None else self._committed
        return has_room(using.at, until.at, Operation.FAIL_OVER)


def _rule_of(event: ItemSeen) -> Relation:
    """What a look breaks that shows another point in use."""
    return POINT_IN_USE_STAYS if event.observation.phase == _FAILED_OVER else POINT_IN_USE_IS_FINAL


def _alike(one: str | None, other: str) -> bool:
    """Ids of ARM come in other case, and with other paths (facts 7.1)."""
    return last_segment(one or "") == last_segment(other)
