"""A service as it really is: no control path, time of its own, one machine that nobody can make anew."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from arm.serving import served
from arm.within import Straight
from asr_model import profiles
from asr_model.vocabulary import Operation
from asr_properties.adapters.arm.adapter import ArmAdapter
from asr_properties.adapters.arm.homecoming import AstrayError, bring_home
from asr_properties.adapters.arm.target import ANY_SITE, read_target
from asr_properties.adapters.loading import load
from asr_properties.adapters.options import ArmOptions
from asr_properties.cli.arm_dry_run import plan
from asr_properties.contract.connection import AdapterError, Connection
from asr_properties.contract.errors import Refused
from asr_properties.reference import ClassicItem, Fixed, Freedom, ReferenceService, ReplicatedItem
from asr_properties.running.budget import Budget
from asr_properties.running.campaign import Campaign
from asr_properties.running.engines import Engine
from asr_properties.running.requirement_verdicts import Overall, Verdict
from asr_properties.running.run_result import RunResult
from asr_properties.server.application import answerer
from asr_properties.server.slots import Vaults
from asr_properties.session.irreplaceable import gives_up
from walks import REVERT_FAILS
from wrong import implementations as wrong
from wrong.walks import judged

ITEM = (
    "/subscriptions/s/resourceGroups/g/providers/Microsoft.RecoveryServices/vaults/v"
    "/replicationFabrics/f/replicationProtectionContainers/c/replicationProtectedItems/asr-conformance-1"
)
TARGET = read_target(f"arm:http://127.0.0.1:1{ITEM}")
SPEED = 6_000.0


class Slow:
    """A real service whose time the test moves: it passes while somebody rests."""

    def __init__(self, item: Any, profile: str = "modernized", freedom: Freedom | None = None) -> None:
        self._vaults = Vaults(lambda: ReferenceService(item_class=item, freedom=freedom))
        self._http = Straight(answerer(self._vaults, "under test", control_path=False))
        self._profile = profile

    def rest(self, seconds: float) -> None:
        for slot in self._vaults.of(TARGET.address.vault):
            slot.implementation.wait(seconds=seconds + 60)

    def adapter(self) -> ArmAdapter:
        return ArmAdapter(TARGET, settings=ANY_SITE, http=self._http, profile=self._profile, rest=self.rest)

    def run(self, *, steps: int, seed: int, **options: Any) -> RunResult:
        campaign = Campaign(
            self.adapter, profile=self._profile, budget=Budget(steps=steps), engine=Engine.TOUR, seed=seed,
            rest=self.rest, **options,
        )  # fmt: skip
        return campaign.run()

    @property
    def left(self) -> Any:
        """The item as the service shows it."""
        (slot,) = self._vaults.of(TARGET.address.vault)
        return slot.observation(), machines(slot.implementation)


@pytest.fixture
def site(tmp_path: Path) -> Path:
    path = tmp_path / "site.json"
    path.write_text(json.dumps(ANY_SITE))
    return path


PROFILES = {"modernized": ReplicatedItem, "classic": ClassicItem}


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("seed", [0, pytest.param(1, marks=pytest.mark.long)])
def test_the_right_one_goes_through_its_cycle_without_a_false_alarm(profile: str, seed: int) -> None:
    slow = Slow(PROFILES[profile], profile)
    result = slow.run(steps=160, seed=seed)
    assert result.adapter_error is None
    assert [c.lines() for c in result.counterexamples] == []
    assert result.overall is Overall.INCOMPLETE
    assert result.coverage.phases >= {"protected", "failed_over", "failover_committed"}
    assert result.items > 1, "there was no second walk"
    assert slow.left == (None, ("on", "absent")), "the run did not leave the item as it was found"


@pytest.mark.long
def test_also_over_http_where_time_passes_by_itself(site: Path) -> None:
    with served(speed=SPEED, control_path=False) as url:
        factory = load(f"arm:{url}{ITEM}", arm=ArmOptions(settings=site, home_hours=0.01))
        options: dict[str, Any] = {"engine": Engine.TOUR, "patience": 60, "repeats": False}
        result = Campaign(factory, profile="modernized", budget=Budget(steps=30), seed=1, **options).run()
        with pytest.raises(urllib.error.HTTPError, match="404"):
            urllib.request.urlopen(f"{url}{ITEM}?api-version=2025-08-01")
    assert result.adapter_error is None
    assert [c.lines() for c in result.counterexamples] == []
    assert result.coverage.phases >= {"protected", "failed_over"}


WRONG: dict[type[ReplicatedItem], str] = {
    wrong.KeptPoints: "R40",
    wrong.ChangeNotOffered: "X03",
    wrong.CommittedInVain: "R41",
    wrong.CancelRefused: "R59",
    wrong.FailbackRefused: "R43",
    wrong.SameInstance: "X01",
}


SOON = {wrong.KeptPoints, wrong.CancelRefused}


@pytest.mark.parametrize(
    "item", [pytest.param(item, marks=() if item in SOON else pytest.mark.long, id=item.__name__) for item in WRONG]
)
def test_a_wrong_one_is_found_and_its_walk_kept_as_it_was(item: type[ReplicatedItem]) -> None:
    """Where machines are real a failing walk is not done again: what was seen is what there is."""
    result = Slow(item, freedom=Fixed()).run(
        steps=250, seed=1, repeats=False, until=lambda failed: WRONG[item] in failed
    )
    assert result.overall is Overall.NON_CONFORMANT
    assert WRONG[item] in {v.requirement for v in result.verdicts if v.outcome is Verdict.FAILED}
    assert not any(found.complete or found.flaky for found in result.counterexamples)


@pytest.mark.long
def test_one_that_disables_in_vain_cannot_be_brought_home_and_that_is_said() -> None:
    """What brings an item home is no part of a walk, so nothing is blamed; nor does anything pass."""
    result = Slow(wrong.DisabledInVain, freedom=Fixed()).run(steps=250, seed=1, repeats=False)
    assert result.overall is Overall.ADAPTER_ERROR
    assert "it is still failback_committed" in str(result.adapter_error)
    assert "the job of disable_replication ended as succeeded" in str(result.adapter_error)


def test_without_the_control_path_it_is_not_there(site: Path) -> None:
    with served(speed=SPEED, control_path=False) as url:
        with pytest.raises(urllib.error.HTTPError):
            urllib.request.urlopen(f"{url}/control")
        adapter = load(f"arm:{url}{ITEM}", arm=ArmOptions(settings=site))()
        connection = Connection(adapter)
        assert connection.hello.controls == []
        assert connection.is_irreplaceable


def test_an_item_whose_failover_was_aborted_ends_the_run_and_is_named(site: Path) -> None:
    aborting = Fixed({"cancel_job": "accepted"})
    with served(lambda: ReferenceService(freedom=aborting), speed=SPEED, control_path=False) as url:
        connection = Connection(load(f"arm:{url}{ITEM}", arm=ArmOptions(settings=site))())
        connection.new_item({})
        connection.request("enable_replication", {})
        until(lambda: "fail_over" in (connection.item().allowed_operations or ()))  # type: ignore[union-attr]
        job = connection.request("fail_over", {"recovery_point": "latest", "shut_down_source": True})
        connection.cancel_job(job)
        until(lambda: connection.job(job).state == "cancelled")
        with pytest.raises(AdapterError, match=r"asr-conformance-1 is no fresh machine.*aborted"):
            connection.new_item({})


def until(happened: Callable[[], bool]) -> None:
    for _ in range(10_000):
        if happened():
            return
    raise AssertionError("it never happened")


# -- coming home ----------------------------------------------------------------------------------------------------


def machines(service: ReferenceService) -> tuple[str, str]:
    return service.machine("on_premises")["power"], service.machine("azure")["power"]


@pytest.mark.parametrize("profile", profiles.CHARTS)
@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_from_wherever_a_walk_led_an_item_comes_home(profile: str, data: st.DataObject) -> None:
    """The machine on-premises serves, nothing is left in Azure, nothing is replicated: if nothing was given up."""
    service = ReferenceService(item_class=PROFILES[profile])
    service.hello(protocol=1)
    service.new_item({})
    efsm = profiles.efsm(profile)
    for _ in range(data.draw(st.integers(0, 14))):
        seen = service.item() or {"phase": "not_replicated", "allowed_operations": ["enable_replication"]}
        listed = [o for o in seen["allowed_operations"] if not gives_up(efsm, seen["phase"], o)]
        if listed and data.draw(st.booleans()):
            operation = data.draw(st.sampled_from(sorted(listed)))
            ask(service, operation, service.recovery_points())
        service.wait(seconds=data.draw(st.sampled_from([60, 1200, 7200, 7200])))
    bring_home(service, lambda seconds: service.wait(seconds=seconds))
    assert (service.item() or {}).get("phase", "not_replicated") == "not_replicated"
    assert machines(service) == ("on", "absent")


def ask(service: ReferenceService, operation: str, points: list[dict[str, Any]]) -> None:
    arguments: dict[str, dict[str, Any]] = {
        Operation.FAIL_OVER: {"recovery_point": "latest", "shut_down_source": True},
        Operation.CHANGE_RECOVERY_POINT: {"recovery_point": points[-1]["id"] if points else "none"},
        Operation.PLANNED_FAILOVER: {"recovery_point_type": "crash_consistent"},
    }
    with suppress(Refused):
        service.request(operation, arguments.get(operation, {}))


def test_a_failback_whose_revert_failed_comes_home_by_cancelling_it() -> None:
    service = ReferenceService(freedom=Fixed())
    assert judged(lambda: service, REVERT_FAILS) == ()
    assert service.item()["phase"] == "failback_cancel_failed"  # type: ignore[index]
    for fault in ("planned_failover_fails", "cancel_fails"):
        service.clear(fault)
    bring_home(service, lambda seconds: service.wait(seconds=seconds))
    assert machines(service) == ("on", "absent")


def test_it_is_told_where_an_item_stays_that_does_not_come_home() -> None:
    service = ReferenceService(freedom=Fixed())
    service.hello(protocol=1)
    service.new_item({})
    service.request("enable_replication", {})
    with pytest.raises(AstrayError, match=r"after 0.1 h it is still enabling_replication, active at .*listing nothing"):
        bring_home(service, lambda seconds: None, hours=0.1)


# -- what is foreseen -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("profile", profiles.CHARTS)
@pytest.mark.parametrize("seed", range(3))
def test_a_plan_foresees_whole_cycles_and_the_way_home(profile: str, seed: int) -> None:
    foreseen = plan(profile=profile, budget=Budget(steps=150), engine=Engine.TOUR, seed=seed)
    assert foreseen.stuck == ""
    assert foreseen.walks >= 1
    assert foreseen.home["disable_replication"] >= 1
    for operation in ("enable_replication", "test_failover", "fail_over", "reprotect"):
        assert (foreseen.accepted + foreseen.home)[operation] >= 1
    assert 120 < foreseen.minutes < 2 * 24 * 60
