"""Comparing a learned machine with the model: where they agree, and the shortest inputs that show each difference."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from asr_model.efsm import Event
from asr_model.lts import Lts
from asr_properties.learning.abstract_model import AbstractModel, States
from asr_properties.learning.abstraction import NOTHING_TO_NAME, Output
from asr_properties.learning.learner import LearnedMachine


class Kind(StrEnum):
    """How a step of the implementation differs."""

    EXTRA = "extra"
    MISSING = "missing"
    OTHERWISE = "otherwise"


@dataclass(frozen=True)
class Difference:
    """A step that the model does not allow.

    kind: done though it must be refused, refused though it must be done, or done with another outcome. phase: that it
    is done in. state, target: of the learned machine. asked: the inputs that show it, the last one is the step.
    allowed: what the model allows there. fields: what is shown otherwise, where the answer is right. requirements: the
    rules.
    """

    kind: Kind
    phase: str
    state: int
    target: int
    asked: tuple[Event, ...]
    output: Output
    allowed: tuple[str, ...]
    fields: tuple[str, ...]
    requirements: tuple[str, ...]

    @property
    def step(self) -> Event:
        """The input that is answered wrongly."""
        return self.asked[-1]


@dataclass(frozen=True)
class Comparison:
    """A learned machine beside the model.

    differences: one for each step of the machine that the model does not allow, those shown by the fewest inputs first.
    agreeing: how many of its steps it allows. unreached: how many steps could not be compared, as nothing in the model
    looks like the state that they begin in. declined: operations that the model leaves open and that the machine
    refuses, each with the phase.
    """

    machine: LearnedMachine
    differences: tuple[Difference, ...]
    agreeing: int
    unreached: int
    declined: tuple[tuple[str, str], ...]


class _Place(NamedTuple):
    """Where the walk is: a state of the machine, the states of the model that it may be, and the fields that have been
    wrong since a difference, with what they show: these are not told again."""

    state: int
    states: States
    wrong: frozenset[tuple[str, object]] = frozenset()


def compare(machine: LearnedMachine, model: AbstractModel, lts: Lts) -> Comparison:
    """Walk the machine and the model side by side, from a fresh item on.

    After a step that the model does not allow, the item is taken to be in any state that looks most like it then, so
    that what follows is compared as well.
    """
    differences: dict[tuple[int, int], Difference] = {}
    compared: set[tuple[int, int]] = set()
    declined: dict[tuple[str, str], None] = {}
    first = _Place(0, model.initial)
    came = {first}
    todo: deque[tuple[_Place, tuple[Event, ...]]] = deque([(first, ())])
    while todo:
        here, asked = todo.popleft()
        for number, event in enumerate(machine.inputs):
            output, target = machine.steps[here.state][number]
            compared.add((here.state, number))
            wrong = frozenset((field, value) for field, value in here.wrong if getattr(output.look, field) == value)
            seen = output._replace(look=output.look.without(frozenset(field for field, _ in wrong)))
            after = model.after(here.states, event, seen)
            if not after:
                found = _difference(model, here, target, (*asked, event), seen)
                differences.setdefault((here.state, number), found)
                after, fields = model.nearest(seen.look, lts.states)
                wrong |= {(field, getattr(output.look, field)) for field in fields}
            elif output.answer == "refused" and _could_be_done(model, here.states, event):
                declined[output.look.phase, str(event)] = None
            there = _Place(target, after, wrong)
            if after and there not in came:
                came.add(there)
                todo.append((there, (*asked, event)))
    steps = len(machine.steps) * len(machine.inputs)
    return Comparison(
        machine=machine,
        differences=tuple(differences.values()),
        agreeing=len(compared) - len(differences),
        unreached=steps - len(compared),
        declined=tuple(declined),
    )


def _could_be_done(model: AbstractModel, states: States, event: Event) -> bool:
    return all(any(one.answer == "accepted" for one in model.allowed(state, event)) for state in states)


def _difference(
    model: AbstractModel, here: _Place, target: int, asked: tuple[Event, ...], output: Output
) -> Difference:
    named = [one for state in here.states for one in model.allowed(state, asked[-1])]
    allowed = [one for one in named if one.answer != NOTHING_TO_NAME]
    answers = {one.answer for one in allowed}
    kind = Kind.OTHERWISE
    if output.answer not in answers:
        kind = Kind.MISSING if output.answer == "refused" else Kind.EXTRA if answers == {"refused"} else Kind.OTHERWISE
    rules = dict.fromkeys(rule for one in allowed for rule in one.requirements)
    told = (model.differing(one.state, output.look) for one in allowed if one.answer == output.answer)
    fields = min(told, key=len, default=[])
    right = tuple(dict.fromkeys(map(str, allowed)))
    phase = next(iter(here.states)).phase
    return Difference(kind, phase, here.state, target, asked, output, right, tuple(fields), tuple(rules))
