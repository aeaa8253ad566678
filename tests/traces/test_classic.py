"""Recordings of Classic: its failback is never cancelled nor reverted (R75), and what follows a failed one is open."""

from __future__ import annotations

from typing import Any

from asr_properties.contract.messages import Item
from asr_properties.traces.events import ItemSeen, JobSeen, TraceEvent
from asr_properties.traces.judging import judge
from asr_properties.traces.trace import Trace
from asr_properties.traces.trace_verdicts import Conformance, TraceVerdict


def look(phase: str, *allowed: str, **fields: Any) -> ItemSeen:
    seen = Item(phase=phase, profile_instance="InMage", allowed_operations=list(allowed), health="normal", **fields)
    return ItemSeen(item="a", observation=seen)


def cancel(state: str) -> JobSeen:
    return JobSeen(item="a", job="cancel", state=state, scenario="CancelFailover")


def verdict(*events: TraceEvent) -> TraceVerdict:
    (found,) = judge(Trace(source="a test", events=events, total=len(events)))
    assert found.profile == "classic"
    return found


FAILED_BACK = look("failed_back", "commit", "disable_replication")


def test_r75_a_phase_that_classic_does_not_have_departs():
    for phase in ("cancelling_failback", "reverting_failback", "failback_cancel_failed"):
        found = verdict(FAILED_BACK, look(phase))
        assert found.conformance is Conformance.NON_CONFORMANT
        assert found.divergence is not None
        assert found.divergence.requirements[0] == "R75"


def test_r75_a_cancel_that_succeeds_without_being_asked_for_departs():
    found = verdict(FAILED_BACK, cancel("succeeded"))
    assert found.divergence is not None
    assert found.divergence.requirements == ("R75",)


def test_a_cancel_that_fails_may_be_a_refusal_that_was_asked_for_before():
    assert verdict(FAILED_BACK, cancel("failed"), FAILED_BACK).conformance is not Conformance.NON_CONFORMANT


def test_a_member_of_a_group_need_not_list_reprotect():
    """Nothing in a recording tells of the group, nor when the failover ended (contract 15)."""
    found = verdict(look("failback_committed", "disable_replication"))
    assert found.conformance is not Conformance.NON_CONFORMANT
