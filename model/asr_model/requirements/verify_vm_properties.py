"""R09 to R14: the section "Verify VM properties" of the article."""

from __future__ import annotations

from functools import partial

from asr_model.requirements.requirement import CONFIGURATION, TRACE, Grade, Requirement

_r = partial(Requirement, section="Verify VM properties", evidence=Grade.DOCUMENTED)

VERIFY_VM_PROPERTIES = (
    _r("R09", CONFIGURATION, "A VM should be found to meet the requirements of Azure before it is failed over.",
        beyond_contract="the contract does not show what Azure requires of a machine"),
    _r("R10", TRACE, "The replicated item shows a summary of the VM, its health and its latest recovery points."),
    _r("R11", TRACE,
        "Azure name, resource group, target size and managed-disk settings can be changed before a failover.",
        beyond_contract="the contract has no settings of the future Azure machine"),
    _r("R12", TRACE, "The network and subnet of the future Azure VM can be seen and changed.",
        beyond_contract="the contract does not show networks"),
    _r("R13", TRACE, "The IP address that the future Azure VM will get can be seen and changed.",
        beyond_contract="the contract does not show addresses"),
    _r("R14", TRACE, "The operating system disk and the data disks of the VM are shown.",
        beyond_contract="the contract does not show disks one by one"),
)  # fmt: skip
