"""The adapter: what it offers where there is no control path, what it makes of arguments, and a run end to end."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from arm.serving import served
from arm.within import Straight, within
from asr_properties.adapters.arm.adapter import ArmAdapter
from asr_properties.adapters.arm.bounded_http import HttpLimits
from asr_properties.adapters.arm.target import ANY_SITE, read_target
from asr_properties.adapters.loading import load
from asr_properties.adapters.options import ArmOptions, UnknownAdapter
from asr_properties.contract.connection import AdapterError, Connection
from asr_properties.contract.errors import ContractError, InvalidParameters, InvalidRequest, NotOffered, Refused
from asr_properties.reference import Fixed, ReferenceService
from asr_properties.running.budget import Budget
from asr_properties.running.campaign import Campaign
from asr_properties.running.engines import Engine
from asr_properties.server.application import answerer
from asr_properties.server.replies import Reply, Request, not_found
from asr_properties.server.slots import Vaults
from asr_properties.smoke.probe import CheckOutcome
from asr_properties.smoke.trying import smoke
from wrong.implementations import EnabledInVain

NAMED = (
    "arm:http://127.0.0.1:1/subscriptions/s/resourceGroups/g/providers/Microsoft.RecoveryServices/vaults/v"
    "/replicationFabrics/f/replicationProtectionContainers/c/replicationProtectedItems/vm-1"
)


class Real:
    """A service without our control path, whose time the test moves."""

    def __init__(self, settings: Mapping[str, Any]) -> None:
        self._seconds = 0.0
        vaults = Vaults(lambda: ReferenceService(freedom=Fixed()), speed=1.0, clock=self._tick)
        self.answer = answerer(vaults, "under test", control_path=False)
        self.http = Straight(self.answer)
        self.adapter = ArmAdapter(read_target(NAMED), settings=settings, http=self.http)
        self.hello = self.adapter.hello(protocol=1)

    def _tick(self) -> float:
        self._seconds += 60
        return self._seconds

    def until(self, phase: str) -> None:
        for _ in range(1000):
            seen = self.adapter.item()
            if seen is not None and seen.get("phase") == phase:
                return
        raise AssertionError(f"{phase} was not reached")


def test_without_a_control_path_no_control_is_offered() -> None:
    needed = ("policyId", "fabricDiscoveryMachineId", "targetResourceGroupId", "processServerId")
    hello = Real({key: ANY_SITE[key] for key in needed}).hello
    assert (hello["controls"], hello["configuration"]) == ([], [])
    assert "replicating" not in hello["fields"]
    assert {"enable_replication", "commit"} <= set(hello["operations"])
    assert "reprotect" not in hello["operations"]
    assert {"enable_replication", "reprotect"} <= set(Real(ANY_SITE).hello["operations"])


def test_without_a_control_path_what_enabling_takes_must_be_known() -> None:
    with pytest.raises(AdapterError, match=r"lack .*policyId.*--arm-settings FILE"):
        Real({})


def test_without_a_control_path_the_item_must_be_named() -> None:
    adapter = ArmAdapter(read_target("arm:http://127.0.0.1:1"), settings=ANY_SITE, http=Real(ANY_SITE).http)
    with pytest.raises(AdapterError, match="no item is named"):
        adapter.hello(protocol=1)


def test_where_time_passes_by_itself_no_clock_is_offered() -> None:
    with served(speed=600) as url:
        assert "clock" not in load(f"arm:{url}")().hello(protocol=1)["controls"]
    with served() as url:
        assert "clock" in load(f"arm:{url}")().hello(protocol=1)["controls"]


def test_a_vault_that_is_not_there_is_an_adapter_error() -> None:
    nobody = Straight(lambda request: not_found(request.path).reply())
    adapter = ArmAdapter(read_target(NAMED), settings=ANY_SITE, http=nobody)
    adapter.hello(protocol=1)
    with pytest.raises(AdapterError, match="there is no vault v in the resource group g"):
        adapter.new_item(configuration={})


def test_a_container_that_is_not_there_is_an_adapter_error() -> None:
    real = Real(ANY_SITE)

    def answer(request: Request) -> Any:
        return not_found(request.path).reply() if request.method == "PUT" else real.answer(request)

    adapter = ArmAdapter(read_target(NAMED), settings=ANY_SITE, http=Straight(answer))
    adapter.hello(protocol=1)
    adapter.new_item(configuration={})
    with pytest.raises(AdapterError, match="fabric and container"):
        adapter.request(operation="enable_replication", arguments={})


class Mishap:
    """Answers as the service does, but the first so many requests of a kind get another answer."""

    def __init__(self, method: str, reply: Any, times: int = 2) -> None:
        self._answer, self._method, self._reply, self.left = Real(ANY_SITE).answer, method, reply, times

    def __call__(self, request: Request) -> Any:
        if request.method == self._method and self.left:
            self.left -= 1
            return self._reply
        return self._answer(request)


THROTTLED = Reply(429, {"error": {"code": "TooManyRequests", "message": "slow down"}}, {"Retry-After": "0"})
UNAVAILABLE = Reply(503, {"error": {"code": "ServerBusy", "message": "later"}})


@pytest.mark.parametrize(
    ("method", "reply", "is_borne"),
    [("GET", THROTTLED, True), ("GET", UNAVAILABLE, True), ("PUT", THROTTLED, True), ("PUT", UNAVAILABLE, False)],
    ids=["throttled look", "busy at a look", "throttled request", "busy at a request"],
)
def test_what_passes_is_borne_and_nothing_is_done_twice(method: str, reply: Reply, is_borne: bool) -> None:
    mishap = Mishap(method, reply)
    limits = HttpLimits(first_pause=0.01)
    adapter = ArmAdapter(read_target(NAMED), limits=limits, settings=ANY_SITE, http=Straight(mishap))
    adapter.hello(protocol=1)
    adapter.new_item(configuration={})
    if not is_borne:
        with pytest.raises(AdapterError, match="503"):
            adapter.request(operation="enable_replication", arguments={})
        assert mishap.left == 1
        return
    adapter.request(operation="enable_replication", arguments={})
    assert mishap.left == 0


def test_an_item_that_is_there_already_is_no_fresh_one() -> None:
    real = Real(ANY_SITE)
    real.adapter.new_item(configuration={})
    real.adapter.request(operation="enable_replication", arguments={})
    other = ArmAdapter(read_target(NAMED), settings=ANY_SITE, http=real.http)
    other.hello(protocol=1)
    with pytest.raises(AdapterError, match="enabled already"):
        other.new_item(configuration={})


@pytest.mark.parametrize(
    ("operation", "arguments", "error"),
    [
        ("fly", {}, NotOffered),
        ("cancel_job", {}, NotOffered),
        ("fail_over", {"recovery_point": "latest"}, InvalidParameters),
        ("fail_over", {"recovery_point": "latest", "shut_down_source": "yes"}, InvalidParameters),
        ("planned_failover", {"recovery_point_type": "any"}, InvalidParameters),
        ("commit", {"now": True}, InvalidParameters),
    ],
)
def test_arguments_that_do_not_fit(operation: str, arguments: dict[str, Any], error: type[ContractError]) -> None:
    adapter = within(ReferenceService)()
    adapter.hello(protocol=1)
    adapter.new_item(configuration={})
    with pytest.raises(error):
        adapter.request(operation=operation, arguments=arguments)


def test_nothing_comes_before_new_item() -> None:
    adapter = within(ReferenceService)()
    adapter.hello(protocol=1)
    with pytest.raises(InvalidRequest):
        adapter.item()
    with pytest.raises(InvalidParameters):
        adapter.hello(protocol=2)


def test_an_option_that_no_point_serves_is_refused() -> None:
    connection = Connection(within(lambda: ReferenceService(freedom=Fixed()))())
    connection.new_item({})
    job = connection.request("enable_replication", {})
    connection.wait(seconds=4 * 3600)
    with pytest.raises(Refused, match="latest_app_consistent"):
        connection.request("fail_over", {"recovery_point": "latest_app_consistent", "shut_down_source": True})
    assert connection.jobs() == [job]
    points = list(connection.recovery_points())
    assert points == sorted(points, key=lambda point: -point.created)
    assert len(points) > 2
    connection.bye()


def test_settings_come_from_a_file_of_json(tmp_path: Path) -> None:
    path = tmp_path / "site.json"
    for text in ("[]", "{", ""):
        path.write_text(text)
        with pytest.raises(UnknownAdapter, match="settings of"):
            load(NAMED, arm=ArmOptions(settings=path))
    with pytest.raises(UnknownAdapter, match="cannot read"):
        load(NAMED, arm=ArmOptions(settings=tmp_path / "none.json"))
    path.write_text('{"policyId": "p"}')
    assert callable(load(NAMED, arm=ArmOptions(settings=path)))


def test_without_the_extra_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "asr_properties.adapters.arm.factory", None)
    with pytest.raises(UnknownAdapter, match=r"pip install 'asr-conformance\[arm\]'"):
        load("arm:http://127.0.0.1:1")


def test_the_adapter_is_in_order() -> None:
    """Each method with good and bad parameters, order, isolation, determinism: what `smoke` looks at."""
    findings = list(smoke(within(ReferenceService)))
    assert len(findings) > 40
    assert [finding for finding in findings if finding.outcome is CheckOutcome.FAILED] == []


def command(tmp_path: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "asr_properties.cli.main", *arguments],
        cwd=tmp_path, capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip


@pytest.mark.long
def test_a_run_finds_names_and_replays_what_is_wrong(tmp_path: Path) -> None:
    """The whole way: the command, the official SDK, HTTP, the server, a wrong implementation behind it."""
    with served(lambda: ReferenceService(item_class=EnabledInVain, freedom=Fixed())) as url:
        spec = f"arm:{url}"
        budget = ("--budget", "60steps", "--engine", "tour", "--seed", "1")
        done = command(tmp_path, "run", "--adapter", spec, *budget, "--report", "out")
        assert done.returncode == 1, done.stdout + done.stderr
        assert "implementation: asr-reference behind ARM" in done.stdout
        assert re.search(r"^R07 +FAILED", done.stdout, re.MULTILINE)
        (found,) = (tmp_path / "out").rglob("counterexample*.json")
        again = command(tmp_path, "replay", str(found), "--adapter", spec)
    assert again.returncode == 1
    assert "breaks R07 (" in again.stdout


@pytest.mark.long
def test_where_time_passes_by_itself_there_is_no_false_alarm() -> None:
    """The control path is there, and so are faults, writes and machines; only the clock is not."""
    with served(speed=6000) as url:
        options: dict[str, Any] = {"engine": Engine.TOUR, "seed": 5, "patience": 2}
        result = Campaign(load(f"arm:{url}"), profile="modernized", budget=Budget(steps=60), **options).run()
    assert result.adapter_error is None
    assert [c.lines() for c in result.counterexamples] == []
