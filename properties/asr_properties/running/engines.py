"""The engines: the ways in which a run makes walks, and how they share its budget."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum
from random import Random

from asr_model.lts import Lts
from asr_properties.generation.transition_tour import TransitionTour
from asr_properties.session.nonconformance import NonConformance
from asr_properties.session.session import Session

WALKS_AT_ONCE = 200
"""Hypothesis draws so many walks in one go. The first of each lot is always its plainest one."""

STEPS_OF_A_RULE_BASED_RUN = 40


class Engine(StrEnum):
    """How walks are made."""

    TOUR = "tour"
    RANDOM = "random"
    RULES = "rules"
    ALL = "all"


SHARES: Mapping[Engine, tuple[tuple[Engine, float], ...]] = {
    Engine.TOUR: ((Engine.TOUR, 1.0),),
    Engine.RANDOM: ((Engine.RANDOM, 1.0),),
    Engine.RULES: ((Engine.RULES, 1.0),),
    Engine.ALL: ((Engine.TOUR, 0.8), (Engine.RANDOM, 0.9), (Engine.RULES, 0.93), (Engine.TOUR, 1.0)),
}
"""Engine -> the engines it stands for. Each of them goes on until this part of the whole budget is spent, or it has
nothing left to do. A second tour takes what the random walks have shown to be possible."""


def make_walks(
    engine: Engine,
    session: Session,
    lts: Lts,
    seed: int,
    go_on: Callable[[], bool],
    failed: Callable[[NonConformance], None],
) -> None:
    """Make walks on a session while `go_on()`, and pass each failing one to `failed`.

    engine: any but ALL, which only stands for others.

    Raises:
        AdapterError: the adapter is at fault.
    """
    if engine is Engine.TOUR:
        _tour(TransitionTour(session, lts, Random(seed)), go_on, failed)
        return
    # Hypothesis takes 0.2 s to import, and every command imports this module.
    from asr_properties.generation.lifecycle_machine import rule_based_runs
    from asr_properties.generation.random_walks import random_walks

    while go_on():
        if engine is Engine.RANDOM:
            random_walks(session, lts.stepper, WALKS_AT_ONCE, seed, go_on, failed)
        else:
            profile = lts.stepper.efsm.profile
            rule_based_runs(session, profile, WALKS_AT_ONCE, STEPS_OF_A_RULE_BASED_RUN, seed, go_on, failed)
        seed += 1


def _tour(tour: TransitionTour, go_on: Callable[[], bool], failed: Callable[[NonConformance], None]) -> None:
    while go_on():
        try:
            for _ in tour.walks():
                if not go_on():
                    return
            return  # nothing is left that a tour could learn
        except NonConformance as failure:
            failed(failure)
