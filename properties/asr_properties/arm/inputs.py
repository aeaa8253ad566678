"""What goes into the body of each operation, by the provider that an item has now (facts 2 and 7.6).

Keys are those of the wire. A value is either an argument of the operation, a word that is always the same, or a setting
of the site (an appliance, a datastore, a policy) that whoever uses the API must name.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from asr_model.vocabulary import Operation
from asr_properties.arm.tokens import POINT_TYPE_OF_TOKEN


class Input(NamedTuple):
    """The provider's part of a body.

    instance: the `instanceType` that the body names. model: the SDK's class of it. required, optional: the settings it
    takes. direction: `failoverDirection`, None where it is left out. needs: keys that come from the arguments. implied:
    the direction that the operation has where the body leaves it out, if that is known.
    """

    instance: str
    model: str
    required: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    direction: str | None = None
    needs: tuple[str, ...] = ()
    implied: str | None = None


_FORWARD, _BACK = "PrimaryToRecovery", "RecoveryToPrimary"

#: (operation, the item's instanceType) -> its input. Classic differs from Modernized in one thing: the input of a
#: reprotect names the provider that the item will have (recorded in 2017), not the one it has.
INPUTS: Mapping[tuple[Operation, str], Input] = MappingProxyType(
    {
        (Operation.ENABLE_REPLICATION, "InMageRcm"): Input(
            "InMageRcm",
            "InMageRcmEnableProtectionInput",
            ("fabricDiscoveryMachineId", "targetResourceGroupId", "processServerId"),
            (
                "runAsAccountId",
                "targetNetworkId",
                "targetSubnetName",
                "targetVmName",
                "multiVmGroupName",
                "disksDefault",
            ),
        ),
        (Operation.TEST_FAILOVER, "InMageRcm"): Input(
            "InMageRcm", "InMageRcmTestFailoverInput", (), ("networkId",), _FORWARD
        ),
        (Operation.FAIL_OVER, "InMageRcm"): Input(
            "InMageRcm", "InMageRcmUnplannedFailoverInput", direction=_FORWARD, needs=("performShutdown",)
        ),
        (Operation.CHANGE_RECOVERY_POINT, "InMageRcm"): Input(
            "InMageRcm", "InMageRcmApplyRecoveryPointInput", needs=("recoveryPointId",)
        ),
        (Operation.REPROTECT, "InMageRcm"): Input(
            "InMageRcm",
            "InMageRcmReprotectInput",
            ("reprotectAgentId", "datastoreName", "logStorageAccountId"),
            direction=_BACK,
        ),
        (Operation.PLANNED_FAILOVER, "InMageRcmFailback"): Input(
            "InMageRcmFailback",
            "InMageRcmFailbackPlannedFailoverProviderInput",
            needs=("recoveryPointType",),
            implied=_BACK,  # the cmdlet takes no other, and leaves it out (facts 2.7)
        ),
        (Operation.REPROTECT, "InMageRcmFailback"): Input(
            "InMageRcmFailback", "InMageRcmFailbackReprotectInput", ("processServerId", "policyId"), ("runAsAccountId",)
        ),
        (Operation.ENABLE_REPLICATION, "InMageAzureV2"): Input(
            "InMageAzureV2",
            "InMageAzureV2EnableProtectionInput",
            (),
            ("masterTargetId", "processServerId", "storageAccountId", "runAsAccountId", "targetAzureNetworkId"),
        ),
        (Operation.TEST_FAILOVER, "InMageAzureV2"): Input(
            "InMageAzureV2", "InMageAzureV2TestFailoverInput", direction=_FORWARD
        ),
        (Operation.FAIL_OVER, "InMageAzureV2"): Input(
            "InMageAzureV2", "InMageAzureV2UnplannedFailoverInput", direction=_FORWARD
        ),
        (Operation.CHANGE_RECOVERY_POINT, "InMageAzureV2"): Input(
            "InMageAzureV2", "InMageAzureV2ApplyRecoveryPointInput", needs=()
        ),
        (Operation.REPROTECT, "InMageAzureV2"): Input(
            "InMage",
            "InMageReprotectInput",
            ("masterTargetId", "processServerId", "retentionDrive", "profileId"),
            ("runAsAccountId", "datastoreName"),
            _BACK,
        ),
        (Operation.FAIL_OVER, "InMage"): Input(
            "InMage", "InMageUnplannedFailoverInput", direction=_BACK, needs=("recoveryPointType",)
        ),
        (Operation.REPROTECT, "InMage"): Input(
            "InMageAzureV2",
            "InMageAzureV2ReprotectInput",
            (),
            ("masterTargetId", "processServerId", "storageAccountId", "runAsAccountId", "policyId"),
            _FORWARD,
        ),
    }
)

#: Operations whose request has no body (facts 7.6).
WITHOUT_BODY = frozenset({Operation.COMMIT, Operation.CANCEL_FAILOVER, Operation.RESYNCHRONIZE})

_TOKEN_OF_POINT_TYPE = {kind: token for token, kind in POINT_TYPE_OF_TOKEN.items()}

#: What the input of a Classic failback calls the options of fail_over (facts 4; any other names a point).
CLASSIC_FAILBACK = {"latest": "LatestTime", "latest_app_consistent": "LatestTag"}


def input_for(operation: Operation, instance: str, instances: frozenset[str]) -> Input | None:
    """The input that `operation` has for an item of this instance type; where it has none there, that of another type
    of the same lifecycle: what must be refused can only be asked for with an input that exists."""
    found = INPUTS.get((operation, instance))
    others = (INPUTS[operation, other] for other in sorted(instances) if (operation, other) in INPUTS)
    return found or next(others, None)


def body_of(
    operation: Operation,
    arguments: Mapping[str, Any],
    point: str | None,
    given: Input | None,
    settings: Mapping[str, Any],
) -> dict[str, Any] | None:
    """The request body of an operation; None where it has none.

    arguments: the contract's. point: the ARM id of the recovery point, None for the latest. settings: by wire key.

    Raises:
        KeyError: a required setting is missing.
    """
    if operation in WITHOUT_BODY:
        return None
    properties: dict[str, Any] = {}
    match operation:
        case Operation.DISABLE_REPLICATION:
            return {"properties": properties}
        case Operation.CLEAN_UP_TEST_FAILOVER:
            return {"properties": {"comments": "asked for by asr-conformance"}}
    if given is None:
        raise KeyError(f"an input of {operation}")
    details: dict[str, Any] = {"instanceType": given.instance}
    details |= {key: settings[key] for key in given.required}
    details |= {key: settings[key] for key in given.optional if settings.get(key) is not None}
    if given.direction is not None:
        properties["failoverDirection"] = given.direction
    match operation:
        case Operation.ENABLE_REPLICATION:
            properties["policyId"] = settings["policyId"]
        case Operation.TEST_FAILOVER:
            if settings.get("networkId") is not None:
                properties |= {"networkType": "VmNetworkAsInput", "networkId": settings["networkId"]}
            details |= {"recoveryPointId": point} if point else {}
        case Operation.FAIL_OVER:
            details |= {"recoveryPointId": point} if point else {}
            if "performShutdown" in given.needs:  # the effective switch; the other one is always sent so (facts 2.3)
                properties["sourceSiteOperations"] = "NotRequired"
                details["performShutdown"] = "true" if arguments["shut_down_source"] else "false"
            else:
                properties["sourceSiteOperations"] = "Required" if arguments["shut_down_source"] else "NotRequired"
            if "recoveryPointType" in given.needs:
                details["recoveryPointType"] = CLASSIC_FAILBACK.get(str(arguments["recovery_point"]), "Custom")
        case Operation.CHANGE_RECOVERY_POINT:
            properties["recoveryPointId"] = point
            if "recoveryPointId" in given.needs:
                details["recoveryPointId"] = point
        case Operation.PLANNED_FAILOVER:
            details["recoveryPointType"] = _TOKEN_OF_POINT_TYPE[str(arguments["recovery_point_type"])]
    properties["providerSpecificDetails"] = details
    return {"properties": properties}
