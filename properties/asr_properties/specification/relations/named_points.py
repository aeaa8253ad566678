"""The recovery point that a failover, or a change of the point, named is the one in use afterwards.

One that names the latest uses what it processes then, or the newest one that is processed already (facts 3.3): none
that is older than a point listed before it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from asr_model.vocabulary import Answer, Operation, Site
from asr_properties.contract.messages import RecoveryPoint
from asr_properties.evidence.step import EndedJob, Step
from asr_properties.evidence.unknown import UNKNOWN, known
from asr_properties.specification.relations.relation import Judgement, Monitor, Relation
from asr_properties.specification.rule import OBSERVED, RECORDED_ONLY

_OPERATIONS = frozenset(Operation)

CUSTOM = Relation(
    name="custom_uses_the_named_point",
    requirements=("R22",),
    says="a failover to a custom point uses the one that was named",
    seen="point in use: {in_use}; named: {point}",
    right="{point}",
    needs=("in_use_id",),
    by_label=True,
    evidence=OBSERVED,
)
CHANGE = Relation(
    name="change_uses_the_named_point",
    requirements=("R37",),
    says="changing the recovery point puts the named one to use",
    seen="point in use: {in_use}; named: {point}",
    right="{point}",
    needs=("in_use_id",),
    by_label=True,
    evidence=OBSERVED,
)


class _Uncredited(Relation):
    """A relation whose breach contradicts its requirements, while that it holds shows too little of them: what a point
    holds is not seen in a recording."""

    @property
    def credits(self) -> tuple[str, ...]:
        """None."""
        return ()


LATEST = _Uncredited(
    name="latest_uses_no_earlier_point",
    requirements=("R18", "R17"),
    says="a failover to the latest point uses none that is older than a point listed before it",
    seen="point in use: {in_use}; listed before the failover, and newer: {point}",
    right="{point}, or one that is newer",
    needs=("in_use_id",),
    evidence=RECORDED_ONLY,
)

RELATIONS = (CUSTOM, CHANGE, LATEST)

AT_ONCE = 60.0
"""Seconds. Of points that are less apart either may be the newest one that is processed."""

_RULES = {Operation.FAIL_OVER: CUSTOM, Operation.CHANGE_RECOVERY_POINT: CHANGE}


class _Named(NamedTuple):
    """What the last accepted operation named. older: the points that must not be in use; None where no other one than
    `point` may be. job: None where it is not told; is_done: whether the point must be in use once the item is failed
    over."""

    point: str
    rule: Relation
    operation: str
    job: str | None
    is_done: bool
    older: frozenset[str] | None = None

    def is_of(self, ended: EndedJob) -> bool:
        """Whether this job is the operation's."""
        return ended.operation == self.operation and self.job in (None, ended.id)


class NamedPoints(Monitor):
    """Remembers the recovery point that was named last, until something else is accepted."""

    def begin_item(self) -> None:
        self._named: _Named | None = None
        self._listed: Sequence[RecoveryPoint] = ()

    def enter(self, step: Step) -> Iterator[Judgement]:
        if step.event in _OPERATIONS and step.response is not Answer.REFUSED:
            self._named = _named(step) or _latest(step, self._listed)
        if step.now.recovery_points is not UNKNOWN:
            self._listed = step.now.listed
        for ended in step.ended:
            if self._named is not None and self._named.is_of(ended):
                self._named = self._named._replace(is_done=True) if ended.job.state == "succeeded" else None
        is_told = step.agreed.phase == "failed_over" and step.now.in_use_id is not UNKNOWN
        if self._named is not None and self._named.is_done and is_told:
            in_use, point = known(step.now.in_use_id), self._named.point
            older = self._named.older
            holds = in_use == point if older is None else in_use not in older
            if older is None or in_use in older | {point}:
                yield self._named.rule.judged(holds, in_use=in_use, point=point)
            self._named = None


def _named(step: Step) -> _Named | None:
    """What an accepted operation named. What was on-premises is failed over by this failover alone; elsewhere an
    accepted operation may still be refused, by a job that fails."""
    point = known(step.named_id)
    rule = _RULES.get(step.event)
    if point is None or rule is None:
        return None
    is_done = step.event == Operation.FAIL_OVER and step.agreed_before.site is Site.ON_PREMISES
    return _Named(point, rule, step.event, step.job, is_done)


def _latest(step: Step, listed: Sequence[RecoveryPoint]) -> _Named | None:
    """What an accepted failover from on-premises uses that names the latest point, of those listed before it."""
    is_forward = step.event == Operation.FAIL_OVER and step.agreed_before.site is Site.ON_PREMISES
    if not is_forward or step.sent.get("recovery_point") != "latest" or not listed:
        return None
    newest = max(listed, key=lambda point: point.created)
    older = frozenset(point.id for point in listed if 0 < point.created <= newest.created - AT_ONCE)
    return _Named(newest.id, LATEST, step.event, step.job, is_done=True, older=older)
