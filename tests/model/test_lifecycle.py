"""The declared lifecycles, held against the facts and against themselves."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asr_model.efsm import Event, InvalidLifecycle, extract
from asr_model.expressions import names
from asr_model.lifecycle.chart import Citation, cite
from asr_model.lifecycle.modernized import Modernized
from asr_model.lts import subsets
from asr_model.profiles import CHARTS, UnknownProfile, efsm, lts, stepper
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
ONLY_MODERNIZED = {"reverting_failback", "failback_cancel_failed", "cancelling_failback"}
PHASES_OF = {"modernized": set(PHASES), "classic": set(PHASES) - ONLY_MODERNIZED}

DRILLS = ["no_drill", "drill_running", "drill_awaiting_cleanup", "cleaning_up_drill"]


def steps_of(profile):
    return st.tuples(
        st.just(profile),
        st.sampled_from(lts(profile).states),
        st.sampled_from(stepper(profile).events),
        st.frozensets(st.sampled_from([surrounding.name for surrounding in efsm(profile).surroundings])),
    )


every_step = st.one_of([steps_of(profile) for profile in CHARTS])
for_every_profile = pytest.mark.parametrize("profile", CHARTS)


@for_every_profile
def test_every_phase_and_drill_state_of_the_vocabulary_is_declared_and_reachable(profile):
    assert {state.phase for state in lts(profile).states} == PHASES_OF[profile] == set(efsm(profile).phases)
    assert {state.drill for state in lts(profile).states} == set(DRILLS) == set(efsm(profile).drills)


@for_every_profile
def test_every_declared_transition_is_taken_somewhere(profile):
    taken = {edge.transition.id for edge in lts(profile).edges if edge.transition is not None}
    assert taken == {transition.id for transition in efsm(profile).transitions}


@for_every_profile
def test_every_operation_is_accepted_somewhere_but_those_that_the_profile_lacks(profile):
    accepted = {edge.event.name for edge in lts(profile).edges if edge.response == "accepted"}
    lacking = {"planned_failover", "cancel_failover"} if profile == "classic" else set()
    assert accepted == set(Operation) - lacking


@for_every_profile
def test_every_fault_has_a_surrounding_but_those_of_what_the_profile_lacks(profile):
    lacking = {Fault.CANCEL_FAILS} if profile == "classic" else set()
    known = {fault for surrounding in efsm(profile).surroundings for fault in surrounding.faults}
    assert known == set(Fault) - lacking


@for_every_profile
def test_every_transition_and_every_refusal_cites_requirements_of_the_catalogue(profile):
    for edge in lts(profile).edges:
        assert edge.requirements
        assert set(edge.requirements) <= set(CATALOGUE)


@given(every_step)
def test_the_step_is_total_and_takes_one_transition_at_most(step):
    profile, state, event, surroundings = step
    outcome = stepper(profile).step(state, event, surroundings)
    assert len(stepper(profile).enabled(state, event, surroundings)) <= 1
    if outcome.transition is None:
        assert outcome.state == state
        assert outcome.response == ("refused" if event.is_operation else None)
    else:
        assert outcome.response == ("accepted" if event.is_operation else None)
        assert lts(profile).number[outcome.state] is not None


@given(every_step)
def test_the_outcome_depends_on_nothing_but_the_relevant_surroundings(step):
    profile, state, event, surroundings = step
    relevant = stepper(profile).relevant(state, event)
    assert stepper(profile).step(state, event, surroundings) == stepper(profile).step(
        state, event, surroundings & relevant
    )


@for_every_profile
def test_at_most_one_transition_is_enabled_anywhere(profile):
    compiled = stepper(profile)
    for state in lts(profile).states:
        for event in compiled.events:
            for surroundings in subsets(compiled.relevant(state, event)):
                assert len(compiled.enabled(state, event, surroundings)) <= 1


@for_every_profile
def test_no_declared_refusal_contradicts_what_is_accepted_for_certain(profile):
    for edge in lts(profile).edges:
        if edge.response == "accepted":
            state = lts(profile).states[edge.source]
            why = stepper(profile).why_refused(state, edge.event, edge.surroundings)
            assert why in (("X02",), ("R94",)), (edge.event, state.phase)


@for_every_profile
def test_variables_are_at_rest_outside_the_phases_they_serve(profile):
    shutting_down = {"failing_over", "failing_back"} if profile == "classic" else {"failing_over"}
    for state in lts(profile).states:
        assert not state.shutdown_pending or state.phase in shutting_down
        assert state.fresh_point == "not_needed" or state.phase == "failing_back"
        assert not state.committed or state.phase.startswith("reprotecting")
        assert state.before == "nothing" or state.phase in ("disabling_replication", "cancelling_failback")
        busy = not efsm(profile).phases[state.phase].steady or state.resynchronizing
        assert not state.stopping or busy or state.drill in ("drill_running", "cleaning_up_drill")
        assert state.drill == "no_drill" or state.phase == "protected"


@for_every_profile
def test_replication_can_be_disabled_from_every_steady_phase(profile):
    steady = {name for name, facts in efsm(profile).phases.items() if facts.steady}
    sources = {t.source for t in efsm(profile).transitions if t.event == "disable_replication"}
    assert sources == steady - {"not_replicated"}


@for_every_profile
def test_every_variable_keeps_to_its_domain(profile):
    for state in lts(profile).states:
        for name, domain in efsm(profile).domains.items():
            assert getattr(state, name) in domain, (name, state)


def test_every_declared_effect_is_used_by_some_profile():
    specs = (
        spec for chart in CHARTS.values() for s in _states(chart) for t in s.transitions for spec in (*t.before, *t.on)
    )
    used = {spec.func for spec in specs if not spec.is_convention}
    assert used == {name for chart in CHARTS.values() for name in chart.effects}


@for_every_profile
def test_every_declared_surrounding_is_used(profile):
    read = {name for t in efsm(profile).transitions for text in (t.guard, t.may_refuse) for name in names(text)}
    assert {surrounding.name for surrounding in efsm(profile).surroundings} <= read


def _states(chart):
    (root,) = chart.states
    return [state for region in root.states for state in region.states]


#: allowedOperations as observed (facts 1.1, 5.12), in the model's words, without what is optional.
SHARED_TABLE = {
    "initial_replication": {"disable_replication"},
    "awaiting_first_recovery_point": {"disable_replication"},
    "protected": {"fail_over", "disable_replication", "test_failover"},
    "failed_over": {"commit", "disable_replication", "change_recovery_point", "reprotect"},
    "failover_committed": {"disable_replication", "reprotect"},
    "reverse_initial_replication": {"disable_replication"},
    "enabling_failed": {"disable_replication"},
    "failover_failed": {"fail_over", "disable_replication"},
    "failback_committed": {"reprotect", "disable_replication"},
    "failover_aborted": {"disable_replication"},
}
STATE_TABLE = {
    "modernized": SHARED_TABLE
    | {
        "reverse_protected": {"planned_failover", "disable_replication"},
        "failed_back": {"commit", "disable_replication", "reprotect", "cancel_failover"},
        "failback_cancel_failed": {"cancel_failover", "disable_replication"},
    },
    "classic": SHARED_TABLE
    | {
        "failed_over": {"commit", "disable_replication", "change_recovery_point"},
        "reverse_protected": {"fail_over", "disable_replication"},
        "failed_back": {"commit", "disable_replication"},
    },
}
MAY_BE_LISTED = {
    ("modernized", "protected"): {"resynchronize"},
    ("modernized", "failover_failed"): {"resynchronize"},
    ("modernized", "reverse_protected"): {"resynchronize"},
    ("classic", "protected"): {"resynchronize"},
    ("classic", "failover_failed"): {"resynchronize"},
    ("classic", "reverse_protected"): {"resynchronize"},
    ("classic", "failed_over"): {"reprotect"},
    ("classic", "failed_back"): {"reprotect"},
}


@pytest.mark.parametrize(("profile", "phase"), [(p, phase) for p, table in STATE_TABLE.items() for phase in table])
def test_what_a_phase_accepts_is_what_the_service_lists_there(profile, phase):
    compiled = stepper(profile)
    for state in lts(profile).states:
        if state.phase == phase and state.drill == "no_drill" and not state.resynchronizing:
            outcomes = [(e.name, compiled.step(state, e)) for e in compiled.events if e.is_operation]
            accepted = {name for name, outcome in outcomes if outcome.transition}
            certain = {name for name, outcome in outcomes if outcome.transition and not outcome.may_refuse}
            # After a failback that failed it is open whether there can be another one (contract 15).
            open_now = {"fail_over"} if state.failback_failed else set()
            assert certain == STATE_TABLE[profile][phase] - open_now
            assert accepted - certain == MAY_BE_LISTED.get((profile, phase), set()) | open_now


def walk(*events, profile="modernized"):
    """The state after events that all must be possible, given as names or (name, arguments)."""
    state = stepper(profile).initial
    for item in events:
        name, arguments = item if isinstance(item, tuple) else (item, {})
        outcome = stepper(profile).step(state, Event(name, tuple(arguments.items())))
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


def test_the_classic_cycle_is_a_run_of_the_classic_model():
    state = walk(
        *(*TO_PROTECTED, FAIL_OVER, "failover_succeeds", "commit", "commit_succeeds"),
        *("reprotect", "reprotect_succeeds", "reverse_initial_replication_completes"),
        ("fail_over", {"recovery_point": "latest", "shut_down_source": True}),
        *("source_shuts_down", "failback_succeeds"),
        profile="classic",
    )
    assert (state.phase, state.on_premises, state.azure) == ("failed_back", "on", "unspecified")


def test_the_profiles_share_every_transition_that_does_not_fail_back():
    """What differs is the way back alone; whether reprotect may be refused is told by `may_refuse`."""
    bare = {p: {replace(t, may_refuse="") for t in efsm(p).transitions} for p in CHARTS}
    way_back = {"failing_back", "reverting_failback", "failback_cancel_failed", "cancelling_failback"}
    for transition in bare["modernized"] ^ bare["classic"]:
        assert {transition.source, transition.target} & way_back, transition


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
