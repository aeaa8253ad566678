"""R59 to R77: the section "Cancel planned failover" of the article."""

from __future__ import annotations

from functools import partial

from asr_model.requirements.requirement import DATA, FAULT, INFORMATIVE, TRACE, Grade, Requirement

_r = partial(Requirement, section="Cancel planned failover", evidence=Grade.DOCUMENTED)

CANCEL_PLANNED_FAILOVER = (
    _r("R59", TRACE, "A planned failover can be cancelled when on-premises is not ready or there are problems.",
        ambiguities=("A4",),
        note="Judged in failed_back and failback_cancel_failed; left free while the planned failover still runs."),
    _r("R60", TRACE, "After a cancel the planned failover can be run again at any later time.",
        says_more=True),
    _r("R61", TRACE, "Cancelling is an operation on the replicated item, Cancel Failover, which the user confirms."),
    _r("R62", INFORMATIVE, "The user should read how the cancellation will proceed.",
        note="Advice to the operator about a text in the portal."),
    _r("R63", FAULT, "If something keeps the service from cancelling, the job recommends steps to take."),
    _r("R64", FAULT, "After the recommended steps were followed, the cancellation can be retried."),
    _r("R65", TRACE, "The cancellation cancels the planned failover that preceded it."),
    _r("R66", TRACE + DATA,
        "Cancelling returns the machine in Azure to the state just before the planned failover was triggered.",
        ambiguities=("A24",),
        note="State means reverse_protected, active and on in Azure with its data; times and ids may differ."),
    _r("R67", INFORMATIVE,
        "A planned failover detaches the disks from the appliance and snapshots them before the VM is powered on.",
        note="An internal order that a black box does not show; its effect is judged by R68 and R69."),
    _r("R68", TRACE + DATA, "On cancel all changes that were made are reverted.",
        ambiguities=("A24",),
        note="What was written on-premises since the machine was turned on is therefore discarded."),
    _r("R69", TRACE + DATA,
        "On cancel the disks are restored from the snapshots to their state before the VM was powered on.",
        ambiguities=("A24",)),
    _r("R70", TRACE, "On cancel the disks are attached to the appliance again and replication resumes.",
        note="Judged by replication being resumed; the appliance's disks are not visible."),
    _r("R71", TRACE,
        "On cancel, changes are reverted, then disks are restored, then they are attached and replication resumes.",
        note="Judged by the order of the job's tasks where they bear the service's names; otherwise nothing is "
             "concluded."),
    _r("R72", TRACE + FAULT,
        "A VM or application that does not come up, or the user's wish, is reason enough for a cancel.",
        note="The reasons are examples: cancel_failover does not depend on any of them."),
    _r("R73", INFORMATIVE, "Cancelling a planned failover works differently from the Classic architecture.",
        note="Announces R74 and R75, by which the difference is judged."),
    _r("R74", TRACE, "In the Modernized architecture failback can be done again at a later time.",
        says_more=True),
    _r("R75", TRACE, "In the Classic architecture failback cannot be cancelled and retried, whatever the reason.",
        note="Judged by a refusal, for implementations of the classic profile only."),
    _r("R76", TRACE, "Only a planned failover from Azure to on-premises can be cancelled.",
        ambiguities=("A1",),
        note="Judged by the refusal of cancel_failover elsewhere; cancelling a running job is another operation."),
    _r("R77", TRACE, "A failover from on-premises to Azure cannot be cancelled.",
        ambiguities=("A1",),
        note="Judged by the refusal of cancel_failover; cancelling the running job is another operation (R33)."),
)  # fmt: skip
