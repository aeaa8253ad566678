"""The product decides which mutants are equivalent: what it calls different is shown by a session, step by step."""

from __future__ import annotations

from functools import partial
from random import Random

import pytest

from asr_model import profiles
from asr_model.machine import Machine
from asr_model.mutants.every_mutant import every_mutant
from asr_model.mutants.mutant import Operator
from asr_properties.contract.connection import Connection
from asr_properties.mutation.beliefs import beliefs_of
from asr_properties.mutation.implementation import MutantService
from asr_properties.mutation.product import Product
from asr_properties.mutation.walks import walk_of
from asr_properties.running.budget import Budget
from asr_properties.running.campaign import Campaign
from asr_properties.session.nonconformance import NonConformance
from asr_properties.session.session import Session
from asr_properties.specification.declared import properties_of
from asr_properties.specification.property_monitors import PropertyMonitors
from asr_properties.specification.rule import EvidenceKind
from mutation.steered import SteeredService

NAMED = {mutant.name: mutant for mutant in every_mutant("modernized")}

EQUIVALENT = {
    "transition missing: reprotect_fails: reprotecting_to_on_premises -> failover_committed":
        "a job need not fail where it may",
    "transition missing: cancel_job: protected -> protected": "a job need not be cancelled",
    "update dropped: job_is_cancelled: committing_failback -> failed_back: committed = False is left out":
        "the variable has that value already",
    "wrong response: enable_replication in failover_committed is accepted, and its job succeeds with no effect":
        "the contract allows it of an item that is enabled (F17)",
}  # fmt: skip

DIFFERENT = {
    "update dropped: commit_succeeds: committing_failover -> failover_committed: points = 'none' is left out": 9,
    "refusal missing: commit in failover_committed -> committing_failover; ": 8,
    "wrong observation: protected lists fail_over where it must not, and does not where it must": 4,
    "extra states: 1: transition missing: commit: failed_over -> committing_failover": 8,
    "transition missing: resynchronization_ends: protected -> protected": 6,
}
"""Mutants with the number of steps that show each."""


def decided(profile, mutant):
    stepper = profiles.stepper(profile)
    decision = Product(stepper, beliefs_of(stepper), mutant).decide()
    return decision, walk_of(decision, stepper, beliefs_of(stepper), Machine(stepper, mutant))


def shown_at(profile, mutant, walk):
    """The number of the step at which a session finds the mutant, steered by the walk; None if it does not."""
    service = SteeredService(profile, mutant)
    monitors = PropertyMonitors(properties_of(profile), EvidenceKind.LIVE)
    session = Session(Connection(service), profiles.stepper(profile), monitors)
    session.begin(walk.configuration)
    for number, step in enumerate(walk.steps, 1):
        service.steered.chooses, service.steered.offers = step.chooses, step.offers
        try:
            for action in step.actions:
                session.perform(service.meant(action))
        except NonConformance:
            return number
    return None


@pytest.mark.long
def test_the_model_is_equivalent_to_itself():
    decision, walk = decided("modernized", None)
    assert decision.is_equivalent
    assert walk is None
    assert decision.states > 3000


@pytest.mark.long
def test_so_is_the_classic_one():
    decision, _ = decided("classic", None)
    assert decision.is_equivalent


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=pytest.mark.long if "reprotect_fails" in name else ()) for name in EQUIVALENT]
)
def test_what_the_contract_leaves_free_is_equivalent(name):
    decision, _ = decided("modernized", NAMED[name])
    assert decision.is_equivalent, EQUIVALENT[name]


@pytest.mark.parametrize("name", DIFFERENT)
def test_the_walk_that_shows_a_mutant_shows_it_at_its_last_step(name):
    decision, walk = decided("modernized", NAMED[name])
    assert not decision.is_equivalent
    assert len(walk.steps) == DIFFERENT[name]
    assert shown_at("modernized", NAMED[name], walk) == len(walk.steps), list(walk.lines())
    assert walk.requirements
    assert walk.allowed


def test_a_walk_that_shows_one_mutant_does_not_show_the_model():
    _, walk = decided("modernized", NAMED[next(iter(DIFFERENT))])
    assert shown_at("modernized", None, walk) is None


@pytest.mark.long
@pytest.mark.parametrize("operator", Operator)
@pytest.mark.parametrize("profile", profiles.CHARTS)
def test_every_verdict_that_a_mutant_differs_is_shown_and_no_equivalent_one_is_found(profile, operator):
    mutants = [mutant for mutant in every_mutant(profile) if mutant.operator is operator]
    different = 0
    for mutant in Random(8).sample(mutants, 6):
        _, walk = decided(profile, mutant)
        if walk is None:
            service = partial(MutantService, profile, mutant)
            result = Campaign(service, profile=profile, budget=Budget.parse("600steps"), repeats=False).run()
            assert [c.lines() for c in result.counterexamples] == [], mutant.name
        else:
            different += 1
            shown = shown_at(profile, mutant, walk)  # a relation may see it before the oracle does
            assert shown is not None, (mutant.name, *walk.lines())
    assert different
