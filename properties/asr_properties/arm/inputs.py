"""What goes into the body of each operation, by the provider that an item has now (facts 2 and 7.6).

Keys are those of the wire. A value is either an argument of the operation, a word that is always the same, or a setting
of the site (an appliance, a datastore, a policy) that whoever uses the API must name.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from asr_model import profiles
from asr_model.vocabulary import Operation
from asr_properties.arm.instances import ARM_PROFILES, failback_instance, forward_instance
from asr_properties.arm.operations import OPERATIONS, Draft, Input


def _inputs_of(profile: str) -> Iterator[tuple[tuple[Operation, str], Input]]:
    """The inputs of a profile's items: the defaults of the operations that its lifecycle has, and what it declares."""
    declared, without = ARM_PROFILES[profile].inputs, ARM_PROFILES[profile].without
    had = {transition.event for transition in profiles.efsm(profile).transitions}
    for operation, row in OPERATIONS.items():
        if operation not in had or row.body is None or not row.body.input:
            continue
        usual = failback_instance(profile) if row.body.of_failback else forward_instance(profile)
        for instance in (usual, *(other for of, other in declared if of is operation and other != usual)):
            found = declared.get((operation, instance)) or _without(row.body.default, without)
            named = found.instance or instance
            yield (operation, instance), found._replace(instance=named, model=f"{named}{row.body.input}")


def _without(given: Input, keys: frozenset[str]) -> Input:
    return given._replace(needs=tuple(key for key in given.needs if key not in keys))


#: (operation, the item's `instanceType`) -> its input.
INPUTS: Mapping[tuple[Operation, str], Input] = MappingProxyType(
    {key: found for profile in ARM_PROFILES for key, found in _inputs_of(profile)}
)


def has_input(operation: Operation) -> bool:
    """Whether the body of an operation has a provider's part."""
    body = OPERATIONS[operation].body
    return body is not None and bool(body.input)


def input_for(operation: Operation, instance: str, instances: frozenset[str]) -> Input | None:
    """The input that `operation` has for an item of this instance type; where it has none there, that of another type
    of the same lifecycle: what must be refused can only be asked for with an input that exists."""
    found = INPUTS.get((operation, instance))
    others = (INPUTS[operation, other] for other in sorted(instances) if (operation, other) in INPUTS)
    return found or next(others, None)


def body_of(
    operation: Operation,
    arguments: Mapping[str, Any],
    point: str | None,
    given: Input | None,
    settings: Mapping[str, Any],
) -> dict[str, Any] | None:
    """The request body of an operation; None where it has none.

    arguments: the contract's. point: the ARM id of the recovery point, None for the latest. settings: by wire key.

    Raises:
        KeyError: a required setting is missing.
    """
    body = OPERATIONS[operation].body
    if body is None:
        return None
    properties: dict[str, Any] = dict(body.fixed)
    if not body.input:
        return {"properties": properties}
    if given is None:
        raise KeyError(f"an input of {operation}")
    details: dict[str, Any] = {"instanceType": given.instance}
    details |= {key: settings[key] for key in given.required}
    details |= {key: settings[key] for key in given.optional if settings.get(key) is not None}
    if given.direction is not None:
        properties["failoverDirection"] = given.direction
    properties |= {key: settings[key] for key in body.settings}
    body.write(Draft(arguments, point, given, settings, properties, details))
    properties["providerSpecificDetails"] = details
    return {"properties": properties}
