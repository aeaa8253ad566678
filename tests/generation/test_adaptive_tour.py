"""A tour that is planned anew after every answer comes to everything soon, and does not ask for ever."""

from __future__ import annotations

from random import Random

import pytest

from asr_model.observable_machine import Goal
from asr_model.profiles import lts, stepper
from asr_properties.contract.connection import Connection
from asr_properties.generation.adaptive_tour import AdaptiveTour, machine_of
from asr_properties.generation.cheapest_way import ARGUMENTS, PAIR, TRANSITION, CheapestWays
from asr_properties.generation.likelihood import Pace
from asr_properties.generation.routes import Routes
from asr_properties.generation.targets import Targets
from asr_properties.reference import Fixed, ReferenceService, create, create_classic
from asr_properties.session.session import Session
from asr_properties.specification.declared import properties_of
from asr_properties.specification.property_monitors import PropertyMonitors
from asr_properties.specification.rule import EvidenceKind


def session_of(factory, profile):
    monitors = PropertyMonitors(properties_of(profile), EvidenceKind.LIVE)
    return Session(Connection(factory()), stepper(profile), monitors)


def toured(factory, profile, seed, steps=10**6):
    """The session after a tour of so many steps at most, and by how many steps each pair was tried."""
    session, random = session_of(factory, profile), Random(seed)
    tour = AdaptiveTour(
        session, lts(profile), Targets(session, lts(profile), Routes(session, lts(profile)), random), random
    )
    for _ in tour.walks():
        if session.performed >= steps:
            break
    return session


@pytest.mark.parametrize(
    ("factory", "profile", "most"), [(create, "modernized", 130), (create_classic, "classic", 108)]
)
def test_every_pair_and_nearly_every_transition_is_covered_within_1500_steps(factory, profile, most):
    session = toured(factory, profile, 3, 1500)
    goals = machine_of(lts(profile)).goals(PAIR)
    reached = {phase for phase, _ in session.tries.pairs}
    assert {(g.where, g.what) for g in goals if g.where in reached} <= session.tries.pairs
    assert len(session.oracle.taken) >= most


@pytest.mark.long
def test_an_implementation_that_declines_is_not_asked_for_ever():
    """It never does half of what is left open; the tour has an end."""
    session = toured(lambda: ReferenceService(freedom=Fixed({})), "modernized", 1, 6000)
    assert session.performed < 6000
    assert len(session.oracle.taken) > 60


def test_what_must_be_refused_in_a_phase_comes_before_what_is_accepted():
    session = toured(create, "modernized", 5, 14)
    phases = [step.shown_phase for step in session.steps]
    asked = [step.action.name for step in session.steps if step.action.kind == "request"]
    assert phases[:9] == ["not_replicated"] * 9
    assert "enable_replication" not in asked[:9]


def test_of_two_goals_the_nearer_comes_first():
    ways = CheapestWays(machine_of(lts()), Random(1))
    near = Goal(TRANSITION, "enable_replication: not_replicated -> enabling_replication")
    far = next(g for g in ways.goals if g.where.startswith("failover_succeeds"))
    plan = ways.cheapest(0, {near: 0.0, far: 0.0}, lambda move: 1.0)
    assert plan is not None
    assert (plan.goal, len(plan.moves)) == (near, 1)


def test_what_is_wanted_less_comes_later():
    ways = CheapestWays(machine_of(lts()), Random(1))
    near = Goal(TRANSITION, "enable_replication: not_replicated -> enabling_replication")
    (refused, *_) = sorted(g for g in ways.goals if g.sort == ARGUMENTS and g.where == "not_replicated")
    first = [ways.cheapest(0, {near: 0.0, refused: later}, lambda move: 1.0) for later in (-0.5, 0.5)]
    assert [plan and plan.goal for plan in first] == [refused, near]


def test_nothing_leads_to_what_costs_too_much():
    ways = CheapestWays(machine_of(lts()), Random(1))
    far = next(g for g in ways.goals if g.where.startswith("failover_succeeds"))
    assert ways.cheapest(0, {far: 0.0}, lambda move: float("inf")) is None


def test_a_wait_that_was_too_long_and_one_that_was_too_short_close_in_on_the_right_one():
    """The first recovery point comes 25 minutes after the initial replication ends; it lasts 20 minutes."""
    initial = lts().stepper.initial._replace(phase="initial_replication")
    awaiting, there = initial._replace(phase="awaiting_first_recovery_point"), initial._replace(phase="protected")
    pace = Pace(Random(1))
    for _ in range(8):
        pace.begin()
        waited, now = 0.0, initial
        while now == initial:
            waited += pace.next(initial, awaiting, has_job=False)
            now = initial if waited < 1500 else awaiting if waited < 2700 else there
            pace.came_to(initial, now)
        if now == awaiting:
            break
    assert now == awaiting
