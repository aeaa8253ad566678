"""Recorded lists of recovery points tell where an item is, and which of its lives and failovers a point is of."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from asr_properties.traces.judging import judge
from asr_properties.traces.trace_verdicts import Conformance, TraceVerdict
from traces.cassettes import FAILED_BACK, FAILED_OVER, ITEM, PROTECTED, REVERSE_PROTECTED, ask, interaction, look, poll
from traces.changes import read_interactions
from traces.formats import dated

CONFORMANT, NON_CONFORMANT, INCOMPLETE = Conformance
Entry = dict[str, Any]
COMMITTED = ("UnplannedFailoverCommitted", "InMageRcm", "Recovery", ["SwitchProtection", "DisableProtection"])
INITIAL = ("InitialReplicationInProgress", "InMageRcm", "Primary", ["DisableProtection"])
AWAITING = ("InitialReplicationRecoveryCompletionPending", "InMageRcm", "Primary", ["DisableProtection"])
REVERSE_INITIAL = ("InitialReplicationInProgress", "InMageRcmFailback", "Primary", ["DisableProtection"])


def verdict(*timed: tuple[float, Entry]) -> TraceVerdict:
    """The verdict on these, each so many minutes after three o'clock."""
    (found,) = judge(read_interactions([dated(f"{when(minute):%a, %d %b %Y %H:%M:%S} GMT", e) for minute, e in timed]))
    return found


def when(minute: float) -> datetime:
    return datetime.fromtimestamp(datetime(2023, 8, 26, 3, tzinfo=UTC).timestamp() + 60 * minute, UTC)


def points(**made: float) -> Entry:
    """A list of recovery points: when each was made, in minutes after three o'clock."""
    listed = [{"name": n, "properties": {"recoveryPointTime": when(at).isoformat()}} for n, at in made.items()]
    return interaction("GET", f"{ITEM}/recoveryPoints", answer={"value": listed})


def done(minute: float, action: str, job: str, **details: Any) -> list[tuple[float, Entry]]:
    """A request, and a minute later its job that has succeeded."""
    return [(minute, ask(action, job, **details)), (minute + 1, poll(job, "Succeeded"))]


def departs(found: TraceVerdict, requirement: str) -> bool:
    assert found.conformance is NON_CONFORMANT, found.why
    assert found.divergence is not None
    return found.divergence.requirements[0] == requirement


class TestBeforeTheFirstPoint:
    """R92: an item that has points is protected, and stays so until something is asked for."""

    ENABLED = (0, interaction("PUT", ITEM, 202, body={"properties": {}}, starts="op-0")), (1, poll("op-0", "Succeeded"))

    @pytest.mark.parametrize("shape", [INITIAL, AWAITING])
    def test_points_between_two_early_looks(self, shape: Any) -> None:
        before = *self.ENABLED, (10, look(INITIAL)), (11, points(a=5, b=10)), (11.5, points(a=5, b=10))
        assert departs(verdict(*before, (12, look(shape))), "R92")
        assert verdict(*before, (12, look(PROTECTED))).conformance is CONFORMANT

    def test_one_point_may_have_been_made_just_now(self) -> None:
        before = *self.ENABLED, (10, look(AWAITING)), (10.5, points(a=10.4))
        assert verdict(*before, (11, look(AWAITING))).conformance is CONFORMANT
        assert verdict(*before, (24, look(AWAITING))).conformance is CONFORMANT
        assert "R92 is broken" in verdict(*before, (27, look(AWAITING))).why

    def test_empty_lists_are_right(self) -> None:
        assert (
            verdict(*self.ENABLED, (10, look(INITIAL)), (11, points()), (12, look(AWAITING))).conformance is CONFORMANT
        )

    def test_somebody_may_have_begun_a_new_life(self) -> None:
        found = verdict(*self.ENABLED, (10, look(INITIAL)), (60, points(a=50, b=55)), (90, look(INITIAL)))
        assert found.conformance is INCOMPLETE
        assert found.why.endswith("unless replication was disabled and enabled in between, R92 is broken")

    def test_after_a_reprotect_points_of_the_reverse_direction_may_be_listed(self) -> None:
        """Contract 11: up to the next `protected`."""
        back = (0, look(FAILED_BACK)), *done(1, "reProtect", "op-1", instanceType="InMageRcmFailback")
        found = verdict(*back, (3, look(INITIAL)), (4, points(a=-20, b=-10)), (5, look(INITIAL)))
        assert found.conformance is CONFORMANT


