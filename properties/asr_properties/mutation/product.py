"""Whether anybody can tell a mutant from the model: the product of the mutant and what the oracle believes of it.

A tester may ask for everything at every moment, begin and end faults, and look after each thing that happens. A mutant
is told apart by a walk after which no state of the model agrees. All walks are gone through, breadth first, so that
the first one that is found is a shortest one. If there is none, the mutant is equivalent: nothing that it may choose
differs from what the model allows.

What a tester could do beyond that tells no more. Faults that a step does not depend on only allow the model more, as do
the minutes after a failover in which an agent may register. Looks that are left out leave open what they would show.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from asr_model.efsm import Event
from asr_model.lts import subsets
from asr_model.machine import Machine, MachineState
from asr_model.mutants.mutant import Mutant
from asr_model.stepper import Stepper
from asr_properties.mutation.beliefs import ASKED, OWN, RUNNING, Beliefs, Seen
from asr_properties.mutation.item import Item, Items, Result, running_job

HIDDEN_DATASTORE = frozenset({"datastore_hidden"})
"""What an item's configuration decides, for as long as the item is there."""


class ProductState(NamedTuple):
    """An item, and the number of what is believed of it. plain: the conditions that hold without any fault."""

    item: Item
    belief: int
    plain: frozenset[str]


class ProductStep(NamedTuple):
    """One step: event is what is asked for or happens; None where nothing happens any more. faults: the conditions that
    hold meanwhile, beside those of the configuration. is_done: whether what is asked for is done. seen: what is seen
    then. offers: what is decided then of the operations that need not be offered. after: None where nothing agrees."""

    event: Event | None
    faults: frozenset[str]
    is_done: bool
    seen: Seen
    offers: frozenset[tuple[str, bool]]
    after: ProductState | None


@dataclass(frozen=True)
class Decision:
    """What the product tells of a mutant. walk: the steps after the last of which nothing agrees, and the state that
    each is done in; empty where the mutant is equivalent. states: how many of the product were gone through."""

    walk: tuple[tuple[ProductState, ProductStep], ...]
    states: int

    @property
    def is_equivalent(self) -> bool:
        """Whether nobody can tell it from the model."""
        return not self.walk


class Product:
    """The product of one mutant with the beliefs about the lifecycle it is a mutant of."""

    def __init__(self, stepper: Stepper, beliefs: Beliefs, mutant: Mutant | None) -> None:
        self._machine = Machine(stepper, mutant)
        self._items = Items(self._machine)
        self._beliefs = beliefs
        self._steppers = (stepper, self._machine.stepped)
        self._faults = frozenset(s.name for s in stepper.efsm.surroundings if s.faults)
        self._settings = frozenset(s.name for s in stepper.efsm.surroundings) & HIDDEN_DATASTORE
        self._relevant: dict[tuple[Event, str], tuple[frozenset[str], ...]] = {}
        self._looks: dict[tuple[Item, str], tuple[tuple[Item, int], ...]] = {}
        self._follows: dict[tuple[MachineState, frozenset[str]], frozenset[MachineState]] = {}

    def decide(self) -> Decision:
        """Go through all that can happen, until nothing agrees or nothing is left."""
        came: dict[ProductState, tuple[ProductState, ProductStep] | None] = {}
        todo: deque[ProductState] = deque()
        for plain in subsets(self._settings):
            first = ProductState(self._items.first, self._beliefs.first, plain)
            came[first] = None
            todo.append(first)
        while todo:
            here = todo.popleft()
            for step in self._steps(here):
                if step.after is None:
                    return Decision((*_walk(came, here), (here, step)), len(came))
                if step.after not in came:
                    came[step.after] = (here, step)
                    todo.append(step.after)
        return Decision((), len(came))

    def _steps(self, here: ProductState) -> Iterator[ProductStep]:
        item, plain = here.item, here.plain
        for event in self._items.operations:
            if self._items.can_ask(item, event):
                for faults in self._conditions(event, item.at.state.phase):
                    for result in self._items.request(item, event, plain | faults):
                        yield from self._seen(here, event, faults, result)
        for event in self._items.happenings:
            for faults in self._conditions(event, item.at.state.phase):
                happened = self._items.happen(item, event, plain | faults)
                if happened is not None:
                    yield from self._seen(here, event, faults, happened)
        is_due = item.is_running or self._beliefs.may_be_late(here.belief)
        if is_due and self._goes_on_for_ever(item.at, plain):
            running = "in_progress" if item.is_running else ""
            yield from self._seen(here, None, frozenset(), Result(item, running=running))

    def _seen(
        self, here: ProductState, event: Event | None, faults: frozenset[str], result: Result
    ) -> Iterator[ProductStep]:
        """What can be seen after something was done, and what is believed then."""
        for item, look in self._looked(result):
            seen = Seen(
                event if event is not None and event.is_operation else None,
                here.plain | faults,
                result.is_accepted,
                result.running,
                result.asked,
                result.own,
                event is None,
                look,
            )
            belief = self._beliefs.after(here.belief, seen, here.plain)
            after = None if belief is None else ProductState(item, belief, here.plain)
            yield ProductStep(event, faults, result.is_done, seen, item.offers, after)

    def _looked(self, result: Result) -> tuple[tuple[Item, int], ...]:
        """What can be seen of an item after something was done, by number, with what it has decided then."""
        job = running_job({RUNNING: result.running, ASKED: result.asked, OWN: result.own})
        found = self._looks.get((result.item, job))
        if found is None:
            looks = self._items.looks(result.item, job)
            found = self._looks[result.item, job] = tuple((item, self._beliefs.look(look)) for item, look in looks)
        return found

    def _conditions(self, event: Event, phase: str) -> tuple[frozenset[str], ...]:
        """Every combination of the faulty conditions that the event may depend on in a phase."""
        found = self._relevant.get((event, phase))
        if found is None:
            state = self._machine.initial.state._replace(phase=phase)
            names = frozenset[str]().union(*(stepper.relevant(state, event) for stepper in self._steppers))
            found = self._relevant[event, phase] = tuple(subsets(names & self._faults))
        return found

    def _goes_on_for_ever(self, at: MachineState, plain: frozenset[str]) -> bool:
        """Whether, with no fault, all that can happen by itself leads back here sooner or later."""
        return all(at in self._reached(other, plain) for other in self._reached(at, plain))

    def _reached(self, at: MachineState, plain: frozenset[str]) -> frozenset[MachineState]:
        """What happenings lead to, with no fault; `at` itself included."""
        key = (at, plain)
        found = self._follows.get(key)
        if found is None:
            reached = {at}
            todo = [at]
            while todo:
                here = todo.pop()
                for event in self._items.happenings:
                    step = self._machine.step(here, event, plain)
                    if step.is_taken and step.after not in reached:
                        reached.add(step.after)
                        todo.append(step.after)
            found = self._follows[key] = frozenset(reached)
        return found


def _walk(
    came: dict[ProductState, tuple[ProductState, ProductStep] | None], goal: ProductState
) -> list[tuple[ProductState, ProductStep]]:
    walk: list[tuple[ProductState, ProductStep]] = []
    step = came[goal]
    while step is not None:
        walk.append(step)
        step = came[step[0]]
    return walk[::-1]
