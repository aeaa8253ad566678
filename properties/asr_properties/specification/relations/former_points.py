"""Recovery points of a former life: in the next they name nothing (contract 14)."""

from __future__ import annotations

from collections.abc import Iterator

from asr_model.lifecycle.phase_sets import PHASE_SETS
from asr_model.vocabulary import Answer
from asr_properties.evidence.step import Step
from asr_properties.evidence.unknown import known
from asr_properties.specification.relations.relation import Judgement, Monitor, Relation
from asr_properties.specification.rule import OBSERVED

NOT_ACCEPTED = Relation(
    name="points_of_a_former_life_are_refused",
    requirements=("X19",),
    says="an operation that names a recovery point from before replication was disabled is refused",
    seen="named: {point}, listed before replication was disabled; {answer}",
    right="refused, at once or by its job",
    evidence=OBSERVED,
)
NOT_NAMED = Relation(
    name="points_of_a_former_life_are_not_in_use",
    requirements=("X19",),
    says="an item that is protected again does not name a recovery point from before replication was disabled",
    seen="point in use: {in_use}, listed before replication was disabled",
    right="none, or one listed since then",
    needs=("in_use_id",),
    evidence=OBSERVED,
)

RELATIONS = (NOT_ACCEPTED, NOT_NAMED)

NO_DRILL = "no_drill"


class FormerPoints(Monitor):
    """Remembers the recovery points of each life, and the jobs of operations that named one of a former life."""

    # Where such an operation is accepted, no model state agrees. This monitor sees the step all the same, because it
    # knows that the id is not just any that names no point.
    needs_agreement = False

    def begin_item(self) -> None:
        self._now: set[str] = set()
        self._former: set[str] = set()
        self._asked: dict[str, str] = {}  # job -> the point that was named

    def enter(self, step: Step) -> Iterator[Judgement]:
        if self._former:
            yield from self._named(step)
            told = "failover_recovery_point" in step.fields and known(step.now.item) is not None
            if told and step.agreed.phase in PHASE_SETS["from_protected_on"]:
                in_use = known(step.now.in_use_id)
                yield NOT_NAMED.judged(in_use not in self._former, in_use=in_use)
        if step.agreed.phase == "not_replicated" and step.agreed_before.phase != "not_replicated":
            self._former |= self._now
            self._now.clear()
        elif step.agreed.phase in PHASE_SETS["from_protected_on"]:
            in_use = known(step.now.in_use_id)
            self._now.update({point.id for point in step.now.listed}, () if in_use is None else {in_use})
            self._now -= self._former  # a point that came back is still one of the former life

    def _named(self, step: Step) -> Iterator[Judgement]:
        """The operations that name one, and how their jobs end: a job may refuse (contract 1)."""
        point = step.sent.get("recovery_point")
        if point in self._former:
            if step.job is not None and known(step.was.drill) == NO_DRILL != (known(step.now.drill) or NO_DRILL):
                yield NOT_ACCEPTED.judged(False, point=point, answer="a drill began")
            elif step.job is not None:
                self._asked[step.job] = str(point)
            elif step.response is Answer.REFUSED:
                yield NOT_ACCEPTED.judged(True, point=point, answer="refused")
        for ended in step.ended:
            if ended.id in self._asked:
                named, state = self._asked.pop(ended.id), ended.job.state
                yield NOT_ACCEPTED.judged(state != "succeeded", point=named, answer=f"its job {state}")
