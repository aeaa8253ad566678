"""The tasks that a recorded job lists are judged as those of runs are: what was done, and in which order, and that none
is left open (R23, R25, R49, R50, R71). What was not done is not credited."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from asr_properties.traces.events import JobSeen
from asr_properties.traces.formats import read_trace
from asr_properties.traces.jsonl import write_jsonl
from asr_properties.traces.judging import judge
from asr_properties.traces.trace_verdicts import Conformance, TraceVerdict
from traces.cassettes import FAILED_BACK, FAILED_OVER, PROTECTED, REVERSE_PROTECTED, VAULT, ask, interaction, look, poll
from traces.changes import read_interactions

TASKS = {
    "UnplannedFailover": ("VmUfoPrerequisitesCheck", "VmShutdownVmOnPrimary", "VmFailover", "VmFoStartVmOnSecondary"),
    "PlannedFailover": ("VmPfoPrerequisitesCheck", "VmPrepareForFailover", "VmFailover", "VmFoStartVmOnSecondary"),
    "CancelFailover": ("CancelFailoverRecovery", "CancelFailoverPrimary", "StartVmOnPrimary"),
}
WALKS = {
    "UnplannedFailover": (PROTECTED, ask("unplannedFailover", "job-1", performShutdown="true"), FAILED_OVER),
    "PlannedFailover": (
        REVERSE_PROTECTED,
        ask("plannedFailover", "job-1", instanceType="InMageRcmFailback", recoveryPointType="CrashConsistent"),
        FAILED_BACK,
    ),
    "CancelFailover": (FAILED_BACK, ask("failoverCancel", "job-1"), REVERSE_PROTECTED),
}
SHOWS = {"UnplannedFailover": ("R23",), "PlannedFailover": ("R49", "R50"), "CancelFailover": ("R71",)}
Told = list[tuple[str, str]]


def body(scenario: str, tasks: Told, state: str = "Succeeded", name: str = "job-1") -> dict[str, Any]:
    listed = [{"taskId": task, "name": task, "state": its} for task, its in tasks]
    target = "/Subscriptions/s/vaults/v/replicationProtectedItems/VM-1"
    told = {"scenarioName": scenario, "state": state, "targetObjectId": target, "tasks": listed}
    return {"name": name, "properties": told}


def shown(scenario: str, tasks: Told, state: str = "Succeeded") -> dict[str, Any]:
    return interaction("GET", f"{VAULT}/replicationJobs/job-1", answer=body(scenario, tasks, state))


def done(scenario: str, **others: str) -> Told:
    return [(task, others.get(task, "Succeeded")) for task in TASKS[scenario]]


def swapped(scenario: str) -> Told:
    first, *rest, last = done(scenario)
    return [last, *reversed(rest), first]


def walk(scenario: str, *jobs: dict[str, Any]) -> TraceVerdict:
    before, request, after = WALKS[scenario]
    return verdict(look(before), request, *jobs, look(after))


def verdict(*interactions: dict[str, Any]) -> TraceVerdict:
    (found,) = judge(read_interactions(interactions))
    return found


@pytest.mark.parametrize("scenario", TASKS)
def test_tasks_in_order_are_credited(scenario: str) -> None:
    found = walk(scenario, shown(scenario, done(scenario)))
    assert found.conformance is Conformance.CONFORMANT, found.why
    assert set(SHOWS[scenario]) <= set(found.exercised)


@pytest.mark.parametrize("scenario", TASKS)
def test_a_job_without_tasks_credits_nothing_of_them(scenario: str) -> None:
    found = walk(scenario, shown(scenario, []))
    assert found.conformance is Conformance.CONFORMANT, found.why
    assert not set(SHOWS[scenario]) & set(found.exercised)


@pytest.mark.parametrize("scenario", TASKS)
def test_another_order_is_a_departure(scenario: str) -> None:
    found = walk(scenario, shown(scenario, swapped(scenario)))
    assert found.divergence is not None
    assert (found.divergence.event.number, found.divergence.requirements[:1]) == (3, SHOWS[scenario][-1:])


@pytest.mark.parametrize("scenario", TASKS)
def test_tasks_that_are_told_only_after_the_job_is_known_to_have_ended(scenario: str) -> None:
    """Pollers ask for the operation, which has no tasks; a list of jobs tells them later."""
    before, request, after = WALKS[scenario]
    for tasks, conformance in (
        (done(scenario), Conformance.CONFORMANT),
        (swapped(scenario), Conformance.NON_CONFORMANT),
    ):
        listed = interaction("GET", f"{VAULT}/replicationJobs", answer={"value": [body(scenario, tasks)]})
        found = verdict(look(before), request, poll("job-1", "Succeeded"), look(after), listed)
        assert found.conformance is conformance, found.why
        assert set(SHOWS[scenario]) <= {*found.exercised, *(found.divergence.requirements if found.divergence else ())}


@pytest.mark.parametrize("scenario", TASKS)
def test_a_job_whose_request_was_not_recorded(scenario: str) -> None:
    """Its scenario tells what it does."""
    item = look(WALKS[scenario][2])
    assert verdict(item, shown(scenario, swapped(scenario))).conformance is Conformance.NON_CONFORMANT
    assert set(SHOWS[scenario]) <= set(verdict(item, shown(scenario, done(scenario))).exercised)


def test_a_failover_of_classic_may_lead_in_either_direction() -> None:
    """Only a forward one shuts its source down first (contract 15)."""
    back = ("Protected", "InMage", "Primary", ["UnplannedFailover", "DisableProtection"])
    job = shown("UnplannedFailover", swapped("UnplannedFailover"))
    assert verdict(look(back), job).divergence is None
    forward = ("Protected", "InMageAzureV2", "Primary", ["UnplannedFailover", "DisableProtection", "TestFailover"])
    asked = ask("unplannedFailover", "job-1", instanceType="InMageAzureV2")
    assert verdict(look(forward), asked, job).conformance is Conformance.NON_CONFORMANT


ORDERED = {
    "UnplannedFailover": ("VmShutdownVmOnPrimary", "VmFailover"),
    "PlannedFailover": ("VmFailover", "VmFoStartVmOnSecondary"),
    "CancelFailover": ("CancelFailoverRecovery", "StartVmOnPrimary"),
}


class TestWhatHasBegun:
    """A task begins when the one that must come earlier has ended. A look at the job while it runs is all that tells
    it: when everything has succeeded, nothing does any more."""

    @pytest.mark.parametrize("ahead", ["NotStarted", "InProgress"])
    @pytest.mark.parametrize("later", ["InProgress", "Succeeded", "Failed"])
    @pytest.mark.parametrize("scenario", TASKS)
    def test_before_the_one_ahead_of_it_has_ended(self, scenario: str, ahead: str, later: str) -> None:
        first, second = ORDERED[scenario]
        running = shown(scenario, done(scenario, **{first: ahead, second: later}), "InProgress")
        found = walk(scenario, running, shown(scenario, done(scenario)))
        assert found.divergence is not None
        assert (found.divergence.event.number, found.divergence.requirements[:1]) == (3, SHOWS[scenario][-1:])

    @pytest.mark.parametrize("ahead", ["Succeeded", "Failed", "Other", "Cancelled"])
    @pytest.mark.parametrize("scenario", TASKS)
    def test_after_it(self, scenario: str, ahead: str) -> None:
        """A task that was skipped has ended as well; but a shutdown that was asked for is not skipped."""
        first, second = ORDERED[scenario]
        running = shown(scenario, done(scenario, **{first: ahead, second: "InProgress"}), "InProgress")
        is_right = (scenario, ahead) != ("UnplannedFailover", "Other")
        assert (walk(scenario, running).divergence is None) is is_right

    @pytest.mark.parametrize("later", ["NotStarted", "Other", "Cancelled"])
    @pytest.mark.parametrize("scenario", TASKS)
    def test_what_has_not_begun(self, scenario: str, later: str) -> None:
        first = ORDERED[scenario][0]
        rest = TASKS[scenario][TASKS[scenario].index(first) + 1 :]
        running = shown(scenario, done(scenario, **{first: "InProgress"}, **dict.fromkeys(rest, later)), "InProgress")
        assert walk(scenario, running).divergence is None

    def test_a_skipped_task_between_two(self) -> None:
        tasks = done("CancelFailover", CancelFailoverRecovery="InProgress", CancelFailoverPrimary="Other")
        assert walk("CancelFailover", shown("CancelFailover", tasks, "InProgress")).divergence is not None


class TestATaskThatFailed:
    @pytest.mark.parametrize(
        ("scenario", "task"), [(s, t) for s in ("PlannedFailover", "CancelFailover") for t in ORDERED[s]]
    )
    def test_in_a_job_that_succeeded(self, scenario: str, task: str) -> None:
        """A planned failover fails when a task fails (contract 8); a cancel starts Azure after the revert (R71)."""
        found = walk(scenario, shown(scenario, done(scenario, **{task: "Failed"})))
        assert found.divergence is not None
        assert found.divergence.requirements[:1] == SHOWS[scenario][-1:]

    @pytest.mark.parametrize("task", ["VmPfoPrerequisitesCheck", "VmPrepareForFailover"])
    def test_of_a_planned_failover_before_azure_is_shut_down(self, task: str) -> None:
        """It fails with any of its tasks, and is cancelled (contract 8, R78)."""
        tasks = done("PlannedFailover", **{task: "Failed"})
        found = walk("PlannedFailover", shown("PlannedFailover", tasks))
        assert found.divergence is not None
        assert (found.divergence.event.number, found.divergence.requirements[:1]) == (3, ("R78",))
        assert task in found.divergence.seen
        assert walk("PlannedFailover", shown("PlannedFailover", tasks, "InProgress")).divergence is None

    def test_of_another_name(self) -> None:
        """Nothing is concluded from it (contract 6)."""
        found = walk("PlannedFailover", shown("PlannedFailover", [*done("PlannedFailover"), ("Own", "Failed")]))
        assert found.conformance is Conformance.CONFORMANT, found.why

    @pytest.mark.parametrize("scenario", ["PlannedFailover", "CancelFailover"])
    def test_in_a_job_that_failed(self, scenario: str) -> None:
        first, second = ORDERED[scenario]
        before, request, _ = WALKS[scenario]
        tasks = done(scenario, **{first: "Failed", second: "Other"})
        found = verdict(look(before), request, shown(scenario, tasks, "Failed"))
        assert found.divergence is None
        assert not set(SHOWS[scenario]) & set(found.exercised)

    @pytest.mark.parametrize("task", ORDERED["UnplannedFailover"])
    def test_in_a_failover_to_azure_that_succeeded(self, task: str) -> None:
        """It goes on without the shutdown (R24); what it does without another of its tasks was not recorded."""
        found = walk("UnplannedFailover", shown("UnplannedFailover", done("UnplannedFailover", **{task: "Failed"})))
        assert found.divergence is None


class TestWhatWasNotDone:
    @pytest.mark.parametrize("undone", ["CancelFailoverRecovery", "CancelFailoverPrimary"])
    def test_a_cancel_shows_its_order_where_something_was_reverted(self, undone: str) -> None:
        found = walk("CancelFailover", shown("CancelFailover", done("CancelFailover", **{undone: "Other"})))
        assert (found.divergence, "R71" in found.exercised) == (None, undone == "CancelFailoverPrimary")

    def test_a_cancel_that_does_not_name_its_revert(self) -> None:
        found = walk("CancelFailover", shown("CancelFailover", done("CancelFailover")[1:]))
        assert (found.divergence, "R71" in found.exercised) == (None, False)

    def test_a_shutdown_that_was_done_and_not_asked_for(self) -> None:
        """R23 is about failovers with the option; of others the order tells nothing."""
        before, _, after = WALKS["UnplannedFailover"]
        unasked = ask("unplannedFailover", "job-1", performShutdown="false")
        early = done("UnplannedFailover", VmShutdownVmOnPrimary="NotStarted", VmFailover="InProgress")
        for job in (
            shown("UnplannedFailover", done("UnplannedFailover")),
            shown("UnplannedFailover", early, "InProgress"),
        ):
            found = verdict(look(before), unasked, job, poll("job-1", "Succeeded"), look(after))
            assert (found.conformance, "R23" in found.exercised) == (Conformance.CONFORMANT, False)

    def test_a_shutdown_that_was_not_asked_for(self) -> None:
        before, _, after = WALKS["UnplannedFailover"]
        unasked = ask("unplannedFailover", "job-1", performShutdown="false")
        job = shown("UnplannedFailover", done("UnplannedFailover", VmShutdownVmOnPrimary="Other"))
        found = verdict(look(before), unasked, job, look(after))
        assert (found.conformance, "R23" in found.exercised) == (Conformance.CONFORMANT, False)

    @pytest.mark.parametrize("state", ["InProgress", "Succeeded", "Failed"])
    @pytest.mark.parametrize("failover", ["InProgress", "Succeeded", "Failed"])
    def test_a_shutdown_that_was_asked_for_and_skipped(self, state: str, failover: str) -> None:
        """It was not attempted before the failover began (R23)."""
        tasks = done("UnplannedFailover", VmShutdownVmOnPrimary="Other", VmFailover=failover)
        found = walk("UnplannedFailover", shown("UnplannedFailover", tasks, state))
        assert found.divergence is not None
        assert "R23" in found.divergence.requirements

    def test_a_shutdown_that_was_skipped_with_the_failover(self) -> None:
        """What failed earlier has the later tasks skipped (facts 5.12, F2)."""
        skipped = dict.fromkeys(TASKS["UnplannedFailover"][1:], "Other")
        tasks = done("UnplannedFailover", VmUfoPrerequisitesCheck="Failed", **skipped)
        before, request, _ = WALKS["UnplannedFailover"]
        found = verdict(look(before), request, shown("UnplannedFailover", tasks, "Failed"), look(before))
        assert (found.divergence, "R23" in found.exercised) == (None, False)

    def test_a_skipped_shutdown_whose_request_tells_nothing_of_it(self) -> None:
        before, _, after = WALKS["UnplannedFailover"]
        job = shown("UnplannedFailover", done("UnplannedFailover", VmShutdownVmOnPrimary="Other"))
        assert verdict(look(before), ask("unplannedFailover", "job-1"), job, look(after)).divergence is None
        assert verdict(look(after), job).divergence is None

    @pytest.mark.parametrize("description", ["PartiallySucceeded", "SomethingNew", "", None])
    def test_another_state_than_skipped(self, description: Any) -> None:
        """`Other` is what a skipped task reads; how an attempt that failed reads was not recorded (facts 5.1)."""
        answer = body("UnplannedFailover", done("UnplannedFailover", VmShutdownVmOnPrimary="Other"))
        answer["properties"]["tasks"][1]["stateDescription"] = description
        found = walk("UnplannedFailover", interaction("GET", f"{VAULT}/replicationJobs/job-1", answer=answer))
        assert (found.divergence, "R23" in found.exercised) == (None, False)

    def test_a_shutdown_that_failed_was_attempted(self) -> None:
        tasks = done("UnplannedFailover", VmShutdownVmOnPrimary="Failed")
        assert "R23" in walk("UnplannedFailover", shown("UnplannedFailover", tasks)).exercised

    @pytest.mark.parametrize("rest", ["Other", "NotStarted"])
    def test_a_job_that_failed_at_its_prerequisites(self, rest: str) -> None:
        tasks = [(task, "Failed" if n == 0 else rest) for n, task in enumerate(TASKS["PlannedFailover"])]
        before, request, _ = WALKS["PlannedFailover"]
        found = verdict(look(before), request, shown("PlannedFailover", tasks, "Failed"), look(before))
        assert found.divergence is None
        assert not {"R49", "R50"} & set(found.exercised)

    def test_a_job_that_runs_shows_only_what_is_wrong(self) -> None:
        first = done("UnplannedFailover", VmFailover="InProgress", VmFoStartVmOnSecondary="NotStarted")
        found = walk("UnplannedFailover", shown("UnplannedFailover", first, "InProgress"))
        assert (found.conformance, "R23" in found.exercised) == (Conformance.CONFORMANT, False)
        ahead = done("UnplannedFailover", VmShutdownVmOnPrimary="InProgress", VmFoStartVmOnSecondary="NotStarted")
        found = walk("UnplannedFailover", shown("UnplannedFailover", ahead, "InProgress"))
        assert found.divergence is not None
        assert "R23" in found.divergence.requirements

    def test_a_task_that_is_left_open_when_its_job_has_succeeded(self) -> None:
        tasks = done("UnplannedFailover", VmFoStartVmOnSecondary="InProgress")
        found = walk("UnplannedFailover", shown("UnplannedFailover", tasks))
        assert found.divergence is not None
        assert "R25" in found.divergence.requirements

    @pytest.mark.parametrize("state", ["CompletedWithInformation", "PartiallySucceeded", "SomethingNew", None])
    def test_a_state_of_a_task_that_nobody_recorded_says_nothing(self, state: Any) -> None:
        tasks = done("UnplannedFailover", VmFoStartVmOnSecondary=state)
        assert walk("UnplannedFailover", shown("UnplannedFailover", tasks)).divergence is None

    @pytest.mark.parametrize("tasks", [None, {}, ["x", None, 7], [{"taskId": None}]])
    def test_tasks_that_are_none(self, tasks: Any) -> None:
        job = shown("UnplannedFailover", [])
        answer = body("UnplannedFailover", [])
        answer["properties"]["tasks"] = tasks
        found = walk("UnplannedFailover", interaction("GET", job["request"]["uri"].partition("?")[0], answer=answer))
        assert found.conformance is Conformance.CONFORMANT, found.why


def test_json_lines_keep_the_tasks(tmp_path: Path) -> None:
    before, request, after = WALKS["PlannedFailover"]
    job = shown("PlannedFailover", swapped("PlannedFailover"))
    trace = read_interactions([look(before), request, job, look(after)])
    text = io.StringIO()
    write_jsonl(trace.events, text)
    file = tmp_path / "trace.jsonl"
    file.write_text(text.getvalue(), encoding="utf-8")
    again = read_trace(file)
    assert [event.tasks for event in again.events if isinstance(event, JobSeen)] == [
        event.tasks for event in trace.events if isinstance(event, JobSeen)
    ]
    (found,) = judge(replace(again))
    assert found.conformance is Conformance.NON_CONFORMANT
