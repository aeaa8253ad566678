"""What an adapter leaves out is not observable, and keeps a run from being conformant; it is never a pass."""

from __future__ import annotations

import pytest

from asr_model.forbidden import forbidden
from asr_model.listed_operations import LISTABLE
from asr_model.profiles import efsm, lts
from asr_model.requirements import CATALOGUE, Check
from asr_properties.contract.connection import Connection
from asr_properties.reference import ReferenceService
from asr_properties.running.budget import Budget
from asr_properties.running.campaign import Campaign
from asr_properties.running.own_choices import NEED_OPERATIONS
from asr_properties.running.requirement_verdicts import (
    NEEDS,
    TASKS,
    Findings,
    Overall,
    Verdict,
    left_out,
    mandatory,
    overall,
    requirement_verdicts,
)
from asr_properties.specification.declared import properties_of

RULES = properties_of("modernized")
CONTROLS = ("clock", "workload", "machines", "faults")
ALL_FIELDS = tuple(ReferenceService().hello(protocol=1)["fields"])
FEW_FIELDS = ("phase", "allowed_operations")


def offering(*, controls=CONTROLS, fields=ALL_FIELDS, **said):
    """The reference, offering so much."""

    class Narrow(ReferenceService):
        def hello(self, protocol):
            return {**super().hello(protocol), "controls": list(controls), "fields": list(fields), **said}

        def item(self):
            seen = super().item()
            return seen and {key: value for key, value in seen.items() if key in fields}

    return Narrow


def best_verdicts(factory):
    """The verdicts after everything was exercised that can be seen of it: no run shows more."""
    connection = Connection(factory())
    offered = {*connection.hello.controls, *connection.fields, TASKS}
    seen = {p.name: 1 for p in RULES if {need for n in names(p) for need in NEEDS.get(n, ())} <= offered}
    if not connection.has_faults:
        needed = {r for r in CATALOGUE if Check.FAULT in CATALOGUE[r].checks}
        seen = {p.name: 1 for p in RULES if p.name in seen and not needed.intersection(p.requirements)}
    undisturbed = {e.transition.id for e in lts().edges if e.transition and not e.surroundings}
    transitions = {t.id: 1 for t in efsm().transitions if connection.has_faults or t.id in undisturbed}
    return requirement_verdicts(efsm(), RULES, connection, Findings(transitions, seen))


def names(candidate):
    return {name.removeprefix("was_") for name in candidate.names}


def test_an_adapter_that_offers_everything_can_be_conformant():
    verdicts = best_verdicts(offering())
    assert overall(verdicts) is Overall.CONFORMANT
    assert left_out(verdicts) == ()


@pytest.mark.parametrize("control", ["workload", "machines", "faults"])
def test_a_control_that_is_left_out_keeps_a_run_from_being_conformant(control):
    verdicts = best_verdicts(offering(controls=[c for c in CONTROLS if c != control]))
    assert overall(verdicts) is Overall.INCOMPLETE
    assert control in left_out(verdicts)


@pytest.mark.parametrize("field", ALL_FIELDS)
def test_a_field_that_is_left_out_is_told_where_a_mandatory_requirement_needs_it(field):
    verdicts = best_verdicts(offering(fields=[f for f in ALL_FIELDS if f != field]))
    unseen = [v.requirement for v in verdicts if field in v.offer and mandatory(CATALOGUE[v.requirement])]
    assert (overall(verdicts) is Overall.INCOMPLETE) == bool(unseen)
    assert (field in left_out(verdicts)) == bool(unseen)


@pytest.mark.parametrize("field", ["allowed_operations", "active_site", "id"])
def test_fields_that_some_mandatory_requirement_cannot_do_without(field):
    assert overall(best_verdicts(offering(fields=[f for f in ALL_FIELDS if f != field]))) is Overall.INCOMPLETE


