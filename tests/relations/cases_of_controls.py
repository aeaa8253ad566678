"""For each relation about settings, disks and appliances: who breaks it, by which walk, of which item."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from asr_properties.evidence.actions import AS_AT_FIRST, WAIT_FOR_JOB, Action, new_item, request, update_settings
from asr_properties.generation.changes import CHANGES, IMPOSSIBLE
from asr_properties.generation.configurations import APPLIANCES
from asr_properties.reference import ReplicatedItem
from asr_properties.reference.appliances import Appliance
from asr_properties.reference.future_machine import DEFAULT_SETTINGS
from asr_properties.reference.jobs import Job
from walks import CANCELLED, DISABLE, DRILL, FAIL_BACK, FAIL_OVER, FAILED_BACK, FAILED_OVER, PROTECTED, REVERSE, begins
from wrong import implementations as wrong
from wrong.machine_settings import Changes, MovesMachine


class OfKey(ReplicatedItem):
    """One setting is handled wrong."""

    __slots__ = ()

    key: ClassVar[str] = ""

    def without(self, changes: Changes) -> Changes:
        return {key: value for key, value in changes.items() if key != self.key}


class GoesNotBack(OfKey):
    """It cannot be set to what it was at first."""

    __slots__ = ()

    def why_not_changed(self, changes: Changes) -> str | None:
        back = changes.get(self.key, "") == DEFAULT_SETTINGS[self.key]
        return "no way back" if back else super().why_not_changed(changes)


class NotTaken(OfKey):
    """A change of it is accepted and not kept."""

    __slots__ = ()

    def take_changes(self, changes: Changes) -> None:
        super().take_changes(self.without(changes))


class RefusedAndTaken(OfKey):
    """A change of it is refused and kept."""

    __slots__ = ()

    def why_not_changed(self, changes: Changes) -> str | None:
        why = super().why_not_changed(changes)
        if why is not None:
            self.settings |= changes
        return why


class SetBackByFailover(OfKey):
    """A failover sets it back."""

    __slots__ = ()

    def failover_succeeds(self, job: Job) -> None:
        super().failover_succeeds(job)
        self.settings[self.key] = DEFAULT_SETTINGS[self.key]


class OutlivesDisable(OfKey):
    """It is the same when replication is disabled and enabled again."""

    __slots__ = ("kept",)

    def disabling_succeeds(self, job: Job) -> None:
        self.kept = self.settings[self.key]
        super().disabling_succeeds(job)

    def begin_settings(self) -> None:
        super().begin_settings()
        self.settings[self.key] = getattr(self, "kept", DEFAULT_SETTINGS[self.key])


class NotGiven(OfKey):
    """The machine in Azure has another one."""

    __slots__ = ()

    def settings_for_machine(self) -> dict[str, str | None]:
        return {**super().settings_for_machine(), self.key: DEFAULT_SETTINGS[self.key]}


class OnlyFirstApplianceTaken(ReplicatedItem):
    """A reprotect through another appliance than the first one is refused."""

    __slots__ = ()

    def named_appliance(self, name: object) -> Appliance | None:
        named = super().named_appliance(name)
        return named if named == self.appliances()[0] else None


class OwnAppliances(ReplicatedItem):
    """It lists appliances of its own, whatever the configuration says."""

    __slots__ = ()

    def appliances(self) -> tuple[Appliance, ...]:
        return (Appliance("own", True, True, True),)


Row = tuple[type, tuple[Action, ...], Mapping[str, Any], Mapping[str, str]]

ISCSI = {"iscsi_disks": 2, "data_disks": 2}
OF_EVERY_KIND = {"appliances": APPLIANCES}
REFUSED = {"update_of_settings_elsewhere": "refused"}


def _through(appliance: str, *before: Action) -> tuple[Action, ...]:
    return (*before, request("reprotect", appliance=appliance), WAIT_FOR_JOB)


def _of_a_key(requirement: str, key: str) -> dict[str, Row]:
    def of(base: type) -> type:
        names = {"__slots__": (), "key": key, "moved": key}
        return type(f"{base.__name__}{requirement}", (base,), names)

    changed = update_settings(**{key: CHANGES[key]})
    there = (*PROTECTED, changed)
    rows: dict[str, Row] = {
        "allowed_change_is_accepted": (of(GoesNotBack), (*there, update_settings(**{key: AS_AT_FIRST})), {}, {}),
        "accepted_change_is_shown": (of(NotTaken), there, {}, {}),
        "refused_change_changes_nothing": (of(RefusedAndTaken), (*FAILED_OVER, changed), {}, REFUSED),
        "settings_stay": (of(SetBackByFailover), (*there, *FAIL_OVER), {}, {}),
        "settings_begin_anew": (of(OutlivesDisable), (*there, *DISABLE, *PROTECTED), {}, {}),
        "machine_gets_its_settings": (of(NotGiven), (*there, *FAIL_OVER), {}, {}),
        "machine_keeps_its_settings": (of(MovesMachine), (*FAILED_OVER, changed), {}, {}),
    }
    return {f"{name}_{requirement}": row for name, row in rows.items()}


OF_CONTROLS: dict[str, Row] = {
    "impossible_settings_are_refused": (
        wrong.ImpossibleSizeTaken, (*PROTECTED, update_settings(size=IMPOSSIBLE["size"])), {}, {}
    ),
    "settings_of_an_earlier_item_are_forgotten": (
        wrong.AddressOfFormerItem,
        (*PROTECTED, update_settings(ip_address=CHANGES["ip_address"]), new_item({}), *PROTECTED),
        {},
        {},
    ),
    **_of_a_key("r11", "name"),
    **_of_a_key("r12", "network"),
    **_of_a_key("r13", "ip_address"),
    "machine_in_azure_shows_its_settings": (wrong.MachineNotShown, FAILED_OVER, {}, {}),
    "settings_are_shown": (wrong.SettingsHidden, (*PROTECTED, DRILL[0]), {}, {}),
    "drill_leaves_the_disks_alone": (wrong.DrillAddsDisk, (*PROTECTED, *DRILL), {}, {}),
    "all_disks_are_shown": (wrong.DataDiskNotShown, PROTECTED, ISCSI, {}),
    "disks_keep_their_ids": (wrong.DiskIdsChange, REVERSE, {}, {}),
    "iscsi_disks_are_retained_in_azure": (wrong.IscsiDisksMadeManaged, FAILED_OVER, ISCSI, {}),
    "each_vmdk_is_a_managed_disk_in_azure": (wrong.DataDiskLost, FAILED_OVER, {}, {}),
    "failback_creates_vmdk_disks": (wrong.NoVmdkCreated, FAILED_BACK, ISCSI, {}),
    "failback_adds_no_other_disk": (wrong.EveryDiskTwice, FAILED_BACK, {}, {}),
    "cancel_restores_the_disks": (wrong.DuplicateAfterCancel, CANCELLED, ISCSI, {}),
    "revert_restores_the_disks": (
        wrong.DuplicateAfterRevert,
        (*REVERSE, begins("planned_failover_fails", "VmFoStartVmOnSecondary"), *FAIL_BACK, WAIT_FOR_JOB),
        ISCSI,
        {},
    ),
    "reprotect_works_through_an_appliance_on_another_host": (
        wrong.OtherHostRefused, _through("elsewhere", *FAILED_OVER), OF_EVERY_KIND, {}
    ),
    "reprotect_knows_its_appliance_and_account": (
        wrong.UnknownApplianceTaken, _through("unknown", *FAILED_OVER), OF_EVERY_KIND, {"refusal": "by_job"}
    ),
    "reprotect_goes_through_a_listed_appliance": (
        OnlyFirstApplianceTaken, (*FAILED_OVER, request("reprotect"), WAIT_FOR_JOB),
        {"appliances": APPLIANCES[::-1]}, {"refusal": "by_job"},
    ),
    "reprotect_works_after_an_unfit_appliance": (
        wrong.UnfitApplianceKept, (*_through("unhealthy", *FAILED_OVER), request("reprotect"), WAIT_FOR_JOB),
        OF_EVERY_KIND, {"reprotect_under_fault": "fails_before_commit"},
    ),
    "configured_appliances_are_listed": (OwnAppliances, PROTECTED, OF_EVERY_KIND, {}),
}  # fmt: skip
"""Relation -> a wrong implementation, the walk that shows it, the item's configuration, and what is chosen."""
