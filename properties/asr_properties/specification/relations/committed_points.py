"""The recovery points of a failover that was committed, or reprotected without a commit, are gone for good.

Sources: R40 and X06; contract 11.
"""

from __future__ import annotations

from collections.abc import Iterator

from asr_model.vocabulary import Operation
from asr_properties.evidence.step import Step
from asr_properties.evidence.unknown import UNKNOWN, known
from asr_properties.specification.relations.former_dates import FormerDates
from asr_properties.specification.relations.recovery_point_ids import LISTED
from asr_properties.specification.relations.relation import Judgement, Monitor, Relation
from asr_properties.specification.rule import OBSERVED

COMMITTED_FOR_GOOD = Relation(
    name="points_before_a_commit_stay_away",
    requirements=("R40",),
    says="recovery points that a commit deleted do not come back, nor are they listed in the reverse direction",
    seen="from before the commit, and listed: {left}; in use: {in_use}",
    right="at most {most} of them listed",
    evidence=OBSERVED,
)
REPROTECTED_FOR_GOOD = Relation(
    name="points_before_a_reprotect_stay_away",
    requirements=("X06", "R40"),
    says="a reprotect of an uncommitted failover deletes its recovery points, as a commit does",
    seen="from before the reprotect, and listed: {left}; in use: {in_use}",
    right="at most {most} of them listed",
    evidence=OBSERVED,
)

RELATIONS = (COMMITTED_FOR_GOOD, REPROTECTED_FOR_GOOD)

MOST_REMEMBERED = 10_000
"""So many points are remembered at least, before those of earlier failovers are forgotten."""

_COMMITTED = frozenset({"failover_committed", "reverse_initial_replication", "reverse_protected"})

_REVERSE = frozenset({"reverse_initial_replication", "reverse_protected"})
_REPROTECTING = frozenset({"reprotecting_to_on_premises"})


class CommittedPoints(Monitor):
    """Remembers the points towards Azure, until a commit deletes all of them but the one in use."""

    def begin_item(self) -> None:
        self._towards_azure: set[str] = set()
        self._in_use: str | None = None
        self._committed: set[str] = set()
        self._may_be_left = 0  # one of them, where it was not seen which was in use
        self._kept: str | None = None  # the one that the commit left, once it is known
        self._committed_by = COMMITTED_FOR_GOOD
        self._dates = FormerDates()
        # What was listed last while it was not certain where the item was; what of that was there when a reprotect was
        # asked for, and when it had succeeded.
        self._listed: frozenset[str] = frozenset()
        self._reprotecting: frozenset[str] = frozenset()
        self._reprotected: frozenset[str] = frozenset()

    def enter(self, step: Step) -> Iterator[Judgement]:
        in_use, is_listed = known(step.now.in_use_id), step.now.recovery_points is not UNKNOWN
        self._dates.take(step)
        if step.agreed.phase in LISTED and len(self._towards_azure) < MOST_REMEMBERED:
            self._towards_azure.update(point.id for point in step.now.listed)
        if step.agreed.phase == "not_replicated" and step.agreed_before.phase != "not_replicated":
            self._committed.clear()
            self._towards_azure.clear()
            self._kept = None
        self._note_reprotected(step)
        self._note_committed(step, in_use)
        former = [point for point in step.now.listed if self._dates.are_before_commit(point)] if is_listed else []
        if is_listed and (self._committed or former):
            ids = self._committed.union(point.id for point in former) - {in_use, self._kept}
            left = [point for point in step.now.listed if point.id in ids]
            most = self._may_be_left if self._committed else int(in_use is None and self._kept is None)
            yield self._committed_by.judged(len(left) <= most, left=left, in_use=in_use, most=most)
            if most and len(left) == 1:  # then this is the one that the commit left, and no other is
                self._kept = left[0].id
                self._committed.discard(left[0].id)
                self._may_be_left = 0

    def _note_reprotected(self, step: Step) -> None:
        """What was listed before a reprotect that succeeded, wherever the item was then, was of the failover that it
        committed if the item replicates to on-premises now."""
        if step.now.recovery_points is not UNKNOWN and step.agreed.phase is None:
            self._listed = frozenset(point.id for point in step.now.listed)
        if step.event == Operation.REPROTECT:
            self._reprotecting = self._listed
        if step.ended_well(Operation.REPROTECT) is not None:
            self._reprotected = self._reprotecting
        if step.agreed.phase == "not_replicated":
            self._listed = self._reprotecting = self._reprotected = frozenset()

    def _note_committed(self, step: Step, in_use: str | None) -> None:
        phase = step.agreed.phase
        tells = step.now.item is not UNKNOWN
        if tells and (phase in LISTED or (phase == "failover_committed" and in_use is not None)):
            self._in_use = in_use
        if phase in _REVERSE and not self._towards_azure and not self._committed:
            self._towards_azure, self._reprotected = set(self._reprotected), frozenset()
        if phase not in _COMMITTED or not self._towards_azure:
            return
        left = (point.id for point in step.now.listed if point.id in self._towards_azure)
        kept = self._kept = self._in_use or next(left, None)
        is_commit = phase == "failover_committed" and step.agreed_before.phase not in _REPROTECTING
        self._committed_by = COMMITTED_FOR_GOOD if is_commit else REPROTECTED_FOR_GOOD
        self._may_be_left = int(kept is None and step.now.recovery_points is UNKNOWN)
        earlier = self._committed if len(self._committed) < MOST_REMEMBERED else frozenset()
        self._committed = {*earlier, *(self._towards_azure - {kept})}
        self._towards_azure = set()
