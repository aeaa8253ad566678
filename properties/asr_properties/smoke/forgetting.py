"""Checks of new_item: the machine is fresh, and nothing of the one before is left."""

from __future__ import annotations

from typing import Any

from asr_model.vocabulary import Fault
from asr_properties.contract.errors import InvalidParameters
from asr_properties.generation.configurations import VALUES
from asr_properties.smoke.beginning import DAY, enabled, everything
from asr_properties.smoke.probe import NothingToCheck, NotInOrder, Probe, in_words
from asr_properties.smoke.walk import a_short_walk, difference


def fresh_item(probe: Probe) -> None:
    """a fresh item is not replicated and has no job and no point"""
    probe.fresh()
    seen = everything(probe)
    item = seen["item()"]
    if item is not None and item.get("phase") not in (None, "not_replicated"):
        hint = "nothing is replicated until it is asked for"
        raise NotInOrder("item() after new_item", "null or phase not_replicated", in_words(item), hint)
    for call in ("jobs()", "recovery_points()"):
        if seen[call]:
            raise NotInOrder(f"{call} after new_item", "[]", in_words(seen[call]), "begin without any")
    machine = seen.get("machine(site='on_premises')")
    if machine is not None and machine["power"] != "on":
        hint = "the fresh machine is on and active on-premises"
        raise NotInOrder("machine(site='on_premises') after new_item", "power on", in_words(machine), hint)


def forgets(probe: Probe) -> None:
    """new_item forgets everything: the item, its jobs and points, faults, machines"""
    probe.fresh()
    before = _without_its_id(everything(probe))
    job = enabled(probe)
    if probe.offers("wait"):
        probe.raw("wait", seconds=DAY)
    if probe.offers("write"):
        probe.answer("write")
    probe.fresh()
    after = _without_its_id(everything(probe))
    for call, seen in before.items():
        if after[call] != seen:
            raise NotInOrder(f"{call} after another new_item", in_words(seen), in_words(after[call]), _ALL)
    for method in ("job", "cancel_job", "wait"):
        if probe.offers(method):
            probe.expect([InvalidParameters], method, "the jobs of the item before are unknown", job=job)


_ALL = "make all of it anew: nothing but the counters of ids outlasts an item"


def _without_its_id(seen: dict[str, Any]) -> dict[str, Any]:
    """A fresh item that is shown has an id of its own."""
    item = seen["item()"]
    return {**seen, "item()": item and {key: value for key, value in item.items() if key != "id"}}


def nothing_lasts(probe: Probe) -> None:
    """a fault or a configuration ends with its item"""
    probe.greet().need("wait")
    if not probe.offers("inject") and not probe.hello.configuration:
        raise NothingToCheck("control faults, or a configuration key")
    first = a_short_walk(probe)
    if difference(first, a_short_walk(probe)):
        raise NothingToCheck("answers that repeat")
    for key in probe.hello.configuration:
        probe.answer("new_item", configuration={key: VALUES[key][0]})
    if probe.offers("inject"):
        for fault in Fault:
            probe.answer("inject", fault=fault.value)
    if found := difference(first, a_short_walk(probe)):
        call, answer, again = found
        sent = f"{call}, after a life with faults and another configuration"
        raise NotInOrder(sent, answer, again, "new_item ends every fault, and what it is not told is the default")
