"""The shortest way to a vector, as steps of items: for people who must see how it comes to that."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

import numpy as np

from asr_model.composition.component import Component, Step, Vector
from asr_model.composition.explored import Bound
from asr_model.composition.numbering import Numbers, Positional
from asr_model.composition.packed import CHUNK
from asr_model.composition.seen import seen_for
from asr_model.composition.successors import Successors


@dataclass(frozen=True)
class Stage:
    """One step of the product. steps: for each item that takes part what it does. label: None where one moves alone.
    after: the vector that it leads to."""

    steps: tuple[tuple[int, Step], ...]
    label: int | None
    after: Vector


def shortest_path(component: Component, goal: Vector, bound: Bound) -> tuple[Stage, ...] | None:
    """The fewest steps from where every item is in its initial state to this vector; None where there is no way, or
    more would have to be looked at than the bound allows."""
    numbering = Positional(component.states, len(goal))
    target = int(numbering.numbers([np.array([state]) for state in goal])[0])
    layers = _layers_until(target, Successors(component, numbering), numbering, bound)
    if layers is None:
        return None
    back: list[Stage] = []
    for layer in reversed(layers[:-1]):
        for before, steps, label in _before(component, goal):
            number = numbering.numbers([np.array([state]) for state in before])[0]
            at = int(np.searchsorted(layer, number))
            if at < len(layer) and layer[at] == number:
                back.append(Stage(steps, label, goal))
                goal = before
                break
    return tuple(reversed(back))


def _layers_until(target: int, successors: Successors, numbering: Positional, bound: Bound) -> list[Numbers] | None:
    """The layers of the search up to the one that holds `target`."""
    seen = seen_for(numbering.size, bound.memory)
    seen.add(np.zeros(1, np.int64))
    layers: list[Numbers] = []
    while len(layer := seen.next_layer()):
        layers.append(layer)
        held = sum(map(len, layers))
        if layer[min(int(np.searchsorted(layer, target)), len(layer) - 1)] == target:
            return layers
        if seen.memory + 8 * held > bound.memory or (bound.states is not None and held > bound.states):
            return None
        for start in range(0, len(layer), CHUNK):
            numbers = layer[start : start + CHUNK]
            columns = numbering.columns(numbers)
            for after in successors.alone(numbers, columns):
                seen.add(after)
            for _, after in successors.together(columns):
                seen.add(after)
    return None


def _before(component: Component, vector: Vector) -> Iterator[tuple[Vector, tuple[tuple[int, Step], ...], int | None]]:
    """The vectors that a step leads from to this one, each with what is done."""
    for item, state in enumerate(vector):
        for source, target in sorted(component.alone):
            if target == state:
                yield (*vector[:item], source, *vector[item + 1 :]), ((item, (source, target)),), None
    for label, steps in enumerate(component.joint):
        into = [[step for step in sorted(steps) if step[1] == state] for state in vector]
        for chosen in product(*into):
            yield tuple(source for source, _ in chosen), tuple(enumerate(chosen)), label
