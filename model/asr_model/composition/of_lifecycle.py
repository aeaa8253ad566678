"""The component that a replicated item is, from everything that one item can do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from asr_model import expressions
from asr_model.composition.component import Component, Step, Vector
from asr_model.composition.coupling import Coupling, NeverTogether
from asr_model.efsm import Event
from asr_model.lts import Edge, Lts
from asr_model.state import State


@dataclass(frozen=True)
class ComposedItem:
    """One item of a product, as numbers and as what they mean. lts: all that it can do alone; coupling: None where the
    items are independent. labels: the events of each label of the component; events that take items to the same states
    are one label."""

    lts: Lts
    coupling: Coupling | None
    component: Component
    labels: tuple[tuple[Event, ...], ...]

    @property
    def invariants(self) -> tuple[NeverTogether, ...]:
        """What the coupling must keep, in the order of the component's pairs."""
        return () if self.coupling is None else self.coupling.never_together

    def states_of(self, vector: Vector) -> tuple[State, ...]:
        """What the numbers of a vector stand for."""
        return tuple(self.lts.states[number] for number in vector)

    def edge(self, step: Step, label: int | None) -> Edge:
        """A step of one item that is a step of the component: its move, or, with a label, one of that label."""
        events = None if label is None else self.labels[label]
        for edge in _steps(self.lts, self.coupling):
            is_of_label = edge.event in events if events is not None else not _is_joint(edge, self.coupling)
            if is_of_label and (edge.source, edge.target) == step:
                return edge
        raise KeyError(step)


def composed_item(lts: Lts, coupling: Coupling | None = None) -> ComposedItem:
    """The component that items of this lifecycle are. coupling: None: each is independent of the others.

    What is refused is no step, and neither is what leaves an item as it is, unless others may move with it.

    Raises:
        Contradiction: an item alone breaks what the coupling must keep.
    """
    alone: set[Step] = set()
    joint: dict[Event, set[Step]] = {}
    for edge in _steps(lts, coupling):
        step = (edge.source, edge.target)
        if _is_joint(edge, coupling):
            joint.setdefault(edge.event, set()).add(step)
        elif edge.source != edge.target:
            alone.add(step)
    labels: dict[frozenset[Step], list[Event]] = {}
    for event, steps in joint.items():
        labels.setdefault(frozenset(steps), []).append(event)
    invariants = () if coupling is None else coupling.never_together
    pairs = tuple((_where(lts, each.one), _where(lts, each.other)) for each in invariants)
    component = Component(len(lts.states), frozenset(alone), tuple(labels), pairs)
    return ComposedItem(lts, coupling, component, tuple(map(tuple, labels.values())))


def _steps(lts: Lts, coupling: Coupling | None) -> Iterator[Edge]:
    """The transitions that an item can take, where what holds for every member holds."""
    holding = frozenset() if coupling is None else coupling.holding
    for edge in lts.edges:
        if edge.transition is None:
            continue
        reads = lts.stepper.relevant(lts.states[edge.source], edge.event) & holding
        if reads <= edge.surroundings:
            yield edge


def _is_joint(edge: Edge, coupling: Coupling | None) -> bool:
    return coupling is not None and edge.event.name in coupling.events


def _where(lts: Lts, text: str) -> frozenset[int]:
    """The states in which an expression holds."""
    code = {name: expressions.element("s", index) for index, name in enumerate(State._fields)}
    holds = expressions.compile_function("s", expressions.substitute(expressions.parse(text), code), {})
    return frozenset(number for number, state in enumerate(lts.states) if holds(state))
