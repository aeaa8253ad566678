"""Items behind the server: each an implementation of the contract with a lock, its own time, and names for its ids."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol
from uuid import NAMESPACE_URL, uuid5

from asr_properties.arm.addresses import ItemAddress, VaultAddress
from asr_properties.contract.connection import Implementation
from asr_properties.contract.errors import InvalidParameters
from asr_properties.contract.messages import PROTOCOL

#: The instant at which the clocks of all items begin: dates are shown on virtual time.
BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)


class Servable(Implementation, Protocol):
    """What can be served: the contract with all its controls, and the time on the item's clock."""

    def wait(self, *, job: str | None = None, seconds: float | None = None) -> Any: ...
    def now(self) -> float: ...
    def write(self) -> Any: ...
    def replication(self) -> Any: ...
    def machine(self, site: str) -> Any: ...
    def inject(self, fault: str, task: str | None = None) -> Any: ...
    def clear(self, fault: str) -> Any: ...


class JobDates:
    """When a job was first seen, and when it was first seen to have ended; seconds on the item's clock."""

    def __init__(self, begin: float) -> None:
        self.begin = begin
        self.end: float | None = None


class Slot:
    """One item. Everything but `held` is for those who hold it.

    address: as spelled when the item was first named. enabled_with: the `properties` of the PUT that enabled it.
    """

    def __init__(
        self, address: ItemAddress, factory: Callable[[], Servable], speed: float, clock: Callable[[], float]
    ) -> None:
        self.address = address
        self.implementation = factory()
        self.hello: dict[str, Any] = self.implementation.hello(protocol=PROTOCOL)
        self.enabled_with: dict[str, Any] = {}
        self._lock = threading.RLock()
        self._speed, self._clock, self._seen = speed, clock, clock()
        self._names: dict[str, str] = {}
        self._dates: dict[str, JobDates] = {}
        self._first_id: object = None
        self.last_point: tuple[str, str] | None = None
        self.failed_over_at: float | None = None
        self.implementation.new_item(configuration={})

    @contextmanager
    def held(self) -> Iterator[Slot]:
        """The slot for one caller alone, with its time caught up with the real one."""
        with self._lock:
            now = self._clock()
            passed, self._seen = (now - self._seen) * self._speed, now
            if passed > 0:
                self.implementation.wait(seconds=passed)
            yield self

    def begin(self, configuration: dict[str, Any]) -> None:
        """A fresh machine with this configuration."""
        self.implementation.new_item(configuration=configuration)
        self.enabled_with, self._first_id, self.last_point, self.failed_over_at = {}, None, None, None
        self._dates.clear()

    # -- names: ids of the implementation are unique in it, names of the API in the vault --------------------------

    def name(self, kind: str, identifier: str) -> str:
        """The name that the API shows for an id of the implementation: the same every time."""
        name = str(uuid5(NAMESPACE_URL, "/".join((*self.address.key, kind, identifier))))
        self._names[f"{kind}/{name}"] = identifier
        return name

    def identifier(self, kind: str, name: str) -> str | None:
        """The id that was shown under this name; None if none was."""
        return self._names.get(f"{kind}/{name.lower()}")

    def shown_id(self, identifier: object) -> str:
        """The last segment of the item's id. An implementation whose item changes its id shows it here."""
        if self._first_id is None:
            self._first_id = identifier
        return self.address.item if identifier == self._first_id else f"{self.address.item}-{identifier}"

    def observation(self) -> dict[str, Any] | None:
        """The contract's observation; None where nothing is replicated."""
        seen: dict[str, Any] | None = self.implementation.item()
        if seen is None or seen.get("phase") == "not_replicated":
            self._first_id = None
            return None
        return seen

    def jobs(self) -> list[tuple[str, str]]:
        """Name and id of every job, newest first."""
        return [(self.name("job", job), job) for job in self.implementation.jobs()]

    def dates(self, job: str, *, running: bool) -> JobDates:
        """When a job began and ended, as far as it was seen."""
        dates = self._dates.setdefault(job, JobDates(self.implementation.now()))
        if not running and dates.end is None:
            dates.end = self.implementation.now()
        return dates


def stamp(seconds: float) -> str:
    """An instant on an item's clock as the API writes it."""
    return (BEGINNING + timedelta(seconds=seconds)).isoformat(timespec="microseconds").replace("+00:00", "Z")


class Vaults:
    """All vaults and their items; safe for many threads.

    factory: makes the implementation of a new item. speed: virtual seconds per real second, 0: only the control path
    lets time pass. clock: gives real seconds.
    """

    def __init__(
        self, factory: Callable[[], Servable], *, speed: float = 0.0, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.factory, self.speed = factory, speed
        self._clock = clock
        self._lock = threading.Lock()
        self._slots: dict[tuple[str, ...], Slot] = {}

    def find(self, address: ItemAddress) -> Slot | None:
        """The slot of an item, if anybody has named it."""
        with self._lock:
            return self._slots.get(address.key)

    def make(self, address: ItemAddress) -> Slot:
        """The slot of an item, made if there is none."""
        with self._lock:
            if (slot := self._slots.get(address.key)) is None:
                slot = self._slots[address.key] = Slot(address, self.factory, self.speed, self._clock)
            return slot

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


class Unservable(ValueError):
    """What a factory gives cannot be served; the message says what it lacks."""


def check(factory: Callable[[], Servable]) -> str:
    """Whether what a factory gives can be served; its name and version.

    Raises:
        Unservable: it lacks a method or a control, or does not start.
    """
    try:
        made = factory()
        hello = made.hello(protocol=PROTOCOL)
        lacking = [name for name in ("now", "wait", "write", "replication", "machine", "inject", "clear")
                   if not callable(getattr(made, name, None))]  # fmt: skip
        lacking += sorted({"clock", "workload", "machines", "faults"} - set(hello["controls"]))
        named = f"{hello['name']} {hello['version']}"
    except (InvalidParameters, Exception) as error:
        raise Unservable(f"the implementation does not start: {type(error).__name__}: {error}") from error
    if lacking:
        raise Unservable(f"{named} can't be served: it lacks {', '.join(lacking)}; serve needs every control and `now`")
    return named
