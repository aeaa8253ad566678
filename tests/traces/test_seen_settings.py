"""Settings of the future machine on recordings: credited where a look shows them, left open where it does not (R11 to
R13), in every format."""

from __future__ import annotations

import json
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from asr_properties.traces.events import ItemSeen, TraceError
from asr_properties.traces.formats import read_trace
from asr_properties.traces.jsonl import write_jsonl
from asr_properties.traces.judging import judge
from asr_properties.traces.machine_told import MachineTold
from asr_properties.traces.trace_verdicts import Conformance, TraceVerdict
from traces.cassettes import FAILED_OVER, ITEM, PROTECTED, REVERSE_PROTECTED, ask, cassette, interaction, look, poll
from traces.changes import read_interactions
from traces.formats import at, har, session_record

SETTINGS = {
    "targetVmName": "web-1",
    "targetVmSize": "Standard_D2s_v3",
    "targetResourceGroupId": "/subscriptions/s/resourceGroups/rg-1",
    "targetNetworkId": "/subscriptions/s/resourceGroups/rg-1/providers/Microsoft.Network/virtualNetworks/net-1",
}
NIC = {"nicId": "nic-1", "targetSubnetName": "default", "targetIPAddress": "", "targetIPAddressType": "Dynamic"}
Exchange = dict[str, Any]


def shown(
    shape: tuple[str, str, str, list[str]] = PROTECTED, nic: dict[str, str] | None = None, **changed: str
) -> Exchange:
    details = {"instanceType": shape[1], **SETTINGS, **changed, "vmNics": [{**NIC, **(nic or {})}]}
    return look(shape, providerSpecificDetails=details)


def patch(
    starts: str | None = "op-1", status: int = 202, nic: dict[str, str] | None = None, **changes: str
) -> Exchange:
    details: dict[str, Any] = {"instanceType": "InMageRcm", **changes}
    if nic is not None:
        details["vmNics"] = [{"nicId": "nic-1", "isPrimaryNic": "true", **nic}]
    return interaction("PATCH", ITEM, status, body={"properties": {"providerSpecificDetails": details}}, starts=starts)


def verdict_on(*exchanges: Exchange) -> TraceVerdict:
    (verdict,) = judge(read_interactions(exchanges))
    return verdict


LARGER = patch(targetVmSize="Standard_D8s_v3")
DONE = poll("op-1", "Succeeded")


def test_a_change_that_succeeded_is_shown() -> None:
    verdict = verdict_on(shown(), LARGER, DONE, shown(targetVmSize="standard_d8s_v3"))
    assert verdict.conformance is Conformance.CONFORMANT
    assert verdict.exercised["R11"] == 1
    at_once = patch(status=200, starts=None, targetVmSize="Standard_D8s_v3")
    assert verdict_on(shown(), at_once, shown(targetVmSize="Standard_D8s_v3")).exercised["R11"] == 1


def test_so_are_subnet_and_address() -> None:
    changes = patch(nic={"targetSubnetName": "s-2", "targetStaticIPAddress": "10.0.0.40"})
    after = shown(nic={"targetSubnetName": "s-2", "targetIPAddress": "10.0.0.40", "targetIPAddressType": "Static"})
    verdict = verdict_on(shown(), changes, DONE, after)
    assert (verdict.exercised["R12"], verdict.exercised["R13"]) == (1, 1)


@pytest.mark.parametrize(
    ("walk", "requirement"),
    [
        ((shown(), LARGER, DONE, shown()), "R11"),
        ((shown(), patch(status=400, starts=None, targetVmName="x"), shown(targetVmName="x")), "R11"),
        ((shown(), patch(nic={"targetSubnetName": "s-2"}), DONE, shown()), "R12"),
        ((shown(), patch(nic={"targetStaticIPAddress": "10.0.0.40"}), DONE, shown()), "R13"),
    ],
    ids=["not kept", "refused and taken", "subnet not kept", "address not kept"],
)
def test_what_is_not_as_it_was_to_be_is_told_and_leaves_the_verdict_open(
    walk: tuple[Exchange, ...], requirement: str
) -> None:
    """Whatever is shown, an update that was not recorded explains it: nothing departs for certain."""
    verdict = verdict_on(*walk)
    assert verdict.conformance is Conformance.INCOMPLETE
    assert f"{requirement} is broken" in verdict.why
    assert requirement not in verdict.exercised


@pytest.mark.parametrize(
    "walk",
    [
        (shown(), LARGER, shown()),
        (shown(), LARGER, poll("op-1", "InProgress"), shown()),
        (shown(), patch(status=504, starts=None, targetVmSize="x"), shown()),
        (shown(), LARGER, patch("op-2", targetVmSize="Standard_D4s_v3"), DONE, poll("op-2", "Succeeded"), shown()),
        (shown(), LARGER, poll("op-1", "Succeeded", error={"code": "310024", "message": "unavailable"}), shown()),
        (shown(), patch(status=401, starts=None, targetVmSize="x"), shown()),
        (shown(), LARGER, ask("remove", "op-2"), poll("op-2", "Succeeded"), DONE),
        (shown(), shown(targetVmSize="Standard_F4s_v2")),
    ],
    ids=["no end", "running", "timeout", "two at once", "warning", "turned away", "another life", "nobody asked"],
)
def test_where_nothing_is_certain_nothing_is_said(walk: tuple[Exchange, ...]) -> None:
    verdict = verdict_on(*walk)
    assert verdict.conformance is not Conformance.NON_CONFORMANT
    assert "is broken" not in verdict.why
    assert not {"R11", "R12", "R13"} & verdict.exercised.keys()


