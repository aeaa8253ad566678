"""The recovery points of a failover that was committed, or reprotected without a commit, are gone for good.

Sources: R40 and X06; contract 11.
"""

from __future__ import annotations

from collections.abc import Iterator

from asr_properties.evidence.step import Step
from asr_properties.evidence.unknown import UNKNOWN, known
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

_REPROTECTING = frozenset({"reprotecting_to_on_premises"})


class CommittedPoints(Monitor):
    """Remembers the points towards Azure, until a commit deletes all of them but the one in use."""

    def begin_item(self) -> None:
        self._towards_azure: set[str] = set()
        self._in_use: str | None = None
        self._committed: set[str] = set()
        self._may_be_left = 0  # one of them, where it was not seen which was in use
        self._committed_by = COMMITTED_FOR_GOOD

    def enter(self, step: Step) -> Iterator[Judgement]:
        in_use, is_listed = known(step.now.in_use_id), step.now.recovery_points is not UNKNOWN
        if step.agreed.phase in LISTED and len(self._towards_azure) < MOST_REMEMBERED:
            self._towards_azure.update(point.id for point in step.now.listed)
        if step.agreed.phase == "not_replicated" and step.agreed_before.phase != "not_replicated":
            self._committed.clear()
            self._towards_azure.clear()
        self._note_committed(step, in_use)
        if self._committed and is_listed:
            left = [point for point in step.now.listed if point.id in self._committed and point.id != in_use]
            most = self._may_be_left
            yield self._committed_by.judged(len(left) <= most, left=left, in_use=in_use, most=most)
            if most and len(left) == 1:  # then this is the one that the commit left, and no other is
                self._committed.discard(left[0].id)
                self._may_be_left = 0

    def _note_committed(self, step: Step, in_use: str | None) -> None:
        phase = step.agreed.phase
        tells = step.now.item is not UNKNOWN
        if tells and (phase in LISTED or (phase == "failover_committed" and in_use is not None)):
            self._in_use = in_use
        if phase not in _COMMITTED or not self._towards_azure:
            return
        left = (point.id for point in step.now.listed if point.id in self._towards_azure)
        kept = self._in_use or next(left, None)
        is_commit = phase == "failover_committed" and step.agreed_before.phase not in _REPROTECTING
        self._committed_by = COMMITTED_FOR_GOOD if is_commit else REPROTECTED_FOR_GOOD
        self._may_be_left = int(kept is None and step.now.recovery_points is UNKNOWN)
        earlier = self._committed if len(self._committed) < MOST_REMEMBERED else frozenset()
        self._committed = {*earlier, *(self._towards_azure - {kept})}
        self._towards_azure = set()
