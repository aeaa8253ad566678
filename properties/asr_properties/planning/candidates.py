"""Tests to choose from: walks over the ways that take the fewest minutes, to one thing after the other that is left."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Set
from math import inf
from random import Random

from asr_model.lts import Lts
from asr_model.observable_machine import Goal, Move, Sort
from asr_model.profiles import lts as lts_of
from asr_model.vocabulary import Answer, Operation
from asr_properties.contract.connection import AdapterError
from asr_properties.evidence.actions import WAIT_FOR_JOB, as_request, wait
from asr_properties.generation.adaptive_tour import machine_of
from asr_properties.generation.cheapest_way import PAIR, TRANSITION, CheapestWays, Plan
from asr_properties.planning.durations import REFUSED, Durations
from asr_properties.planning.rehearsal import Candidate, Rehearsal
from asr_properties.session.irreplaceable import gives_up

LONGEST_WALK = 300
"""Actions of one test."""

MOST_TRIES = 2
"""So often a move is tried in one walk: what does not come then may be the item's own choice."""

PER_MINUTE = 10.0
"""The cost of a minute, where each step costs 1 at least: of equally long ways the one with fewer steps is taken."""

LONG = 6 * 3600.0
"""Seconds in which replication gets ready, where a clock is moved; elsewhere it is polled until it is."""


class Candidates:
    """Makes candidates of a profile. All follow from the model, the durations and what is left to cover."""

    def __init__(self, profile: str, durations: Durations) -> None:
        self._profile, self._durations = profile, durations
        self._lts = lts_of(profile)
        self._ways = CheapestWays(machine_of(self._lts), Random(0))
        self._costs: dict[int, float] = {}
        self.goals = frozenset(goal for goal in self._ways.goals if goal.sort in (TRANSITION, PAIR))

    def walks(self, first: Goal | None, left: Set[Goal], longest: float) -> Iterator[Candidate]:
        """A walk that heads for one goal, and from there always to the nearest that is left; one candidate for each
        place where it could end. longest: minutes after which it is not gone on with."""
        walk = _Walk(Rehearsal(self._profile, self._durations), dict.fromkeys(left, 0.0), first)
        known = 0
        try:
            while len(walk.rehearsal.done) < LONGEST_WALK and (plan := self._next(walk)) is not None:
                move = plan.moves[0]
                if move.answer is Answer.ACCEPTED and walk.first is None and walk.covered > known:
                    known = walk.covered
                    candidate = walk.rehearsal.candidate()
                    if candidate is not None:
                        yield candidate
                    if candidate is None or candidate.minutes > longest:
                        return
                walk.do(plan, self._lts)
            candidate = walk.rehearsal.candidate()
            if candidate is not None:
                yield candidate
        except AdapterError:
            return  # the item went where nobody brings it back from

    def cheapest(self, goals: Iterable[Goal]) -> Goal | None:
        """Of these goals the one that it takes the fewest minutes to come to on a fresh item; None if there is none."""
        plan = self._ways.cheapest(0, dict.fromkeys(goals, 0.0), self._cost)
        return None if plan is None else plan.goal

    def _next(self, walk: _Walk) -> Plan | None:
        """The cheapest way to what the walk heads for, else to anything that is left; None if nothing is."""
        walk.forget_what_is_covered()
        here = self._lts.number[walk.rehearsal.state]

        is_job = not self._lts.stepper.efsm.phases[walk.rehearsal.state.phase].steady
        refused = self._durations[REFUSED].minutes

        def cost(move: Move) -> float:
            if walk.missed[move] >= MOST_TRIES or self._cost(move) == inf:
                return inf
            if move.source == here and is_job and move.answer is Answer.REFUSED:
                return 1.0 if walk.rehearsal.idle >= refused else inf  # for real the job would be over by then
            return self._cost(move)

        if walk.first is not None:
            plan = self._ways.cheapest(here, {walk.first: 0.0}, cost)
            if plan is not None:
                return plan
            walk.first = None
        return self._ways.cheapest(here, walk.wanted, cost) if walk.wanted else None

    def _cost(self, move: Move) -> float:
        known = self._costs.get(id(move))
        if known is None:
            known = self._costs[id(move)] = 1.0 + PER_MINUTE * self._minutes(move)
        return known

    def _minutes(self, move: Move) -> float:
        """What a move takes; without end where it needs a fault, or may leave machines that nobody can bring back."""
        states = self._lts.states
        source = states[move.source]
        if move.input.sort is Sort.FRESH_ITEM or move.input.wrong:
            return inf
        if move.input.event is None:
            is_due = move.ends or self._lts.stepper.efsm.phases[source.phase].settles_within is not None
            return 0.0 if is_due else inf  # nobody can tell for how long to wait
        name = str(move.input.event.name)
        of = str(dict(move.input.event.arguments).get("job", ""))
        if gives_up(self._lts.stepper.efsm, source.phase, name, of):
            return inf
        minutes = self._durations[REFUSED if move.answer is Answer.REFUSED else name].minutes
        ends_life = name == Operation.DISABLE_REPLICATION and move.answer is Answer.ACCEPTED
        return minutes + ends_life * self._durations[Operation.ENABLE_REPLICATION].minutes  # what goes on begins anew


