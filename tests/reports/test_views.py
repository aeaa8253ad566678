"""Parts of the graph, what marks them, and how much a picture holds."""

from __future__ import annotations

from dataclasses import replace

import pytest

from asr_model import profiles
from asr_model.efsm import Efsm
from asr_model.vocabulary import Group
from asr_reports.marks import counted, heat, way_of
from asr_reports.state_graph import StateGraph
from asr_reports.views import MOST, TooMany, View, around, check_size, part
from asr_reports.walk import ShownStep, Walk


def names(graph: StateGraph) -> set[str]:
    return {node.name for node in graph.nodes}


def test_a_direction_has_its_phases_with_all_that_leads_in_and_out(overview: StateGraph):
    found = part(overview, View.TO_ON_PREMISES)
    inside = {node.name for node in overview.phases if node.group is Group.TOWARDS_ON_PREMISES}
    assert inside < names(found)
    touching = {arrow.id for arrow in overview.arrows if {arrow.source, arrow.target} & inside}
    assert {arrow.id for arrow in found.arrows} == touching
    assert {"failed_over", "initial_replication"} < names(found)
    assert "protected" not in names(found)


def test_the_drill_has_nothing_of_the_lifecycle(efsm: Efsm, overview: StateGraph):
    found = part(overview, View.DRILL)
    assert names(found) == set(efsm.drills)
    assert found.folds == ()
    assert len(found.arrows) == len([a for a in overview.arrows if a.source in efsm.drills])


def test_around_a_phase_is_what_leads_there_and_from_there(full: StateGraph):
    found = around(full, "failed_over")
    touching = [a for a in full.arrows if "failed_over" in (a.source, a.target)]
    assert set(found.arrows) == set(touching)
    assert names(found) == {end for arrow in touching for end in (arrow.source, arrow.target)}
    assert names(found) < names(around(full, "failed_over", 2))


def test_more_nodes_than_anybody_reads_are_refused_with_a_hint(overview: StateGraph):
    assert check_size(overview) is overview
    many = tuple(replace(overview.nodes[0], name=f"phase_{number}") for number in range(MOST + 1))
    with pytest.raises(TooMany, match=r"61 nodes are more .*60.*--view to-azure.*--around PHASE"):
        check_size(replace(overview, nodes=many))


def test_every_profile_fits_a_picture():
    for profile in profiles.CHARTS:
        assert len(profiles.efsm(profile).phases) + len(profiles.efsm(profile).drills) <= MOST


def test_a_run_marks_what_it_took_and_came_to(efsm: Efsm, overview: StateGraph):
    taken = next(t for t in efsm.transitions if t.event == "commit" and t.source == "failed_over")
    marks = counted(efsm, {taken.id: 7})
    (arrow,) = [a for a in overview.arrows if taken.id in a.transitions]
    assert (marks.taken(arrow), marks.entered("committing_failover"), marks.entered("protected")) == (7, 7, 0)
    assert [heat(times) for times in (0, 1, 5, 24, 25, 100)] == [0, 1, 2, 2, 3, 4]


def test_a_walk_lights_its_way(overview: StateGraph):
    commit = ShownStep("commit()", "accepted", phase="committing_failover")
    steps = (commit, ShownStep("wait", "", agreed="failover_committed"))
    lit = way_of(overview, Walk(1, "", steps, begins="failed_over")).lit
    assert lit == {
        "failed_over",
        "committing_failover",
        "failover_committed",
        "failed_over--committing_failover--operation",
        "committing_failover--failover_committed--happening",
    }
