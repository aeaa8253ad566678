"""Through what a reprotect goes: the appliance and the storage account that its body names (facts 2.6, 2.9, 4)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from asr_model.vocabulary import Operation
from asr_properties.arm.inputs import INPUTS
from asr_properties.arm.instances import is_failback
from asr_properties.server.request_bodies import kept
from asr_properties.server.slot import Slot


def named_of(slot: Slot, operation: Operation, body: object, instance: object) -> dict[str, str]:
    """The contract's arguments that a reprotect's body comes to where the implementation has appliances.

    An item that the control path made has those of its configuration, under their own names. Any other one was set up
    by somebody who has ids of another site: whatever is named there is an appliance that works.
    """
    given = INPUTS.get((operation, str(instance)))
    if operation is not Operation.REPROTECT or given is None or "sites" not in slot.hello["controls"]:
        return {}
    sites, texts = slot.implementation.sites(), kept(body)
    works = [one["name"] for one in sites["appliances"] if one["sees_datastore"] and one["healthy"]]
    told = {"appliance": _named(slot, texts, given.appliance, works)}
    if is_failback(instance):
        told["cache_storage_account"] = _named(slot, texts, given.account, sites["cache_storage_accounts"])
    return {name: value for name, value in told.items() if value}


def _named(slot: Slot, texts: Mapping[str, str], key: str, fitting: list[Any]) -> str:
    if slot.configured and texts.get(key):
        return texts[key]
    return next(iter(fitting), "")
