"""The methods of the contract, declared once: what each takes, gives and may answer instead.

The suite's own checks, the JSON Schemas and the protocol's page (`contract.page`) are derived from `METHODS`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, TypeAdapter, model_validator

from asr_model.listed_operations import LISTABLE
from asr_model.vocabulary import Fault, Operation, Site
from asr_properties.contract.errors import ContractError, InvalidParameters, NotOffered, Refused
from asr_properties.contract.messages import (
    PROTOCOL,
    Control,
    Hello,
    Id,
    Item,
    Job,
    Listed,
    Machine,
    Message,
    Protocol,
    RecoveryPoint,
    Replication,
    Started,
    Written,
    may_be_left_out,
    of_an_adapter,
)
from asr_properties.contract.surroundings import PLAIN_APPLIANCE, Appliance, Changes, Disk, Settings, Sites

MOST_DISKS = 100
"""So many disks of a kind, and so many appliances, a configuration asks for at most."""

Minutes = Annotated[float, Field(ge=0, allow_inf_nan=False)]


class Configuration(Message):
    """What the fresh machine and its replication are like; every key may be left out."""

    crash_consistent_minutes: Annotated[float, Field(gt=0, allow_inf_nan=False)] = 5
    app_consistent_minutes: Minutes = Field(default=0, description="0: no such points")
    retention_minutes: Minutes = Field(default=4320, description="0: no points are kept")
    multi_vm_group: str | None = None
    operating_system: Literal["windows", "linux"] = "windows"
    dhcp: bool = True
    boot_drivers: bool = Field(default=True, description="all drivers that Azure needs are present")
    iscsi_disks: Annotated[int, Field(ge=0, le=MOST_DISKS)] = 0
    datastore_visible: bool = Field(default=True, description="to the appliance")
    data_disks: Annotated[int, Field(ge=0, le=MOST_DISKS)] = Field(default=1, description="beside those over iSCSI")
    appliances: Annotated[list[Appliance], Field(max_length=MOST_DISKS)] = Field(default=[PLAIN_APPLIANCE])


class NoArguments(Message):
    """An operation without arguments."""


class FailOver(Message):
    """Arguments of `fail_over`."""

    recovery_point: str = Field(
        description="`latest`, `latest_processed`, `latest_app_consistent` or the id of a point"
    )
    shut_down_source: bool


class ChangeRecoveryPoint(Message):
    """Arguments of `change_recovery_point`."""

    recovery_point: str = Field(description="the id of a point")


class PlannedFailover(Message):
    """Arguments of `planned_failover`."""

    recovery_point_type: Literal["crash_consistent", "app_consistent"]


class TestFailover(Message):
    """Arguments of `test_failover`."""

    __test__ = False  # pytest takes the name for a test's

    recovery_point: str = Field(default="latest", description="as for `fail_over`; `latest` if left out")


class Reprotect(Message):
    """Arguments of `reprotect`: none, or with the control `sites` those that are listed there."""

    appliance: str = may_be_left_out("required with the control `sites`, else left out")
    cache_storage_account: str = may_be_left_out("as well towards Azure where any is listed, else left out")


#: Operation -> its arguments; what is missing takes none.
ARGUMENTS: dict[Operation, type[Message]] = {
    Operation.FAIL_OVER: FailOver,
    Operation.CHANGE_RECOVERY_POINT: ChangeRecoveryPoint,
    Operation.PLANNED_FAILOVER: PlannedFailover,
    Operation.TEST_FAILOVER: TestFailover,
    Operation.REPROTECT: Reprotect,
}
#: What `request` can ask for; `cancel_job` is a method of its own.
REQUESTABLE = LISTABLE


class NoParameters(Message):
    """A method without parameters."""


class HelloParameters(Message):
    """The suite's word for what it speaks."""

    protocol: Protocol


class NewItemParameters(Message):
    """How the fresh machine is."""

    configuration: Configuration


class RequestParameters(Message):
    """An operation and its arguments."""

    operation: Literal[REQUESTABLE]  # type: ignore[valid-type]
    arguments: FailOver | ChangeRecoveryPoint | PlannedFailover | TestFailover | Reprotect | NoArguments

    @model_validator(mode="before")
    @classmethod
    def _arguments_of_the_operation(cls, data: Any) -> Any:
        if isinstance(data, dict) and data.get("operation") in REQUESTABLE:
            kind = ARGUMENTS.get(data["operation"], NoArguments)
            return {**data, "arguments": kind.model_validate(data.get("arguments"))}
        return data


