"""The state graph: nothing of the lifecycle is lost, nothing is there twice, and what is left out is said."""

from __future__ import annotations

from collections import Counter, defaultdict

import networkx as nx
import pytest

from asr_model import profiles
from asr_model.efsm import Efsm
from asr_model.vocabulary import JobEnd, Operation
from asr_reports.state_graph import Arrow, Detail, Kind, StateGraph, accepted, state_graph


def arrow(graph: StateGraph, source: str, target: str, kind: Kind) -> Arrow:
    (found,) = [e for e in graph.arrows if (e.source, e.target, e.kind) == (source, target, kind)]
    return found


def test_nodes_are_the_phases_and_the_drill_states_as_declared(efsm: Efsm, overview: StateGraph):
    assert [node.name for node in overview.phases] == list(efsm.phases)
    assert [node.name for node in overview.drills] == list(efsm.drills)
    assert [node.name for node in overview.nodes if node.initial] == ["not_replicated", "no_drill"]


def test_nodes_say_what_is_known_about_their_phase(efsm: Efsm, overview: StateGraph):
    for node in overview.phases:
        facts = efsm.phases[node.name]
        assert (node.group, node.steady, node.serving, node.replicating) == (
            facts.group,
            facts.steady,
            facts.serving,
            facts.replicating,
        )


@pytest.mark.parametrize("detail", Detail)
def test_each_transition_is_drawn_once_or_folded_once(efsm: Efsm, detail: Detail):
    graph = state_graph(efsm, detail)
    drawn = [identifier for e in graph.arrows for identifier in e.transitions]
    folded = [identifier for fold in graph.folds for identifier in fold.transitions]
    assert Counter(drawn + folded) == Counter(t.id for t in efsm.transitions)


def test_full_detail_folds_nothing(full: StateGraph):
    assert full.folds == ()


def test_an_arrow_joins_the_transitions_of_one_kind_between_two_nodes(efsm: Efsm, full: StateGraph):
    ends = [(e.source, e.target, e.kind) for e in full.arrows]
    assert len(ends) == len(set(ends))
    for e in full.arrows:
        transitions = [efsm.transition(identifier) for identifier in e.transitions]
        assert {(t.source, t.target) for t in transitions} == {(e.source, e.target)}
        assert {t.event for t in transitions} == set(e.events)
        assert {r for t in transitions for r in t.requirements} == set(e.requirements)
        assert e.requirements


def test_the_overview_folds_three_rules(efsm: Efsm, overview: StateGraph):
    within, cancelled, many = overview.folds
    assert all(t.source == t.target for t in map(efsm.transition, within.transitions))
    assert all(t.ends is JobEnd.CANCELLED for t in map(efsm.transition, cancelled.transitions))
    assert (many.events, many.target) == (("disable_replication",), "disabling_replication")
    assert many.sentence == (
        "disable_replication leads from every steady phase but not_replicated to disabling_replication."
    )


def test_every_phase_can_be_reached_in_the_overview(overview: StateGraph):
    drawn = nx.DiGraph((e.source, e.target) for e in overview.arrows)
    (fold,) = [f for f in overview.folds if f.target is not None]
    reached = nx.descendants(drawn, "not_replicated") | {"not_replicated", str(fold.target)}
    assert reached == {node.name for node in overview.phases}


def test_a_cancel_that_is_the_only_way_into_a_phase_is_drawn(overview: StateGraph):
    assert arrow(overview, "failing_over", "failover_aborted", Kind.FAILURE).events == ("job_is_cancelled",)


def test_kinds(full: StateGraph):
    assert arrow(full, "failed_over", "committing_failover", Kind.OPERATION).events == ("commit",)
    assert arrow(full, "committing_failover", "failover_committed", Kind.HAPPENING).events == ("commit_succeeds",)
    assert arrow(full, "failing_over", "failover_failed", Kind.FAILURE).events == ("failover_fails",)
    assert arrow(full, "failing_over", "failing_over", Kind.FAILURE).events == ("source_shutdown_fails",)


def test_only_what_is_open_in_any_case_is_unspecified(overview: StateGraph):
    assert [(e.source, e.events) for e in overview.arrows if e.unspecified] == [("failing_back", ("cancel_failover",))]
    assert arrow(overview, "reverse_protected", "failing_back", Kind.OPERATION).may_refuse == (
        "impaired or resynchronizing",
        "True",
    )


def test_what_is_accepted_agrees_with_the_enumeration(efsm: Efsm):
    lts = profiles.lts()
    taken: dict[str, set[str]] = defaultdict(set)
    for step in lts.edges:
        if step.transition is not None and step.event.is_operation:
            state = lts.states[step.source]
            taken[state.phase].add(step.event.name)
            if step.transition.variable == "drill":
                taken[state.drill].add(step.event.name)
    for name, operations in accepted(efsm).items():
        assert set(operations) == taken[name], name
        assert list(operations) == [o for o in Operation if o in operations]


def test_a_lifecycle_that_lacks_a_transition_lacks_its_arrow(efsm: Efsm):
    commits = [t.id for t in efsm.transitions if t.event == "commit" and t.source == "failed_over"]
    graph = state_graph(efsm.without(*commits))
    assert not [e for e in graph.arrows if (e.source, e.target) == ("failed_over", "committing_failover")]
