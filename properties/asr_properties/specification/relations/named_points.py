"""The recovery point that a failover, or a change of the point, named by its id is the one in use afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from asr_model.vocabulary import Answer, Operation, Site
from asr_properties.evidence.step import EndedJob, Step
from asr_properties.evidence.unknown import UNKNOWN, known
from asr_properties.specification.relations.relation import Judgement, Monitor, Relation
from asr_properties.specification.rule import OBSERVED

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

RELATIONS = (CUSTOM, CHANGE)

_RULES = {Operation.FAIL_OVER: CUSTOM, Operation.CHANGE_RECOVERY_POINT: CHANGE}


class _Named(NamedTuple):
    """What the last accepted operation named. job: None where it is not told; is_done: whether the point must be in use
    once the item is failed over."""

    point: str
    rule: Relation
    operation: str
    job: str | None
    is_done: bool

    def is_of(self, ended: EndedJob) -> bool:
        """Whether this job is the operation's."""
        return ended.operation == self.operation and self.job in (None, ended.id)


class NamedPoints(Monitor):
    """Remembers the recovery point that was named last, until something else is accepted."""

    def begin_item(self) -> None:
        self._named: _Named | None = None

    def enter(self, step: Step) -> Iterator[Judgement]:
        if step.event in _OPERATIONS and step.response is not Answer.REFUSED:
            self._named = _named(step)
        for ended in step.ended:
            if self._named is not None and self._named.is_of(ended):
                self._named = self._named._replace(is_done=True) if ended.job.state == "succeeded" else None
        is_told = step.agreed.phase == "failed_over" and step.now.in_use_id is not UNKNOWN
        if self._named is not None and self._named.is_done and is_told:
            in_use, point = known(step.now.in_use_id), self._named.point
            yield self._named.rule.judged(in_use == point, in_use=in_use, point=point)
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
