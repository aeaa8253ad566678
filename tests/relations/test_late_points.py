"""What is listed while a failover runs is free: its point may be listed when it ends."""

from __future__ import annotations

import pytest

from asr_properties.evidence.actions import WRITE, wait
from asr_properties.generation.scenarios import MINUTE, PROTECT, fail_over
from asr_properties.reference import ClassicItem, Fixed, ReferenceService, ReplicatedItem
from walks import begin


@pytest.mark.parametrize("kind", [ReplicatedItem, ClassicItem])
def test_the_point_of_a_failover_may_be_listed_when_it_ends(kind):
    class ListedAtTheEnd(kind):
        __slots__ = ()

        def recovery_points(self):
            listed = super().recovery_points()
            if self.phase != "failing_over":
                return listed
            began = max(job.times.began for job in self.jobs.values())
            return [point for point in listed if point["created"] <= began]

    session = begin(ReferenceService(ListedAtTheEnd, Fixed()))
    session.begin({"crash_consistent_minutes": 1})
    listed = [set[str]()]
    for action in (*PROTECT, WRITE, wait(30), fail_over(), *[wait(MINUTE)] * 20):
        session.perform(action)
        listed.append({point.id for point in session.connection.recovery_points()})
    assert session.oracle.phase == "failed_over"
    assert any(after - before for before, after in zip(listed[-19:], listed[-18:], strict=False))
