"""X01 to X22: what the article does not say, from traffic, inference and the adapter contract."""

from __future__ import annotations

from asr_model.requirements.requirement import Check, Grade, Requirement

_OBSERVED = "Observed in real traffic"
_INFERRED = "Inferred"
_CONTRACT = "Adapter contract"

BEYOND_THE_ARTICLE: tuple[Requirement, ...] = (
    Requirement(
        id="X01",
        sentence="The id and name of an item stay the same over a full cycle, while its instance type alternates.",
        section=_OBSERVED,
        evidence=Grade.OBSERVED,
        checks=(Check.TRACE,),
    ),
    Requirement(
        id="X02",
        sentence="An operation that the item does not list as allowed is refused without side effect.",
        section=_INFERRED,
        evidence=Grade.INFERRED,
        checks=(Check.TRACE,),
        note="For this provider no refusal was ever seen in a recording.",
    ),
    Requirement(
        id="X03",
        sentence=(
            "In failed_over change_recovery_point, commit and reprotect are allowed; in failover_committed the first "
            "two are not."
        ),
        section=_OBSERVED,
        evidence=Grade.OBSERVED,
        checks=(Check.TRACE,),
    ),
    Requirement(
        id="X04",
        sentence=(
            "In failed_back cancel_failover, commit and reprotect are allowed; change_recovery_point and "
            "planned_failover are not."
        ),
        section=_OBSERVED,
        evidence=Grade.OBSERVED,
        checks=(Check.TRACE,),
    ),
    Requirement(
        id="X05",
        sentence="In reverse_protected planned_failover and disable_replication are allowed and nothing else is.",
        section=_OBSERVED,
        evidence=Grade.OBSERVED,
        checks=(Check.TRACE,),
        note="The adapter contract leaves resynchronize optional there.",
    ),
    Requirement(
        id="X06",
        sentence="A reprotect of an item that waits for commit commits it implicitly.",
        section=_OBSERVED,
        evidence=Grade.OBSERVED,
        checks=(Check.TRACE,),
        ambiguities=("A2", "A3"),
    ),
    Requirement(
        id="X07",
        sentence="Planned failover and its cancellation may follow each other any number of times.",
        section=_OBSERVED,
        evidence=Grade.OBSERVED,
        checks=(Check.TRACE,),
        note="A planned failover after a cancel is recorded once; that it may be repeated is inferred from it.",
    ),
    Requirement(
        id="X08",
        sentence="A long-running operation that ended as succeeded may still carry a warning in its error field.",
        section=_OBSERVED,
        evidence=Grade.OBSERVED,
        checks=(Check.TRACE,),
        note="Judged through the ARM API and recordings only; the adapter contract does not show it.",
    ),
    Requirement(
        id="X09",
        sentence=(
            "The job id is the operation id, and the jobs of all lifecycle operations are listed with their scenario."
        ),
        section=_OBSERVED,
        evidence=Grade.OBSERVED,
        checks=(Check.TRACE,),
        note="Judged through the ARM API and recordings only; the adapter contract does not show it.",
    ),
    Requirement(
        id="X10",
        sentence=(
            "At any observation at most one site is active, and in failing_over and failing_back none needs to be."
        ),
        section=_INFERRED,
        evidence=Grade.INFERRED,
        checks=(Check.TRACE,),
        note=(
            "Agrees with every recorded item, but both phases were seen only through their jobs. After a failover was "
            "aborted it is not judged between disable_replication and the next protected."
        ),
    ),
    Requirement(
        id="X11",
        sentence="A protected item whose health is critical still allows fail_over.",
        section=_OBSERVED,
        evidence=Grade.OBSERVED,
        checks=(Check.FAULT,),
        note="The operation was seen listed in that condition; it was not seen run.",
    ),
    Requirement(
        id="X12",
        sentence="In every steady phase disable_replication is allowed, except while a drill is active.",
        section=_OBSERVED,
        evidence=Grade.OBSERVED,
        checks=(Check.TRACE,),
        ambiguities=("A12",),
        note=(
            "Seen listed in every recorded steady phase; the exception comes from an example of the REST specification."
        ),
    ),
    Requirement(
        id="X13",
        sentence="A drill leaves the phase, replication, the recovery points and the production machines alone.",
        section=_CONTRACT,
        evidence=Grade.CONTRACT,
        checks=(Check.TRACE, Check.DATA),
    ),
    Requirement(
        id="X14",
        sentence="A drill ends only by its cleanup, which the user asks for.",
        section=_CONTRACT,
        evidence=Grade.CONTRACT,
        checks=(Check.TRACE,),
        ambiguities=("A11",),
    ),
    Requirement(
        id="X15",
        sentence="While a drill awaits its cleanup, no operation but the cleanup is accepted.",
        section=_CONTRACT,
        evidence=Grade.CONTRACT,
        checks=(Check.TRACE,),
        ambiguities=("A12",),
        note="Judged unless the user turns it off.",
    ),
    Requirement(
        id="X16",
        sentence="Reprotect towards on-premises turns the on-premises machine off.",
        section=_CONTRACT,
        evidence=Grade.CONTRACT,
        checks=(Check.TRACE, Check.DATA),
    ),
    Requirement(
        id="X17",
        sentence="Commit of a failback removes the machine in Azure and, with it, the way back by cancel_failover.",
        section=_CONTRACT,
        evidence=Grade.CONTRACT,
        checks=(Check.TRACE, Check.DATA),
        ambiguities=("A2", "A23"),
    ),
    Requirement(
        id="X18",
        sentence="A failed failover to Azure leaves the active site as it was, can be retried and cannot be committed.",
        section=_CONTRACT,
        evidence=Grade.CONTRACT,
        checks=(Check.FAULT,),
        ambiguities=("A25",),
        note="The phase then reads failover_failed or protected.",
    ),
    Requirement(
        id="X19",
        sentence="Disabling replication deletes the recovery points, and nothing comes back afterwards.",
        section=_CONTRACT,
        evidence=Grade.CONTRACT,
        checks=(Check.TRACE,),
    ),
    Requirement(
        id="X20",
        sentence="Recovery points are created at their interval and pruned as the retention says.",
        section=_CONTRACT,
        evidence=Grade.CONTRACT,
        checks=(Check.TRACE, Check.TIMING),
        ambiguities=("A22",),
        note="Pruning is judged with a tolerance of one interval, each kind of point by itself.",
    ),
    Requirement(
        id="X21",
        sentence="An operation that the item lists as allowed is accepted.",
        section=_CONTRACT,
        evidence=Grade.CONTRACT,
        checks=(Check.TRACE,),
        note="Unless its arguments, or a fault or surroundings that are a precondition of it, decide otherwise.",
    ),
    Requirement(
        id="X22",
        sentence="A new item forgets everything before it, clearing a fault works, and lists are newest first.",
        section=_CONTRACT,
        evidence=Grade.CONTRACT,
        checks=(Check.TRACE, Check.FAULT),
    ),
)
