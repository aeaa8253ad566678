"""What an item tells of itself and its past: ids are never reused, jobs are newest first, and it tells the truth.

Sources: X22, and the requirements that each relation names.
"""

from __future__ import annotations

from collections.abc import Iterator

from asr_model.vocabulary import Operation
from asr_properties.evidence.observation import COMMITTED
from asr_properties.evidence.step import EndedJob, Step
from asr_properties.evidence.unknown import UNKNOWN, known
from asr_properties.specification.of_profile import MODERNIZED
from asr_properties.specification.relations.id_owners import IdOwners
from asr_properties.specification.relations.relation import Judgement, Monitor, Relation
from asr_properties.specification.rule import OBSERVED

JOBS_NEWEST_FIRST = Relation(
    name="jobs_are_newest_first",
    requirements=("X22",),
    says="the jobs of the item are listed newest first, and no other item's",
    seen="listed jobs: {listed}; of these another item's: {foreign}",
    right="newest first: {expected}; no other item's",
)
ITEM_IDS_STAY_APART = Relation(
    name="item_ids_stay_apart",
    requirements=("X22",),
    says="the id of an item is never used for another one",
    seen="the id {id} was that of the item {back} before this one",
    right="an id that no other item has had",
    needs=("item_id",),
)
RECORDS_STAY_APART = Relation(
    name="sequence_numbers_are_never_reused",
    requirements=("X22",),
    says="every record that a guest writes has a sequence number of its own, greater than those before",
    seen="the guest wrote record {wrote}, after record {newest}",
    right="a number greater than {newest}",
    needs=("received_newest",),
)
PLANNED_FAILOVER_TOLD = Relation(
    name="finished_planned_failover_is_told",
    requirements=("R51", "R65"),
    beside=frozenset({"R51", "R65"}),
    says="after a planned failover that succeeded the item says so",
    seen="last_planned_failover: {told}",
    right="succeeded",
    profiles=MODERNIZED,
    needs=("last_planned_failover",),
    evidence=OBSERVED,
)
FAILED_CANCEL_TELLS_WHY = Relation(
    name="failed_cancel_tells_why",
    requirements=("R63",),
    says="when a cancel failed, its job has an error with code and text",
    seen="cancel {job} has failed; its errors: {errors}",
    right="an error whose code and text are not empty",
    profiles=MODERNIZED,
)
POINT_IN_USE_STAYS = Relation(
    name="point_in_use_changes_only_by_change",
    requirements=("R37",),
    beside=frozenset({"R37"}),
    says="before the commit, the recovery point in use is changed by change_recovery_point only",
    seen="point in use: {before} before, {after} now",
    right="{before}",
    needs=("in_use_id",),
)
POINT_IN_USE_IS_FINAL = Relation(
    name="commit_keeps_the_point_in_use",
    requirements=("R39",),
    says="commit leaves the recovery point in use as it is, and nothing changes it after that",
    seen="point in use: {before} before, {after} now",
    right="{before}, or none told",
    needs=("in_use_id",),
    evidence=OBSERVED,
)

RELATIONS = (
    JOBS_NEWEST_FIRST,
    ITEM_IDS_STAY_APART,
    RECORDS_STAY_APART,
    PLANNED_FAILOVER_TOLD,
    FAILED_CANCEL_TELLS_WHY,
    POINT_IN_USE_STAYS,
    POINT_IN_USE_IS_FINAL,
)

_USING = {"failed_over", "committing_failover", COMMITTED}

A_WHOLE_CYCLE = 90 * 60.0
"""Seconds. In less nobody comes round to another committed failover: to enable alone takes 83 min (facts 1.2, B)."""


