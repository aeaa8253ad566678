"""The ids of recovery points: each names one point for good, and a point that was deleted does not come back.

Sources: R40, X06, X19, X20 and X22.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from asr_properties.contract.messages import RecoveryPoint
from asr_properties.evidence.observation import Observation
from asr_properties.evidence.step import Step
from asr_properties.specification.relations.id_owners import IdOwners
from asr_properties.specification.relations.relation import Judgement, Monitor, Relation
from asr_properties.specification.rule import OBSERVED

POINT_IDS_STAY_APART = Relation(
    name="point_ids_stay_apart",
    requirements=("X22",),
    says="the id of a recovery point is never used for another one",
    seen="listed: {point}; seen first {back} items ago, as {first}",
    right="an id that no other point has had, and the same point wherever it is listed",
)
GONE_FOR_GOOD = Relation(
    name="pruned_points_stay_away",
    requirements=("X20",),
    says="a recovery point that is gone from the list does not come back",
    seen="listed again: {point}",
    right="not listed any more",
)
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
        # A life lasts until replication is disabled; the item may be enabled again.
        self._life = 0
        self._has_former = False  # whether points of a former life are known
        self._life_of: dict[str, int] = {}

    def enter(self, step: Step) -> Iterator[Judgement]:
        before = self._listed
        listed = before if step.now.recovery_points is self._answered else contents(step.now)
        self._listed, self._answered = listed, step.now.recovery_points
        if listed != before or not step.is_timeless:  # most steps leave the list alone
            known_ids = {identifier for identifier, *_ in before}
            new = [point for point in step.now.listed if point.id not in known_ids]
            yield from self._same_points(step, frozenset(before))
            yield from self._nothing_comes_back(new)
            if step.agreed_before.phase in LISTED and step.agreed.phase in LISTED:
                self._gone.update({p.id for p in step.was.listed} - {p.id for p in step.now.listed})
        self._note_disabled(step)

    def _same_points(self, step: Step, before: frozenset[PointContent]) -> Iterator[Judgement]:
        for point in step.now.listed:
            if (point.id, point.created, point.sequence) not in before:
                first, owner = self._known.setdefault(point.id, point), self._owners.owner(point.id, self._number)
                holds = first == point and owner == self._number
                yield POINT_IDS_STAY_APART.judged(holds, point=point, first=first, back=self._number - owner)

    def _nothing_comes_back(self, new: Sequence[RecoveryPoint]) -> Iterator[Judgement]:
        for point in new:
            life = self._life_of.setdefault(point.id, self._life)
            if self._has_former:
                yield DISABLED_FOR_GOOD.judged(life == self._life, point=point, times=self._life - life)
            if life == self._life:
                yield GONE_FOR_GOOD.judged(point.id not in self._gone, point=point)

    def _note_disabled(self, step: Step) -> None:
        if step.agreed.phase == "not_replicated" and step.agreed_before.phase != "not_replicated":
            self._life += 1
            self._has_former = bool(self._life_of)
