"""The operations of the ARM API, one row each: all that the suite knows of how an operation is asked for and shown.

The adapter, the server, the readers of recordings and the dry run read this table; none of them has a list of its own.
What differs between providers stands in the file of the profile (`arm.modernized`, `arm.classic`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from asr_model.vocabulary import ARGUMENTS, Operation

FORWARD: Final = "PrimaryToRecovery"
BACK: Final = "RecoveryToPrimary"

POINT_TYPE_OF_TOKEN: Mapping[str, str] = MappingProxyType(
    {"CrashConsistent": "crash_consistent", "ApplicationConsistent": "app_consistent"}
)
TOKEN_OF_POINT_TYPE: Mapping[str, str] = MappingProxyType({word: token for token, word in POINT_TYPE_OF_TOKEN.items()})

#: What the input of a failover that has a `recoveryPointType` calls the options of `fail_over`; any other option is the
#: id of a point, and its type is `CUSTOM_POINT` (facts 4).
POINT_OPTIONS: Mapping[str, str] = MappingProxyType({"latest": "LatestTime", "latest_app_consistent": "LatestTag"})
CUSTOM_POINT: Final = "Custom"


class Input(NamedTuple):
    """The provider's part of a request body (`providerSpecificDetails`).

    instance: the `instanceType` that it names; empty in a declaration where that is the item's own. required, optional:
    the settings of the site that it takes, by key of the wire. direction: `failoverDirection`, None where the body
    leaves it out. needs: keys that come from the arguments. implied: the direction that the operation has where the
    body leaves it out, if that is known. model: the SDK's class of it; empty in a declaration. appliance, account: of a
    reprotect, the key that names what it goes through, and the one of the cache storage account; empty where it has
    none.
    """

    required: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    direction: str | None = None
    needs: tuple[str, ...] = ()
    implied: str | None = None
    instance: str = ""
    model: str = ""
    appliance: str = ""
    account: str = ""


NO_SETTINGS: Final = Input()


class Draft(NamedTuple):
    """A request body that is being written, and what it is written from.

    arguments: the contract's. point: the ARM id of the recovery point, None for the latest. settings: what the site
    needs, by key of the wire. properties, details: the body's `properties` and, in them, `providerSpecificDetails`.
    """

    arguments: Mapping[str, Any]
    point: str | None
    given: Input
    settings: Mapping[str, Any]
    properties: dict[str, Any]
    details: dict[str, Any]


class Telling(NamedTuple):
    """A request body that is read.

    given: the input that it has, None where none is known. properties, details: its two levels, as in `Draft`. point:
    the recovery point that `details` name, without its path, None where they name none. outer_point: the same of
    `properties`.
    """

    given: Input | None
    properties: Mapping[str, Any]
    details: Mapping[str, Any]
    point: str | None
    outer_point: str | None


@dataclass(frozen=True)
class Body:
    """How the body of an operation's request is written and read.

    input: what follows the provider's name in the SDK's class of its part; empty where the body has no such part.
    default: what that part takes where the profile declares nothing else. of_failback: whether that is the part of an
    item that was reprotected; else it is that of one that was not. fixed: properties that are always the same.
    settings: settings of the site that every provider needs, in `properties`. write: puts the arguments in. read: gets
    them out; what the body does not tell is left out. keys: argument that the contract requires -> key of the wire that
    tells it.
    """

    input: str = ""
    default: Input = NO_SETTINGS
    of_failback: bool = False
    fixed: Mapping[str, str] = field(default_factory=dict)
    settings: tuple[str, ...] = ()
    write: Callable[[Draft], None] = lambda draft: None
    read: Callable[[Telling], dict[str, Any]] = lambda telling: {}
    keys: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class ShownJob:
    """How the job of an operation is shown (facts 2).

    scenarios: the `scenarioName`s that it may have. title: what people read. details: the kind of its `customDetails`.
    tasks: `taskId` -> what people read, where that was recorded. failed, refused: the codes of the service's errors of
    one that failed, and of one that only refused, as they were recorded of sibling providers (facts 5.12).
    """

    scenarios: tuple[str, ...]
    title: str
    details: str = "AsrJobDetails"
    tasks: Mapping[str, str] = field(default_factory=dict)
    failed: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()


@dataclass(frozen=True)
class ArmOperation:
    """One row.

    token: how `allowedOperations` lists it; None: it is never listed. method, action: the HTTP method, and what follows
    the item's URL. sdk: the SDK's method. body: None where the request has none. job: None where no recording and no
    documentation shows the job. minutes: how long it took on the real service, with what follows the job until the item
    can go on; None: never recorded to its end. recorded: where that was seen (facts 1.2, 2.3). also: another method on
    the same URL that asks for it.
    """

    token: str | None
    method: str
    action: str
    sdk: str
    body: Body | None
    job: ShownJob | None
    minutes: float | None
    recorded: str
    also: str = ""


def takes_options(operation: Operation) -> bool:
    """Whether the `recovery_point` of an operation may be a word such as `latest`; else it is the id of a point."""
    arguments = ARGUMENTS.get(operation)
    return arguments is not None and "latest" in arguments.get("recovery_point", ())


def _write_drill(draft: Draft) -> None:
    if draft.settings.get("networkId") is not None:
        draft.properties["networkType"] = "VmNetworkAsInput"
        draft.properties["networkId"] = draft.settings["networkId"]
    _write_point_if_any(draft)


def _write_point_if_any(draft: Draft) -> None:
    if draft.point:
        draft.details["recoveryPointId"] = draft.point


def _read_drill(telling: Telling) -> dict[str, Any]:
    return {"recovery_point": telling.point or "latest"}


def _write_failover(draft: Draft) -> None:
    """Where the input has the switch `performShutdown`, that is the effective one, and the other switch is always sent
    as NotRequired (facts 2.3)."""
    _write_point_if_any(draft)
    shut_down = draft.arguments["shut_down_source"]
    if "performShutdown" in draft.given.needs:
        draft.properties["sourceSiteOperations"] = "NotRequired"
        draft.details["performShutdown"] = "true" if shut_down else "false"
    else:
        draft.properties["sourceSiteOperations"] = "Required" if shut_down else "NotRequired"
    if "recoveryPointType" in draft.given.needs:
        draft.details["recoveryPointType"] = POINT_OPTIONS.get(str(draft.arguments["recovery_point"]), CUSTOM_POINT)


def _read_failover(telling: Telling) -> dict[str, Any]:
    shut_down = _truth(telling.details.get("performShutdown"))
    if shut_down is None and telling.given is not None and "performShutdown" not in telling.given.needs:  # F4
        shut_down = {"Required": True, "NotRequired": False}.get(str(telling.properties.get("sourceSiteOperations")))
    words = {word: option for option, word in POINT_OPTIONS.items()}
    kind = telling.details.get("recoveryPointType")
    point = telling.point or ("latest" if kind is None else words.get(str(kind)))
    told: dict[str, Any] = {} if point is None else {"recovery_point": point}
    return told if shut_down is None else {**told, "shut_down_source": shut_down}


def _write_change(draft: Draft) -> None:
    draft.properties["recoveryPointId"] = draft.point
    if "recoveryPointId" in draft.given.needs:
        draft.details["recoveryPointId"] = draft.point


def _read_change(telling: Telling) -> dict[str, Any]:
    named = telling.point or telling.outer_point
    return {"recovery_point": named} if named else {}


def _write_planned_failover(draft: Draft) -> None:
    draft.details["recoveryPointType"] = TOKEN_OF_POINT_TYPE[str(draft.arguments["recovery_point_type"])]


def _read_planned_failover(telling: Telling) -> dict[str, Any]:
    kind = POINT_TYPE_OF_TOKEN.get(str(telling.details.get("recoveryPointType")))
    return {"recovery_point_type": kind} if kind else {}


def _write_reprotect(draft: Draft) -> None:
    """Arguments are there only where an implementation shows what they may name."""
    named = {draft.given.appliance: "appliance", draft.given.account: "cache_storage_account"}
    draft.details.update({key: draft.arguments[of] for key, of in named.items() if key and of in draft.arguments})


def _truth(value: object) -> bool | None:
    if isinstance(value, bool):
        return value
    return {"true": True, "false": False}.get(value.lower()) if isinstance(value, str) else None


_CLI: Final = "CLI recording, 2023-08-26"
_PS: Final = "PowerShell recording, 2021-08-26"
_NOT_RECORDED: Final = "not recorded"

#: Operation -> its row, in the order in which `allowedOperations` was recorded. `cancel_job` has none: jobs are
#: cancelled at their own URL, and such a request begins no job.
OPERATIONS: Mapping[Operation, ArmOperation] = MappingProxyType(
    {
        Operation.ENABLE_REPLICATION: ArmOperation(
            token=None,
            method="PUT",
            action="",
            sdk="begin_create",
            body=Body("EnableProtectionInput", settings=("policyId",)),
            job=ShownJob(("EnableDr",), "Enable replication"),
            minutes=83.5,
            recorded=f"{_CLI}: 27.5 to enable, 56 to the first point",
        ),
        Operation.FAIL_OVER: ArmOperation(
            token="UnplannedFailover",
            method="POST",
            action="unplannedFailover",
            sdk="begin_unplanned_failover",
            body=Body(
                "UnplannedFailoverInput",
                Input(direction=FORWARD, needs=("performShutdown",)),
                write=_write_failover,
                read=_read_failover,
                keys={"shut_down_source": "sourceSiteOperations"},
            ),
            job=ShownJob(
                ("UnplannedFailover",),
                "Failover",
                "FailoverJobDetails",
                {"VmFailover": "Start failover", "VmFoStartVmOnSecondary": "Starting Azure virtual machine"},
                failed=("28031", "539"),  # F4
            ),
            minutes=10.6,
            recorded=f"{_CLI}, with shutdown; 7.8 without",
        ),
        Operation.TEST_FAILOVER: ArmOperation(
            token="TestFailover",
            method="POST",
            action="testFailover",
            sdk="begin_test_failover",
            body=Body("TestFailoverInput", Input(direction=FORWARD), write=_write_drill, read=_read_drill),
            job=ShownJob(
                ("TestFailover",),
                "Test failover",
                "TestFailoverJobDetails",
                {
                    "StartTestFailover": "Starting test failover",
                    "CreateTestVirtualMachine": "Creating test virtual machine",
                    "StartTestVirtualMachine": "Start the virtual machine",
                },
                failed=("28031", "539"),  # F6
            ),
            minutes=7.9,
            recorded=_PS,
        ),
        Operation.CLEAN_UP_TEST_FAILOVER: ArmOperation(
            token="TestFailoverCleanup",
            method="POST",
            action="testFailoverCleanup",
            sdk="begin_test_failover_cleanup",
            body=Body(fixed={"comments": "asked for by asr-conformance"}),
            job=ShownJob(
                ("TestFailoverCleanup",),
                "Cleanup test failover",
                tasks={
                    "EndTestFailover": "Ending test failover",
                    "CleanUpTestVirtualMachine": "Clean up the test virtual machine",
                },
            ),
            minutes=1.8,
            recorded=_PS,
        ),
        Operation.COMMIT: ArmOperation(
            token="Commit",
            method="POST",
            action="failoverCommit",
            sdk="begin_failover_commit",
            body=None,
            job=ShownJob(("CommitFailover", "FinalizeFailback"), "Commit", refused=("25037",)),  # F3: Classic's second
            minutes=0.02,
            recorded=_PS,
        ),
        Operation.CHANGE_RECOVERY_POINT: ArmOperation(
            token="ChangePit",
            method="POST",
            action="applyRecoveryPoint",
            sdk="begin_apply_recovery_point",
            body=Body(
                "ApplyRecoveryPointInput",
                Input(needs=("recoveryPointId",)),
                write=_write_change,
                read=_read_change,
                keys={"recovery_point": "recoveryPointId"},
            ),
            job=None,
            minutes=None,
            recorded=_NOT_RECORDED,
        ),
        Operation.REPROTECT: ArmOperation(
            token="SwitchProtection",
            method="POST",
            action="reProtect",
            sdk="begin_reprotect",
            body=Body("ReprotectInput", write=_write_reprotect),
            job=ShownJob(
                ("SwitchReplicationGroupProtection",),
                "Reprotect",
                "SwitchProtectionJobDetails",
                {  # as recorded in 2017
                    "SwitchReplicationGroupProtectionPreflightTask": "Prerequisite check",
                    "CommitFailoverTask": "Committing failover",
                    "DiscoverReplicaTask": "Discovering replica virtual machine",
                    "GetSwitchProtectionRequirementsTask": "Getting reprotection requirements",
                    "ProtectReplicaTask": "Reprotecting virtual machine",
                },
                refused=("25038",),  # F2
            ),
            minutes=32.4,
            recorded=f"{_CLI}, towards on-premises: 12 for the job, 20.4 to replicate",
        ),
        Operation.PLANNED_FAILOVER: ArmOperation(
            token="PlannedFailover",
            method="POST",
            action="plannedFailover",
            sdk="begin_planned_failover",
            body=Body(
                "PlannedFailoverProviderInput",
                Input(needs=("recoveryPointType",), implied=BACK),  # the cmdlet takes no other, and leaves it out (2.7)
                of_failback=True,
                write=_write_planned_failover,
                read=_read_planned_failover,
            ),
            job=ShownJob(
                ("PlannedFailover",),
                "Planned failover",
                "FailoverJobDetails",
                {
                    "VmPrepareForFailover": "Start failover",
                    "VmFailover": "Shut down the Azure virtual machine",
                    "VmPrepareProtectedEntitiesTask": "Preparing on-premise virtual machine",
                    "VmFoStartVmOnSecondary": "Starting on-premise virtual machine",
                },
                failed=("532",),  # F7
            ),
            minutes=21.3,
            recorded=_CLI,
        ),
        Operation.CANCEL_FAILOVER: ArmOperation(
            token="CancelFailover",
            method="POST",
            action="failoverCancel",
            sdk="begin_failover_cancel",
            body=None,
            job=ShownJob(
                ("CancelFailover",),
                "Cancel failover and resume replication",
                "FailoverJobDetails",
                {"CancelFailoverRecovery": "Cancel failover recovery"},
            ),
            minutes=8.0,
            recorded=f"{_PS}, at most",
        ),
        Operation.DISABLE_REPLICATION: ArmOperation(
            token="DisableProtection",
            method="POST",
            action="remove",
            sdk="begin_delete",
            body=Body(),
            job=ShownJob(("DisableDr",), "Disable replication"),
            minutes=1.1,
            recorded=_CLI,
            also="DELETE",  # purge (facts 2.11)
        ),
        Operation.RESYNCHRONIZE: ArmOperation(
            token="RepairReplication",
            method="POST",
            action="repairReplication",
            sdk="begin_repair_replication",
            body=None,
            job=None,
            minutes=None,
            recorded=_NOT_RECORDED,
        ),
    }
)
