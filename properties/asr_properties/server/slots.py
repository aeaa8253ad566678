"""All vaults and their items, and whether an implementation can be served at all."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

from asr_properties.arm.addresses import ItemAddress, VaultAddress
from asr_properties.contract.errors import InvalidParameters, NotOffered
from asr_properties.contract.messages import PROTOCOL
from asr_properties.server.internal_ids import cloud_of
from asr_properties.server.slot import Servable, Slot
from asr_properties.server.vault_clock import BEGINNING, VaultClock
from asr_properties.server.vault_site import VaultSite


class Vaults:
    """All vaults and their items; safe for many threads.

    factory: makes the implementation of a new item. speed: virtual seconds per real second, 0: only the control path
    lets time pass. clock: gives real seconds. beginning: where virtual time begins; each vault has one clock. hello:
    what the implementation says of itself.
    """

    def __init__(
        self,
        factory: Callable[[], Servable],
        *,
        speed: float = 0.0,
        clock: Callable[[], float] = time.monotonic,
        beginning: datetime = BEGINNING,
    ) -> None:
        self.factory, self.speed = factory, speed
        self._beginning, self._started = beginning, clock()
        self._chosen: dict[str, str] = {}
        self._sites: dict[tuple[str, ...], VaultSite] = {}
        self._clocks: dict[tuple[str, ...], VaultClock] = {}
        self.hello: dict[str, Any] = factory().hello(protocol=PROTOCOL)
        self._clock = clock
        self._lock = threading.Lock()
        self._slots: dict[tuple[str, ...], Slot] = {}

    def find(self, address: ItemAddress) -> Slot | None:
        """The slot of an item, if anybody has named it; its container may be named as the service itself does."""
        cloud = cloud_of(address.vault, address.fabric)
        with self._lock:
            slot = self._slots.get(address.key)
            if slot is None and address.container.lower() == cloud:
                same = (*address.vault.key, address.fabric.lower(), address.item.lower())
                slot = next((one for key, one in self._slots.items() if (*key[:-2], key[-1]) == same), None)
        return slot

    def make(self, address: ItemAddress) -> Slot:
        """The slot of an item, made if there is none."""
        with self._lock:
            if (slot := self._slots.get(address.key)) is None:
                clock = self._clock_of(address.vault)
                slot = self._slots[address.key] = Slot(address, self.factory, clock, self._prepare)
            return slot

    def _prepare(self, made: Servable) -> None:
        for choice, option in list(self._chosen.items()):
            choose_of(made, choice, option)

    def choose(self, choice: str, option: str) -> None:
        """Take an outcome of all items, and of those to come.

        Raises:
            ContractError: the implementation has no such choice, or can't be told.
        """
        choose_of(self.factory(), choice, option)
        with self._lock:
            self._chosen[choice] = option
            slots = list(self._slots.values())
        for slot in slots:
            with slot.held():
                choose_of(slot.implementation, choice, option)

    def choices(self) -> dict[str, str]:
        """What an item to come takes of each outcome that is left open.

        Raises:
            NotOffered: the implementation can't be told.
        """
        made = self.factory()
        self._prepare(made)
        return choices_of(made)

    def clock_of(self, vault: VaultAddress) -> VaultClock:
        """The clock of a vault."""
        with self._lock:
            return self._clock_of(vault)

    def _clock_of(self, vault: VaultAddress) -> VaultClock:
        if (clock := self._clocks.get(vault.key)) is None:
            clock = self._clocks[vault.key] = VaultClock(self._beginning, self.speed, self._clock, self._started)
        return clock

    def site_of(self, vault: VaultAddress) -> VaultSite:
        """What a vault has beside its items."""
        with self._lock:
            if (site := self._sites.get(vault.key)) is None:
                clock, profile = self._clock_of(vault), str(self.hello["profile"])
                site = self._sites[vault.key] = VaultSite(vault, lambda: self.of(vault), clock, profile)
            return site

    def named(self, subscription: str, group: str | None = None) -> list[VaultAddress]:
        """The vaults of a subscription, or of one of its resource groups, that anybody has named, in that order."""
        with self._lock:
            known = {key: site.vault for key, site in self._sites.items()}
            known |= {slot.address.vault.key: slot.address.vault for slot in self._slots.values()}
        of = [vault for vault in known.values() if vault.subscription.lower() == subscription.lower()]
        return [vault for vault in of if group is None or vault.group.lower() == group.lower()]

    def forget(self, address: ItemAddress) -> None:
        """Drop an item with its jobs; nothing happens if there is none."""
        with self._lock:
            self._slots.pop(address.key, None)

    def of(self, vault: VaultAddress) -> list[Slot]:
        """The slots of a vault, in the order they were named."""
        with self._lock:
            return [slot for slot in self._slots.values() if slot.address.vault.key == vault.key]

    def with_job(self, vault: VaultAddress, name: str, kind: str = "job") -> tuple[Slot, str] | None:
        """The slot and the id of the job of this name; kind `cancel`: the job whose cancelling has this name."""
        for slot in self.of(vault):
            with slot.held():
                known = slot.identifier(kind, name)
                if known is None and kind == "job":
                    known = dict(slot.jobs()).get(name.lower())
                if known is not None:
                    return slot, known
        return None


def choose_of(served: object, choice: str, option: str) -> None:
    """Have an implementation take an outcome.

    Raises:
        ContractError: it has no such choice, or can't be told.
    """
    if not callable(choose := getattr(served, "choose", None)):
        raise NotOffered("the implementation chooses by itself")
    choose(choice, option)


def choices_of(served: object) -> dict[str, str]:
    """What an implementation takes of each outcome that is left open.

    Raises:
        NotOffered: it can't be told.
    """
    if not callable(choices := getattr(served, "choices", None)):
        raise NotOffered("the implementation chooses by itself")
    return dict(choices())


class Unservable(ValueError):
    """What a factory gives cannot be served; the message says what it lacks."""


def check(factory: Callable[[], Servable]) -> str:
    """Whether what a factory gives can be served; its name and version.

    Raises:
        Unservable: it lacks a method or a control, or does not start.
    """
    methods = ("now", "job_times", "wait", "write", "replication", "machine", "inject", "clear")
    try:
        made = factory()
        hello = made.hello(protocol=PROTOCOL)
        lacking = [name for name in methods if not callable(getattr(made, name, None))]
        lacking += sorted({"clock", "workload", "machines", "faults"} - set(hello["controls"]))
        named = f"{hello['name']} {hello['version']}"
    except (InvalidParameters, Exception) as error:
        raise Unservable(f"the implementation does not start: {type(error).__name__}: {error}") from error
    if lacking:
        needs = "serve needs every control, and the times of `now` and `job_times`"
        raise Unservable(f"{named} can't be served: it lacks {', '.join(lacking)}; {needs}")
    return named
