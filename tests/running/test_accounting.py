"""Everything that there is to cover is taken, shown to be the implementation's own choice, or left."""

from __future__ import annotations

import pytest

from asr_model.forbidden import forbidden
from asr_model.profiles import efsm, lts
from asr_properties.contract.connection import Connection
from asr_properties.reference import Fixed, ReferenceService, create_classic, enabling
from asr_properties.running.accounting import Account
from asr_properties.running.budget import Budget
from asr_properties.running.campaign import Campaign
from asr_properties.running.engines import Engine
from asr_properties.running.own_choices import NEVER_CAME, ONLY_THROUGH_THESE, untried
from asr_properties.running.requirement_verdicts import Findings, Overall, Verdict, requirement_verdicts
from asr_properties.specification.declared import properties_of

RULES = properties_of("modernized")
EVERYTHING = {transition.id: 1 for transition in efsm().transitions}
EVERY_RULE = {rule.name: 1 for rule in RULES}


def run_of(factory, budget: str, **options):
    return Campaign(factory, profile="modernized", budget=Budget.parse(budget), seed=3, **options).run()


def test_a_short_run_leaves_something_and_is_incomplete():
    result = run_of(ReferenceService, "300steps")
    account = result.account
    assert account.left
    assert account.more_steps > 0
    assert result.overall is Overall.INCOMPLETE
    assert f"{len(account.left)} left" in account.line()


def test_each_declared_transition_is_in_one_place():
    account = run_of(ReferenceService, "1000steps").account
    assert not set(account.left).intersection(account.not_offered)
    assert account.taken + len(account.not_offered) + len(account.left) == len(efsm().transitions)


@pytest.mark.long
def test_who_declines_whatever_may_be_declined_leaves_nothing():
    """The reference that always makes the first choice: half of what is declared never comes."""
    result = run_of(lambda: ReferenceService(freedom=Fixed({})), "20000steps")
    assert result.account.is_complete
    assert result.account.not_offered
    assert result.overall is Overall.CONFORMANT


@pytest.mark.parametrize("requirement", sorted(forbidden(lts())))
def test_a_rule_that_forbids_an_operation_does_not_pass_until_that_was_tried(requirement):
    tries = dict.fromkeys(forbidden(lts())[requirement], 1)
    assert not untried(lts(), requirement, tries)
    one = min(tries, key=str)
    (verdict,) = [
        v
        for v in requirement_verdicts(
            efsm(), RULES, Connection(ReferenceService()), Findings(EVERYTHING, EVERY_RULE, asked={**tries, one: 0})
        )
        if v.requirement == requirement
    ]
    assert verdict.outcome is not Verdict.PASSED
    assert verdict.outcome is not Verdict.ASSUMED


class EndlessCommit(ReferenceService):
    """The job of a commit never ends, however long anybody waits."""

    def wait(self, *, job=None, seconds=None):
        if job is not None and self.job(job=job)["scenario"] == "CommitFailover":
            return None
        return super().wait(job=job) if job is not None else super().wait(seconds=seconds)


def test_a_job_that_never_ends_breaks_the_rule_about_jobs():
    result = run_of(EndlessCommit, "3000steps", until=bool)
    assert result.adapter_error is None
    assert result.overall is Overall.NON_CONFORMANT
    assert result.counterexamples[0].requirements[0] == "R25"


def ways_to(phase, reason):
    leading = [t.id for t in efsm().transitions if t.target == phase != t.source]
    return Account(not_offered=dict.fromkeys(leading, reason))


def test_nothing_is_missed_in_a_phase_that_the_implementation_chooses_never_to_show():
    """A failed failover may always read as protected (A25); what X18 forbids elsewhere cannot be tried then."""
    never_shown = ways_to("failover_failed", NEVER_CAME).never_shown(efsm())
    assert never_shown == {"failover_failed"}
    assert untried(lts(), "X18", {})
    assert not untried(lts(), "X18", {}, never_shown)


@pytest.mark.parametrize("reason", ["refused whenever asked for, as they may be", ONLY_THROUGH_THESE, ""])
def test_what_may_yet_be_shown_is_to_be_tried(reason):
    assert not ways_to("failover_failed", reason).never_shown(efsm())


def test_everything_is_tried_in_a_phase_that_does_not_last(monkeypatch):
    """Eleven minutes after five hours: most waits are too short, and the others pass it by."""
    monkeypatch.setattr(enabling, "INITIAL_REPLICATION_SECONDS", 5 * 3600)
    monkeypatch.setattr(enabling, "FIRST_POINT_SECONDS", 11 * 60)
    budget, engine = Budget.parse("1200steps"), Engine.TOUR
    result = Campaign(create_classic, profile="classic", budget=budget, seed=3, engine=engine).run()
    assert "awaiting_first_recovery_point" in result.coverage.phases
    assert "awaiting_first_recovery_point" not in {phase for phase, _ in result.account.pairs_left}
