"""R43 to R54: the section "Planned failover from Azure to on-premises" of the article."""

from __future__ import annotations

from functools import partial

from asr_model.requirements.requirement import (
    CONFIGURATION,
    DATA,
    FAULT,
    INFORMATIVE,
    TRACE,
    WORKS_AGAIN,
    Grade,
    Requirement,
)

_r = partial(Requirement, section="Planned failover from Azure to on-premises", evidence=Grade.DOCUMENTED)

PLANNED_FAILOVER = (
    _r("R43", TRACE, "A VM can be failed over from Azure to on-premises by a planned failover.",
        ambiguities=("A8",), note="Accepted in reverse_protected only, that is after a reprotect."),
    _r("R44", TRACE + DATA, "The recovery point of a planned failover is generated after its job is triggered.",
        ambiguities=("A5",),
        note="Read as: nothing is lost with crash_consistent; app_consistent may use an older point."),
    _r("R45", FAULT, "The replication health of the machine must be healthy before a planned failover.",
        assumed=WORKS_AGAIN, ambiguities=("A16",),
        note="Whether it is enforced is not known: to refuse, or to run, fail and revert, is allowed."),
    _r("R46", FAULT, "The appliance and all of its components must be healthy before a planned failover.",
        assumed=WORKS_AGAIN, ambiguities=("A16",),
        note="Whether it is enforced is not known: to refuse, or to run, fail and revert, is allowed."),
    _r("R47", TRACE + DATA, "Once a planned failover is triggered, pending changes are copied to on-premises.",
        ambiguities=("A5",), note="Full delivery is judged with crash_consistent only."),
    _r("R48", TRACE + DATA, "Once a planned failover is triggered, a latest recovery point of the VM is generated.",
        ambiguities=("A5",), note="Judged by the data, with crash_consistent only."),
    _r("R49", TRACE + DATA, "A planned failover shuts the Azure VM down.",
        note="Judged by the order of the job's tasks where they bear the service's names, and by the machine."),
    _r("R50", TRACE + DATA,
        "A planned failover turns the on-premises machine on only after the Azure VM is shut down.",
        note="Judged by the order of the job's tasks where they bear the service's names, and by the machines."),
    _r("R51", TRACE, "After a successful planned failover the machine is active on-premises.",
        ambiguities=("A18",), note="The active site is meant; the service's own activeLocation then reads Recovery.",
        says_more=True),
    _r("R52", CONFIGURATION, "The iSCSI configuration of a VM is retained in Azure when it is failed over.",
        takes_configuration="iscsi_disks"),
    _r("R53", CONFIGURATION,
        "A planned failover cannot retain the iSCSI configuration and creates vmdk disks on-premises instead.",
        takes_configuration="iscsi_disks"),
    _r("R54", INFORMATIVE, "Duplicate disks are removed by deleting the iSCSI disk, whose data is in the vmdk disk.",
        note="A task for the operator, done outside the service."),
)  # fmt: skip
