"""The state graph of a lifecycle as a picture needs it: nodes, arrows with merged labels, and what is left out.

Derived from the EFSM and independent of any renderer. The full graph has too many arrows to be read at once, so the
overview folds three rules away and says so: what changes within a phase, the ends of cancelled jobs, and an operation
that leads from very many phases to the same one.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from asr_model import expressions
from asr_model.efsm import Efsm, Transition
from asr_model.vocabulary import Direction, Group, JobEnd, Operation, Site

T = TypeVar("T")

MANY = 6
"""From so many phases on, an operation that leads to one phase is folded into one sentence."""


class Detail(StrEnum):
    """How much of the lifecycle is drawn."""

    OVERVIEW = "overview"
    FULL = "full"


class Kind(StrEnum):
    """What makes the item take an arrow."""

    OPERATION = "operation"
    """A user asks for it."""
    HAPPENING = "happening"
    """The service does it by itself."""
    FAILURE = "failure"
    """A job fails or is cancelled, or a fault shows."""


@dataclass(frozen=True, slots=True)
class Node:
    """A phase, or a drill state (`group` is None then, and so are the facts that only phases have).

    accepts: the operations that are accepted here with some arguments, in some state of the other variables.
    """

    name: str
    group: Group | None
    initial: bool
    steady: bool
    serving: Site | None
    replicating: Direction | None
    accepts: tuple[Operation, ...]


@dataclass(frozen=True, slots=True)
class Arrow:
    """All transitions of one kind between the same two nodes.

    events: their names, each once; transitions: their ids; requirements: what they cite; may_refuse: the conditions
    (expressions, each once) under which an implementation may refuse.
    """

    source: str
    target: str
    kind: Kind
    events: tuple[str, ...]
    transitions: tuple[str, ...]
    requirements: tuple[str, ...]
    may_refuse: tuple[str, ...]

    @property
    def id(self) -> str:
        """What names it in a drawing."""
        return f"{self.source}--{self.target}--{self.kind}"

    @property
    def unspecified(self) -> bool:
        """Whether acceptance is left open whatever holds."""
        return self.may_refuse == ("True",)


@dataclass(frozen=True, slots=True)
class Fold:
    """Transitions that the overview does not draw, and the sentence that stands for them.

    `target` is the one node they lead to, None where they lead to several.
    """

    title: str
    sentence: str
    events: tuple[str, ...]
    transitions: tuple[str, ...]
    requirements: tuple[str, ...]
    target: str | None = None


@dataclass(frozen=True, slots=True)
class StateGraph:
    """A lifecycle's graph: nodes and arrows in the order of the declaration, and what was folded away."""

    profile: str
    detail: Detail
    nodes: tuple[Node, ...]
    arrows: tuple[Arrow, ...]
    folds: tuple[Fold, ...]

    @property
    def phases(self) -> tuple[Node, ...]:
        """The nodes of the lifecycle."""
        return tuple(node for node in self.nodes if node.group is not None)

    @property
    def drills(self) -> tuple[Node, ...]:
        """The nodes of the drill region, which runs in parallel."""
        return tuple(node for node in self.nodes if node.group is None)

    def within(self, nodes: Iterable[Node]) -> tuple[Arrow, ...]:
        """The arrows that begin and end in `nodes`."""
        names = {node.name for node in nodes}
        return tuple(arrow for arrow in self.arrows if arrow.source in names and arrow.target in names)


def state_graph(efsm: Efsm, detail: Detail = Detail.OVERVIEW) -> StateGraph:
    """Give the graph of `efsm`; every transition is in exactly one arrow or, in the overview, in one fold."""
    folds = tuple(_folds(efsm)) if detail is Detail.OVERVIEW else ()
    folded = {identifier for fold in folds for identifier in fold.transitions}
    drawn = [transition for transition in efsm.transitions if transition.id not in folded]
    return StateGraph(efsm.profile, detail, tuple(_nodes(efsm)), tuple(_arrows(efsm, drawn)), folds)


def kind_of(efsm: Efsm, transition: Transition) -> Kind:
    """What makes the item take this transition."""
    if transition.event in set(Operation):
        return Kind.OPERATION
    if transition.ends in (JobEnd.FAILED, JobEnd.CANCELLED) or not _possible(
        transition.guard, dict.fromkeys((surrounding.name for surrounding in efsm.surroundings), False)
    ):
        return Kind.FAILURE
    return Kind.HAPPENING


