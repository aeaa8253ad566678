"""One item behind the server: an implementation of the contract with a lock, its own time, names for its ids, and what
it takes to show it that the contract doesn't tell."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Final, NamedTuple, Protocol
from uuid import NAMESPACE_URL, uuid5

from asr_model.vocabulary import Operation
from asr_properties.arm.addresses import ItemAddress
from asr_properties.arm.instances import is_failback
from asr_properties.contract.connection import Implementation
from asr_properties.contract.messages import PROTOCOL
from asr_properties.server.internal_ids import cloud_of
from asr_properties.server.request_bodies import kept, properties_of
from asr_properties.server.vault_clock import VaultClock

#: How long an item's clock can run, in seconds: a hundred years. Then its time stands still.
LAST: Final = 100 * 365.25 * 86400


#: What two clocks may differ by, in seconds, though they show the same: no time passes for that.
_ROUNDING: Final = 1e-3


class ShownTimes(Protocol):
    """When a job began and ended, in seconds on the item's clock. tasks: place of a task that has begun -> when it
    began and ended. errors: of each, when it was reported, and the name of the task that had failed then, if any."""

    began: float
    ended: float | None

    @property
    def tasks(self) -> Mapping[int, tuple[float, float | None]]: ...
    @property
    def errors(self) -> Sequence[tuple[float, str | None]]: ...


class Servable(Implementation, Protocol):
    """What can be served: the contract with its controls, and, beyond it, the times that the API shows. Settings,
    disks and sites are asked for only where they are offered."""

    def wait(self, *, job: str | None = None, seconds: float | None = None) -> Any: ...
    def now(self) -> float: ...
    def job_times(self, job: str) -> ShownTimes: ...
    def write(self) -> Any: ...
    def replication(self) -> Any: ...
    def machine(self, site: str) -> Any: ...
    def inject(self, fault: str, task: str | None = None) -> Any: ...
    def clear(self, fault: str) -> Any: ...
    def settings(self) -> Any: ...
    def update_settings(self, changes: dict[str, str | None]) -> Any: ...
    def azure_machine(self) -> Any: ...
    def disks(self, site: str) -> Any: ...
    def sites(self) -> Any: ...


class JobRequest(NamedTuple):
    """What a job was asked for with: the `instanceType` that the item had then, and the body's texts."""

    instance: str
    given: Mapping[str, str]


