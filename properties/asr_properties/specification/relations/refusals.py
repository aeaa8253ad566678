"""A refusal changes nothing (contract 1): the item is compared with what it was before, field by field.

A refusal at once is judged at once. A job that refuses is judged when it has ended.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from asr_model.blame import of_a_word
from asr_model.lifecycle.phase_sets import PHASE_SETS
from asr_model.stepper import Stepper
from asr_model.vocabulary import Answer
from asr_properties.contract.messages import Item
from asr_properties.evidence.observation import Observation
from asr_properties.evidence.step import Step
from asr_properties.evidence.told import Change
from asr_properties.evidence.unknown import alike, known
from asr_properties.specification.relations.relation import Judgement, Monitor, Relation

HEALTH = frozenset({"health", "health_issues"})
UNTOUCHED_BY_TIME = ("id", "last_planned_failover")
"""Fields that time alone never changes. They must be as before when a refusing job has ended."""

POINT_IN_USE_TOLD = frozenset({*PHASE_SETS["can_fail_over"], *PHASE_SETS["after_failover"]})
"""Phases in which the point in use must be as before, too. In the reverse direction it is free."""

NULL_IS_NONE = frozenset({"failover_recovery_point", "last_planned_failover", "current_job"})
"""Fields in which null means that there is none. In others the value is unknown then (contract, Observation)."""

REFUSED_AT_ONCE = Relation(
    name="refusal_changes_nothing",
    requirements=("X02",),
    says="an operation that is refused at once leaves the item, its points, machines and jobs as they were",
    seen="{changed}",
    right="all as before the refusal",
    needs=("seconds",),
)


class _RefusedByJob(Relation):
    """Where the item shows the phase of the operation itself, that was begun though it must be refused: what says so
    is broken first."""

    def blames(self, step: Step, stepper: Stepper) -> tuple[str, ...]:
        phase, item = step.agreed_before.phase, known(step.now.item)
        begun = {t.target for t in stepper.efsm.transitions if t.event == step.event and t.source != t.target}
        if phase is None or item is None or item.phase == phase or item.phase not in begun:
            return self.requirements
        return of_a_word(stepper, phase, known(step.was.drill) or "no_drill", step.event)


REFUSED_BY_JOB = _RefusedByJob(
    name="refusing_job_changes_nothing",
    requirements=("X02",),
    says="an operation whose job refuses it leaves points and machines alone, and the item as before when it has ended",
    seen="{changed}",
    right="all as before the operation was asked for",
    needs=("seconds",),
)

RELATIONS = (REFUSED_AT_ONCE, REFUSED_BY_JOB)


class _Asked(NamedTuple):
    """What was seen when an operation was asked for whose job may refuse it.

    accepted: how many operations were accepted before it.
    """

    seen: Observation
    phase: str | None
    accepted: int


class Refusals(Monitor):
    """Compares what was seen before and after a refusal."""

    # What a refusal changed, no model state agrees with; that it was a refusal tells more than what it changed.
    needs_agreement = False

    def begin_item(self) -> None:
        self._asked: dict[str, _Asked] = {}
        self._accepted = 0

    def enter(self, step: Step) -> Iterator[Judgement]:
        if step.response is Answer.REFUSED and step.is_timeless:
            changed = _changes(step.was, _without(step.job, step.now))
            yield REFUSED_AT_ONCE.judged(not changed, changed=changed)
        elif step.job in step.agreed.refused and step.is_timeless:  # the item may show the operation's phase meanwhile
            changed = _changes_beside(step.was, step.now, _BESIDE_THE_ITEM[:-1])
            yield REFUSED_BY_JOB.judged(not changed, changed=changed)
        if step.job is not None and step.response is not Answer.ACCEPTED:
            self._asked[step.job] = _Asked(step.was, step.agreed_before.phase, self._accepted)
        if step.response is Answer.ACCEPTED or any(not ended.refused for ended in step.ended):
            self._accepted += 1
        for ended in step.ended:
            if ended.refused and ended.id in self._asked:
                asked = self._asked.pop(ended.id)
                if asked.accepted == self._accepted:  # nothing else can have changed the item meanwhile
                    yield from _after_the_job(asked, step)


def _after_the_job(asked: _Asked, step: Step) -> Iterator[Judgement]:
    was, now = known(asked.seen.item), known(step.now.item)
    if was is None or now is None:
        return
    is_told = {asked.phase, step.agreed.phase} <= POINT_IN_USE_TOLD
    names = (*UNTOUCHED_BY_TIME, "failover_recovery_point") if is_told else UNTOUCHED_BY_TIME
    changed = _changes_of_the_item(was, now, names)
    yield REFUSED_BY_JOB.judged(not changed, changed=changed)


_BESIDE_THE_ITEM = (
    "recovery_points", "on_premises", "azure", "on_premises_newest", "azure_newest", "received_newest",
    "processed_newest", "jobs",
)  # fmt: skip


def _changes(was: Observation, now: Observation) -> list[Change]:
    """How two observations differ, apart from the health of the item."""
    before, after = known(was.item), known(now.item)
    changes = _changes_beside(was, now, _BESIDE_THE_ITEM)
    if before is None or after is None:
        return changes if before is after else [Change("phase", was.phase, now.phase), *changes]
    return [*_changes_of_the_item(before, after, Item.model_fields.keys() - HEALTH), *changes]


def _changes_beside(was: Observation, now: Observation, names: Sequence[str]) -> list[Change]:
    """How two observations differ in what is seen beside the item."""
    pairs = ((name, getattr(was, name), getattr(now, name)) for name in names)
    return [Change(name, then, since) for name, then, since in pairs if not alike(then, since)]


def _without(job: str | None, seen: Observation) -> Observation:
    """The observation without the job of the operation that was refused, which may have ended at once."""
    jobs = known(seen.jobs)
    return seen if job is None or jobs is None else seen._replace(jobs=tuple(other for other in jobs if other != job))


def _changes_of_the_item(was: Item, now: Item, names: Iterable[str]) -> list[Change]:
    """How two looks at an item differ in the fields of these names that both tell."""
    return [Change(n, getattr(was, n), getattr(now, n)) for n in sorted(names) if not _agree(was, now, n)]


def _agree(was: Item, now: Item, name: str) -> bool:
    """Whether two looks agree in a field. What is null just now is never compared, unless null means none."""
    before, after = _set_of(getattr(was, name)), _set_of(getattr(now, name))
    return before == after or (name not in NULL_IS_NONE and (before is None or after is None))


def _set_of(value: object) -> object:
    """The value as it is compared: lists of operations have no order."""
    return frozenset(value) if isinstance(value, list) else value
