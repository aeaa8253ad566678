"""A tour that is planned anew after every answer: always to what is left to cover and costs least to come to.

The model leaves outcomes open, so no tour can be fixed beforehand. What a move costs is what it takes in steps, divided
by how likely its outcome is, as far as the item has shown: what it declines again and again becomes dear, and comes
last. So what must be refused comes first, wherever the item is, as it costs one step.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from heapq import heappop, heappush
from itertools import count
from math import inf, sqrt
from random import Random
from typing import NamedTuple

from asr_model.efsm import Event
from asr_model.lts import Lts
from asr_model.observable_machine import Goal, Move, ObservableMachine, Sort, kind_of, observable_machine, price
from asr_model.state import State
from asr_model.vocabulary import Answer, Operation
from asr_properties.evidence.actions import WAIT_FOR_JOB, Action, as_request, wait
from asr_properties.generation.action_choice import WAITS, tasks_of
from asr_properties.generation.targets import ENOUGH_TRIES, MOST_ACTIONS, Targets
from asr_properties.session.session import Session

MOST_MISSED = 3
"""So often one item is asked for what it does otherwise."""

MOST_DECLINES = 8
"""After so many refusals of what it may refuse, without having done it once, an item is not asked for it any more."""

MOST_FOR_A_PAIR = 60
"""After so many steps towards a phase in which an operation was not asked for, it is left to slower ways."""


TRANSITION, PAIR = SORTS = ("transition", "pair")
"""The goals of the machine that a tour leads to."""


class Configuration(NamedTuple):
    """Settings of an item, and the best kinds of recovery points that may then be listed."""

    settings: tuple[tuple[str, int], ...]
    points: tuple[str, ...]


CONFIGURATIONS = (
    Configuration((("app_consistent_minutes", 60),), ("none", "crash", "app")),
    Configuration((), ("none", "crash")),
    Configuration((("retention_minutes", 0),), ("none",)),
)
"""The configurations that a tour needs: whether and which recovery points there are."""


class Variant(NamedTuple):
    """One of the ways to bring a surrounding about. early: the fault begins before the job does."""

    wrong: str
    fault: str
    task: str | None
    early: bool


POINTS = ("none", "crash", "app")
"""The best kind of recovery point listed, the better the further."""

IMPAIRED = "impaired"
"""The surrounding in which no recovery points are made."""


class Plan(NamedTuple):
    """The cheapest way to a goal: its moves, the last of which covers the goal."""

    moves: tuple[Move, ...]
    goal: Goal
    cost: float


class AdaptiveTour:
    """Leads the item of a session to every transition, and asks for every operation in every phase. Needs a clock."""

    def __init__(self, session: Session, lts: Lts, targets: Targets, random: Random) -> None:
        self._session, self._lts, self._targets, self._random = session, lts, targets, random
        self._machine = machine_of(lts)
        self._ways = _Ways(self._machine, random)
        self._faults = {s.name: s.faults for s in lts.stepper.efsm.surroundings if session.connection.has_faults}
        needing = (goal.where for move in self._machine.moves if move.input.wrong for goal in move.covers)
        self._by_faults = frozenset(needing)
        self._passing = {s.name for s in lts.stepper.efsm.surroundings if s.passes}
        self._likely = Likelihood(session, lts)
        self._pace = Pace(random)
        honoured = session.connection.hello.configuration
        self._configurations = [c for c in CONFIGURATIONS if all(key in honoured for key, _ in c.settings)]
        self._turns: Counter[Variant] = Counter()
        self._began: Variant | None = None
        self._spent: Counter[Goal] = Counter()

    def walks(self) -> Iterator[None]:
        """Walk while there is something left. Yields after every action.

        Raises:
            NonConformance: a walk failed. The next call goes on with another walk.
            AdapterError: the adapter is at fault.
        """
        while (configuration := self._best_configuration()) is not None:
            self._makes(configuration)
            self._session.begin(dict(configuration.settings))
            self._pace.begin()
            yield
            while (plan := self._plan(self._here)) is not None and plan.moves[0].input.sort is not Sort.FRESH_ITEM:
                yield from self._take(plan)
            self._session.settle()

    # -- what is left ------------------------------------------------------------------------------------------

    def _is_covered(self, goal: Goal) -> bool:
        if goal.sort == TRANSITION:
            return self._targets.is_covered(goal.where)
        return (goal.where, goal.what) in self._session.tries.pairs

    def _is_wanted(self, goal: Goal) -> bool:
        """Whether something that is not covered is worth another try."""
        session = self._session
        if goal.sort == TRANSITION:
            enough = 2 * ENOUGH_TRIES if goal.where in self._by_faults else ENOUGH_TRIES
            tries = session.tries
            return tries.last_steps[goal.where] < enough and tries.actions[goal.where] <= MOST_ACTIONS
        offered = session.connection.hello.operations
        is_offered = offered is None or goal.what in offered or goal.what == Operation.CANCEL_JOB
        return is_offered and self._spent[goal] <= MOST_FOR_A_PAIR

    def _plan(self, start: int) -> Plan | None:
        self._ways.goals -= {goal for goal in self._ways.goals if self._is_covered(goal)}
        wanted = frozenset(goal for goal in self._ways.goals if self._is_wanted(goal))
        return self._ways.cheapest(start, wanted, self._cost) if wanted else None

    def _cost(self, move: Move) -> float:
        if move.input.wrong and not self._faults.get(move.input.wrong):
            return inf
        states = self._lts.states
        points = states[move.target].points
        if points not in self._points and points != states[move.source].points:
            return inf
        likely = self._likely.of(move)
        return (price(move) + max(len(move.ends) - 1, 0)) / likely if likely else inf

    def _best_configuration(self) -> Configuration | None:
        """The configuration of a fresh item that comes to something left with the least cost; None if nothing is."""
        self._likely.begin_item()
        best: tuple[float, Configuration] | None = None
        for configuration in self._configurations:
            self._makes(configuration)
            plan = self._plan(0)
            if plan is not None and (best is None or plan.cost < best[0]):
                best = plan.cost, configuration
        return None if best is None else best[1]

    def _makes(self, configuration: Configuration) -> None:
        self._points = configuration.points
        self._likely.points = configuration.points

    # -- one move ----------------------------------------------------------------------------------------------

    @property
    def _here(self) -> int:
        return self._lts.number[self._random.choice(self._session.oracle.explanations).state]

    def _take(self, plan: Plan) -> Iterator[None]:
        """Do what the first move of a plan takes."""
        move = plan.moves[0]
        self._count(plan)
        before = self._lts.states[move.source]
        if plan.goal.sort == PAIR and len(plan.moves) == 1 and self._session.oracle.phase is None:
            self._session.perform(WAIT_FOR_JOB if self._session.oracle.explanations[0].job else wait(WAITS[0]))
            yield
            return
        if move.input.sort is Sort.ASK:
            yield from self._ask(plan)
            return
        wrong = self._wrong(move)
        if not wrong:
            yield from self._end_faults()
        yield from self._begin(self._variant(move, before=False))
        yield from self._let_pass(move)
        ended = tuple(str(job.state) for _, _, job in self._session.observer.ended)
        now = self._session.oracle.explanations[0].state
        was_due = self._pace.is_learning
        self._pace.came_to(before, now)
        if not was_due or now.phase == self._lts.states[move.target].phase != before.phase:
            self._likely.saw(move, ended, [explanation.state for explanation in self._session.oracle.explanations])
        if wrong and self._began is not None:
            self._likely.saw_variant(move, self._began, came=self._is_as(move, ended))
        if self._pace.gives_up:
            self._likely.failed(move, MOST_MISSED)
        if wrong and not self._goes_on_wrong(wrong):
            yield from self._end_faults()

    def _is_as(self, move: Move, ended: tuple[str, ...]) -> bool:
        """Whether time has brought what a move says."""
        states = [explanation.state for explanation in self._session.oracle.explanations]
        return move.ends[-1:] == ended[-1:] and self._lts.states[move.target] in states

    def _count(self, plan: Plan) -> None:
        if plan.goal.sort == TRANSITION:
            self._targets.count_action(plan.goal.where, steps_left=len(plan.moves))
        else:
            self._spent[plan.goal] += 1

    def _ask(self, plan: Plan) -> Iterator[None]:
        move, session = plan.moves[0], self._session
        event = move.input.event
        assert event is not None
        yield from self._end_faults()
        # Some faults decide already at the beginning of a job how it ends, others only when a task ends.
        variant = self._variant(plan.moves[1], before=True) if len(plan.moves) > 1 else None
        if variant is not None and variant.early:
            yield from self._begin(variant)
        relevant = self._lts.stepper.relevant(self._lts.states[move.source], event)
        if session.surroundings & self._passing & relevant and plan.goal.sort == TRANSITION:
            session.perform(wait(WAITS[2]))
            yield
        self._pace.begin()
        step = session.perform(as_request(event, self._random.randrange(4)))
        yield
        if (step.answer != "accepted" and move.answer is Answer.ACCEPTED) or step.answer.startswith("skipped"):
            self._likely.failed(move)
        if step.answer == "accepted" and event.name != "cancel_job" and self._is_being_refused(step.job):
            session.perform(WAIT_FOR_JOB)
            yield
            if move.answer is Answer.ACCEPTED:
                self._likely.failed(move)

    def _is_being_refused(self, job: str | None) -> bool:
        """Whether an operation started a job, and the item is at rest: then waiting tells at once that it is refused,
        or that it is not."""
        explanations = self._session.oracle.explanations
        facts = self._lts.stepper.efsm.phases
        at_rest = all(facts[e.state.phase].steady and e.job is None for e in explanations)
        return job is not None and at_rest and any(e.refuses(job) for e in explanations)

    def _begin(self, variant: Variant | None) -> Iterator[None]:
        """Begin a fault, unless one is on that brings about the same."""
        if variant is None or self._session.faults.intersection(self._faults[variant.wrong]):
            return
        yield from self._end_faults()
        self._turns[variant] += 1
        self._session.perform(Action("inject", variant.fault, task=variant.task))
        self._began = variant
        yield

    def _variant(self, move: Move, *, before: bool) -> Variant | None:
        """The kind of fault that has brought a move about most often, of those that were not tried first the one that
        was begun least. before: whether it may be one that begins before the job does."""
        wrong = self._wrong(move)
        if not wrong:
            return None
        kinds = [
            Variant(wrong, f, t, e) for f in self._faults[wrong] for t in (*tasks_of(f), None) for e in (False, True)
        ]
        allowed = [kind for kind in kinds if before or not kind.early]
        return max(allowed, key=lambda kind: (self._likely.of_variant(move, kind), -self._turns[kind]))

    def _wrong(self, move: Move) -> str:
        """What is to be wrong meanwhile: recovery points go only where no new ones are made."""
        points = [self._lts.states[number].points for number in (move.source, move.target)]
        loses = move.input.sort is Sort.PASS_TIME and POINTS.index(points[1]) < POINTS.index(points[0])
        return move.input.wrong or (IMPAIRED if loses and IMPAIRED in self._faults else "")

    def _goes_on_wrong(self, wrong: str) -> bool:
        following = self._plan(self._here)
        return following is not None and self._wrong(following.moves[0]) == wrong

    def _end_faults(self) -> Iterator[None]:
        for fault in sorted(self._session.faults):
            self._session.perform(Action("clear", fault))
            yield

    def _let_pass(self, move: Move) -> Iterator[None]:
        job = self._session.oracle.explanations[0].job
        if move.ends and job is not None:
            self._pace.begin()
            self._session.perform(WAIT_FOR_JOB)
        else:
            source, target = self._lts.states[move.source], self._lts.states[move.target]
            self._session.perform(wait(self._pace.next(source, target, has_job=job is not None)))
        yield


class Likelihood:
    """How likely an outcome is, by what the items of a session have shown: as often as it came, of all times that it
    could have come; before anything is known all outcomes are alike. What did not come of one item just now is less
    likely to come of it the next time."""

    def __init__(self, session: Session, lts: Lts) -> None:
        self._tries, self._lts = session.tries, lts
        self._came: Counter[tuple[object, ...]] = Counter()
        self._times: Counter[tuple[object, ...]] = Counter()
        self._failed: Counter[tuple[object, ...]] = Counter()
        self._free = _free(lts)
        self.points: tuple[str, ...] = ()

    def begin_item(self) -> None:
        """A fresh item begins."""
        self._failed.clear()

    def of(self, move: Move) -> float:
        """How likely a move is; 0 where the item has always declined what it asks for."""
        if move.input.sort is Sort.FRESH_ITEM:
            return 1.0
        state, event = self._lts.states[move.source], move.input.event
        missed = self._failed[self._key(move, state)] if self._failed else 0
        if missed >= MOST_MISSED:
            return 0.0
        return self._share(move, state, event) / 2**missed

    def _share(self, move: Move, state: State, event: Event | None) -> float:
        if event is not None and (move.source, event) not in self._free:
            return 1.0
        if event is not None:
            tried = (state.phase, kind_of(event))
            granted, declined = self._tries.granted[tried], self._tries.declined[tried]
            if declined >= MOST_DECLINES and not granted and move.source != move.target:
                return 0.0
            share = (granted + 1) / (granted + declined + 2)
            return share if move.answer is Answer.ACCEPTED else 1 - share
        came, times = self._came[self._key(move, state)], self._times[self._input(move, state)]
        return (came + 1) / (times + 2)

    def of_variant(self, move: Move, variant: Variant) -> float:
        """How likely a kind of fault brings a move about."""
        key = (*self._key(move, self._lts.states[move.source]), variant)
        return (self._came[key] + 1) / (self._times[key] + 2)

    def saw_variant(self, move: Move, variant: Variant, *, came: bool) -> None:
        """A kind of fault brought a move about, or did not."""
        key = (*self._key(move, self._lts.states[move.source]), variant)
        self._times[key] += 1
        self._came[key] += came

    def failed(self, move: Move, times: int = 1) -> None:
        """The item did otherwise, or it could not be asked."""
        self._failed[self._key(move, self._lts.states[move.source])] += times

    def saw(self, move: Move, ended: tuple[str, ...], states: list[State]) -> None:
        """Time passed, to see this move; jobs ended so, and the item may be in one of these states now."""
        source = self._lts.states[move.source]
        input_ = self._input(move, source)
        self._times[input_] += 1
        outcomes = {(*input_, *self._outcome(state, ended[-1:])) for state in states}
        self._came.update(outcomes)
        if self._key(move, source) not in outcomes:
            self.failed(move)

    def _key(self, move: Move, state: State) -> tuple[object, ...]:
        if move.input.event is not None:
            return state.phase, state.drill, move.input.event, move.answer
        return *self._input(move, state), *self._outcome(self._lts.states[move.target], move.ends[-1:])

    def _input(self, move: Move, state: State) -> tuple[object, ...]:
        return self.points, state.phase, state.drill, state.points, state.stopping, move.input.wrong, bool(move.ends)

    def _outcome(self, state: State, ends: tuple[str, ...]) -> tuple[object, ...]:
        return state.phase, state.drill, state.points, ends


class Pace:
    """How long to wait until the item comes from one state to another and no further, learnt from the waits so far: for
    each way the longest wait that was too short, and the shortest that was too long."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._short: dict[tuple[object, ...], float] = {}
        self._long: dict[tuple[object, ...], float] = {}
        self.begin()

    def begin(self) -> None:
        """A fresh item begins."""
        self._waited, self._aim = 0.0, ()

    @property
    def is_learning(self) -> bool:
        """Whether the last wait was for something that comes by itself, sooner or later."""
        return bool(self._aim)

    @property
    def gives_up(self) -> bool:
        """Whether the longest wait was too short."""
        return bool(self._aim) and self._waited >= WAITS[-1]

    def next(self, source: State, target: State, *, has_job: bool) -> float:
        """Seconds to wait. has_job: a job runs, and is to run on."""
        if has_job:
            self._aim = ()
            return self._random.choice(WAITS[:3])
        aim = (source.phase, source.points, target.phase, target.points)
        if aim != self._aim:
            self._aim, self._waited = aim, 0.0
        short, long = self._short.get(aim, 0.0), self._long.get(aim, inf)
        if long < inf:
            total = sqrt(max(short, long / 9) * long) if long > short else long / 2
        else:
            total = next((w for w in WAITS[3:] if w > max(short, self._waited)), WAITS[-1])
        seconds = max(float(round(total - self._waited)), WAITS[0])
        self._waited += seconds
        return seconds

    def came_to(self, before: State, now: State) -> None:
        """What the last wait led to."""
        if not self._aim or self._aim[:2] != (before.phase, before.points):
            return
        if (now.phase, now.points) == self._aim[:2]:
            self._short[self._aim] = max(self._short.get(self._aim, 0.0), self._waited)
        elif now.phase not in (before.phase, self._aim[2]):
            self._long[self._aim] = min(self._long.get(self._aim, inf), self._waited)
        if (now.phase, now.points) != self._aim[:2]:
            self._aim = ()


