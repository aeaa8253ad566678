"""A tour that is planned anew after every answer: always to what is left to cover and costs least to come to.

The model leaves outcomes open, so no tour can be fixed beforehand. What a move costs is what it takes in steps, divided
by how likely its outcome is, as far as the item has shown: what it declines again and again becomes dear, and comes
last. So what must be refused comes first, wherever the item is, as it costs one step.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from math import inf
from random import Random
from typing import NamedTuple, cast

from asr_model.efsm import Event
from asr_model.forbidden import forbidden
from asr_model.lts import Lts
from asr_model.observable_machine import Goal, Move, ObservableMachine, Sort, observable_machine, price
from asr_model.vocabulary import Answer, Operation
from asr_properties.evidence.actions import WAIT_FOR_JOB, WRITE, Action, as_request, wait
from asr_properties.generation.action_choice import WAITS, tasks_of
from asr_properties.generation.cheapest_way import ARGUMENTS, PAIR, TRANSITION, CheapestWays, Plan
from asr_properties.generation.likelihood import MOST_MISSED, Likelihood, Pace, Variant
from asr_properties.generation.targets import ENOUGH_TRIES, MOST_ACTIONS, Targets
from asr_properties.session.session import Session

MOST_FOR_A_PAIR = 60
"""After so many steps towards a phase in which an operation was not asked for, it is left to slower ways."""

MOST_FOR_A_PHASE = 60
"""Actions on getting into a phase that was never seen."""

MOST_FOR_ARGUMENTS = 20
"""The same for an operation with one kind of arguments."""

LATER = {ARGUMENTS: 2.0}
"""A way to these goals counts as so many steps longer: what an operation does tells more than one more refusal."""

WRITING = 0.25
"""How often the guest writes a record before an operation: without data nothing can be lost, and nothing be left."""

DWELLING = 0.5
"""How often an hour passes before a failover, so that there are several recovery points, with other data."""


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

POINTS = ("none", "crash", "app")
"""The best kind of recovery point listed, the better the further."""

IMPAIRED = "impaired"
"""The surrounding in which no recovery points are made."""


class AdaptiveTour:
    """Leads the item of a session to every transition, and asks for every operation in every phase. Needs a clock."""

    def __init__(self, session: Session, lts: Lts, targets: Targets, random: Random) -> None:
        self._session, self._lts, self._targets, self._random = session, lts, targets, random
        self._machine = machine_of(lts)
        self._ways = CheapestWays(self._machine, random)
        self._faults = {s.name: s.faults for s in lts.stepper.efsm.surroundings if session.connection.has_faults}
        needing = (goal.where for move in self._machine.moves if move.input.wrong for goal in move.covers)
        self._by_faults = frozenset(needing)
        self._passing = {s.name for s in lts.stepper.efsm.surroundings if s.passes}
        self._likely = Likelihood(session, lts)
        self._pace = Pace(random)
        honoured = session.connection.hello.configuration
        self._configurations = [c for c in CONFIGURATIONS if all(key in honoured for key, _ in c.settings)]
        self._all_prices: dict[Configuration, dict[int, float]] = {}
        self._turns: Counter[Variant] = Counter()
        self._began: Variant | None = None
        self._asked = {event.name for event in lts.stepper.events if event.is_operation} | {"job_is_cancelled"}
        self._spent: Counter[Goal] = Counter()
        # What was spent on getting into each phase, and the phases that were seen: an item may go through some of them
        # so fast that nothing can be asked for there.
        self._spent_on: Counter[str] = Counter()
        self._seen: set[str] = set()
        self._known: tuple[int, ...] = ()
        self._wanted: dict[Goal, float] = {}
        self._forbidden = {each for tries in forbidden(lts).values() for each in tries}

    def walks(self, between: Callable[[], Iterator[None]] = lambda: iter(())) -> Iterator[None]:
        """Walk while there is something left. Yields after every action. between: what comes after each item.

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
            yield from between()

    # -- what is left ------------------------------------------------------------------------------------------

    def _is_covered(self, goal: Goal) -> bool:
        if goal.sort == TRANSITION:
            return self._targets.is_covered(goal.where)
        if goal.sort == ARGUMENTS:
            return bool(self._session.tries.asked[goal.where, cast("Event", goal.what)])
        return (goal.where, goal.what) in self._session.tries.pairs

    def _is_wanted(self, goal: Goal) -> bool:
        """Whether something that is not covered is worth another try."""
        session, phase = self._session, self._asked_in(goal)
        if phase not in self._seen and self._spent_on[phase] > MOST_FOR_A_PHASE:
            return False
        if goal.sort == TRANSITION:
            enough = 2 * ENOUGH_TRIES if goal.where in self._by_faults else ENOUGH_TRIES
            tries = session.tries
            return tries.last_steps[goal.where] < enough and tries.actions[goal.where] <= MOST_ACTIONS
        if goal.sort == ARGUMENTS:
            asked = cast("Event", goal.what)
            is_judged = (goal.where, asked) in self._forbidden
            return is_judged and asked.name in session.connection.offered and self._spent[goal] <= MOST_FOR_ARGUMENTS
        is_offered = goal.what in session.connection.offered or goal.what == Operation.CANCEL_JOB
        return is_offered and self._spent[goal] <= MOST_FOR_A_PAIR

    def _asked_in(self, goal: Goal) -> str:
        """The phase, or the state of a drill, in which something is to be asked for; empty where nothing is."""
        if goal.sort != TRANSITION:
            return goal.where
        transition = self._lts.stepper.efsm.transition(goal.where)
        return transition.source if transition.event in self._asked else ""

    def _plan(self, start: int) -> Plan | None:
        tries = self._session.tries
        known = len(tries.pairs), len(tries.asked), len(self._session.oracle.taken)
        if known != self._known:  # else nothing was covered since
            self._known = known
            self._ways.goals -= {goal for goal in self._ways.goals if self._is_covered(goal)}
            self._wanted = {goal: LATER.get(goal.sort, 0.0) for goal in self._ways.goals if self._is_wanted(goal)}
        return self._ways.cheapest(start, self._wanted, self._cost) if self._wanted else None

    def _cost(self, move: Move) -> float:
        steps = self._prices.get(id(move)) or self._price(move)
        likely = self._likely.of(move) if steps < inf else 0.0
        return steps / likely if likely else inf

    def _price(self, move: Move) -> float:
        """What a move takes in steps if it succeeds; without end where the item's configuration excludes it."""
        states = self._lts.states
        points = states[move.target].points
        no_faults = move.input.wrong and not self._faults.get(move.input.wrong)
        no_points = points not in self._points and points != states[move.source].points
        steps = inf if no_faults or no_points else float(price(move) + max(len(move.ends) - 1, 0))
        self._prices[id(move)] = steps
        return steps

    def _best_configuration(self) -> Configuration | None:
        """The configuration of a fresh item that comes to something left with the least cost; None if nothing is."""
        self._likely.begin_item()
        self._known = ()
        best: tuple[float, Configuration] | None = None
        for configuration in self._configurations:
            self._makes(configuration)
            plan = self._plan(0)
            if plan is not None and (best is None or plan.cost < best[0]):
                best = plan.cost, configuration
        return None if best is None else best[1]

    def _makes(self, configuration: Configuration) -> None:
        self._points = configuration.points
        self._prices = self._all_prices.setdefault(configuration, {})
        self._likely.points = configuration.points

    # -- one move ----------------------------------------------------------------------------------------------

    @property
    def _here(self) -> int:
        states = [explanation.state for explanation in self._session.oracle.explanations]
        self._seen |= set.intersection(*({state.phase, state.drill} for state in states))
        return self._lts.number[self._random.choice(self._session.oracle.explanations).state]

    def _take(self, plan: Plan) -> Iterator[None]:
        """Do what the first move of a plan takes. What may still be refused by a job is settled first: what comes next
        would be blamed on it, or it on that."""
        if self._is_refusing():
            self._session.perform(WAIT_FOR_JOB)
            yield
            return
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
        if any(explanation.refusing for explanation in self._session.oracle.explanations):
            self._session.perform(wait(WAITS[0]))  # else how this job ends is blamed on what was refused meanwhile
            yield
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
        phase = self._asked_in(plan.goal)
        if phase and phase not in self._seen:
            self._spent_on[phase] += 1
            if self._spent_on[phase] > MOST_FOR_A_PHASE:
                self._wanted = {goal: later for goal, later in self._wanted.items() if self._asked_in(goal) != phase}
        if not self._is_wanted(plan.goal):
            self._wanted.pop(plan.goal, None)

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
        if session.connection.has_workload and self._random.random() < WRITING:
            session.perform(WRITE)
            yield
        if event.name == Operation.FAIL_OVER and self._random.random() < DWELLING:
            session.perform(wait(WAITS[3]))
            yield
        self._pace.begin()
        action = as_request(event, self._random.randrange(4))
        if self._is_refusing_the_same(action):
            session.perform(wait(WAITS[0]))
            yield
            return
        step = session.perform(action)
        yield
        if (step.answer != "accepted" and move.answer is Answer.ACCEPTED) or step.answer.startswith("skipped"):
            self._likely.failed(move)
        if step.answer == "accepted" and self._is_refusing():
            session.perform(WAIT_FOR_JOB)
            yield
            if move.answer is Answer.ACCEPTED:
                self._likely.failed(move)

    def _is_refusing(self) -> bool:
        """Whether the item is at rest, and may be refusing what was asked for by a job: waiting tells at once."""
        explanations = self._session.oracle.explanations
        facts = self._lts.stepper.efsm.phases
        at_rest = all(facts[e.state.phase].steady and e.job is None for e in explanations)
        return at_rest and any(e.refusing for e in explanations)

    def _is_refusing_the_same(self, action: Action) -> bool:
        """Whether a job may be refusing what was asked for last: asked for again, it would be refused again."""
        last = self._session.steps[-1:]
        refusing = any(explanation.refusing for explanation in self._session.oracle.explanations)
        return refusing and any(step.action == action and step.answer == "accepted" for step in last)

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
        is_left_alone = move.input.sort is Sort.PASS_TIME and not move.ends
        loses = is_left_alone and POINTS.index(points[1]) < POINTS.index(points[0])
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


_MACHINES: dict[int, ObservableMachine] = {}


def machine_of(lts: Lts) -> ObservableMachine:
    """The observable machine of a model. Working it out takes half a second."""
    if id(lts) not in _MACHINES:
        _MACHINES[id(lts)] = observable_machine(lts)
    return _MACHINES[id(lts)]
