"""R55 to R58: the section "Failed over VM to Azure - requirements" of the article."""

from __future__ import annotations

from functools import partial

from asr_model.requirements.requirement import FAULT, INFORMATIVE, WORKS_AGAIN, Grade, Requirement

_r = partial(Requirement, section="Failed over VM to Azure - requirements", evidence=Grade.DOCUMENTED)

FAILED_OVER_VM = (
    _r("R55", FAULT, "The VM in Azure must always be on.",
        assumed=WORKS_AGAIN, ambiguities=("A15",),
        note="Read as: from failed_over up to and including reverse_protected; a planned failover shuts it down "
             "itself."),
    _r("R56", FAULT, "The two services of the mobility agent must be running on the VM in Azure.", assumed=WORKS_AGAIN),
    _r("R57", INFORMATIVE,
        "The agent's services must run so that the agent can reach the Site Recovery services in Azure.",
        note="Gives the reason for R56; it asks nothing of its own."),
    _r("R58", FAULT, "The documented URLs must be reachable from the VM in Azure.", assumed=WORKS_AGAIN),
)  # fmt: skip
