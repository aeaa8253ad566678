"""Calls to try, derived from the declaration of the methods: good ones, and ones whose parameters do not fit."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from asr_model.vocabulary import Fault, Operation, Site
from asr_properties.contract.messages import PROTOCOL, Message
from asr_properties.contract.methods import ARGUMENTS, METHODS, NoArguments

UNKNOWN_JOB = "no-such-job"
_NONSENSE = {"nonsense": 1}
"""No string, no number, no word, and an object with an unknown key: it fits no parameter."""

_ENABLE = {"operation": Operation.ENABLE_REPLICATION.value, "arguments": {}}


def good_call(method: str, job: str = UNKNOWN_JOB) -> dict[str, Any]:
    """Parameters that fit."""
    samples: dict[str, dict[str, Any]] = {
        "hello": {"protocol": PROTOCOL},
        "new_item": {"configuration": {}},
        "request": _ENABLE,
        "job": {"job": job},
        "cancel_job": {"job": job},
        "wait": {"seconds": 1},
        "machine": {"site": Site.ON_PREMISES.value},
        "inject": {"fault": Fault.APPLIANCE_UNHEALTHY.value},
        "clear": {"fault": Fault.APPLIANCE_UNHEALTHY.value},
    }
    return samples.get(method, {})


def bad_calls(method: str, job: str) -> Iterator[dict[str, Any]]:
    """Parameters that do not fit: one is missing, of another type, or too many."""
    yield from _spoilt(METHODS[method].parameters, good_call(method, job))
    if method == "wait":
        yield {}
        yield {"job": job, "seconds": 1}
        yield {"seconds": -1}
    if method == "machine":
        yield {"site": "moon"}


def bad_arguments(operation: str) -> Iterator[dict[str, Any]]:
    """Arguments of a request that do not fit."""
    good: dict[str, dict[str, Any]] = {
        Operation.FAIL_OVER: {"recovery_point": "latest", "shut_down_source": True},
        Operation.CHANGE_RECOVERY_POINT: {"recovery_point": "some-point"},
        Operation.PLANNED_FAILOVER: {"recovery_point_type": "crash_consistent"},
    }
    yield from _spoilt(ARGUMENTS.get(Operation(operation), NoArguments), good.get(operation, {}))


def _spoilt(shape: type[Message], good: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for name, field in shape.model_fields.items():
        if field.is_required():
            yield {key: value for key, value in good.items() if key != name}
        yield {**good, name: _NONSENSE}
    yield {**good, **_NONSENSE}
