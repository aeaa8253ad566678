"""A refusal changes nothing (contract 1): the item is compared field by field, at once and at the end of its job."""

from __future__ import annotations

from collections.abc import Iterator

from asr_model.vocabulary import Response
from asr_properties.contract.messages import Item
from asr_properties.specification.relations.entry import Entry, Look
from asr_properties.specification.relations.relation import Judgement, Monitor, Relation

HEALTH = frozenset({"health", "health_issues"})
UNTOUCHED_BY_TIME = ("id", "last_planned_failover")
"""What no passing of time changes, so that it must be as before when the refusing job has ended."""

POINT_IN_USE_TOLD = frozenset({"protected", "failover_failed", "failed_over", "failover_committed"})
"""Phases in which the point in use is as before, too; in the reverse direction it is free."""

NULL_IS_NONE = frozenset({"failover_recovery_point", "last_planned_failover", "current_job"})
"""Fields in which null means that there is none, not that it is unknown (contract, Observation)."""

REFUSED_AT_ONCE = Relation(
    name="refusal_changes_nothing",
    requirements=("X02",),
    says="an operation that is refused at once leaves the item, its points, machines and jobs as they were",
)
REFUSED_BY_JOB = Relation(
    name="refusing_job_changes_nothing",
    requirements=("X02",),
    says="when the job of an operation that is being refused has ended, the item is as before",
)

RELATIONS = (REFUSED_AT_ONCE, REFUSED_BY_JOB)


class Refusals(Monitor):
    """Compares what was seen before and after a refusal."""

    def begin_item(self) -> None:
        self._asked: dict[str, tuple[Look, str | None, int]] = {}
        self._accepted = 0

    def enter(self, entry: Entry) -> Iterator[Judgement]:
        if entry.response == Response.REFUSED and entry.is_timeless:
            yield REFUSED_AT_ONCE, _alike(entry.was.item, entry.now.item) and entry.was[1:] == entry.now[1:]
        if entry.job is not None and entry.response != Response.ACCEPTED:
            self._asked[entry.job] = (entry.was, entry.was_phase, self._accepted)
        if entry.response == Response.ACCEPTED or any(not ended.refused for ended in entry.ended):
            self._accepted += 1
        for ended in entry.ended:
            if ended.refused and ended.id in self._asked:
                before, phase, accepted = self._asked.pop(ended.id)
                was, now = before.item, entry.now.item
                if accepted == self._accepted and was is not None and now is not None:
                    in_use = ("failover_recovery_point",) if {phase, entry.phase} <= POINT_IN_USE_TOLD else ()
                    same = (getattr(was, name) == getattr(now, name) for name in (*UNTOUCHED_BY_TIME, *in_use))
                    yield REFUSED_BY_JOB, all(same)


def _alike(was: Item | None, now: Item | None) -> bool:
    """Whether two looks agree in all that both tell: null is unknown just now, unless it means none."""
    if was is None or now is None:
        return was is now
    for name in Item.model_fields.keys() - HEALTH:
        before, after = _set_of(getattr(was, name)), _set_of(getattr(now, name))
        if before != after and (name in NULL_IS_NONE or (before is not None and after is not None)):
            return False
    return True


def _set_of(value: object) -> object:
    """Lists of operations have no order."""
    return frozenset(value) if isinstance(value, list) else value
