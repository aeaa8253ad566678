"""The language a lifecycle is declared in: python-statemachine, with facts on states and citations on transitions.

A profile is a subclass of `Lifecycle`, put together from parts that profiles share. Facts about its states are data
beside it, its guards are expressions in text, its effects are assignments as data, and every transition is wrapped in
`cite`, which says where it comes from.
Everything else in this project is derived from what can be read back here by introspection.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import reduce
from operator import or_
from types import new_class
from typing import Any, ClassVar, cast

from statemachine import State, StateChart
from statemachine.transition_list import TransitionList

from asr_model.requirements.requirement import Grade
from asr_model.state import DOMAINS, Value
from asr_model.vocabulary import ARGUMENTS, Direction, Fault, Group, JobEnd, Site


@dataclass(frozen=True, slots=True, kw_only=True)
class PhaseFacts:
    """What is known about a phase, beside its transitions.

    group: the direction it belongs to.
    before_protection: replication in one direction is being set up, or that failed; nothing can be failed over yet.
    awaits_commit: a failover or a failback has succeeded, and commit has not made it final.
    steady: no lifecycle job runs; the list of allowed operations and the machines are judged here only (contract 2).
    settles_within: hours after which, without faults, the service has left it by itself; None if it need not.
    settles_once_seen: likewise, counted from the first time that it was seen.
    serving: the production site; None where it is not specified (contract 4).
    replicating: where replication goes; None where it is not specified (contract 3).
    lists_points: the recovery points of the forward direction are listed and judged.
    machines_specified: the power of both machines is judged.
    instance: `instanceType` of the ARM item; token: its `protectionState`, None where none was ever observed;
    other_tokens: further ones that were observed, in other years.
    evidence: how it is known that this phase exists and looks like this (facts 1.1).
    """

    group: Group
    evidence: Grade
    before_protection: bool = False
    awaits_commit: bool = False
    steady: bool = False
    settles_within: float | None = None
    settles_once_seen: float | None = None
    serving: Site | None = None
    replicating: Direction | None = None
    lists_points: bool = False
    machines_specified: bool = False
    instance: str | None = None
    token: str | None = None
    other_tokens: tuple[str, ...] = ()

    @property
    def tokens(self) -> tuple[str, ...]:
        """Every `protectionState` that was observed of it."""
        return (() if self.token is None else (self.token,)) + self.other_tokens


@dataclass(frozen=True, slots=True)
class DrillFacts:
    """What is known about a drill state; `settles_within` as for `PhaseFacts`."""

    settles_within: float | None = None


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a transition comes from and what else it says.

    may_refuse: an expression; where it holds, the implementation may refuse as well (the facts leave it open).
    ends: how the running job ends with this transition; None if it goes on or none runs.
    """

    requirements: tuple[str, ...]
    may_refuse: str = "False"
    ends: JobEnd | None = None


def cite(
    transitions: TransitionList, *requirements: str, may_refuse: str = "False", ends: JobEnd | None = None
) -> TransitionList:
    """Give each of `transitions` its requirement ids and return them."""
    for transition in transitions:
        transition.citation = Citation(requirements, may_refuse, ends)
    return transitions


def staying(*phases: State, cond: str, on: str | tuple[str, ...]) -> TransitionList:
    """A transition of each of `phases` to itself that changes variables only.

    It is an external one: at an internal one the engine (3.2.2) also enters the first state of the parallel region.
    """
    return any_of(phase.to(phase, cond=cond, on=on) for phase in phases)


def any_of(transitions: Iterable[TransitionList]) -> TransitionList:
    """All of `transitions` as one list, for one event."""
    return reduce(or_, transitions)


class States:
    """The states of one region, each an attribute of its name; the first one is the initial one.

    steady: those of phases in which no lifecycle job runs, by name.
    """

    def __init__(self, facts: Mapping[str, PhaseFacts] | Mapping[str, DrillFacts]) -> None:
        self.all = {name: State(initial=number == 0) for number, name in enumerate(facts)}
        self.steady = {
            name: self.all[name] for name, known in facts.items() if isinstance(known, PhaseFacts) and known.steady
        }

    def __getattr__(self, name: str) -> State:
        if name not in self.all:
            raise AttributeError(f"this lifecycle has no state {name!r}; declare the facts about it")
        return self.all[name]


