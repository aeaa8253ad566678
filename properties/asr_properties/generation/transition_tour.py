"""Walks that the model steers: choose something that was not covered yet, walk the shortest way to it, and take it.

Uniform random walks reach next to nothing of a lifecycle whose interesting states lie a dozen exact steps deep. The
model knows the way, so each walk is planned. The plan is made anew after every step, because the implementation may
answer differently where the facts leave it a choice.
"""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from asr_model.efsm import Event
from asr_model.forbidden import kind_of
from asr_model.lts import Edge, Lts
from asr_model.state import State
from asr_model.vocabulary import Operation
from asr_properties.evidence.actions import WAIT_FOR_JOB, WRITE, Action, as_request, wait
from asr_properties.generation.action_choice import WAITS, Chooser
from asr_properties.generation.adaptive_tour import AdaptiveTour
from asr_properties.generation.edge_actions import EdgeActions
from asr_properties.generation.guide import is_stuck
from asr_properties.generation.routes import Routes
from asr_properties.generation.scenarios import Scenario, scenarios
from asr_properties.generation.settings_scenarios import of_controls
from asr_properties.generation.targets import Targets
from asr_properties.session.session import Session

LONGEST_WALK = 120
"""Actions on one fresh item; then the next walk begins with another."""

ALONE = 600
"""After so many actions the walks that are written down come between the others. Most faults are found by then."""

LONGEST_VISIT = 50
"""Actions on the way to a phase. One that passes in no time is never seen, however often it is walked to."""

WRITING = 0.15
"""How often the guest writes a record on the way. Without data nothing can be lost."""


