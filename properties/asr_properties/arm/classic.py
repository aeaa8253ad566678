"""The classic profile in the ARM API: InMageAzureV2, and InMage once the item is reprotected (facts 4, F3, F4, F12).

The body of a reprotect names the provider that the item will have (recorded in 2017), not the one it has.
"""

from __future__ import annotations

from typing import Final

from asr_model.vocabulary import Operation
from asr_properties.arm.arm_profile import ArmProfile
from asr_properties.arm.operations import BACK, FORWARD, Input

_FORWARD_ITEM: Final = "InMageAzureV2"
_FAILBACK_ITEM: Final = "InMage"

CLASSIC: Final = ArmProfile(
    profile="classic",
    fabric="VMware",  # what a job of 2017 calls `PrimaryFabricProviderId`
    failback_policy="{forward}-failback",
    # The shutdown is told by `sourceSiteOperations` alone, and the point of a change in `properties` alone.
    without=frozenset({"performShutdown", "recoveryPointId"}),
    inputs={
        (Operation.ENABLE_REPLICATION, _FORWARD_ITEM): Input(
            optional=("masterTargetId", "processServerId", "storageAccountId", "runAsAccountId", "targetAzureNetworkId")
        ),
        (Operation.REPROTECT, _FORWARD_ITEM): Input(
            ("masterTargetId", "processServerId", "retentionDrive", "profileId"),
            ("runAsAccountId", "datastoreName"),
            BACK,
            instance=_FAILBACK_ITEM,
            appliance="processServerId",
        ),
        (Operation.FAIL_OVER, _FAILBACK_ITEM): Input(direction=BACK, needs=("recoveryPointType",)),
        (Operation.REPROTECT, _FAILBACK_ITEM): Input(
            optional=(
                "masterTargetId",
                "processServerId",
                "storageAccountId",
                "logStorageAccountId",
                "runAsAccountId",
                "policyId",
            ),
            direction=FORWARD,
            instance=_FORWARD_ITEM,
            appliance="processServerId",
            account="logStorageAccountId",
        ),
    },
)
