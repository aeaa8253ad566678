"""R05 to R08: the section "Prerequisites" of the article."""

from __future__ import annotations

from functools import partial

from asr_model.requirements.requirement import INFORMATIVE, TRACE, Grade, Requirement

_r = partial(Requirement, section="Prerequisites", evidence=Grade.DOCUMENTED)

PREREQUISITES = (
    _r("R05", INFORMATIVE, "Azure has to be prepared for disaster recovery before anything else.",
        note="A task for the operator, finished before a replicated item exists."),
    _r("R06", INFORMATIVE, "The on-premises VMware environment has to be prepared for disaster recovery.",
        note="A task for the operator, finished before a replicated item exists."),
    _r("R07", TRACE, "Replication of a VM has to be set up before the VM can be failed over.",
        note="Read as: fail_over is refused before the item has become protected."),
    _r("R08", TRACE, "A disaster recovery drill should have been run before the first failover.",
        note="A recommendation that is not enforced; what is judged is that fail_over is accepted without a drill.",
        says_more=True),
)  # fmt: skip