class _Walk:
    """A walk that grows. wanted: what it looks for. first: what it heads for before. missed: how often a move did not
    come out as it says, or did not cover what it was to cover."""

    def __init__(self, rehearsal: Rehearsal, wanted: dict[Goal, float], first: Goal | None) -> None:
        self.rehearsal, self.wanted, self.first = rehearsal, wanted, first
        self.missed: Counter[Move] = Counter()

    @property
    def covered(self) -> int:
        """How much it has covered."""
        session = self.rehearsal.session
        return len(session.tries.pairs) + len(session.oracle.taken)

    def forget_what_is_covered(self) -> None:
        """Want no more what is covered."""
        self.wanted = {goal: later for goal, later in self.wanted.items() if not self._is_covered(goal)}
        if self.first is not None and self._is_covered(self.first):
            self.first = None

    def do(self, plan: Plan, lts: Lts) -> None:
        """Do the first move of a plan."""
        move, session = plan.moves[0], self.rehearsal.session
        due = WAIT_FOR_JOB if session.oracle.explanations[0].job is not None else wait(LONG)
        is_unsure = plan.goal.sort == PAIR and len(plan.moves) == 1 and session.oracle.phase is None
        event = None if is_unsure else move.input.event
        step = self.rehearsal.perform(due if event is None else as_request(event))
        if event is not None and move.answer is Answer.REFUSED and self._is_at_rest(lts):
            self.rehearsal.perform(WAIT_FOR_JOB)  # a job may refuse it, and nothing else is to be asked for meanwhile
        elif event is None and due.seconds is not None and self._is_at_rest(lts):
            self.rehearsal.perform(due)  # elsewhere one phase more may come before it is at rest
        states = {explanation.state for explanation in session.oracle.explanations}
        if step.answer.startswith("skipped"):
            self.missed[move] = MOST_TRIES
        elif lts.states[move.target] not in states or (len(plan.moves) == 1 and not self._is_covered(plan.goal)):
            self.missed[move] += 1

    def _is_at_rest(self, lts: Lts) -> bool:
        """Whether nothing runs but what refuses."""
        efsm = lts.stepper.efsm
        states = [explanation.state for explanation in self.rehearsal.session.oracle.explanations]
        return all(
            efsm.phases[state.phase].steady and efsm.drills[state.drill].settles_within is None for state in states
        ) and not any(state.resynchronizing for state in states)

    def _is_covered(self, goal: Goal) -> bool:
        session = self.rehearsal.session
        if goal.sort == TRANSITION:
            return goal.where in session.oracle.taken
        return (goal.where, goal.what) in session.tries.pairs
