"""The lifecycle to walk through: at each state what can be asked for, what happens, what is refused, what guards hold.

Everything is read from the enumerated model, so that what shows it, a page or a terminal, restates no rule.
"""

from __future__ import annotations

import ast
import heapq
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import product
from typing import NamedTuple

from asr_model import expressions
from asr_model.efsm import Efsm, Transition
from asr_model.lts import Edge, Lts, subsets
from asr_model.state import State, Value
from asr_model.vocabulary import ARGUMENTS, Operation
from asr_reports.guards_in_words import condition_in_words, in_words, value_in_words, words
from asr_reports.state_graph import Kind, kind_of

Arguments = tuple[tuple[str, tuple[Value, ...]], ...]
"""Names of arguments, each with its values that make no difference here; an argument that makes none is left out."""


class Condition(NamedTuple):
    """The names of surroundings that must hold, and of those that must not."""

    when: tuple[str, ...]
    unless: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """Something that can be asked for or happens at a state, and leads to another (its number).

    arguments: of an operation. conditions: it takes one of them; none where it is so in any case. refusable: when it
    may as well be refused here, in words; empty where it may not.
    """

    event: str
    kind: Kind
    transition: Transition
    target: int
    arguments: Arguments
    conditions: tuple[Condition, ...]
    refusable: str

    @property
    def is_operation(self) -> bool:
        """Whether a user asks for it."""
        return self.kind is Kind.OPERATION

    @property
    def is_trouble(self) -> bool:
        """Whether it is a failure, or takes something that is wrong with the surroundings."""
        return self.kind is Kind.FAILURE or (bool(self.conditions) and all(one.when for one in self.conditions))

    @property
    def said(self) -> str:
        """The event with its arguments."""
        return words(self.event) + arguments_in_words(self.arguments)


@dataclass(frozen=True, slots=True)
class Refusal:
    """An operation that is refused at a state, and the requirements that say why; the rest as in `Choice`."""

    operation: str
    requirements: tuple[str, ...]
    arguments: Arguments
    conditions: tuple[Condition, ...]

    @property
    def said(self) -> str:
        """The operation with its arguments."""
        return words(self.operation) + arguments_in_words(self.arguments)


@dataclass(frozen=True, slots=True)
class Guard:
    """The guard of a transition at a state: each of its parts in words, and whether it holds; None where that depends
    on arguments or on surroundings. What it says then is what is left open here."""

    transition: Transition
    parts: tuple[tuple[str, bool | None], ...]

    @property
    def holds(self) -> bool | None:
        """Whether all of it does."""
        found = {truth for _, truth in self.parts}
        return False if False in found else None if None in found else True


@dataclass(frozen=True, slots=True)
class Place:
    """A state of the model by its number, and all that there is to be known of it."""

    number: int
    state: State
    choices: tuple[Choice, ...]
    refusals: tuple[Refusal, ...]
    guards: tuple[Guard, ...]


class NoSuchStep(ValueError):
    """A path names a step that cannot be taken; the message tells where."""