class TransitionTour:
    """Steers a session towards the transitions and (phase, operation) pairs that it has not covered."""

    def __init__(self, session: Session, lts: Lts, random: Random) -> None:
        self._session = session
        self._lts = lts
        self._random = random
        self._chooser = Chooser(random.randrange)
        self._routes = Routes(session, lts)
        self._targets = Targets(session, lts, self._routes, random)
        self._edge_actions = EdgeActions(session, lts, self._routes, self._chooser, random)
        self._adaptive = AdaptiveTour(session, lts, self._targets, random)
        is_first = not session.tries.actions
        controls = session.connection.hello.controls
        plain, *others = (*scenarios(lts.stepper), *of_controls(lts.stepper, controls))
        random.shuffle(others)
        self._scenarios = [*others, plain] if is_first else []

    def walks(self) -> Iterator[None]:
        """Walk while there is something left to learn. Yields after every action, so that the caller can stop.

        Raises:
            NonConformance: a walk failed. The next call goes on with another walk.
            AdapterError: the adapter is at fault.
        """
        if self._session.connection.has_clock:
            if self._scenarios:
                yield from self._walk(self._scenarios.pop())
            yield from self._adaptive.walks(between=self._come_between)
            yield from self._visit_phases()
            while self._scenarios:
                yield from self._walk(self._scenarios.pop())
        while (target := self._targets.next()) is not None:
            self._session.begin(self._targets.configuration_for(target, self._chooser))
            yield
            yield from self._approach(target)
            self._session.settle()
        yield from self._visit_phases()

    def _visit_phases(self) -> Iterator[None]:
        """Walk to each phase in which something was not tried, on fresh items."""
        while (phase := self._targets.untried_phase()) is not None:
            self._session.begin(self._targets.configuration_for(None, self._chooser))
            yield
            yield from self._visit(phase)
            self._session.settle()

    def _come_between(self) -> Iterator[None]:
        if self._session.performed >= ALONE and self._scenarios:
            yield from self._walk(self._scenarios.pop())

    def _walk(self, scenario: Scenario) -> Iterator[None]:
        """Walk what is written down. Without a clock it would lead nowhere."""
        self._session.begin(scenario.configuration)
        for action in scenario.actions:
            self._session.perform(action)
            yield
        self._session.settle()

    def _approach(self, target: str) -> Iterator[None]:
        """Walk to a target, and from there on to others, while the walk is short enough."""
        for _ in range(LONGEST_WALK):
            if self._targets.is_covered(target) or self._targets.is_given_up(target):
                following = self._targets.nearest(self._state)
                if following is None and self._targets.is_covered(target):
                    break
                target = following or target
            action = self._next_action(target)
            if action is None:
                break
            if self._session.connection.has_workload and self._random.random() < WRITING:
                self._session.perform(WRITE)
                yield
            self._session.perform(action)
            yield
        yield from self._probe()

    def _visit(self, phase: str) -> Iterator[None]:
        """Walk to a phase, and ask there for everything that was not asked for there yet."""
        for _ in range(LONGEST_VISIT):
            state = self._state
            if state.phase == phase and self._session.oracle.phase == phase:
                yield from self._probe()
                return
            way = self._routes.to_phase(state, phase)
            if way is None:
                return
            # No steps are left where the item may be in the phase already, but not for certain: waiting may tell.
            action = self._edge_actions.first_of(way) if way else wait(WAITS[0])
            if is_stuck(self._session, action):
                if not self._session.faults:
                    return
                action = Action("clear", self._random.choice(sorted(self._session.faults)))
            if self._targets.is_elusive(phase):
                action = self._to_linger(phase, way, action)
            self._session.perform(action)
            yield

    def _to_linger(self, phase: str, way: list[Edge], action: Action) -> Action:
        """The next action on the way to a phase that passed before it was seen: bad health may keep the item in it, and
        no wait is to be longer than it."""
        impairing = self._routes.faults.get("impaired", ()) if self._targets.is_too_short(phase) else ()
        if len(way) <= 2 and impairing and not self._session.faults and self._random.random() < 0.3:
            return Action("inject", self._random.choice(impairing))
        if action.kind == "wait" and len(way) == 1:
            return wait(min(action.seconds or WAITS[2], WAITS[2]))
        return action

    def _probe(self) -> Iterator[None]:
        """Ask for all that was not asked for yet in this phase: first for what must be refused, which changes nothing,
        last for what is accepted, which ends the visit."""
        phase = self._session.oracle.phase
        if phase is None:
            return
        untried = self._targets.untried_in(phase)
        self._random.shuffle(untried)
        for kind in sorted(untried, key=self._is_accepted):
            if self._session.oracle.phase != phase:
                return
            if kind not in self._targets.untried_in(phase):
                continue
            step = self._session.perform(as_request(self._with_all_arguments(kind), self._random.randrange(4)))
            yield
            # In the midst of a job no time is to pass: what must be refused may be so by a job that ends later.
            has_a_job = step.answer == "accepted" and kind.name != Operation.CANCEL_JOB
            if has_a_job and self._lts.stepper.efsm.phases[phase].steady:
                self._session.perform(WAIT_FOR_JOB)
                yield

    def _is_accepted(self, kind: Event) -> bool:
        event = self._with_all_arguments(kind)
        return self._lts.stepper.step(self._state, event, self._session.surroundings).transition is not None

    def _with_all_arguments(self, kind: Event) -> Event:
        """The event of the model that a kind of request stands for, the plainest of several."""
        return next(event for event in self._lts.stepper.events if kind_of(event) == kind)

    def _next_action(self, target: str) -> Action | None:
        """The next action on the way to a target; None if there is no way from here."""
        if self._random.random() < 0.12:
            return self._noise()
        explanations = self._session.oracle.explanations
        if len(explanations) > 1 and self._random.random() < 0.4:
            return wait(self._random.choice(WAITS[:3]))  # within a job: see how far it is
        way = self._routes.to_transition(self._random.choice(explanations).state, target)
        if way is None:
            return None
        self._targets.count_action(target, steps_left=len(way))
        action = self._edge_actions.first_of(way)
        if is_stuck(self._session, action):
            return WAIT_FOR_JOB if explanations[0].job is not None else None
        return action

    def _noise(self) -> Action:
        """Something beside the way. It must be refused or changes little, and it makes walks differ."""
        phase = self._session.oracle.phase
        if phase is not None and self._random.random() < 0.7:
            untried = self._targets.untried_in(phase)
            if untried:
                return as_request(self._with_all_arguments(self._random.choice(untried)))
        return self._chooser.one_of((WRITE, Action("cancel_job", "ended"), wait(60), self._chooser.any_request()))

    @property
    def _state(self) -> State:
        """The state of the model that plans start from: that of the first explanation."""
        return self._session.oracle.explanations[0].state
