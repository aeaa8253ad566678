"""The observable machine: what a tester can make happen, and see, one input after the other.

The labelled transition system has a step for everything that happens; a tester asks, and lets time pass. So an input
here is a request, or time in which things happen by themselves, with nothing wrong or with one thing wrong meanwhile.
What the item then shows tells, of the outcomes that are open, which one came; the machine is observably
nondeterministic, because the facts leave it open and not the tester.

A move covers what it shows for certain: the transitions that every way to the state takes (as the oracle counts them),
and what was asked for, and where. Nobody can do with fewer steps than the machine allows. Where two states look alike
an actual run may take more.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple

from asr_model.closure import closure_of
from asr_model.efsm import Event
from asr_model.forbidden import kind_of
from asr_model.lts import Lts
from asr_model.vocabulary import Answer, JobEnd, Operation


class Sort(StrEnum):
    """What an input does."""

    ASK = "ask"
    PASS_TIME = "pass time"
    FRESH_ITEM = "fresh item"


class Input(NamedTuple):
    """What a tester does next. event: what is asked for, with ASK. wrong: the surrounding that a fault brings about
    before time passes, and that ends afterwards; empty where nothing is wrong."""

    sort: Sort
    event: Event | None = None
    wrong: str = ""

    def __str__(self) -> str:
        during = f" while {self.wrong}" if self.wrong else ""
        return f"{self.event or self.sort}{during}"


class Goal(NamedTuple):
    """Something to cover.

    sort: `transition`, a declared one, by its id; `pair`: an operation that is asked for in a phase; `arguments`: it
    with one kind of arguments; `fault`: time passes with it where it matters.
    """

    sort: str
    where: str
    what: str | Event = ""

    def __str__(self) -> str:
        return f"{self.what} in {self.where}" if self.what else self.where


class Move(NamedTuple):
    """One input, with one of the outcomes that are possible. source, target: numbers of states. ends: how jobs ended
    meanwhile, in order. covers: what this shows for certain."""

    source: int
    input: Input
    target: int
    answer: Answer | None
    ends: tuple[JobEnd, ...]
    covers: frozenset[Goal]


CANCEL_RUNNING = Event(Operation.CANCEL_JOB, (("job", "running"),))
"""It can be asked for only where a job runs."""


@dataclass(frozen=True)
class ObservableMachine:
    """All moves of a lifecycle. States are those of the LTS, by number; 0 is a fresh item, to which a fresh item leads
    from everywhere else."""

    lts: Lts
    moves: tuple[Move, ...]

    @cached_property
    def outgoing(self) -> tuple[tuple[Move, ...], ...]:
        """The moves that leave each state."""
        found: list[list[Move]] = [[] for _ in self.lts.states]
        for move in self.moves:
            found[move.source].append(move)
        return tuple(map(tuple, found))

    @cached_property
    def inputs(self) -> tuple[Input, ...]:
        """Every input."""
        return tuple(dict.fromkeys(move.input for move in self.moves))

    def goals(self, *sorts: str) -> frozenset[Goal]:
        """Everything of these sorts that there is to cover."""
        return frozenset(goal for move in self.moves for goal in move.covers if goal.sort in sorts)


def observable_machine(lts: Lts) -> ObservableMachine:
    """The observable machine of everything that is reachable in `lts`."""
    return ObservableMachine(lts, tuple(_moves(lts)))


def _moves(lts: Lts) -> Iterator[Move]:
    wrong = ("", *(s.name for s in lts.stepper.efsm.surroundings if s.faults))
    for number in range(len(lts.states)):
        for event in lts.stepper.events:
            if event.is_operation and (event != CANCEL_RUNNING or _is_busy(lts, number)):
                yield from _asked(lts, number, event)
        for name in wrong:
            yield from _passed(lts, number, name)
        if number:
            yield Move(number, Input(Sort.FRESH_ITEM), 0, None, (), frozenset())


def _is_busy(lts: Lts, number: int) -> bool:
    """Whether a job runs."""
    state, efsm = lts.states[number], lts.stepper.efsm
    drills = efsm.drills[state.drill].settles_within is not None
    return not efsm.phases[state.phase].steady or drills or state.resynchronizing


def _asked(lts: Lts, number: int, event: Event) -> Iterator[Move]:
    state = lts.states[number]
    outcome = lts.stepper.step(state, event)
    tried = {Goal("pair", state.phase, event.name), Goal("arguments", state.phase, kind_of(event))}
    if outcome.transition is not None:
        covers = frozenset({*tried, Goal("transition", outcome.transition.id)})
        yield Move(number, Input(Sort.ASK, event), lts.number[outcome.state], Answer.ACCEPTED, (), covers)
    if outcome.transition is None or outcome.may_refuse:
        yield Move(number, Input(Sort.ASK, event), number, Answer.REFUSED, (), frozenset(tried))


def _passed(lts: Lts, number: int, wrong: str) -> Iterator[Move]:
    state, stepper = lts.states[number], lts.stepper
    if wrong and not any(wrong in stepper.relevant(state, event) for event in stepper.events if not event.is_operation):
        return
    matters = frozenset({Goal("fault", wrong)}) if wrong else frozenset()
    for reached in closure_of(stepper).after(state, frozenset({wrong}) if wrong else frozenset()):
        taken = frozenset(Goal("transition", identifier) for identifier in reached.certain)
        if taken:
            covers = taken | (matters if reached.ends else frozenset())
            yield Move(
                number, Input(Sort.PASS_TIME, wrong=wrong), lts.number[reached.state], None, reached.ends, covers
            )


STEPS: Mapping[Sort, int] = {Sort.ASK: 1, Sort.PASS_TIME: 1, Sort.FRESH_ITEM: 1}
"""What an input takes in actions on the implementation. A fault takes two more: it begins, and it ends."""

OPERATIONS: Mapping[Sort, int] = {Sort.ASK: 10, Sort.PASS_TIME: 1, Sort.FRESH_ITEM: 10}
"""The same where an operation and a fresh item are ten times as dear as letting time pass."""


def price(move: Move, prices: Mapping[Sort, int] = STEPS) -> int:
    """What a move costs."""
    return prices[move.input.sort] + (2 * prices[Sort.PASS_TIME] if move.input.wrong else 0)
