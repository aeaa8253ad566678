"""The ids of recovery points: each names one point for good, and a point that was deleted does not come back.

Sources: R40, X06, X19, X20 and X22.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from asr_model.lifecycle.phase_sets import PHASE_SETS
from asr_properties.contract.messages import RecoveryPoint
from asr_properties.evidence.observation import Observation
from asr_properties.evidence.step import Step
from asr_properties.evidence.unknown import UNKNOWN, known
from asr_properties.specification.relations.id_owners import IdOwners
from asr_properties.specification.relations.relation import Judgement, Monitor, Relation
from asr_properties.specification.rule import OBSERVED

POINT_IDS_STAY_APART = Relation(
    name="point_ids_stay_apart",
    requirements=("X22",),
    says="the id of a recovery point is never used for another one",
    seen="listed: {point}; seen first {back} items ago, as {first}",
    right="an id that no other point has had, and the same point wherever it is listed",
    evidence=OBSERVED,
)
GONE_FOR_GOOD = Relation(
    name="pruned_points_stay_away",
    requirements=("X20",),
    beside=frozenset({"X20"}),
    says="a recovery point that is gone from the list does not come back",
    seen="listed again: {point}",
    right="not listed any more",
    evidence=OBSERVED,
)
GONE_IN_A_DRILL = replace(GONE_FOR_GOOD, requirements=("X13", *GONE_FOR_GOOD.requirements))
"""The same of a point that was gone while there was a drill, which is to leave the points alone."""

DISABLED_FOR_GOOD = Relation(
    name="points_of_a_former_life_stay_away",
    requirements=("X19",),
    says="recovery points from before replication was disabled do not come back",
    seen="listed: {point}; replication was disabled {times} times since it was listed first",
    right="only points made since then",
    evidence=OBSERVED,
)
RELATIONS = (POINT_IDS_STAY_APART, GONE_FOR_GOOD, DISABLED_FOR_GOOD)

LISTED = frozenset({"protected", "failing_over", "failover_failed", "failed_over", "changing_recovery_point"})
"""Phases in which recovery points towards Azure are listed. In others a list may be empty for a while."""

APART = 60.0
"""Seconds. Of two lists of a recording that are less apart, either may have been made first; so a new point may be in
the one and not in the other."""

MOST_COMPARED = 1000
"""Of longer lists it is not told which points are gone: recordings keep only the newest ones."""

_DRILLS = ("drill_running", "drill_awaiting_cleanup")
_AFTER_A_FAILOVER = frozenset(PHASE_SETS["after_failover"])

PointContent = tuple[str, float, int | None]
"""What must never change about a point: its id, when it was created, the newest record it holds."""


def contents(seen: Observation) -> tuple[PointContent, ...]:
    """The listed recovery points without the fields that no rule about them reads."""
    return tuple((point.id, point.created, point.sequence) for point in seen.listed)


class RecoveryPointIds(Monitor):
    """Remembers every recovery point that was ever listed, and why it may have been deleted since."""

    def __init__(self) -> None:
        self._owners = IdOwners()
        self._number = 0
        self.begin_item()

    def begin_item(self) -> None:
        self._number += 1
        self._listed: tuple[PointContent, ...] = ()
        self._answered: object = None
        self._known: dict[str, RecoveryPoint] = {}
        self._gone: set[str] = set()
        self._gone_in_a_drill: set[str] = set()
        self._listed_at: float | None = None  # in recordings
        self._has_left = False  # whether, since the last list, the item may have been where points need not be listed
        # A life lasts until replication is disabled; the item may be enabled again.
        self._life = 0
        self._has_former = False  # whether points of a former life are known
        self._life_of: dict[str, int] = {}

    def enter(self, step: Step) -> Iterator[Judgement]:
        self._has_left |= not LISTED.issuperset((step.agreed_before.phase, step.agreed.phase))
        if step.now.recovery_points is not UNKNOWN and _tells_ids(step.now.listed):
            yield from self._listed_now(step)
        self._note_disabled(step)

    def _listed_now(self, step: Step) -> Iterator[Judgement]:
        before = self._listed
        listed = before if step.now.recovery_points is self._answered else contents(step.now)
        self._listed, self._answered = listed, step.now.recovery_points
        has_left, self._has_left = self._has_left, False
        earlier, self._listed_at = self._listed_at, None if step.clock is None else step.clock[0]
        is_later = earlier is None or self._listed_at is None or self._listed_at - earlier >= APART
        if listed != before or not step.is_timeless:  # most steps leave the list alone
            known_ids = {identifier for identifier, *_ in before}
            new = [point for point in step.now.listed if point.id not in known_ids]
            yield from self._same_points(step, frozenset(before))
            yield from self._nothing_comes_back(step, new)
            if is_later and not has_left and max(len(before), len(listed)) < MOST_COMPARED:
                gone = known_ids - {point.id for point in step.now.listed}
                self._gone |= gone
                if known(step.now.drill) in _DRILLS:
                    self._gone_in_a_drill |= gone

    def _same_points(self, step: Step, before: frozenset[PointContent]) -> Iterator[Judgement]:
        """A recording in which no point keeps its date had its dates put in later: it is compared by none."""
        listed = step.now.listed
        keeps_dates = step.clock is None or any(self._known.get(point.id) == point for point in listed)
        for point in listed:
            if (point.id, point.created, point.sequence) not in before:
                is_known = point.id in self._known
                first, owner = self._known.setdefault(point.id, point), self._owners.owner(point.id, self._number)
                if step.clock is None or (is_known and keeps_dates and first.created and point.created):
                    holds = first == point and owner == self._number
                    yield POINT_IDS_STAY_APART.judged(holds, point=point, first=first, back=self._number - owner)

    def _nothing_comes_back(self, step: Step, new: Sequence[RecoveryPoint]) -> Iterator[Judgement]:
        # After a failover the point in use alone may be listed or not, where somebody committed it elsewhere (A6).
        returned = [point for point in new if point.id in self._gone]
        is_open = step.clock is not None and len(returned) == 1 and step.agreed.phase in _AFTER_A_FAILOVER
        is_tested = bool(self._gone) or step.clock is None
        for point in new:
            life = self._life_of.setdefault(point.id, self._life)
            if self._has_former:
                yield DISABLED_FOR_GOOD.judged(life == self._life, point=point, times=self._life - life)
            if life == self._life and is_tested and not is_open:
                rule = GONE_IN_A_DRILL if point.id in self._gone_in_a_drill else GONE_FOR_GOOD
                yield rule.judged(point.id not in self._gone, point=point)

    def _note_disabled(self, step: Step) -> None:
        if step.agreed.phase == "not_replicated" and step.agreed_before.phase != "not_replicated":
            self._life += 1
            self._listed, self._answered = (), None  # whatever is listed now is listed again
            self._has_former = bool(self._life_of)


def _tells_ids(listed: Sequence[RecoveryPoint]) -> bool:
    """Whether a list tells its points apart. What a recorder put in place of all ids does not."""
    return len({point.id for point in listed}) == len(listed)
