"""Walks steered by the model: pick something not covered yet, walk the known way to it, take it.

Uniform random walks reach next to nothing of a lifecycle whose interesting states lie a dozen exact steps deep. The
model knows the way, so each walk is planned; the plan is made anew after every step, since the implementation may
answer differently where the facts leave it a choice.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from random import Random

from asr_model.lts import Edge, Lts
from asr_model.state import State
from asr_model.vocabulary import Operation
from asr_properties.evidence.actions import WAIT_FOR_JOB, WRITE, Action, wait
from asr_properties.generation.action_choice import WAITS, Chooser, as_request
from asr_properties.generation.scenarios import scenarios
from asr_properties.session.irreplaceable import gives_up
from asr_properties.session.session import Session

LONGEST_WALK = 120
"""Actions for one fresh item; then the next walk begins, from a fresh one."""

WRITING = 0.15
"""How often the guest writes a record on the way: without data nothing can be lost."""

PATIENCE = 200
"""Actions towards one target; then it may be one that can never be told for certain (a job that fails where the
operation may be refused as well), and others come first."""

SHORT_PATIENCE, ARRIVED = 24, 8
"""Without a clock each action takes real time, and what has to be caught at the right instant may never be: then the
patience is this, and an action where only the target itself is left to do counts as so many."""


_COSTLY = (Operation.DISABLE_REPLICATION, Operation.CANCEL_JOB)


def _leaves_its_phase(edge: Edge) -> bool:
    return edge.transition is not None and edge.transition.variable == "phase"


class _LeadsOn:
    """Whether a way can go over a step. Where the facts leave it open, what was refused may be refused forever.

    refused: phases and the operations that were refused there.
    """

    def __init__(self, lts: Lts, usable: Callable[[Edge], bool], refused: frozenset[tuple[str, str]]) -> None:
        self._lts = lts
        self._usable = usable
        self.refused = refused

    def __call__(self, edge: Edge) -> bool:
        phase = self._lts.states[edge.source].phase
        return self._usable(edge) and not ((phase, edge.event.name) in self.refused and self._is_open(edge))

    def for_certain(self, edge: Edge) -> bool:
        """Whether the step is usable, and nobody may refuse it."""
        return self._usable(edge) and not self._is_open(edge)

    def _is_open(self, edge: Edge) -> bool:
        return self._lts.stepper.step(self._lts.states[edge.source], edge.event, edge.surroundings).may_refuse


def _operation(action: Action) -> str:
    return str(Operation.CANCEL_JOB) if action.kind == "cancel_job" else action.name


class TransitionTour:
    """Steers a session towards the transitions and (phase, operation) pairs it has not covered."""

    def __init__(self, session: Session, lts: Lts, random: Random) -> None:
        self._session = session
        self._lts = lts
        self._random = random
        self._has_clock = session.connection.has_clock
        self._chooser = Chooser(random.randrange)
        self._by_transition: dict[str, list[Edge]] = {}
        for edge in lts.edges:
            if edge.transition is not None and (self._has_clock or self._can_be_met(edge)):
                self._by_transition.setdefault(edge.transition.id, []).append(edge)
        can_disturb = session.connection.has_faults
        self._faults = {s.name: s.faults for s in lts.stepper.efsm.surroundings if s.faults and can_disturb}
        self._scenarios = list(scenarios(lts.stepper))
        random.shuffle(self._scenarios)
        self._given = {s.name for s in lts.stepper.efsm.surroundings} - set(self._faults)
        self._passing = {s.name for s in lts.stepper.efsm.surroundings if s.passes}
        self._tried: Counter[str] = Counter()
        self._patience, self._arrived = (PATIENCE, 1) if self._has_clock else (SHORT_PATIENCE, ARRIVED)
        self._ways: dict[tuple[State, str, frozenset[str], frozenset[tuple[str, str]]], list[Edge] | None] = {}

    def walks(self) -> Iterator[None]:
        """Walk on and on; yields after every action, so that the caller can stop."""
        yield from self._walk_scenarios()
        while True:
            target = self._next_target()
            self._session.begin(self._configuration_for(target))
            yield
            if target is not None:
                yield from self._approach(target)
            elif (phase := self._untried_phase()) is not None:
                yield from self._visit(phase)
            else:
                yield from self._wander()
            self._session.settle()

    def _walk_scenarios(self) -> Iterator[None]:
        """Each of the walks written down, once; where there is no clock they lead nowhere."""
        while self._has_clock and self._scenarios:
            scenario = self._scenarios.pop()
            self._session.begin(scenario.configuration)
            for action in scenario.actions:
                self._session.perform(action)
                yield
            self._session.settle()

    @property
    def uncovered(self) -> list[str]:
        """The declared transitions that were not taken for certain."""
        return [identifier for identifier in self._by_transition if identifier not in self._session.oracle.taken]

    # -- one walk ----------------------------------------------------------------------------------------------

    def _approach(self, target: str) -> Iterator[None]:
        """Walk to a target, and from there on to others, while the walk is short enough."""
        for _ in range(LONGEST_WALK):
            if target in self._session.oracle.taken or self._tried[target] > self._patience:
                following = self._nearest_target()
                if following is None and target in self._session.oracle.taken:
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
        """Walk to a phase and ask there for everything that was not asked for there yet."""
        for _ in range(LONGEST_WALK):
            state = self._session.oracle.explanations[0].state
            if state.phase == phase and self._session.oracle.phase == phase:
                yield from self._probe()
                return
            goal = lambda number: self._lts.states[number].phase == phase  # noqa: E731
            here, leads_on = self._lts.number[state], self._leads_on()
            way = self._lts.shortest_path(here, goal, leads_on.for_certain)
            if way is None:
                way = self._lts.shortest_path(here, goal, leads_on)
            if way is None:
                return
            self._session.perform(self._realise(way) if way else wait(WAITS[0]))  # it may be there: see
            yield

    def _wander(self) -> Iterator[None]:
        for _ in range(LONGEST_WALK):
            self._session.perform(self._chooser.action(self._session, self._lts.stepper))
            yield

    def _probe(self) -> Iterator[None]:
        """Ask for every operation that was not asked for yet in this phase; most must be refused."""
        for operation in self._random.sample(list(Operation), len(Operation)):
            phase = self._session.oracle.phase
            if phase is None or (phase, str(operation)) in self._session.pairs:
                continue
            if operation is Operation.CANCEL_JOB:
                action = Action("cancel_job", self._chooser.one_of(("running", "ended")))
            else:
                action = Action(
                    "request", operation, self._chooser.likely_arguments(operation), pick=self._random.randrange(4)
                )
            step = self._session.perform(action)
            yield
            if step.answer == "accepted":
                self._session.perform(WAIT_FOR_JOB)
                yield

    def _next_action(self, target: str) -> Action | None:
        """The next action on the way; None if there is no way from here."""
        if self._random.random() < 0.12:
            return self._noise()
        explanations = self._session.oracle.explanations
        if len(explanations) > 1 and self._random.random() < 0.4:
            return wait(self._random.choice(WAITS[:3]))  # within a job: see how far it is
        state = self._random.choice(explanations).state
        way = self._way(state, target)
        if way is None:
            return None
        self._tried[target] += self._arrived if len(way) == 1 else 1
        action = self._realise(way)
        if self._is_stuck(action):
            return WAIT_FOR_JOB if self._session.oracle.explanations[0].job is not None else None
        return action

    def _is_stuck(self, action: Action) -> bool:
        """Whether this was refused just now: where the facts leave it open, it may be refused forever."""
        return any(step.action == action and step.answer.startswith("refused") for step in self._session.steps[-3:])

    def _noise(self) -> Action:
        """Something beside the way: it must be refused or change little, and it makes walks differ."""
        phase = self._session.oracle.phase
        if phase is not None and self._random.random() < 0.7:
            untried = [o for o in Operation if (phase, str(o)) not in self._session.pairs]
            if untried:
                operation = self._random.choice(untried)
                if operation is Operation.CANCEL_JOB:
                    return Action("cancel_job", self._chooser.one_of(("running", "ended")))
                return Action("request", operation, self._chooser.likely_arguments(operation))
        return self._chooser.one_of(
            (Action("write"), Action("cancel_job", "ended"), wait(60), self._chooser.any_request())
        )

    def _realise(self, way: list[Edge]) -> Action:
        """The action that takes the first step of a way, or one that prepares it: faults first."""
        edge = self._variant(way[0])
        prepared = self._foresee(way) or self._prepare(edge)
        if prepared is not None:
            return prepared
        if edge.event.is_operation:
            return as_request(edge.event, self._random.randrange(4))
        ends = edge.transition is not None and edge.transition.ends is not None
        if ends and "impaired" not in self._session.surroundings and self._random.random() < 0.6:
            return WAIT_FOR_JOB
        if edge.event.name.endswith("pruned"):
            return wait(self._random.choice(WAITS[-2:]))
        lengths = (*WAITS[:3], *WAITS[:4]) if self._session.oracle.explanations[0].job is not None else WAITS
        return wait(self._random.choice(lengths))

    def _variant(self, edge: Edge) -> Edge:
        """The same step under other surroundings: those that hold now if they serve, else any that do."""
        variants = [
            other
            for other in self._lts.outgoing[edge.source]
            if other.event == edge.event and other.transition == edge.transition and self._usable(other)
        ]
        holds = self._session.surroundings
        fitting = [v for v in variants if v.surroundings == holds & self._relevant(v)]
        return self._random.choice(fitting or variants)

    def _foresee(self, way: list[Edge]) -> Action | None:
        """Some faults decide at the beginning of a job how it ends: half of the time begin them ahead of it."""
        ahead = next((edge for edge in way[1:4] if edge.surroundings and not edge.event.is_operation), None)
        if ahead is None or way[0].surroundings or not way[0].event.is_operation or self._random.random() < 0.5:
            return None
        missing = sorted(self._variant(ahead).surroundings - self._session.surroundings)
        return self._begin(missing[0]) if missing else None

    def _prepare(self, edge: Edge) -> Action | None:
        """Begin or end the faults that a step depends on."""
        holds = self._session.surroundings
        for name in sorted(self._relevant(edge) | (holds & set(self._faults))):
            if name in edge.surroundings and name not in holds:
                return self._begin(name)
            if (
                name not in edge.surroundings
                and name in holds
                and (name in self._relevant(edge) or self._random.random() < 0.3)
            ):
                return Action("clear", self._random.choice(sorted(self._session.faults & set(self._faults[name]))))
        if (
            (holds - edge.surroundings)
            & self._passing
            & self._lts.stepper.relevant(self._lts.states[edge.source], edge.event)
        ):
            return wait(WAITS[2])
        if edge.event.name.endswith("pruned") and "impaired" not in holds and self._random.random() < 0.5:
            return Action("inject", "replication_unhealthy")  # points vanish only where none are made
        return None

    def _begin(self, surrounding: str) -> Action:
        return self._chooser.fault(self._random.choice(self._faults[surrounding]))

    def _relevant(self, edge: Edge) -> frozenset[str]:
        return self._lts.stepper.relevant(self._lts.states[edge.source], edge.event) & set(self._faults)

    def _untried_phase(self) -> str | None:
        """A phase in which some operation was not tried yet."""
        phases = [
            p for p in self._lts.stepper.efsm.phases if any((p, str(o)) not in self._session.pairs for o in Operation)
        ]
        return self._random.choice(phases) if phases else None

    # -- targets -----------------------------------------------------------------------------------------------

    def _next_target(self) -> str | None:
        """Something not covered yet, what was tried least first; without a clock, what is nearest."""
        uncovered = self.uncovered
        if not uncovered:
            return None
        if not self._has_clock and (nearest := self._nearest_target(self._lts.stepper.initial)) is not None:
            return nearest
        least = min(self._tried[identifier] for identifier in uncovered)
        if least > self._patience and self._untried_phase() is not None and self._random.random() < 0.7:
            return None
        return self._random.choice([u for u in uncovered if self._tried[u] <= least + 3])

    def _nearest_target(self, state: State | None = None) -> str | None:
        """The uncovered one that the shortest way leads to. Where time is real, what ends a life or a job comes last,
        for to get as far again takes hours; and of two that are equally near that of a drill comes first."""
        here = state or self._session.oracle.explanations[0].state
        ways = {
            u: way
            for u in self.uncovered
            if self._tried[u] <= self._patience and (way := self._way(here, u)) is not None
        }

        def rank(target: str) -> tuple[bool, int, bool, str]:
            way = ways[target]
            costly = not self._has_clock and any(edge.event.name in _COSTLY for edge in way)
            return costly, len(way), not self._has_clock and _leaves_its_phase(way[-1]), target

        return min(ways, key=rank, default=None)

    def _way(self, state: State, target: str) -> list[Edge] | None:
        """The shortest way to take `target`, that step included."""
        leads_on = self._leads_on()
        key = (state, target, self._session.surroundings & self._given, leads_on.refused)
        if key not in self._ways:
            sources = {edge.source: edge for edge in self._by_transition[target] if self._usable(edge)}
            way = self._lts.shortest_path(self._lts.number[state], sources.__contains__, leads_on)
            self._ways[key] = (
                None if way is None else [*way, sources[way[-1].target if way else self._lts.number[state]]]
            )
        return self._ways[key]

    def _leads_on(self) -> _LeadsOn:
        """Which steps a way can go over, after what this item has refused so far."""
        steps = [
            step for step in self._session.steps if step.answer.startswith("refused") and step.shown_phase is not None
        ]
        refused = frozenset((str(step.shown_phase), _operation(step.action)) for step in steps)
        return _LeadsOn(self._lts, self._usable, refused)

    def _usable(self, edge: Edge) -> bool:
        """Whether a step can be brought about: surroundings hold already, or come of faults that can be begun; and
        whether it is to be, where a machine can't be made anew."""
        if edge.transition is None or not edge.surroundings & self._given <= self._session.surroundings:
            return False
        phase, of = self._lts.states[edge.source].phase, str(dict(edge.event.arguments).get("job"))
        spared = self._session.connection.is_irreplaceable
        return not (spared and gives_up(self._lts.stepper.efsm, phase, edge.event.name, of))

    def _can_be_met(self, edge: Edge) -> bool:
        """Whether a step can be met with where nobody moves time: it is asked for, ends a job, or is due sometime."""
        phase = self._lts.stepper.efsm.phases[self._lts.states[edge.source].phase]
        ends = edge.transition is not None and edge.transition.ends is not None
        return edge.event.is_operation or ends or phase.settles_within is not None

    def _configuration_for(self, target: str | None) -> dict[str, object]:
        """A configuration under which the target is likely; hidden datastores only where nothing is to be reached."""
        drawn = self._chooser.configuration()
        if target is None:
            return drawn
        drawn.pop("datastore_visible", None)
        if target.startswith(("app_", "crash_")) or "#3" in target:
            drawn.pop("retention_minutes", None)
        if target.startswith("app_") or "#3" in target:
            drawn["app_consistent_minutes"] = self._random.choice((60, 120))
        return drawn
