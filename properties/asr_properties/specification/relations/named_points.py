"""The recovery point that a failover, or a change of the point, named by its id is the one in use afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from asr_model.vocabulary import Answer, Operation
from asr_properties.evidence.step import Step
from asr_properties.evidence.unknown import UNKNOWN, known
from asr_properties.specification.relations.relation import Judgement, Monitor, Relation
from asr_properties.specification.rule import OBSERVED

CUSTOM = Relation(
    name="custom_uses_the_named_point",
    requirements=("R22",),
    says="a failover to a custom point uses the one that was named",
    needs=("in_use_id",),
    evidence=OBSERVED,
)
CHANGE = Relation(
    name="change_uses_the_named_point",
    requirements=("R37",),
    says="changing the recovery point puts the named one to use",
    needs=("in_use_id",),
    evidence=OBSERVED,
)

RELATIONS = (CUSTOM, CHANGE)


class _Named(NamedTuple):
    """What the last accepted operation named. is_done: whether it must be in use once the item is failed over."""

    point: str
    rule: Relation
    is_done: bool


class NamedPoints(Monitor):
    """Remembers the recovery point that was named last, until something else is accepted."""

    def begin_item(self) -> None:
        self._named: _Named | None = None

    def enter(self, step: Step) -> Iterator[Judgement]:
        if step.event in tuple(Operation) and step.response is not Answer.REFUSED:
            self._named = _named(step)
        for ended in step.ended:
            if self._named is not None and ended.operation in (Operation.FAIL_OVER, Operation.CHANGE_RECOVERY_POINT):
                self._named = self._named._replace(is_done=True) if ended.job.state == "succeeded" else None
        is_told = step.agreed.phase == "failed_over" and step.now.in_use_id is not UNKNOWN
        if self._named is not None and self._named.is_done and is_told:
            yield self._named.rule, known(step.now.in_use_id) == self._named.point
            self._named = None


def _named(step: Step) -> _Named | None:
    """What an accepted operation named. An item is failed over only by a failover; it was so before a change."""
    point = known(step.named_id)
    if point is None:
        return None
    if step.event == Operation.FAIL_OVER:
        return _Named(point, CUSTOM, is_done=True)
    return _Named(point, CHANGE, is_done=False) if step.event == Operation.CHANGE_RECOVERY_POINT else None