def test_few_fields_and_controls_are_incomplete_and_never_conformant():
    factory = offering(controls=(), fields=FEW_FIELDS, configuration=[])
    result = Campaign(factory, profile="modernized", budget=Budget.parse("1500steps"), seed=1, patience=0).run()
    outcomes = {v.requirement: v.outcome for v in result.verdicts}
    assert result.adapter_error is None
    assert result.counterexamples == []
    assert result.overall is Overall.INCOMPLETE
    assert result.overall.exit_status == 4
    assert {"clock", "machines", "faults", "workload"} <= set(left_out(result.verdicts))
    unseen = ("R17", "R18", "R24", "R36", "R49", "R66", "X10", "X13", "X16")
    assert all(outcomes[requirement] is not Verdict.PASSED for requirement in unseen)


def test_without_a_clock_no_time_passes_in_a_run_and_it_stays_incomplete():
    factory = offering(controls=("workload", "machines", "faults"))
    result = Campaign(factory, profile="modernized", budget=Budget.parse("1000steps"), seed=1, patience=0).run()
    assert result.overall is Overall.INCOMPLETE
    assert result.counterexamples == []


def without(*controls):
    """The best verdicts, by requirement, where these controls are not offered."""
    offered = [control for control in CONTROLS if control not in controls]
    return {v.requirement: v for v in best_verdicts(offering(controls=offered))}


@pytest.mark.parametrize(("requirement", "control"), [("X20", "clock"), ("X02", "clock"), ("R17", "machines")])
def test_what_shows_another_side_of_a_requirement_is_no_pass(requirement, control):
    verdict = without(control)[requirement]
    assert verdict.outcome is Verdict.NOT_OBSERVABLE
    assert control in verdict.offer


@pytest.mark.parametrize("requirement", ["R19", "R21", "R22", "R23", "R49", "R50"])
def test_where_no_machine_is_shown_the_point_in_use_and_the_tasks_are_labels(requirement):
    assert without("workload", "machines")[requirement].by_label_only
    assert not without()[requirement].by_label_only


OPERATIONS = tuple(operation for operation in LISTABLE if operation != "resynchronize")


def test_what_nobody_needs_to_offer_does_not_keep_a_requirement_from_passing():
    forbids = forbidden(lts())["R34"]
    asked = {each: 1 for each in forbids if each[1].name != "resynchronize"}
    assert 0 < len(asked) < len(forbids)
    connection = Connection(offering(operations=[str(operation) for operation in OPERATIONS])())
    seen = {p.name: 1 for p in RULES if "R34" in p.requirements}
    verdicts = requirement_verdicts(efsm(), RULES, connection, Findings(exercised=seen, asked=asked))
    assert next(v.outcome for v in verdicts if v.requirement == "R34") is Verdict.PASSED
    untried = requirement_verdicts(efsm(), RULES, Connection(ReferenceService()), Findings(exercised=seen, asked=asked))
    assert next(v.outcome for v in untried if v.requirement == "R34") is Verdict.NOT_EXERCISED


def test_what_takes_operations_that_are_not_offered_is_told_so():
    few = ["enable_replication", "disable_replication", "fail_over", "commit"]
    factory = offering(operations=few)
    result = Campaign(factory, profile="modernized", budget=Budget.parse("800steps"), seed=1).run()
    assert result.counterexamples == []
    for requirement in ("R43", "R49", "R66", "R70", "R79"):
        verdict = next(v for v in result.verdicts if v.requirement == requirement)
        assert (verdict.outcome, "reprotect" in verdict.offer) == (Verdict.NOT_OBSERVABLE, True), verdict


def test_what_only_an_operation_that_nobody_needs_leads_to_is_not_what_is_lacking():
    said = {"controls": ["workload", "machines", "faults"], "operations": [str(operation) for operation in OPERATIONS]}
    of_resynchronize = {t.id: NEED_OPERATIONS for t in efsm().transitions if "X02" in t.requirements}
    assert of_resynchronize
    connection = Connection(offering(**said)())
    verdicts = requirement_verdicts(efsm(), RULES, connection, Findings(not_offered=of_resynchronize))
    found = next(v for v in verdicts if v.requirement == "X02")
    assert (found.outcome, found.offer) == (Verdict.NOT_OBSERVABLE, ("clock",))
