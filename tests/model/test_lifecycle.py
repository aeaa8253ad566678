"""The declaration of the modernized lifecycle, held against the facts and against itself."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asr_model.efsm import Event, InvalidLifecycle, extract
from asr_model.expressions import names
from asr_model.lifecycle.chart import Citation, cite
from asr_model.lifecycle.modernized import Modernized
from asr_model.lts import subsets
from asr_model.profiles import UnknownProfile, efsm, lts, stepper
from asr_model.requirements import CATALOGUE
from asr_model.vocabulary import Fault, Operation

PHASES = [
    "not_replicated",
    "enabling_replication",
    "enabling_failed",
    "initial_replication",
    "awaiting_first_recovery_point",
    "protected",
    "failing_over",
    "failover_failed",
    "failover_aborted",
    "failed_over",
    "changing_recovery_point",
    "committing_failover",
    "failover_committed",
    "reprotecting_to_on_premises",
    "reverse_initial_replication",
    "reverse_protected",
    "failing_back",
    "reverting_failback",
    "failback_cancel_failed",
    "failed_back",
    "cancelling_failback",
    "committing_failback",
    "failback_committed",
    "reprotecting_to_azure",
    "disabling_replication",
]

DRILLS = ["no_drill", "drill_running", "drill_awaiting_cleanup", "cleaning_up_drill"]

every_state = st.sampled_from(lts().states)
every_event = st.sampled_from(stepper().events)
some_surroundings = st.frozensets(st.sampled_from([s.name for s in efsm().surroundings]))


def test_every_phase_and_drill_state_of_the_vocabulary_is_declared_and_reachable():
    assert {state.phase for state in lts().states} == set(PHASES) == set(efsm().phases)
    assert {state.drill for state in lts().states} == set(DRILLS) == set(efsm().drills)


def test_every_declared_transition_is_taken_somewhere():
    taken = {edge.transition.id for edge in lts().edges if edge.transition is not None}
    assert taken == {transition.id for transition in efsm().transitions}


def test_every_operation_is_declared_and_accepted_somewhere():
    accepted = {edge.event.name for edge in lts().edges if edge.response == "accepted"}
    assert accepted == set(Operation)


def test_every_fault_has_a_surrounding():
    assert {fault for surrounding in efsm().surroundings for fault in surrounding.faults} == set(Fault)


def test_every_transition_and_every_refusal_cites_requirements_of_the_catalogue():
    for edge in lts().edges:
        assert edge.requirements
        assert set(edge.requirements) <= set(CATALOGUE)


@given(every_state, every_event, some_surroundings)
def test_the_step_is_total_and_takes_one_transition_at_most(state, event, surroundings):
    outcome = stepper().step(state, event, surroundings)
    assert len(stepper().enabled(state, event, surroundings)) <= 1
    if outcome.transition is None:
        assert outcome.state == state
        assert outcome.response == ("refused" if event.is_operation else None)
    else:
        assert outcome.response == ("accepted" if event.is_operation else None)
        assert lts().number[outcome.state] is not None


@given(every_state, every_event, some_surroundings)
def test_the_outcome_depends_on_nothing_but_the_relevant_surroundings(state, event, surroundings):
    relevant = stepper().relevant(state, event)
    assert stepper().step(state, event, surroundings) == stepper().step(state, event, surroundings & relevant)


def test_at_most_one_transition_is_enabled_anywhere():
    for state in lts().states:
        for event in stepper().events:
            for surroundings in subsets(stepper().relevant(state, event)):
                assert len(stepper().enabled(state, event, surroundings)) <= 1


def test_no_declared_refusal_contradicts_what_is_accepted_for_certain():
    for edge in lts().edges:
        if edge.response == "accepted":
            assert stepper().why_refused(lts().states[edge.source], edge.event, edge.surroundings) in (
                ("X02",),
                ("R94",),
            ), (edge.event, lts().states[edge.source].phase)


def test_variables_are_at_rest_outside_the_phases_they_serve():
    for state in lts().states:
        assert not state.shutdown_pending or state.phase == "failing_over"
        assert state.fresh_point == "not_needed" or state.phase == "failing_back"
        assert not state.committed or state.phase.startswith("reprotecting")
        assert state.before == "nothing" or state.phase in ("disabling_replication", "cancelling_failback")
        busy = not efsm().phases[state.phase].steady or state.resynchronizing
        assert not state.stopping or busy or state.drill in ("drill_running", "cleaning_up_drill")
        assert state.drill == "no_drill" or state.phase == "protected"


def test_replication_can_be_disabled_from_every_steady_phase():
    steady = {name for name, facts in efsm().phases.items() if facts.steady}
    sources = {t.source for t in efsm().transitions if t.event == "disable_replication"}
    assert sources == steady - {"not_replicated"}


def test_every_variable_keeps_to_its_domain():
    for state in lts().states:
        for name, domain in efsm().domains.items():
            assert getattr(state, name) in domain, (name, state)


def test_every_declared_effect_and_surrounding_is_used():
    specs = (spec for s in _states() for t in s.transitions for spec in (*t.before, *t.on))
    used = {spec.func for spec in specs if not spec.is_convention}
    assert used == set(Modernized.effects)
    read = {name for t in efsm().transitions for text in (t.guard, t.may_refuse) for name in names(text)}
    assert {surrounding.name for surrounding in efsm().surroundings} <= read


def _states():
    (root,) = Modernized.states
    return [state for region in root.states for state in region.states]


#: allowedOperations as observed (facts 1.1, 5.12), in the model's words; resynchronize is optional in protected.
STATE_TABLE = {
    "initial_replication": {"disable_replication"},
    "awaiting_first_recovery_point": {"disable_replication"},
    "protected": {"fail_over", "disable_replication", "test_failover"},
    "failed_over": {"commit", "disable_replication", "change_recovery_point", "reprotect"},
    "failover_committed": {"disable_replication", "reprotect"},
    "reverse_initial_replication": {"disable_replication"},
    "reverse_protected": {"planned_failover", "disable_replication"},
    "failed_back": {"commit", "disable_replication", "reprotect", "cancel_failover"},
    "enabling_failed": {"disable_replication"},
    "failover_failed": {"fail_over", "disable_replication"},
    "failback_committed": {"reprotect", "disable_replication"},
    "failover_aborted": {"disable_replication"},
    "failback_cancel_failed": {"cancel_failover", "disable_replication"},
}


@pytest.mark.parametrize("phase", STATE_TABLE)
def test_what_a_phase_accepts_is_what_the_service_lists_there(phase):
    for state in lts().states:
        if state.phase == phase and state.drill == "no_drill" and not state.resynchronizing:
            accepted = {e.name for e in stepper().events if e.is_operation and stepper().step(state, e).transition}
            assert accepted - {"resynchronize"} == STATE_TABLE[phase]


def walk(*events):
    """The state after events that all must be possible, given as names or (name, arguments)."""
    state = stepper().initial
    for item in events:
        name, arguments = item if isinstance(item, tuple) else (item, {})
        outcome = stepper().step(state, Event(name, tuple(arguments.items())))
        assert outcome.transition is not None, (state, name)
        state = outcome.state
    return state


TO_PROTECTED = (
    "enable_replication",
    "enabling_succeeds",
    "initial_replication_completes",
    "first_recovery_point_created",
)
FAIL_OVER = ("fail_over", {"recovery_point": "latest", "shut_down_source": False})
TO_REVERSE = ("reprotect", "reprotect_commits", "reprotect_succeeds", "reverse_initial_replication_completes")
FAIL_BACK = (
    ("planned_failover", {"recovery_point_type": "app_consistent"}),
    *("azure_vm_shuts_down", "on_premises_vm_starts", "failback_succeeds"),
)


def test_golden_trace_a_is_a_run_of_the_model():
    assert walk(
        *TO_PROTECTED,
        ("test_failover", {"recovery_point": "latest"}),
        *("drill_succeeds", "clean_up_test_failover", "cleanup_succeeds"),
        *(FAIL_OVER, "failover_succeeds", "commit", "commit_succeeds"),
        *("reprotect", "reprotect_succeeds", "reverse_initial_replication_completes"),
        *(*FAIL_BACK, "cancel_failover", "cancel_succeeds", *FAIL_BACK, "reprotect"),
    ).phase == "reprotecting_to_azure"  # fmt: skip


def test_golden_trace_b_is_a_run_of_the_model():
    state = walk(
        *TO_PROTECTED,
        ("fail_over", {"recovery_point": "latest", "shut_down_source": True}),
        *("source_shuts_down", "failover_succeeds", *TO_REVERSE),
        ("planned_failover", {"recovery_point_type": "crash_consistent"}),
        *("failback_point_created", "azure_vm_shuts_down", "on_premises_vm_starts", "failback_succeeds"),
        *("disable_replication", "disabling_succeeds"),
    )
    assert state.phase == "not_replicated"


def test_an_unknown_profile_is_told_with_those_there_are():
    with pytest.raises(UnknownProfile, match="modernized"):
        efsm("modernised")


def test_a_transition_without_a_citation_is_a_mistake(monkeypatch):
    (root,) = Modernized.states
    transition = next(t for s in root.states[0].states for t in s.transitions if not t.initial)
    monkeypatch.setattr(transition, "citation", Citation(()))
    with pytest.raises(InvalidLifecycle, match="cites no requirement"):
        extract(Modernized)


def test_a_citation_of_no_known_requirement_is_a_mistake(monkeypatch):
    (root,) = Modernized.states
    transition = next(t for s in root.states[0].states for t in s.transitions if not t.initial)
    monkeypatch.setattr(transition, "citation", Citation(("R99",)))
    with pytest.raises(KeyError, match="R99"):
        extract(Modernized)


def test_cite_returns_its_transitions():
    source = Modernized.states[0]
    assert list(cite(source.transitions, "R07")) == list(source.transitions)
