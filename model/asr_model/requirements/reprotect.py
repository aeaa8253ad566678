"""R85 to R92: the section "Re-protect the on-premises machine to Azure" of the article."""

from __future__ import annotations

from functools import partial

from asr_model.requirements.requirement import CONFIGURATION, FAULT, INFORMATIVE, TRACE, WORKS_AGAIN, Grade, Requirement

_r = partial(Requirement, section="Re-protect the on-premises machine to Azure", evidence=Grade.DOCUMENTED)

REPROTECT = (
    _r("R85", TRACE, "The machine is active on-premises once its planned failover has succeeded.",
        note="Same as R51.",
        says_more=True),
    _r("R86", TRACE, "To be protected in future, the on-premises machine has to be re-protected.",
        ambiguities=("A9",), note="Re-protection is never automatic: nothing replicates until reprotect is asked for."),
    _r("R87", TRACE, "Re-protecting to Azure takes an appliance and a cache storage account.",
        ambiguities=("A7",), says_more=True,
        note="The article mixes the inputs of both directions; in the adapter contract each takes an appliance."),
    _r("R88", FAULT + CONFIGURATION,
        "The chosen appliance must be able to access the datastore on which the source machine is located.",
        ambiguities=("A7",), takes_configuration="datastore_visible",
        note="A hard precondition of reprotect towards on-premises; towards Azure a refusal is allowed, not required."),
    _r("R89", FAULT, "The appliance must be able to access the datastore of the source machine at all times.",
        assumed=WORKS_AGAIN, ambiguities=("A7",),
        note="While it cannot, failure and lack of progress are allowed; everything works again afterwards."),
    _r("R90", CONFIGURATION,
        "Re-protection succeeds with machine and appliance on different ESX servers if they share the datastore.",
        takes_configuration="appliances"),
    _r("R91", INFORMATIVE,
        "The appliance should be chosen such that it can access the datastore of the source machine.",
        note="Duplicate of R88."),
    _r("R92", TRACE,
        "Recovery points are generated after replication is enabled and initial replication has succeeded."),
)  # fmt: skip
