"""The face of the reference: the methods of the adapter contract, protocol 1."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import replace
from typing import Any, Final

from ..contract.errors import InvalidParameters, InvalidRequest, NotOffered
from .configuration import KEYS, OF_POLICIES, is_number, parse
from .contract_words import AZURE, ON_PREMISES
from .faults import FAULTS, HEALTH_FAULTS, JOB_FAULTS, tasks_of
from .freedom import Chosen, Freedom, Varied
from .future_machine import DEFAULT_SETTINGS
from .identifiers import Identifiers
from .item import CommonItem
from .jobs import Job, JobTimes
from .likeness import likeness
from .modernized import ReplicatedItem
from .operations import OPERATIONS

PROTOCOL: Final = 1

CONTROLS: Final = ("clock", "workload", "machines", "faults", "settings", "disks", "sites")

SETTINGS: Final = frozenset(DEFAULT_SETTINGS)

LONGEST_WAIT: Final = 86_400.0
"""Seconds that a wait for a job takes at most (contract, Time)."""

FIELDS: Final = (
    "id",
    "phase",
    "profile_instance",
    "active_site",
    "replicating",
    "allowed_operations",
    "drill",
    "health",
    "health_issues",
    "failover_recovery_point",
    "last_planned_failover",
    "current_job",
)


class ReferenceService:
    """An implementation of the whole contract, on virtual time; everything that can be offered is offered.

    Parameters are those of the contract; results are plain dictionaries and lists. Besides the errors named, every
    method raises InvalidRequest before `hello`, and every one but `hello`, `new_item` and `bye` before the first
    `new_item`.

    Args:
        item_class: what a new item is, which also decides the profile; a subclass has one behaviour different.
        freedom: how open outcomes are chosen; Varied unless told.
    """

    __slots__ = ("_freedom", "_greeted", "_identifiers", "_item", "_item_class")

    def __init__(self, item_class: type[CommonItem] = ReplicatedItem, freedom: Freedom | None = None) -> None:
        self._item_class = item_class
        self._freedom = Varied() if freedom is None else freedom
        self._identifiers = Identifiers()
        self._greeted = False
        self._item: CommonItem | None = None

    def hello(self, protocol: int) -> dict[str, Any]:
        """Who this is and what it offers: every operation of the contract, though one that the profile doesn't have is
        always refused.

        Raises:
            InvalidParameters: another protocol than 1.
        """
        if isinstance(protocol, bool) or protocol != PROTOCOL:
            raise InvalidParameters(f"protocol {protocol!r} is not supported, only {PROTOCOL}")
        self._greeted = True
        return {
            "name": "asr-reference",
            "version": "1.0.0",
            "protocol": PROTOCOL,
            "profile": self._item_class.profile.name,
            "controls": list(CONTROLS),
            "fields": list(FIELDS),
            "configuration": list(KEYS),
            "operations": list(OPERATIONS),
        }

    def new_item(self, configuration: Mapping[str, Any]) -> None:
        """Forget everything; a fresh machine, on and active on-premises, not replicated, without faults.

        Raises:
            InvalidParameters: an unknown key or a value that doesn't fit.
        """
        if not self._greeted:
            raise InvalidRequest("hello comes first")
        parsed = parse(configuration)
        self._freedom.begin()
        self._item = self._item_class(parsed, self._identifiers, self._freedom)

    def request(self, operation: str, arguments: Mapping[str, Any]) -> dict[str, str]:
        """Ask for an operation; gives `{"job": ID}`.

        Raises:
            NotOffered: an unknown operation.
            InvalidParameters: arguments that don't fit.
            Refused: the item's state, its points or its surroundings decide so.
        """
        item = self._present_item()
        _check_arguments(operation, arguments)
        self._freedom.calls += 1
        return {"job": item.request(operation, arguments).id}

    def job(self, job: str) -> dict[str, Any]:
        """State, scenario, tasks and errors of a job.

        Raises:
            InvalidParameters: an unknown job.
        """
        return self._job(self._present_item(), job).shown()

    def jobs(self) -> list[str]:
        """The ids of all jobs since `new_item`, newest first."""
        return self._present_item().listed_jobs()

    def cancel_job(self, job: str) -> None:
        """Cancel a running job.

        Raises:
            InvalidParameters: an unknown job.
            Refused: it has ended, or can't be cancelled.
        """
        item = self._present_item()
        found = self._job(item, job)
        self._freedom.calls += 1
        item.cancel_job(found)

    def item(self) -> dict[str, Any] | None:
        """The observation of the item; None when nothing is replicated."""
        return self._present_item().observation()

    def recovery_points(self) -> list[dict[str, Any]]:
        """The recovery points listed, newest first; `created` in seconds since `new_item`."""
        return self._present_item().recovery_points()

    def wait(self, *, job: str | None = None, seconds: float | None = None) -> None:
        """Let time pass until the job has left `in_progress`, a day at most, or by `seconds` (>= 0); not both.

        Raises:
            InvalidParameters: none or both, an unknown job, no number or a negative one.
        """
        item = self._present_item()
        if (job is None) == (seconds is None):
            raise InvalidParameters("wait takes exactly one of job and seconds")
        if job is not None:
            found = self._job(item, job)
            self._freedom.calls += 1
            item.clock.run_while(lambda: found.running, LONGEST_WAIT)
        elif seconds is not None:
            if not is_number(seconds) or seconds < 0:
                raise InvalidParameters(f"seconds can't be {seconds!r}")
            self._freedom.calls += 1
            item.clock.run_until(item.clock.now + seconds)

    def now(self) -> float:
        """Seconds on the item's clock since `new_item`. Not of the contract: for those who show dates."""
        return self._present_item().clock.now

    def job_times(self, job: str) -> JobTimes:
        """When a job and its tasks began and ended, and its errors were reported. Not of the contract, as `now`.

        Raises:
            InvalidParameters: an unknown job.
        """
        return self._job(self._present_item(), job).times

    def follow_policy(self, configuration: Mapping[str, Any]) -> None:
        """Make and keep recovery points as these keys of a configuration say, the others by default; the rest of the
        machine stays. Not of the contract: there a configuration is for good. For a machine that is not replicated.

        Raises:
            InvalidParameters: a key or value that doesn't fit.
        """
        item, told = self._present_item(), parse(configuration)
        item.configuration = replace(item.configuration, **{key: getattr(told, key) for key in OF_POLICIES})

    def choices(self) -> dict[str, str]:
        """What is taken for each outcome that the contract leaves open. Not of the contract, as `choose`.

        Raises:
            NotOffered: this reference can't be told.
        """
        return self._chosen().shown()

    def choose(self, choice: str, option: str) -> None:
        """Take this option from here on, or `drawn`.

        Raises:
            NotOffered: this reference can't be told.
            InvalidParameters: a choice or option that doesn't exist; the message names those that there are.
        """
        try:
            self._chosen().pin(choice, option)
        except (ValueError, TypeError) as error:
            raise InvalidParameters(str(error)) from None

    def _chosen(self) -> Chosen:
        if not isinstance(self._freedom, Chosen):
            raise NotOffered("this reference chooses by itself")
        return self._freedom

    def explore(self, freedom: Freedom) -> None:
        """Have this one choose from the next machine on. Not of the contract, as `due_in` and `likeness`: for those who
        go through all that can be chosen."""
        self._freedom = freedom

    def due_in(self) -> float | None:
        """Seconds until something happens by itself, recovery points apart; None where nothing does."""
        clock = self._present_item().clock
        return next((timer.when - clock.now for timer in clock.pending), None)

    def likeness(self) -> Hashable:
        """What decides what the machine will do and show: the same for two that are alike (module `likeness`)."""
        return likeness(self._present_item())

    def write(self) -> dict[str, int]:
        """The guest at the active site writes one record; gives `{"sequence": n}`.

        Raises:
            Refused: the machine there isn't on.
        """
        item = self._present_item()
        self._freedom.calls += 1
        return {"sequence": item.write()}

    def replication(self) -> dict[str, int]:
        """The newest records that the service has received (`sent`) and has processed."""
        return self._present_item().replicated()

    def machine(self, site: str) -> dict[str, Any]:
        """Power of the machine at a site and the newest record on its disks.

        Raises:
            InvalidParameters: another site than `on_premises` and `azure`.
        """
        item = self._present_item()
        if site not in (ON_PREMISES, AZURE):
            raise InvalidParameters(f"no site {site!r}")
        return item.shown_machine(site)

    def inject(self, fault: str, task: str | None = None) -> None:
        """Turn a fault on until it is cleared; with `task`, for that task of its job.

        Raises:
            NotOffered: an unknown fault.
            InvalidParameters: a task that the fault's job doesn't have.
        """
        item = self._present_item()
        _check_fault(fault)
        if task is not None and task not in tasks_of(fault):
            known = ", ".join(tasks_of(fault)) or "none"
            raise InvalidParameters(f"fault {fault!r} concerns no task {task!r}; those it concerns: {known}")
        self._freedom.calls += 1
        item.inject(fault, task)

    def clear(self, fault: str) -> None:
        """Turn a fault off.

        Raises:
            NotOffered: an unknown fault.
        """
        item = self._present_item()
        _check_fault(fault)
        self._freedom.calls += 1
        item.clear(fault)

    def settings(self) -> dict[str, str | None]:
        """The future machine in Azure.

        Raises:
            Refused: nothing is replicated.
        """
        return self._present_item().shown_settings()

    def update_settings(self, changes: Mapping[str, str | None]) -> dict[str, str] | None:
        """Change the future machine in Azure; gives `{"job": ID}`, or None where it takes none.

        Raises:
            InvalidParameters: no changes, an unknown setting, or a value that doesn't fit.
            Refused: Azure does not allow it, or the item's state does not.
        """
        item = self._present_item()
        if not isinstance(changes, Mapping) or not changes or not changes.keys() <= SETTINGS:
            raise InvalidParameters(f"changes can't be {changes!r}")
        for key, value in changes.items():
            if not isinstance(value, str) and not (value is None and key == "ip_address"):
                raise InvalidParameters(f"the setting {key} can't be {value!r}")
        self._freedom.calls += 1
        job = item.update_settings(changes)
        return None if job is None else {"job": job.id}

    def azure_machine(self) -> dict[str, str | None] | None:
        """The settings that the machine in Azure has; None while it is absent."""
        return self._present_item().shown_azure_machine()

    def disks(self, site: str) -> list[dict[str, Any]]:
        """The disks of the machine at a site.

        Raises:
            InvalidParameters: another site than `on_premises` and `azure`.
            Refused: the machine is absent.
        """
        item = self._present_item()
        if site not in (ON_PREMISES, AZURE):
            raise InvalidParameters(f"no site {site!r}")
        return item.shown_disks(site)

    def sites(self) -> dict[str, Any]:
        """The appliances and the cache storage accounts that a reprotect may name."""
        return self._present_item().shown_sites()

    def bye(self) -> None:
        """End; only `hello` may follow."""
        if not self._greeted:
            raise InvalidRequest("hello comes first")
        self._greeted = False
        self._item = None

    def _present_item(self) -> CommonItem:
        if self._item is None:
            raise InvalidRequest("new_item comes first" if self._greeted else "hello comes first")
        return self._item

    @staticmethod
    def _job(item: CommonItem, job: str) -> Job:
        found = item.jobs.get(job) if isinstance(job, str) else None
        if found is None:
            raise InvalidParameters(f"unknown job {job!r}")
        return found


def create() -> ReferenceService:
    """The reference as `asr_properties.reference:create`, the factory that the contract asks for."""
    return ReferenceService()


def _check_arguments(operation: str, arguments: object) -> None:
    if not isinstance(operation, str):
        raise InvalidParameters("operation must be a string")
    if operation not in OPERATIONS:
        raise NotOffered(f"no operation {operation!r}")
    if not isinstance(arguments, Mapping):
        raise InvalidParameters("arguments must be an object")
    known = OPERATIONS[operation].arguments
    for name, value in arguments.items():
        if name not in known:
            raise InvalidParameters(f"{operation} takes no argument {name!r}")
        if not known[name].fits(value):
            raise InvalidParameters(f"{operation}: argument {name!r} can't be {value!r}")
    for name, argument in known.items():
        if argument.required and name not in arguments:
            raise InvalidParameters(f"{operation}: argument {name!r} is missing")


def _check_fault(fault: object) -> None:
    if not isinstance(fault, str):
        raise InvalidParameters("fault must be a string")
    if fault not in FAULTS:
        raise NotOffered(f"no fault {fault!r}; there are: {', '.join((*JOB_FAULTS, *HEALTH_FAULTS))}")
