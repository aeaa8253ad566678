"""Whatever is asked, in whatever order, is answered as ARM answers: strict JSON, an error in its shape, never a 5xx."""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from arm.test_server import ENABLE, Caller, item, vault
from arm.test_site_resources import CONTAINER, FABRIC, GROUP
from asr_model.vocabulary import Operation
from asr_properties.arm.inputs import INPUTS
from asr_properties.arm.kept_settings import KEPT
from asr_properties.arm.operations import OPERATIONS
from asr_properties.arm.tokens import OPERATION_OF_TOKEN
from asr_properties.reference import Chosen, ClassicItem, ReferenceService, ReplicatedItem
from asr_properties.server.application import answerer
from asr_properties.server.slots import Vaults

CLASSIC = {
    "policyId": "p",
    "providerSpecificDetails": {
        "instanceType": "InMageAzureV2", "masterTargetId": "m", "processServerId": "a", "storageAccountId": "s",
    },
}  # fmt: skip
KINDS: Mapping[str, tuple[type, Mapping[str, Any]]] = {
    "InMageRcm": (ReplicatedItem, ENABLE),
    "InMageAzureV2": (ClassicItem, CLASSIC),
}
PATHS = (
    item(), f"{item()}/recoveryPoints", f"{item()}/operationresults/JOB", f"{vault()}/replicationProtectedItems",
    f"{vault()}/replicationJobs", f"{vault()}/replicationJobs/JOB", f"{vault()}/replicationJobs/JOB/cancel",
    f"{vault()}/replicationJobs/JOB/restart", f"{vault()}/replicationOperationStatus/JOB",
    f"{vault()}/replicationPolicies", f"{vault()}/replicationPolicies/p", f"{vault()}/replicationFabrics", FABRIC,
    CONTAINER, f"{CONTAINER}/replicationProtectionContainerMappings", f"{CONTAINER}/replicationProtectableItems",
    f"{CONTAINER}/replicationProtectionContainerMappings/m", f"{vault()}/replicationRecoveryServicesProviders",
    f"{vault()}/replicationAlertSettings", f"{vault()}/replicationVaultHealth", GROUP,
    f"{GROUP}/providers/Microsoft.Network/virtualNetworks/n",
    f"{GROUP}/providers/Microsoft.OffAzure/VMwareSites/s/machines",
)  # fmt: skip
KEYS = sorted(
    {
        *("policyId", "instanceType", "failoverDirection", "networkId", "recoveryPointId", "vmNics", "disksToInclude"),
        *("targetProtectionContainerId", "crashConsistentFrequencyInMinutes", "subnets", "providerSpecificInput"),
        *(key for found in INPUTS.values() for key in (*found.required, *found.optional, *found.needs)),
        *(str(path[-1]) for kept in KEPT.values() for path in kept.single),
    }
)
PLAIN = st.sampled_from(
    ["\ud800", float("nan"), float("inf"), "", "/", "//", "x", "\0", "é☃", "true", "Custom", 0, -1, 10**400, True, None]
)  # fmt: skip
values = PLAIN | st.one_of(
    st.lists(PLAIN, max_size=2), st.dictionaries(st.sampled_from(KEYS), PLAIN, max_size=2),
    st.lists(st.dictionaries(st.sampled_from(["diskId", "nicId", "ipConfigs", "diskType", "name"]), PLAIN, max_size=2)),
)  # fmt: skip


@st.composite
def changed(draw: st.DrawFn, properties: Mapping[str, Any]) -> dict[str, Any]:
    """The body of a request, often with something else in it, or without something."""
    made: dict[str, Any] = copy.deepcopy({**properties})
    for _ in range(draw(st.sampled_from([0, 0, 1, 2]))):
        level = draw(st.sampled_from([made, *(value for value in made.values() if isinstance(value, dict))]))
        level[draw(st.sampled_from(sorted(level) or KEYS) | st.sampled_from(KEYS))] = draw(values)
    return {"properties": made}


