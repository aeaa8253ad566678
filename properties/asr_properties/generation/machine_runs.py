"""Runs of the lifecycle machine on one session, while a budget lasts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, cast

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from asr_model.vocabulary import Operation
from asr_properties.evidence.actions import Action
from asr_properties.generation.hypothesis_guard import Guard
from asr_properties.generation.lifecycle_machine import LifecycleMachine, all_goals
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
) -> None:
    """Do about `number` runs of the lifecycle machine on one session, each of at most `steps` rules.

    start: the seed. go_on: whether the budget allows another step. Failures are passed to `failed`, and not shrunk.

    Raises:
        AdapterError: the adapter is at fault.
    """
    guard = Guard(go_on, failed)
    known: dict[str, Any] = {}
    judged_by, goals_now = profile, _goals_now(session, profile) if start % 2 == 0 else None

    class Shared(LifecycleMachine):
        profile = judged_by

        def __init__(self) -> None:
            super().__init__()
            if "guide" in known:
                self.__dict__["guide"] = known["guide"]
            known["guide"] = self.guide

        @classmethod
        def goals(cls) -> tuple[Sequence[str], Sequence[str]]:
            return goals_now or super().goals()

        @classmethod
        def new_session(cls) -> Session:
            return cast("Session", _Guarded(session, guard))

        def _tell_hypothesis(self) -> None:
            """The run counts what it covers."""

        def _part(self) -> None:
            """The session is used again."""

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


def _goals_now(session: Session, profile: str) -> tuple[Sequence[str], Sequence[str]]:
    """The phases in which some operation was not asked for, and the transitions that were not taken; all where there is
    none. Hypothesis needs them to stay the same within its run: that is why a run is short."""
    phases, transitions = all_goals(profile)
    asked = {operation: {p for p, o in session.tries.pairs if o == operation} for operation in map(str, Operation)}
    untried = tuple(phase for phase in phases if any(phase not in asked[operation] for operation in asked))
    untaken = tuple(transition for transition in transitions if transition not in session.oracle.taken)
    return untried or phases, untaken or transitions
