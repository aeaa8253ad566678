"""The extended finite state machine: the lifecycle as frozen data, extracted from its chart by introspection.

Nothing is declared here. `extract` reads states, transitions, guards, effects and citations back out of a `Lifecycle`
class; everything else in the project works on what it returns.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import product
from typing import NamedTuple

from statemachine import State as ChartState

from asr_model import expressions
from asr_model.lifecycle.chart import Citation, DrillFacts, Lifecycle, PhaseFacts, Refusal, Surrounding
from asr_model.requirements import requirement
from asr_model.state import DOMAINS, State, Value
from asr_model.vocabulary import ARGUMENTS, Fault, JobEnd, Operation

REGIONS = {"lifecycle": "phase", "drills": "drill"}
"""The chart's parallel regions and the variable that holds the active state of each."""


class InvalidLifecycle(ValueError):
    """The declaration contradicts itself; the message names the state or transition and what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Transition:
    """One declared transition. `variable` (phase or drill) goes from `source` to `target`; `updates` are the other
    assignments (name, expression), made all at once. `guard` and `may_refuse` are expressions over the state, the
    event's arguments and the surroundings."""

    id: str
    event: str
    variable: str
    source: str
    target: str
    guard: str
    updates: tuple[tuple[str, str], ...]
    requirements: tuple[str, ...]
    may_refuse: str = "False"
    ends: JobEnd | None = None


class Event(NamedTuple):
    """An operation with its arguments, or a happening (which has none)."""

    name: str
    arguments: tuple[tuple[str, Value], ...] = ()

    @property
    def is_operation(self) -> bool:
        """Whether a user asks for it; happenings come from the service."""
        return self.name in _OPERATIONS

    def __str__(self) -> str:
        inside = ", ".join(f"{name}={value}" for name, value in self.arguments)
        return f"{self.name}({inside})" if inside else self.name


_OPERATIONS = frozenset(Operation)


@dataclass(frozen=True)
class Efsm:
    """A whole lifecycle as data. Immutable; the `with_` and `without` methods return changed copies, for mutants."""

    profile: str
    initial: State
    phases: Mapping[str, PhaseFacts]
    drills: Mapping[str, DrillFacts]
    surroundings: tuple[Surrounding, ...]
    transitions: tuple[Transition, ...]
    refusals: tuple[Refusal, ...]

    @property
    def domains(self) -> Mapping[str, tuple[Value, ...]]:
        """The finitely many values of each variable of the state."""
        phases = tuple(self.phases)
        return {"phase": phases, "drill": tuple(self.drills), **DOMAINS, "before": (*DOMAINS["before"], *phases)}

    @property
    def faults(self) -> tuple[Fault, ...]:
        """The faults that matter to this lifecycle."""
        return tuple(fault for fault in Fault if any(fault in s.faults for s in self.surroundings))

    def events(self) -> Iterator[Event]:
        """Every operation with every kind of arguments, then every happening, in the order of the declaration."""
        for operation in Operation:
            domains: Mapping[str, tuple[Value, ...]] = ARGUMENTS.get(operation, {})
            for values in product(*domains.values()):
                yield Event(operation, tuple(zip(domains, values, strict=True)))
        for name in dict.fromkeys(t.event for t in self.transitions):
            if name not in _OPERATIONS:
                yield Event(name)

    def transition(self, identifier: str) -> Transition:
        """The transition with this id.

        Raises:
            KeyError: there is none.
        """
        for candidate in self.transitions:
            if candidate.id == identifier:
                return candidate
        raise KeyError(identifier)

    def without(self, *identifiers: str) -> Efsm:
        """A copy that lacks these transitions."""
        for identifier in identifiers:
            self.transition(identifier)
        return replace(self, transitions=tuple(t for t in self.transitions if t.id not in identifiers))

    def with_transition(self, transition: Transition) -> Efsm:
        """A copy with one more transition, or with this one in place of the one with the same id."""
        others = tuple(t for t in self.transitions if t.id != transition.id)
        return replace(self, transitions=(transition, *others))

    def with_phase(self, name: str, facts: PhaseFacts) -> Efsm:
        """A copy with other facts about one phase."""
        return replace(self, phases={**self.phases, name: facts})


