"""R93 to R94: the section "Next steps" of the article."""

from __future__ import annotations

from functools import partial

from asr_model.requirements.requirement import TRACE, Grade, Requirement

_r = partial(Requirement, section="Next steps", evidence=Grade.DOCUMENTED)

NEXT_STEPS = (
    _r("R93", TRACE, "After a failover, the VMs in Azure are reprotected towards on-premises.",
        ambiguities=("A3",),
        note="Accepted in failed_over as well as in failover_committed; in the former it implies commit."),
    _r("R94", TRACE, "Failback follows only after a reprotect, once the VM replicates to on-premises.",
        ambiguities=("A8",), note="Read as: the operation that fails back is accepted in reverse_protected only."),
)  # fmt: skip
