"""The times that the service tells of a job's tasks show in which order they were done, also where the job was read
once, at its end (R23, R49, R50, R71; facts 7.5)."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest

from asr_properties.traces.formats import read_trace
from asr_properties.traces.jsonl import write_jsonl
from asr_properties.traces.judging import judge
from asr_properties.traces.trace_verdicts import Conformance
from traces.cassettes import VAULT, interaction, look
from traces.changes import read_interactions
from traces.test_job_tasks import ORDERED, SHOWS, TASKS, WALKS, body, done, walk

NEVER = "0001-01-01T00:00:00"
Times = tuple[str, str]


def at(second: float) -> str:
    """So many seconds after nine o'clock."""
    return f"2024-05-02T09:{int(second) // 60:02}:{second % 60:010.7f}Z"


def job(scenario: str, states: dict[str, str], state: str = "Succeeded", **times: Times) -> dict[str, Any]:
    """A job that tells `times` of its tasks; where none are given, each took a minute, one after the other."""
    told = body(scenario, done(scenario, **states), state)
    for place, task in enumerate(told["properties"]["tasks"]):
        began, ended = times.get(task["taskId"], (NEVER, NEVER) if times else (at(60 * place), at(60 * place + 60)))
        task |= {"startTime": began, "endTime": ended}
    return interaction("GET", f"{VAULT}/replicationJobs/job-1", answer=told)


@pytest.mark.parametrize("scenario", TASKS)
def test_tasks_one_after_the_other_are_credited(scenario: str) -> None:
    found = walk(scenario, job(scenario, {}))
    assert found.conformance is Conformance.CONFORMANT, found.why
    assert set(SHOWS[scenario]) <= set(found.exercised)


@pytest.mark.parametrize("later", [(at(0), at(60)), (at(0), at(900)), (NEVER, at(30)), (at(400), at(900))])
@pytest.mark.parametrize("scenario", TASKS)
def test_a_task_that_began_before_the_one_ahead_of_it_had_ended(scenario: str, later: Times) -> None:
    first, second = ORDERED[scenario]
    found = walk(scenario, job(scenario, {}, **{first: (at(300), at(500)), second: later}))
    assert found.divergence is not None
    assert (found.divergence.event.number, found.divergence.requirements[:1]) == (3, SHOWS[scenario][-1:])


@pytest.mark.parametrize("scenario", TASKS)
def test_one_that_began_before_the_one_ahead_of_it_began_whose_end_is_not_told(scenario: str) -> None:
    first, second = ORDERED[scenario]
    found = walk(scenario, job(scenario, {}, **{first: (at(300), NEVER), second: (at(100), at(200))}))
    assert found.divergence is not None


def test_the_attempt_of_a_shutdown_that_failed_after_the_failover_began() -> None:
    times = {"VmShutdownVmOnPrimary": (at(300), at(500)), "VmFailover": (at(100), at(200))}
    found = walk("UnplannedFailover", job("UnplannedFailover", {"VmShutdownVmOnPrimary": "Failed"}, **times))
    assert found.divergence is not None
    assert found.divergence.requirements[:1] == ("R23",)


class TestNothingIsConcluded:
    @pytest.mark.parametrize("none", [NEVER, "1601-01-01T00:00:00Z", "1753-01-01T01:01:01Z", None, "", 7, "soon", []])
    @pytest.mark.parametrize("scenario", TASKS)
    def test_from_a_time_that_is_none(self, scenario: str, none: Any) -> None:
        """The service tells such of tasks that have not begun, and has told one of a task that runs."""
        for task in ORDERED[scenario]:
            assert walk(scenario, job(scenario, {}, **{task: (none, none)})).conformance is Conformance.CONFORMANT

    @pytest.mark.parametrize("scenario", TASKS)
    def test_from_a_few_seconds(self, scenario: str) -> None:
        """The times that the service tells of one job contradict each other by about one."""
        first, second = ORDERED[scenario]
        found = walk(scenario, job(scenario, {}, **{first: (at(300), at(500)), second: (at(491), at(600))}))
        assert found.conformance is Conformance.CONFORMANT, found.why

    @pytest.mark.parametrize("state", ["Other", "Cancelled"])
    @pytest.mark.parametrize("scenario", ["PlannedFailover", "CancelFailover"])  # of a shutdown R23 has more to say
    def test_from_the_times_of_a_task_that_was_not_done(self, scenario: str, state: str) -> None:
        first, second = ORDERED[scenario]
        for undone in (first, second):
            times = {first: (at(300), at(500)), second: (at(100), at(200))}
            assert walk(scenario, job(scenario, {undone: state}, **times)).divergence is None


def test_json_lines_keep_the_times(tmp_path: Path) -> None:
    before, request, after = WALKS["PlannedFailover"]
    reverse = job("PlannedFailover", {}, VmFailover=(at(300), at(500)), VmFoStartVmOnSecondary=(at(60), at(90)))
    text = io.StringIO()
    write_jsonl(read_interactions([look(before), request, reverse, look(after)]).events, text)
    file = tmp_path / "trace.jsonl"
    file.write_text(text.getvalue(), encoding="utf-8")
    (found,) = judge(read_trace(file))
    assert found.divergence is not None
    assert found.divergence.requirements[:1] == ("R50",)
