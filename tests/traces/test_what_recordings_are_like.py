"""Recordings start anywhere, have gaps, interleave items and vaults, poll, retry, and end early."""

from __future__ import annotations

import copy
import json
import re
import tracemalloc
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from asr_model import profiles
from asr_properties.traces import lookahead
from asr_properties.traces.events import ItemSeen, JobSeen, Requested, TraceEvent
from asr_properties.traces.formats import read_trace
from asr_properties.traces.golden import golden_traces
from asr_properties.traces.judging import judge
from asr_properties.traces.trace import Trace
from asr_properties.traces.trace_verdicts import Conformance, TraceVerdict
from traces.changes import Changed, read_interactions
from traces.test_judging import ask, job, look

ITEM = "cli-test-protected-item-V2ARCM-1"
CONFORMANT, NON_CONFORMANT, INCOMPLETE = Conformance


def interleaved(first: list[dict[str, Any]], second: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """One of each in turn."""
    return [one for pair in zip(first, second, strict=True) for one in pair]


def moved(interactions: list[dict[str, Any]], old: str, new: str) -> list[dict[str, Any]]:
    """The interactions with one text in place of another, everywhere and whatever its case in addresses."""
    text = json.dumps(interactions).replace(old, new).replace(old.upper(), new).replace(old.lower(), new)
    changed: list[dict[str, Any]] = json.loads(text)
    return changed


def vault_of(interactions: list[dict[str, Any]]) -> str:
    """The vault of the item, from the request that enables it."""
    return str(interactions[25]["request"]["uri"].split("/vaults/")[1].split("/")[0])


def with_own_operations(interactions: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The interactions with other ids of operations, as another item has them."""
    text = json.dumps(interactions)
    for found in set(re.findall(r"replicationOperationStatus/([0-9a-f-]{36})", text)):
        text = text.replace(found, f"ffffffff{found[8:]}")
    changed: list[dict[str, Any]] = json.loads(text)
    return changed


class TestSeveralItems:
    def test_two_items_of_one_name_in_two_vaults(self, recording: Changed) -> None:
        """Their operations may even have the same ids."""
        here = recording.interactions
        there = moved(here, vault_of(here), "another-vault")
        verdicts = judge(read_interactions(interleaved(here, there)))
        assert [(v.conformance, v.followed) for v in verdicts] == [(CONFORMANT, 35)] * 2
        assert sorted(v.item.partition("/")[0] for v in verdicts) == sorted([vault_of(here).lower(), "another-vault"])

    def test_one_that_departs_does_not_spoil_the_other(self, recording: Changed) -> None:
        here = copy.deepcopy(recording.interactions)
        there = with_own_operations(moved(here, ITEM, "another-vm"))
        there[107]["request"]["uri"] = "https://example.net/"  # its failover was not recorded
        verdicts = {v.item: v for v in judge(read_interactions(interleaved(here, there)))}
        assert verdicts[ITEM].conformance is CONFORMANT
        assert verdicts["another-vm"].conformance is INCOMPLETE

    def test_each_item_is_judged_by_its_own_profile(self) -> None:
        other = look("protected", item="b", profile_instance="InMageRcm")
        trace = Trace(source="", profile="modernized", events=(look("protected", profile_instance="InMageRcm"), other))
        assert [v.profile for v in judge(trace)] == ["modernized"] * 2

    def test_an_item_whose_provider_changes_to_one_of_another_profile(self, recording: Changed) -> None:
        """A machine that was moved from classic to modernized is nothing that one lifecycle covers (facts 2.12)."""

        def change(properties: dict[str, Any]) -> None:
            properties["providerSpecificDetails"]["instanceType"] = "A2A"

        trace = recording.show(83, change).trace()
        assert trace.items == ()
        (verdict,) = judge(trace)
        assert verdict.conformance is INCOMPLETE
        assert "A2A" in verdict.why


class TestBeginningsAndEnds:
    @pytest.mark.parametrize("start", [30, 82, 90, 100, 109, 120, 131, 140, 160, 164])
    def test_a_recording_that_starts_in_the_middle(self, recording: Changed, start: int) -> None:
        (verdict,) = judge(recording.drop(*range(1, start)).trace(), "modernized")
        assert verdict.conformance is CONFORMANT, verdict.why
        assert "the recording begins in the middle of the item's life" in verdict.gaps

    @pytest.mark.parametrize("end", [26, 50, 82, 95, 108, 120, 131, 133, 150, 163, 164, 180, 208])
    def test_a_recording_that_ends_early(self, recording: Changed, end: int) -> None:
        verdict = recording.drop(*range(end + 1, 219)).verdict()
        assert verdict.divergence is None
        assert verdict.phases

    def test_the_job_that_was_not_seen_to_end_is_a_gap(self, recording: Changed) -> None:
        verdict = recording.drop(*range(110, 219)).verdict()
        assert verdict.gaps == ("entry 108: how the job of fail_over ended was not recorded",)

    def test_it_starts_from_every_state_that_fits_the_first_look(self) -> None:
        (verdict,) = judge(
            Trace(source="", profile="modernized", events=(look(None, profile_instance="InMageRcmFailback"),))
        )
        forward = {phase for phase, facts in profiles.efsm().phases.items() if facts.instance == "InMageRcm"}
        reverse = {phase for phase, facts in profiles.efsm().phases.items() if facts.instance == "InMageRcmFailback"}
        assert reverse <= set(verdict.phases)
        assert not forward & set(verdict.phases)


class TestGaps:
    @pytest.mark.parametrize("trace", golden_traces(), ids=["A", "B"])
    def test_looks_may_be_missing(self, trace: Any) -> None:
        events = [event for event in read_trace(trace).events if not isinstance(event, ItemSeen)]
        (verdict,) = judge(Trace(source="", profile="modernized", events=tuple(events)))
        assert verdict.conformance is CONFORMANT, verdict.why

    @pytest.mark.parametrize("trace", golden_traces(), ids=["A", "B"])
    def test_a_request_may_not(self, trace: Any) -> None:
        """An operation that changes the phase and was not recorded leaves the verdict open: there was time between the
        looks. That its job was polled tells nothing of when it was asked for."""
        events = list(read_trace(trace).events)
        asked = next(event for event in events if isinstance(event, Requested) and event.operation == "fail_over")
        (verdict,) = judge(
            Trace(source="", profile="modernized", events=tuple(event for event in events if event is not asked))
        )
        assert verdict.conformance is INCOMPLETE
        assert verdict.divergence is not None
        assert verdict.divergence.nearest is not None
        assert verdict.divergence.nearest.steps[0].startswith("fail_over(")


class TestPollsAndRetries:
    def test_every_poll_twice(self, recording: Changed) -> None:
        doubled = [one for entry in recording.interactions for one in ([entry] * 2 if _is_get(entry) else [entry])]
        verdicts = judge(read_interactions(doubled))
        assert [v.conformance for v in verdicts] == [CONFORMANT]

    @pytest.mark.parametrize("status", [408, 429, 500, 502, 503])
    def test_a_request_that_was_retried(self, recording: Changed, status: int) -> None:
        for number in (208, 164, 133, 108, 26):
            recording.insert(number, recording[number]).status(number, status)
        verdict = recording.verdict()
        unanswered = 0 if status == 429 else 5
        assert (verdict.conformance, verdict.followed) == (CONFORMANT, 35 + unanswered)
        assert len(verdict.gaps) == unanswered

    def test_polls_that_failed(self, recording: Changed) -> None:
        failed = copy.deepcopy(recording[109])
        failed["response"]["status"]["code"] = 503
        failed["response"]["body"]["string"] = "<html>"
        assert recording.insert(110, failed).verdict().conformance is CONFORMANT


class TestLongRecordings:
    def test_how_a_job_ended_is_looked_up_within_the_bound(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Beyond it an end counts as one that was not seen: no false blame."""
        asked = (look("failed_over"), ask("planned_failover", "j"))
        far = tuple(look("failed_over") for _ in range(30))
        monkeypatch.setattr(lookahead, "LOOK_AHEAD", 10)
        (verdict,) = judge(
            Trace(source="", profile="modernized", events=(*asked, *far, job("j", "failed"), look("failed_over")))
        )
        assert verdict.divergence is None, verdict.why
        (verdict,) = judge(Trace(source="", profile="modernized", events=(*asked, job("j", "succeeded"), *far)))
        assert verdict.conformance is NON_CONFORMANT

    def test_memory_does_not_depend_on_the_length(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(lookahead, "LOOK_AHEAD", 200)
        lives = tuple(read_trace(golden_traces()[1]).events)

        def events(count: int) -> Iterator[TraceEvent]:
            for number in range(count):
                life, place = divmod(number, len(lives))
                event = lives[place]
                yield replace(event, job=f"{event.job} {life}") if isinstance(event, Requested | JobSeen) else event

        def most(count: int) -> int:
            tracemalloc.start()
            (verdict,) = judge(Trace(source="", profile="modernized", events=events(count)))
            found = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
            assert (verdict.conformance, verdict.events) == (CONFORMANT, count)
            return found

        most(2_000)  # what is worked out once and kept is not counted
        assert most(16_000) < 1.2 * most(4_000)

    def test_what_is_told_one_by_one_is_bounded(self) -> None:
        refused = [ask("cancel_failover", answer="refused") for _ in range(500)]
        (verdict,) = judge(Trace(source="", profile="modernized", events=(look("protected"), *refused)))
        assert (len(verdict.refused), verdict.refusals) == (100, 500)
        assert verdict.exercised["R76"] >= 500


def _is_get(interaction: dict[str, Any]) -> bool:
    return bool(interaction["request"]["method"] == "GET")


def test_verdicts_come_in_the_order_the_items_appear() -> None:
    events = tuple(look("protected", item=name) for name in ("c", "a", "b", "a"))
    verdicts: list[TraceVerdict] = judge(Trace(source="", profile="modernized", events=events))
    assert [(v.item, v.events) for v in verdicts] == [("c", 1), ("a", 2), ("b", 1)]
