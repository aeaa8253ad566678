"""What an implementation answers, declared once: shapes and values of every result of the contract.

Which method takes and gives what is in `contract.methods`. Unknown keys, wrong types and values outside the
contract's words are the adapter's defects.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Annotated, Any, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from asr_model import profiles
from asr_model.vocabulary import Operation
from asr_properties.contract.text import shown

PROTOCOL = 1

LONGEST_NAME = 1000
"""Characters of an id, a name or a version. The ids of ARM have a few hundred."""

LONGEST_LIST = 25_000
"""Entries of a list. A point each minute for 15 days, and none ever pruned, makes 21,600: wrong, but told by a verdict;
of more the adapter is at fault."""


def _one_of(kind: str, words: Collection[str]) -> AfterValidator:
    known = frozenset(words)

    def check(word: str) -> str:
        if word not in known:
            raise ValueError(f"{word!r} is no {kind} of the vocabulary")
        return word

    return AfterValidator(check)


def _known_profile(word: str) -> str:
    if word not in profiles.CHARTS:
        raise ValueError(f"{word!r} is no profile; there is {', '.join(profiles.CHARTS)}")
    return word


def _printable(word: str) -> str:
    if not word.isprintable():
        raise ValueError("an id has characters that can't be printed")
    return word


def _whole_number(value: Any) -> Any:
    if type(value) is not int:
        raise ValueError("a protocol is a whole number")  # what equals one, as true does, is none
    return value


_EFSMS = [profiles.efsm(profile) for profile in profiles.CHARTS]
_PHASES = list(dict.fromkeys(phase for efsm in _EFSMS for phase in efsm.phases))
_DRILLS = list(dict.fromkeys(drill for efsm in _EFSMS for drill in efsm.drills))
_INSTANCES = tuple(dict.fromkeys(f.instance for efsm in _EFSMS for f in efsm.phases.values() if f.instance))
_OPERATIONS = [str(operation) for operation in Operation if operation is not Operation.CANCEL_JOB]
Profile = Annotated[str, AfterValidator(_known_profile), Field(json_schema_extra={"enum": [*profiles.CHARTS]})]
Phase = Annotated[str, _one_of("phase", _PHASES), Field(json_schema_extra={"enum": [*_PHASES]})]
Drill = Annotated[str, _one_of("drill state", _DRILLS), Field(json_schema_extra={"enum": [*_DRILLS]})]
OperationName = Annotated[str, _one_of("operation", _OPERATIONS), Field(json_schema_extra={"enum": [*_OPERATIONS]})]

Protocol = Annotated[Literal[1], BeforeValidator(_whole_number)]

Control = Literal["clock", "workload", "machines", "faults", "settings", "disks", "sites"]
OPTIONAL_CONTROLS = frozenset({"settings", "disks", "sites"})
"""What came with version 2 of the page: an implementation without them is as complete as before."""
ObservationField = Literal[
    "id", "phase", "profile_instance", "active_site", "replicating", "allowed_operations", "drill", "health",
    "health_issues", "failover_recovery_point", "last_planned_failover", "current_job",
]  # fmt: skip


Name = Annotated[str, Field(max_length=LONGEST_NAME), AfterValidator(shown)]
Id = Annotated[str, Field(max_length=LONGEST_NAME), AfterValidator(_printable)]
"""It is sent back as it came, and shown."""

Entry = TypeVar("Entry")
Many = Annotated[list[Entry], Field(fail_fast=True)]
"""A list whose first unfit item is told; of a million of them a million errors would be kept."""
Listed = Annotated[list[Entry], Field(fail_fast=True, max_length=LONGEST_LIST)]
"""The same, of bounded length."""


class Message(BaseModel):
    """Base of the results: immutable, exactly the declared keys, no coercion. Its validator is built when it is first
    needed: `explain` needs none."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, defer_build=True)


def may_be_left_out(description: str | None = None) -> Any:
    """A field that a message need not have; where it does, null is no value of it."""
    return Field(default=None, description=description)


