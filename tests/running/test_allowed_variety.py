"""Implementations that differ from the reference in what the contract leaves free are not blamed for it."""

from __future__ import annotations

from typing import ClassVar

import pytest

from asr_properties.contract.errors import Refused
from asr_properties.evidence.actions import wait
from asr_properties.reference import Fixed, ReferenceService
from asr_properties.running.budget import Budget
from asr_properties.running.campaign import Campaign
from asr_properties.running.requirement_verdicts import Overall, Verdict
from walks import CANCEL_THE_JOB, PLANNED, REVERSE
from wrong.walks import judged as found_broken


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


class RefusesInNoTime(ReferenceService):
    """Accepts what it refuses, and the job has failed before anybody can look."""

    def __init__(self):
        super().__init__(freedom=Fixed({"cancel_job": "accepted"}))
        self._number = 0
        self._refusals = {}

    def new_item(self, configuration):
        self._refusals = {}
        super().new_item(configuration)

    def request(self, operation, arguments):
        try:
            return super().request(operation, arguments)
        except Refused as refusal:
            self._number += 1
            job = f"refusal-{self._number}"
            self._refusals[job] = (refusal.reason, len(super().jobs()))
            return {"job": job}

    def job(self, job):
        if job not in self._refusals:
            return super().job(job)
        error = {"code": "refused", "message": self._refusals[job][0]}
        return {"state": "failed", "scenario": None, "tasks": [], "errors": [error], "may_cancel": False}

    def jobs(self):
        listed = super().jobs()[::-1]
        for job, (_, place) in reversed(self._refusals.items()):
            listed.insert(place, job)
        return listed[::-1]

    def cancel_job(self, job):
        if job in self._refusals:
            raise Refused("it has ended")
        super().cancel_job(job)


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
    "refuses in no time": RefusesInNoTime,
    "says little": SaysLittle,
    "offers little": OffersLittle,
    "names no tasks": NamesNoTasks,
}


def judged(factory, budget="20000steps"):
    result = Campaign(factory, profile="modernized", budget=Budget.parse(budget), seed=1).run()
    return result, {v.requirement: v for v in result.verdicts}


@pytest.mark.long
@pytest.mark.parametrize("factory", VARIETY.values(), ids=VARIETY)
def test_it_is_not_blamed(factory):
    result, _ = judged(factory, "3000steps")
    assert result.adapter_error is None
    assert [c.lines() for c in result.counterexamples] == []
    assert result.overall in (Overall.CONFORMANT, Overall.INCOMPLETE)


@pytest.mark.long
def test_what_is_refused_in_no_time_is_judged_as_refused():
    """That it must be refused was put to the test, although each request was answered with a job."""
    result, verdicts = judged(RefusesInNoTime, "20000steps")
    assert result.overall is Overall.CONFORMANT
    assert {verdicts[r].outcome for r in ("R38", "R76", "R77", "R94", "X02")} == {Verdict.PASSED}


@pytest.mark.long
def test_jobs_that_can_never_be_cancelled_do_not_keep_a_run_incomplete():
    result, verdicts = judged(VARIETY["never lets a job be cancelled"])
    assert result.overall is Overall.CONFORMANT
    assert verdicts["R34"].outcome is Verdict.NOT_OBSERVABLE


@pytest.mark.long
def test_what_was_not_seen_has_not_passed():
    _, without_tasks = judged(NamesNoTasks, "6000steps")
    assert {without_tasks[r].outcome for r in ("R71",)} == {Verdict.NOT_OBSERVABLE}
    _, little = judged(SaysLittle, "6000steps")
    assert {little[r].outcome for r in ("R19", "R21", "R22")} == {Verdict.NOT_OBSERVABLE}
    _, few = judged(OffersLittle, "6000steps")
    assert {few[r].outcome for r in ("X13", "X14", "X15", "R21")} == {Verdict.NOT_OBSERVABLE}


@pytest.mark.parametrize(
    "walk",
    [(PLANNED, CANCEL_THE_JOB, CANCEL_THE_JOB), (CANCEL_THE_JOB, PLANNED, CANCEL_THE_JOB)],
    ids=["before", "meanwhile"],
)
def test_the_failback_that_failed_tells_why_and_not_one_that_was_only_refused(walk):
    """Both have a job; that of the refused one has no errors yet when the revert fails (R81)."""
    refusing = Fixed({"refusal": "by_job", "cancel_job": "accepted"})
    service = ReferenceService(freedom=refusing)
    assert found_broken(lambda: service, (*REVERSE, PLANNED, wait(120), *walk)) == ()
    assert service.item()["phase"] == "failback_cancel_failed"
