"""An item keeps its id from enable to disable (X01), a commit keeps the point in use (R39), and no point is made after
a failback (R86) nor after an aborted failover (R34), in recordings too.

What somebody may have done elsewhere meanwhile is no departure: it leaves the verdict open."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from asr_properties.traces.formats import read_trace
from asr_properties.traces.jsonl import FORMAT
from asr_properties.traces.jsonl import VERSION as FORMAT_VERSION
from asr_properties.traces.judging import judge
from asr_properties.traces.trace_verdicts import Conformance, TraceVerdict

CONFORMANT, NON_CONFORMANT, INCOMPLETE = Conformance
Line = dict[str, Any]
HOUR = 3600


def look(second: int | None, phase: str, **fields: Any) -> Line:
    return {"event": "observation", "at": clock(second), "fields": {"phase": phase, **fields}}


def asked(second: int | None, operation: str, job: str) -> list[Line]:
    """A request that was accepted, and the end of its job."""
    request = {"event": "request", "at": clock(second), "operation": operation, "answer": "accepted", "job": job}
    return [request, {"event": "job", "at": clock(second), "job": job, "state": "succeeded"}]


def clock(second: int | None) -> str | None:
    if second is None:
        return None
    day, rest = divmod(second, 24 * HOUR)
    return f"2024-05-{2 + day:02}T{rest // HOUR:02}:{rest % HOUR // 60:02}:{rest % 60:02}Z"


@pytest.fixture
def judged(tmp_path: Path) -> Any:
    """The verdict on these lines."""

    def of(*lines: Line, profile: str = "modernized") -> TraceVerdict:
        header = {"format": FORMAT, "version": FORMAT_VERSION, "profile": profile}
        file = tmp_path / "trace.jsonl"
        file.write_text("".join(json.dumps(one) + "\n" for one in (header, *({"item": "vm", **e} for e in lines))))
        (found,) = judge(read_trace(file))
        return found

    return of


def departs(found: TraceVerdict, number: int, requirement: str) -> bool:
    assert found.divergence is not None, found.why
    return (found.conformance, found.divergence.event.number, found.divergence.requirements[0]) == (
        NON_CONFORMANT,
        number,
        requirement,
    )


class TestTheIdOfAnItem:
    REPROTECT = asked(60, "reprotect", "job-1")

    def turned(self, before: str, after: str) -> list[Line]:
        first = look(0, "failed_over", id=before, profile_instance="InMageRcm")
        return [first, *self.REPROTECT, look(900, "reverse_protected", id=after, profile_instance="InMageRcmFailback")]

    def test_it_stays_when_the_item_is_turned_round(self, judged: Any) -> None:
        found = judged(*self.turned("A", "A"))
        assert (found.conformance, found.exercised["X01"]) == (CONFORMANT, 1)

    def test_it_changes(self, judged: Any) -> None:
        found = judged(*self.turned("A", "A2"))
        assert departs(found, 5, "X01")
        assert "X01" not in found.exercised

    def test_the_ids_of_arm_come_in_other_case_and_with_other_paths(self, judged: Any) -> None:
        ids = "/subscriptions/s/replicationProtectedItems/vm-1", "/Subscriptions/S/x/replicationProtectedItems/VM-1"
        assert judged(*self.turned(*ids)).conformance is CONFORMANT

    def test_a_new_life_may_have_another_one(self, judged: Any) -> None:
        lived = [look(0, "protected", id="A"), *asked(60, "disable_replication", "job-1"), look(200, "not_replicated")]
        again = [*asked(300, "enable_replication", "job-2"), look(9000, "protected", id="A2")]
        assert judged(*lived, *again).conformance is CONFORMANT

    @pytest.mark.parametrize("second", [HOUR, None])
    def test_somebody_may_have_begun_a_new_life_elsewhere(self, judged: Any, second: int | None) -> None:
        """There was time for it, or nothing tells how long it was."""
        found = judged(look(0, "protected", id="A"), look(second, "protected", id="A2"))
        assert found.conformance is INCOMPLETE
        assert "the id is A2, and was A at line 2" in found.why

    def test_nobody_can_have_in_a_minute(self, judged: Any) -> None:
        assert departs(judged(look(0, "protected", id="A"), look(60, "protected", id="A2")), 3, "X01")


class TestThePointInUse:
    def committed(self, before: str, *after: str, minutes: int = 10, then: int = HOUR) -> list[Line]:
        """Looks at the point in use: before a commit that is made so many minutes later, and after it."""
        first = look(0, "failed_over", failover_recovery_point=before)
        looks = [
            look(minutes * 60 + 60 + n * then, "failover_committed", failover_recovery_point=point)
            for n, point in enumerate(after)
        ]
        return [first, *asked(minutes * 60, "commit", "job-1"), *looks]

    def test_the_commit_keeps_it(self, judged: Any) -> None:
        """It is named in any case of letters."""
        found = judged(*self.committed("p1", "P1", "p1"))
        assert (found.conformance, found.exercised["R39"]) == (CONFORMANT, 2)

    def test_somebody_may_have_changed_it_before_the_commit(self, judged: Any) -> None:
        found = judged(*self.committed("p1", "p3"))
        assert found.conformance is INCOMPLETE
        assert "the recovery point in use is p3, and was p1 at line 2" in found.why

    def test_nobody_can_have_in_half_a_minute(self, judged: Any) -> None:
        first, *rest = self.committed("p1", "p3", minutes=0)
        assert departs(judged(first, *rest), 5, "R39")

    def test_nothing_changes_it_afterwards(self, judged: Any) -> None:
        assert departs(judged(*self.committed("p1", "p3", "p4")), 6, "R39")
        assert departs(judged(*self.committed("p1", "p1", "p1", "p4")), 7, "R39")

    def test_it_may_no_longer_be_told(self, judged: Any) -> None:
        lines = self.committed("p1", "p1")
        assert judged(*lines, look(2 * HOUR, "failover_committed", failover_recovery_point=None)).divergence is None

    def test_after_a_whole_cycle_that_was_not_recorded_it_may_be_another_one(self, judged: Any) -> None:
        found = judged(*self.committed("p1", "p1", "p4", then=7 * 24 * HOUR))
        assert found.conformance is CONFORMANT, found.why

    def test_a_change_that_was_asked_for_is_none(self, judged: Any) -> None:
        first, *rest = self.committed("p1", "p3")
        changed = [
            {**line, "arguments": {"recovery_point": "p3"}} if line["event"] == "request" else line
            for line in asked(30, "change_recovery_point", "job-0")
        ]
        assert judged(first, *changed, *rest).conformance is CONFORMANT


def points(second: int | None, *made: int) -> Line:
    """A list of points, and when they were made."""
    midnight = datetime(2024, 5, 2, tzinfo=UTC).timestamp()
    listed = [
        {"id": f"p{n}", "kind": "crash_consistent", "created": midnight + one, "multi_vm": False}
        for n, one in enumerate(made)
    ]
    return {"event": "observation", "at": clock(second), "fields": {}, "recovery_points": listed}


class TestPointsAfterAFailback:
    def failed_back(self, second: int | None, begun: str | None = None) -> Line:
        told = {} if begun is None else {"last_asked": {"planned_failover": begun}}
        return look(second, "failed_back", active_site="on_premises") | told

    def test_one_that_was_made_before_or_soon_after(self, judged: Any) -> None:
        assert judged(self.failed_back(0), points(9 * HOUR, HOUR, -HOUR)).conformance is CONFORMANT

    def test_one_that_was_made_long_after_leaves_it_open(self, judged: Any) -> None:
        """Somebody may have cancelled the failback and done it again."""
        found = judged(self.failed_back(0), self.failed_back(9 * HOUR), points(9 * HOUR, 5 * HOUR))
        assert found.conformance is INCOMPLETE
        assert found.why.endswith("unless that was cancelled and done again in between, R86 is broken")

    def test_where_the_item_tells_that_nobody_did_it_is_a_departure(self, judged: Any) -> None:
        times = "2024-05-01T23:00:00Z", "2024-05-02T07:00:00Z"
        looks = [self.failed_back(0, times[0]), self.failed_back(9 * HOUR, times[0])]
        assert departs(judged(*looks, points(9 * HOUR + 60, 5 * HOUR)), 4, "R86")
        looks[1] = self.failed_back(9 * HOUR, times[1])
        assert judged(*looks, points(9 * HOUR + 60, 5 * HOUR)).conformance is INCOMPLETE

    def test_where_it_was_looked_at_before_the_point_only_it_is_not(self, judged: Any) -> None:
        looks = [self.failed_back(second, "2024-05-01T23:00:00Z") for second in (0, HOUR)]
        assert judged(*looks, points(9 * HOUR, 5 * HOUR)).conformance is INCOMPLETE

    def test_a_point_that_is_to_come_says_that_the_times_are_wrong(self, judged: Any) -> None:
        assert judged(self.failed_back(0), points(9 * HOUR, 10 * HOUR)).conformance is CONFORMANT

    def test_without_times_nothing_is_concluded(self, judged: Any) -> None:
        assert judged(self.failed_back(None), points(None, 10 * HOUR)).conformance is CONFORMANT

    def test_after_its_commit_nobody_can_have_cancelled_it(self, judged: Any) -> None:
        committed = [look(0, "failback_committed"), look(9 * HOUR, "failback_committed")]
        assert departs(judged(committed[0], points(9 * HOUR, 5 * HOUR), committed[1]), 4, "R86")
        again = [self.failed_back(0), *asked(8 * HOUR, "commit", "job-1"), look(9 * HOUR, "failback_committed")]
        assert judged(*again, points(9 * HOUR, 5 * HOUR), look(9 * HOUR, "failback_committed")).divergence is None


class TestPointsAfterAnAbortedFailover:
    ABORTED = look(0, "failover_aborted")

    def test_one_that_was_made_long_after_is_a_departure(self, judged: Any) -> None:
        """It takes another look that shows the item to be where it was: somebody may have enabled it anew."""
        listed, again = points(9 * HOUR, 5 * HOUR), look(9 * HOUR + 60, "failover_aborted")
        assert judged(self.ABORTED, listed).divergence is None
        assert departs(judged(self.ABORTED, listed, again), 4, "R34")

    @pytest.mark.parametrize("made", [-HOUR, HOUR])
    def test_one_that_was_made_before_or_soon_after(self, judged: Any, made: int) -> None:
        found = judged(self.ABORTED, points(9 * HOUR, made), look(9 * HOUR, "failover_aborted"))
        assert (found.divergence, found.exercised["R34"]) == (None, 1)

    def test_a_list_of_the_first_hour_shows_nothing(self, judged: Any) -> None:
        found = judged(self.ABORTED, points(HOUR, -HOUR), look(9 * HOUR, "failover_aborted"))
        assert "R34" not in found.exercised

    @pytest.mark.parametrize(("first", "last"), [(-20 * HOUR, HOUR), (5 * HOUR, 5 * HOUR)])
    def test_times_that_were_put_in_later_tell_nothing(self, judged: Any, first: int, last: int) -> None:
        """By them the point is one to come, or was made before (facts F20)."""
        lines = [look(first, "failover_aborted"), points(last, 5 * HOUR), look(last, "failover_aborted")]
        assert judged(*lines).divergence is None

    def test_without_times_nothing_is_concluded(self, judged: Any) -> None:
        lines = [look(None, "failover_aborted"), points(None, 5 * HOUR), look(None, "failover_aborted")]
        assert judged(*lines).divergence is None
