"""Implementations that differ from the reference in what the contract leaves free are not blamed for it."""

from __future__ import annotations

from typing import ClassVar

import pytest

from asr_properties.reference import Fixed, ReferenceService
from asr_properties.running.budget import Budget
from asr_properties.running.campaign import Campaign
from asr_properties.running.verdicts import Outcome, Overall


class ShowsRefusals(ReferenceService):
    """Refuses by a job, and shows the refused operation's transitional phase meanwhile (contract 1)."""

    SHOWN: ClassVar = {"fail_over": "failing_over", "commit": "committing_failover", "planned_failover": "failing_back"}

    def __init__(self):
        super().__init__(freedom=Fixed({"refusal": "by_job"}))
        self._refusing = None

    def request(self, operation, arguments):
        before = super().item()
        started = super().request(operation, arguments)
        after = super().item()
        unchanged = before is not None and after is not None and before["phase"] == after["phase"]
        self._refusing = (started["job"], self.SHOWN[operation]) if unchanged and operation in self.SHOWN else None
        return started

    def item(self):
        seen = super().item()
        if seen is not None and self._refusing and super().job(self._refusing[0])["state"] == "in_progress":
            return {**seen, "phase": self._refusing[1]}
        return seen

    def new_item(self, configuration):
        self._refusing = None
        super().new_item(configuration)


class SaysLittle(ReferenceService):
    """Reports neither `current_job` nor the point in use, and accepts every cancel."""

    WITHOUT = ("current_job", "failover_recovery_point")

    def __init__(self):
        super().__init__(freedom=Fixed({"refusal": "by_job", "cancel_job": "accepted"}))

    def hello(self, protocol):
        said = super().hello(protocol)
        return {**said, "fields": [f for f in said["fields"] if f not in self.WITHOUT]}

    def item(self):
        seen = super().item()
        return seen and {key: value for key, value in seen.items() if key not in self.WITHOUT}


class OffersLittle(ReferenceService):
    """Has no drill, no resynchronize and no configuration."""

    WITHOUT = ("test_failover", "clean_up_test_failover", "resynchronize")

    def hello(self, protocol):
        said = super().hello(protocol)
        offered = [o for o in said["operations"] if o not in self.WITHOUT]
        return {**said, "operations": offered, "configuration": []}


class NamesNoTasks(ReferenceService):
    """Its jobs have no tasks and no scenario."""

    def job(self, job):
        return {**super().job(job), "tasks": [], "scenario": None, "may_cancel": None}


VARIETY = {
    "refuses by jobs always": lambda: ReferenceService(freedom=Fixed({"refusal": "by_job"})),
    "never lets a job be cancelled": lambda: ReferenceService(freedom=Fixed()),
    "a failed failover reads protected": lambda: ReferenceService(freedom=Fixed({"failed_failover": "protected"})),
    "shows what it refuses": ShowsRefusals,
    "says little": SaysLittle,
    "offers little": OffersLittle,
    "names no tasks": NamesNoTasks,
}


def judged(factory, budget="20000steps"):
    result = Campaign(factory, profile="modernized", budget=Budget.parse(budget), seed=1).run()
    return result, {v.requirement: v for v in result.verdicts}


@pytest.mark.parametrize("factory", VARIETY.values(), ids=VARIETY)
def test_it_is_not_blamed(factory):
    result, _ = judged(factory, "3000steps")
    assert result.adapter_error is None
    assert [c.lines() for c in result.counterexamples] == []
    assert result.overall in (Overall.CONFORMANT, Overall.INCOMPLETE)


def test_jobs_that_can_never_be_cancelled_do_not_keep_a_run_incomplete():
    result, verdicts = judged(VARIETY["never lets a job be cancelled"])
    assert result.overall is Overall.CONFORMANT
    assert verdicts["R34"].outcome is Outcome.NOT_OBSERVABLE


def test_what_was_not_seen_has_not_passed():
    _, without_tasks = judged(NamesNoTasks, "6000steps")
    assert {without_tasks[r].outcome for r in ("R71",)} == {Outcome.NOT_OBSERVABLE}
    _, little = judged(SaysLittle, "6000steps")
    assert {little[r].outcome for r in ("R19", "R21", "R22")} == {Outcome.NOT_OBSERVABLE}
    _, few = judged(OffersLittle, "6000steps")
    assert {few[r].outcome for r in ("X13", "X14", "X15", "R21")} == {Outcome.NOT_OBSERVABLE}
