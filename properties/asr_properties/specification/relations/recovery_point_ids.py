"""The ids of recovery points: each names one point for good, and a point that was deleted does not come back.

Sources: R40, X06, X19, X20 and X22.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from asr_properties.contract.messages import RecoveryPoint
from asr_properties.evidence.observation import Observation
from asr_properties.evidence.step import Step
from asr_properties.evidence.unknown import UNKNOWN, known
from asr_properties.specification.relations.id_owners import IdOwners
from asr_properties.specification.relations.relation import Judgement, Monitor, Relation
from asr_properties.specification.rule import OBSERVED

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
    requirements=("R40",),
    says="recovery points that a commit deleted do not come back, nor are they listed in the reverse direction",
    evidence=OBSERVED,
)
REPROTECTED_FOR_GOOD = Relation(
    name="points_before_a_reprotect_stay_away",
    requirements=("X06", "R40"),
    says="a reprotect of an uncommitted failover deletes its recovery points, as a commit does",
    evidence=OBSERVED,
)

RELATIONS = (POINT_IDS_STAY_APART, GONE_FOR_GOOD, DISABLED_FOR_GOOD, COMMITTED_FOR_GOOD, REPROTECTED_FOR_GOOD)

LISTED = frozenset({"protected", "failing_over", "failover_failed", "failed_over", "changing_recovery_point"})
"""Phases in which recovery points towards Azure are listed. In others a list may be empty for a while."""

_COMMITTED = frozenset({"failover_committed", "reverse_initial_replication", "reverse_protected"})

_REPROTECTING = frozenset({"reprotecting_to_on_premises"})

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
        self._known: dict[str, RecoveryPoint] = {}
        self._gone: set[str] = set()
        # A life lasts until replication is disabled; the item may be enabled again.
        self._life = 0
        self._life_of: dict[str, int] = {}
        # Points towards Azure, until a commit deletes all of them but the one in use.
        self._towards_azure: set[str] = set()
        self._in_use: str | None = None
        self._committed: set[str] = set()
        self._may_be_left = 0  # one of them, where it was not seen which was in use
        self._committed_by = COMMITTED_FOR_GOOD

    def enter(self, step: Step) -> Iterator[Judgement]:
        listed = contents(step.now)
        before, self._listed = self._listed, listed
        if listed != before or not step.is_timeless:  # most steps leave the list alone
            known_ids = {identifier for identifier, *_ in before}
            new = [point for point in step.now.listed if point.id not in known_ids]
            yield from self._same_points(step, frozenset(before))
            yield from self._nothing_comes_back(new)
            if step.agreed_before.phase in LISTED and step.agreed.phase in LISTED:
                self._gone.update({p.id for p in step.was.listed} - {p.id for p in step.now.listed})
            if step.agreed.phase in LISTED:
                self._towards_azure.update(point.id for point in step.now.listed)
        self._note_disabled(step)
        self._note_committed(step)

    def _same_points(self, step: Step, before: frozenset[PointContent]) -> Iterator[Judgement]:
        in_use = known(step.now.in_use_id)
        if self._committed and step.now.recovery_points is not UNKNOWN:
            left = [p.id for p in step.now.listed if p.id in self._committed and p.id != in_use]
            yield self._committed_by, len(left) <= self._may_be_left
        for point in step.now.listed:
            if (point.id, point.created, point.sequence) not in before:
                same = self._known.setdefault(point.id, point) == point
                yield POINT_IDS_STAY_APART, same and self._owners.owner(point.id, self._number) == self._number

    def _nothing_comes_back(self, new: Sequence[RecoveryPoint]) -> Iterator[Judgement]:
        for point in new:
            life = self._life_of.setdefault(point.id, self._life)
            yield DISABLED_FOR_GOOD, life == self._life
            if life == self._life and point.id not in self._committed:
                yield GONE_FOR_GOOD, point.id not in self._gone

    def _note_disabled(self, step: Step) -> None:
        if step.agreed.phase == "not_replicated" and step.agreed_before.phase != "not_replicated":
            self._life += 1
            self._committed.clear()
            self._towards_azure.clear()

    def _note_committed(self, step: Step) -> None:
        phase, in_use = step.agreed.phase, known(step.now.in_use_id)
        tells = step.now.item is not UNKNOWN
        if tells and (phase in LISTED or (phase == "failover_committed" and in_use is not None)):
            self._in_use = in_use
        if phase in _COMMITTED:
            left = (point.id for point in step.now.listed if point.id in self._towards_azure)
            kept = self._in_use or next(left, None)
            if self._towards_azure:
                is_commit = phase == "failover_committed" and step.agreed_before.phase not in _REPROTECTING
                self._committed_by = COMMITTED_FOR_GOOD if is_commit else REPROTECTED_FOR_GOOD
            if self._towards_azure:
                self._may_be_left = int(kept is None and step.now.recovery_points is UNKNOWN)
            self._committed |= self._towards_azure - {kept}
            self._towards_azure.clear()
