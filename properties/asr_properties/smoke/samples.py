"""Calls to try, derived from the declaration of the methods: good ones, and ones whose parameters do not fit."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from asr_model.vocabulary import Fault, Operation, Site
from asr_properties.contract.messages import PROTOCOL, Message
from asr_properties.contract.methods import ARGUMENTS, METHODS, NoArguments

UNKNOWN_JOB = "no-such-job"
_NONSENSE = {"nonsense": 1}
"""No string, no number, no word, and an object with an unknown key: it fits no parameter."""

GOOD_ARGUMENTS: Mapping[str, dict[str, Any]] = {
    Operation.FAIL_OVER: {"recovery_point": "latest", "shut_down_source": True},
    Operation.CHANGE_RECOVERY_POINT: {"recovery_point": "no-such-point"},
    Operation.PLANNED_FAILOVER: {"recovery_point_type": "crash_consistent"},
}
"""Operation -> arguments that fit; what is missing takes none, or needs none."""

_NEAR_MISSES: Mapping[str, tuple[dict[str, Any], ...]] = {
    "hello": ({"protocol": "1"},),
    "job": ({"job": 1},),
    "cancel_job": ({"job": 1},),
    "wait": ({}, {"seconds": -1}, {"seconds": "1"}, {"seconds": True}),
    "machine": ({"site": "moon"},),
}
"""What nearly fits: another type that a lax reader takes, a word or a number that is not allowed."""

_NEARLY_ARGUMENTS: Mapping[str, tuple[dict[str, Any], ...]] = {
    Operation.FAIL_OVER: ({"recovery_point": 1}, {"shut_down_source": "true"}),
    Operation.TEST_FAILOVER: ({"recovery_point": 1},),
    Operation.CHANGE_RECOVERY_POINT: ({"recovery_point": 1},),
    Operation.PLANNED_FAILOVER: ({"recovery_point_type": "incremental"},),
}

_NEARLY_CONFIGURATION: Mapping[str, tuple[Any, ...]] = {
    "crash_consistent_minutes": (0, "5", True),
    "app_consistent_minutes": (-1, "60"),
    "retention_minutes": (-1, "4320"),
    "multi_vm_group": (1,),
    "operating_system": ("beos",),
    "dhcp": ("true", 1),
    "boot_drivers": ("true",),
    "iscsi_disks": (-1, 1.5, "1"),
    "datastore_visible": ("true",),
}


def good_call(method: str, job: str = UNKNOWN_JOB, operation: str = Operation.ENABLE_REPLICATION) -> dict[str, Any]:
    """Parameters that fit."""
    samples: dict[str, dict[str, Any]] = {
        "hello": {"protocol": PROTOCOL},
        "new_item": {"configuration": {}},
        "request": {"operation": str(operation), "arguments": GOOD_ARGUMENTS.get(operation, {})},
        "job": {"job": job},
        "cancel_job": {"job": job},
        "wait": {"seconds": 1},
        "machine": {"site": Site.ON_PREMISES.value},
        "inject": {"fault": Fault.APPLIANCE_UNHEALTHY.value},
        "clear": {"fault": Fault.APPLIANCE_UNHEALTHY.value},
    }
    return samples.get(method, {})


def bad_calls(
    method: str,
    job: str,
    operation: str = Operation.ENABLE_REPLICATION,
    honoured: Collection[str] = tuple(_NEARLY_CONFIGURATION),
) -> Iterator[dict[str, Any]]:
    """Parameters that do not fit: one is missing, of another type, a near miss, or too many. `operation` is one that
    is offered, and `honoured` are the keys of the configuration that are."""
    good = good_call(method, job, operation)
    yield from _spoilt(METHODS[method].parameters, good)
    yield from _NEAR_MISSES.get(method, ())
    if method == "wait":
        yield {"job": job, "seconds": 1}
    if method == "new_item":
        for key in honoured:
            yield from ({"configuration": {key: value}} for value in _NEARLY_CONFIGURATION.get(key, ()))


def bad_arguments(operation: str) -> Iterator[dict[str, Any]]:
    """Arguments of a request that do not fit."""
    good = GOOD_ARGUMENTS.get(operation, {})
    yield from _spoilt(ARGUMENTS.get(Operation(operation), NoArguments), good)
    for nearly in _NEARLY_ARGUMENTS.get(operation, ()):
        yield {**good, **nearly}


def _spoilt(shape: type[Message], good: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for name, field in shape.model_fields.items():
        if field.is_required():
            yield {key: value for key, value in good.items() if key != name}
        yield {**good, name: _NONSENSE}
    yield {**good, **_NONSENSE}