class Slot:
    """One item. Everything but `held` is for those who hold it.

    address: as spelled when the item was first named. forward, failback: the texts of the bodies that set up either
    direction of replication. enabled: the `properties` of the body that enabled this life. updates: the job and the
    `properties` of each update since. asked: what each job was asked for with, those that the item began itself apart.
    ran: the last job of each operation that really ran: one that only refused, or had no effect, did not, and is one
    of refusing. last_point: id and instant of
    the newest recovery point that was ever listed in this life. cancelled: when the cancelling of a job was asked for.
    first_settings: the settings that the first life of this machine began with, once somebody asked. literal: settings
    that were set to what is there, though enabling had another word for it. configured: whether the control path made
    it.
    """

    def __init__(
        self,
        address: ItemAddress,
        factory: Callable[[], Servable],
        clock: VaultClock,
        prepare: Callable[[Servable], None] = lambda made: None,
    ) -> None:
        self.address, self._prepare = address, prepare
        self.implementation = factory()
        self.hello: dict[str, Any] = self.implementation.hello(protocol=PROTOCOL)
        self._lock = threading.RLock()
        self._clock = clock
        self.set_up({})

    def _forget(self) -> None:
        self.forward: Mapping[str, str] = {}
        self.failback: Mapping[str, str] = {}
        self.enabled: Mapping[str, Any] = {}
        self.updates: list[tuple[str | None, Mapping[str, Any]]] = []
        self.asked: dict[str, JobRequest] = {}
        self.ran: dict[Operation, str] = {}
        self.refusing: set[str] = set()
        self.last_point: tuple[str, float] | None = None
        self.cancelled: dict[str, float] = {}
        self.first_settings: dict[str, str | None] | None = None
        self.literal: set[str] = set()
        self.configured = False
        self._names: dict[str, str] = {}
        self._first_id: object = None
        self._issues: dict[str, float] = {}
        self._noted_at = 0.0
        self._since = self._clock.now()

    @contextmanager
    def held(self) -> Iterator[Slot]:
        """The slot for one caller alone, with its time caught up with that of its vault."""
        with self._lock:
            self._note_issues()
            now = self.implementation.now()
            passed = min(self._clock.now() - self._since, LAST) - now
            if passed > _ROUNDING:
                self.implementation.wait(seconds=passed)
                self._note_issues()
            yield self

    def let_pass(self, **span: Any) -> None:
        """Let time pass as the contract's `wait` does, for all that the vault has."""
        self.implementation.wait(**span)
        self._clock.move_to(self._since + self.implementation.now())

    def stamp(self, seconds: float) -> str:
        """An instant on the item's own clock as the API writes it."""
        return self._clock.stamp(self._since + seconds)

    def begin(self, configuration: dict[str, Any]) -> None:
        """A fresh machine with this configuration, as the control path tells it."""
        self.set_up(configuration)
        self.configured = True

    def set_up(self, configuration: dict[str, Any]) -> None:
        """A fresh machine with this configuration."""
        self.implementation.new_item(configuration=configuration)
        self._prepare(self.implementation)
        self._forget()

    # -- what happens to it ----------------------------------------------------------------------------------------

    def observation(self) -> dict[str, Any] | None:
        """The contract's observation; None where nothing is replicated."""
        seen: dict[str, Any] | None = self.implementation.item()
        if seen is None or seen.get("phase") == "not_replicated":
            self._first_id = None
            return None
        return seen

    def note_point(self, seen: Mapping[str, Any] | None) -> None:
        """Remember the newest recovery point: it is shown when it is not listed any more, too (facts 1.1, S7). `seen`
        is the observation: points of the reverse direction are not shown (facts 1.1, S10)."""
        forward = seen is not None and not is_failback(seen.get("profile_instance"))
        if forward and (listed := self.implementation.recovery_points()):
            self.last_point = listed[0]["id"], listed[0]["created"]

    def begun(self, operation: Operation, job: str, before: Mapping[str, Any] | None, body: object) -> None:
        """Remember what a job was asked for with. before: the observation when it was."""
        given = kept(body)
        instance = None if before is None else before.get("profile_instance")
        self.asked[job] = JobRequest(str(instance), given)
        seen = self.implementation.item()
        if runs := seen is not None and seen.get("current_job") == job:
            self.ran[operation] = job
        else:
            self.refusing.add(job)
        if operation is Operation.ENABLE_REPLICATION and before is None:
            self.forward, self.failback, self.last_point = given, {}, None
            self.literal = set()
            self.enabled, self.updates = properties_of(body), []
        elif operation is Operation.REPROTECT and runs and is_failback(instance):
            self.forward, self.last_point = {**self.forward, **given}, None
        elif operation is Operation.REPROTECT and runs:
            self.failback = given

    def issue_since(self, code: str) -> float:
        """When a health issue came up."""
        return self._issues.get(code, self.implementation.now())

    def _note_issues(self) -> None:
        """Note what is new among the health issues. One that came up while time passed came with a job that ended
        meanwhile; any other came with what was called just now."""
        now = self.implementation.now()
        seen = self.implementation.item() or {}
        codes = [issue["code"] for issue in seen.get("health_issues") or ()]
        since = now
        if not set(codes) <= set(self._issues):
            ends = (self.implementation.job_times(job).ended for job in self.implementation.jobs())
            since = max((end for end in ends if end is not None and self._noted_at < end), default=now)
        self._issues = {code: self._issues.get(code, since) for code in codes}
        self._noted_at = now

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

    def jobs(self) -> list[tuple[str, str]]:
        """Name and id of every job, newest first."""
        return [(self.name("job", job), job) for job in self.implementation.jobs()]

    def job_id(self, job: str) -> str:
        """The ARM id of a job."""
        return f"{self.address.vault}/replicationJobs/{self.name('job', job)}"

    def point_id(self, point: str) -> str:
        """The ARM id of a recovery point: it names an internal container, not that of the address (facts 7.1)."""
        container = cloud_of(self.address.vault, self.address.fabric)
        return f"{self.address.under(self.address.item, container)}/recoveryPoints/{self.name('point', point)}"

    def policy_id(self, policy: str) -> str:
        """The ARM id of a policy, which may have been given by its name."""
        return policy if policy.startswith("/") else f"{self.address.vault}/replicationPolicies/{policy}"

    @property
    def friendly_name(self) -> str:
        """The name people gave the machine."""
        return self.forward.get("targetVmName") or self.address.item
