"""Faults of the surroundings: what is seen while they are on, and what works once they are over (contract 7)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from asr_model.vocabulary import Answer, Fault, Operation, Site
from asr_properties.evidence.step import Step
from asr_properties.evidence.unknown import UNKNOWN, known
from asr_properties.specification.of_profile import MODERNIZED
from asr_properties.specification.relations.relation import Judgement, Monitor, Relation

AZURE_IS_OFF = Relation(
    name="switched_off_azure_machine_reads_off",
    requirements=("R55",),
    says="while the machine in Azure is switched off, it reads off",
    seen="fault azure_vm_off is on; the machine in Azure reads {azure}",
    right="off",
    needs=("azure",),
)

_OPERATION = {
    Fault.REPLICATION_UNHEALTHY: (Operation.PLANNED_FAILOVER, "R45"),
    Fault.APPLIANCE_UNHEALTHY: (Operation.PLANNED_FAILOVER, "R46"),
    Fault.AZURE_VM_OFF: (Operation.PLANNED_FAILOVER, "R55"),
    Fault.MOBILITY_AGENT_STOPPED: (Operation.PLANNED_FAILOVER, "R56"),
    Fault.SERVICE_URLS_BLOCKED: (Operation.PLANNED_FAILOVER, "R58"),
    Fault.DATASTORE_UNREACHABLE: (Operation.REPROTECT, "R89"),
}
"""Fault -> an operation that needs the fault to be over, and the requirement that says so."""

NEEDS_IT_OVER: Mapping[str, tuple[str, ...]] = {fault: (rule,) for fault, (_, rule) in _OPERATION.items()}
"""Fault -> the requirements by which something needs the fault to be over."""

WORKS_AGAIN = {
    fault: Relation(
        name=f"{operation}_works_after_{fault}",
        requirements=(requirement,),
        says=f"once {fault} is over, {operation} is accepted and succeeds again",
        seen="{fault} is over; {operation}: {answer}",
        right="accepted, and a job that succeeds",
        profiles=MODERNIZED if operation is Operation.PLANNED_FAILOVER else None,
    )
    for fault, (operation, requirement) in _OPERATION.items()
}

RELATIONS = (AZURE_IS_OFF, *WORKS_AGAIN.values())


class AfterFaults(Monitor):
    """Remembers which faults are over, and which operations that needed that were asked for since."""

    # Where an operation still fails after a fault, no model state agrees with that. This monitor sees the step all the
    # same, because it names the fault, which tells more than that the operation must work.
    needs_agreement = False

    def begin_item(self) -> None:
        self._on: set[str] = set()
        self._over: set[str] = set()
        self._asked: tuple[str, list[Fault]] | None = None

    def enter(self, step: Step) -> Iterator[Judgement]:
        is_on = Fault.AZURE_VM_OFF in step.faults and step.event != "clear"
        if is_on and step.agreed.site is Site.AZURE and step.now.azure is not UNKNOWN:
            yield AZURE_IS_OFF.judged(step.now.azure == "off", azure=step.now.azure)
        self._over |= self._on - step.faults
        self._on |= step.faults
        if known(step.surroundings) != frozenset():
            self._over -= step.faults
            self._asked = None
            return
        yield from self._ended(step)
        yield from self._begun(step)
        yield from self._ended(step)  # what has just begun may have taken no time

    def _ended(self, step: Step) -> Iterator[Judgement]:
        for ended in step.ended:
            if self._asked is not None and ended.id == self._asked[0]:
                for fault in self._asked[1]:
                    if ended.job.state != "cancelled":
                        state = ended.job.state
                        yield _works_again(fault, f"accepted, and its job {state}", works=state == "succeeded")
                self._asked = None

    def _begun(self, step: Step) -> Iterator[Judgement]:
        needing = [fault for fault, (operation, _) in _OPERATION.items() if operation == step.event]
        over = [fault for fault in needing if fault in self._over]
        if over and _must_be_accepted(step):
            if step.response is Answer.REFUSED:
                yield from (_works_again(fault, "refused", works=False) for fault in over)
            elif step.job is not None:
                self._asked = (step.job, over)


def _works_again(fault: Fault, answer: str, *, works: bool) -> Judgement:
    return WORKS_AGAIN[fault].judged(works, fault=fault, operation=_OPERATION[fault][0], answer=answer)


def _must_be_accepted(step: Step) -> bool:
    """Whether the item must accept what was asked for: it is in the right phase for certain, the arguments are plain,
    and nothing else may be going on."""
    if step.may_resynchronize:
        return False
    if step.event == Operation.PLANNED_FAILOVER:
        return step.agreed_before.phase == "reverse_protected" and step.recovery_point_type == "crash_consistent"
    return step.agreed_before.phase in ("failover_committed", "failback_committed")
