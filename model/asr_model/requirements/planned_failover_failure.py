"""R78 to R84: the section "Planned failover - failure" of the article."""

from __future__ import annotations

from functools import partial

from asr_model.requirements.requirement import DATA, FAULT, INFORMATIVE, Grade, Requirement

_r = partial(Requirement, section="Planned failover - failure", evidence=Grade.DOCUMENTED)

PLANNED_FAILOVER_FAILURE = (
    _r("R78", FAULT, "If a planned failover fails, the service itself starts a job that cancels it."),
    _r("R79", FAULT + DATA, "The job that the service starts brings back the state just before the planned failover."),
    _r("R80", FAULT, "If cancelling the last planned failover fails, the user is prompted to cancel it manually."),
    _r("R81", FAULT,
        "The failed planned failover operation itself carries the information that a manual cancel is needed.",
        note="Judged in failback_cancel_failed: the planned failover job has at least one error."),
    _r("R82", FAULT, "The replicated item shows as a health issue that a manual cancel is needed.",
        note="Judged in failback_cancel_failed: the item has at least one health issue."),
    _r("R83", INFORMATIVE, "If the issue persists, support should be contacted.",
        note="Advice to the operator."),
    _r("R84", INFORMATIVE, "Replication must not be disabled while the issue persists.",
        ambiguities=("A14",),
        note="Advice to the operator: disable_replication is allowed, and the way back is then lost."),
)  # fmt: skip
