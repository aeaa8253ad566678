"""R93 to R94: the section "Next steps" of the article."""

from __future__ import annotations

from asr_properties.evidence.actions import WAIT_FOR_JOB, WRITE, request, wait
from specification.shown import Shown
from walks import COMMITTED, DAY, FAILED_OVER, HOUR, PLANNED, REPROTECT
from wrong import implementations as wrong


def test_R93_after_a_failover_comes_the_reprotect(requirement: Shown) -> None:
    """After a failover, the VMs in Azure are reprotected towards on-premises."""
    requirement.passes(*FAILED_OVER, *REPROTECT)
    requirement.passes(*COMMITTED, *REPROTECT)
    requirement.fails(wrong.ReprotectedInVain, "Reprotect to on-premises succeeds as a job, and nothing is replicated.")


def test_R94_failback_follows_only_then(requirement: Shown) -> None:
    """Failback follows only after a reprotect, once the VM replicates to on-premises."""
    requirement.passes(
        *(*FAILED_OVER, PLANNED, request("reprotect"), WAIT_FOR_JOB, PLANNED, wait(6 * HOUR), WRITE, wait(HOUR))
    )
    requirement.fails(
        wrong.EarlyFailback, "A planned failover is accepted before the initial replication to on-premises has ended."
    )
    requirement.fails(
        wrong.EndlessReverseReplication,
        "The initial replication to on-premises never ends.",
        *FAILED_OVER,
        *REPROTECT,
        wait(DAY),
    )
    requirement.fails(
        wrong.NeverSendsBack, "What is written in Azure is never sent.", *FAILED_OVER, *REPROTECT, WRITE, wait(HOUR)
    )
