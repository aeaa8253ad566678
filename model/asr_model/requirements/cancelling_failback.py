"""R59 to R84: cancelling a planned failover, and a planned failover that fails."""

from __future__ import annotations

from asr_model.requirements.requirement import Check, Grade, Requirement

_CANCEL = "Cancel planned failover"
_FAILURE = "Planned failover - failure"

CANCELLING_FAILBACK: tuple[Requirement, ...] = (
    Requirement(
        id="R59",
        sentence="A planned failover can be cancelled when on-premises is not ready or there are problems.",
        section=_CANCEL,
        evidence=Grade.DOCUMENTED,
        checks=(Check.TRACE,),
        ambiguities=("A4",),
        note="Judged in failed_back and failback_cancel_failed; left free while the planned failover still runs.",
    ),
    Requirement(
        id="R60",
        sentence="After a cancel the planned failover can be run again at any later time.",
        section=_CANCEL,
        evidence=Grade.DOCUMENTED,
        checks=(Check.TRACE,),
    ),
    Requirement(
        id="R61",
        sentence="Cancelling is an operation on the replicated item, Cancel Failover, which the user confirms.",
        section=_CANCEL,
        evidence=Grade.DOCUMENTED,
        checks=(Check.TRACE,),
    ),
    Requirement(
        id="R62",
        sentence="The user should read how the cancellation will proceed.",
        section=_CANCEL,
        evidence=Grade.DOCUMENTED,
        checks=(Check.INFORMATIVE,),
        note="Advice to the operator about a text in the portal.",
    ),
    Requirement(
        id="R63",
        sentence="If something keeps the service from cancelling, the job recommends steps to take.",
        section=_CANCEL,
        evidence=Grade.DOCUMENTED,
        checks=(Check.FAULT,),
    ),
    Requirement(
        id="R64",
        sentence="After the recommended steps were followed, the cancellation can be retried.",
        section=_CANCEL,
        evidence=Grade.DOCUMENTED,
        checks=(Check.FAULT,),
    ),
    Requirement(
        id="R65",
        sentence="The cancellation cancels the planned failover that preceded it.",
        section=_CANCEL,
        evidence=Grade.DOCUMENTED,
        checks=(Check.TRACE,),
    ),
    Requirement(
        id="R66",
        sentence="Cancelling returns the machine in Azure to the state just before the planned failover was triggered.",
        section=_CANCEL,
        evidence=Grade.DOCUMENTED,
        checks=(Check.TRACE, Check.DATA),
        ambiguities=("A24",),
        note="State means reverse_protected, active and on in Azure with its data; times and ids may differ.",
    ),
    Requirement(
        id="R67",
        sentence=(
            "A planned failover detaches the disks from the appliance and snapshots them before the VM is powered on."
        ),
        section=_CANCEL,
        evidence=Grade.DOCUMENTED,
        checks=(Check.INFORMATIVE,),
        note="An internal order that a black box does not show; its effect is judged by R68 and R69.",
    ),
    Requirement(
        id="R68",
        sentence="On cancel all changes that were made are reverted.",
        section=_CANCEL,
        evidence=Grade.DOCUMENTED,
        checks=(Check.TRACE, Check.DATA),
        ambiguities=("A24",),
        note="What was written on-premises since the machine was turned on is therefore discarded.",
    ),
    Requirement(
        id="R69",
        sentence="On cancel the disks are restored from the snapshots to their state before the VM was powered on.",
        section=_CANCEL,
        evidence=Grade.DOCUMENTED,
        checks=(Check.TRACE, Check.DATA),
        ambiguities=("A24",),
    ),
    Requirement(
        id="R70",
        sentence="On cancel the disks are attached to the appliance again and replication resumes.",
        section=_CANCEL,
        evidence=Grade.DOCUMENTED,
        checks=(Check.TRACE,),
        note="Judged by replication being resumed; the appliance's disks are not visible.",
    ),
    Requirement(
        id="R71",
        sentence=(
            "On cancel, changes are reverted, then disks are restored, then they are attached and replication resumes."
        ),
        section=_CANCEL,
        evidence=Grade.DOCUMENTED,
        checks=(Check.TRACE,),
        note=(
            "Judged by the order of the job's tasks where they bear the service's names; otherwise nothing is "
            "concluded."
        ),
    ),
    Requirement(
        id="R72",
        sentence="A VM or application that does not come up, or the user's wish, is reason enough for a cancel.",
        section=_CANCEL,
        evidence=Grade.DOCUMENTED,
        checks=(Check.TRACE, Check.FAULT),
        note="The reasons are examples: cancel_failover does not depend on any of them.",
    ),
    Requirement(
        id="R73",
        sentence="Cancelling a planned failover works differently from the Classic architecture.",
        section=_CANCEL,
        evidence=Grade.DOCUMENTED,
        checks=(Check.INFORMATIVE,),
        note="Announces R74 and R75, by which the difference is judged.",
    ),
    Requirement(
        id="R74",
        sentence="In the Modernized architecture failback can be done again at a later time.",
        section=_CANCEL,
        evidence=Grade.DOCUMENTED,
        checks=(Check.TRACE,),
    ),
    Requirement(
        id="R75",
        sentence="In the Classic architecture failback cannot be cancelled and retried, whatever the reason.",
        section=_CANCEL,
        evidence=Grade.DOCUMENTED,
        checks=(Check.TRACE,),
        note="Judged by a refusal, for implementations of the classic profile only.",
    ),
    Requirement(
        id="R76",
        sentence="Only a planned failover from Azure to on-premises can be cancelled.",
        section=_CANCEL,
        evidence=Grade.DOCUMENTED,
        checks=(Check.TRACE,),
        ambiguities=("A1",),
        note="Judged by the refusal of cancel_failover elsewhere; cancelling a running job is another operation.",
    ),
    Requirement(
        id="R77",
        sentence="A failover from on-premises to Azure cannot be cancelled.",
        section=_CANCEL,
        evidence=Grade.DOCUMENTED,
        checks=(Check.TRACE,),
        ambiguities=("A1",),
        note="Judged by the refusal of cancel_failover; cancelling the running job is another operation (R33).",
    ),
    Requirement(
        id="R78",
        sentence="If a planned failover fails, the service itself starts a job that cancels it.",
        section=_FAILURE,
        evidence=Grade.DOCUMENTED,
        checks=(Check.FAULT,),
    ),
    Requirement(
        id="R79",
        sentence="The job that the service starts brings back the state just before the planned failover.",
        section=_FAILURE,
        evidence=Grade.DOCUMENTED,
        checks=(Check.FAULT, Check.DATA),
    ),
    Requirement(
        id="R80",
        sentence="If cancelling the last planned failover fails, the user is prompted to cancel it manually.",
        section=_FAILURE,
        evidence=Grade.DOCUMENTED,
        checks=(Check.FAULT,),
    ),
    Requirement(
        id="R81",
        sentence="The failed planned failover operation itself carries the information that a manual cancel is needed.",
        section=_FAILURE,
        evidence=Grade.DOCUMENTED,
        checks=(Check.FAULT,),
        note="Judged in failback_cancel_failed: the planned failover job has at least one error.",
    ),
    Requirement(
        id="R82",
        sentence="The replicated item shows as a health issue that a manual cancel is needed.",
        section=_FAILURE,
        evidence=Grade.DOCUMENTED,
        checks=(Check.FAULT,),
        note="Judged in failback_cancel_failed: the item has at least one health issue.",
    ),
    Requirement(
        id="R83",
        sentence="If the issue persists, support should be contacted.",
        section=_FAILURE,
        evidence=Grade.DOCUMENTED,
        checks=(Check.INFORMATIVE,),
        note="Advice to the operator.",
    ),
    Requirement(
        id="R84",
        sentence="Replication must not be disabled while the issue persists.",
        section=_FAILURE,
        evidence=Grade.DOCUMENTED,
        checks=(Check.INFORMATIVE,),
        ambiguities=("A14",),
        note="Advice to the operator: disable_replication is allowed, and the way back is then lost.",
    ),
)
