"""The disks of the machines, one by one (contract, disks; R14, R52, R53, R69)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from asr_model.vocabulary import Operation
from asr_properties.contract.surroundings import Disk
from asr_properties.evidence.step import Step
from asr_properties.evidence.told import Difference
from asr_properties.evidence.unknown import UNKNOWN, known
from asr_properties.specification.of_profile import MODERNIZED
from asr_properties.specification.relations.relation import Judgement, Monitor, Relation

ON_PREMISES, AZURE = ("on_premises_disks",), ("azure_disks", "on_premises_disks")

DRILL_LEAVES_DISKS = Relation(
    name="drill_leaves_the_disks_alone",
    requirements=("X13",),
    says="while there is a drill, the disks of the production machine stay as they are, and no others are shown",
    seen="on-premises: {listed}; in Azure: {shown}",
    right="as at the look before",
    needs=(*AZURE, "drill"),
)
ALL_SHOWN = Relation(
    name="all_disks_are_shown",
    requirements=("R14",),
    says="the machine on-premises shows one disk of its operating system and the data disks that it was made with",
    seen="on-premises: {listed}",
    right="{expected}",
    needs=ON_PREMISES,
)
IDS_STAY = Relation(
    name="disks_keep_their_ids",
    requirements=("R14",),
    says="the disks that the machine on-premises was made with stay, each under its own id",
    seen="on-premises: {listed}",
    right="those that it was made with among them, and no id twice",
    needs=ON_PREMISES,
)
ISCSI_RETAINED = Relation(
    name="iscsi_disks_are_retained_in_azure",
    requirements=("R52",),
    says="after a failover the machine in Azure has the iSCSI disks of the machine on-premises",
    seen="{there} iSCSI disks in Azure, {iscsi} on-premises",
    right="{iscsi} in Azure",
    needs=AZURE,
)
ONE_MANAGED_EACH = Relation(
    name="each_vmdk_is_a_managed_disk_in_azure",
    requirements=("R36", "R52"),
    says="after a failover the machine in Azure has one managed disk for each vmdk disk on-premises",
    seen="in Azure: {shown}; vmdk disks on-premises: {vmdk}",
    right="one managed disk for each vmdk disk, one of them of the role os",
    needs=AZURE,
)
VMDK_CREATED = Relation(
    name="failback_creates_vmdk_disks",
    requirements=("R53",),
    says="after a planned failover there is a vmdk disk on-premises for each iSCSI disk, and holds its data",
    seen="iSCSI disks before: {iscsi}; vmdk disks whose source they are: {copies}",
    right="one such vmdk disk for each",
    needs=ON_PREMISES,
    profiles=MODERNIZED,
)
FAILBACK_ADDS_NO_OTHER = Relation(
    name="failback_adds_no_other_disk",
    requirements=("R53", "R14"),
    says="a planned failover adds no disk on-premises but a vmdk for an iSCSI disk, and takes none away",
    seen="added: {new}; missing: {missing}",
    right="added: one vmdk disk for each of the iSCSI disks ({iscsi}), with it as source; missing: nothing",
    needs=ON_PREMISES,
    profiles=MODERNIZED,
)
RESTORED = {
    manual: Relation(
        name=f"{words}_restores_the_disks",
        requirements=requirements,
        says=f"after {what} the disks on-premises are those from before the planned failover",
        seen="on-premises: {listed}",
        right="the disks from before, and no others",
        needs=ON_PREMISES,
        profiles=MODERNIZED,
    )
    for manual, words, what, requirements in (
        (True, "cancel", "a cancel", ("R69", "R68")),
        (False, "revert", "the service's own revert", ("R79",)),
    )
}

RELATIONS = (
    DRILL_LEAVES_DISKS,
    *RESTORED.values(),
    VMDK_CREATED,
    FAILBACK_ADDS_NO_OTHER,
    ALL_SHOWN,
    IDS_STAY,
    ISCSI_RETAINED,
    ONE_MANAGED_EACH,
)

_SERVES = frozenset({"failed_over", "failover_committed", "reverse_initial_replication", "reverse_protected"})
"""Where there is a machine in Azure, and no job that may be changing it."""
_CHANGING = frozenset({"failing_back", "reverting_failback", "cancelling_failback", "failback_cancel_failed", None})
"""Where a failback may be changing the disks on-premises, or a revert has not put them back yet."""

Disks = tuple[Disk, ...]


class DiskLists(Monitor):
    """Remembers the disks that the machine on-premises was made with, and those from before a failback."""

    def begin_item(self) -> None:
        self._made: Disks | None = None
        self._last: Disks = ()
        self._last_azure: Disks = ()
        self._failed_back = False
        self._before_failback: Disks | None = None
        self._reverted = False
        self._is_unfinished = False
        self._is_new = False

    def enter(self, step: Step) -> Iterator[Judgement]:
        disks = step.now.on_premises_disks
        if disks is UNKNOWN:
            return
        listed: Disks = disks or ()
        phase = step.agreed.phase
        # Classic: what a failback leaves on-premises, a failed one too, is not said anywhere.
        self._failed_back |= step.event == Operation.FAIL_OVER and step.agreed_before.phase == "reverse_protected"
        if self._made is None:
            self._made = self._last = listed
            self._is_new = True
        elif phase in _CHANGING:
            self._reverted |= phase == "reverting_failback"
            self._is_unfinished |= phase == "failback_cancel_failed"
        else:
            # An item that leaves a failback which was not put back keeps the disks that it made.
            self._failed_back |= self._is_unfinished and phase != "reverse_protected"
            self._is_unfinished = False
            yield from self._at_rest(step, listed)
            self._last = listed
        if not step.may_have_drill:
            self._last_azure = known(step.now.azure_disks) or ()
        if phase in _SERVES:
            yield from _in_azure(step, listed)

    def _at_rest(self, step: Step, listed: Disks) -> Iterator[Judgement]:
        made = self._made or ()
        if self._is_new:  # judged at the second look: the first one is that of `new_item`, and tells of its item
            self._is_new = False
            kinds = Counter(disk.kind for disk in made) + Counter("os" for disk in made if disk.role == "os")
            yield ALL_SHOWN.judged(_is_as_configured(made, step), listed=kinds, expected=_configured(step))
        phase, kept = step.agreed.phase, _keys(made) <= _keys(listed)
        if step.ended_well(Operation.CANCEL_FAILOVER) and phase == "reverse_protected" and self._before_failback:
            before = self._before_failback
            yield RESTORED[not self._reverted].judged(_same(listed, before), listed=Difference(listed, before))
            self._reverted = False
            return
        if phase == "failed_back" and step.agreed_before.phase != "failed_back":
            yield from self._after_failback(listed, kept=kept)
            return
        if phase == "reverse_protected":
            self._before_failback = listed
        if step.may_have_drill:
            shown: Disks = known(step.now.azure_disks) or ()
            holds = _same(listed, self._last) and (not shown or _same(shown, self._last_azure))
            on_premises, in_azure = Difference(listed, self._last), Difference(shown, self._last_azure)
            yield DRILL_LEAVES_DISKS.judged(holds, listed=on_premises, shown=in_azure)
        else:
            is_unique = phase == "not_replicated" or _unique(listed)  # duplicates may be removed by then (R54)
            yield IDS_STAY.judged(kept and is_unique, listed=Difference(listed, made))
        if not self._failed_back:
            yield ALL_SHOWN.judged(_same(listed, made), listed=Difference(listed, made), expected="as it was made")

    def _after_failback(self, listed: Disks, *, kept: bool) -> Iterator[Judgement]:
        self._failed_back = True
        before = self._before_failback if self._before_failback is not None else self._last
        iscsi = [disk.id for disk in before if disk.kind == "iscsi"]
        copies = [disk for disk in listed if disk.kind == "vmdk" and disk.source in iscsi]
        if iscsi:
            holds = {disk.source for disk in copies} == set(iscsi)
            yield VMDK_CREATED.judged(holds, iscsi=iscsi, copies=copies)
        old = {disk.id for disk in before}
        new = [disk for disk in listed if disk.id not in old]
        added = Counter(disk.source for disk in new)
        is_right = all(disk in copies for disk in new) and all(number == 1 for number in added.values())
        holds = is_right and kept and _keys(before) <= _keys(listed) and _unique(listed)
        missing = [disk for disk in before if disk.id not in {other.id for other in listed}]
        yield FAILBACK_ADDS_NO_OTHER.judged(holds, new=new, missing=missing, iscsi=iscsi)


def _is_as_configured(listed: Disks, step: Step) -> bool:
    """Whether the fresh machine has what the configuration says, as far as the implementation honours that."""
    wanted, roles = step.settings, Counter(disk.role for disk in listed)
    kinds = Counter(disk.kind for disk in listed)
    vmdk, iscsi = wanted.get("data_disks"), wanted.get("iscsi_disks")
    return (
        roles["os"] == 1
        and _unique(listed)
        and not kinds["managed"]
        and (iscsi is None or kinds["iscsi"] == iscsi)
        and (vmdk is None or kinds["vmdk"] == vmdk + 1)
    )


def _configured(step: Step) -> Mapping[str, object]:
    """How many disks of each kind the configuration says, and the disk of the operating system."""
    wanted = step.settings
    vmdk = {"vmdk": wanted["data_disks"] + 1} if "data_disks" in wanted else {}
    iscsi = {"iscsi": wanted["iscsi_disks"]} if "iscsi_disks" in wanted else {}
    return {"os": 1, **vmdk, **iscsi}


def _in_azure(step: Step, on_premises: Disks) -> Iterator[Judgement]:
    shown = step.now.azure_disks
    if shown is UNKNOWN:
        return
    kinds, there = Counter(disk.kind for disk in on_premises), Counter(disk.kind for disk in shown or ())
    if kinds["iscsi"]:
        holds = there["iscsi"] == kinds["iscsi"]
        yield ISCSI_RETAINED.judged(holds, there=there["iscsi"], iscsi=kinds["iscsi"])
    sources = [disk.source for disk in shown or () if disk.kind == "managed" and disk.source is not None]
    vmdk = {disk.id for disk in on_premises if disk.kind == "vmdk"}
    is_one_each = there["managed"] == kinds["vmdk"] and len(sources) == len(set(sources)) and set(sources) <= vmdk
    holds = is_one_each and sum(disk.role == "os" for disk in known(shown) or ()) == 1
    yield ONE_MANAGED_EACH.judged(holds, shown=shown or (), vmdk=vmdk)


def _unique(listed: Disks) -> bool:
    return len({disk.id for disk in listed}) == len(listed)


def _keys(disks: Disks) -> set[tuple[str, str, str]]:
    """What a disk is. Whose data a disk holds that was there before is not said anywhere."""
    return {(disk.id, disk.kind, disk.role) for disk in disks}


def _same(first: Disks, second: Disks) -> bool:
    """Whether two lists have the same disks, in any order."""
    return _keys(first) == _keys(second) and len(first) == len(second)
