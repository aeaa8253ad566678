"""The two golden traces are conformant; changed, they are told at exactly the changed line."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from asr_model.vocabulary import Answer, Operation
from asr_properties.contract.messages import Item
from asr_properties.traces.events import ItemSeen, JobSeen, Requested, TraceEvent
from asr_properties.traces.formats import read_trace
from asr_properties.traces.golden import golden_traces
from asr_properties.traces.judging import judge
from asr_properties.traces.trace import Trace
from asr_properties.traces.trace_verdicts import Conformance, TraceVerdict

A, B = golden_traces()


@pytest.fixture(params=[A, B], ids=["A", "B"])
def trace(request: pytest.FixtureRequest) -> Trace:
    return read_trace(request.param)


def verdict_on(trace: Trace, events: list[TraceEvent]) -> TraceVerdict:
    (verdict,) = judge(replace(trace, events=tuple(events)))
    return verdict


def line_of_divergence(trace: Trace, events: list[TraceEvent]) -> int:
    verdict = verdict_on(trace, events)
    assert verdict.conformance is Conformance.NON_CONFORMANT
    assert verdict.divergence is not None
    return verdict.divergence.event.number


def at(events: list[TraceEvent], number: int) -> int:
    """The index of the event on this line."""
    return next(index for index, event in enumerate(events) if event.number == number)


def shown(events: list[TraceEvent], number: int, **fields: Any) -> list[TraceEvent]:
    """The events, with other fields in the look on this line."""
    index = at(events, number)
    look = events[index]
    assert isinstance(look, ItemSeen)
    told = look.observation.model_dump(exclude_unset=True) | fields
    return [*events[:index], replace(look, observation=Item.model_validate(told)), *events[index + 1 :]]


def test_each_is_conformant(trace: Trace) -> None:
    verdict = verdict_on(trace, list(trace.events))
    assert verdict.conformance is Conformance.CONFORMANT, verdict.why
    assert verdict.followed == verdict.events == len(list(trace.events))
    assert trace.source.startswith("golden trace")


def test_trace_a_cancels_and_fails_back_again() -> None:
    verdict = verdict_on(read_trace(A), list(read_trace(A).events))
    shown_only_here = {"R38", "R39", "R41", "R59", "R60", "R61", "R65", "R70", "R74", "X07", "X14"}
    assert shown_only_here <= set(verdict.exercised)
    assert "reprotecting_to_azure" in verdict.phases
    assert any("line 18: how the job of reprotect ended was not recorded" in gap for gap in verdict.gaps)


def test_trace_b_reprotects_without_a_commit() -> None:
    verdict = verdict_on(read_trace(B), list(read_trace(B).events))
    assert {"X05", "X06", "X08", "R92", "R93", "R94"} <= set(verdict.exercised)
    assert verdict.phases == ("not_replicated",)
    assert verdict.gaps == ()


def test_what_was_not_recorded_may_be_left_out(trace: Trace) -> None:
    """Without the looks or without the ends of jobs there is less to judge by, and nothing else."""
    for kind in (ItemSeen, JobSeen):
        verdict = verdict_on(trace, [event for event in trace.events if not isinstance(event, kind)])
        assert verdict.conformance is Conformance.CONFORMANT, verdict.why


def test_every_tail_is_conformant(trace: Trace) -> None:
    """A trace may begin in the middle; what too short a tail shows may be too little to judge by."""
    events = list(trace.events)
    for start in range(len(events)):
        verdict = verdict_on(trace, events[start:])
        assert verdict.conformance is not Conformance.NON_CONFORMANT, (start, verdict.why)


class TestChangedTraceA:
    def events(self) -> list[TraceEvent]:
        return list(read_trace(A).events)

    def test_commit_twice(self) -> None:
        events = self.events()
        again = replace(events[at(events, 7)], job="again", number=100)
        ended = JobSeen(item="vm-a", job="again", state="succeeded", number=101)
        events[at(events, 9) + 1 : at(events, 9) + 1] = [again, ended]
        assert line_of_divergence(read_trace(A), events) == 100

    def test_change_of_the_point_after_commit(self) -> None:
        events = self.events()
        change = Requested(
            item="vm-a",
            operation=Operation.CHANGE_RECOVERY_POINT,
            arguments=(("recovery_point", "p"),),
            job="c",
            number=100,
        )
        events[at(events, 10) : at(events, 10)] = [change, JobSeen(item="vm-a", job="c", state="succeeded")]
        verdict = verdict_on(read_trace(A), events)
        assert verdict.divergence is not None
        assert verdict.divergence.event.number == 100
        assert {"R38", "X03"} <= set(verdict.divergence.requirements)

    def test_cancel_is_refused(self) -> None:
        events = self.events()
        index = at(events, 14)
        events[index] = replace(events[index], answer=Answer.REFUSED)
        verdict = verdict_on(read_trace(A), events)
        assert verdict.divergence is not None
        assert verdict.divergence.event.number == 14
        assert "R59" in verdict.divergence.requirements

    def test_cancel_leaves_the_item_on_premises(self) -> None:
        changed = shown(self.events(), 15, active_site="on_premises")
        assert line_of_divergence(read_trace(A), changed) == 15

    def test_no_planned_failover_after_the_cancel(self) -> None:
        changed = shown(self.events(), 15, allowed_operations=["disable_replication"])
        assert line_of_divergence(read_trace(A), changed) == 15

    def test_a_failover_after_a_drill_that_may_have_failed(self) -> None:
        """That of a drill whose job is not seen to end; it may have failed at once and left none (F13)."""
        events = self.events()
        del events[at(events, 3) : at(events, 5)]
        verdict = verdict_on(read_trace(A), events)
        assert verdict.divergence is None
        assert "line 2: how the job of test_failover ended was not recorded" in verdict.gaps

    def test_a_failover_whose_job_succeeds_while_the_drill_awaits_its_cleanup(self) -> None:
        events = self.events()
        events[at(events, 3)] = JobSeen(item="vm-a", job="a1", state="succeeded", number=3)
        events[at(events, 4)] = replace(events[at(events, 6)], observation=Item(drill="drill_awaiting_cleanup"))
        verdict = verdict_on(read_trace(A), events)
        assert verdict.divergence is not None
        assert verdict.divergence.event.number == 6  # its job was not seen to end; that it was done is seen here
        assert "X15" in verdict.divergence.requirements


class TestChangedTraceB:
    def events(self) -> list[TraceEvent]:
        return list(read_trace(B).events)

    def test_planned_failover_before_the_reprotect(self) -> None:
        events = self.events()
        planned = events.pop(at(events, 16))
        events.insert(at(events, 12), planned)
        assert line_of_divergence(read_trace(B), events) == 16

    @pytest.mark.parametrize(
        ("line", "fields"),
        [
            (5, {"phase": "protected"}),
            (7, {"allowed_operations": ["disable_replication"]}),
            (11, {"allowed_operations": ["disable_replication", "change_recovery_point", "reprotect"]}),
            (11, {"active_site": "on_premises"}),
            (14, {"profile_instance": "InMageRcm"}),
            (15, {"phase": "failed_back"}),
            (15, {"current_job": "b9"}),
        ],
    )
    def test_another_look(self, line: int, fields: dict[str, Any]) -> None:
        assert line_of_divergence(read_trace(B), shown(self.events(), line, **fields)) == line
