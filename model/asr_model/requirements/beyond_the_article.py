"""X01 to X22: what the article does not say, from traffic, inference and the adapter contract."""

from __future__ import annotations

from functools import partial

from asr_model.requirements.requirement import DATA, FAULT, TIMING, TRACE, Grade, Requirement
from asr_model.vocabulary import Operation

_observed = partial(Requirement, section="Observed in real traffic", evidence=Grade.OBSERVED)
_inferred = partial(Requirement, section="Inferred", evidence=Grade.INFERRED)
_contract = partial(Requirement, section="Adapter contract", evidence=Grade.CONTRACT)

_DRILL = (Operation.TEST_FAILOVER, Operation.CLEAN_UP_TEST_FAILOVER)

BEYOND_THE_ARTICLE = (
    _observed("X01", TRACE,
        "The id and name of an item stay the same over a full cycle, while its instance type alternates."),
    _inferred("X02", TRACE, "An operation that the item does not list as allowed is refused without side effect.",
        note="For this provider no refusal was ever seen in a recording."),
    _observed("X03", TRACE,
        "In failed_over change_recovery_point, commit and reprotect are allowed; in failover_committed the first two "
        "are not."),
    _observed("X04", TRACE,
        "In failed_back cancel_failover, commit and reprotect are allowed; change_recovery_point and planned_failover "
        "are not."),
    _observed("X05", TRACE,
        "In reverse_protected planned_failover and disable_replication are allowed and nothing else is.",
        note="The adapter contract leaves resynchronize optional there."),
    _observed("X06", TRACE, "A reprotect of an item that waits for commit commits it implicitly.",
        ambiguities=("A2", "A3")),
    _observed("X07", TRACE, "Planned failover and its cancellation may follow each other any number of times.",
        note="A planned failover after a cancel is recorded once; that it may be repeated is inferred from it.",
        says_more=True),
    _observed("X08", TRACE,
        "A long-running operation that ended as succeeded may still carry a warning in its error field.",
        only_arm_shows_it=True,
        note="Judged through the ARM API and recordings only; the adapter contract does not show it."),
    _observed("X09", TRACE,
        "The job id is the operation id, and the jobs of all lifecycle operations are listed with their scenario.",
        only_arm_shows_it=True,
        note="Judged through the ARM API and recordings only; the adapter contract does not show it."),
    _inferred("X10", TRACE,
        "At any observation at most one site is active, and in failing_over and failing_back none needs to be.",
        note="Agrees with every recorded item, but both phases were seen only through their jobs. After a failover "
             "was aborted it is not judged between disable_replication and the next protected."),
    _observed("X11", FAULT, "A protected item whose health is critical still allows fail_over.",
        note="The operation was seen listed in that condition; it was not seen run."),
    _observed("X12", TRACE, "In every steady phase disable_replication is allowed, except while a drill is active.",
        ambiguities=("A12",),
        note="Seen listed in every recorded steady phase; the exception comes from an example of the REST "
             "specification."),
    _contract("X13", TRACE + DATA,
        "A drill leaves the phase, replication, the recovery points and the production machines alone.",
        takes_operations=_DRILL),
    _contract("X14", TRACE, "A drill ends only by its cleanup, which the user asks for.",
        ambiguities=("A11",), takes_operations=_DRILL),
    _contract("X15", TRACE, "While a drill awaits its cleanup, no operation but the cleanup is accepted.",
        ambiguities=("A12",), takes_operations=_DRILL, note="Judged unless the user turns it off."),
    _contract("X16", TRACE + DATA, "Reprotect towards on-premises turns the on-premises machine off."),
    _contract("X17", TRACE + DATA,
        "Commit of a failback removes the machine in Azure and, with it, the way back.",
        ambiguities=("A2", "A23")),
    _contract("X18", FAULT,
        "A failed failover to Azure leaves the active site as it was, can be retried and cannot be committed.",
        ambiguities=("A25",), note="The phase then reads failover_failed or protected."),
    _contract("X19", TRACE, "Disabling replication deletes the recovery points, and nothing comes back afterwards.",
        says_more=True),
    _contract("X20", TRACE + TIMING, "Recovery points are created at their interval and pruned as the retention says.",
        ambiguities=("A22",), note="Pruning is judged with a tolerance of one interval, each kind of point by itself."),
    _contract("X21", TRACE, "An operation that the item lists as allowed is accepted.",
        note="Unless its arguments, or a fault or surroundings that are a precondition of it, decide otherwise."),
    _contract("X22", TRACE + FAULT,
        "A new item forgets everything before it, clearing a fault works, and lists are newest first."),
)  # fmt: skip