class Exploration:
    """An enumerated lifecycle, to be walked through. Places are made when they are asked for, and kept."""

    def __init__(self, lts: Lts) -> None:
        self.lts = lts
        self.efsm: Efsm = lts.stepper.efsm
        self.place = cache(self._place)
        self._steps: dict[str, tuple[int | None, ...]] = {}

    @property
    def goals(self) -> tuple[str, ...]:
        """Where one can ask the way to: phases, then drill states."""
        return (*self.efsm.phases, *self.efsm.drills)

    def follow(self, path: str) -> list[Choice]:
        """The choices of a path from the beginning, as `written` gives it.

        Raises:
            NoSuchStep: one of them cannot be taken.
        """
        taken: list[Choice] = []
        here = 0
        for step in filter(None, path.strip().split("/")):
            event, _, number = step.partition("~")
            alike = [choice for choice in self.place(here).choices if choice.event == event]
            place = int(number) if number.isdecimal() and len(number) < 9 else 1
            if not 1 <= place <= len(alike):
                possible = ", ".join(name for name, _ in self.named(here))
                where = words(self.lts.states[here].phase)
                raise NoSuchStep(f"step {len(taken) + 1}, {step!r}, is not possible in {where}; possible: {possible}")
            taken.append(alike[place - 1])
            here = taken[-1].target
        return taken

    def named(self, number: int) -> list[tuple[str, Choice]]:
        """The choices of a place by what a path calls them: the event, and `~2` behind it for its second choice."""
        seen: dict[str, int] = {}
        found = []
        for choice in self.place(number).choices:
            seen[choice.event] = times = seen.get(choice.event, 0) + 1
            found.append((choice.event if times == 1 else f"{choice.event}~{times}", choice))
        return found

    def written(self, choices: Sequence[Choice]) -> str:
        """A path from the beginning as text."""
        here, names = 0, []
        for choice in choices:
            names.append(next(name for name, one in self.named(here) if one == choice))
            here = choice.target
        return "/".join(names)

    def way(self, start: int, goal: str) -> list[Choice] | None:
        """The best way from a state to a phase or drill state; None where there is none. It takes a fault or a failure
        only where it must, then as few operations as it can, then as few steps."""
        found: list[Choice] = []
        here = start
        while (step := self.steps_to(goal)[here]) is not None:
            choice = self.place(here).choices[step]
            found.append(choice)
            here = choice.target
        return found if self._is(here, goal) else None

    @cached_property
    def _leading_to(self) -> list[list[tuple[int, int, Choice]]]:
        """For each state the choices that lead there: from which, the how manieth of it."""
        found: list[list[tuple[int, int, Choice]]] = [[] for _ in self.lts.states]
        for here in range(len(self.lts.states)):
            for number, choice in enumerate(self.place(here).choices):
                found[choice.target].append((here, number, choice))
        return found

    def steps_to(self, goal: str) -> tuple[int | None, ...]:
        """For each state the number of the choice that is the next on the best way to `goal`; None where one is there
        or never comes there."""
        if goal not in self._steps:
            self._steps[goal] = self._steps_to(goal)
        return self._steps[goal]

    def _steps_to(self, goal: str) -> tuple[int | None, ...]:
        there = [number for number in range(len(self.lts.states)) if self._is(number, goal)]
        best: dict[int, tuple[int, int, int]] = dict.fromkeys(there, (0, 0, 0))
        steps: list[int | None] = [None] * len(self.lts.states)
        queue = [(cost, number) for number, cost in best.items()]
        while queue:
            cost, here = heapq.heappop(queue)
            if cost > best[here]:
                continue
            for before, number, choice in self._leading_to[here]:
                total = (cost[0] + choice.is_trouble, cost[1] + choice.is_operation, cost[2] + 1)
                if before not in best or total < best[before]:
                    best[before], steps[before] = total, number
                    heapq.heappush(queue, (total, before))
        return tuple(steps)

    def _is(self, number: int, goal: str) -> bool:
        return goal in self.lts.states[number][:2]

    def _place(self, number: int) -> Place:
        state, edges = self.lts.states[number], self.lts.outgoing[number]
        return Place(
            number, state, tuple(self._choices(state, edges)), tuple(self._refusals(edges)), tuple(self._guards(state))
        )

    def _choices(self, state: State, edges: Sequence[Edge]) -> Iterator[Choice]:
        together: dict[tuple[str, int], list[Edge]] = {}
        for edge in edges:
            if edge.transition is not None:
                together.setdefault((edge.transition.id, edge.target), []).append(edge)
        for alike in together.values():
            first = alike[0]
            assert first.transition is not None
            for arguments, some in _by_arguments(alike):
                kind = kind_of(self.efsm, first.transition)
                conditions = tuple(_conditions(edges, some))
                refusable = self._here(first.transition.may_refuse, state)
                yield Choice(first.event.name, kind, first.transition, first.target, arguments, conditions, refusable)

    def _refusals(self, edges: Sequence[Edge]) -> Iterator[Refusal]:
        accepted = {(edge.event, edge.surroundings) for edge in edges if edge.transition is not None}
        together: dict[tuple[str, tuple[str, ...]], list[Edge]] = {}
        for edge in edges:
            if edge.transition is None and (edge.event, edge.surroundings) not in accepted:
                together.setdefault((edge.event.name, edge.requirements), []).append(edge)
        for (operation, requirements), alike in together.items():
            for arguments, some in _by_arguments(alike):
                yield Refusal(operation, requirements, arguments, tuple(_conditions(edges, some)))

    def _here(self, condition: str, state: State) -> str:
        """What is left of a condition at a state, as the end of a sentence; empty where it cannot hold."""
        folded = expressions.substitute(expressions.parse(condition), _code(condition, state))
        if isinstance(folded, ast.Constant) and not folded.value:
            return ""
        return condition_in_words(ast.unparse(folded))

    def _guards(self, state: State) -> Iterator[Guard]:
        for transition in self.efsm.transitions:
            if transition.source == getattr(state, transition.variable):
                yield Guard(transition, tuple(self._parts(transition.guard, state)))

    def _parts(self, guard: str, state: State) -> Iterator[tuple[str, bool | None]]:
        for part in expressions.conjuncts(expressions.parse(guard)):
            said = in_words(ast.unparse(part), self.efsm.phases)
            if not said:
                continue
            folded = expressions.substitute(part, _code(guard, state))
            if isinstance(folded, ast.Constant):
                yield said, bool(folded.value)
            else:
                yield in_words(ast.unparse(folded), self.efsm.phases), None


