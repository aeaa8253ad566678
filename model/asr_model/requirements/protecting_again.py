"""R85 to R94: reprotection, in both directions."""

from __future__ import annotations

from asr_model.requirements.requirement import Check, Grade, Requirement

_AGAIN = "Re-protect the on-premises machine to Azure"
_NEXT = "Next steps"

PROTECTING_AGAIN: tuple[Requirement, ...] = (
    Requirement(
        id="R85",
        sentence="The machine is active on-premises once its planned failover has succeeded.",
        section=_AGAIN,
        evidence=Grade.DOCUMENTED,
        checks=(Check.TRACE,),
        note="Same as R51.",
    ),
    Requirement(
        id="R86",
        sentence="To be protected in future, the on-premises machine has to be re-protected.",
        section=_AGAIN,
        evidence=Grade.DOCUMENTED,
        checks=(Check.TRACE,),
        ambiguities=("A9",),
        note="Re-protection is never automatic: nothing replicates until reprotect is asked for.",
    ),
    Requirement(
        id="R87",
        sentence="Re-protecting to Azure takes an appliance and a cache storage account.",
        section=_AGAIN,
        evidence=Grade.DOCUMENTED,
        checks=(Check.TRACE,),
        ambiguities=("A7",),
        note=(
            "The article mixes the inputs of both directions; in the adapter contract they follow from the "
            "configuration."
        ),
    ),
    Requirement(
        id="R88",
        sentence="The chosen appliance must be able to access the datastore on which the source machine is located.",
        section=_AGAIN,
        evidence=Grade.DOCUMENTED,
        checks=(Check.FAULT, Check.CONFIGURATION),
        ambiguities=("A7",),
        note="A hard precondition of reprotect towards on-premises; towards Azure a refusal is allowed, not required.",
    ),
    Requirement(
        id="R89",
        sentence="The appliance must be able to access the datastore of the source machine at all times.",
        section=_AGAIN,
        evidence=Grade.DOCUMENTED,
        checks=(Check.FAULT,),
        ambiguities=("A7",),
        note="While it cannot, failure and lack of progress are allowed; everything works again afterwards.",
    ),
    Requirement(
        id="R90",
        sentence=(
            "Re-protection succeeds with machine and appliance on different ESX servers if they share the datastore."
        ),
        section=_AGAIN,
        evidence=Grade.DOCUMENTED,
        checks=(Check.CONFIGURATION,),
    ),
    Requirement(
        id="R91",
        sentence="The appliance should be chosen such that it can access the datastore of the source machine.",
        section=_AGAIN,
        evidence=Grade.DOCUMENTED,
        checks=(Check.INFORMATIVE,),
        note="Duplicate of R88.",
    ),
    Requirement(
        id="R92",
        sentence="Recovery points are generated after replication is enabled and initial replication has succeeded.",
        section=_AGAIN,
        evidence=Grade.DOCUMENTED,
        checks=(Check.TRACE,),
    ),
    Requirement(
        id="R93",
        sentence="After a failover, the VMs in Azure are reprotected towards on-premises.",
        section=_NEXT,
        evidence=Grade.DOCUMENTED,
        checks=(Check.TRACE,),
        ambiguities=("A3",),
        note="Accepted in failed_over as well as in failover_committed; in the former it implies commit.",
    ),
    Requirement(
        id="R94",
        sentence="Failback follows only after a reprotect, once the VM replicates to on-premises.",
        section=_NEXT,
        evidence=Grade.DOCUMENTED,
        checks=(Check.TRACE,),
        ambiguities=("A8",),
        note="Read as: planned_failover is accepted in reverse_protected only.",
    ),
)
