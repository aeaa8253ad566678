"""Judging one mutant: can anybody tell it from the model, and does a run find it?"""

from __future__ import annotations

import time
from functools import partial
from typing import Any, NamedTuple

from pydantic import BaseModel, ConfigDict

from asr_model import profiles
from asr_model.machine import Machine
from asr_model.mutants.mutant import Mutant
from asr_properties.mutation.beliefs import beliefs_of
from asr_properties.mutation.implementation import MutantService
from asr_properties.mutation.product import Product
from asr_properties.mutation.walks import walk_of
from asr_properties.running.budget import Budget
from asr_properties.running.campaign import Campaign


class Settings(NamedTuple):
    """How mutants are judged. budget: of each run; None: only decide which are equivalent. seed: of each run, and of
    the sample. runs_equivalent: whether those that nobody can tell apart are run as well, to see that none is found."""

    profile: str
    budget: str | None
    seed: int
    runs_equivalent: bool = False


class WalkRecord(BaseModel):
    """The shortest walk that shows a mutant, as `Walk.to_json` has it. told: a line for people for each step."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    configuration: dict[str, Any]
    steps: list[dict[str, Any]]
    told: list[str]
    differs: str
    allowed: list[str]
    requirements: list[str]


class Judged(BaseModel):
    """What became of one mutant.

    states, deciding: of the product, and the seconds of processor time that it took. walk: what shows it; None if it
    is equivalent. found: whether the run found it; None if it was not run. steps: after so many actions of the budget.
    requirement: what was named first. running: the seconds of processor time of the run. error: what went wrong with
    the mutant itself, which says nothing about the suite; empty if nothing did.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    operator: str
    name: str
    what: str
    equivalent: bool
    states: int
    deciding: float
    walk: WalkRecord | None
    found: bool | None = None
    steps: int = 0
    requirement: str = ""
    running: float = 0.0
    error: str = ""


def judge(settings: Settings, mutant: Mutant) -> Judged:
    """Decide whether a mutant is equivalent, and let a run look for it.

    Raises:
        KeyboardInterrupt: it was interrupted; the run so far tells nothing.
    """
    stepper = profiles.stepper(settings.profile)
    beliefs = beliefs_of(stepper)
    begin = time.process_time()
    decision = Product(stepper, beliefs, mutant).decide()
    deciding = time.process_time() - begin
    walk = walk_of(decision, stepper, beliefs, Machine(stepper, mutant))
    judged = Judged(
        operator=mutant.operator,
        name=mutant.name,
        what=mutant.what,
        equivalent=decision.is_equivalent,
        states=decision.states,
        deciding=round(deciding, 3),
        walk=None if walk is None else WalkRecord(**walk.to_json(), told=list(map(str, walk.steps))),
    )
    if settings.budget is None or (decision.is_equivalent and not settings.runs_equivalent):
        return judged
    return _run(settings, mutant, judged)


def _run(settings: Settings, mutant: Mutant, judged: Judged) -> Judged:
    begin = time.process_time()
    result = Campaign(
        partial(MutantService, settings.profile, mutant),
        profile=settings.profile,
        budget=Budget.parse(settings.budget or ""),
        seed=settings.seed,
        adapter=judged.name,
        repeats=False,
        until=bool,
    ).run()
    if result.stopped == "interrupted":
        raise KeyboardInterrupt
    return judged.model_copy(
        update={
            "found": result.failures > 0,
            "steps": min(result.first_failures.values(), default=result.steps),
            "requirement": next((c.requirements[0] for c in result.counterexamples if c.requirements), ""),
            "running": round(time.process_time() - begin, 3),
            "error": "" if result.adapter_error is None else str(result.adapter_error),
        }
    )
