"""The named sets of phases, held against the state table of the facts (1.1)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from asr_model.expressions import ExpressionError, names
from asr_model.lifecycle.phase_sets import PHASE_SETS
from asr_model.lts import enumerate_lts
from asr_model.profiles import CHARTS, efsm
from asr_model.stepper import Stepper
from asr_properties.evidence.observation import Observation
from asr_properties.evidence.questions import question
from asr_properties.evidence.step import Step
from asr_properties.specification.declared import PROPERTIES

#: The phases of each set, written out so that a fact that changes a set is seen here.
MEMBERS = {
    "at_rest": "not_replicated enabling_failed initial_replication awaiting_first_recovery_point protected "
    "failover_failed failover_aborted failed_over failover_committed reverse_initial_replication reverse_protected "
    "failback_cancel_failed failed_back failback_committed",
    "busy": "enabling_replication failing_over changing_recovery_point committing_failover "
    "reprotecting_to_on_premises failing_back reverting_failback cancelling_failback committing_failback "
    "reprotecting_to_azure disabling_replication",
    "leaving": "not_replicated disabling_replication",
    "not_yet_protected": "enabling_replication enabling_failed initial_replication awaiting_first_recovery_point",
    "enabled": "enabling_failed initial_replication awaiting_first_recovery_point protected failover_failed "
    "failover_aborted failed_over failover_committed reverse_initial_replication reverse_protected "
    "failback_cancel_failed failed_back failback_committed",
    "can_fail_over": "protected failover_failed",
    "from_protected_on": "protected failing_over failover_failed failover_aborted failed_over changing_recovery_point "
    "committing_failover failover_committed",
    "classic_from_reverse_protected_on": "reverse_protected failing_back failed_back committing_failback "
    "failback_committed",
    "after_failover": "failed_over failover_committed",
    "after_failback": "failed_back failback_committed",
    "awaiting_commit": "failed_over failed_back",
}


def test_the_sets_are_those_of_the_facts():
    assert {name: " ".join(phases) for name, phases in PHASE_SETS.items()} == MEMBERS


@pytest.mark.parametrize("name", PHASE_SETS)
def test_a_set_is_not_empty_is_used_and_is_no_name_of_anything_else(name):
    assert len(PHASE_SETS[name]) > 1
    assert name not in {*Step._fields, *Observation._fields}
    for profile in CHARTS:
        declared = efsm(profile)
        assert name not in {*declared.initial._fields, *(s.name for s in declared.surroundings)}
    texts = [text for p in PROPERTIES for text in getattr(p, "_texts", list)()]
    texts += [refusal.when for profile in CHARTS for refusal in efsm(profile).refusals]
    assert any(name in text.split() or f"{name})" in text for text in texts)


@pytest.mark.parametrize("name", PHASE_SETS)
def test_a_phase_is_in_a_set_where_the_set_has_it(name):
    within, outside = question(f"phase in {name}"), question(f"was_phase not in {name}")
    for phase in efsm().phases:
        step = Step("observe", surroundings=(), was=Observation(phase=phase), now=Observation(phase=phase))
        assert within(step) is (phase in PHASE_SETS[name])
        assert outside(step) is (phase not in PHASE_SETS[name])


def test_the_name_of_a_set_is_nothing_that_an_expression_reads():
    assert names("was_phase in leaving and drill == 'no_drill'") == {"was_phase", "drill"}


@pytest.mark.parametrize("text", ["phase in leavign", "event in leaving", "leaving"])
def test_an_unknown_set_or_a_set_beside_anything_but_a_phase_is_an_unknown_name(text):
    with pytest.raises(ExpressionError, match="unknown name"):
        question(text)


def test_a_refusal_with_an_unknown_set_is_a_mistake_of_the_declaration():
    wrong = replace(efsm().refusals[0], when="phase in leavign")
    with pytest.raises(ExpressionError, match="leavign"):
        enumerate_lts(Stepper(replace(efsm(), refusals=(wrong,))))