class Listings(Monitor):
    """Remembers the ids of items and jobs, the newest record, and how planned failovers and cancels ended."""

    def __init__(self) -> None:
        self._item_ids = IdOwners()
        self._job_ids = IdOwners()
        self._number = 0
        self.begin_item()

    def begin_item(self) -> None:
        self._number += 1
        self._jobs: dict[str, None] = {}
        self._newest = 0
        self._finished = self._cancelled = False
        # The point in use that an item showed that was committed; when it was last looked at, in recordings.
        self._final: str | None = None
        self._seen_at: float | None = None

    def enter(self, step: Step) -> Iterator[Judgement]:
        now = step.now
        if now.jobs is not UNKNOWN:
            yield from self._order_of_jobs(step, now.jobs)
        if now.item_id is not UNKNOWN:
            owner = self._item_ids.owner(now.item_id, self._number)
            yield ITEM_IDS_STAY_APART.judged(owner == self._number, id=now.item_id, back=self._number - owner)
        if step.wrote is not None:
            yield RECORDS_STAY_APART.judged(step.wrote > self._newest, wrote=step.wrote, newest=self._newest)
            self._newest = max(self._newest, step.wrote)
        if step.ended:
            yield from _failed_cancels(step)
        yield from self._planned_failover(step)
        yield from self._point_in_use(step)

    def _order_of_jobs(self, step: Step, listed: tuple[str, ...]) -> Iterator[Judgement]:
        self._jobs |= dict.fromkeys(job for job in reversed(listed) if job not in self._jobs)
        if step.job is not None:
            self._jobs.setdefault(step.job)
        if self._jobs:
            present = {*listed, step.job}
            expected = [job for job in reversed(self._jobs) if job in present]
            foreign = [job for job in listed if self._job_ids.owner(job, self._number) != self._number]
            holds = not foreign and list(listed) == expected
            yield JOBS_NEWEST_FIRST.judged(holds, listed=listed, foreign=foreign, expected=expected)

    def _planned_failover(self, step: Step) -> Iterator[Judgement]:
        if step.event == Operation.CANCEL_FAILOVER or _ended_cancels(step):
            self._cancelled = True  # from then on the field is never judged (A13)
        self._finished |= step.ended_well(Operation.PLANNED_FAILOVER) is not None
        is_told = self._finished and not self._cancelled and "last_planned_failover" in step.fields
        if step.agreed.phase == "failed_back" and is_told:
            told = known(step.now.last_planned_failover)
            yield PLANNED_FAILOVER_TOLD.judged(told == "succeeded", told=told)

    def _point_in_use(self, step: Step) -> Iterator[Judgement]:
        """What is shown after a commit is compared with what was shown since then, or right before it."""
        phase = step.agreed.phase
        if phase != COMMITTED:
            self._final = None
        is_told = "failover_recovery_point" in step.fields and known(step.now.item) is not None
        if not {step.agreed_before.phase, phase} <= _USING or not is_told:
            return
        after = known(step.now.in_use_id)
        before = self._final or known(step.was.in_use_id)
        if self._is_long_since(step):
            self._final = before = None  # it may be another failover, done elsewhere
        self._final = (self._final or after) if phase == COMMITTED else None
        changes = Operation.CHANGE_RECOVERY_POINT in (step.event, *(ended.operation for ended in step.ended))
        if before is not None and not changes:
            rule = POINT_IN_USE_STAYS if phase == "failed_over" else POINT_IN_USE_IS_FINAL
            holds = after.lower() == before.lower() if after is not None else phase != "failed_over"
            yield rule.judged(holds, before=before, after=after)

    def _is_long_since(self, step: Step) -> bool:
        """Whether the look before was so long ago that the item may have come round meanwhile."""
        before, self._seen_at = self._seen_at, None if step.clock is None else step.clock[0]
        return before is not None and self._seen_at is not None and self._seen_at - before >= A_WHOLE_CYCLE


def _ended_cancels(step: Step) -> list[EndedJob]:
    return [e for e in step.ended if e.operation == Operation.CANCEL_FAILOVER and not e.refused]


def _failed_cancels(step: Step) -> Iterator[Judgement]:
    for cancel in _ended_cancels(step):
        if cancel.job.state == "failed":
            is_told = any(e.code.strip() and e.message.strip() for e in cancel.job.errors)
            yield FAILED_CANCEL_TELLS_WHY.judged(is_told, job=cancel.id, errors=cancel.job.errors)
