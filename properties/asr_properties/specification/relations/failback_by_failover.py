"""The failback of Classic: what it brings over, what one that fails leaves, and its shutdown of Azure (contract 15)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from asr_model.vocabulary import Operation, Site
from asr_properties.contract.faults import SHUTDOWN
from asr_properties.contract.messages import RecoveryPoint
from asr_properties.evidence.step import Step
from asr_properties.evidence.unknown import UNKNOWN, known
from asr_properties.specification.of_profile import CLASSIC
from asr_properties.specification.relations.relation import Judgement, Monitor, Relation

_DISKS = ("azure_newest", "on_premises_newest")

BRINGS = {
    option: Relation(
        name=f"failback_to_{option}_brings_its_data",
        requirements=("R94",),
        says=f"a failback to {words}, and nothing that was not written",
        seen="newest record on-premises: {newest}",
        right="from {floor} to {most}",
        needs=(*_DISKS, *needs),
        profiles=CLASSIC,
    )
    for option, words, needs in (
        ("latest", "the latest point brings over all that was received when it was triggered", ("received_newest",)),
        ("latest_processed", "the latest processed point brings over no less than the newest listed one holds", ()),
        ("latest_app_consistent", "the latest app-consistent point brings over no less than the newest listed one", ()),
        ("listed", "a point that is named brings over what that point holds", ()),
    )
}
FAILED_KEEPS_AZURE = Relation(
    name="failed_failback_keeps_every_record_of_azure",
    requirements=("R94", "R36"),
    says="after a failback that failed, or whose job was cancelled, the machine in Azure holds all that it held",
    seen="newest record in Azure: {newest}",
    right="{azure}, as while it served before",
    needs=_DISKS,
    profiles=CLASSIC,
)
SHUT_DOWN_AS_TOLD = Relation(
    name="failback_shuts_azure_down_where_it_says_so",
    requirements=("X10", "R94"),
    says="where the shutdown of its source succeeded, the machine in Azure is not on after a failback",
    seen="task {task} succeeded; the machine in Azure reads {azure}",
    right="off or absent",
    needs=("azure",),
    profiles=CLASSIC,
)

RELATIONS = (*BRINGS.values(), FAILED_KEEPS_AZURE, SHUT_DOWN_AS_TOLD)

_FROM_REVERSE = frozenset({"reverse_initial_replication", "reverse_protected"})


class _Trigger(NamedTuple):
    """A failback that was asked for.

    floor: the newest record that it must bring over at least; most: the newest that it may bring over, None where that
    is all that was written.
    """

    option: str
    floor: int
    most: int | None = None


class FailbackByFailover(Monitor):
    """Remembers what was written, what each point of the reverse direction holds, and what Azure held while it served.

    A point holds what it tells, else at least what had been processed at the look before it was listed, and nothing
    that was written after that. Whatever point is taken, it holds at least what Azure held when the reprotect ended:
    all of them were made later.
    """

    def begin_item(self) -> None:
        self._written = self._base = 0
        self._holds: dict[str, int] = {}
        self._written_by: dict[str, int] = {}
        self._triggers: dict[str, _Trigger] = {}
        self._is_in_reverse = False
        self._landed: int | None = None
        self._azure: int | None = None
        self._is_unchecked = False

    def enter(self, step: Step) -> Iterator[Judgement]:
        self._note(step)
        for ended in step.ended:
            trigger = self._triggers.get(ended.id)
            if trigger is None or ended.refused:
                continue
            if ended.job.state == "succeeded":
                yield from self._brought_over(step, trigger)
                if any((task.name, task.state) == (SHUTDOWN, "succeeded") for task in ended.job.tasks):
                    yield from _shut_down(step)
            else:
                self._is_unchecked = True
        yield from self._kept(step)

    def _note(self, step: Step) -> None:
        self._written = max(self._written, step.wrote or 0)
        if step.agreed.phase in _FROM_REVERSE:
            processed = _of_azure(step, known(step.was.processed_newest))
            if not self._is_in_reverse:
                self._is_in_reverse = True
                self._holds.clear()
                self._base = step.was.newest(Site.AZURE) or 0
                processed = 0  # that was the forward direction's: Azure may hold less, by the point that it went to
            processed = max(self._base, processed)
            for point in step.now.listed:
                self._holds.setdefault(point.id, processed if point.sequence is None else point.sequence)
                self._written_by.setdefault(point.id, self._written)
        elif step.agreed.phase not in (None, "failing_back", "disabling_replication"):
            self._is_in_reverse = False
        if step.event == Operation.FAIL_OVER and step.job and step.agreed_before.phase == "reverse_protected":
            self._triggers[step.job] = self._trigger(step)
            self._landed = None
        if step.wrote is not None and step.now.newest(Site.ON_PREMISES) == step.wrote:
            self._landed = step.wrote

    def _trigger(self, step: Step) -> _Trigger:
        listed, option = step.was.listed, str(step.recovery_point)
        if option == "latest":
            return _Trigger(option, max(self._base, _of_azure(step, known(step.was.received_newest))))
        if option == "listed":
            named = known(step.named_id)
            floor = self._held(point for point in listed if point.id == named)
            told = next((point.sequence for point in listed if point.id == named), None)
            return _Trigger(option, floor, self._written_by.get(named) if told is None else told)
        if option == "latest_app_consistent":
            listed = tuple(point for point in listed if point.kind == "app_consistent")
        return _Trigger(option, self._held(iter(listed[:1])))

    def _held(self, points: Iterator[RecoveryPoint]) -> int:
        return max((self._holds.get(point.id, self._base) for point in points), default=self._base)

    def _brought_over(self, step: Step, trigger: _Trigger) -> Iterator[Judgement]:
        newest = step.now.newest(Site.ON_PREMISES)
        if step.agreed.phase != "failed_back" or newest is None or newest == self._landed:
            return
        most = self._written if trigger.most is None else trigger.most
        holds = trigger.floor <= newest <= most
        yield BRINGS[trigger.option].judged(holds, newest=newest, floor=trigger.floor, most=most)

    def _kept(self, step: Step) -> Iterator[Judgement]:
        """Whether Azure has all its records after a failback that came to nothing, as soon as its machine is on."""
        newest = step.now.newest(Site.AZURE)
        if step.wrote is not None and newest == step.wrote:
            self._azure = newest
        if step.agreed.site is Site.ON_PREMISES:
            self._is_unchecked = False  # one that was not seen on since has nothing to be compared with any more
        if step.agreed.site is not Site.AZURE:
            return
        if not self._is_unchecked:
            self._azure = newest
        elif step.agreed.phase == "reverse_protected" and known(step.now.azure) == "on" and newest is not None:
            self._is_unchecked = False
            if self._azure is not None:
                yield FAILED_KEEPS_AZURE.judged(newest == self._azure, newest=newest, azure=self._azure)
            self._azure = newest


def _of_azure(step: Step, newest: int | None) -> int:
    """The newest record received or processed, as far as it can be one of the machine in Azure: the service may tell
    one of the other direction, or of a former life."""
    there = step.was.newest(Site.AZURE)
    return min(newest or 0, newest or 0 if there is None else there)


def _shut_down(step: Step) -> Iterator[Judgement]:
    if step.agreed.phase == "failed_back" and step.now.azure is not UNKNOWN:
        yield SHUT_DOWN_AS_TOLD.judged(step.now.azure != "on", task=SHUTDOWN, azure=step.now.azure)