def input_of(instance: str, operation: Operation) -> dict[str, Any]:
    """What an operation takes of an item."""
    found = INPUTS.get((operation, instance))
    if found is None:
        return {}
    words = {"performShutdown": "true", "recoveryPointType": "CrashConsistent"}
    details = {key: words.get(key, "x") for key in (*found.required, *found.needs)}
    outer = {"failoverDirection": found.direction} if found.direction else {}
    return {**outer, "policyId": "p", "providerSpecificDetails": {"instanceType": found.instance, **details}}


@st.composite
def asked(draw: st.DrawFn, instance: str, listed: tuple[str, ...]) -> tuple[str, str, Any]:
    """Method, path and body; mostly of an operation that the item lists, or any. instance: the item's."""
    allowed = [OPERATION_OF_TOKEN[token] for token in listed if token in OPERATION_OF_TOKEN]
    if draw(st.booleans()):
        operation = draw(st.sampled_from(allowed * 6 + list(OPERATIONS)))
        row = OPERATIONS[operation]
        return row.method, f"{item()}/{row.action}".rstrip("/"), draw(changed(input_of(instance, operation)))
    given = {"instanceType": instance}
    method, path = (
        draw(st.sampled_from(["GET", "PUT", "POST", "PATCH", "DELETE", "HEAD"])),
        draw(st.sampled_from(PATHS)),
    )
    body = draw(changed({"policyId": "p", "providerSpecificDetails": given, "providerSpecificInput": given}))
    return method, path, draw(st.sampled_from([body, body, body, None, [], "x"]))


class Checked(Caller):
    """Checks each answer of the ARM API."""

    def __call__(self, method: str, path: str, body: Any = None, **query: str) -> tuple[int, Any]:
        status, told = super().__call__(method, path, body, **query)
        assert status < 500, (method, path, body)
        json.dumps(told, allow_nan=False, ensure_ascii=False).encode()
        if status >= 400:
            assert set(told) == {"error"}
            assert set(told["error"]) == {"code", "message", "details"}
        return status, told


@pytest.mark.parametrize("instance", KINDS)
@settings(max_examples=40, deadline=None)
@given(data=st.data(), seed=st.integers(0, 99))
def test_whatever_is_asked_is_answered_as_arm_does(instance: str, data: st.DataObject, seed: int) -> None:
    walk(instance, data, seed)


@pytest.mark.long
@pytest.mark.parametrize("instance", KINDS)
@settings(max_examples=1000, deadline=None)
@given(data=st.data(), seed=st.integers(0, 99))
def test_whatever_is_asked_at_length_is_answered_as_arm_does(instance: str, data: st.DataObject, seed: int) -> None:
    walk(instance, data, seed)


def walk(instance: str, data: st.DataObject, seed: int) -> None:
    """Ask one thing after the other of a fresh server, and after each look at everything."""
    item_class, enable = KINDS[instance]
    vaults = Vaults(lambda: ReferenceService(item_class, Chosen({}, seed)))  # type: ignore[arg-type]
    ask, job = Checked(answerer(vaults, "under test", page_size=2)), "none"
    ask("PUT", item(), data.draw(changed(enable)))
    for _ in range(data.draw(st.integers(4, 8))):
        ask.control("wait", "vm-1", {"seconds": data.draw(st.sampled_from([4 * 3600, 4 * 3600, 4 * 3600, 0]))})
        _, shown = ask("GET", item())
        properties = shown.get("properties") or {"allowedOperations": [], "providerSpecificDetails": {}}
        now = properties["providerSpecificDetails"].get("instanceType", instance)
        method, path, body = data.draw(asked(now, tuple(properties["allowedOperations"])))
        ask(method, path.replace("JOB", job), body)
        job = ask.headers.get("Azure-AsyncOperation", f"/{job}").partition("?")[0].rpartition("/")[2]
        for listed in PATHS:
            ask("GET", listed.replace("JOB", job))
