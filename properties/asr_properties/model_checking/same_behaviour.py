"""Whether two models can do and show the same: a bisimulation, found by a walk through both at once."""

from __future__ import annotations

from asr_model.efsm import Event
from asr_model.lts import Lts, subsets
from asr_model.state import State
from asr_model.stepper import Stepper
from asr_properties.evidence.of_the_model import ModelObservations
from asr_properties.evidence.unknown import alike


def same_behaviour(first: Lts, second: Lts) -> bool:
    """Whether both answer every event in the same way, under all surroundings, and look the same after it, from the
    initial state on. Then no property tells them apart, whatever it reads. Given state, event, surroundings and answer
    there is one next state, so that one walk decides.
    """
    looks = ModelObservations(first.stepper), ModelObservations(second.stepper)
    start = first.stepper.initial, second.stepper.initial
    seen = {start}
    todo = [start]
    while todo:
        here = todo.pop()
        if not all(map(alike, looks[0].of(here[0]), looks[1].of(here[1]))):
            return False
        for event in first.stepper.events:
            relevant = first.stepper.relevant(here[0], event) | second.stepper.relevant(here[1], event)
            for surroundings in subsets(relevant):
                one = _outcome(first.stepper, here[0], event, surroundings)
                other = _outcome(second.stepper, here[1], event, surroundings)
                if one[1:] != other[1:]:
                    return False
                there = (one[0], other[0])
                if there not in seen:
                    seen.add(there)
                    todo.append(there)
    return True


def _outcome(stepper: Stepper, state: State, event: Event, surroundings: frozenset[str]) -> tuple[State, bool, bool]:
    """The next state, whether a transition is taken, and whether it may be refused instead."""
    outcome = stepper.step(state, event, surroundings)
    return outcome.state, outcome.transition is not None, outcome.may_refuse and event.is_operation
