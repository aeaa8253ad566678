"""The engines: the ways in which a run makes walks, and how they share its budget."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from enum import StrEnum
from random import Random
from typing import Protocol

from asr_model.lts import Lts
from asr_properties.generation.transition_tour import TransitionTour
from asr_properties.session.nonconformance import NonConformance
from asr_properties.session.session import Session

WALKS_AT_ONCE = 10
"""Hypothesis draws so many walks in one go. The first of each lot is always its plainest one."""

RULES_OF_A_WALK = 40


class Engine(StrEnum):
    """How walks are made."""

    TOUR = "tour"
    HYPOTHESIS = "hypothesis"
    SUITE = "suite"
    ALL = "all"


SHARES: Mapping[Engine, tuple[tuple[Engine, float], ...]] = {
    Engine.TOUR: ((Engine.TOUR, 1.0),),
    Engine.SUITE: ((Engine.SUITE, 1.0),),
    Engine.HYPOTHESIS: ((Engine.HYPOTHESIS, 1.0),),
    Engine.ALL: ((Engine.TOUR, 0.8), (Engine.HYPOTHESIS, 0.95), (Engine.TOUR, 1.0)),
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
        _until_nothing_is_left(TransitionTour(session, lts, Random(seed)), go_on, failed)
        return
    if engine is Engine.SUITE:
        # It takes its time to work out what is to be tried.
        from asr_properties.generation.suite_walks import SuiteWalks

        _until_nothing_is_left(SuiteWalks(session, lts.stepper.efsm.profile), go_on, failed)
        return
    # Hypothesis takes 0.2 s to import, and every command imports this module.
    from asr_properties.generation.machine_runs import machine_runs

    followed: set[int] = set()
    while go_on():
        profile = lts.stepper.efsm.profile
        machine_runs(session, profile, WALKS_AT_ONCE, RULES_OF_A_WALK, seed, go_on, failed, followed)
        seed += 1


class _Walks(Protocol):
    def walks(self) -> Iterator[None]: ...


def _until_nothing_is_left(making: _Walks, go_on: Callable[[], bool], failed: Callable[[NonConformance], None]) -> None:
    while go_on():
        try:
            for _ in making.walks():
                if not go_on():
                    return
            return  # nothing is left to learn
        except NonConformance as failure:
            failed(failure)