class JobParameters(Message):
    """The job that is meant."""

    job: str


class WaitParameters(Message):
    """Until a job ends, or for a while: exactly one of the two."""

    job: str = may_be_left_out("until it has left `in_progress`; no time passes if it has")
    seconds: Annotated[float, Field(ge=0, allow_inf_nan=False)] = may_be_left_out(
        "how long; `job` or `seconds` is given, never both"
    )

    @model_validator(mode="after")
    def _exactly_one(self) -> Self:
        if len(self.model_fields_set) != 1:
            raise ValueError("takes exactly one of job and seconds")
        return self


class MachineParameters(Message):
    """The site of the machine."""

    site: Literal[tuple(Site)]  # type: ignore[valid-type]


class UpdateSettingsParameters(Message):
    """The settings that are to change."""

    changes: Changes


class FaultParameters(Message):
    """The fault that is meant."""

    fault: Literal[tuple(Fault)]  # type: ignore[valid-type]


class InjectParameters(FaultParameters):
    """The fault, and the task that it shall concern."""

    task: str | None = Field(default=None, description="of the fault's job")


@dataclass(frozen=True)
class Method:
    """A method of the contract.

    summary: what it does. parameters, result: their types; a result of None is written `null`. answers: the errors
    that a well-formed call in its place may get; any other error is a defect. control: what `hello` must offer for it.
    """

    summary: str
    parameters: type[Message]
    result: Any
    answers: tuple[type[ContractError], ...] = ()
    control: Control | None = None


METHODS: dict[str, Method] = {
    "hello": Method(
        f"The first call, made once. Says who the implementation is; protocol {PROTOCOL}.", HelloParameters, Hello
    ),
    "new_item": Method(
        "A fresh machine: on and active on-premises, not replicated, without faults. Everything before is forgotten.",
        NewItemParameters,
        None,
    ),
    "request": Method("Asks for an operation.", RequestParameters, Started, (Refused, NotOffered)),
    "job": Method("A job as it is now.", JobParameters, Job),
    "jobs": Method("The ids of the item's jobs, newest first; the service's own included.", NoParameters, Listed[Id]),
    "cancel_job": Method("Cancels a job.", JobParameters, None, (Refused,)),
    "item": Method(
        "A look at the item; null when nothing is replicated.",
        NoParameters,
        Annotated[Item, AfterValidator(of_an_adapter)] | None,
    ),
    "recovery_points": Method("The listed recovery points, newest first.", NoParameters, Listed[RecoveryPoint]),
    "wait": Method(
        "Lets time pass, to the instant that a job ends or for so many seconds: exactly one of the two. What falls due "
        "meanwhile has happened when it returns, which it does at once.",
        WaitParameters,
        None,
        control="clock",
    ),
    "write": Method(
        "The guest at the active site writes one record. Refused if the machine is not on.",
        NoParameters,
        Written,
        (Refused,),
        "workload",
    ),
    "replication": Method(
        "The newest record received, and the newest processed.", NoParameters, Replication, control="workload"
    ),
    "machine": Method("The production machine of a site.", MachineParameters, Machine, control="machines"),
    "inject": Method(
        "Begins a fault; a second time nothing more happens. A task that its job does not have is -32602.",
        InjectParameters,
        None,
        (NotOffered, InvalidParameters),
        "faults",
    ),
    "clear": Method("Ends a fault; nothing happens if it is not on.", FaultParameters, None, (NotOffered,), "faults"),
    "settings": Method(
        "The future machine in Azure. Refused while nothing is replicated.",
        NoParameters,
        Settings,
        (Refused,),
        "settings",
    ),
    "update_settings": Method(
        "Changes the future machine in Azure. A job that it starts leaves the item as it is.",
        UpdateSettingsParameters,
        Started | None,
        (Refused,),
        "settings",
    ),
    "azure_machine": Method(
        "The settings that the machine in Azure has; null while it is absent.",
        NoParameters,
        Settings | None,
        control="settings",
    ),
    "disks": Method(
        "The disks of the production machine of a site. Refused while it is absent.",
        MachineParameters,
        Listed[Disk],
        (Refused,),
        "disks",
    ),
    "sites": Method("What a reprotect may name.", NoParameters, Sites, control="sites"),
    "bye": Method("The last call. The reply is sent, then the program ends with status 0.", NoParameters, None),
}

#: Method -> what its result must be.
RESULTS: dict[str, TypeAdapter[Any]] = {name: TypeAdapter(method.result) for name, method in METHODS.items()}
