"""That a fault goes on after clear (X22) is blamed where that explains what was seen, and nowhere else."""

from __future__ import annotations

import pytest

from asr_model.profiles import lts
from asr_properties.counterexamples.blame import FORGETS, to_blame
from asr_properties.counterexamples.minimise import Minimal, Minimiser
from asr_properties.evidence.actions import WAIT_FOR_JOB, WRITE, Action, request, wait
from asr_properties.generation.scenarios import fail_over
from walks import CANCEL_THE_JOB, DAY, ENABLE, HOUR, PROTECTED, begin, begins, ends
from wrong.implementations import WRONG

OVER = (fail_over("latest", shut_down=True), WAIT_FOR_JOB)
ROUND = (*OVER, request("reprotect"), wait(HOUR), fail_over("latest"), WAIT_FOR_JOB, request("reprotect"), WAIT_FOR_JOB)
BESIDE = (
    WRITE,
    ENABLE[0],
    begins("failover_fails", "VmFoStartVmOnSecondary"),
    WAIT_FOR_JOB,
    ends("failover_fails"),
    wait(HOUR),
    *ROUND,
)
"""A fault begins and ends before the failover that it concerns is asked for, which then succeeds."""
ABORTED = (*PROTECTED, *OVER[:1], CANCEL_THE_JOB, wait(HOUR))
WOKEN = (*ABORTED, begins("appliance_unhealthy"), ends("appliance_unhealthy"), WRITE, wait(HOUR))
"""The end of a fault wakes replication, which an aborted failover ended. With the fault on there would be none."""
IN_VAIN = (*PROTECTED, begins("service_urls_blocked"), wait(5 * DAY), ends("service_urls_blocked"), wait(2 * HOUR))


@pytest.mark.parametrize(
    ("name", "walk", "is_blamed"),
    [
        ("unlisted_reprotect_of_a_failback", BESIDE, False),
        ("woken_by_a_fault", WOKEN, False),
        ("urls_blocked_for_good", IN_VAIN, True),
    ],
)
def test_clear_is_blamed_where_the_fault_going_on_explains_it(
    name: str, walk: tuple[Action, ...], is_blamed: bool
) -> None:
    wrong = next(each for each in WRONG if each.name == name)
    minimiser = Minimiser(begin(wrong.factory()), lts(wrong.profile))
    found = minimiser.replays({}, walk, None)
    assert found is not None
    assert found.actions == walk
    minimal = Minimal({}, walk, found.failure, 0, complete=True)
    assert (FORGETS in to_blame(found.failure, minimal, minimiser, was_idle=False)) == is_blamed
