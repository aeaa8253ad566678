"""Leads an item to a phase, or over a transition, as the model knows the way.

The way is planned anew after every action, because the implementation may answer differently where the facts leave it
a choice. What is chosen on the way follows from the goal, its variant and the item alone: done again it is the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from math import inf
from random import Random
from typing import Any

from asr_model.lts import Edge, Lts
from asr_model.profiles import stepper
from asr_properties.evidence.actions import TIME_THE_JOB, WAIT_FOR_JOB, WRITE, Action, as_request, new_item, wait
from asr_properties.generation.action_choice import WAITS, Chooser
from asr_properties.generation.beliefs import answers_now
from asr_properties.generation.edge_actions import EdgeActions
from asr_properties.generation.routes import Routes
from asr_properties.generation.scenarios import Scenario, scenarios
from asr_properties.generation.settings_scenarios import of_controls
from asr_properties.session.session import Session

LONGEST_WAY = 30
"""Actions on one way. What has not come by then may never come: a phase may pass unseen, or be refused."""

MOST_TRIES = 3
"""So often the same is asked for on one way. What the item does with it may be its free choice."""

LAST_WAITS = (inf, 600.0, 120.0, 30.0)
"""The longest wait just before a phase, by the variant of the way: a phase that does not last long may pass unseen."""

WRITING = 0.15
"""How often the guest writes a record on the way. Without data nothing can be lost."""

TIMING = 0.2
"""How often the time of a job is taken, which is slower than waiting for it."""

IN_VAIN = 4
"""After so many waits of a chosen length in a row, longer ones come."""


class Guide:
    """Gives the actions that lead the item of a session, one after the other; each is to be done before the next."""

    def __init__(self, session: Session, lts: Lts) -> None:
        self._session = session
        self._lts = lts
        self._routes = Routes(session, lts)

    def to_phase(self, phase: str, variant: int) -> Iterator[Action]:
        """The actions that lead to a phase. Ends without it where there is no way. variant: 0 for the plainest way."""
        oracle = self._session.oracle

        def way() -> list[Edge] | None:
            return self._routes.to_phase(oracle.explanations[0].state, phase)

        short = LAST_WAITS[min(variant, len(LAST_WAITS) - 1)]
        return self._on_the_way(way, lambda: oracle.phase == phase, _random(phase, variant), short)

    def to_transition(self, transition: str, variant: int) -> Iterator[Action]:
        """The actions that lead over a declared transition, by its id; else as for a phase."""
        if transition not in self._routes.transitions:
            return
        oracle, random = self._session.oracle, _random(transition, variant)
        before = oracle.taken[transition]
        needed = self._needed_configuration(transition)
        if needed is not None:
            yield new_item(needed)

        def way() -> list[Edge] | None:
            state = random.choice(oracle.explanations).state
            return self._routes.to_transition(state, transition, once_more=variant % 2 == 1)

        yield from self._on_the_way(way, lambda: oracle.taken[transition] > before, random)

    def scenario(self, number: int) -> Iterator[Action]:
        """The actions of a walk that is written down, on a fresh item; number: modulo how many there are."""
        written = scenarios_of(self._lts.stepper.efsm.profile, tuple(self._session.connection.hello.controls))
        walk = written[number % len(written)]
        yield new_item(walk.configuration)
        yield from walk.actions

    def everything_refused(self, variant: int) -> Iterator[Action]:
        """A request for each operation that the model refuses here, while the item stays in its phase."""
        phase = self._session.oracle.phase
        names = sorted(answers_now(self._session).refused.keys() & self._session.connection.offered)
        for name in names[variant:] + names[:variant]:
            events = answers_now(self._session).refused.get(name)
            if self._session.oracle.phase != phase or phase is None:
                return
            if events:
                yield as_request(events[variant % len(events)])
        if self._session.oracle.phase == phase and self._session.observer.ended_jobs:
            yield Action("cancel_job", "ended")

    def _needed_configuration(self, transition: str) -> dict[str, object] | None:
        """The configuration without which a transition is never taken; None if that of the item will do."""
        chosen = self._session.configuration
        events = [edge.event for edge in self._routes.edges_of(transition)]
        of_app_points = all(dict(event.arguments).get("recovery_point") == "latest_app_consistent" for event in events)
        needs_app_points = of_app_points or transition.startswith("app_consistent")
        keeps_points = chosen.get("retention_minutes") != 0
        if needs_app_points and not (chosen.get("app_consistent_minutes") and keeps_points):
            return {"app_consistent_minutes": 60}
        return {} if transition.startswith("crash_consistent") and not keeps_points else None

    def _on_the_way(
        self, way: Callable[[], list[Edge] | None], is_there: Callable[[], bool], random: Random, short: float = inf
    ) -> Iterator[Action]:
        actions = EdgeActions(self._session, self._lts, self._routes, Chooser(random.randrange), random)
        plays = not isinstance(random, _Plainest)
        writes = self._session.connection.has_workload and plays
        waited, asked = 0, Counter[Action]()
        for _ in range(LONGEST_WAY):
            if is_there():
                return
            steps = way()
            if steps is None:
                return
            # No steps are left where the item may be there already, but not for certain: waiting may tell.
            action = actions.first_of(steps) if steps else wait(WAITS[0])
            if is_stuck(self._session, action):
                if self._session.oracle.explanations[0].job is not None:
                    action = WAIT_FOR_JOB
                elif self._session.faults:
                    action = Action("clear", min(self._session.faults))
                else:
                    return
            if len(steps) == 1 and action.kind == "wait" and short < inf:
                yield wait(min(action.seconds or short, short))
                continue
            asked[action] += action.kind != "wait"
            if asked[action] > MOST_TRIES:
                return
            if action == WAIT_FOR_JOB and self._session.connection.has_clock and random.random() < TIMING * plays:
                action = TIME_THE_JOB
            if writes and random.random() < WRITING:
                yield WRITE
            waited = waited + 1 if action.kind == "wait" and action.seconds else 0
            yield action if waited <= IN_VAIN else wait(WAITS[min(waited - IN_VAIN + 2, len(WAITS) - 1)])


@cache
def scenarios_of(profile: str, controls: tuple[str, ...]) -> tuple[Scenario, ...]:
    """The walks that are written down for a profile, as far as an implementation offers these controls."""
    lifecycle = stepper(profile)
    return (*scenarios(lifecycle), *of_controls(lifecycle, controls))


def is_stuck(session: Session, action: Action) -> bool:
    """Whether this was refused just now, or is being refused by a job, as the phase is still the same.

    Where the facts leave that open, it may be refused forever.
    """
    runs = session.oracle.explanations[0].job is not None
    same = [step for step in session.steps[-3:] if step.action == action]
    return any(
        step.answer.startswith("refused")
        or (step.answer == "accepted" and not runs and step.shown_phase == session.oracle.phase)
        for step in same
    )


class _Plainest(Random):
    """Makes the plainest of all choices each time; lengths of time are in the middle."""

    def random(self) -> float:
        return 0.0

    def choice(self, seq: Any) -> Any:
        return seq[len(seq) // 2] if isinstance(seq[0], float) else seq[0]

    def randrange(self, start: int, stop: int | None = None, step: int = 1) -> int:
        return 0 if stop is None else start


def _random(goal: str, variant: int) -> Random:
    return Random(f"{goal} {variant}") if variant else _Plainest()
