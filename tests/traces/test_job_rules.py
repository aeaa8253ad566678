"""What traffic tells of jobs is judged: success with a warning is success (X08), the job is the operation (X09)."""

from __future__ import annotations

import json
from typing import Any

import pytest

from asr_properties.traces.judging import judge
from asr_properties.traces.trace_verdicts import Conformance, TraceVerdict
from traces.cassettes import FAILED_OVER, PROTECTED, VAULT, ask, interaction, look, poll
from traces.changes import read_interactions
from traces.formats import at

WARNED = {"code": "28175", "message": "the name was taken"}


def verdict(*interactions: dict[str, Any]) -> TraceVerdict:
    (found,) = judge(read_interactions(interactions))
    return found


def fail_over(*, job: str | None = None) -> dict[str, Any]:
    asked = ask("unplannedFailover", "OP-1", performShutdown="true")
    if job is not None:
        asked["response"]["headers"]["x-ms-request-id"] = [
            f"{VAULT}/replicationJobs/{job}".removeprefix("https://management.azure.com"),
            "x",
        ]
    return asked


def shown(scenario: str, state: str = "InProgress", name: str = "OP-1") -> dict[str, Any]:
    answer = {"name": name, "properties": {"state": state, "scenarioName": scenario}}
    return interaction("GET", f"{VAULT}/replicationJobs/{name}", answer=answer)


def diverges(number: int, requirement: str, *interactions: dict[str, Any]) -> None:
    found = verdict(*interactions)
    assert found.conformance is Conformance.NON_CONFORMANT
    assert found.divergence is not None
    assert found.divergence.event.number == number
    assert requirement in found.divergence.requirements


class TestWarnings:
    def test_success_with_a_warning_is_success(self) -> None:
        found = verdict(look(PROTECTED), fail_over(), poll("OP-1", "Succeeded", WARNED), look(FAILED_OVER))
        assert (found.conformance, found.exercised["X08"]) == (Conformance.CONFORMANT, 1)

    def test_success_without_one_exercises_nothing(self) -> None:
        found = verdict(look(PROTECTED), fail_over(), poll("OP-1", "Succeeded"), look(FAILED_OVER))
        assert "X08" not in found.exercised

    def test_a_warning_while_it_runs_says_nothing(self) -> None:
        found = verdict(look(PROTECTED), fail_over(), poll("OP-1", "InProgress", WARNED))
        assert "X08" not in found.exercised

    def test_a_job_that_failed_all_the_same(self) -> None:
        failed = shown("UnplannedFailover", "Failed")
        diverges(4, "X08", look(PROTECTED), fail_over(), poll("OP-1", "Succeeded", WARNED), failed)

    def test_an_item_that_stayed_as_it_was(self) -> None:
        diverges(4, "X08", look(PROTECTED), fail_over(), poll("OP-1", "Succeeded", WARNED), look(PROTECTED))


class TestTheJobIsTheOperation:
    def test_the_answer_names_both_alike(self) -> None:
        found = verdict(look(PROTECTED), fail_over(job="op-1"), look(FAILED_OVER))
        assert (found.conformance, found.exercised["X09"]) == (Conformance.CONFORMANT, 1)

    def test_the_answer_names_another_job(self) -> None:
        diverges(2, "X09", look(PROTECTED), fail_over(job="another"), look(FAILED_OVER))

    def test_the_job_is_found_under_the_id_with_its_scenario(self) -> None:
        found = verdict(look(PROTECTED), fail_over(), shown("UnplannedFailover"), look(FAILED_OVER))
        assert (found.conformance, found.exercised["X09"]) == (Conformance.CONFORMANT, 1)

    def test_its_scenario_counts_though_its_state_is_known(self) -> None:
        known = poll("OP-1", "InProgress")
        found = verdict(look(PROTECTED), fail_over(), known, shown("UnplannedFailover"), shown("UnplannedFailover"))
        assert found.exercised["X09"] == 1

    def test_it_is_listed_with_its_scenario(self) -> None:
        listed = {
            "value": [{"name": "OP-1", "properties": {"state": "InProgress", "scenarioName": "UnplannedFailover"}}]
        }
        found = verdict(look(PROTECTED), fail_over(), interaction("GET", f"{VAULT}/replicationJobs", answer=listed))
        assert found.exercised["X09"] == 1

    def test_it_is_a_job_of_another_operation(self) -> None:
        diverges(3, "X09", look(PROTECTED), fail_over(), shown("CommitFailover"))

    @pytest.mark.parametrize("scenario", ["None", "SomethingNew"])
    def test_a_scenario_that_is_not_known_says_nothing(self, scenario: str) -> None:
        """A job may be seen first without one (facts 5.12)."""
        found = verdict(look(PROTECTED), fail_over(), shown(scenario, "NotStarted"), look(FAILED_OVER))
        assert found.conformance is Conformance.CONFORMANT
        assert "X09" not in found.exercised

    def test_nothing_told_is_nothing_exercised(self) -> None:
        assert "X09" not in verdict(look(PROTECTED), fail_over(), look(FAILED_OVER)).exercised


class TestTheIdIsNeverUsedAgain:
    """X22: job ids are never reused."""

    BEFORE = (look(PROTECTED), fail_over(), shown("UnplannedFailover", "Succeeded"), look(FAILED_OVER))
    DRILL = (ask("testFailover", "OP-1"), shown("TestFailover", "Failed"))

    def test_by_another_operation(self) -> None:
        again = ask("failoverCommit", "OP-1")
        diverges(5, "X22", *self.BEFORE, again)
        assert verdict(*self.BEFORE, ask("failoverCommit", "OP-2")).conformance is Conformance.CONFORMANT

    def test_by_the_same_operation(self) -> None:
        first, second = [[at(60 * n, one) for one in self.DRILL] for n in (1, 5)]
        diverges(4, "X22", at(0, look(PROTECTED)), *first, *second)

    def test_a_request_that_is_recorded_twice_is_one(self) -> None:
        asked, failed = self.DRILL
        assert verdict(look(PROTECTED), asked, failed, asked).divergence is None

    def test_what_a_recorder_put_in_place_of_ids_tells_nothing(self) -> None:
        def named(entry: dict[str, Any]) -> dict[str, Any]:
            found: dict[str, Any] = json.loads(
                json.dumps(entry).replace("OP-1", "00000000-0000-0000-0000-000000000000")
            )
            return found

        again = ask("failoverCommit", "OP-1")
        assert verdict(*map(named, (*self.BEFORE, again))).divergence is None


def test_a_job_that_runs_again_long_after_its_end_is_told() -> None:
    """An old answer that comes in a little later is not."""
    before = (look(PROTECTED), fail_over(), shown("UnplannedFailover", "Succeeded"), look(FAILED_OVER))
    entries = [at(n, entry) for n, entry in enumerate(before)]
    late, soon = (verdict(*entries, at(second, shown("UnplannedFailover"))) for second in (600, 10))
    assert (late.conformance, soon.conformance) == (Conformance.CONFORMANT, Conformance.CONFORMANT)
    told = "entry 5: job op-1 is in progress, and entry 3 showed that it succeeded: passed over"
    assert (told in late.gaps, told in soon.gaps) == (True, False)
