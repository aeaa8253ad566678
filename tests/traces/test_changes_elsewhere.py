"""An item keeps its id from enable to disable (X01), and a commit keeps the point in use (R39), in recordings too.

What somebody may have done elsewhere meanwhile is no departure: it leaves the verdict open."""

from __future__ import annotations

import json
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
