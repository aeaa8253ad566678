"""Records on disks: what a failover, a failback and a cancel bring over, and that all else leaves data alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from asr_model.vocabulary import Answer, Operation, Site
from asr_properties.evidence.step import Step
from asr_properties.evidence.unknown import known
from asr_properties.specification.of_profile import CLASSIC, MODERNIZED
from asr_properties.specification.relations.relation import Judgement, Monitor, Relation

DISKS = ("azure_newest", "on_premises_newest")

NOTHING_UNWRITTEN = Relation(
    name="failover_brings_nothing_unwritten",
    requirements=("R18",),
    says="a failover brings over records that were written, and no others",
    needs=DISKS,
)
FAILBACK_BRINGS_ALL_RECEIVED = Relation(
    name="failback_by_failover_brings_all_received",
    requirements=("R18",),
    says="a failover back to the latest point brings over all that was received when it was triggered",
    needs=(*DISKS, "received_newest"),
    profiles=CLASSIC,
)
HOLDS_THE_POINT = {
    option: Relation(
        name=f"{option}_brings_the_data_of_its_point",
        requirements=requirements,
        says=f"after a failover to {words} the machine in Azure holds just what the point in use holds",
        needs=(*DISKS, "in_use_id"),
    )
    for option, words, requirements in (
        ("latest", "the latest point", ("R18", "R36")),
        ("latest_processed", "the latest processed point", ("R19",)),
        ("latest_app_consistent", "the latest app-consistent point", ("R21",)),
        ("listed", "a custom point", ("R22",)),
    )
}
CHANGE_BRINGS_THE_POINT = Relation(
    name="change_brings_the_data_of_its_point",
    requirements=("R37",),
    says="after a change of the recovery point the machine in Azure holds just what that point holds",
    needs=(*DISKS, "in_use_id"),
)
FAILBACK_BRINGS_ALL = Relation(
    name="crash_consistent_failback_brings_all",
    requirements=("R44", "R47", "R48"),
    says="a crash-consistent planned failover brings over every record that was written in Azure, and no other",
    needs=DISKS,
    profiles=MODERNIZED,
)
FAILBACK_BRINGS_NOTHING_NEWER = Relation(
    name="app_consistent_failback_brings_nothing_newer",
    requirements=("R47",),
    says="an app-consistent planned failover brings over nothing newer than its trigger",
    needs=DISKS,
    profiles=MODERNIZED,
)
CANCEL_KEEPS_AZURE = Relation(
    name="cancel_keeps_every_record_of_azure",
    requirements=("R66", "R68"),
    says="after a cancel the machine in Azure holds just what it held when it was shut down",
    needs=DISKS,
    profiles=MODERNIZED,
)
REVERT_KEEPS_AZURE = Relation(
    name="revert_keeps_every_record_of_azure",
    requirements=("R79",),
    says="after the service's own revert the machine in Azure holds just what it held when it was shut down",
    needs=DISKS,
    profiles=MODERNIZED,
)
DRILL_KEEPS_DATA = Relation(
    name="drill_leaves_data_alone",
    requirements=("X13",),
    says="while there is a drill, the production machine holds just what its guest wrote",
    needs=(*DISKS, "drill"),
)
SERVING_KEEPS_DATA = Relation(
    name="serving_machine_keeps_its_data",
    requirements=("R36", "R51"),
    says="the machine that serves holds just what was brought over and what its guest wrote since",
    needs=DISKS,
)

RELATIONS = (
    NOTHING_UNWRITTEN,
    FAILBACK_BRINGS_ALL_RECEIVED,
    *HOLDS_THE_POINT.values(),
    CHANGE_BRINGS_THE_POINT,
    FAILBACK_BRINGS_ALL,
    FAILBACK_BRINGS_NOTHING_NEWER,
    CANCEL_KEEPS_AZURE,
    REVERT_KEEPS_AZURE,
    DRILL_KEEPS_DATA,
    SERVING_KEEPS_DATA,
)

_REPLACE = frozenset({Operation.FAIL_OVER, Operation.CHANGE_RECOVERY_POINT, Operation.PLANNED_FAILOVER})
_REVERTING = frozenset({"reverting_failback", "failback_cancel_failed"})


class _Trigger(NamedTuple):
    """What was asked for, and then: the newest record received, and on the disks in Azure."""

    asked: Step
    received: int
    azure: int | None


class Data(Monitor):
    """Remembers what was written where, what each point holds, and what the last failover was asked for."""

    def begin_item(self) -> None:
        self._written = 0
        self._holds: dict[str | None, int] = {}
        self._serving: tuple[Site, int] | None = None
        self._triggers: dict[str, _Trigger] = {}
        self._azure: int | None = None
        self._landed: dict[Site, int] = {}
        self._reverted = False
        self._replaced = False

    def enter(self, step: Step) -> Iterator[Judgement]:
        self._written = max(self._written, step.wrote or 0)
        self._holds.update({p.id: p.sequence for p in step.now.listed if p.sequence is not None})
        if step.event in _REPLACE and step.job is not None:
            self._triggers[step.job] = _Trigger(
                step.in_brief, known(step.was.received_newest) or 0, step.was.newest(Site.AZURE)
            )
            self._landed.clear()
        if step.wrote is not None:
            self._landed.update({site: step.wrote for site in Site if step.now.newest(site) == step.wrote})
        if step.agreed.phase in _REVERTING:
            self._reverted = True
        yield from self._arrived(step)
        yield from self._stays(step)

    def _arrived(self, step: Step) -> Iterator[Judgement]:
        """A job has ended well that brings data over."""
        azure, on_premises = step.now.newest(Site.AZURE), step.now.newest(Site.ON_PREMISES)
        failover = self._triggers.get(step.ended_well(Operation.FAIL_OVER) or "")
        failback = self._triggers.get(step.ended_well(Operation.PLANNED_FAILOVER) or "")
        if step.agreed.phase == "failed_over" and azure is not None:
            held = self._held(step) if azure != self._landed.get(Site.AZURE) else None
            changed = step.ended_well(Operation.CHANGE_RECOVERY_POINT)
            if failover is not None:
                yield NOTHING_UNWRITTEN, azure <= self._written
                if held is not None and not changed:
                    yield HOLDS_THE_POINT[failover.asked.recovery_point], azure == held
            if changed and held is not None:
                yield CHANGE_BRINGS_THE_POINT, azure == held
        elif step.agreed.phase == "failed_back" and on_premises not in (None, self._landed.get(Site.ON_PREMISES)):
            if failover is not None and failover.asked.recovery_point == "latest":
                yield NOTHING_UNWRITTEN, on_premises <= self._written
                yield FAILBACK_BRINGS_ALL_RECEIVED, on_premises >= failover.received
            if failback is not None and failback.azure is not None and self._azure is not None:
                if failback.asked.recovery_point_type == "crash_consistent":
                    yield FAILBACK_BRINGS_ALL, on_premises == self._azure
                else:
                    yield FAILBACK_BRINGS_NOTHING_NEWER, on_premises <= failback.azure
        elif step.agreed.phase == "reverse_protected" and step.ended_well(Operation.CANCEL_FAILOVER):
            if azure is not None and self._azure is not None:
                yield REVERT_KEEPS_AZURE if self._reverted else CANCEL_KEEPS_AZURE, azure == self._azure
            self._reverted = False

    def _held(self, step: Step) -> int | None:
        """The newest record in the recovery point in use, where that is told."""
        return self._holds.get(known(step.now.in_use_id))

    def _stays(self, step: Step) -> Iterator[Judgement]:
        """Where nothing was brought over, the machine that serves holds what its guest wrote."""
        if step.event in _REPLACE or step.event == Operation.CANCEL_FAILOVER:
            self._replaced |= step.response is not Answer.REFUSED
        moved = self._replaced or any(e.operation in _REPLACE or e.operation == "cancel_failover" for e in step.ended)
        newest = None if step.agreed.site is None else step.now.newest(step.agreed.site)
        if step.agreed.site is not None and newest is not None:
            if self._serving is not None and self._serving[0] == step.agreed.site and not moved:
                expected = self._serving[1] if step.wrote is None else step.wrote
                yield DRILL_KEEPS_DATA if step.may_have_drill else SERVING_KEEPS_DATA, newest == expected
            self._serving = (step.agreed.site, newest)
            self._replaced = False
        if step.agreed.site is Site.AZURE:
            self._azure = newest
        elif step.agreed.site is None and step.wrote is not None:  # a job runs: see where the record went
            if self._serving is not None and step.now.newest(self._serving[0]) == step.wrote:
                self._serving = (self._serving[0], step.wrote)
            if step.now.newest(Site.AZURE) == step.wrote:
                self._azure = step.wrote
