"""Runs of the lifecycle machine on one session, while a budget lasts."""

from __future__ import annotations

from collections.abc import Callable, Set
from typing import Any, cast

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from asr_model.vocabulary import Operation
from asr_properties.evidence.actions import Action
from asr_properties.generation.goals import Goals, all_goals
from asr_properties.generation.hypothesis_guard import Guard
from asr_properties.generation.lifecycle_machine import LifecycleMachine
from asr_properties.session.nonconformance import NonConformance
from asr_properties.session.session import Session


class _Guarded:
    """The part of a session that the machine uses. What goes wrong in it is passed to the guard."""

    def __init__(self, session: Session, guard: Guard) -> None:
        self._session, self._guard = session, guard

    def __getattr__(self, name: str) -> Any:
        return getattr(self._session, name)

    def begin(self, configuration: dict[str, object]) -> None:
        self._guard.does(lambda: self._session.begin(configuration))

    def perform(self, action: Action) -> Any:
        return self._guard.does(lambda: self._session.perform(action))

    def settle(self) -> None:
        self._guard.does(self._session.settle)


def machine_runs(
    session: Session,
    profile: str,
    number: int,
    steps: int,
    start: int,
    go_on: Callable[[], bool],
    failed: Callable[[NonConformance], None],
    followed: set[int],
) -> None:
    """Do about `number` runs of the lifecycle machine on one session, each of at most `steps` rules.

    start: the seed. go_on: whether the budget allows another step. Failures are passed to `failed`, and not shrunk.
    followed: the walks that earlier runs have followed; those of this one are added.

    Raises:
        AdapterError: the adapter is at fault.
    """
    guard = Guard(go_on, failed)
    known: dict[str, Any] = {}
    judged_by, goals_now = profile, _goals_now(session, profile, followed) if start % 2 == 0 else None

    class Shared(LifecycleMachine):
        profile = judged_by

        def __init__(self) -> None:
            super().__init__()
            self.followed = followed
            if "guide" in known:
                self.__dict__["guide"] = known["guide"]
            known["guide"] = self.guide

        @classmethod
        def goals(cls) -> Goals:
            return goals_now or super().goals()

        @classmethod
        def new_session(cls) -> Session:
            return cast("Session", _Guarded(session, guard))

        def _tell_hypothesis(self) -> None:
            """The run counts what it covers."""

    with guard.around_hypothesis():
        run_state_machine_as_test(
            seed(start)(Shared),
            settings=settings(
                max_examples=max(number, 1),
                stateful_step_count=steps,
                phases=[Phase.generate],
                database=None,
                deadline=None,
                suppress_health_check=list(HealthCheck),
                report_multiple_bugs=False,
            ),
        )


def _goals_now(session: Session, profile: str, followed: Set[int]) -> Goals:
    """The phases in which some operation was not asked for, the transitions that were not taken, and the walks that
    were not followed; all where there are none. Hypothesis needs them to stay the same: hence short runs."""
    everything = all_goals(profile)
    asked = {operation: {p for p, o in session.tries.pairs if o == operation} for operation in map(str, Operation)}
    untried = tuple(phase for phase in everything.phases if any(phase not in asked[name] for name in asked))
    untaken = tuple(name for name in everything.transitions if name not in session.oracle.taken)
    unfollowed = tuple(number for number in everything.scenarios if number not in followed)
    return Goals(untried or everything.phases, untaken or everything.transitions, unfollowed or everything.scenarios)
