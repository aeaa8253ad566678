"""R01 to R14: what the article is about, and what precedes a failover."""

from __future__ import annotations

from asr_model.requirements.requirement import Check, Grade, Requirement

_INTRODUCTION = "Introduction"
_PREREQUISITES = "Prerequisites"
_VERIFY = "Verify VM properties"

PREPARATION: tuple[Requirement, ...] = (
    Requirement(
        id="R01",
        sentence=(
            "The article is about failing an on-premises VMware VM over to Azure with the Modernized architecture."
        ),
        section=_INTRODUCTION,
        evidence=Grade.DOCUMENTED,
        checks=(Check.INFORMATIVE,),
        note="States the scope; it asks nothing of an implementation.",
    ),
    Requirement(
        id="R02",
        sentence="The Classic architecture fails over in its own way, which another article covers.",
        section=_INTRODUCTION,
        evidence=Grade.DOCUMENTED,
        checks=(Check.INFORMATIVE,),
        note="Refers to another article; it asks nothing of an implementation.",
    ),
    Requirement(
        id="R03",
        sentence="The article shows the simplest path with default options and leaves other settings and paths out.",
        section=_INTRODUCTION,
        evidence=Grade.DOCUMENTED,
        checks=(Check.INFORMATIVE,),
        note="Tells how to read the article: what it is silent about is not thereby forbidden.",
    ),
    Requirement(
        id="R04",
        sentence="Several VMs are failed over together by means of a recovery plan.",
        section=_INTRODUCTION,
        evidence=Grade.DOCUMENTED,
        checks=(Check.INFORMATIVE,),
        note="Refers to another article; recovery plans lie outside the lifecycle of one replicated item.",
    ),
    Requirement(
        id="R05",
        sentence="Azure has to be prepared for disaster recovery before anything else.",
        section=_PREREQUISITES,
        evidence=Grade.DOCUMENTED,
        checks=(Check.INFORMATIVE,),
        note="A task for the operator, finished before a replicated item exists.",
    ),
    Requirement(
        id="R06",
        sentence="The on-premises VMware environment has to be prepared for disaster recovery.",
        section=_PREREQUISITES,
        evidence=Grade.DOCUMENTED,
        checks=(Check.INFORMATIVE,),
        note="A task for the operator, finished before a replicated item exists.",
    ),
    Requirement(
        id="R07",
        sentence="Replication of a VM has to be set up before the VM can be failed over.",
        section=_PREREQUISITES,
        evidence=Grade.DOCUMENTED,
        checks=(Check.TRACE,),
        note="Read as: fail_over is refused before the item has become protected.",
    ),
    Requirement(
        id="R08",
        sentence="A disaster recovery drill should have been run before the first failover.",
        section=_PREREQUISITES,
        evidence=Grade.DOCUMENTED,
        checks=(Check.TRACE,),
        note="A recommendation that is not enforced; what is judged is that fail_over is accepted without a drill.",
    ),
    Requirement(
        id="R09",
        sentence="A VM should be found to meet the requirements of Azure before it is failed over.",
        section=_VERIFY,
        evidence=Grade.DOCUMENTED,
        checks=(Check.CONFIGURATION,),
    ),
    Requirement(
        id="R10",
        sentence="The replicated item shows a summary of the VM, its health and its latest recovery points.",
        section=_VERIFY,
        evidence=Grade.DOCUMENTED,
        checks=(Check.TRACE,),
    ),
    Requirement(
        id="R11",
        sentence="Azure name, resource group, target size and managed-disk settings can be changed before a failover.",
        section=_VERIFY,
        evidence=Grade.DOCUMENTED,
        checks=(Check.TRACE,),
    ),
    Requirement(
        id="R12",
        sentence="The network and subnet of the future Azure VM can be seen and changed.",
        section=_VERIFY,
        evidence=Grade.DOCUMENTED,
        checks=(Check.TRACE,),
    ),
    Requirement(
        id="R13",
        sentence="The IP address that the future Azure VM will get can be seen and changed.",
        section=_VERIFY,
        evidence=Grade.DOCUMENTED,
        checks=(Check.TRACE,),
    ),
    Requirement(
        id="R14",
        sentence="The operating system disk and the data disks of the VM are shown.",
        section=_VERIFY,
        evidence=Grade.DOCUMENTED,
        checks=(Check.TRACE,),
    ),
)
