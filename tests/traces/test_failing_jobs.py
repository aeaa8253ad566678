"""Nothing is known of the surroundings of a recording: any job may fail and leave the item as before (F13 to F15)."""

from __future__ import annotations

from typing import Any

import pytest

from asr_properties.traces.judging import judge
from asr_properties.traces.trace_verdicts import Conformance, TraceVerdict
from traces.cassettes import FAILED_OVER, ITEM, PROTECTED, VAULT, ask, interaction, look, poll
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
