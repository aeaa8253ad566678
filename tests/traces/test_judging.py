"""Verdicts on small traces: what is concluded, what is left open, what is told."""

from __future__ import annotations

from dataclasses import replace
from itertools import zip_longest
from typing import Any

import pytest

from asr_model import profiles
from asr_model.vocabulary import Answer, Operation
from asr_properties.contract.messages import Item
from asr_properties.traces import follower as following
from asr_properties.traces import lookahead
from asr_properties.traces.events import ItemSeen, JobSeen, Requested, TraceEvent
from asr_properties.traces.formats import read_trace
from asr_properties.traces.golden import golden_traces
from asr_properties.traces.judging import judge
from asr_properties.traces.trace import Trace
from asr_properties.traces.trace_verdicts import Conformance, TraceVerdict, conclusion

CONFORMANT, NON_CONFORMANT, INCOMPLETE = Conformance


def ask(operation: str, job: str | None = None, /, answer: str = "accepted", **arguments: Any) -> Requested:
    told = tuple(arguments.items())
    return Requested(item="a", operation=Operation(operation), arguments=told, answer=Answer(answer), job=job)


def look(phase: str | None = None, item: str = "a", **fields: Any) -> ItemSeen:
    return ItemSeen(item=item, observation=Item(phase=phase, **fields))


def job(name: str, state: str) -> JobSeen:
    return JobSeen(item="a", job=name, state=state)


def verdict(*events: TraceEvent) -> TraceVerdict:
    """The verdict on events of which each came so soon after the one before that no request elsewhere explains it."""
    timed = tuple(replace(event, at=n / 10) for n, event in enumerate(events))
    (found,) = judge(Trace(source="a test", profile="modernized", events=timed, total=len(events)))
    return found


def diverges_at(index: int, *events: TraceEvent) -> TraceVerdict:
    found = verdict(*events)
    assert found.conformance is NON_CONFORMANT
    assert found.divergence is not None
    assert found.divergence.event == replace(events[index], at=index / 10), found.why
    return found


def _blamed(found: TraceVerdict) -> str:
    assert found.divergence is not None
    return found.divergence.requirements[0]


