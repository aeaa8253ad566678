"""What each interaction of a cassette is read as, and that every one of them is accounted for."""

from __future__ import annotations

from typing import Any

import pytest

from asr_properties.traces import exchange_facts, linking
from asr_properties.traces.events import ItemSeen, JobSeen, Requested
from asr_properties.traces.judging import judge
from asr_properties.traces.trace import Trace
from asr_properties.traces.trace_verdicts import Conformance
from traces.cassettes import FAILED_OVER, ITEM, ITEMS, PROTECTED, VAULT, ask, interaction, item_body, look, poll
from traces.changes import read_interactions


def read(*interactions: dict[str, Any]) -> Trace:
    trace = read_interactions(interactions)
    assert trace.total == len(interactions) == followed(trace) + sum(trace.skipped.values())
    return trace


def followed(trace: Trace) -> int:
    return len({event.number for event in trace.events})


def told(*interactions: dict[str, Any]) -> list[tuple[int, str]]:
    return [(event.number, str(event)) for event in read(*interactions).events]


def skipped(*interactions: dict[str, Any]) -> dict[str, int]:
    return dict(read(*interactions).skipped)


FAIL_OVER = ask("unplannedFailover", "OP-1", performShutdown="true")


@pytest.mark.parametrize("status", [200, 201, 202, 204])
def test_a_success_is_an_acceptance(status: int) -> None:
    assert told(ask("failoverCommit", status=status)) == [(1, "commit() accepted")]


@pytest.mark.parametrize("status", [400, 404, 409, 412])
def test_a_client_error_is_a_refusal(status: int) -> None:
    assert told(ask("failoverCommit", status=status)) == [(1, "commit() refused")]


@pytest.mark.parametrize("status", [302, 401, 403, 407, 429])
def test_a_request_that_was_turned_away_says_nothing_of_the_item(status: int) -> None:
    assert skipped(ask("failoverCommit", status=status)) == {exchange_facts.NOT_DECIDED: 1}


@pytest.mark.parametrize("status", [-1, 0, 408, 499, 500, 502, 503, 504])
def test_a_request_without_an_answer_may_have_been_done(status: int) -> None:
    assert told(ask("failoverCommit", status=status)) == [(1, "commit() without an answer")]


def test_an_enable_and_a_purge() -> None:
    put, delete = interaction("PUT", ITEM, 202, starts="OP-1"), interaction("DELETE", ITEM, 404)
    assert told(put, delete) == [(1, "enable_replication() accepted"), (2, "disable_replication() refused")]


def test_repeated_polls_are_counted_and_changes_are_events() -> None:
    running, done = poll("op-1", "InProgress"), poll("OP-1", "Succeeded", {"code": "28175"})
    trace = read(FAIL_OVER, running, running, running, done, done)
    assert [event.number for event in trace.events] == [1, 2, 5]
    assert trace.skipped == {linking.REPEATED: 3}
    *_, last = trace.events
    assert isinstance(last, JobSeen)
    assert (last.job, last.state, last.warning) == ("op-1", "succeeded", "28175")


@pytest.mark.parametrize(
    ("status", "state"), [(202, "in_progress"), (200, "succeeded"), (204, "succeeded"), (409, "failed")]
)
def test_the_results_of_an_operation_tell_by_their_status(status: int, state: str) -> None:
    results = interaction("GET", f"{ITEM}/operationresults/OP-1", status)
    trace = read(FAIL_OVER, results)
    assert [event.state for event in trace.events if isinstance(event, JobSeen)] == [state]


class TestResultOfAnOperation:
    """Pollers of the SDK read the item as the result of the operation (facts 7.2): it is a look at the item."""

    def result(self, shape: Any, operation: str = "op-1") -> dict[str, Any]:
        return interaction("GET", f"{ITEM}/operationresults/{operation}", answer=item_body(shape))

    def test_it_shows_the_item(self) -> None:
        trace = read(look(PROTECTED), FAIL_OVER, poll("OP-1", "Succeeded"), self.result(FAILED_OVER))
        (found,) = judge(trace)
        assert (found.conformance, found.phases) == (Conformance.CONFORMANT, ("failed_over",))
        assert not trace.skipped

    def test_it_may_depart(self) -> None:
        (found,) = judge(read(look(PROTECTED), FAIL_OVER, poll("OP-1", "Succeeded"), self.result(PROTECTED)))
        assert found.conformance is Conformance.NON_CONFORMANT
        assert found.divergence is not None
        assert found.divergence.event.number == 4

    def test_where_it_alone_is_polled_it_ends_the_job_as_well(self) -> None:
        trace = read(look(PROTECTED), FAIL_OVER, self.result(FAILED_OVER, "OP-1"))
        assert [type(event) for event in trace.events] == [ItemSeen, Requested, JobSeen, ItemSeen]

    def test_read_again_it_may_show_the_item_as_it_was_then(self) -> None:
        asked = FAIL_OVER, poll("OP-1", "Succeeded"), self.result(FAILED_OVER)
        again = ask("failoverCommit", "op-2"), poll("op-2", "Succeeded"), self.result(FAILED_OVER)
        trace = read(look(PROTECTED), *asked, *again)
        (found,) = judge(trace)
        assert found.conformance is Conformance.CONFORMANT
        assert trace.skipped == {"polls that repeat a state": 1}

    def test_what_is_no_item_shows_none(self) -> None:
        results = interaction("GET", f"{ITEM}/operationresults/op-1", answer={"properties": {}, "name": "vm-1"})
        assert [type(event) for event in read(FAIL_OVER, results).events] == [Requested, JobSeen]


