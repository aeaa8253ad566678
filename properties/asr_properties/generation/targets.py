"""What a tour walks to next: a declared transition that was not taken yet, or a phase with untried operations."""

from __future__ import annotations

from collections import Counter
from random import Random

from asr_model.lts import Edge, Lts
from asr_model.state import State
from asr_model.vocabulary import Operation
from asr_properties.generation.action_choice import Chooser
from asr_properties.generation.routes import Routes
from asr_properties.session.session import Session

PATIENCE = 200
"""So many actions go into one target before others come first.

Some targets can never be told for certain, such as a job that fails where the operation may be refused as well.
"""

SHORT_PATIENCE, LAST_STEP_COUNTS = 24, 8
"""Without a clock each action takes real time, so the patience is shorter. What has to be caught at the right instant
may never be; so an action counts as this many where only the target itself is left to do."""

_COSTLY = (Operation.DISABLE_REPLICATION, Operation.CANCEL_JOB)


class Targets:
    """Chooses targets for the walks of a session, and counts the actions that went into each."""

    def __init__(self, session: Session, lts: Lts, routes: Routes, random: Random) -> None:
        self._session = session
        self._lts = lts
        self._routes = routes
        self._random = random
        self._has_clock = session.connection.has_clock
        self._actions: Counter[str] = Counter()
        self._patience, self._last_step_counts = (
            (PATIENCE, 1) if self._has_clock else (SHORT_PATIENCE, LAST_STEP_COUNTS)
        )

    @property
    def uncovered(self) -> list[str]:
        """The declared transitions that were not taken for certain."""
        return [identifier for identifier in self._routes.transitions if not self.is_covered(identifier)]

    def is_covered(self, target: str) -> bool:
        """Whether a transition was taken for certain."""
        return target in self._session.oracle.taken

    def is_given_up(self, target: str) -> bool:
        """Whether too many actions went into a target; it may still be the next one when nothing else is left."""
        return self._actions[target] > self._patience

    def count_action(self, target: str, steps_left: int) -> None:
        """Count an action towards a target that was so many steps away."""
        self._actions[target] += self._last_step_counts if steps_left == 1 else 1

    def next(self) -> str | None:
        """The target of a fresh walk: with a clock one of those that the fewest actions went into, without one the
        nearest. None if nothing is left to cover, or untried operations come first."""
        uncovered = self.uncovered
        if not uncovered:
            return None
        if not self._has_clock and (nearest := self.nearest(self._lts.stepper.initial)) is not None:
            return nearest
        least = min(self._actions[identifier] for identifier in uncovered)
        if least > self._patience and self.untried_phase() is not None and self._random.random() < 0.7:
            return None
        return self._random.choice([target for target in uncovered if self._actions[target] <= least + 3])

    def nearest(self, state: State) -> str | None:
        """The uncovered target that the shortest way from a state leads to; None if no way leads to any."""
        ways = {
            target: way
            for target in self.uncovered
            if not self.is_given_up(target) and (way := self._routes.to_transition(state, target)) is not None
        }
        return min(ways, key=lambda target: (*self._cost(ways[target]), target), default=None)

    def _cost(self, way: list[Edge]) -> tuple[bool, int, bool]:
        """The smaller, the better. In real time it takes hours to get as far again: there a way that ends a life or a
        job comes last, and of two equally long ways the one comes first that stays in its phase, as a drill does."""
        if self._has_clock:
            return False, len(way), False
        return any(edge.event.name in _COSTLY for edge in way), len(way), _leaves_its_phase(way[-1])

    def untried_in(self, phase: str) -> list[Operation]:
        """The operations that were not asked for in a phase yet."""
        return [operation for operation in Operation if (phase, str(operation)) not in self._session.pairs]

    def untried_phase(self) -> str | None:
        """A phase in which some operation was not asked for yet."""
        phases = [phase for phase in self._lts.stepper.efsm.phases if self.untried_in(phase)]
        return self._random.choice(phases) if phases else None

    def configuration_for(self, target: str | None, chooser: Chooser) -> dict[str, object]:
        """The configuration of a fresh item on which the target is likely to be reached."""
        drawn = chooser.configuration()
        if target is None:
            return drawn
        drawn.pop("datastore_visible", None)  # a hidden datastore keeps some targets out of reach
        needs_app_points = target.startswith("app_") or self._fails_over_to_app_points(target)
        if needs_app_points or target.startswith("crash_"):
            drawn.pop("retention_minutes", None)
        if needs_app_points:
            drawn["app_consistent_minutes"] = self._random.choice((60, 120))
        return drawn

    def _fails_over_to_app_points(self, target: str) -> bool:
        edges = self._routes.edges_of(target)
        return any(dict(edge.event.arguments).get("recovery_point") == "latest_app_consistent" for edge in edges)


def _leaves_its_phase(edge: Edge) -> bool:
    return edge.transition is not None and edge.transition.variable == "phase"
