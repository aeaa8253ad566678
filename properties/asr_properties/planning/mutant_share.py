"""How many mutants of the model the tests of a plan find, measured on a sample: each is run as a slow service."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import NamedTuple

from asr_model.mutants.mutant import Mutant
from asr_properties.mutation.implementation import MutantService
from asr_properties.mutation.judging import Judged, Settings, judge
from asr_properties.mutation.scoring import overall, sample, scores
from asr_properties.planning.plan_document import Plan
from asr_properties.planning.slow_service import SlowService
from asr_properties.running.budget import Budget
from asr_properties.running.campaign import Campaign
from asr_properties.running.given_walks import GivenWalk
from asr_properties.running.run_memory import RunMemory

SEED = 0
"""Draws the sample, so that plans are measured by the same mutants."""


class MutantShare(NamedTuple):
    """found, run: how many of the mutants that can be told from the model the plan found. judged: with those that
    cannot be told. share: of all mutants of the profile that can be told, each operator by how many it has."""

    found: int
    run: int
    judged: int
    share: float | None


def share_of_mutants(
    plan: Plan, size: int, progress: Callable[[float, str, int], None] = lambda part, what, count: None
) -> MutantShare:
    """What a plan finds of so many mutants of each operator, of those that can be told from the model."""
    chosen = sample(plan.profile, size, SEED)
    judged: list[Judged] = []
    for number, mutant in enumerate(chosen):
        progress(number / len(chosen), "mutants", number)
        one = judge(Settings(plan.profile, None, SEED), mutant)
        judged.append(one if one.equivalent else one.model_copy(update={"found": _finds(plan, mutant)}))
    told_apart = [one for one in judged if one.found is not None]
    found = sum(one.found is True for one in told_apart)
    return MutantShare(found, len(told_apart), len(judged), overall(scores(plan.profile, judged)))


def _finds(plan: Plan, mutant: Mutant) -> bool:
    slow = SlowService(plan.profile, partial(MutantService, plan.profile, mutant))
    result = Campaign(
        lambda: slow,
        profile=plan.profile,
        budget=Budget(steps=10**9),
        adapter=mutant.name,
        patience=1.0,
        rest=slow.rest,
        repeats=False,
        until=bool,
        given=_Once(plan),
    ).run()
    if result.stopped == "interrupted":
        raise KeyboardInterrupt
    return result.failures > 0


class _Once:
    """The tests of a plan, of all machines, of which nothing is kept."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan

    def left(self) -> Iterable[GivenWalk]:
        for test in self._plan.tests:
            yield GivenWalk(test.number, test.configuration, tuple(step.action for step in test.steps))

    def keep(self, memory: RunMemory, done: int | None) -> None:
        pass

    def took(self, operation: str, minutes: float) -> None:
        pass

    def earlier(self) -> Iterable[RunMemory]:
        return ()