class _Ways:
    """Finds the cheapest way to a goal (Dijkstra). Equally cheap ones are told apart by chance, refusals come first."""

    def __init__(self, machine: ObservableMachine, random: Random) -> None:
        self._covering: dict[Goal, list[Move]] = {}
        self._leading: list[list[Move]] = []
        for moves in machine.outgoing:
            ordered = sorted(moves, key=lambda move: (move.answer is not Answer.REFUSED, random.random()))
            alike = {_what_it_takes(machine.lts, move): move for move in ordered if move.source != move.target}
            self._leading.append(list(alike.values()))
            for move in ordered:
                for goal in sorted(goal for goal in move.covers if goal.sort in SORTS):
                    self._covering.setdefault(goal, []).append(move)
        self.goals = set(self._covering)
        self._wanted: frozenset[Goal] = frozenset()
        self._aims: dict[int, list[tuple[Move, Goal]]] = {}

    def cheapest(self, start: int, wanted: frozenset[Goal], cost: Callable[[Move], float]) -> Plan | None:
        """The cheapest way from a state to one of the goals that are wanted; None if there is none."""
        if wanted != self._wanted:
            self._wanted, self._aims = wanted, {}
            for goal in sorted(wanted):
                for move in self._covering[goal]:
                    self._aims.setdefault(move.source, []).append((move, goal))
        order = count()
        best: dict[int, float] = {start: 0.0}
        came: dict[int, Move] = {}
        heap: list[tuple[float, int, int, tuple[Move, Goal] | None]] = [(0.0, next(order), start, None)]
        while heap:
            spent, _, here, aim = heappop(heap)
            if aim is not None:
                return Plan((*_unwound(came, start, aim[0].source), aim[0]), aim[1], spent)
            if spent > best[here]:
                continue
            for move, goal in self._aims.get(here, ()):
                if (there := spent + cost(move)) < inf:
                    heappush(heap, (there, next(order), here, (move, goal)))
            for move in self._leading[here]:
                if spent + 1 < best.get(move.target, inf) and (there := spent + cost(move)) < best.get(
                    move.target, inf
                ):
                    best[move.target], came[move.target] = there, move
                    heappush(heap, (there, next(order), move.target, None))
        return None


def _what_it_takes(lts: Lts, move: Move) -> tuple[object, ...]:
    """What a move costs, and where it leads: of several that are alike in it, one will do on the way to others."""
    is_free = (move.source, move.input.event) in _free(lts)
    return move.target, move.input._replace(event=move.input.event if is_free else None), move.ends


def _unwound(came: Mapping[int, Move], start: int, goal: int) -> tuple[Move, ...]:
    way: list[Move] = []
    while goal != start:
        way.append(came[goal])
        goal = way[-1].source
    return tuple(reversed(way))


@cache
def _free(lts: Lts) -> frozenset[tuple[int, object]]:
    """What may be accepted or refused: numbers of states, each with what is asked for."""
    step = lts.stepper.step
    events = [event for event in lts.stepper.events if event.is_operation]
    return frozenset((n, e) for n, s in enumerate(lts.states) for e in events if step(s, e).may_refuse)


_MACHINES: dict[int, ObservableMachine] = {}


def machine_of(lts: Lts) -> ObservableMachine:
    """The observable machine of a model. Working it out takes half a second."""
    if id(lts) not in _MACHINES:
        _MACHINES[id(lts)] = observable_machine(lts)
    return _MACHINES[id(lts)]
