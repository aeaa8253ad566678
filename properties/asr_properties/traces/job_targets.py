"""Which item the jobs with a certain `targetObjectId` work on, where a recording tells that of one of them.

That id may be the item's name, or another one of the same machine (the facts tell neither for every provider). A job
that a request on an item started, or that an item shows as its own, ties the id that it tells to that item; so the jobs
whose requests were not recorded are known as well (facts 2.13, 7.5).
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping

from asr_properties.arm import tokens as arm
from asr_properties.traces.exchange_facts import ExchangeFact, ItemKey, ItemShown, JobShown, OperationRequested

MOST_JOBS = 500
"""How many jobs are remembered; the oldest are forgotten. One job of each item is enough."""

TargetId = tuple[str, str]
"""Names what a job works on: its vault's name, and the last segment of the id that the job tells, in lower case."""


def target_id(vault: str, target: str) -> TargetId:
    """Only the vault's name counts: anonymized recordings may differ in the rest."""
    return vault.rpartition("/")[2], arm.last_segment(target)


class JobTargets:
    """Takes in the facts of a recording, in any order."""

    def __init__(self) -> None:
        self._targets: OrderedDict[tuple[str, str], TargetId] = OrderedDict()
        self._items: OrderedDict[tuple[str, str], ItemKey] = OrderedDict()
        self._tied: dict[TargetId, set[ItemKey]] = {}

    def take(self, fact: ExchangeFact) -> None:
        """Take in what a fact tells of a job: its item, or what it works on."""
        match fact:
            case OperationRequested():
                self._is_of(fact.key, fact.operation_id)
                self._is_of(fact.key, fact.job)
            case ItemShown():
                self._is_of(fact.key, fact.observation.current_job)
            case JobShown(target=str(target)) if _tells(target) and fact.scenario in arm.SCENARIOS:
                job = target_id(fact.vault, fact.job)
                self._targets[job] = target_id(fact.vault, target)
                self._tie(job)

    def _is_of(self, key: ItemKey, job: str | None) -> None:
        if job is not None:
            named = target_id(key.vault, job)
            self._items[named] = key
            self._tie(named)

    def _tie(self, job: tuple[str, str]) -> None:
        if job in self._targets and job in self._items:
            self._tied.setdefault(self._targets[job], set()).add(self._items[job])
        for known in (self._targets, self._items):
            if len(known) > MOST_JOBS:
                known.popitem(last=False)

    def items(self) -> Mapping[TargetId, ItemKey]:
        """The item of each target that was tied to a single one."""
        return {target: next(iter(keys)) for target, keys in self._tied.items() if len(keys) == 1}


def _tells(target: str) -> bool:
    """An id without a digit but zero is what a recorder puts in place of ids, of one item as of another."""
    return any(digit in target for digit in "123456789")
