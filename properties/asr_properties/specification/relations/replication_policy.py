"""The replication policy: when recovery points are made, of which kind, and when they are pruned.

Sources: facts 3.1 and 3.2, X20 and R20; the tolerances are those of contract 11.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import inf

from asr_model.vocabulary import Answer, Operation
from asr_properties.contract.messages import RecoveryPoint
from asr_properties.evidence.step import Step
from asr_properties.specification.relations.clock_bounds import ClockBounds
from asr_properties.specification.relations.point_intervals import APP, POINT_KINDS, interval_of
from asr_properties.specification.relations.recovery_point_ids import LISTED, PointContent, contents
from asr_properties.specification.relations.relation import Judgement, Monitor, Relation
from asr_properties.specification.relations.retention import EVERYTHING_KEPT, largest_gap, stretch

MADE_IN_TIME = Relation(
    name="points_are_made_in_time",
    requirements=("X20",),
    says="with nothing wrong a protected item gets the next recovery point within 60 minutes or one interval, "
    "app-consistent ones too where they are on",
    seen="no new {kind} recovery point for {age:time} or more",
    right="the next one within {most:time}",
    needs=("seconds",),
)
MADE_DURING_A_DRILL = Relation(
    name="points_are_made_during_a_drill",
    requirements=("X13", "X20"),
    says="while there is a drill, recovery points are made as before it",
    seen="no new {kind} recovery point for {age:time} or more, since a drill began",
    right="the next one within {most:time}",
    needs=("seconds", "drill"),
)
NOT_TOO_MANY = Relation(
    name="points_keep_their_interval",
    requirements=("X20",),
    beside=frozenset({"X20"}),
    says="no more recovery points are made than their interval asks for",
    seen="{count} {kind} recovery points in {span:time}; their interval is {interval:time}",
    right="at most {most}",
)
NO_APP_POINTS = Relation(
    name="no_app_consistent_points_unless_on",
    requirements=("X20",),
    beside=frozenset({"X20"}),
    says="there are no app-consistent recovery points where they are off",
    seen="app_consistent_minutes is 0; listed: {points}",
    right="no app_consistent point",
)
FLAGGED = Relation(
    name="points_of_a_group_are_flagged",
    requirements=("X20",),
    beside=frozenset({"X20"}),
    says="recovery points are flagged as shared by a group of machines just where there is a group",
    seen="multi_vm_group is {group}; {flagged} of {count} points have multi_vm",
    right="{expected} of them",
)
YOUNG_ARE_KEPT = Relation(
    name="young_points_are_kept",
    requirements=("X20",),
    says="in its first two hours, and while retention keeps it, no recovery point is pruned",
    seen="gone: {point}, at most {age:time} old; retention is {retention:time}",
    right="listed for the first 2 h at least, and then thinned, while retention keeps it",
    needs=("seconds",),
)
CHANGE_KEEPS_POINTS = Relation(
    name="change_keeps_the_other_points",
    requirements=("R37",),
    says="a change of the recovery point leaves the others to choose from, but for those that retention deletes",
    seen="gone: {point}, at most {age:time} old; retention is {retention:time}",
    right="still listed",
    needs=("seconds",),
)
OLD_ARE_PRUNED = Relation(
    name="old_points_are_pruned",
    requirements=("X20",),
    says="no recovery point is older than the retention",
    seen="the oldest {kind} recovery point is at least {age:time} old",
    right="at most {most:time} old, one interval of tolerance included",
    needs=("seconds",),
)
THINNED = Relation(
    name="points_are_thinned",
    requirements=("X20",),
    says="of older recovery points one is kept for each hour, from a day on for two hours, from a week on for four",
    seen="{places}, about {age:time} old, are {apart:time} apart",
    right="{bound} {limit:time} apart",
    needs=("seconds",),
)
NOT_DATED_BACK = Relation(
    name="points_are_not_dated_back",
    requirements=("X20",),
    says="a new recovery point was created just now, not long ago",
    seen="newly listed: {point}, at least {ago:time} after it was created",
    right="within {interval:time}, one interval",
    needs=("seconds",),
)
NO_EXTRA_POINT = Relation(
    name="latest_processed_makes_no_point",
    requirements=("R20",),
    says="a failover to the latest processed point makes no new one",
    seen="listed since it was asked for: {new}",
    right="only points that were listed then",
    needs=("seconds",),
)

RELATIONS = (
    MADE_IN_TIME,
    MADE_DURING_A_DRILL,
    NOT_TOO_MANY,
    NO_APP_POINTS,
    FLAGGED,
    YOUNG_ARE_KEPT,
    CHANGE_KEEPS_POINTS,
    OLD_ARE_PRUNED,
    THINNED,
    NOT_DATED_BACK,
    NO_EXTRA_POINT,
)

_MADE = frozenset({"protected"})
BEFORE_THE_FIRST = frozenset({"enabling_replication", "initial_replication", "awaiting_first_recovery_point"})
_AT_REST = LISTED - {"failing_over", "changing_recovery_point"}
"""Phases in which what is listed is told completely."""

_LATEST_BOUND = 3600.0
"""Seconds until the next point is made, at most; one interval if that is longer (contract, Time)."""


class ReplicationPolicy(Monitor):
    """Compares the listed recovery points with the policy of the item's configuration.

    It remembers what is known of the implementation's clock, because a point tells only the instant it was created.
    """

    def begin_item(self) -> None:
        self._clock = ClockBounds()
        self._listed: tuple[PointContent, ...] = ()
        self._answered: object = None
        # Seconds, at least, for which points have been made without anything in the way; and the latest time the
        # clock can have shown when that began.
        self._steady = 0.0
        self._steady_from: float | None = None
        # Operations and faults after which a point may be made at another time than the interval asks for.
        self._out_of_turn = 0
        self._at_trigger: Sequence[RecoveryPoint] | None = None
        self._earliest_at_rest = -inf
        # What was listed before the drill that there is, if points were made then.
        self._before_drill: Sequence[RecoveryPoint] | None = None

    def enter(self, step: Step) -> Iterator[Judgement]:
        if step.agreed_before.phase in _AT_REST:
            self._earliest_at_rest = self._clock.earliest
        self._clock.passes(step.elapsed)
        before = self._listed
        listed = before if step.now.recovery_points is self._answered else contents(step.now)
        self._listed, self._answered = listed, step.now.recovery_points
        if listed == before and step.is_timeless:  # most steps leave the list alone
            self._note(step)
            return
        known = {identifier for identifier, *_ in before}
        new = [point for point in step.now.listed if point.id not in known]
        if step.agreed.phase in LISTED:
            self._read_the_clock(step, new)
        self._note(step)
        if self._at_trigger is not None and step.agreed.phase in ("failing_over", "failed_over"):
            extra = [point for point in step.now.listed if self._is_extra(step, point)]
            yield NO_EXTRA_POINT.judged(not extra, new=extra)
        if step.agreed.phase in LISTED and step.agreed_before.phase in LISTED:
            yield from self._young_are_kept(step)
            yield from _not_dated_back(step, new, self._earliest_at_rest)
        if step.agreed.phase in _MADE and step.agreed_before.phase in _MADE:
            yield from _kinds(step)
            for kind in POINT_KINDS:
                yield from self._made_and_pruned(step, kind)

    def _read_the_clock(self, step: Step, new: Sequence[RecoveryPoint]) -> None:
        for point in step.now.listed:
            self._clock.shows(point.created)
        if step.agreed_before.phase in _AT_REST | BEFORE_THE_FIRST:
            for point in new:
                self._clock.made_within(point.created, step.elapsed[1] + (interval_of(step, point.kind) or 0.0))

    def _note(self, step: Step) -> None:
        if step.event in (Operation.FAIL_OVER, Operation.TEST_FAILOVER, "inject", "clear"):
            self._out_of_turn += 1
        if not step.may_have_drill:
            self._before_drill = step.now.listed if self._is_recent(step.now.listed) else None
        self._note_trigger(step)
        self._note_steadiness(step)

    def _is_recent(self, listed: Sequence[RecoveryPoint]) -> bool:
        """Whether points have been made lately, more than the first one."""
        return len(listed) > 1 and listed[0].created >= self._clock.earliest - _LATEST_BOUND

    def _is_of_the_drill(self, step: Step) -> bool:
        """Whether it is the drill that keeps points from being made: they were made before it, and none has been since
        but the one that it may make itself."""
        if not step.may_have_drill or self._before_drill is None:
            return False
        before = {point.id for point in self._before_drill}
        return len([point for point in step.now.listed if point.id not in before]) < 2

    def _note_trigger(self, step: Step) -> None:
        """Remember the points listed when a failover to the latest processed one was certainly triggered."""
        if step.event == Operation.FAIL_OVER and step.response is not Answer.REFUSED:
            processed = step.recovery_point == "latest_processed"
            certain = processed and step.response is Answer.ACCEPTED and step.is_timeless
            self._at_trigger = step.was.listed if certain else None
        elif step.agreed.phase == "protected":
            self._at_trigger = None

    def _is_extra(self, step: Step, point: RecoveryPoint) -> bool:
        """Whether a point was neither listed when the failover was triggered nor due, so that it was made before and
        is only listed now."""
        at_trigger = self._at_trigger or ()
        if any(point.id == other.id for other in at_trigger):
            return False
        newest = max((other.created for other in at_trigger if other.kind == point.kind), default=None)
        interval = interval_of(step, point.kind)
        if newest is None or interval is None:
            return not at_trigger  # the first of its kind may be due at any time
        return point.created < newest + interval

    def _note_steadiness(self, step: Step) -> None:
        is_steady = step.agreed.phase in _MADE and not step.faults and not step.may_resynchronize
        if is_steady and step.agreed_before.phase in _MADE:
            self._steady += step.elapsed[0]
        else:
            self._steady, self._steady_from = 0.0, None
        if is_steady and self._steady_from is None:
            self._steady_from = self._clock.latest

    def _young_are_kept(self, step: Step) -> Iterator[Judgement]:
        """While points are listed, only retention deletes any."""
        retention = _retention(step)
        if retention is None:
            return
        listed = step.now.listed
        kept = {point.id for point in listed}
        is_change = "changing_recovery_point" in (step.agreed_before.phase, step.agreed.phase)
        is_change |= step.ended_well(Operation.CHANGE_RECOVERY_POINT) is not None
        at_rest = step.is_timeless and not step.ended  # a job may end with what retention has put off meanwhile
        rule = CHANGE_KEEPS_POINTS if is_change else YOUNG_ARE_KEPT
        for point in step.was.listed:
            interval = interval_of(step, point.kind)
            if interval is None:
                continue
            too_young = self._clock.latest - point.created < min(EVERYTHING_KEPT, retention) - interval
            if too_young or at_rest:
                due = not too_young and self._is_due(point, listed, interval, retention)
                age = self._clock.latest - point.created
                yield rule.judged(due or point.id in kept, point=point, age=age, retention=retention)

    def _is_due(self, point: RecoveryPoint, listed: Sequence[RecoveryPoint], interval: float, retention: float) -> bool:
        """Whether retention may have deleted a point, as a service may do when it is next asked for something.

        It was too old, or thinned out: then a neighbour is kept for its stretch, and what is older is thin already.
        """
        age = self._clock.latest - point.created
        kept = [other.created for other in listed if other.kind == point.kind]
        older = [created for created in kept if created < point.created]
        if not older and age >= retention - interval:
            return True
        thin = all(young - old > 2 * interval for young, old in zip(older, older[2:], strict=False))
        near = any(abs(created - point.created) <= stretch(age) for created in kept)
        return thin and near and age >= EVERYTHING_KEPT - interval

    def _made_and_pruned(self, step: Step, kind: str) -> Iterator[Judgement]:
        retention, interval = _retention(step), interval_of(step, kind)
        if interval is None or retention is None:
            return
        of_kind = [point.created for point in step.now.listed if point.kind == kind]
        bound = max(_LATEST_BOUND, interval)
        if self._steady >= bound and retention > bound:
            # The next point may be of either kind; where app-consistent ones are on, they must come as well.
            counted = of_kind if kind == APP else [point.created for point in step.now.listed]
            newest = max(counted, default=None)
            age = self._steady if newest is None else self._clock.earliest - newest
            rule = MADE_DURING_A_DRILL if self._is_of_the_drill(step) else MADE_IN_TIME
            yield rule.judged(newest is not None and age <= bound, kind=kind, age=age, most=bound)
        recent = [created for created in of_kind if created > self._clock.latest - EVERYTHING_KEPT]
        if len(recent) > 2:
            span = max(recent) - min(recent)
            allowed = span / interval + 2 + self._out_of_turn
            values = {"count": len(recent), "kind": kind, "span": span, "interval": interval, "most": int(allowed)}
            yield NOT_TOO_MANY.judged(len(recent) <= allowed, **values)
        yield from self._pruned(kind, of_kind, interval, retention)
        yield from self._gaps(of_kind, interval, retention, bound)

    def _pruned(self, kind: str, of_kind: Sequence[float], interval: float, retention: float) -> Iterator[Judgement]:
        """Whether enough was pruned of one kind, with one interval of tolerance. of_kind: instants, newest first."""
        if self._steady < interval:
            return
        earliest = self._clock.earliest
        if of_kind:
            age, most = earliest - min(of_kind), retention + interval
            yield OLD_ARE_PRUNED.judged(age <= most, kind=kind, age=age, most=most)
        if self._out_of_turn:
            return
        for between, stretches in (("one", 1), ("two", 2)):
            for young, old in zip(of_kind, of_kind[stretches + 1 :], strict=False):
                age = earliest - young
                if age > EVERYTHING_KEPT + interval and stretch(age) > 2 * interval:
                    least = stretches * (stretch(age) - interval)
                    yield _apart(f"two points with {between} between", age, young - old, "at least", least)

    def _gaps(self, of_kind: Sequence[float], interval: float, retention: float, bound: float) -> Iterator[Judgement]:
        """Whether too much was pruned of one kind: how far apart its points are, back to where retention ends."""
        if self._steady_from is None or self._steady < bound:
            return
        earliest, latest = self._clock.earliest, self._clock.latest
        ends_at = max(self._steady_from, latest - retention)
        made = [*(created for created in of_kind if created > ends_at), ends_at]
        for young, old in zip([earliest, *made], made, strict=False):
            if old < latest - EVERYTHING_KEPT:
                limit = largest_gap(latest - old, interval, bound)
                yield _apart("two neighbours", latest - old, young - old, "at most", limit)


def _not_dated_back(step: Step, new: Sequence[RecoveryPoint], earliest_before: float) -> Iterator[Judgement]:
    """earliest_before: the earliest time on the clock at the last look at an item at rest: while a failover runs, its
    point may be made and not be listed yet."""
    for point in new:
        interval = interval_of(step, point.kind)
        if interval is not None:
            ago = earliest_before - point.created
            yield NOT_DATED_BACK.judged(ago <= interval, point=point, ago=ago, interval=interval)


def _kinds(step: Step) -> Iterator[Judgement]:
    """Whether points are app-consistent and flagged as shared by a group only where the configuration says so."""
    points = step.now.listed
    if step.settings.get("app_consistent_minutes") == 0:
        wrong = [point for point in points if point.kind == APP]
        yield NO_APP_POINTS.judged(not wrong, points=wrong)
    if "multi_vm_group" not in step.settings or not points:
        return
    group, flagged = step.settings["multi_vm_group"], sum(point.multi_vm for point in points)
    values = {"group": group, "flagged": flagged, "count": len(points)}
    if group is None:
        yield FLAGGED.judged(not flagged, **values, expected="none")
    elif points[0].created - points[-1].created >= _LATEST_BOUND:
        yield FLAGGED.judged(bool(flagged), **values, expected="some")


def _apart(places: str, age: float, apart: float, bound: str, limit: float) -> Judgement:
    """Whether points of one kind are so far apart, at least or at most."""
    holds = apart >= limit if bound == "at least" else apart <= limit
    return THINNED.judged(holds, places=places, age=age, apart=apart, bound=bound, limit=limit)


def _retention(step: Step) -> float | None:
    """Seconds for which points are kept; None where that is not known."""
    minutes = step.settings.get("retention_minutes")
    return None if minutes is None else minutes * 60.0
