"""What a tour costs beside the least that is possible, and how soon a run has covered everything.

    python benchmarks/tours.py [SEEDS]

Steps are actions on the implementation. Costs are those of a tour that is fixed beforehand, where all that is left open
goes the tester's way; a run plans anew after every answer of the reference, whose free choices are drawn.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from functools import partial
from random import Random
from statistics import median

from asr_model.minimal_tour import minimal_tour
from asr_model.observable_machine import Goal, ObservableMachine
from asr_model.profiles import CHARTS, lts, stepper
from asr_properties.contract.connection import Connection, Implementation
from asr_properties.generation.action_choice import tasks_of
from asr_properties.generation.adaptive_tour import AdaptiveTour, machine_of
from asr_properties.generation.routes import Routes
from asr_properties.generation.targets import Targets
from asr_properties.reference import Fixed, ReferenceService, create, create_classic
from asr_properties.session.session import Session
from asr_properties.specification.declared import properties_of
from asr_properties.specification.property_monitors import PropertyMonitors
from asr_properties.specification.rule import EvidenceKind

LEVELS: Mapping[str, tuple[str, ...]] = {
    "transitions": ("transition",),
    "+ (phase, operation) pairs": ("transition", "pair"),
    "+ kinds of arguments": ("transition", "pair", "arguments"),
    "+ (task, fault) pairs": ("transition", "pair", "arguments", "fault"),
}
"""What is to be covered at each level."""

IMPLEMENTATIONS = {
    "the reference": (create, "modernized"),
    "the classic reference": (create_classic, "classic"),
    "the reference that makes the first choice": (partial(ReferenceService, freedom=Fixed({})), "modernized"),
}


def times_of(machine: ObservableMachine) -> dict[Goal, int]:
    """How often each surrounding is brought about at the last level: by each of its faults, at each of its tasks."""
    surroundings = machine.lts.stepper.efsm.surroundings
    return {Goal("fault", s.name): sum(max(1, len(tasks_of(fault))) for fault in s.faults) for s in surroundings}


def levels(profile: str) -> Iterator[str]:
    """A line for each level: its goals, what the cheapest tour costs, and the lower bound."""
    machine = machine_of(lts(profile))
    for name, sorts in LEVELS.items():
        goals = machine.goals(*sorts)
        tour = minimal_tour(machine, goals, times=times_of(machine) if "fault" in sorts else None)
        yield f"{profile:11} {name:27} {len(goals):5} goals  {tour.cost:4} steps  bound {tour.bound:4}"


def covered(factory: type[Implementation], profile: str, seed: int) -> tuple[int, int, int, int]:
    """After how many steps of a tour the last pair was tried and the last transition taken; how many of each."""
    monitors = PropertyMonitors(properties_of(profile), EvidenceKind.LIVE)
    session, model, random = Session(Connection(factory()), stepper(profile), monitors), lts(profile), Random(seed)
    tour = AdaptiveTour(session, model, Targets(session, model, Routes(session, model), random), random)
    last_pair = last_transition = pairs = transitions = 0
    for _ in tour.walks():
        if len(session.tries.pairs) > pairs:
            pairs, last_pair = len(session.tries.pairs), session.performed
        if len(session.oracle.taken) > transitions:
            transitions, last_transition = len(session.oracle.taken), session.performed
    return last_pair, last_transition, pairs, transitions


def main() -> None:
    """Measure and print."""
    seeds = range(1, 1 + (int(sys.argv[1]) if len(sys.argv) > 1 else 10))
    for profile in CHARTS:
        for line in levels(profile):
            print(line, flush=True)
    for name, (factory, profile) in IMPLEMENTATIONS.items():
        found = [covered(factory, profile, seed) for seed in seeds]
        pair, transition, pairs, transitions = (median(column) for column in zip(*found, strict=True))
        told = f"last of {pairs:g} pairs after {pair:g}, last of {transitions:g} transitions after {transition:g} steps"
        print(f"{name}: {told} (medians of {len(found)} seeds)", flush=True)


if __name__ == "__main__":
    main()