def extract(chart: type[Lifecycle]) -> Efsm:
    """Read the whole declaration back out of `chart`.

    Raises:
        InvalidLifecycle: a transition without a citation, an unknown requirement, name, effect or state, facts about
            a state that does not exist, or the same state name twice (the engine would ignore the second region).
        ExpressionError: a guard that cannot be understood.
    """
    (root,) = chart.states
    transitions: list[Transition] = []
    initial: dict[str, str] = {}
    seen: set[str] = set()
    for region in root.states:
        variable = REGIONS[region.id]
        for state in region.states:
            if state.id in seen:
                raise InvalidLifecycle(f"the state name {state.id!r} is used twice; names are unique over all regions")
            seen.add(state.id)
            if state.initial:
                initial[variable] = state.id
            transitions.extend(_transitions_of(chart, variable, state))
    if seen != set(chart.phases) | set(chart.drill_states):
        difference = ", ".join(sorted(seen ^ (set(chart.phases) | set(chart.drill_states))))
        raise InvalidLifecycle(f"states and the facts about them differ: {difference}")
    first = State(**initial, **{name: domain[0] for name, domain in DOMAINS.items()})  # type: ignore[arg-type]
    return Efsm(
        profile=chart.profile,
        initial=first,
        phases=chart.phases,
        drills=chart.drill_states,
        surroundings=chart.surroundings,
        transitions=_numbered(transitions),
        refusals=chart.refusals,
    )


def _transitions_of(chart: type[Lifecycle], variable: str, state: ChartState) -> Iterator[Transition]:
    for transition in state.transitions:
        if transition.initial:
            continue
        where = f"{state.id} -> {transition.target and transition.target.id}"
        citation = getattr(transition, "citation", None)
        if not isinstance(citation, Citation) or not citation.requirements:
            raise InvalidLifecycle(f"the transition {where} cites no requirement; wrap it in cite()")
        for identifier in citation.requirements:
            requirement(identifier)
        guard = " and ".join(f"({_text(spec)})" for spec in transition.cond)
        effects = [*transition.before, *transition.on]  # what reads the phase must come before the engine leaves it
        updates = dict(item for spec in effects if not spec.is_convention for item in _updates(chart, spec, where))
        for event in transition.events:
            known = {*State._fields, *ARGUMENTS.get(event.id, ()), *(s.name for s in chart.surroundings)}
            for text in (guard or "True", citation.may_refuse, *updates.values()):
                if unknown := expressions.names(text) - known:
                    raise InvalidLifecycle(
                        f"{event.id}, {where}: unknown name {', '.join(sorted(unknown))} in {text!r}"
                    )
            yield Transition(
                id=f"{event.id}: {where}",
                event=event.id,
                variable=variable,
                source=state.id,
                target=transition.target.id,
                guard=guard or "True",
                updates=tuple(sorted(updates.items())),
                requirements=tuple(dict.fromkeys(citation.requirements)),
                may_refuse=citation.may_refuse,
                ends=citation.ends,
            )


def _text(spec: object) -> str:
    text = getattr(spec, "func", None)
    if not isinstance(text, str) or getattr(spec, "expected_value", True) is not True:
        raise InvalidLifecycle(f"guards are expressions in text under `cond`, not {text!r}")
    return text


def _updates(chart: type[Lifecycle], spec: object, where: str) -> list[tuple[str, str]]:
    name = str(getattr(spec, "func", None))
    if name not in chart.effects:
        raise InvalidLifecycle(f"{where}: unknown effect {name!r}")
    return list(chart.effects[name].items())


def _numbered(transitions: list[Transition]) -> tuple[Transition, ...]:
    """Make ids unique: several transitions with the same event and ends are told apart by a number."""
    counts: dict[str, int] = {}
    result = []
    for transition in transitions:
        counts[transition.id] = number = counts.get(transition.id, 0) + 1
        result.append(replace(transition, id=f"{transition.id} #{number}") if number > 1 else transition)
    return tuple(result)