class Hello(Message):
    """Who the implementation is and what it offers."""

    name: Name
    version: Name
    protocol: Protocol
    profile: Profile = Field(description="the lifecycle that it has")
    controls: Listed[Control] = Field(description="what it lets the suite move")
    fields: Listed[ObservationField] = Field(description="the fields of every observation, no other and no fewer")
    configuration: Listed[Name] = Field(description="the keys of `new_item` that it honours")
    operations: Listed[OperationName] | None = Field(
        default=None, description="what `request` takes; null: all operations of the profile"
    )


class Started(Message):
    """An accepted request: the job it started."""

    job: Id = Field(description="an id that no job has had before, of this item or an earlier one")


class Task(Message):
    """One task of a job. From a name that is null, or not the service's, nothing is concluded (contract 6)."""

    name: str | None
    state: Literal["not_started", "in_progress", "succeeded", "failed", "skipped", "cancelled"]


class Issue(Message):
    """An error of a job or a health issue of the item; codes are opaque."""

    code: str
    message: str


class Job(Message):
    """A job as it is now; `may_cancel` null: not known."""

    state: Literal["in_progress", "succeeded", "failed", "cancelled"]
    scenario: str | None = None
    tasks: Listed[Task] = []
    errors: Listed[Issue] = []
    may_cancel: bool | None = None


class RecoveryPoint(Message):
    """A listed recovery point; `created` in seconds on the implementation's clock."""

    id: Id = Field(description="never that of another point, of this item or an earlier one")
    kind: Literal["crash_consistent", "app_consistent"]
    created: Annotated[float | int, Field(allow_inf_nan=False)] = Field(
        description="only order and differences mean anything"
    )
    multi_vm: bool
    sequence: int | None = None


class Item(Message):
    """A look at the item. What is not in `hello.fields` is never there; null is unknown just now or none."""

    id: str | None = Field(default=None, description="the same from enable to disable; never that of an earlier item")
    phase: Phase | None = Field(default=None, description="null when it cannot be named")
    profile_instance: Literal[_INSTANCES] | None = None  # type: ignore[valid-type]
    active_site: Literal["on_premises", "azure"] | None = None
    replicating: Literal["none", "to_azure", "to_on_premises"] | None = None
    allowed_operations: Many[OperationName] | None = Field(
        default=None, description="exact in steady phases; empty during jobs"
    )
    drill: Drill | None = None
    health: Literal["none", "normal", "warning", "critical"] | None = None
    health_issues: Many[Issue] | None = Field(default=None, description="judged only for being empty, and for growing")
    failover_recovery_point: str | None = Field(default=None, description="the point failed over to; null means none")
    last_planned_failover: Literal["succeeded", "failed", "cancelled", "unknown"] | None = Field(
        default=None, description="null means none"
    )
    current_job: str | None = Field(default=None, description="the job that runs; null means none")


def of_an_adapter(observation: Item) -> Item:
    """An observation whose ids and lists are bounded as an adapter's have to be; those of recordings need not.

    Raises:
        ValueError: one of them is too long, or an id can't be printed.
    """
    for name, most in _BOUNDED:
        value = getattr(observation, name)
        if value is not None and len(value) > most:
            raise ValueError(f"{name} is {len(value)} long, and may be {most}")
        if isinstance(value, str):
            _printable(value)
    return observation


_BOUNDED = (
    *((name, LONGEST_NAME) for name in ("id", "failover_recovery_point", "current_job")),
    *((name, LONGEST_LIST) for name in ("allowed_operations", "health_issues")),
)


class Machine(Message):
    """A production machine; `sequence` is the newest record on its disks, null when the machine is absent."""

    power: Literal["on", "off", "absent"]
    sequence: int | None


class Replication(Message):
    """How far replication is: the newest record received, and processed."""

    sent: int
    processed: int


class Written(Message):
    """The record that the guest wrote."""

    sequence: int
