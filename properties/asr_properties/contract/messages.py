"""What an implementation answers, declared once: shapes and values of every result of the contract.

Which method takes and gives what is in `contract.methods`. Unknown keys, wrong types and values outside the
contract's words are the adapter's defects.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Annotated, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from asr_model import profiles
from asr_model.vocabulary import Operation

PROTOCOL = 1


def _one_of(kind: str, words: Collection[str]) -> AfterValidator:
    known = frozenset(words)

    def check(word: str) -> str:
        if word not in known:
            raise ValueError(f"{word!r} is no {kind} of the vocabulary")
        return word

    return AfterValidator(check)


_EFSMS = [profiles.efsm(profile) for profile in profiles.CHARTS]
_PHASES = list(dict.fromkeys(phase for efsm in _EFSMS for phase in efsm.phases))
_DRILLS = list(dict.fromkeys(drill for efsm in _EFSMS for drill in efsm.drills))
_OPERATIONS = [str(operation) for operation in Operation if operation is not Operation.CANCEL_JOB]
Phase = Annotated[str, _one_of("phase", _PHASES), Field(json_schema_extra={"enum": [*_PHASES]})]
Drill = Annotated[str, _one_of("drill state", _DRILLS), Field(json_schema_extra={"enum": [*_DRILLS]})]
OperationName = Annotated[str, _one_of("operation", _OPERATIONS), Field(json_schema_extra={"enum": [*_OPERATIONS]})]

Control = Literal["clock", "workload", "machines", "faults"]
ObservationField = Literal[
    "id", "phase", "profile_instance", "active_site", "replicating", "allowed_operations", "drill", "health",
    "health_issues", "failover_recovery_point", "last_planned_failover", "current_job",
]  # fmt: skip


Item = TypeVar("Item")
Many = Annotated[list[Item], Field(fail_fast=True)]
"""A list whose first unfit item is told; of a million of them a million errors would be kept."""


class Message(BaseModel):
    """Base of the results: immutable, exactly the declared keys, no coercion."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Hello(Message):
    """Who the implementation is and what it offers."""

    name: str
    version: str
    protocol: Literal[1]
    profile: str
    controls: Many[Control]
    fields: Many[ObservationField]
    configuration: Many[str]
    operations: Many[OperationName] | None = None


class Started(Message):
    """An accepted request: the job it started."""

    job: str


class Task(Message):
    """One task of a job."""

    name: str
    state: Literal["not_started", "in_progress", "succeeded", "failed", "skipped", "cancelled"]


class Issue(Message):
    """An error of a job or a health issue of the item; codes are opaque."""

    code: str
    message: str


class Job(Message):
    """A job as it is now; `may_cancel` null: not known."""

    state: Literal["in_progress", "succeeded", "failed", "cancelled"]
    scenario: str | None = None
    tasks: Many[Task] = []
    errors: Many[Issue] = []
    may_cancel: bool | None = None


class RecoveryPoint(Message):
    """A listed recovery point; `created` in seconds on the implementation's clock."""

    id: str
    kind: Literal["crash_consistent", "app_consistent"]
    created: Annotated[float | int, Field(allow_inf_nan=False)]
    multi_vm: bool
    sequence: int | None = None


class Observation(Message):
    """A look at the item. What is not in `hello.fields` is never there; null is unknown just now or none."""

    id: str | None = Field(default=None, description="the same from enable to disable")
    phase: Phase | None = Field(default=None, description="null when it cannot be named")
    profile_instance: Literal["InMageRcm", "InMageRcmFailback", "InMageAzureV2", "InMage"] | None = None
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
