"""Calls to try, derived from the declaration of the methods: good ones, and ones whose parameters do not fit."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from asr_model.vocabulary import ARGUMENTS as KINDS
from asr_model.vocabulary import Fault, Operation, Site
from asr_properties.contract.faults import JOB_FAULTS
from asr_properties.contract.messages import PROTOCOL, Message
from asr_properties.contract.methods import ARGUMENTS, METHODS, NoArguments

_FAULT = next(fault for fault in Fault if fault not in JOB_FAULTS)
UNKNOWN_JOB = "no-such-job"
UNKNOWN_NAME = "no-such-name"
_NONSENSE = {"nonsense": 1}
"""No string, no number, no word, and an object with an unknown key: it fits no parameter."""

_NEAR_MISSES: Mapping[str, tuple[dict[str, Any], ...]] = {
    "hello": ({"protocol": "1"},),
    "job": ({"job": 1},),
    "cancel_job": ({"job": 1},),
    "wait": ({}, {"seconds": -1}, {"seconds": "1"}, {"seconds": True}),
    "machine": ({"site": "moon"},),
    "disks": ({"site": "moon"},),
    "update_settings": ({"changes": {}}, {"changes": {"name": 1}}, {"changes": {"name": None}}),
}
"""What nearly fits: another type that a lax reader takes, a word or a number that is not allowed."""

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
    "data_disks": (-1, 1.5, "1"),
    "appliances": ("appliance", [{"name": "appliance"}]),
}


def good_arguments(operation: str, *, with_sites: bool = False) -> dict[str, Any]:
    """The arguments that an operation requires, with values that fit: the first that the vocabulary has. A point that
    is listed in no fresh item is named by an id that no point has. with_sites: whether a reprotect names an appliance
    and an account, by names that no such thing has."""
    if operation == Operation.REPROTECT:
        return {"appliance": UNKNOWN_NAME, "cache_storage_account": UNKNOWN_NAME} if with_sites else {}
    required = [name for name, field in _arguments_of(operation).model_fields.items() if field.is_required()]
    first = {name: KINDS[Operation(operation)][name][0] for name in required}
    return {name: "no-such-point" if value == "listed" else value for name, value in first.items()}


def good_call(
    method: str, job: str = UNKNOWN_JOB, operation: str = Operation.ENABLE_REPLICATION, *, with_sites: bool = False
) -> dict[str, Any]:
    """Parameters that fit."""
    samples: dict[str, dict[str, Any]] = {
        "hello": {"protocol": PROTOCOL},
        "new_item": {"configuration": {}},
        "request": {"operation": str(operation), "arguments": good_arguments(operation, with_sites=with_sites)},
        "job": {"job": job},
        "cancel_job": {"job": job},
        "wait": {"seconds": 1},
        "machine": {"site": Site.ON_PREMISES.value},
        "inject": {"fault": _FAULT.value},
        "clear": {"fault": _FAULT.value},
        "disks": {"site": Site.ON_PREMISES.value},
        "update_settings": {"changes": {"name": "conformance"}},
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


def bad_arguments(operation: str, *, with_sites: bool = False) -> Iterator[dict[str, Any]]:
    """Arguments of a request that do not fit."""
    good = good_arguments(operation, with_sites=with_sites)
    yield from _spoilt(_arguments_of(operation), good)
    for name, field in _arguments_of(operation).model_fields.items():
        yield {**good, name: _another_type_or_word(field.annotation)}


def _arguments_of(operation: str) -> type[Message]:
    return ARGUMENTS.get(Operation(operation), NoArguments)


def _another_type_or_word(annotation: object) -> Any:
    """What a lax reader takes for a value of this type, or a word that is none of those allowed."""
    return 1 if annotation is str else "true" if annotation is bool else "incremental"


def _spoilt(shape: type[Message], good: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for name, field in shape.model_fields.items():
        if field.is_required():
            yield {key: value for key, value in good.items() if key != name}
        yield {**good, name: _NONSENSE}
    yield {**good, **_NONSENSE}
