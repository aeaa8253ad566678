"""R05 to R08: the section "Prerequisites" of the article."""

from __future__ import annotations

from asr_properties.evidence.actions import WAIT_FOR_JOB, wait
from specification.shown import Shown
from walks import ENABLE, HOUR, MINUTE, PROTECTED, fail_over
from wrong import implementations as wrong


def test_R07_replication_is_set_up_before_a_failover(requirement: Shown) -> None:
    """Replication of a VM has to be set up before the VM can be failed over."""
    requirement.passes(*ENABLE, wait(30 * MINUTE), fail_over(), wait(HOUR))
    requirement.fails(wrong.FailsOverUnprotected, "A failover is accepted before there is a recovery point.")
    requirement.fails(wrong.EnabledInVain, "Enabling succeeds as a job, and nothing is replicated.")


def test_R08_a_drill_is_recommended_and_not_required(requirement: Shown) -> None:
    """A disaster recovery drill should have been run before the first failover."""
    requirement.passes(*PROTECTED, fail_over(), WAIT_FOR_JOB)
    requirement.fails(wrong.NeedsDrill, "A failover is refused unless there was a drill before.")