def _code(text: str, state: State) -> dict[str, ast.expr]:
    """What the names of an expression are at a state; arguments and surroundings stay what they are."""
    code: dict[str, ast.expr] = {name: ast.Name(name, ast.Load()) for name in expressions.names(text)}
    return code | {name: expressions.literal(value) for name, value in state._asdict().items()}


def _conditions(edges: Sequence[Edge], some: Sequence[Edge]) -> Iterator[Condition]:
    """The fewest and shortest conditions under which the events of some edges are these and not others of all edges."""
    events = {edge.event for edge in some}
    relevant = sorted({name for edge in edges if edge.event in events for name in edge.surroundings})
    right = {edge.surroundings for edge in some}
    left = set(right)
    ways = sorted(
        product((None, False, True), repeat=len(relevant)), key=lambda way: sum(one is not None for one in way)
    )
    for way in ways:
        one = Condition(
            tuple(name for name, holds in zip(relevant, way, strict=True) if holds is True),
            tuple(name for name, holds in zip(relevant, way, strict=True) if holds is False),
        )
        met = {found for found in subsets(frozenset(relevant)) if _met(one, found)}
        if met <= right and met & left:
            left -= met
            if one.when or one.unless:
                yield one


def _met(condition: Condition, surroundings: Collection[str]) -> bool:
    return set(condition.when) <= set(surroundings) and not set(condition.unless) & set(surroundings)


def _by_arguments(edges: Sequence[Edge]) -> Iterator[tuple[Arguments, list[Edge]]]:
    """Edges of one operation, those that have the same surroundings together, and the values that they have.

    Where not each combination of values is among them, each combination stands for itself.
    """
    of: dict[tuple[tuple[str, Value], ...], list[Edge]] = {}
    for edge in edges:
        of.setdefault(edge.event.arguments, []).append(edge)
    alike: dict[frozenset[frozenset[str]], list[tuple[tuple[str, Value], ...]]] = {}
    for arguments, found in of.items():
        alike.setdefault(frozenset(edge.surroundings for edge in found), []).append(arguments)
    for combinations in alike.values():
        values: dict[str, dict[Value, None]] = {}
        for name, value in (pair for arguments in combinations for pair in arguments):
            values.setdefault(name, {})[value] = None
        size = 1
        for each in values.values():
            size *= len(each)
        if size == len(combinations):
            every: Mapping[str, tuple[Value, ...]] = ARGUMENTS.get(Operation(edges[0].event.name), {}) if values else {}
            yield (
                tuple((name, tuple(each)) for name, each in values.items() if len(each) < len(every[name])),
                [edge for arguments in combinations for edge in of[arguments]],
            )
        else:
            for arguments in combinations:
                yield tuple((name, (value,)) for name, value in arguments), of[arguments]


def arguments_in_words(arguments: Arguments) -> str:
    """Arguments in brackets; empty where there are none."""
    said = (f"{words(name)}: {' or '.join(map(state_value, values))}" for name, values in arguments)
    inside = "; ".join(said)
    return f" ({inside})" if inside else ""


def state_value(value: Value) -> str:
    """A value of an argument or of a variable of the state."""
    return ("no", "yes")[value] if isinstance(value, bool) else words(value_in_words(value))


def conditions_in_words(efsm: Efsm, conditions: Sequence[Condition]) -> str:
    """Which surroundings must hold and which must not; empty where none matters."""
    meaning = {surrounding.name: surrounding.meaning for surrounding in efsm.surroundings}
    return "; or ".join(
        " and ".join(
            [*(f"if {meaning[name]}" for name in one.when), *(f"unless {meaning[name]}" for name in one.unless)]
        )
        for one in conditions
    )
