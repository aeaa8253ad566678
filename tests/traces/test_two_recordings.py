"""The two real recordings are judged by the profiles of their items (facts 1.0, 5.12)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from asr_model import profiles
from asr_properties.traces.events import ItemSeen, Requested
from asr_properties.traces.formats import read_trace
from asr_properties.traces.judging import judge
from asr_properties.traces.trace_verdicts import Conformance, TraceVerdict
from traces.cassettes import PROTECTED, look
from traces.cassettes import ask as asked
from traces.changes import read_interactions

ITEM = "e685c4aa-93ed-11e7-b6a4-0050568f2e8f"


@pytest.fixture
def verdicts(session_record_file: Path) -> dict[str, TraceVerdict]:
    return {verdict.item: verdict for verdict in judge(read_trace(session_record_file))}


def test_the_modernized_recording_is_conformant(recording_file: Path) -> None:
    (verdict,) = judge(read_trace(recording_file))
    assert (verdict.profile, verdict.conformance) == ("modernized", Conformance.CONFORMANT), verdict.why


def test_the_classic_recording_has_three_items(verdicts: dict[str, TraceVerdict]) -> None:
    assert set(verdicts) == {ITEM, "V2ATest-rpi-v2avm1", "bbbec3ba-944f-11e7-b6a4-0050568f2e8f"}


def test_the_classic_recording_is_conformant(session_record_file: Path, verdicts: dict[str, TraceVerdict]) -> None:
    assert {verdict.profile for verdict in verdicts.values()} == {"classic"}
    assert {verdict.conformance for verdict in verdicts.values()} == {Conformance.CONFORMANT}, verdicts
    events = [event for event in read_trace(session_record_file).events if event.item == ITEM]
    assert [type(event) for event in events[:3]] == [ItemSeen, ItemSeen, ItemSeen]
    assert [str(event.operation) for event in events if isinstance(event, Requested)] == ["reprotect"]
    assert verdicts[ITEM].exercised["X09"] == 2  # the answer names the job, and the job its scenario


def test_a_classic_item_that_would_cancel_its_failback_departs(session_record_file: Path) -> None:
    """The item of the recording, with the operation that only the modernized stack has (R75)."""
    trace = read_trace(session_record_file)
    look = next(event for event in trace.events if event.item == ITEM)
    assert isinstance(look, ItemSeen)
    listed = [*(look.observation.allowed_operations or ()), "cancel_failover"]
    changed = replace(look, observation=look.observation.model_copy(update={"allowed_operations": listed}))
    (verdict,) = judge(replace(trace, events=(changed,), not_followed={}))
    assert (verdict.profile, verdict.conformance) == ("classic", Conformance.NON_CONFORMANT)


def test_a_given_profile_does_not_judge_items_of_another(recording_file: Path, session_record_file: Path) -> None:
    """`--profile` is for items that do not tell theirs."""
    (verdict,) = judge(read_trace(recording_file), "modernized")
    assert verdict.conformance is Conformance.CONFORMANT
    for classic in judge(read_trace(session_record_file), "modernized"):
        assert classic.conformance is Conformance.INCOMPLETE
        assert "not judged" in classic.why


class TestWhichProfile:
    """An item is judged by what its `instanceType`s tell, wherever they were seen."""

    def test_a_request_tells_it_too(self) -> None:
        """Reprotect of a machine that was never looked at: the input names the provider (facts 7.6)."""
        trace = read_interactions([asked("reProtect", "op-1", instanceType="InMageAzureV2")])
        (verdict,) = judge(trace)
        assert verdict.profile == "classic"

    def test_a_machine_that_changed_its_stack_is_not_judged(self) -> None:
        """Classic machines can be moved to the modernized stack (facts 2.12): no lifecycle here covers both."""
        forward = (PROTECTED[0], "InMageAzureV2", *PROTECTED[2:])
        (verdict,) = judge(read_interactions([look(forward), look(PROTECTED)]))
        assert verdict.conformance is Conformance.INCOMPLETE
        assert "its provider changed (instanceType InMageAzureV2, InMageRcm)" in verdict.why

    def test_where_nothing_tells_the_option_does(self) -> None:
        trace = read_interactions([asked("failoverCommit", "op-1")])
        assert [verdict.profile for verdict in judge(trace, "classic")] == ["classic"]
        assert [verdict.profile for verdict in judge(trace)] == [profiles.DEFAULT]
