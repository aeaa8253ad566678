"""What a look says while a job runs: no tokens for that are known but a few (facts 1.1)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

from asr_properties.traces.judging import judge
from asr_properties.traces.trace_verdicts import Conformance, TraceVerdict
from traces.cassettes import FAILED_OVER, PROTECTED, ask, look, poll
from traces.changes import read_interactions
from traces.formats import dated

CONFORMANT, NON_CONFORMANT, INCOMPLETE = Conformance
FAIL_OVER = ask("unplannedFailover", "op-1", performShutdown="true")
BEGUN, DONE = poll("op-1", "InProgress"), poll("op-1", "Succeeded")
RUNS = {"currentScenario": {"scenarioName": "UnplannedFailover", "jobId": "/vaults/V/replicationJobs/op-1"}}
EMPTY = (*PROTECTED[:3], [])


def verdict(*timed: tuple[str, dict[str, Any]]) -> TraceVerdict:
    """Interactions with the minute and second of each."""
    whole = [dated(f"Sat, 26 Aug 2023 03:{when} GMT", one) for when, one in timed]
    (found,) = judge(read_interactions(whole))
    return found


def around(*meanwhile: tuple[str, dict[str, Any]], after: Iterable[tuple[str, dict[str, Any]]] = ()) -> TraceVerdict:
    """A failover, with looks at the item while it runs."""
    ends = after or [("40:00", DONE), ("41:00", look(FAILED_OVER))]
    return verdict(("00:00", look(PROTECTED)), ("10:00", FAIL_OVER), *meanwhile, *ends)


@pytest.mark.parametrize("shape", [PROTECTED, EMPTY], ids=["the list of before", "no list"])
class TestAnItemThatLooksAsBefore:
    def test_right_after_the_request(self, shape: Any) -> None:
        """The operation has no effect yet."""
        found = around(("10:01", look(shape)), ("10:02", BEGUN))
        assert (found.conformance, found.phases) == (CONFORMANT, ("failed_over",))

    def test_and_names_the_job_that_runs(self, shape: Any) -> None:
        found = around(("10:02", BEGUN), ("30:00", look(shape, **RUNS)))
        assert (found.conformance, found.phases) == (CONFORMANT, ("failed_over",))

    def test_and_names_no_job_long_after_the_request(self, shape: Any) -> None:
        """Then that is where it is, and an operation that succeeds all the same was none."""
        assert around(("10:02", BEGUN), ("30:00", look(shape))).conformance is NON_CONFORMANT


def test_once_the_job_has_ended_the_item_is_what_it_shows() -> None:
    after = [("11:00", DONE), ("11:01", look(PROTECTED, **RUNS))]
    assert around(after=after).conformance is NON_CONFORMANT


def test_what_shows_an_effect_is_judged() -> None:
    """Not one that a failover has."""
    committed = ("UnplannedFailoverCommitted", "InMageRcm", "Recovery", ["DisableProtection", "SwitchProtection"])
    found = around(("10:02", BEGUN), ("11:00", look(committed)))
    assert found.conformance is NON_CONFORMANT
