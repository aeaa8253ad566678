"""Whether the tasks of a failover move is judged where a look was near enough to its end to tell."""

from __future__ import annotations

from typing import Any

from asr_properties.evidence.actions import WAIT_FOR_JOB, wait
from asr_properties.generation.scenarios import fail_over
from asr_properties.reference import ReferenceService
from walks import PROTECTED, perform

WAITED = (*PROTECTED, fail_over(), *[wait(10)] * 3, WAIT_FOR_JOB)


class WaitsToBegin(ReferenceService):
    """A job is in progress for a while before its first task is said to have begun."""

    __slots__ = ()

    def job(self, job: str) -> dict[str, Any]:
        shown = super().job(job)
        first = shown["tasks"][:1]
        if first and first[0]["state"] == "in_progress":
            first[0]["state"] = "not_started"
        return shown


def test_early_looks_at_a_job_that_waits_to_begin_tell_nothing() -> None:
    session = perform(WaitsToBegin(), WAITED)
    assert session.monitors.exercised["tasks_of_a_job_move_while_it_runs"] == 0


def test_looks_at_tasks_that_have_begun_do() -> None:
    session = perform(ReferenceService(), WAITED)
    assert session.monitors.exercised["tasks_of_a_job_move_while_it_runs"] == 1
