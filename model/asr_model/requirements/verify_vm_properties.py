"""R09 to R14: the section "Verify VM properties" of the article."""

from __future__ import annotations

from functools import partial

from asr_model.requirements.requirement import CONFIGURATION, TRACE, Grade, Requirement

_r = partial(Requirement, section="Verify VM properties", evidence=Grade.DOCUMENTED)

VERIFY_VM_PROPERTIES = (
    _r("R09", CONFIGURATION, "A VM should be found to meet the requirements of Azure before it is failed over.",
        note="Judged by changes of the settings: what Azure can never have does not become one."),
    _r("R10", TRACE, "The replicated item shows a summary of the VM, its health and its latest recovery points."),
    _r("R11", TRACE,
        "Azure name, resource group, target size and managed-disk settings can be changed before a failover.",
        note="And the machine in Azure gets them as they stand when the failover is accepted."),
    _r("R12", TRACE, "The network and subnet of the future Azure VM can be seen and changed.",
        note="And the machine in Azure gets them as they stand when the failover is accepted."),
    _r("R13", TRACE, "The IP address that the future Azure VM will get can be seen and changed.",
        note="And the machine in Azure gets it as it stands when the failover is accepted."),
    _r("R14", TRACE, "The operating system disk and the data disks of the VM are shown."),
)  # fmt: skip