class TestLatest:
    """R18: what is failed over to the latest point holds no less than a point that was listed before."""

    BEFORE = (0, look(PROTECTED)), (1, points(a=-30, b=-20, c=-5))
    FAILOVER = done(2, "unplannedFailover", "op-1", performShutdown="false")

    def uses(self, point: str) -> Entry:
        return look(FAILED_OVER, failoverRecoveryPointId=f"/Subscriptions/s/recoveryPoints/{point}")

    def test_an_earlier_point_is_in_use(self) -> None:
        assert departs(verdict(*self.BEFORE, *self.FAILOVER, (3, self.uses("a"))), "R18")

    @pytest.mark.parametrize("point", ["c", "new"])
    def test_the_newest_one_or_a_new_one_is_in_use(self, point: str) -> None:
        found = verdict(*self.BEFORE, *self.FAILOVER, (3, self.uses(point)))
        assert (found.conformance, "R18" in found.exercised) == (CONFORMANT, False)  # what a point holds is not seen

    def test_somebody_may_have_changed_it(self) -> None:
        found = verdict(*self.BEFORE, *self.FAILOVER, (30, self.uses("a")))
        assert found.conformance is INCOMPLETE
        assert found.why.startswith("change_recovery_point is not in the recording")

    def test_of_points_made_at_once_either_may_be_the_newest(self) -> None:
        before = (0, look(PROTECTED)), (1, points(a=-5.5, b=-5))
        assert verdict(*before, *self.FAILOVER, (3, self.uses("a"))).conformance is CONFORMANT

    def test_a_failover_to_another_point_is_none_to_the_latest(self) -> None:
        named = done(2, "unplannedFailover", "op-1", recoveryPointId="/x/recoveryPoints/a", instanceType="InMageRcm")
        assert verdict(*self.BEFORE, *named, (3, self.uses("a"))).conformance is CONFORMANT


class TestPointInUse:
    """R37: before the commit only a change of the recovery point puts another one to use."""

    def uses(self, point: str, shape: Any = FAILED_OVER) -> Entry:
        return look(shape, failoverRecoveryPointId=f"/Subscriptions/s/recoveryPoints/{point}")

    def test_that_changes_unasked_leaves_the_verdict_open(self) -> None:
        found = verdict((0, self.uses("a")), (10, self.uses("b")), (11, self.uses("b")))
        assert found.conformance is INCOMPLETE
        assert "unless somebody asked for change_recovery_point in between, R37 is broken" in found.why
        assert found.why.count("R37") == 1

    def test_that_was_asked_to_change_may_be_another_one_at_any_time(self) -> None:
        asked = ask("applyRecoveryPoint", "op-1", instanceType="InMageRcm", recoveryPointId="/x/recoveryPoints/b")
        change = (1, asked), (2, self.uses("a")), (3, poll("op-1", "Succeeded"))
        assert verdict((0, self.uses("a")), *change, (4, self.uses("b"))).conformance is CONFORMANT
        again = verdict((0, self.uses("a")), *change, (4, self.uses("b")), (9, self.uses("c")))
        assert "R37" in again.why


class TestOfAnEarlierFailover:
    def test_points_listed_where_it_was_not_certain_where_the_item_was(self) -> None:
        """X06: wherever it was, the reprotect left one of them at most."""
        reprotect = *done(1, "reProtect", "op-1", instanceType="InMageRcm"), (3, look(REVERSE_INITIAL))
        before = (0, points(a=-20, b=-10, c=-5)), *reprotect
        assert departs(verdict(*before, (4, points(a=-20, b=-10, c=-5))), "X06")
        assert verdict(*before, (4, points(b=-10))).conformance is CONFORMANT
        assert verdict(*before, (4, points(d=2, e=3))).conformance is CONFORMANT

    CYCLE = (
        (0, look(FAILED_OVER)),
        *done(20, "failoverCommit", "op-1"),
        (22, look(COMMITTED)),
        *done(23, "reProtect", "op-2", instanceType="InMageRcm"),
        (60, look(REVERSE_PROTECTED)),
        *done(61, "plannedFailover", "op-3", instanceType="InMageRcmFailback", recoveryPointType="CrashConsistent"),
        (90, look(FAILED_BACK)),
        *done(91, "reProtect", "op-4", instanceType="InMageRcmFailback"),
        (150, look(PROTECTED)),
    )

    def test_points_made_before_it_are_told_by_their_dates(self) -> None:
        """R40; a new set starts once it is protected again (facts 1.1)."""
        assert verdict(*self.CYCLE, (151, points(d=140, e=145))).conformance is CONFORMANT
        assert verdict(*self.CYCLE, (151, points(a=-30, d=140, e=145))).conformance is CONFORMANT  # the committed one
        assert departs(verdict(*self.CYCLE, (151, points(a=-30, b=-25, d=140, e=145))), "R40")

    def test_dates_that_are_not_the_recordings_tell_nothing(self) -> None:
        """The clocks may differ by 15 min; and recordings are stamped anew, and points as well."""
        assert verdict(*self.CYCLE, (151, points(a=10, b=15, d=140))).conformance is CONFORMANT
        assert verdict(*self.CYCLE, (151, points(a=-900, b=-800, d=-700))).conformance is CONFORMANT
        assert verdict(*self.CYCLE, (151, points(a=-30, b=-25, d=1000))).conformance is CONFORMANT

    def test_uncommitted_they_stay(self) -> None:
        found = verdict((0, look(FAILED_OVER)), (30, look(FAILED_OVER)), (31, points(a=-30, b=-25, c=10)))
        assert found.conformance is CONFORMANT
