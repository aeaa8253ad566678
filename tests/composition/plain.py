"""Products explored as a textbook would, one tuple after the other: what the engines are compared with."""

from __future__ import annotations

from collections import deque
from functools import cache
from itertools import product
from typing import NamedTuple

from asr_model.lts import subsets


class Plain(NamedTuple):
    """What there is, by sets. depth: moves to the farthest vector."""

    vectors: set
    transitions: int
    deadlocks: set
    depth: int


def explored(items, first, after):
    """Breadth first from `items` items in `first`. after: the moves of a vector, each with a label, none twice."""
    start = (first,) * items
    depth, queue, transitions, deadlocks = {start: 0}, deque([start]), 0, set()
    while queue:
        here = queue.popleft()
        found = {(label, there) for label, there in after(here) if there != here}
        transitions += len(found)
        if not found:
            deadlocks.add(here)
        for _, there in found:
            if there not in depth:
                depth[there] = depth[here] + 1
                queue.append(there)
    return Plain(set(depth), transitions, deadlocks, max(depth.values()))


def of_component(component, items):
    """The product of a component."""

    def after(here):
        for item, state in enumerate(here):
            for source, target in component.alone:
                if source == state:
                    yield item, (*here[:item], target, *here[item + 1 :])
        for number, steps in enumerate(component.joint):
            ways = [[target for source, target in steps if source == state] for state in here]
            yield from ((("all", number), there) for there in product(*ways))

    return explored(items, 0, after)


def of_stepper(stepper, items, joint=frozenset(), labels=None):
    """The product of items that a stepper steps, each with surroundings of its own. labels: which joint events are one
    label; where none is given, each event with its arguments is its own."""

    @cache
    def ways(state, event):
        return tuple(_ways(state, event))

    def _ways(state, event):
        for holding in subsets(stepper.relevant(state, event)):
            outcome = stepper.step(state, event, holding)
            if outcome.transition is not None:
                yield outcome.state

    def after(here):
        for event in stepper.events:
            if event.name in joint:
                label = ("all", event if labels is None else labels.get(event, event))
                yield from ((label, there) for there in product(*(ways(state, event) for state in here)))
            else:
                for item, state in enumerate(here):
                    yield from ((item, (*here[:item], there, *here[item + 1 :])) for there in ways(state, event))

    return explored(items, stepper.initial, after)
