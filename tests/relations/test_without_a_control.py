"""A relation asks nothing of what was not seen: what shows data may be left out, and a walk is judged to its end."""

from __future__ import annotations

import pytest

from asr_properties.evidence.actions import WAIT_FOR_JOB
from asr_properties.generation.scenarios import fail_over
from asr_properties.reference import ClassicItem, Fixed, ReferenceService, ReplicatedItem
from walks import CANCELLED, COMMIT, FAIL_BACK, HOUR, REPROTECT, REVERSE, begin, begins, ends, wait

AGAIN = (*COMMIT, *REPROTECT, wait(6 * HOUR))
BACK = (fail_over("latest", shut_down=True), WAIT_FOR_JOB)
WALKS = {
    ReplicatedItem: (*CANCELLED, *FAIL_BACK, *AGAIN),
    ClassicItem: (*REVERSE, begins("failover_fails"), *BACK, ends("failover_fails"), wait(HOUR), *BACK, *AGAIN),
}


@pytest.mark.parametrize("kind", WALKS)
@pytest.mark.parametrize("left_out", ["workload", "machines"])
def test_a_walk_is_judged_without_a_control(kind, left_out):
    class Narrow(ReferenceService):
        def hello(self, protocol):
            said = super().hello(protocol)
            return {**said, "controls": [control for control in said["controls"] if control != left_out]}

    session = begin(Narrow(kind, Fixed()))
    session.begin()
    for action in WALKS[kind]:
        if action.kind != "write" or left_out != "workload":
            session.perform(action)
    assert session.oracle.phase == "protected"
