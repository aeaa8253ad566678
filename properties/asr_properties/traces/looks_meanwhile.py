"""What a look at an item says while a job of it runs, in traffic of the service.

Which tokens an item then shows is not known but for a few (facts 1.1). So a look that shows what was shown before the
job says nothing of where the item is, as long as the job may be the reason: where the item itself names the job that
runs, and right after the request, which takes its time to have an effect.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable
from datetime import datetime
from typing import NamedTuple

from asr_model import profiles
from asr_model.lifecycle.phase_sets import PHASE_SETS
from asr_model.vocabulary import Answer, Operation
from asr_properties.contract.messages import Item
from asr_properties.evidence.observation import NOT_REPLICATED
from asr_properties.traces.exchange_facts import ItemKey
from asr_properties.traces.jobs_elsewhere import asked_for_by

HAS_NO_EFFECT_YET = 120
"""For so many seconds after it was accepted an operation may show no effect on the item at all."""

_DRILLS = (Operation.TEST_FAILOVER, Operation.CLEAN_UP_TEST_FAILOVER)
_UNKNOWN_THROUGHOUT = (Operation.ENABLE_REPLICATION, *_DRILLS)
_READS_AS_BEFORE = frozenset(PHASE_SETS["at_rest"]) - {"enabling_failed", "failover_failed", "failback_cancel_failed"}
"""A job that is named in another phase of rest may be the one that failed (facts 5.12, F9)."""

_ASKED_IN = {
    operation: frozenset(
        transition.source
        for profile in profiles.CHARTS
        for transition in profiles.efsm(profile).transitions
        if transition.event == operation and transition.variable == "phase"
    )
    for operation in Operation
}
"""The phases in which each operation can be asked for, by some profile."""

_OF_THE_PHASE = {"phase", "active_site", "allowed_operations", "replicating"}


class _Running(NamedTuple):
    """An operation that was accepted at a time and has not ended yet: its jobs, and the phase shown before it."""

    operation: Operation
    jobs: Collection[Hashable]
    before: str | None
    at: str | None


class LooksMeanwhile:
    """Takes in requests, ends of jobs and looks of all items, in the order of the recording."""

    def __init__(self) -> None:
        self._running: dict[ItemKey, _Running] = {}
        self._shown: dict[ItemKey, str | None] = {}

    def asked(
        self, key: ItemKey, operation: Operation, answer: Answer | None, jobs: Collection[Hashable], at: str | None
    ) -> None:
        """An operation was asked for. A drill, or what enables replication, may have begun where the answer is lost."""
        begins = answer is Answer.ACCEPTED or (answer is None and operation in _UNKNOWN_THROUGHOUT)
        if begins and operation is not Operation.RESYNCHRONIZE:  # the item stays in its phase
            self._running[key] = _Running(operation, jobs, self._shown.get(key), at)

    def ends(self, key: ItemKey, job: Hashable) -> None:
        """A job was seen to have ended."""
        if key in self._running and job in self._running[key].jobs:
            del self._running[key]

    def look(self, key: ItemKey, seen: Item, at: str | None, elsewhere: str | None = None) -> Item:
        """What the look says for certain. elsewhere: the scenario of the job that it names, where no recorded request
        started that one."""
        running = self._running.get(key)
        if elsewhere is not None:
            said = self._while_another_job_runs(key, seen, asked_for_by(elsewhere))
        else:
            said = seen if running is None else self._meanwhile(key, running, seen, at)
        if said.phase is not None:
            self._shown[key] = said.phase
        return said

    def _meanwhile(self, key: ItemKey, running: _Running, seen: Item, at: str | None) -> Item:
        """An item that is being enabled may not exist yet. For a drill that is under way no token is known."""
        if running.operation is Operation.ENABLE_REPLICATION:
            return Item() if seen.phase == NOT_REPLICATED else seen
        if running.operation in _DRILLS:
            if running.operation is Operation.TEST_FAILOVER and seen.drill == "drill_awaiting_cleanup":
                del self._running[key]
                return seen
            may_be_why = seen.current_job is not None or _is_recent(running.at, at)
            return _without(seen, {"drill", "allowed_operations"} if may_be_why else {"drill"})
        if seen.phase is None:
            return seen
        if not _is_as_before(running, seen.phase):
            del self._running[key]
            return seen
        self._running[key] = running._replace(before=seen.phase)
        if seen.current_job is None and not _is_recent(running.at, at):
            return seen
        untold = _OF_THE_PHASE | ({"current_job"} if seen.current_job is None else set())
        return _without(seen, untold)

    def _while_another_job_runs(self, key: ItemKey, seen: Item, operations: frozenset[Operation]) -> Item:
        """It may have been asked for just before the look, or where the item came to rest since the last one: then the
        look says where the item was, and nothing of the job."""
        if not operations.isdisjoint(_DRILLS):
            return _without(seen, {"drill", "allowed_operations"})
        if seen.phase is not None and seen.phase not in _READS_AS_BEFORE:
            return seen
        is_as_before = seen.phase is None or self._shown.get(key, seen.phase) == seen.phase
        enables = Operation.ENABLE_REPLICATION in operations
        return _without(seen, _OF_THE_PHASE if is_as_before and not enables else {"current_job"})


def _is_as_before(running: _Running, phase: str) -> bool:
    """Whether a phase was shown before the operation was asked for; where that is not known, or one is in which it
    cannot be asked for, so that something came in between: whether it can be asked for in this phase."""
    if phase == running.before:
        return True
    asked_in = _ASKED_IN.get(running.operation, frozenset())
    return running.before not in asked_in and phase in asked_in & _READS_AS_BEFORE


def _without(seen: Item, fields: set[str]) -> Item:
    return Item.model_validate(seen.model_dump(exclude_unset=True, exclude=fields))


def _is_recent(asked: str | None, at: str | None) -> bool:
    if asked is None or at is None:
        return False
    elapsed = datetime.fromisoformat(at) - datetime.fromisoformat(asked)
    return elapsed.total_seconds() <= HAS_NO_EFFECT_YET
