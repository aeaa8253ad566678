"""Whether the body of a request is one that its operation takes of the item (facts 2, 7.6), and what is kept of it.

A body that does not fit is refused at once, and changes nothing (F1). That an operation is not one of the item's state
is no business of this: where an operation has no input for the item's provider, that of another provider of the same
lifecycle is let through, so that it is the item that refuses.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any, Final

from asr_model.vocabulary import Operation
from asr_properties.arm.inputs import INPUTS, has_input
from asr_properties.arm.operations import (
    BACK,
    CUSTOM_POINT,
    FORWARD,
    OPERATIONS,
    POINT_OPTIONS,
    POINT_TYPE_OF_TOKEN,
    Input,
    takes_options,
)
from asr_properties.arm.tokens import arguments_of, last_segment
from asr_properties.server.replies import ArmError, bad_request, wrong_direction

_DIRECTIONS: Final = (FORWARD, BACK)

#: Keys of `properties` and of its `providerSpecificDetails` that are texts, whatever the operation.
_TEXTS: Final = ("policyId", "protectableItemId", "networkId", "networkType", "recoveryPointId", "multiVmGroupName")

#: Keys of an input whose value is an object, and the texts in it that are kept (facts 2.1).
_OBJECTS: Final[Mapping[str, tuple[str, ...]]] = {"disksDefault": ("diskType", "logStorageAccountId")}


def check(operation: Operation, body: object, instance: object, instances: Collection[str]) -> None:
    """Whether an operation takes this body of an item with this `instanceType`; `instances` are those of its lifecycle.

    Raises:
        ArmError: it does not.
    """
    if OPERATIONS[operation].body is None:
        return
    properties = _object(body, "properties")
    if not has_input(operation):
        return
    details = _object(properties, "providerSpecificDetails")
    given = _input(operation, details.get("instanceType"), instance, instances)
    _check_direction(properties.get("failoverDirection"), given)
    _check_texts(details, (*given.required, *given.needs), required=True)
    _check_texts(properties, _TEXTS)
    _check_texts(details, (*_TEXTS, *(key for key in given.optional if key not in _OBJECTS)))
    for key, texts in _OBJECTS.items():
        if details.get(key) is not None:
            _check_texts(_object(details, key), texts)
    _check_words(operation, given, properties, details)
    for named in (properties.get("recoveryPointId"), details.get("recoveryPointId")):
        if named is not None and not last_segment(named):
            raise bad_request(f"`recoveryPointId` {named!r} names no recovery point.")


def arguments(operation: Operation, body: object) -> tuple[dict[str, Any], bool]:
    """The contract's arguments that a body, which was checked, comes to, and whether it names a recovery point by its
    id: an id is never one of the contract's words."""
    told: dict[str, Any] = dict(arguments_of(operation, body))
    if takes_options(operation):
        told.setdefault("recovery_point", "latest")
    properties = _mapping(_mapping(body).get("properties"))
    body_of_row = OPERATIONS[operation].body
    for argument, key in ({} if body_of_row is None else body_of_row.keys).items():
        if argument not in told:
            raise bad_request(f"`{key}` is missing.")
    named = _mapping(properties.get("providerSpecificDetails")).get("recoveryPointId") is not None
    return told, "recovery_point" in told and (named or not takes_options(operation))


def properties_of(body: object) -> Mapping[str, Any]:
    """The `properties` of a body; empty where it has none."""
    return _mapping(_mapping(body).get("properties"))


def kept(body: object) -> dict[str, str]:
    """All that is remembered of a body: its texts, by key. Whatever else it had, showing it can't fail."""
    properties = _mapping(_mapping(body).get("properties"))
    details = _mapping(properties.get("providerSpecificDetails"))
    levels = (properties, details, *(_mapping(details.get(key)) for key in _OBJECTS))
    return {key: value for level in levels for key, value in level.items() if isinstance(value, str)}


def _input(operation: Operation, named: object, instance: object, instances: Collection[str]) -> Input:
    having = [instance] if (operation, instance) in INPUTS else sorted(instances)
    fitting = [INPUTS[operation, str(one)] for one in having if (operation, one) in INPUTS]
    found = next((given for given in fitting if given.instance == named), None)
    if found is None:
        known = ", ".join(given.instance for given in fitting) or "none of this lifecycle"
        whose = f" of an item that is {instance}" if instance else ""
        raise bad_request(f"`instanceType` is {named!r}; {operation}{whose} takes {known}.")
    return found


def _check_direction(named: object, given: Input) -> None:
    expected = given.direction or given.implied
    if named is not None and named not in ((expected,) if expected else _DIRECTIONS):
        raise wrong_direction(f"`failoverDirection` is {named!r}; it is {expected or ' or '.join(_DIRECTIONS)}.")


def _check_texts(level: Mapping[str, Any], keys: Collection[str], *, required: bool = False) -> None:
    lacking = [key for key in keys if required and level.get(key) is None]
    if lacking:
        raise bad_request(f"`providerSpecificDetails` lacks {', '.join(lacking)}.")
    for key in keys:
        if level.get(key) is not None and not isinstance(level[key], str):
            raise bad_request(f"`{key}` is {level[key]!r:.100}; it is a text.")


def _check_words(operation: Operation, given: Input, properties: Mapping[str, Any], details: Mapping[str, Any]) -> None:
    """Keys whose value is one of a few words (facts 2.3, 2.7, 4)."""
    if "performShutdown" in given.needs and details["performShutdown"].lower() not in ("true", "false"):
        raise _no_word("performShutdown", details, ("true", "false"))
    sides = ("Required", "NotRequired")
    if operation is Operation.FAIL_OVER and properties.get("sourceSiteOperations") not in (None, *sides):
        raise _no_word("sourceSiteOperations", properties, sides)
    if "recoveryPointType" in given.needs:
        failback = (*POINT_OPTIONS.values(), CUSTOM_POINT)
        words = failback if operation is Operation.FAIL_OVER else tuple(POINT_TYPE_OF_TOKEN)
        if details["recoveryPointType"] not in words:
            raise _no_word("recoveryPointType", details, words)
        if details["recoveryPointType"] == CUSTOM_POINT and details.get("recoveryPointId") is None:
            raise bad_request("`recoveryPointType` is 'Custom', and `recoveryPointId` is missing.")


def _no_word(key: str, level: Mapping[str, Any], words: Iterable[str]) -> ArmError:
    return bad_request(f"`{key}` is {level[key]!r:.100}; it is {' or '.join(words)}.")


def _object(level: object, key: str) -> Mapping[str, Any]:
    found = _mapping(level).get(key)
    if not isinstance(found, Mapping):
        raise bad_request(f"The body has no `{key}` that is an object.")
    return found


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
