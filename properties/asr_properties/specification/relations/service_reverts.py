"""In Classic the service reverts nothing: a failback can be neither cancelled nor undone (R75, contract 15)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from asr_model.vocabulary import Operation
from asr_properties.contract.messages import Job
from asr_properties.evidence.step import Step
from asr_properties.evidence.tasks import REVERT
from asr_properties.evidence.unknown import known
from asr_properties.specification.of_profile import CLASSIC
from asr_properties.specification.relations.relation import Judgement, Monitor, Relation

NEVER_REVERTED = Relation(
    name="failback_is_not_reverted_by_the_service",
    requirements=("R75",),
    says="the service begins no job by itself that cancels a failback",
    seen="jobs of the scenario {scenario} that nobody asked for: {reverts}",
    right="none",
    profiles=CLASSIC,
)

RELATIONS = (NEVER_REVERTED,)


class ServiceReverts(Monitor):
    """Remembers the cancels that were asked for: each may have a job, which refuses it."""

    needs_agreement = False  # what such a job changes is what no model state agrees with

    def begin_item(self) -> None:
        self._asked: set[str | None] = set()

    def enter(self, step: Step) -> Iterator[Judgement]:
        if step.event == Operation.CANCEL_FAILOVER:
            self._asked.add(step.job)
        running: Mapping[str, Job] = known(step.now.running) or {}
        reverts = {job for job, seen in running.items() if seen.scenario == REVERT}
        failed = any(job.operation == Operation.FAIL_OVER and job.job.state == "failed" for job in step.ended)
        if reverts or (failed and step.agreed_before.phase == "failing_back"):
            unasked = reverts - self._asked
            yield NEVER_REVERTED.judged(not unasked, scenario=REVERT, reverts=unasked)