def test_an_update_and_its_job_are_nothing_to_the_lifecycle() -> None:
    """Looks beside it are judged as if there were none, so that one that changes the phase departs."""
    moved = verdict_on(shown(), LARGER, DONE, look(("Protected", "InMageRcm", "Recovery", [])))
    assert moved.conformance is Conformance.NON_CONFORMANT


def returned(group: str) -> Exchange:
    machine = f"/subscriptions/s/resourceGroups/{group}/providers/Microsoft.Compute/virtualMachines/web-1-other-name"
    details = {"instanceType": "InMageRcmFailback", "azureVirtualMachineId": machine}
    return look(REVERSE_PROTECTED, providerSpecificDetails=details)


CYCLE = (
    ask("unplannedFailover", "op-2", instanceType="InMageRcm", performShutdown="true"),
    poll("op-2", "Succeeded"),
    shown(FAILED_OVER),
    ask("reProtect", "op-3", instanceType="InMageRcm"),
    poll("op-3", "Succeeded"),
)


def test_the_machine_is_made_in_the_resource_group_that_was_set() -> None:
    """Of its name nothing is said: the service may choose another one (facts 2.3, warning 28175)."""
    right, wrong = verdict_on(shown(), *CYCLE, returned("RG-1")), verdict_on(shown(), *CYCLE, returned("other"))
    assert right.exercised["R11"] == 1
    assert wrong.conformance is Conformance.INCOMPLETE
    assert "resource group other" in wrong.why
    unknown = verdict_on(
        shown(), patch(targetResourceGroupId="/subscriptions/s/resourceGroups/other"), *CYCLE, returned("other")
    )
    assert "R11" not in unknown.exercised
    assert "is broken" not in unknown.why


@pytest.mark.parametrize("milliseconds", [1, 5000])
def test_a_look_under_way_while_the_change_ended_shows_nothing(tmp_path: Path, milliseconds: int) -> None:
    document = har([at(1, shown()), at(2, LARGER), at(3, DONE), at(4, shown())])
    document["log"]["entries"][2]["time"] = milliseconds
    (tmp_path / "a.har").write_text(json.dumps(document))
    (verdict,) = judge(read_trace(tmp_path / "a.har"))
    assert ("R11 is broken" in verdict.why) is (milliseconds == 1)


@pytest.mark.parametrize("document", [cassette, har, session_record], ids=["cassette", "har", "session record"])
def test_every_format_tells_the_same(tmp_path: Path, document: Callable[..., Any]) -> None:
    entries = [at(1, shown()), at(2, LARGER), at(3, DONE), at(4, shown(targetVmSize="Standard_D8s_v3"))]
    written = document(*entries) if document is cassette else document(entries)
    (tmp_path / "recording").write_text(json.dumps(written))
    trace = read_trace(tmp_path / "recording")
    (verdict,) = judge(trace)
    assert verdict.exercised["R11"] == 1
    lines = StringIO()
    write_jsonl(trace.events, lines)
    (tmp_path / "lines").write_text(lines.getvalue())
    again = read_trace(tmp_path / "lines")
    assert list(again.events) == list(trace.events)
    (same,) = judge(again)
    assert same.exercised == verdict.exercised


def test_what_a_line_tells_is_compared_without_paths_and_case(tmp_path: Path) -> None:
    machine = {"settings": {"network": "/networks/Net-1", "ip_address": None}, "resource_group": "RG"}
    line = {"event": "observation", "item": "i", "fields": {}, "machine": machine}
    path = tmp_path / "lines"
    path.write_text(f'{{"format": "asr-conformance trace", "version": 1}}\n{json.dumps(line)}\n')
    (event,) = read_trace(path).events
    assert isinstance(event, ItemSeen)
    assert event.machine == MachineTold((("ip_address", None), ("network", "net-1")), (), "rg")


@pytest.mark.parametrize(
    ("machine", "problem"),
    [
        (5, "machine"),
        ({"settings": {"colour": "red"}}, "no setting 'colour'"),
        ({"updates": [{"changes": {}, "state": "over"}]}, "state"),
        ({"settings": {"name": ""}}, "name"),
    ],
)
def test_what_a_line_tells_must_be_in_order(tmp_path: Path, machine: object, problem: str) -> None:
    line = {"event": "observation", "item": "i", "fields": {}, "machine": machine}
    path = tmp_path / "lines"
    path.write_text(f'{{"format": "asr-conformance trace", "version": 1}}\n{json.dumps(line)}\n')
    with pytest.raises(TraceError, match=problem):
        list(read_trace(path).events)
