"""Where acceptance is open, the list of operations tells it all the same (contract 2, 15).

Classic may or may not offer reprotect before the commit or to a member of a group, and a failback after one that
failed. What it lists it accepts, what it does not list it refuses. A request may be refused by its job, so that it is
judged when the job has ended.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from asr_model.lifecycle.phase_sets import PHASE_SETS
from asr_model.vocabulary import Answer, Operation
from asr_properties.evidence.step import Step
from asr_properties.evidence.unknown import UNKNOWN
from asr_properties.specification.of_profile import CLASSIC
from asr_properties.specification.relations.relation import Judgement, Monitor, Relation

UNLISTED_IS_REFUSED = {
    operation: Relation(
        name=f"unlisted_{operation}_is_refused",
        requirements=("X02",),
        says=f"{operation} that is not listed is refused, where the documentation leaves its acceptance open",
        seen="{operation} was not listed; {answer}",
        right="refused, at once or by its job",
        needs=("allowed",),
        profiles=CLASSIC,
    )
    for operation in (Operation.REPROTECT, Operation.FAIL_OVER)
}
LISTED_IS_ACCEPTED = {
    operation: Relation(
        name=f"listed_{operation}_is_accepted",
        requirements=("X21",),
        says=f"{operation} that is listed is accepted, where the documentation leaves its acceptance open",
        seen="{operation} was listed; {answer}",
        right="accepted, and a job that succeeds",
        needs=("allowed",),
        profiles=CLASSIC,
    )
    for operation in (Operation.REPROTECT, Operation.FAIL_OVER)
}

RELATIONS = (*UNLISTED_IS_REFUSED.values(), *LISTED_IS_ACCEPTED.values())

_EXCUSES = {
    Operation.REPROTECT: frozenset({"impaired", "datastore_hidden", "appliance_unknown", "agent_registering"}),
    Operation.FAIL_OVER: frozenset({"impaired", "failover_faulty", "planned_failover_faulty", "shutdown_faulty"}),
}
"""Surroundings in which what is listed may be refused or fail."""

_COMMITTED = frozenset({"failover_committed", "failback_committed"})


class _Asked(NamedTuple):
    """A request whose job still runs; excused: something excuses that it fails."""

    operation: Operation
    listed: bool
    excused: bool


class OpenAcceptance(Monitor):
    """Remembers what was asked for where acceptance is open, until it is known how it was answered."""

    def begin_item(self) -> None:
        self._asked: dict[str, _Asked] = {}

    def enter(self, step: Step) -> Iterator[Judgement]:
        if step.event == Operation.CANCEL_JOB or step.faults:
            self._asked = {job: asked._replace(excused=True) for job, asked in self._asked.items()}
        asked = _asked(step)
        if asked is not None and step.response is Answer.REFUSED:
            yield from _judge(asked, "refused", succeeded=False)
        elif asked is not None and step.job is not None:
            self._asked[step.job] = asked
        for ended in step.ended:
            earlier = self._asked.pop(ended.id, None)
            if earlier is not None:
                state = ended.job.state
                yield from _judge(earlier, f"accepted, and its job {state}", succeeded=state == "succeeded")


def _asked(step: Step) -> _Asked | None:
    """What was asked for, where its acceptance is open and the list was seen."""
    phase = step.agreed_before.phase
    if step.event == Operation.REPROTECT:
        of_a_group = phase in _COMMITTED and "in_a_group" in step.surroundings
        is_open = phase in PHASE_SETS["awaiting_commit"] or of_a_group
    else:
        plain = step.event == Operation.FAIL_OVER and step.recovery_point == "latest"
        is_open = plain and phase == "reverse_protected" and step.agreed_before.failback_failed
    if not is_open or step.was.allowed is UNKNOWN or step.may_resynchronize:
        return None
    operation = Operation(step.event)
    excused = not _EXCUSES[operation].isdisjoint(step.surroundings)
    return _Asked(operation, operation in step.was.allowed, excused)


def _judge(asked: _Asked, answer: str, *, succeeded: bool) -> Iterator[Judgement]:
    operation = asked.operation
    if not asked.listed:
        yield UNLISTED_IS_REFUSED[operation].judged(not succeeded, operation=operation, answer=answer)
    elif succeeded or not asked.excused:
        yield LISTED_IS_ACCEPTED[operation].judged(succeeded, operation=operation, answer=answer)
