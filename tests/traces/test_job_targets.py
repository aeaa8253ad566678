"""Which item a job works on is told by its target: its name, or an id that another job ties to the item (facts 7.5)."""

from __future__ import annotations

from typing import Any

import pytest

from asr_properties.traces import job_targets
from asr_properties.traces.events import JobSeen
from asr_properties.traces.judging import judge
from asr_properties.traces.trace_verdicts import Conformance
from traces.cassettes import FAILED_BACK, ITEMS, REVERSE_PROTECTED, VAULT, ask, interaction, item_body, look, poll
from traces.changes import read_interactions
from traces.formats import dated
from traces.test_job_tasks import body, done, swapped

GUID = "32833106-536e-45df-80b2-d002cc92d33d"
UNASKED = "job-0"
BACK = look(FAILED_BACK)
ASKED = ask("failoverCancel", "job-1")
UNDONE = look(REVERSE_PROTECTED)


def job(name: str, scenario: str = "PlannedFailover", target: str = GUID, wrong: bool = False) -> dict[str, Any]:
    told = body(scenario, swapped(scenario) if wrong else done(scenario), name=name)
    told["properties"]["targetObjectId"] = target
    return interaction("GET", f"{VAULT}/replicationJobs/{name}", answer=told)


def cancel(target: str = GUID) -> dict[str, Any]:
    return job("job-1", "CancelFailover", target)


def followed(*interactions: dict[str, Any]) -> bool:
    """Whether the job that nobody is seen to ask for is one of the item's."""
    events = read_interactions(interactions).events
    return any(isinstance(event, JobSeen) and event.job == UNASKED for event in events)


def test_the_job_of_a_request_ties_its_target_to_the_item() -> None:
    assert not followed(BACK, job(UNASKED), ASKED, UNDONE)
    assert followed(BACK, job(UNASKED), ASKED, cancel(), UNDONE)
    assert followed(BACK, ASKED, cancel(GUID.upper()), UNDONE, job(UNASKED))


def test_so_does_a_job_that_the_item_shows_as_its_own() -> None:
    running = look(
        FAILED_BACK, currentScenario={"scenarioName": "CancelFailover", "jobId": "/vaults/V/replicationJobs/job-1"}
    )
    assert followed(BACK, job(UNASKED), running, cancel())


def test_what_such_a_job_shows_is_judged() -> None:
    (found,) = judge(read_interactions([BACK, job(UNASKED, wrong=True), ASKED, cancel(), UNDONE]))
    assert found.divergence is not None
    assert (found.divergence.event.number, found.divergence.requirements[:1]) == (2, ("R50",))
    right = read_interactions([BACK, job(UNASKED), ASKED, cancel(), UNDONE])
    (found,) = judge(right)
    assert found.conformance is Conformance.CONFORMANT, found.why
    assert {"R49", "R50"} <= set(found.exercised)
    assert not right.skipped


def test_jobs_are_tied_however_many_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    """The oldest are forgotten; a job of the item that is recorded later ties it all the same."""
    monkeypatch.setattr(job_targets, "MOST_JOBS", 1)
    others = [ask("failoverCancel", f"other-{n}", status=409) for n in range(3)]
    assert followed(BACK, job(UNASKED), job("elsewhere", target="9"), *others, ASKED, cancel(), UNDONE)


class TestNothingIsTied:
    def test_by_a_job_of_two_items(self) -> None:
        other = interaction("GET", f"{ITEMS}/vm-2", answer=item_body(FAILED_BACK, "vm-2"))
        asked = interaction("POST", f"{ITEMS}/vm-2/failoverCancel", 202, body={"properties": {}}, starts="job-2")
        theirs = (ASKED, cancel(), other, asked, job("job-2", "CancelFailover"))
        assert not followed(BACK, job(UNASKED), *theirs)

    @pytest.mark.parametrize("target", ["00000000-0000-0000-0000-000000000000", "REDACTED", ""])
    def test_by_what_a_recorder_puts_in_place_of_ids(self, target: str) -> None:
        assert not followed(BACK, job(UNASKED, target=target), ASKED, cancel(target), UNDONE)

    def test_by_a_job_in_another_vault(self) -> None:
        told = body("PlannedFailover", done("PlannedFailover"), name=UNASKED)
        told["properties"]["targetObjectId"] = GUID
        elsewhere = interaction("GET", f"{VAULT[:-1]}w/replicationJobs/{UNASKED}", answer=told)
        assert not followed(BACK, elsewhere, ASKED, cancel())

    def test_by_the_poll_of_an_operation(self) -> None:
        assert not followed(BACK, job(UNASKED), ASKED, poll("job-1", "Succeeded"), UNDONE)


def test_a_job_that_nobody_is_seen_to_ask_for_leaves_the_time_before_it_to_its_request() -> None:
    """A look that follows it at once is explained by the request that it lacks, which came before the job."""
    entries = [UNDONE, job(UNASKED), BACK, ASKED, cancel(), UNDONE]
    times = ("03:00:00", "03:30:00", "03:30:01", "03:40:00", "03:50:00", "03:50:01")
    trace = [dated(f"Sat, 26 Aug 2023 {time} GMT", one) for time, one in zip(times, entries, strict=True)]
    (found,) = judge(read_interactions(trace))
    assert found.conformance is Conformance.INCOMPLETE, found.why
    assert "planned_failover is not in the recording" in found.why
    assert "after entry 1" in found.why