def accepted(efsm: Efsm) -> dict[str, tuple[Operation, ...]]:
    """For each phase and drill state, the operations that are accepted there with some arguments.

    Walks over pairs of phase and drill; what else guards read may be anything.
    """
    found: dict[str, set[str]] = {name: set() for name in (*efsm.phases, *efsm.drills)}
    pairs = [(efsm.initial.phase, efsm.initial.drill)]
    seen = set(pairs)
    for phase, drill in pairs:  # grows while it is walked
        for t in efsm.transitions:
            here = phase if t.variable == "phase" else drill
            if t.source != here or not _possible(t.guard, {"phase": phase, "drill": drill}):
                continue
            found[phase].add(t.event)
            if t.variable == "drill":
                found[drill].add(t.event)
            pair = (t.target, drill) if t.variable == "phase" else (phase, t.target)
            if pair not in seen:
                seen.add(pair)
                pairs.append(pair)
    return {name: tuple(o for o in Operation if o in events) for name, events in found.items()}


def _nodes(efsm: Efsm) -> Iterator[Node]:
    accepts = accepted(efsm)
    for name, facts in efsm.phases.items():
        initial = name == efsm.initial.phase
        yield Node(name, facts.group, initial, facts.steady, facts.serving, facts.replicating, accepts[name])
    for name, drill in efsm.drills.items():
        yield Node(name, None, name == efsm.initial.drill, drill.settles_within is None, None, None, accepts[name])


def _arrows(efsm: Efsm, transitions: list[Transition]) -> Iterator[Arrow]:
    together: dict[tuple[str, str, Kind], list[Transition]] = {}
    for transition in transitions:
        together.setdefault((transition.source, transition.target, kind_of(efsm, transition)), []).append(transition)
    for (source, target, kind), found in together.items():
        yield Arrow(
            source,
            target,
            kind,
            events=_each_once(t.event for t in found),
            transitions=tuple(t.id for t in found),
            requirements=_each_once(r for t in found for r in t.requirements),
            may_refuse=_each_once(t.may_refuse for t in found if t.may_refuse != "False"),
        )


def _folds(efsm: Efsm) -> Iterator[Fold]:
    """What the overview leaves out, each transition at most once."""
    inside = [t for t in efsm.transitions if t.source == t.target]
    if inside:
        yield _fold(
            "within a state",
            "recovery points that come and go, tasks of jobs, requests to cancel a job, resynchronize.",
            inside,
        )
    moves = [t for t in efsm.transitions if t.source != t.target and t.ends is not JobEnd.CANCELLED]
    entered = {t.target for t in moves}
    pairs = {(t.source, t.target) for t in moves}
    cancelled = [
        t
        for t in efsm.transitions
        if t.ends is JobEnd.CANCELLED
        and t.source != t.target
        and (t.target in entered or (t.target, t.source) in pairs)
    ]
    if cancelled:
        yield _fold(
            "cancelled jobs",
            "ends of cancelled jobs, where the item goes back or goes on as after a failure.",
            cancelled,
        )
    moving = [t for t in efsm.transitions if t.source != t.target and t.event in set(Operation)]
    for event, target in _each_once((t.event, t.target) for t in moving):
        found = [t for t in moving if (t.event, t.target) == (event, target)]
        sources = _each_once(t.source for t in found)
        if len(sources) >= MANY:
            steady = {name for name, facts in efsm.phases.items() if facts.steady}
            if set(sources) == steady - {efsm.initial.phase}:
                title, where = "every other steady phase", f"every steady phase but {efsm.initial.phase}"
            else:
                title = where = f"{len(sources)} phases"
            yield _fold(f"from {title}", f"{event} leads from {where} to {target}.", found, target)


def _fold(title: str, sentence: str, found: list[Transition], target: str | None = None) -> Fold:
    return Fold(
        title,
        sentence,
        events=_each_once(t.event for t in found),
        transitions=tuple(t.id for t in found),
        requirements=_each_once(r for t in found for r in t.requirements),
        target=target,
    )


def _possible(guard: str, known: dict[str, str | bool]) -> bool:
    """Whether a guard can hold where these names have these values; what else it reads may be anything."""
    code: dict[str, ast.expr] = {name: ast.Name(name, ast.Load()) for name in expressions.names(guard)}
    code |= {name: expressions.literal(value) for name, value in known.items()}
    folded = expressions.substitute(expressions.parse(guard), code)
    return not (isinstance(folded, ast.Constant) and not folded.value)


def _each_once(items: Iterable[T]) -> tuple[T, ...]:
    return tuple(dict.fromkeys(items))
