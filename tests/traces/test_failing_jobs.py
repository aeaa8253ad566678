"""Nothing is known of the surroundings of a recording: any job may fail and leave the item as before (F13 to F15)."""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar

import pytest

from asr_properties.traces.formats import read_trace
from asr_properties.traces.jsonl import write_jsonl
from asr_properties.traces.judging import judge
from asr_properties.traces.trace_verdicts import Conformance, TraceVerdict
from traces.cassettes import FAILED_OVER, ITEM, PROTECTED, REVERSE_PROTECTED, VAULT, ask, interaction, look, poll
from traces.changes import read_interactions

AT_REST = look(PROTECTED)
FAILED = look(FAILED_OVER)
DRILL = {"testFailoverState": "WaitingForCompletion", "allowedOperations": ["TestFailoverCleanup"]}
WAITING = look(PROTECTED, **DRILL)
ENABLE = interaction("PUT", ITEM, 202, body={"properties": {}}, starts="OP-1")


def verdict(*interactions: dict[str, Any]) -> TraceVerdict:
    (found,) = judge(read_interactions(interactions))
    return found


OPERATIONS = [
    (AT_REST, "testFailover", {}),
    (WAITING, "testFailoverCleanup", {}),
    (AT_REST, "remove", {}),
    (FAILED, "failoverCommit", {}),
    (FAILED, "reProtect", {}),
    (AT_REST, "unplannedFailover", {"performShutdown": "true"}),
]


@pytest.mark.parametrize(("before", "action", "details"), OPERATIONS, ids=[action for _, action, _ in OPERATIONS])
class TestAJobThatFails:
    def test_may_leave_the_item_as_it_was(self, before, action, details) -> None:
        failed = (ask(action, "OP-1", **details), poll("OP-1", "InProgress"), poll("OP-1", "Failed"))
        again = ask(action, "OP-2", **details)
        assert verdict(before, *failed, before, again).divergence is None

    def test_need_not_be_seen_to_fail(self, before, action, details) -> None:
        assert verdict(before, ask(action, "OP-1", **details), before).divergence is None

    def test_has_an_effect_if_it_succeeds(self, before, action, details) -> None:
        asked = (ask(action, "OP-1", **details), poll("OP-1", "Succeeded"))
        assert verdict(before, *asked, before).divergence is not None


def test_a_purge_after_a_disable_that_failed():
    disabled = (ask("remove", "OP-1"), poll("OP-1", "Failed"))
    purged = (interaction("DELETE", ITEM, 202, starts="OP-2"), poll("OP-2", "Succeeded"))
    found = verdict(AT_REST, *disabled, *purged, interaction("GET", ITEM, 404))
    assert found.conformance is Conformance.CONFORMANT


@pytest.mark.parametrize("state", ["Succeeded", "CompletedWithInformation", "PartiallySucceeded"])
def test_enabling_what_is_enabled_may_have_no_effect(state):
    found = verdict(AT_REST, ENABLE, poll("OP-1", state), AT_REST)
    assert found.conformance is Conformance.CONFORMANT


@pytest.mark.parametrize("state", ["CompletedWithInformation", "PartiallySucceeded"])
def test_further_ways_to_succeed(state):
    answer = {"name": "OP-1", "properties": {"state": state, "scenarioName": "UnplannedFailover"}}
    seen = interaction("GET", f"{VAULT}/replicationJobs/OP-1", answer=answer)
    asked = ask("unplannedFailover", "OP-1", performShutdown="true")
    assert verdict(AT_REST, asked, seen, FAILED).conformance is Conformance.CONFORMANT
    assert verdict(AT_REST, asked, seen, AT_REST).divergence is not None


def test_an_unknown_drill_says_nothing_by_its_job_either():
    scenario = {"scenarioName": "TestFailover", "jobId": "/replicationJobs/another"}
    hung = look(PROTECTED, **DRILL | {"testFailoverState": "Initiating", "currentScenario": scenario})
    assert verdict(hung, ask("testFailoverCleanup", "OP-1"), poll("OP-1", "Succeeded"), AT_REST).divergence is None


class TestAPlannedFailoverWhoseRevertFailed:
    """Once the item asks for a manual cancel, the job of the planned failover names an error (R81, contract 8)."""

    ERROR: ClassVar = {"serviceErrorDetails": {"code": "1", "message": "cancel it"}}
    BEFORE = (
        look(REVERSE_PROTECTED),
        ask("plannedFailover", "OP-1", instanceType="InMageRcmFailback", recoveryPointType="CrashConsistent"),
    )
    CANCEL_FAILED = look(
        ("SomethingNew", "InMageRcmFailback", "Primary", ["CancelFailover", "DisableProtection"]),
        replicationHealth="Critical",
        healthErrors=[{"errorCode": "2", "errorMessage": "cancel it"}],
    )

    def told(self, *errors: Any, name: str = "OP-1") -> dict[str, Any]:
        return {
            "name": name,
            "properties": {"state": "Failed", "scenarioName": "PlannedFailover", "errors": list(errors)},
        }

    def job(self, *errors: Any) -> dict[str, Any]:
        return interaction("GET", f"{VAULT}/replicationJobs/OP-1", answer=self.told(*errors))

    def test_it_tells_why(self) -> None:
        found = verdict(*self.BEFORE, self.job(), self.CANCEL_FAILED, self.job(self.ERROR))
        assert (found.conformance, found.exercised["R81"]) == (Conformance.CONFORMANT, 1)

    def test_it_does_not(self) -> None:
        found = verdict(*self.BEFORE, self.job(), self.CANCEL_FAILED, self.job())
        assert found.divergence is not None
        assert (found.divergence.event.number, found.divergence.requirements[0]) == (5, "R81")

    def test_it_need_not_before_the_revert_has_failed(self) -> None:
        found = verdict(*self.BEFORE, self.job(), self.CANCEL_FAILED)
        assert (found.divergence, "R81" in found.exercised) == (None, False)

    def test_of_a_list_of_jobs_it_is_not_known_whether_it_tells_errors(self) -> None:
        listed = interaction("GET", f"{VAULT}/replicationJobs", answer={"value": [self.told()]})
        assert verdict(*self.BEFORE, self.job(), self.CANCEL_FAILED, listed).divergence is None

    def test_an_earlier_one_that_was_reverted_need_not(self) -> None:
        reverted = (*self.BEFORE, self.job(), look(REVERSE_PROTECTED))
        again = (self.BEFORE[1] | ask("plannedFailover", "OP-2", recoveryPointType="CrashConsistent"),)
        failed = interaction("GET", f"{VAULT}/replicationJobs/OP-2", answer=self.told(self.ERROR, name="OP-2"))
        assert verdict(*reverted, *again, failed, self.CANCEL_FAILED, self.job()).divergence is None

    def test_json_lines_keep_whether_it_tells_why(self, tmp_path: Path) -> None:
        entries = (*self.BEFORE, self.job(), self.CANCEL_FAILED)
        for last, conformance in (
            (self.job(), Conformance.NON_CONFORMANT),
            (self.job(self.ERROR), Conformance.CONFORMANT),
        ):
            file = tmp_path / "trace.jsonl"
            with file.open("w", encoding="utf-8") as stream:
                write_jsonl(read_interactions([*entries, last]).events, stream)
            (found,) = judge(read_trace(file))
            assert found.conformance is conformance, found.why
