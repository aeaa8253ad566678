"""The real recording agrees with the model; a changed copy does not, and is told at exactly the changed event.

In the recording (facts 1.2, trace B) enable is entry 26, the failover 108, the first look after it 131, the
reprotect 133, the planned failover 164, the removal 208.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from asr_properties.traces.events import ItemSeen, Requested
from asr_properties.traces.formats import read_trace
from asr_properties.traces.judging import judge
from asr_properties.traces.trace import Trace
from asr_properties.traces.trace_verdicts import Conformance, TraceVerdict
from traces.changes import Changed

ITEM = "cli-test-protected-item-V2ARCM-1"


@pytest.fixture(scope="module")
def trace(recording_file: Path) -> Trace:
    return read_trace(recording_file)


@pytest.fixture(scope="module")
def verdict(trace: Trace) -> TraceVerdict:
    (verdict,) = judge(trace)
    return verdict


def diverges_at(changed: Changed, number: int, *requirements: str) -> TraceVerdict:
    """Assert that a changed recording departs from the model at this entry, for these reasons among others."""
    verdict = changed.verdict()
    assert verdict.conformance is Conformance.NON_CONFORMANT
    assert verdict.divergence is not None
    assert verdict.divergence.event.number == number, verdict.why
    assert set(requirements) <= set(verdict.divergence.requirements)
    assert verdict.divergence.allowed
    assert verdict.divergence.before
    return verdict


def conforms(changed: Changed) -> TraceVerdict:
    verdict = changed.verdict()
    assert verdict.conformance is Conformance.CONFORMANT, verdict.why
    return verdict


class TestTheRecordingItself:
    def test_is_conformant(self, verdict: TraceVerdict) -> None:
        assert verdict.conformance is Conformance.CONFORMANT
        assert verdict.item == ITEM
        assert verdict.divergence is None
        assert verdict.phases == ("not_replicated",)
        assert verdict.gaps == ()

    def test_every_entry_is_followed_or_counted(self, trace: Trace, verdict: TraceVerdict) -> None:
        assert trace.total == 218
        followed = len({event.number for event in trace.events})
        assert followed == verdict.followed == 35
        assert trace.total == followed + sum(trace.skipped.values())
        assert all(count > 0 for count in trace.skipped.values())

    def test_its_requests_are_all_found(self, trace: Trace) -> None:
        asked = [(event.number, str(event.operation)) for event in trace.events if isinstance(event, Requested)]
        assert asked == [
            (26, "enable_replication"),
            (108, "fail_over"),
            (133, "reprotect"),
            (164, "planned_failover"),
            (208, "disable_replication"),
        ]

    def test_every_look_names_a_phase(self, trace: Trace) -> None:
        looks = [event for event in trace.events if isinstance(event, ItemSeen)]
        assert len(looks) == 20
        assert all(look.observation.phase for look in looks)
        assert trace.remarks == ()

    def test_exercises_what_it_shows(self, verdict: TraceVerdict) -> None:
        shown = {"R07", "R15", "R16", "R43", "R93", "R94", "X03", "X05", "X06", "X08", "X12"}
        assert shown <= set(verdict.exercised)
        assert all(count > 0 for count in verdict.exercised.values())

    def test_does_not_claim_what_it_lacks(self, verdict: TraceVerdict) -> None:
        """No drill, no commit, no change of the point, no cancel, no fault is in it."""
        absent = {"R38", "R40", "R59", "R61", "R66", "R70", "R78", "R80", "X04", "X07", "X13", "X14", "X18"}
        absent |= {"R23", "R32", "R37", "R39", "R49", "R50", "R51", "R60", "X02", "X19"}
        assert absent.isdisjoint(verdict.exercised)

    def test_is_judged_alike_every_time(self, trace: Trace, verdict: TraceVerdict) -> None:
        assert judge(trace) == [verdict]


class TestOrderOfOperations:
    def test_a_planned_failover_before_the_reprotect(self, recording: Changed) -> None:
        verdict = diverges_at(recording.move(164, to=133), 133, "R94")
        assert verdict.divergence is not None
        assert "planned_failover_needs_reverse_protection" in verdict.divergence.properties
        assert [possible.phase for possible in verdict.divergence.before] == ["failed_over"]
        assert "reprotect" in verdict.divergence.before[0].allows

    def test_a_failover_that_nobody_asked_for(self, recording: Changed) -> None:
        verdict = recording.drop(108).verdict()
        assert verdict.conformance is Conformance.INCOMPLETE
        assert verdict.why.startswith("fail_over is not in the recording: it must have been asked for after")

    def test_a_reprotect_that_nobody_asked_for(self, recording: Changed) -> None:
        verdict = recording.drop(133).verdict()
        assert verdict.conformance is Conformance.INCOMPLETE
        assert verdict.why.startswith("reprotect is not in the recording")

    def test_an_enable_of_an_item_that_is_there(self, recording: Changed) -> None:
        """It is accepted without effect (F17)."""
        conforms(recording.insert(97, recording[26], recording[82]))


class TestWhatTheItemShows:
    def test_commit_is_missing_after_the_failover(self, recording: Changed) -> None:
        verdict = diverges_at(recording.show(131, lambda p: p["allowedOperations"].remove("Commit")), 131, "X03")
        assert verdict.divergence is not None
        assert "failed_over_lists_its_operations" in verdict.divergence.properties

    def test_an_operation_too_many(self, recording: Changed) -> None:
        diverges_at(recording.show(163, lambda p: p["allowedOperations"].append("CancelFailover")), 163, "X05")

    def test_an_operation_missing_while_health_is_critical_is_free(self, recording: Changed) -> None:
        """Contract 7: with something wrong, only the forward failover must stay listed."""

        def change(properties: dict[str, object]) -> None:
            properties |= {"replicationHealth": "Critical", "allowedOperations": ["DisableProtection"]}

        conforms(recording.show(163, change))

    def test_failover_missing_while_health_is_critical_is_not(self, recording: Changed) -> None:
        def change(properties: dict[str, object]) -> None:
            properties |= {"replicationHealth": "Critical", "allowedOperations": ["DisableProtection"]}

        diverges_at(recording.show(95, change), 95)

    @pytest.mark.parametrize(
        ("number", "token"),
        [
            (83, "Protected"),
            (95, "UnplannedFailoverCommitPendingStatesBegin"),
            (131, "UnplannedFailoverCommitted"),
            (131, "Protected"),
            (159, "CommitPendingStatesBegin"),
        ],
    )
    def test_another_protection_state(self, recording: Changed, number: int, token: str) -> None:
        diverges_at(recording.show(number, lambda p: p.update(protectionState=token)), number)

    def test_another_site(self, recording: Changed) -> None:
        diverges_at(recording.show(131, lambda p: p.update(activeLocation="Primary")), 131, "X10")

    def test_another_provider(self, recording: Changed) -> None:
        def change(properties: dict[str, dict[str, object]]) -> None:
            properties["providerSpecificDetails"]["instanceType"] = "InMageRcm"

        diverges_at(recording.show(163, change), 163)

    def test_an_unknown_protection_state_is_not_guessed(self, recording: Changed) -> None:
        verdict = conforms(recording.show(131, lambda p: p.update(protectionState="SomethingNew")))
        assert any("entry 131" in gap and "SomethingNew" in gap for gap in verdict.gaps)

    def test_complete_migration_has_no_name_here(self, recording: Changed) -> None:
        conforms(recording.show(131, lambda p: p["allowedOperations"].remove("CompleteMigration")))

    def test_a_look_at_a_missing_item(self, recording: Changed) -> None:
        diverges_at(recording.status(131, 404), 131)


class TestCancellingTheFailover:
    """A failover to Azure cannot be cancelled (R76, R77); the request may be refused by letting its job fail."""

    CANCEL = "00000000-aaaa-bbbb-cccc-000000000001"

    def test_accepted_and_its_job_succeeds(self, recording: Changed) -> None:
        asked, succeeded = recording.cancel_failover(self.CANCEL), recording.poll(self.CANCEL, "Succeeded")
        verdict = diverges_at(recording.insert(111, asked).insert(113, succeeded), 111, "R76", "R77")
        assert "succeeded" in verdict.why

    def test_accepted_and_its_job_never_seen(self, recording: Changed) -> None:
        """Whoever followed every other job to its end had none to follow here."""
        verdict = diverges_at(recording.insert(111, recording.cancel_failover(self.CANCEL)), 111, "R76", "R77")
        assert "never seen to fail" in verdict.why

    def test_accepted_and_its_job_never_seen_to_end(self, recording: Changed) -> None:
        """It may have failed: a poll that is missing tells nothing."""
        asked, running = recording.cancel_failover(self.CANCEL), recording.poll(self.CANCEL, "InProgress")
        verdict = recording.insert(111, asked, running).verdict()
        assert verdict.conformance is Conformance.INCOMPLETE
        assert "how its job ended was not recorded" in verdict.why

    @pytest.mark.parametrize("end", ["Failed", "Canceled"])
    def test_accepted_and_its_job_fails(self, recording: Changed, end: str) -> None:
        asked, failed = recording.cancel_failover(self.CANCEL), recording.poll(self.CANCEL, end)
        verdict = conforms(recording.insert(111, asked).insert(120, failed))
        (refused,) = verdict.refused
        assert refused.event.number == 111
        assert {"R76", "R77"} <= set(refused.requirements)
        assert {"R76", "R77"} <= set(verdict.exercised)

    @pytest.mark.parametrize("status", [400, 404, 409])
    def test_refused_at_once(self, recording: Changed, status: int) -> None:
        asked = recording.cancel_failover(self.CANCEL)
        verdict = conforms(recording.insert(111, asked).status(111, status))
        assert {"R76", "R77"} <= set(verdict.exercised)

    def test_after_the_failover_it_is_as_wrong(self, recording: Changed) -> None:
        asked, succeeded = recording.cancel_failover(self.CANCEL), recording.poll(self.CANCEL, "Succeeded")
        diverges_at(recording.insert(132, asked, succeeded), 132, "R76", "R77")

    def test_at_the_very_end_of_a_recording_nothing_is_concluded(self, recording: Changed) -> None:
        """The job may still fail: what became of the request is not in the recording."""
        cut = recording.drop(*range(112, 219)).insert(112, recording.cancel_failover(self.CANCEL))
        verdict = cut.verdict()
        assert verdict.conformance is Conformance.INCOMPLETE
        assert "entry 112" in verdict.why


class TestAnswers:
    def test_disable_refused_though_listed(self, recording: Changed) -> None:
        diverges_at(recording.status(208, 409), 208, "X12", "X21")

    def test_a_reprotect_refused_and_done_all_the_same(self, recording: Changed) -> None:
        diverges_at(recording.status(133, 409), 159)

    def test_a_throttled_request_says_nothing(self, recording: Changed) -> None:
        conforms(recording.insert(208, recording[208]).status(208, 429))

    def test_a_failover_whose_job_failed_and_that_is_done(self, recording: Changed) -> None:
        diverges_at(recording.answer(130, lambda body: body.update(status="Failed")), 131)
