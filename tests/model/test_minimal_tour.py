"""Tours of the observable machine: what they cover, that they can be walked, and that none is cheaper."""

from __future__ import annotations

from functools import cache

import pytest

from asr_model.minimal_tour import NoTour, minimal_tour
from asr_model.observable_machine import OPERATIONS, Goal, Sort, observable_machine, price
from asr_model.profiles import CHARTS, lts
from asr_model.vocabulary import Answer, Operation

LEVELS = {
    "transitions": ("transition",),
    "and pairs": ("transition", "pair"),
    "and kinds of arguments": ("transition", "pair", "arguments"),
    "and faults": ("transition", "pair", "arguments", "fault"),
}


@cache
def machine_of(profile):
    return observable_machine(lts(profile))


@cache
def tour_of(profile, level):
    machine = machine_of(profile)
    return minimal_tour(machine, machine.goals(*LEVELS[level]))


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("profile", CHARTS)
class TestEachLevel:
    def test_costs_what_its_lower_bound_says(self, profile, level):
        tour = tour_of(profile, level)
        assert tour.cost == tour.bound == sum(map(price, tour.moves))

    def test_is_one_walk_from_a_fresh_item_over_moves_of_the_machine(self, profile, level):
        here = 0
        for move in tour_of(profile, level).moves:
            assert move.source == here
            known = [m for m in machine_of(profile).outgoing[here] if m[:5] == move[:5]]
            assert any(move.covers <= m.covers for m in known)
            here = move.target

    def test_covers_every_goal(self, profile, level):
        covered = {goal for move in tour_of(profile, level).moves for goal in move.covers}
        assert covered >= machine_of(profile).goals(*LEVELS[level])


@pytest.mark.parametrize("profile", CHARTS)
def test_every_pair_of_a_phase_and_an_operation_is_a_goal(profile):
    pairs = {(goal.where, goal.what) for goal in machine_of(profile).goals("pair")}
    assert pairs == {(state.phase, str(operation)) for state in lts(profile).states for operation in Operation}


def test_what_no_outcome_shows_for_certain_is_no_goal():
    """With a source that cannot be shut down a classic failback goes on; whether it was shut down shows nowhere."""
    declared = {edge.transition.id for edge in lts("classic").edges if edge.transition}
    shown = {goal.where for goal in machine_of("classic").goals("transition")}
    assert declared - shown == {"source_shutdown_fails: failing_back -> failing_back"}
    assert {e.transition.id for e in lts().edges if e.transition} == {
        goal.where for goal in machine_of("modernized").goals("transition")
    }


def test_the_cheapest_way_to_one_goal_is_the_shortest():
    machine = machine_of("modernized")
    (goal,) = (g for g in machine.goals("transition") if g.where.startswith("failover_succeeds"))
    tour = minimal_tour(machine, [goal])
    assert tour.cost == tour.bound == len(tour.moves)
    assert str(tour.moves[0].input) == "enable_replication"
    assert sum(move.input.sort is Sort.ASK for move in tour.moves) == 2


def test_a_goal_is_covered_as_often_as_it_has_to_be():
    machine = machine_of("modernized")
    goals = machine.goals("transition", "fault")
    goal = Goal("fault", "cancel_faulty")
    often = minimal_tour(machine, goals, times={goal: 6})
    assert sum(goal in move.covers for move in often.moves) >= 6
    assert often.cost == often.bound > minimal_tour(machine, goals).cost


def test_prices_decide_what_is_cheapest():
    machine = machine_of("modernized")
    tour = minimal_tour(machine, machine.goals("transition"), prices=OPERATIONS)
    assert tour.cost == tour.bound
    asked = sum(move.input.sort in (Sort.ASK, Sort.FRESH_ITEM) for move in tour.moves)
    assert asked <= sum(m.input.sort in (Sort.ASK, Sort.FRESH_ITEM) for m in tour_of("modernized", "transitions").moves)


def test_what_nothing_covers_is_told():
    with pytest.raises(NoTour, match="no such transition"):
        minimal_tour(machine_of("modernized"), [Goal("transition", "no such transition")])


def test_refused_is_only_what_leaves_the_item_as_it_is():
    for move in machine_of("modernized").moves:
        if move.answer is Answer.REFUSED:
            assert move.source == move.target
