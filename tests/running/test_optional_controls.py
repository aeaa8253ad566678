"""Settings, disks and sites are optional: an adapter without them is judged as before, and told what it leaves out."""

from __future__ import annotations

import json

import pytest

from asr_model.profiles import efsm, lts
from asr_properties.contract.connection import Connection
from asr_properties.contract.messages import OPTIONAL_CONTROLS
from asr_properties.counterexamples.counterexample import Counterexample, counterexample_from_json
from asr_properties.counterexamples.minimise import Minimiser
from asr_properties.counterexamples.pytest_file import as_pytest
from asr_properties.counterexamples.replay import replay
from asr_properties.evidence.actions import request, update_settings
from asr_properties.generation.changes import CHANGES
from asr_properties.generation.configurations import APPLIANCES
from asr_properties.reference import ReferenceService, create
from asr_properties.running.requirement_verdicts import (
    Findings,
    Overall,
    Verdict,
    left_out,
    overall,
    requirement_verdicts,
)
from asr_properties.session.nonconformance import NonConformance
from asr_properties.specification.declared import properties_of
from asr_properties.specification.relations import appliances, disk_lists, machine_settings
from today import OfToday
from walks import FAILED_OVER, PROTECTED, begin, perform
from wrong import implementations as wrong

NEW = (*machine_settings.RELATIONS, *disk_lists.RELATIONS, *appliances.RELATIONS)
OF_CONTROLS = {"R09", "R11", "R12", "R13", "R14", "R52", "R53", "R87", "R90"}


def test_all_else_shown_an_adapter_without_them_is_conformant():
    rules = properties_of("modernized")
    exercised = {rule.name: 1 for rule in rules if rule not in NEW}
    taken = {transition.id: 1 for transition in efsm().transitions}
    verdicts = requirement_verdicts(efsm(), rules, Connection(OfToday()), Findings(taken, exercised))
    unseen = {v.requirement: v for v in verdicts if set(v.offer) & OPTIONAL_CONTROLS}
    assert unseen.keys() == OF_CONTROLS
    assert {v.outcome for v in unseen.values()} == {Verdict.NOT_OBSERVABLE}
    assert all("does not offer" in v.reason for v in unseen.values())
    assert left_out(verdicts) == ()
    assert overall(verdicts) is Overall.CONFORMANT


def test_what_another_rule_can_show_is_not_hidden_by_a_control_that_is_missing():
    verdicts = requirement_verdicts(efsm(), properties_of("modernized"), Connection(OfToday()), Findings())
    assert {v.requirement for v in verdicts if set(v.offer) & OPTIONAL_CONTROLS} == OF_CONTROLS
    by_id = {v.requirement: v for v in verdicts}
    assert by_id["R69"].outcome is Verdict.NOT_EXERCISED
    assert by_id["X13"].outcome is Verdict.NOT_EXERCISED


def test_nothing_is_sent_to_it_that_it_does_not_know():
    session = begin(OfToday())
    session.begin({"appliances": APPLIANCES})
    assert session.configuration == {}
    for action in (*FAILED_OVER, request("reprotect")):
        assert not session.perform(action).answer.startswith("skipped")
    assert session.perform(update_settings(name="other")).answer.startswith("skipped")
    assert session.perform(request("reprotect", appliance="blind")).answer.startswith("skipped")


@pytest.mark.parametrize(
    ("kind", "configuration", "walk"),
    [
        (wrong.OldSizeGiven, {}, (*PROTECTED, update_settings(**CHANGES), *FAILED_OVER[len(PROTECTED) :])),
        (
            wrong.BlindApplianceTaken,
            {"appliances": APPLIANCES},
            (*FAILED_OVER, request("reprotect", appliance="blind")),
        ),
    ],
)
def test_a_counterexample_is_made_shorter_and_stored_and_shows_it_again(kind, configuration, walk):
    with pytest.raises(NonConformance) as failure:
        perform(ReferenceService(kind), walk, configuration).settle()
    minimal = Minimiser(begin(ReferenceService(kind)), lts("modernized")).minimise(configuration, failure.value)
    assert minimal is not None
    assert len(minimal.actions) <= len(walk)
    found = Counterexample.of(minimal, begin(create()).oracle.stepper, adapter="wrong")
    stored = json.loads(json.dumps(found.to_json()))
    assert counterexample_from_json(stored).actions == found.actions
    assert replay(counterexample_from_json(stored), lambda: ReferenceService(kind)).failure is not None
    assert replay(counterexample_from_json(stored), create).failure is None
    compile(as_pytest([found], "wrong"), "emitted", "exec")