class TestNothingToJudgeBy:
    def test_no_items_is_no_pass(self) -> None:
        assert judge(Trace(source="a test")) == []
        assert conclusion([]) is INCOMPLETE

    def test_looks_that_show_nothing(self) -> None:
        found = verdict(look(), look())
        assert (found.conformance, found.exercised) == (INCOMPLETE, {})
        assert "nothing was recorded" in found.why

    def test_one_verdict_decides_or_leaves_open(self) -> None:
        good, bad, unknown = (TraceVerdict(item="x", conformance=c, exercised={}) for c in Conformance)
        assert conclusion([good, good]) is CONFORMANT
        assert conclusion([good, unknown]) is INCOMPLETE
        assert conclusion([good, unknown, bad]) is NON_CONFORMANT

    def test_an_unknown_profile(self) -> None:
        with pytest.raises(profiles.UnknownProfile):
            judge(Trace(source="a test"), "baroque")

    def test_too_many_explanations_are_given_up_and_not_passed(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(following, "MOST_EXPLANATIONS", 2000)
        found = verdict(*(ask("reprotect", f"j{n}") for n in range(10)))
        assert found.conformance is INCOMPLETE
        assert "given up" in found.why


class TestRefusals:
    def test_a_rightful_refusal_is_told_with_its_reason(self) -> None:
        found = verdict(look("protected"), ask("cancel_failover", answer="refused"), look("protected"))
        assert found.conformance is CONFORMANT
        assert [set(refused.requirements) for refused in found.refused] == [{"R76", "R77"}]

    def test_a_refusal_that_nothing_allows(self) -> None:
        found = diverges_at(1, look("failed_back"), ask("cancel_failover", answer="refused"))
        assert found.divergence is not None
        assert "R59" in found.divergence.requirements
        assert [p.phase for p in found.divergence.before] == ["failed_back"]
        assert "cancel_failover" in found.divergence.before[0].allows

    def test_accepted_and_failed_with_the_item_unchanged_is_a_refusal(self) -> None:
        events = (look("failed_over"), ask("planned_failover", "j"), look("failed_over"), job("j", "failed"))
        found = verdict(*events)
        assert found.conformance is CONFORMANT
        assert len(found.refused) == 1

    @pytest.mark.parametrize("job_id", ["j", None])
    def test_accepted_and_its_job_was_not_seen_to_end(self, job_id: str | None) -> None:
        """A poll that is missing tells nothing: the job may have failed, and the item goes on as before."""
        for then in (look("failed_over"), ask("reprotect", "k")):
            found = verdict(look("failed_over"), ask("planned_failover", job_id), then)
            assert found.conformance is INCOMPLETE
            assert "how its job ended was not recorded" in found.why

    @pytest.mark.parametrize("without", ["", "followed", "named", "rest"])
    def test_accepted_and_nothing_of_its_job_where_every_other_was_followed(self, without: str) -> None:
        """There was none to follow, if three or more others were followed to their ends, and the item is at rest."""
        drill = (ask("test_failover", "d"), job("d", "succeeded"), ask("clean_up_test_failover", "c"))
        over = (ask("fail_over", None if without == "named" else "f"), job("f", "succeeded"), look("failed_over"))
        ends = () if without == "followed" else (job("c", "succeeded"),)
        rest = () if without == "rest" else (look("failed_over"),)
        events = (look("protected"), *drill, *ends, *over, ask("planned_failover", "j"), *rest)
        if without:
            assert verdict(*events).conformance is not NON_CONFORMANT
        else:
            assert "never seen to fail" in diverges_at(len(events) - 2, *events).why

    def test_accepted_and_its_job_succeeded_is_none(self) -> None:
        diverges_at(1, look("failed_over"), ask("planned_failover", "j"), look("failed_over"), job("j", "succeeded"))

    def test_accepted_and_done_is_none(self) -> None:
        """What it leads to tells, without its job."""
        diverges_at(2, look("failed_over"), ask("planned_failover", "j"), look("failed_back"))

    def test_an_acceptance_ruled_out_later_is_told_where_it_is(self) -> None:
        """From an unknown phase the cancel may well be accepted; what comes of it cannot be a forward failover."""
        asked, done = ask("cancel_failover", "j"), job("j", "succeeded")
        assert verdict(asked, look("failed_over")).conformance is INCOMPLETE
        found = diverges_at(1, asked, look("failed_over"), done)
        assert "cancel_failover" in found.why

    def test_what_departs_was_not_refused_rightly(self) -> None:
        found = diverges_at(1, look("failed_back"), ask("cancel_failover", answer="refused"))
        assert (found.refused, found.refusals) == ((), 0)

    def test_what_may_be_refused_or_not_stays_open(self) -> None:
        found = verdict(look("reverse_protected"), ask("planned_failover", "j", recovery_point_type="app_consistent"))
        assert found.divergence is None
        assert {"reverse_protected", "failing_back"} == set(found.phases)


class TestRecoveryPoints:
    def test_an_id_that_is_accepted_is_listed(self) -> None:
        change = ask("change_recovery_point", "j", recovery_point="p")
        assert verdict(look("failed_over"), change, job("j", "succeeded")).exercised["R37"] >= 1

    @pytest.mark.parametrize("operation", ["fail_over", "test_failover"])
    def test_an_id_that_is_refused_need_not_be(self, operation: str) -> None:
        assert verdict(look("protected"), ask(operation, answer="refused", recovery_point="p")).divergence is None

    def test_a_change_whose_job_fails_is_a_refusal(self) -> None:
        change = ask("change_recovery_point", "j", recovery_point="p")
        assert verdict(look("failed_over"), change, job("j", "failed"), look("failed_over")).divergence is None

    def test_a_failover_whose_job_fails_leaves_it_failed_or_as_it_was(self) -> None:
        asked = ask("fail_over", "j", recovery_point="p", shut_down_source=False)
        for phase in ("failover_failed", "protected"):
            assert verdict(look("protected"), asked, job("j", "failed"), look(phase)).divergence is None
        diverges_at(3, look("protected"), asked, job("j", "failed"), look("failed_over"))

    def test_the_point_in_use_may_be_chosen_again(self) -> None:
        shown = look("failed_over", failover_recovery_point="p")
        change = ask("change_recovery_point", "j", recovery_point="p")
        assert verdict(shown, change, job("j", "succeeded"), shown).divergence is None


class TestCancellingAJob:
    FAIL_OVER = ask("fail_over", "j", recovery_point="latest", shut_down_source=True)

    def test_a_cancelled_failover_is_aborted(self) -> None:
        cancel = ask("cancel_job", job="j")
        good = (look("protected"), self.FAIL_OVER, cancel, job("j", "cancelled"), look("failover_aborted"))
        found = verdict(*good)
        assert found.conformance is CONFORMANT
        assert "R33" in found.exercised
        assert "R34" not in found.exercised  # nothing was seen of replication
        seen = verdict(
            *good[:-1], look("failover_aborted", replicating="none", allowed_operations=["disable_replication"])
        )
        assert {"R33", "R34"} <= set(seen.exercised)

    def test_it_does_not_complete(self) -> None:
        cancel = ask("cancel_job", job="j")
        done = (look("protected"), self.FAIL_OVER, cancel, job("j", "cancelled"))
        diverges_at(4, *done, look("failed_over"))
        found = diverges_at(5, *done, look("failover_aborted"), look("failed_over"))
        assert _blamed(found) == "R33"

    def test_a_job_that_has_ended_cannot_be_cancelled(self) -> None:
        ended = (look("protected"), self.FAIL_OVER, job("j", "succeeded"), look("failed_over"))
        assert verdict(*ended, ask("cancel_job", answer="refused", job="j")).divergence is None
        diverges_at(4, *ended, ask("cancel_job", job="j"))

    def test_a_job_from_before_the_recording_can(self) -> None:
        assert verdict(ask("cancel_job", job="j"), look("failover_aborted")).divergence is None

    def test_a_job_whose_request_told_no_id_can(self) -> None:
        asked = ask("fail_over", recovery_point="latest", shut_down_source=True)
        found = verdict(look("protected"), asked, ask("cancel_job", job="j"), look("failover_aborted"))
        assert found.divergence is None


class TestADrill:
    def test_leaves_the_active_site_alone(self) -> None:
        home = {"active_site": "on_premises", "drill": "drill_awaiting_cleanup"}
        drill = (look("protected"), ask("test_failover", "j", recovery_point="latest"), job("j", "succeeded"))
        found = diverges_at(4, *drill, look("protected", **home), look("protected", **home | {"active_site": "azure"}))
        assert _blamed(found) == "X13"


class TestHealth:
    def test_normal_health_makes_the_list_exact(self) -> None:
        shown = look("reverse_protected", allowed_operations=["disable_replication"], health="normal", current_job=None)
        diverges_at(0, shown)

    @pytest.mark.parametrize("health", ["none", None, "warning", "critical"])
    @pytest.mark.parametrize(
        ("phase", "missing", "rule"),
        [
            ("failed_over", "commit", "R39"),
            ("failed_over", "change_recovery_point", "R37"),
            ("failed_over", "disable_replication", "X12"),
            ("failed_back", "cancel_failover", "R61"),
        ],
    )
    def test_it_excuses_nothing_that_it_has_no_say_in(
        self, phase: str, missing: str, rule: str, health: str | None
    ) -> None:
        """Only what its surroundings may hinder may be missing, where they are bad and where an item that does not
        replicate has no health."""
        whole = {
            "failed_over": ["commit", "change_recovery_point", "reprotect", "disable_replication"],
            "failed_back": ["commit", "cancel_failover", "reprotect", "disable_replication"],
        }[phase]
        shown = [look(phase, allowed_operations=[w for w in whole if w != one], health=health) for one in ("", missing)]
        assert verdict(shown[0]).divergence is None
        assert rule in diverges_at(0, shown[1]).divergence.requirements  # type: ignore[union-attr]
        hindered = [word for word in whole if word != "reprotect"]
        assert verdict(look(phase, allowed_operations=hindered, health=health)).divergence is None

    @pytest.mark.parametrize("health", ["warning", "critical", None])
    def test_otherwise_operations_may_be_missing(self, health: str | None) -> None:
        shown = look("reverse_protected", allowed_operations=["disable_replication"], health=health)
        assert verdict(shown).divergence is None

    def test_modernized_lists_reprotect_whatever_is_not_seen(self) -> None:
        """Only Classic waits for its agent, and refuses it to a member of a group (contract 15)."""
        shown = {"allowed_operations": ["disable_replication"], "health": "normal"}
        found = diverges_at(0, look("failover_committed", profile_instance="InMageRcm", **shown))
        assert _blamed(found) == "R93"
        classic = look("failover_committed", profile_instance="InMageAzureV2", **shown)
        assert verdict(classic).divergence is None

    def test_a_failover_that_failed_may_look_healthy(self) -> None:
        """Normal health says nothing about faults of the failover's own tasks."""
        asked = ask("fail_over", "j", recovery_point="latest", shut_down_source=False)
        after = look("protected", health="normal", drill="no_drill")
        assert verdict(look("protected"), asked, job("j", "failed"), after).divergence is None


def test_a_lifecycle_that_is_told_too_late_is_not_judged(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is read ahead does not tell it, and it is followed by another one until it does."""
    told = look("protected", profile_instance="InMageAzureV2")
    assert verdict(look("protected"), told).profile == "classic"
    monkeypatch.setattr(lookahead, "LOOK_AHEAD", 1)
    found = verdict(*[look("protected")] * 5, told)
    assert found.conformance is INCOMPLETE
    assert "it shows late that it is of the classic profile" in found.why


def test_items_are_judged_apart() -> None:
    events = (look("failed_over"), look("protected", item="b"), look("failed_over"), look("protected", item="b"))
    assert [(v.item, v.followed) for v in judge(Trace(source="a test", profile="modernized", events=events))] == [
        ("a", 2),
        ("b", 2),
    ]


def test_items_side_by_side_are_judged_as_each_alone() -> None:
    """What is worked out for one item serves the next; what it believes, and what it has exercised, is its own."""
    whole = tuple(read_trace(golden_traces()[1]).events)
    departs = [event for event in whole if not (isinstance(event, Requested) and event.operation == "fail_over")]
    lives = {"whole": whole, "departs": departs, "half": whole[: len(whole) // 2], "again": whole}
    items = {name: [replace(event, item=name) for event in events] for name, events in lives.items()}
    mixed = [event for turn in zip_longest(*items.values()) for event in turn if event is not None]
    alone = [judge(Trace(source="", events=tuple(events)))[0] for events in items.values()]
    assert judge(Trace(source="", events=tuple(mixed))) == alone
    assert len({one.conformance for one in alone}) > 1


def test_the_current_job_of_a_trace_that_begins_in_the_middle() -> None:
    running = look("failing_over", current_job="j")
    assert verdict(running, job("j", "succeeded"), look("failed_over", current_job=None)).divergence is None
