"""The model as it is exported: events with the surroundings they read, and one step for each declared transition.

An exported step is one event with its arguments under one choice of the surroundings that some transition of the event
reads. So the numbers of states and steps of an export follow from the declaration, and a tool that counts others read
something else.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import combinations

from asr_model import expressions
from asr_model.efsm import Efsm, Event, Transition
from asr_model.lifecycle.phase_sets import PHASE_SETS
from asr_model.listed_operations import LISTABLE
from asr_model.lts import Lts, subsets
from asr_model.state import State, Value
from asr_model.vocabulary import ARGUMENTS, Operation
from asr_properties.exports.logic import FALSE, conjunction, disjunction, negation, simplified, weakest

NO_ARGUMENT = "no_argument"
"""The value of an argument in a step that has none of that name."""


@dataclass(frozen=True)
class ExportedEvent:
    """An event of all arguments. arguments: their names, each with its values. reads: the surroundings that its
    transitions depend on. transitions: no two are enabled at once."""

    name: str
    arguments: Mapping[str, tuple[Value, ...]]
    reads: tuple[str, ...]
    transitions: tuple[Transition, ...]

    @property
    def is_operation(self) -> bool:
        """Whether a user asks for it."""
        return Event(self.name).is_operation


@dataclass(frozen=True)
class Machine:
    """A model to be exported."""

    lts: Lts

    @property
    def efsm(self) -> Efsm:
        """The lifecycle as data."""
        return self.lts.stepper.efsm

    @cached_property
    def surroundings(self) -> tuple[str, ...]:
        """The names of the surroundings."""
        return tuple(surrounding.name for surrounding in self.efsm.surroundings)

    @cached_property
    def arguments(self) -> dict[str, tuple[Value, ...]]:
        """Every argument of some operation, with its values."""
        found: dict[str, tuple[Value, ...]] = {}
        for domains in ARGUMENTS.values():
            for name, values in domains.items():
                found[name] = tuple(dict.fromkeys((*found.get(name, ()), *values)))
        return found

    @cached_property
    def events(self) -> tuple[ExportedEvent, ...]:
        """Every event, in the order of the declaration."""
        return tuple(map(self._event, dict.fromkeys(event.name for event in self.lts.stepper.events)))

    @property
    def states(self) -> int:
        """How many states can be reached."""
        return len(self.lts.states)

    @cached_property
    def steps(self) -> tuple[int, int]:
        """How many steps there are between them: transitions taken, and operations refused."""
        taken = refused = 0
        stepper, reads = self.lts.stepper, {event.name: event.reads for event in self.events}
        for state in self.lts.states:
            for event in stepper.events:
                for holding in subsets(frozenset(reads[event.name])):
                    outcome = stepper.step(state, event, holding)
                    taken += outcome.transition is not None
                    refused += event.is_operation and (outcome.transition is None or outcome.may_refuse)
        return taken, refused

    def listed(self, operation: str) -> ast.expr:
        """Where an operation is listed as allowed for certain, as an expression over the state."""
        ways = [way for event in self.events if event.name == operation for way in self._certain_ways(event)]
        if operation not in LISTABLE or not ways:
            return FALSE
        unsettled = [name for name, facts in self.efsm.drills.items() if facts.settles_within is not None]
        settled = [negation(simplified(f"drill == {name!r}")) for name in unsettled]
        return conjunction([simplified("phase in steady"), *settled, disjunction(weakest(ways))])

    def _certain_ways(self, event: ExportedEvent) -> Iterator[ast.expr]:
        """Where some arguments make an operation accepted with nothing wrong, and it may not be refused."""
        for transition in event.transitions:
            if transition.variable == "phase" and transition.source not in self.phase_sets["steady"]:
                continue
            for arguments in (e.arguments for e in self.lts.stepper.events if e.name == event.name):
                code: dict[str, ast.expr] = {name: ast.Name(name) for name in State._fields}
                code |= {name: ast.Constant(False) for name in self.surroundings}
                code |= {name: ast.Constant(value) for name, value in arguments}
                certain = expressions.parse(f"({enabled(transition)}) and not ({transition.may_refuse})")
                way = simplified(ast.unparse(expressions.substitute(certain, code)))
                if not (isinstance(way, ast.Constant) and not way.value):
                    yield way

    @cached_property
    def phase_sets(self) -> dict[str, tuple[str, ...]]:
        """The named sets of phases, those of this profile only; `steady` are those in which no job runs."""
        phases = self.efsm.phases
        sets = {name: tuple(phase for phase in members if phase in phases) for name, members in PHASE_SETS.items()}
        return {**sets, "steady": tuple(name for name, facts in phases.items() if facts.steady)}

    def _event(self, name: str) -> ExportedEvent:
        declared = [t for t in self.efsm.transitions if t.event == name]
        read = {n for t in declared for text in (t.guard, t.may_refuse) for n in expressions.names(text)}
        reads = tuple(surrounding for surrounding in self.surroundings if surrounding in read)
        arguments: Mapping[str, tuple[Value, ...]] = (
            ARGUMENTS.get(Operation(name), {}) if Event(name).is_operation else {}
        )
        return ExportedEvent(name, arguments, reads, tuple(self._apart(declared, reads)))

    def _apart(self, declared: list[Transition], reads: tuple[str, ...]) -> Iterator[Transition]:
        """The transitions, of which the first that is enabled is taken, so that only one is ever enabled."""
        overlapping = self._overlapping(declared, reads) if len(declared) > 1 else set()
        for index, transition in enumerate(declared):
            earlier = [declared[i] for i, j in sorted(overlapping) if j == index]
            more = "".join(f" and not ({enabled(other)})" for other in earlier)
            yield replace(transition, guard=f"({transition.guard}){more}") if more else transition

    def _overlapping(self, declared: list[Transition], reads: tuple[str, ...]) -> set[tuple[int, int]]:
        stepper, index = self.lts.stepper, {t.id: i for i, t in enumerate(declared)}
        found: set[tuple[int, int]] = set()
        for event in (event for event in stepper.events if event.name == declared[0].event):
            for state in self.lts.states:
                for holding in subsets(frozenset(reads)):
                    both = [index[t.id] for t in stepper.enabled(state, event, holding)]
                    found.update(combinations(both, 2))
        return found


def enabled(transition: Transition) -> str:
    """When a transition can be taken, its source included."""
    guard = f"{transition.variable} == {transition.source!r} and ({transition.guard})"
    return ast.unparse(simplified(guard))


def assignments(transition: Transition) -> list[tuple[str, ast.expr]]:
    """What a transition assigns, in an order in which one after the other does the same as all at once.

    Raises:
        ValueError: there is no such order.
    """
    new = {**dict(transition.updates), transition.variable: repr(transition.target)}
    parsed = {name: expressions.parse(text) for name, text in new.items()}
    if transition.source == transition.target:
        del parsed[transition.variable]
    left, ordered = dict(parsed), []
    while left:
        read = {n.id for name, tree in left.items() for n in ast.walk(tree) if isinstance(n, ast.Name) and n.id != name}
        free = [name for name in left if name not in read]
        if not free:
            raise ValueError(f"{transition.id}: its updates read one another")
        ordered += [(name, left.pop(name)) for name in sorted(free)]
    return ordered
