"""What an implementation answers, declared once: shapes and values of every result of the contract.

Which method takes and gives what is in `contract.methods`. Unknown keys, wrong types and values outside the
contract's words are the adapter's defects.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Annotated, Literal

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
Phase = Annotated[str, _one_of("phase", {phase for efsm in _EFSMS for phase in efsm.phases})]
Drill = Annotated[str, _one_of("drill state", {drill for efsm in _EFSMS for drill in efsm.drills})]
OperationName = Annotated[str, _one_of("operation", frozenset(Operation) - {Operation.CANCEL_JOB})]

Control = Literal["clock", "workload", "machines", "faults"]
ObservationField = Literal[
    "id", "phase", "profile_instance", "active_site", "replicating", "allowed_operations", "drill", "health",
    "health_issues", "failover_recovery_point", "last_planned_failover", "current_job",
]  # fmt: skip


class Message(BaseModel):
    """Base of the results: immutable, exactly the declared keys, no coercion."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Hello(Message):
    """Who the implementation is and what it offers."""

    name: str
    version: str
    protocol: Literal[1]
    profile: str
    controls: list[Control]
    fields: list[ObservationField]
    configuration: list[str]
    operations: list[OperationName] | None = None


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
    tasks: list[Task] = []
    errors: list[Issue] = []
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

    id: str | None = None
    phase: Phase | None = None
    profile_instance: Literal["InMageRcm", "InMageRcmFailback", "InMageAzureV2", "InMage"] | None = None
    active_site: Literal["on_premises", "azure"] | None = None
    replicating: Literal["none", "to_azure", "to_on_premises"] | None = None
    allowed_operations: list[OperationName] | None = None
    drill: Drill | None = None
    health: Literal["none", "normal", "warning", "critical"] | None = None
    health_issues: list[Issue] | None = None
    failover_recovery_point: str | None = None
    last_planned_failover: Literal["succeeded", "failed", "cancelled", "unknown"] | None = None
    current_job: str | None = None


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