def test_jobs_tell_their_state_alone_and_in_lists() -> None:
    def job(state: str, name: str = "OP-1") -> dict[str, Any]:
        return {"name": name, "properties": {"state": state, "scenarioName": "UnplannedFailover"}}

    one = interaction("GET", f"{VAULT}/replicationJobs/OP-1", answer=job("NotStarted"))
    several = interaction("GET", f"{VAULT}/replicationJobs", answer={"value": [job("Other", "x"), job("Failed")]})
    other = interaction("GET", f"{VAULT}/replicationJobs/x", answer=job("Failed", "x"))
    trace = read(FAIL_OVER, one, several, several, other)
    assert [(e.number, e.state) for e in trace.events if isinstance(e, JobSeen)] == [(2, "in_progress"), (3, "failed")]
    assert trace.skipped == {linking.OTHER_JOBS: 2}


def test_a_job_that_the_service_started_is_known_by_its_target() -> None:
    properties = {"state": "InProgress", "scenarioName": "CancelFailover", "targetObjectId": "/x/VM-1"}
    job = interaction("GET", f"{VAULT}/replicationJobs/J", answer={"name": "J", "properties": properties})
    assert told(look(PROTECTED), job)[1] == (2, "job j is in_progress")


def test_cancelling_a_job() -> None:
    cancel = interaction("POST", f"{VAULT}/replicationJobs/OP-1/cancel", 202, starts="OP-2")
    assert told(FAIL_OVER, cancel)[1] == (2, "cancel_job(job=op-1) without an answer")
    for state, answer in (("Succeeded", "accepted"), ("Failed", "refused"), ("InProgress", "without an answer")):
        trace = read(FAIL_OVER, cancel, poll("OP-2", state))
        assert str(tuple(trace.events)[1]) == f"cancel_job(job=op-1) {answer}"
        assert trace.skipped == {linking.CANCEL_POLLS: 1}
    assert skipped(interaction("POST", f"{VAULT}/replicationJobs/unknown/cancel", 202)) == {linking.OTHER_JOBS: 1}


def test_looks() -> None:
    gone = interaction("GET", ITEM, 404)
    assert told(gone) == [(1, "the item shows phase=not_replicated")]
    assert skipped(interaction("GET", ITEM, 200, answer=None)) == {exchange_facts.UNREADABLE: 1}
    assert skipped(interaction("GET", ITEM, 500, answer={})) == {exchange_facts.UNREADABLE: 1}


def test_a_list_is_a_look_at_each_item_and_not_at_those_it_lacks() -> None:
    listed = interaction("GET", ITEMS, answer={"value": [item_body(PROTECTED), item_body(FAILED_OVER, "vm-2")]})
    trace = read(listed, interaction("GET", ITEMS, answer={"value": []}))
    assert [(event.item, event.number) for event in trace.events] == [("VM-1", 1), ("VM-2", 1)]
    assert (followed(trace), trace.skipped) == (1, {exchange_facts.EMPTY_LISTS: 1})


def test_ids_are_compared_whatever_their_case() -> None:
    upper = interaction("GET", ITEM.upper(), answer=item_body(PROTECTED))
    trace = read(look(PROTECTED), upper, FAIL_OVER)
    assert trace.items == ("vm-1",)


def test_items_of_one_name_in_two_vaults_are_two() -> None:
    elsewhere = interaction("GET", ITEM.replace("/vaults/v/", "/vaults/w/"), answer=item_body(PROTECTED))
    assert read(look(PROTECTED), elsewhere).items == ("v/vm-1", "w/vm-1")


def test_items_of_another_lifecycle_are_told_and_not_judged() -> None:
    other = interaction(
        "GET", ITEMS + "/sql", answer=item_body(("Protected", "A2A", "Primary", ["Failback"]), name="sql")
    )
    commit = interaction("POST", f"{ITEMS}/sql/failoverCommit", 202)
    trace = read(look(PROTECTED), other, commit)
    assert trace.items == ("vm-1",)
    assert trace.skipped == {linking.NOT_COVERED: 2}
    _, verdict = judge(trace)
    assert (verdict.item, verdict.conformance) == ("sql", Conformance.INCOMPLETE)
    assert "A2A" in verdict.why


@pytest.mark.parametrize(
    ("uri", "kind"),
    [
        ("https://example.net/", exchange_facts.ELSEWHERE),
        ("http://[broken", exchange_facts.ELSEWHERE),
        ("", exchange_facts.ELSEWHERE),
        (f"{VAULT}", exchange_facts.VAULT),
        (f"{VAULT}/replicationPolicies/p", exchange_facts.VAULT),
        (f"{VAULT}/replicationOperationStatus/unknown", linking.OTHER_POLLS),
        (f"{VAULT}/replicationJobs/unknown", linking.OTHER_JOBS),
        (f"{ITEM}/recoveryPoints", exchange_facts.PARTS),
        (f"{ITEM}/recoveryPoints/p", exchange_facts.PARTS),
        (f"{ITEM}/targetComputeSizes", exchange_facts.PARTS),
    ],
)
def test_everything_else_is_counted(uri: str, kind: str) -> None:
    assert skipped(interaction("GET", uri, answer={"status": "Succeeded"})) == {kind: 1}


def test_bodies_may_be_bytes_and_headers_plain() -> None:
    shown, asked = look(PROTECTED), ask("reProtect", "OP-1")
    shown["response"]["body"]["string"] = shown["response"]["body"]["string"].encode()
    asked["response"]["headers"] = {"Azure-AsyncOperation": f"{VAULT}/replicationOperationStatus/OP-9"}
    first, second = read(shown, asked).events
    assert isinstance(first, ItemSeen)
    assert first.at == "2023-08-26T03:00:00Z"
    assert isinstance(second, Requested)
    assert (second.job, second.at) == ("op-9", None)