Events = dict[str, TransitionList]
"""Transitions by the event that takes them."""

Part = Callable[[States], Events]
"""What some lifecycles share: declares events over the states of a region."""


def events(**named: TransitionList) -> Events:
    """The events of one part: the name of each is that of the operation or the happening."""
    return named


def replicated_item(
    phases: Mapping[str, PhaseFacts],
    drill_states: Mapping[str, DrillFacts],
    *,
    lifecycle: Iterable[Part],
    drills: Iterable[Part],
) -> State:
    """The states of an item, put together: the lifecycle and, in parallel, the drill.

    An event that several parts declare is one event with the transitions of them all.
    """
    regions = {"lifecycle": _region(States(phases), lifecycle), "drills": _region(States(drill_states), drills)}
    return _nested(State.Parallel, regions)


def _region(states: States, parts: Iterable[Part]) -> State:
    united: Events = {}
    for part in parts:
        for name, transitions in part(states).items():
            united[name] = united[name] | transitions if name in united else transitions
    return _nested(State.Compound, {**states.all, **united})


def _nested(kind: type, body: Mapping[str, object]) -> State:
    """The state that `class name(kind): body` makes."""
    made: Any = new_class("nested", (kind,), exec_body=lambda namespace: namespace.update(body))
    return cast("State", made)  # their metaclass gives a State instead of a class


@dataclass(frozen=True, slots=True)
class Surrounding:
    """A condition outside the item that guards may read; it holds while any of its `faults` is on.

    passes: it ends by itself after a while.

    Surroundings can change at any moment, so they are inputs of a step and not part of the state.
    """

    name: str
    meaning: str
    faults: tuple[Fault, ...] = ()
    passes: bool = False


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why an operation is refused: `when` is an expression over the state and the operation's arguments.

    Refusals never decide whether an operation is refused (the absence of a transition does); they name the rule.

    or_without_effect: it may as well be accepted, with a job that succeeds and changes nothing.
    """

    operation: str
    when: str
    requirements: tuple[str, ...]
    or_without_effect: bool = False


class Lifecycle(StateChart[Any]):
    """Base of the declared lifecycles.

    A subclass declares `profile`, `phases`, `drill_states`, `surroundings`, `effects` and `refusals` beside its states.
    The engine is run for comparison only; the settings below make it strict (errors in guards are raised, an event
    without a transition raises `TransitionNotAllowed`).
    """

    catch_errors_as_events = False
    allow_event_without_transition = False
    validate_trap_states = False

    profile: ClassVar[str]
    phases: ClassVar[Mapping[str, PhaseFacts]]
    drill_states: ClassVar[Mapping[str, DrillFacts]]
    surroundings: ClassVar[tuple[Surrounding, ...]]
    effects: ClassVar[Mapping[str, Mapping[str, str]]]
    refusals: ClassVar[tuple[Refusal, ...]]

    def __init_subclass__(cls) -> None:
        """Turn the declared effects and variables into what the engine looks up by name."""
        super().__init_subclass__()
        for name, assignments in cls.effects.items():
            setattr(cls, name, _effect(assignments))
        for name, domain in DOMAINS.items():
            setattr(cls, name, domain[0])
        for arguments in ARGUMENTS.values():
            for argument in arguments:
                setattr(cls, argument, None)
        for surrounding in cls.surroundings:
            setattr(cls, surrounding.name, False)

    @property
    def phase(self) -> str:
        """Id of the active phase; empty while the engine is being built."""
        return self._active("lifecycle")

    @property
    def drill(self) -> str:
        """Id of the active drill state; empty while the engine is being built."""
        return self._active("drills")

    def _active(self, region: str) -> str:
        return next((s.id for s in self.configuration if s.parent is not None and s.parent.id == region), "")


def _effect(assignments: Mapping[str, str]) -> Callable[[Any], None]:
    """The engine's callback for an effect: assign literals, or the values that other names had before."""

    def apply(self: Any) -> None:
        values = {target: _value(self, source) for target, source in assignments.items()}
        for target, value in values.items():
            setattr(self, target, value)

    return apply


def _value(machine: Any, text: str) -> Value:
    if text in ("True", "False"):
        return text == "True"
    if text.startswith("'"):
        return text.strip("'")
    value: Value = getattr(machine, text)
    return value
