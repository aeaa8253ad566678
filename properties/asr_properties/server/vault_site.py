"""What a vault has beside its items: fabrics, containers, providers, policies, mappings, protectable machines.

A fabric and a container of any name are there, as a vault of any name is: an item can be enabled in it. Lists show
those that items and mappings are in, else one that is called FABRIC or CONTAINER. Policies and mappings are there once
somebody has made them, and where an item names them.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, NamedTuple
from uuid import uuid4

from asr_properties.arm.addresses import VaultAddress
from asr_properties.arm.instances import failback_instance, failback_policy_of, forward_instance
from asr_properties.server.fabric_details import Appliance
from asr_properties.server.slot import Slot
from asr_properties.server.vault_clock import VaultClock

FABRIC: Final = "fabric"
CONTAINER: Final = "container"
APPLIANCE: Final = "appliance"
DATASTORE: Final = "datastore"
MACHINES: Final = ("machine-1", "machine-2", "machine-3")
"""Machines on-premises that nobody protects yet."""


class Mapped(NamedTuple):
    """A container's mapping to where its items go. target: the ARM id of a container, or `Microsoft Azure`."""

    fabric: str
    container: str
    name: str
    policy: str
    target: str
    given: Mapping[str, Any]


class Policy(NamedTuple):
    """A replication policy: `instanceType`, and what was given beside it."""

    name: str
    instance: str
    given: Mapping[str, Any]


class Done(NamedTuple):
    """What a request made of one of these: it is done at once. resource: the ARM id of what it is about. policy: the
    policy of a new mapping, whose job was recorded; empty for anything else."""

    id: str
    at: float
    resource: str
    policy: str


class VaultSite:
    """Of one vault; safe for many threads. slots: gives its items. profile: that of its items."""

    def __init__(self, vault: VaultAddress, slots: Callable[[], list[Slot]], clock: VaultClock, profile: str) -> None:
        self.vault, self.clock, self.profile = vault, clock, profile
        self._slots = slots
        self._lock = threading.Lock()
        self._policies: dict[str, Policy] = {}
        self._mappings: dict[tuple[str, str, str], Mapped] = {}
        self._done: dict[str, Done] = {}

    # -- what is there ---------------------------------------------------------------------------------------------

    def fabrics(self) -> list[str]:
        """The names of its fabrics."""
        return _once(FABRIC, (fabric for fabric, _ in self._places()))

    def containers(self, fabric: str) -> list[str]:
        """The names of a fabric's containers."""
        return _once(CONTAINER, (c for f, c in self._places() if f.lower() == fabric.lower()))

    def _places(self) -> Iterator[tuple[str, str]]:
        yield from ((slot.address.fabric, slot.address.container) for slot in self._slots())
        with self._lock:
            mappings = list(self._mappings.values())
        yield from ((mapped.fabric, mapped.container) for mapped in mappings)

    def items(self, fabric: str, container: str | None = None) -> list[Slot]:
        """The items of a fabric, or of one container of it, those included that are not replicated."""
        return [
            slot
            for slot in self._slots()
            if slot.address.fabric.lower() == fabric.lower()
            and (container is None or slot.address.container.lower() == container.lower())
        ]

    def appliances(self, fabric: str) -> list[Appliance]:
        """The appliances of a fabric: those that its items name or were configured with, else one."""
        found: dict[str, Appliance] = {}
        for slot in self.items(fabric):
            with slot.held():
                if slot.configured and "sites" in slot.hello["controls"]:
                    for one in slot.implementation.sites()["appliances"]:
                        found[one["name"]] = Appliance(one["name"], one["name"], one["healthy"])
                for texts, key in ((slot.forward, "processServerId"), (slot.failback, "reprotectAgentId")):
                    if name := texts.get(key):
                        found.setdefault(name, Appliance(name, APPLIANCE))
        return list(found.values()) or [Appliance(APPLIANCE, APPLIANCE)]

    def datastores(self, fabric: str) -> list[str]:
        """The names of the datastores that the appliances of a fabric reach."""
        return _once(DATASTORE, (slot.failback.get("datastoreName", "") for slot in self.items(fabric)), also=True)

    def policies(self) -> list[Policy]:
        """All policies: those that were made, and those that items name."""
        with self._lock:
            found = dict(self._policies)
        for slot in self._slots():
            forward = slot.forward.get("policyId")
            back = slot.failback.get("policyId") or slot.failback.get("profileId")
            if forward:
                name = _name(forward)
                found.setdefault(name.lower(), Policy(name, forward_instance(self.profile), {}))
            if slot.failback:
                name = _name(back or failback_policy_of(self.profile, _name(forward or "policy")))
                found.setdefault(name.lower(), Policy(name, failback_instance(self.profile), {}))
        return list(found.values())

    def policy(self, name: str) -> Policy | None:
        """The policy of this name."""
        return next((policy for policy in self.policies() if policy.name.lower() == _name(name).lower()), None)

    def mappings(self, fabric: str, container: str) -> list[Mapped]:
        """The mappings of a container: those that were made, and one for each further policy that an item names."""
        place = (fabric.lower(), container.lower())
        with self._lock:
            found = [mapped for key, mapped in self._mappings.items() if key[:2] == place]
        known = {_name(mapped.policy).lower() for mapped in found}
        for slot in self.items(fabric, container):
            policy = _name(slot.forward.get("policyId", ""))
            if policy and policy.lower() not in known:
                known.add(policy.lower())
                found.append(Mapped(fabric, container, f"{policy}-mapping", policy, "Microsoft Azure", {}))
        return found

    def done(self, name: str) -> Done | None:
        """The request whose operation has this name."""
        with self._lock:
            return self._done.get(name.lower())

    def associations(self) -> list[Done]:
        """The requests that have a job, newest first."""
        with self._lock:
            return [done for done in reversed(self._done.values()) if done.policy]

    # -- what is changed -------------------------------------------------------------------------------------------

    def make_policy(self, policy: Policy, resource: str) -> Done:
        """Make a policy, or another one of it."""
        with self._lock:
            self._policies[policy.name.lower()] = policy
        return self._do(resource)

    def remove_policy(self, name: str, resource: str) -> Done:
        """Remove a policy; what items name goes on being shown."""
        with self._lock:
            self._policies.pop(name.lower(), None)
        return self._do(resource)

    def make_mapping(self, mapped: Mapped, resource: str) -> Done:
        """Make a mapping, or another one of it."""
        with self._lock:
            self._mappings[mapped.fabric.lower(), mapped.container.lower(), mapped.name.lower()] = mapped
        return self._do(resource, mapped.policy)

    def remove_mapping(self, mapped: Mapped, resource: str) -> Done:
        """Remove a mapping."""
        with self._lock:
            self._mappings.pop((mapped.fabric.lower(), mapped.container.lower(), mapped.name.lower()), None)
        return self._do(resource)

    def _do(self, resource: str, policy: str = "") -> Done:
        done = Done(str(uuid4()), self.clock.now(), resource, policy)
        with self._lock:
            self._done[done.id] = done
        return done


def _once(usual: str, names: Iterator[str], *, also: bool = False) -> list[str]:
    """Names, each once whatever its case; `usual` where there are none. also: it is there beside them, too."""
    found = {name.lower(): name for name in (*((usual,) if also else ()), *names) if name}
    return list(found.values()) or [usual]


def _name(identifier: str) -> str:
    return identifier.rstrip("/").rpartition("/")[2]
