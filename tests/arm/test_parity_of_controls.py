"""What the controls `settings`, `disks` and `sites` show is judged over ARM as in process, in both profiles.

Not over ARM: what one item leaves to the next (`new_item` makes a server's item of its own), and in the modernized
profile a cache storage account that does not exist: its reprotect to Azure has no key for one.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from arm.within import within
from asr_model.profiles import lts
from asr_properties.generation.settings_scenarios import of_controls
from asr_properties.reference import ClassicItem, Fixed, ReferenceService, ReplicatedItem
from asr_properties.session.nonconformance import NonConformance
from asr_properties.session.session import Session
from walks import begin
from wrong import appliances, disk_lists, machine_settings

SCENARIOS = {
    profile: list(of_controls(lts(profile).stepper, {"settings", "disks", "sites"}))
    for profile in ("modernized", "classic")
}


class AccountNotChecked(ClassicItem):
    """A reprotect of a Classic item with a cache storage account that does not exist is accepted."""

    __slots__ = ()

    def knows_account(self, name: object) -> bool:
        return True


#: A wrong implementation -> the walk written down that shows it.
WRONG = {
    machine_settings.ImpossibleSizeTaken: 0,
    machine_settings.RefusedNameKept: 0,
    machine_settings.SettingsHidden: 0,
    machine_settings.AddressNotGiven: 0,
    machine_settings.ChangesAddress: 1,
    machine_settings.AddressLostOnCancel: 1,
    machine_settings.DiskTypeLostInSecondCycle: 1,
    machine_settings.AddressOfFormerLife: 3,
    disk_lists.DataDiskNotShown: 4,
    disk_lists.IscsiDiskLost: 4,
    disk_lists.NoVmdkCreated: 4,
    disk_lists.DuplicateAfterCancel: 4,
    appliances.UnknownApplianceTaken: 9,
    appliances.ApplianceIgnored: 11,
    appliances.OtherHostRefused: 9,
    AccountNotChecked: 10,
}


def serving(item: type[ReplicatedItem]) -> Callable[[], ReferenceService]:
    return lambda: ReferenceService(item, Fixed())


def walked(factory: Callable[[], Any], profile: str, number: int) -> Session:
    """A walk on what a factory makes; what can't be done is passed over, as in a run."""
    configuration, actions = SCENARIOS[profile][number]
    session = begin(factory())
    session.begin(dict(configuration))
    for action in actions:
        session.perform(action)
    session.settle()
    return session


def judged(factory: Callable[[], Any], profile: str, number: int) -> tuple[Any, ...]:
    try:
        walked(factory, profile, number)
    except NonConformance as failure:
        return len(failure.steps), failure.requirements, [broken.name for broken in failure.broken], failure.what
    return ()


@pytest.mark.parametrize(("item", "number"), WRONG.items(), ids=[item.__name__ for item in WRONG])
def test_a_wrong_implementation_is_found_over_arm_as_in_process(item: type[ReplicatedItem], number: int) -> None:
    profile = "classic" if issubclass(item, ClassicItem) else "modernized"
    in_process = judged(serving(item), profile, number)
    assert in_process
    assert judged(within(serving(item)), profile, number) == in_process


@pytest.mark.parametrize("number", [1, 4, 9])
@pytest.mark.parametrize(("profile", "item"), [("modernized", ReplicatedItem), ("classic", ClassicItem)])
def test_the_right_implementation_passes_over_arm(profile: str, item: type[ReplicatedItem], number: int) -> None:
    over_arm = walked(within(serving(item)), profile, number).monitors.exercised
    in_process = walked(serving(item), profile, number).monitors.exercised
    assert over_arm.keys() == in_process.keys()


def test_where_the_api_has_no_key_for_an_account_none_is_named() -> None:
    adapter = within(serving(ReplicatedItem))()
    adapter.hello(protocol=1)
    adapter.new_item(configuration={})
    assert adapter.sites()["cache_storage_accounts"] == []
    assert [one["name"] for one in adapter.sites()["appliances"]] == ["appliance"]
