"""R43 to R58: planned failover back to on-premises, and what the VM in Azure needs for it."""

from __future__ import annotations

from asr_model.requirements.requirement import Check, Grade, Requirement

_PLANNED = "Planned failover from Azure to on-premises"
_AZURE_VM = "Failed over VM to Azure - requirements"

FAILBACK: tuple[Requirement, ...] = (
    Requirement(
        id="R43",
        sentence="A VM can be failed over from Azure to on-premises by a planned failover.",
        section=_PLANNED,
        evidence=Grade.DOCUMENTED,
        checks=(Check.TRACE,),
        ambiguities=("A8",),
        note="Accepted in reverse_protected only, that is after a reprotect.",
    ),
    Requirement(
        id="R44",
        sentence="The recovery point of a planned failover is generated after its job is triggered.",
        section=_PLANNED,
        evidence=Grade.DOCUMENTED,
        checks=(Check.TRACE, Check.DATA),
        ambiguities=("A5",),
        note="Read as: nothing is lost with crash_consistent; app_consistent may use an older point.",
    ),
    Requirement(
        id="R45",
        sentence="The replication health of the machine must be healthy before a planned failover.",
        section=_PLANNED,
        evidence=Grade.DOCUMENTED,
        checks=(Check.FAULT,),
        ambiguities=("A16",),
        note="Whether it is enforced is not known: to refuse, or to run, fail and revert, is allowed.",
    ),
    Requirement(
        id="R46",
        sentence="The appliance and all of its components must be healthy before a planned failover.",
        section=_PLANNED,
        evidence=Grade.DOCUMENTED,
        checks=(Check.FAULT,),
        ambiguities=("A16",),
        note="Whether it is enforced is not known: to refuse, or to run, fail and revert, is allowed.",
    ),
    Requirement(
        id="R47",
        sentence="Once a planned failover is triggered, pending changes are copied to on-premises.",
        section=_PLANNED,
        evidence=Grade.DOCUMENTED,
        checks=(Check.TRACE, Check.DATA),
        ambiguities=("A5",),
        note="Full delivery is judged with crash_consistent only.",
    ),
    Requirement(
        id="R48",
        sentence="Once a planned failover is triggered, a latest recovery point of the VM is generated.",
        section=_PLANNED,
        evidence=Grade.DOCUMENTED,
        checks=(Check.TRACE, Check.DATA),
        ambiguities=("A5",),
        note="Judged by the data, with crash_consistent only.",
    ),
    Requirement(
        id="R49",
        sentence="A planned failover shuts the Azure VM down.",
        section=_PLANNED,
        evidence=Grade.DOCUMENTED,
        checks=(Check.TRACE, Check.DATA),
        note="Judged by the order of the job's tasks where they bear the service's names, and by the machine.",
    ),
    Requirement(
        id="R50",
        sentence="A planned failover turns the on-premises machine on only after the Azure VM is shut down.",
        section=_PLANNED,
        evidence=Grade.DOCUMENTED,
        checks=(Check.TRACE, Check.DATA),
        note="Judged by the order of the job's tasks where they bear the service's names, and by the machines.",
    ),
    Requirement(
        id="R51",
        sentence="After a successful planned failover the machine is active on-premises.",
        section=_PLANNED,
        evidence=Grade.DOCUMENTED,
        checks=(Check.TRACE,),
        ambiguities=("A18",),
        note="The active site is meant; the service's own activeLocation then reads Recovery.",
    ),
    Requirement(
        id="R52",
        sentence="The iSCSI configuration of a VM is retained in Azure when it is failed over.",
        section=_PLANNED,
        evidence=Grade.DOCUMENTED,
        checks=(Check.CONFIGURATION,),
    ),
    Requirement(
        id="R53",
        sentence="A planned failover cannot retain the iSCSI configuration and creates vmdk disks on-premises instead.",
        section=_PLANNED,
        evidence=Grade.DOCUMENTED,
        checks=(Check.CONFIGURATION,),
    ),
    Requirement(
        id="R54",
        sentence="Duplicate disks are removed by deleting the iSCSI disk, whose data is in the vmdk disk.",
        section=_PLANNED,
        evidence=Grade.DOCUMENTED,
        checks=(Check.INFORMATIVE,),
        note="A task for the operator, done outside the service.",
    ),
    Requirement(
        id="R55",
        sentence="The VM in Azure must always be on.",
        section=_AZURE_VM,
        evidence=Grade.DOCUMENTED,
        checks=(Check.FAULT,),
        ambiguities=("A15",),
        note=(
            "Read as: from failed_over up to and including reverse_protected; a planned failover shuts it down itself."
        ),
    ),
    Requirement(
        id="R56",
        sentence="The two services of the mobility agent must be running on the VM in Azure.",
        section=_AZURE_VM,
        evidence=Grade.DOCUMENTED,
        checks=(Check.FAULT,),
    ),
    Requirement(
        id="R57",
        sentence="The agent's services must run so that the agent can reach the Site Recovery services in Azure.",
        section=_AZURE_VM,
        evidence=Grade.DOCUMENTED,
        checks=(Check.INFORMATIVE,),
        note="Gives the reason for R56; it asks nothing of its own.",
    ),
    Requirement(
        id="R58",
        sentence="The documented URLs must be reachable from the VM in Azure.",
        section=_AZURE_VM,
        evidence=Grade.DOCUMENTED,
        checks=(Check.FAULT,),
    ),
)
