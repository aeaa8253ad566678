"""Records on disks: what a failover, a failback and a cancel bring over. Nothing else may change the data."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from asr_model.vocabulary import Answer, Operation, Site
from asr_properties.evidence.step import Step
from asr_properties.evidence.unknown import known
from asr_properties.specification.of_profile import MODERNIZED
from asr_properties.specification.relations.relation import Judgement, Monitor, Relation

DISKS = ("azure_newest", "on_premises_newest")

_NEWEST_IN_AZURE = "newest record in Azure: {newest}; point in use: {point}"
_HELD = "{held}, the newest that this point holds"

NOTHING_UNWRITTEN = Relation(
    name="failover_brings_nothing_unwritten",
    requirements=("R18",),
    says="a failover brings over records that were written, and no others",
    seen="newest record in Azure: {newest}; newest written: {written}",
    right="{written} or less",
    needs=DISKS,
)
HOLDS_THE_POINT = {
    option: Relation(
        name=f"{option}_brings_the_data_of_its_point",
        requirements=requirements,
        says=f"after a failover to {words} the machine in Azure holds just what the point in use holds",
        seen=_NEWEST_IN_AZURE,
        right=_HELD,
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
    seen=_NEWEST_IN_AZURE,
    right=_HELD,
    needs=(*DISKS, "in_use_id"),
)
FAILBACK_BRINGS_ALL = Relation(
    name="crash_consistent_failback_brings_all",
    requirements=("R47", "R44", "R48"),
    says="a crash-consistent planned failover brings over every record that was written in Azure, and no other",
    seen="newest record on-premises: {newest}",
    right="{azure}, the newest that Azure held",
    needs=DISKS,
    profiles=MODERNIZED,
)
FAILBACK_BRINGS_NOTHING_NEWER = Relation(
    name="app_consistent_failback_brings_nothing_newer",
    requirements=("R47",),
    says="an app-consistent planned failover brings over nothing newer than its trigger",
    seen="newest record on-premises: {newest}",
    right="at most {azure}, the newest in Azure when it was triggered",
    needs=DISKS,
    profiles=MODERNIZED,
)
CANCEL_KEEPS_AZURE = Relation(
    name="cancel_keeps_every_record_of_azure",
    requirements=("R66", "R68"),
    says="after a cancel the machine in Azure holds just what it held when it was shut down",
    seen="newest record in Azure: {newest}",
    right="{azure}, as when it was shut down",
    needs=DISKS,
    profiles=MODERNIZED,
)
REVERT_KEEPS_AZURE = Relation(
    name="revert_keeps_every_record_of_azure",
    requirements=("R79",),
    says="after the service's own revert the machine in Azure holds just what it held when it was shut down",
    seen="newest record in Azure: {newest}",
    right="{azure}, as when it was shut down",
    needs=DISKS,
    profiles=MODERNIZED,
)
DRILL_KEEPS_DATA = Relation(
    name="drill_leaves_data_alone",
    requirements=("X13",),
    says="while there is a drill, the production machine holds just what its guest wrote",
    seen="newest record on the disks at {site}: {newest}",
    right="{expected}",
    needs=(*DISKS, "drill"),
)
FAILED_FAILOVER_KEEPS_DATA = Relation(
    name="failed_failover_keeps_data",
    requirements=("X18",),
    says="a failover to Azure that failed leaves the disks on-premises with just what their guest wrote",
    seen="newest record on the disks at {site}: {newest}",
    right="{expected}",
    needs=DISKS,
)
COMMIT_KEEPS_DATA = Relation(
    name="commit_keeps_the_data_in_azure",
    requirements=("R39",),
    says="a commit leaves the machine in Azure with just the data that it had, for it makes that final",
    seen="newest record on the disks at {site}: {newest}",
    right="{expected}",
    needs=DISKS,
)
SERVING_KEEPS_DATA = Relation(
    name="serving_machine_keeps_its_data",
    requirements=("R36", "R51"),
    says="the machine that serves holds just what was brought over and what its guest wrote since",
    seen="newest record on the disks at {site}: {newest}",
    right="{expected}",
    needs=DISKS,
)

RELATIONS = (
    NOTHING_UNWRITTEN,
    *HOLDS_THE_POINT.values(),
    CHANGE_BRINGS_THE_POINT,
    FAILBACK_BRINGS_ALL,
    FAILBACK_BRINGS_NOTHING_NEWER,
    CANCEL_KEEPS_AZURE,
    REVERT_KEEPS_AZURE,
    DRILL_KEEPS_DATA,
    FAILED_FAILOVER_KEEPS_DATA,
    COMMIT_KEEPS_DATA,
    SERVING_KEEPS_DATA,
)

_BRING_DATA = frozenset({Operation.FAIL_OVER, Operation.CHANGE_RECOVERY_POINT, Operation.PLANNED_FAILOVER})
_CHANGE_DISKS = _BRING_DATA | {Operation.CANCEL_FAILOVER}
_REVERTING = frozenset({"reverting_failback", "failback_cancel_failed"})


class _Trigger(NamedTuple):
    """An operation that brings data over, with the newest record received and the newest in Azure at that time."""

    asked: Step
    received: int
    azure: int | None


class _Serving(NamedTuple):
    """The machine that served last, and the newest record on its disks."""

    site: Site
    newest: int


class DiskContents(Monitor):
    """Remembers what was written where, what each recovery point holds, and what the last failover was asked for."""

    def begin_item(self) -> None:
        self._written = 0
        self._in_point: dict[str | None, int] = {}
        self._triggers: dict[str, _Trigger] = {}
        # The newest record on the disks in Azure while it served; and whether the service reverted a failback since.
        self._azure: int | None = None
        self._reverted = False
        # Records written since the trigger that reached the disks at a site: these no longer hold just what was
        # brought over.
        self._landed: dict[Site, int] = {}
        self._serving: _Serving | None = None
        self._may_have_changed = False

    def enter(self, step: Step) -> Iterator[Judgement]:
        self._note(step)
        match step.agreed.phase:
            case "failed_over":
                yield from self._failed_over(step)
            case "failed_back":
                yield from self._failed_back(step)
            case "reverse_protected":
                yield from self._cancelled(step)
            case "failover_failed" | "protected":
                yield from self._failover_failed(step)
        yield from self._stays(step)
        self._note_azure(step)

    def _note(self, step: Step) -> None:
        self._written = max(self._written, step.wrote or 0)
        self._in_point.update({p.id: p.sequence for p in step.now.listed if p.sequence is not None})
        if step.event in _BRING_DATA and step.job is not None:
            received, azure = known(step.was.received_newest) or 0, step.was.newest(Site.AZURE)
            self._triggers[step.job] = _Trigger(step.in_brief, received, azure)
            self._landed.clear()
        if step.wrote is not None:
            self._landed.update({site: step.wrote for site in Site if step.now.newest(site) == step.wrote})
        if step.agreed.phase in _REVERTING:
            self._reverted = True

    def _trigger(self, step: Step, operation: Operation) -> _Trigger | None:
        """How the operation was triggered whose job has ended well at this step, if one has."""
        return self._triggers.get(step.ended_well(operation) or "")

    def _failed_over(self, step: Step) -> Iterator[Judgement]:
        newest = step.now.newest(Site.AZURE)
        if newest is None:
            return
        failover = self._trigger(step, Operation.FAIL_OVER)
        changed = step.ended_well(Operation.CHANGE_RECOVERY_POINT)
        is_written_since = newest == self._landed.get(Site.AZURE)
        in_point = None if is_written_since else self._in_point.get(known(step.now.in_use_id))
        if failover is not None:
            yield NOTHING_UNWRITTEN.judged(newest <= self._written, newest=newest, written=self._written)
        rule = CHANGE_BRINGS_THE_POINT if changed else failover and HOLDS_THE_POINT[failover.asked.recovery_point]
        if rule and in_point is not None:
            yield rule.judged(newest == in_point, newest=newest, point=step.now.in_use_id, held=in_point)

    def _failed_back(self, step: Step) -> Iterator[Judgement]:
        newest = step.now.newest(Site.ON_PREMISES)
        if newest is None or newest == self._landed.get(Site.ON_PREMISES):
            return
        failback = self._trigger(step, Operation.PLANNED_FAILOVER)
        if failback is not None and failback.azure is not None and self._azure is not None:
            if failback.asked.recovery_point_type == "crash_consistent":
                yield FAILBACK_BRINGS_ALL.judged(newest == self._azure, newest=newest, azure=self._azure)
            else:
                most = failback.azure
                yield FAILBACK_BRINGS_NOTHING_NEWER.judged(newest <= most, newest=newest, azure=most)

    def _failover_failed(self, step: Step) -> Iterator[Judgement]:
        failed = any(ended.operation == Operation.FAIL_OVER and ended.job.state == "failed" for ended in step.ended)
        served, newest = self._serving, step.now.newest(Site.ON_PREMISES)
        if newest is None or served is None or served.site is not Site.ON_PREMISES:
            return
        if failed or step.agreed.phase == "failover_failed":
            holds = newest in (served.newest, step.wrote)
            values = {"site": Site.ON_PREMISES, "newest": newest, "expected": served.newest}
            yield FAILED_FAILOVER_KEEPS_DATA.judged(holds, **values)

    def _cancelled(self, step: Step) -> Iterator[Judgement]:
        if not step.ended_well(Operation.CANCEL_FAILOVER):
            return
        newest = step.now.newest(Site.AZURE)
        if newest is not None and self._azure is not None:
            rule = REVERT_KEEPS_AZURE if self._reverted else CANCEL_KEEPS_AZURE
            holds = newest in (self._azure, step.wrote)  # without a clock it may have been written while it was on
            yield rule.judged(holds, newest=newest, azure=self._azure)
        self._reverted = False

    def _stays(self, step: Step) -> Iterator[Judgement]:
        """Where nothing was brought over, the machine that serves holds what its guest wrote."""
        if step.event in _CHANGE_DISKS:
            self._may_have_changed |= step.response is not Answer.REFUSED
        site = step.agreed.site
        newest = None if site is None else step.now.newest(site)
        if site is None or newest is None:
            return
        changed = self._may_have_changed or any(ended.operation in _CHANGE_DISKS for ended in step.ended)
        if self._serving is not None and self._serving.site is site and not changed:
            expected = self._serving.newest if step.wrote is None else step.wrote
            is_final = site is Site.AZURE and bool(step.ended_well(Operation.COMMIT))
            kept = COMMIT_KEEPS_DATA if is_final else SERVING_KEEPS_DATA
            rule = DRILL_KEEPS_DATA if step.may_have_drill else kept
            yield rule.judged(newest == expected, site=site, newest=newest, expected=expected)
        self._serving = _Serving(site, newest)
        self._may_have_changed = False

    def _note_azure(self, step: Step) -> None:
        azure = step.now.newest(Site.AZURE)
        if step.agreed.site is Site.AZURE:
            self._azure = azure
        elif step.wrote is not None and (step.agreed.site is None or step.agreed.site is not step.agreed_before.site):
            # a job runs, or has ended meanwhile: see where the record went
            if self._serving is not None and step.now.newest(self._serving.site) == step.wrote:
                self._serving = _Serving(self._serving.site, step.wrote)
            if azure == step.wrote:
                self._azure = azure
