"""The lifecycle to walk through: it has the steps of the model and no others, and its ways lead where they should."""

from __future__ import annotations

import networkx as nx
import pytest

from asr_model import profiles
from asr_model.lts import subsets
from asr_reports.exploration import Exploration, NoSuchStep


@pytest.fixture(scope="session", params=list(profiles.CHARTS))
def here(request) -> Exploration:
    return Exploration(profiles.lts(request.param))


@pytest.fixture(scope="session")
def modernized() -> Exploration:
    return Exploration(profiles.lts())


def test_the_choices_are_the_steps_of_the_model_and_no_others(here: Exploration):
    for number, edges in enumerate(here.lts.outgoing):
        steps = {(e.transition.id, e.target) for e in edges if e.transition is not None}
        assert {(c.transition.id, c.target) for c in here.place(number).choices} == steps
        assert {name for name, _ in here.named(number)} == set(dict(here.named(number)))


def test_a_choice_can_be_taken_under_its_conditions_with_its_arguments(here: Exploration):
    """Every combination of its values does what it says where a condition is met, and only there."""
    stepper = here.lts.stepper
    for number, state in enumerate(here.lts.states):
        for choice in here.place(number).choices:
            values = {name: set(map(str, each)) for name, each in choice.arguments}
            events = [
                event
                for event in stepper.events
                if event.name == choice.event
                and all(str(value) in values.get(name, {str(value)}) for name, value in event.arguments)
            ]
            assert events
            for event in events:
                for surroundings in subsets(stepper.relevant(state, event)):
                    outcome = stepper.step(state, event, surroundings)
                    does = (outcome.transition, outcome.state) == (choice.transition, here.lts.states[choice.target])
                    met = not choice.conditions or any(
                        set(one.when) <= surroundings and not set(one.unless) & surroundings
                        for one in choice.conditions
                    )
                    assert does is met, (number, choice.said, surroundings)


def test_a_choice_may_be_refused_exactly_where_the_model_says_so(here: Exploration):
    for number, edges in enumerate(here.lts.outgoing):
        refused = {(e.event, e.surroundings) for e in edges if e.transition is None}
        free = {e.transition.id for e in edges if e.transition is not None and (e.event, e.surroundings) in refused}
        assert {c.transition.id for c in here.place(number).choices if c.refusable} == free, number


def test_guards_that_hold_are_those_of_choices_and_false_ones_of_none(here: Exploration):
    for number in range(len(here.lts.states)):
        place = here.place(number)
        taken = {choice.transition.id for choice in place.choices}
        for guard in place.guards:
            if guard.holds is True:
                assert guard.transition.id in taken
            elif guard.holds is False:
                assert guard.transition.id not in taken
        assert taken <= {guard.transition.id for guard in place.guards}


def test_each_operation_is_offered_or_refused_with_a_reason(here: Exploration):
    asked = {event.name for event in here.lts.stepper.events if event.is_operation}
    for number in range(len(here.lts.states)):
        place = here.place(number)
        offered = {choice.event for choice in place.choices}
        assert offered | {refusal.operation for refusal in place.refusals} >= asked
        assert all(refusal.requirements for refusal in place.refusals)


def test_the_way_has_the_fewest_faults_then_operations_then_steps(here: Exploration):
    graph = nx.DiGraph()
    for number in range(len(here.lts.states)):
        for choice in here.place(number).choices:
            weight = 1_000_000 * choice.is_trouble + 1_000 * choice.is_operation + 1
            known = graph.get_edge_data(number, choice.target, {"weight": weight + 1})["weight"]
            graph.add_edge(number, choice.target, weight=min(weight, known))
    for goal in here.goals:
        there = [n for n, state in enumerate(here.lts.states) if goal in (state.phase, state.drill)]
        best = nx.multi_source_dijkstra_path_length(graph.reverse(), set(there))
        for start in range(0, len(here.lts.states), 7):
            way = here.way(start, goal)
            if way is None:
                assert start not in best
                continue
            cost = sum(1_000_000 * c.is_trouble + 1_000 * c.is_operation + 1 for c in way)
            assert cost == best[start]
            end = way[-1].target if way else start
            assert goal in (here.lts.states[end].phase, here.lts.states[end].drill)


def test_a_path_is_written_and_followed(modernized: Exploration):
    way = modernized.way(0, "failback_committed")
    assert way is not None
    text = modernized.written(way)
    assert text.startswith("enable_replication/enabling_succeeds/")
    assert modernized.follow(text) == way
    assert modernized.follow("") == []


@pytest.mark.parametrize(
    "path", ["commit", "enable_replication/commit", "enable_replication~2", "enable_replication~x/y"]
)
def test_a_path_that_cannot_be_followed_tells_where(modernized: Exploration, path: str):
    with pytest.raises(NoSuchStep, match=r"step \d, '.*', is not possible in .*; possible: "):
        modernized.follow(path)


def test_no_way_leads_out_of_an_aborted_failover_but_by_disabling(modernized: Exploration):
    way = modernized.way(0, "failover_aborted")
    assert way is not None
    out = modernized.way(way[-1].target, "failed_over")
    assert out is not None
    assert out[0].event == "disable_replication"
