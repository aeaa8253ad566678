"""What a tour walks to next: a phase with operations that were not tried there, or a transition that was not taken."""

from __future__ import annotations

from collections import Counter
from random import Random

from asr_model.efsm import Event
from asr_model.forbidden import kind_of
from asr_model.lts import Edge, Lts
from asr_model.state import State
from asr_model.vocabulary import Operation
from asr_properties.generation.action_choice import Chooser
from asr_properties.generation.routes import Routes
from asr_properties.session.session import Session

PATIENCE = 60
"""So many actions go into one target before others come first.

Some targets can never be told for certain, such as a job that fails where the operation may be refused as well.
"""

SHORT_PATIENCE, LAST_STEP_COUNTS = 24, 8
"""Without a clock each action takes real time, so the patience is shorter. What has to be caught at the right instant
may never be; so an action counts as this many where only the target itself is left to do."""

ENOUGH_TRIES = 12
"""After so many tries of the last step the item is taken to choose otherwise: the target is given up."""

MOST_ACTIONS = 100
"""After so many actions a target is given up for good: no way that the item goes leads to it."""

CANCEL_RUNNING = Event(Operation.CANCEL_JOB, (("job", "running"),))
"""In a steady phase no job of the phase runs that could be cancelled."""

MOST_VISITS = 6
"""So often a phase is walked to for what was not tried there; then the item is taken not to show it."""

_COSTLY = (Operation.DISABLE_REPLICATION, Operation.CANCEL_JOB)


class Targets:
    """Chooses targets for the walks of a session, and counts the actions that went into each."""

    def __init__(self, session: Session, lts: Lts, routes: Routes, random: Random) -> None:
        self._session = session
        self._lts = lts
        self._routes = routes
        self._random = random
        self._has_clock = session.connection.has_clock
        self._actions, self._last_steps = session.tries.actions, session.tries.last_steps
        self._visits: Counter[str] = Counter()
        self._kinds = tuple(dict.fromkeys(kind_of(event) for event in lts.stepper.events if event.is_operation))
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
        """Whether too much went into a target; it may still be the next one when nothing else is left."""
        return self._actions[target] > self._patience or self._last_steps[target] >= ENOUGH_TRIES

    def count_action(self, target: str, steps_left: int) -> None:
        """Count an action towards a target that was so many steps away."""
        self._actions[target] += self._last_step_counts if steps_left == 1 else 1
        self._last_steps[target] += steps_left == 1

    def next(self) -> str | None:
        """The target of a fresh walk: with a clock one of those that the fewest actions went into, without one the
        nearest. None if nothing is left to cover but what the item was given enough tries to show."""
        if not self._has_clock and (nearest := self.nearest(self._lts.stepper.initial)) is not None:
            return nearest
        left = [target for target in self.uncovered if self._is_left(target)]
        if not left:
            return None
        least = min(self._actions[target] for target in left)
        return self._random.choice([target for target in left if self._actions[target] <= least + 3])

    def _is_left(self, target: str) -> bool:
        """Whether there is a way to a target, and it was not tried often enough."""
        tried = self._last_steps[target] >= ENOUGH_TRIES or self._actions[target] > MOST_ACTIONS
        return not tried and self._routes.is_within_reach(target)

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

    def untried_in(self, phase: str) -> list[Event]:
        """What was not asked for in a phase yet: in a steady one each operation with each kind of arguments, in others
        each operation, whatever its arguments."""
        tries = self._session.tries
        if self._lts.stepper.efsm.phases[phase].steady:
            return [kind for kind in self._kinds if kind != CANCEL_RUNNING and not tries.asked[phase, kind]]
        plainest = {kind.name: kind for kind in reversed(self._kinds)}
        return [kind for name, kind in plainest.items() if (phase, str(name)) not in tries.pairs]

    def untried_phase(self) -> str | None:
        """The next phase in which something was not asked for yet; it is walked to a few times at most."""
        for phase in self._lts.stepper.efsm.phases:
            seen = phase not in self._routes.passing_unseen
            if seen and self._visits[phase] < MOST_VISITS and self.untried_in(phase):
                self._visits[phase] += 1
                return phase
        return None

    def is_elusive(self, phase: str) -> bool:
        """Whether a phase was walked to before, and passed unseen or left too soon: it may not last long."""
        return self._visits[phase] > 1

    def is_too_short(self, phase: str) -> bool:
        """Whether it passed so often that it may last no time, unless something keeps the item in it."""
        return self._visits[phase] > MOST_VISITS // 2

    def configuration_for(self, target: str | None, chooser: Chooser) -> dict[str, object]:
        """The configuration of a fresh item on which the target is likely to be reached."""
        drawn = chooser.configuration()
        drawn.pop("datastore_visible", None)  # a hidden datastore keeps some targets and phases out of reach
        if target is None:
            return drawn
        needs_app_points = target.startswith("app_") or self.needs_app_points(target)
        if needs_app_points or target.startswith("crash_"):
            drawn.pop("retention_minutes", None)
        if needs_app_points:
            drawn["app_consistent_minutes"] = self._random.choice((60, 120))
        return drawn

    def needs_app_points(self, target: str) -> bool:
        """Whether a transition is one of failing over to an app-consistent recovery point."""
        edges = self._routes.edges_of(target)
        return any(dict(edge.event.arguments).get("recovery_point") == "latest_app_consistent" for edge in edges)


def _leaves_its_phase(edge: Edge) -> bool:
    return edge.transition is not None and edge.transition.variable == "phase"
