"""Recovery points: who they are, when they are made, of which kind (facts 3.1; contract 11; X20)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from asr_model.vocabulary import Answer, Operation
from asr_properties.contract.messages import RecoveryPoint
from asr_properties.evidence.step import Step
from asr_properties.evidence.unknown import known
from asr_properties.specification.relations.clock_bounds import ClockBounds
from asr_properties.specification.relations.relation import Judgement, Monitor, Owners, Relation
from asr_properties.specification.relations.retention import EVERYTHING_KEPT, largest_gap, stretch

POINT_IDS_STAY_APART = Relation(
    name="point_ids_stay_apart", requirements=("X22",), says="the id of a recovery point is never used for another one"
)
GONE_FOR_GOOD = Relation(
    name="pruned_points_stay_away",
    requirements=("X20",),
    says="a recovery point that is gone from the list does not come back",
)
DISABLED_FOR_GOOD = Relation(
    name="points_of_a_former_life_stay_away",
    requirements=("X19",),
    says="recovery points from before replication was disabled do not come back",
)
COMMITTED_FOR_GOOD = Relation(
    name="points_before_a_commit_stay_away",
    requirements=("R40", "X06"),
    says="recovery points that a commit deleted do not come back, nor are they listed in the reverse direction",
)
MADE_IN_TIME = Relation(
    name="points_are_made_in_time",
    requirements=("X20",),
    says="with nothing wrong a protected item gets the next recovery point within 60 minutes or one interval, "
    "app-consistent ones too where they are on",
    needs=("seconds",),
)
NOT_TOO_MANY = Relation(
    name="points_keep_their_interval",
    requirements=("X20",),
    says="no more recovery points are made than their interval asks for",
)
NO_APP_POINTS = Relation(
    name="no_app_consistent_points_unless_on",
    requirements=("X20",),
    says="there are no app-consistent recovery points where they are off",
)
FLAGGED = Relation(
    name="points_of_a_group_are_flagged",
    requirements=("X20",),
    says="recovery points are flagged as shared by a group of machines just where there is a group",
)
YOUNG_ARE_KEPT = Relation(
    name="young_points_are_kept",
    requirements=("X20",),
    says="in its first two hours, and while retention keeps it, no recovery point is pruned",
    needs=("seconds",),
)
OLD_ARE_PRUNED = Relation(
    name="old_points_are_pruned",
    requirements=("X20",),
    says="no recovery point is older than the retention",
    needs=("seconds",),
)
THINNED = Relation(
    name="points_are_thinned",
    requirements=("X20",),
    says="of older recovery points one is kept for each hour, from a day on for two hours, from a week on for four",
    needs=("seconds",),
)
NOT_DATED_BACK = Relation(
    name="points_are_not_dated_back",
    requirements=("X20",),
    says="a new recovery point was created just now, not long ago",
    needs=("seconds",),
)
NO_EXTRA_POINT = Relation(
    name="latest_processed_makes_no_point",
    requirements=("R20",),
    says="a failover to the latest processed point makes no new one",
    needs=("seconds",),
)

RELATIONS = (
    POINT_IDS_STAY_APART,
    GONE_FOR_GOOD,
    DISABLED_FOR_GOOD,
    COMMITTED_FOR_GOOD,
    MADE_IN_TIME,
    NOT_TOO_MANY,
    NO_APP_POINTS,
    FLAGGED,
    YOUNG_ARE_KEPT,
    OLD_ARE_PRUNED,
    THINNED,
    NOT_DATED_BACK,
    NO_EXTRA_POINT,
)

_MADE = frozenset({"protected"})
_LISTED = frozenset({"protected", "failing_over", "failover_failed", "failed_over", "changing_recovery_point"})
_BEFORE_THE_FIRST = frozenset({"enabling_replication", "initial_replication", "awaiting_first_recovery_point"})
_APP = "app_consistent"
_KINDS = ("crash_consistent", _APP)
_LATEST_BOUND = 3600.0
"""Seconds within which the next point is made at the latest, or one interval if that is longer (contract, Time)."""

_Shown = tuple[str, float, int | None]
"""What tells one look at a point from another: its id, when it was created, what it holds."""


class Points(Monitor):
    """Remembers every recovery point that was ever listed, and what is known of the implementation's clock."""

    def __init__(self) -> None:
        self._owners = Owners()
        self._number = 0
        self.begin_item()

    def begin_item(self) -> None:
        self._number += 1
        self._clock = ClockBounds()
        self._life = 0
        self._known: dict[str, RecoveryPoint] = {}
        self._lives: dict[str, int] = {}
        self._gone: set[str] = set()
        self._forward: set[str] = set()
        self._in_use: str | None = None
        self._committed: set[str] = set()
        self._steady = 0.0
        self._unbroken_from: float | None = None
        self._out_of_turn = 0
        self._at_trigger: set[str] | None = None
        self._listed: tuple[_Shown, ...] = ()

    def enter(self, step: Step) -> Iterator[Judgement]:
        was = ClockBounds()
        was.earliest, was.latest = self._clock.earliest, self._clock.latest
        self._clock.passes(step.elapsed)
        listed = tuple((point.id, point.created, point.sequence) for point in step.now.listed)
        before, self._listed = self._listed, listed
        if listed == before and step.is_timeless:  # as most calls leave them
            self._note(step)
            return
        known = {identifier for identifier, *_ in before}
        new = [point for point in step.now.listed if point.id not in known]
        yield from self._identities(step, new, frozenset(before))
        if step.agreed.phase in _LISTED:
            self._forward.update(point.id for point in step.now.listed)
            for point in step.now.listed:
                self._clock.shows(point.created)
            if step.agreed_before.phase in _LISTED | _BEFORE_THE_FIRST:
                for point in new:
                    self._clock.made_within(point.created, step.elapsed[1])
        self._note(step)
        if self._at_trigger is not None and step.agreed.phase in ("failing_over", "failed_over"):
            yield NO_EXTRA_POINT, {point.id for point in step.now.listed} <= self._at_trigger
        if step.agreed.phase in _LISTED and step.agreed_before.phase in _LISTED:
            yield from self._in_one_life(step, new, was)
        if step.agreed.phase in _MADE and step.agreed_before.phase in _MADE:
            yield from self._while_protected(step)

    def _identities(self, step: Step, new: Sequence[RecoveryPoint], before: frozenset[_Shown]) -> Iterator[Judgement]:
        in_use = known(step.now.in_use_id)
        if self._committed:
            yield COMMITTED_FOR_GOOD, not any(p.id in self._committed and p.id != in_use for p in step.now.listed)
        for point in step.now.listed:
            if (point.id, point.created, point.sequence) not in before:
                same = self._known.setdefault(point.id, point) == point
                yield POINT_IDS_STAY_APART, same and self._owners.owner(point.id, self._number) == self._number
        for point in new:
            life = self._lives.setdefault(point.id, self._life)
            yield DISABLED_FOR_GOOD, life == self._life
            if life == self._life and point.id not in self._committed:
                yield GONE_FOR_GOOD, point.id not in self._gone
        if (
            step.agreed_before.phase in _LISTED and step.agreed.phase in _LISTED
        ):  # elsewhere a list may be empty for a while
            self._gone.update({p.id for p in step.was.listed} - {p.id for p in step.now.listed})

    def _note(self, step: Step) -> None:
        """What the rules below need to know of the past."""
        if step.agreed.phase == "not_replicated" and step.agreed_before.phase != "not_replicated":
            self._life += 1
            self._committed.clear()
            self._forward.clear()
        in_use = known(step.now.in_use_id)
        if step.agreed.phase in _LISTED or (step.agreed.phase == "failover_committed" and in_use is not None):
            self._in_use = in_use
        if step.agreed.phase in ("failover_committed", "reverse_initial_replication", "reverse_protected"):
            left = [p.id for p in step.now.listed if p.id in self._forward]
            in_use = self._in_use or next(iter(left), None)
            self._committed |= self._forward - {in_use}
            self._forward.clear()
        if step.event in (Operation.FAIL_OVER, Operation.TEST_FAILOVER, "inject", "clear"):
            self._out_of_turn += 1
        if step.event == Operation.FAIL_OVER and step.response is not Answer.REFUSED:
            processed = step.recovery_point == "latest_processed"
            certain = processed and step.response is Answer.ACCEPTED and step.is_timeless
            self._at_trigger = {point.id for point in step.was.listed} if certain else None
        elif step.agreed.phase == "protected":
            self._at_trigger = None
        undisturbed = not step.faults and not step.may_resynchronize
        if step.agreed_before.phase in _MADE and step.agreed.phase in _MADE and undisturbed:
            self._steady += step.elapsed[0]
        else:
            self._steady, self._unbroken_from = 0.0, None
        if self._unbroken_from is None and step.agreed.phase in _MADE and undisturbed:
            self._unbroken_from = self._clock.latest

    def _in_one_life(self, step: Step, new: Sequence[RecoveryPoint], was: ClockBounds) -> Iterator[Judgement]:
        """While points are listed and nothing deletes them but retention."""
        retention = self._retention(step)
        kept = {point.id for point in step.now.listed}
        for point in step.was.listed:
            interval = self._interval(step, point.kind)
            if retention is None or interval is None:
                continue
            oldest = self._clock.latest - point.created
            if step.is_timeless or oldest < min(EVERYTHING_KEPT, retention) - interval:
                yield YOUNG_ARE_KEPT, point.id in kept
        for point in new:
            interval = self._interval(step, point.kind)
            if interval is not None:
                yield NOT_DATED_BACK, point.created >= was.earliest - interval

    def _while_protected(self, step: Step) -> Iterator[Judgement]:
        retention, points = self._retention(step), step.now.listed
        if step.settings.get("app_consistent_minutes") == 0:
            yield NO_APP_POINTS, all(point.kind != _APP for point in points)
        if "multi_vm_group" in step.settings and points:
            grouped = step.settings["multi_vm_group"] is not None
            if not grouped:
                yield FLAGGED, not any(point.multi_vm for point in points)
            elif points[0].created - points[-1].created >= _LATEST_BOUND:
                yield FLAGGED, any(point.multi_vm for point in points)
        for kind in _KINDS:
            interval = self._interval(step, kind)
            of_kind = [point.created for point in points if point.kind == kind]
            if interval is None or retention is None:
                continue
            bound = max(_LATEST_BOUND, interval)
            if self._steady >= bound and retention > bound:
                newest = max(of_kind if kind == _APP else [p.created for p in points], default=None)
                yield MADE_IN_TIME, newest is not None and newest >= self._clock.earliest - bound
            recent = [created for created in of_kind if created > self._clock.latest - EVERYTHING_KEPT]
            if len(recent) > 2:
                allowed = (max(recent) - min(recent)) / interval + 2 + self._out_of_turn
                yield NOT_TOO_MANY, len(recent) <= allowed
            yield from self._pruning(of_kind, interval, retention, bound)

    def _pruning(
        self, of_kind: Sequence[float], interval: float, retention: float, bound: float
    ) -> Iterator[Judgement]:
        """Retention and thinning of one kind, with one interval of tolerance. `of_kind`: instants, newest first."""
        earliest, latest = self._clock.earliest, self._clock.latest
        if of_kind and self._steady >= interval:
            yield OLD_ARE_PRUNED, earliest - min(of_kind) <= retention + interval
        if not self._out_of_turn and self._steady >= interval:
            for young, old in zip(of_kind, of_kind[2:], strict=False):
                age = earliest - young
                if age > EVERYTHING_KEPT + interval and stretch(age) > 2 * interval:
                    yield THINNED, young - old >= stretch(age) - interval
        if self._unbroken_from is None or self._steady < bound:
            return
        ends_at = max(self._unbroken_from, latest - retention)
        made = [*(created for created in of_kind if created > ends_at), ends_at]
        for young, old in zip([earliest, *made], made, strict=False):
            if old < latest - EVERYTHING_KEPT:
                yield THINNED, young - old <= largest_gap(latest - old, interval, bound)

    def _retention(self, step: Step) -> float | None:
        minutes = step.settings.get("retention_minutes")
        return None if minutes is None else minutes * 60.0

    def _interval(self, step: Step, kind: str) -> float | None:
        """Seconds between points of a kind; None where they are off or that is not known."""
        minutes = step.settings.get("app_consistent_minutes" if kind == _APP else "crash_consistent_minutes")
        return minutes * 60.0 if minutes else None
