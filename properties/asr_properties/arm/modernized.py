"""The modernized profile in the ARM API: InMageRcm, and InMageRcmFailback once the item is reprotected (facts 2)."""

from __future__ import annotations

from typing import Final

from asr_model.vocabulary import Operation
from asr_properties.arm.arm_profile import ArmProfile
from asr_properties.arm.operations import BACK, FORWARD, Input

_FORWARD_ITEM: Final = "InMageRcm"
_FAILBACK_ITEM: Final = "InMageRcmFailback"

MODERNIZED: Final = ArmProfile(
    profile="modernized",
    fabric="InMageRcmFabric",
    failback_policy="crashconsistency-policy-failback",
    without=frozenset(),
    inputs={
        (Operation.ENABLE_REPLICATION, _FORWARD_ITEM): Input(
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
        (Operation.TEST_FAILOVER, _FORWARD_ITEM): Input(optional=("networkId",), direction=FORWARD),
        (Operation.REPROTECT, _FORWARD_ITEM): Input(
            ("reprotectAgentId", "datastoreName", "logStorageAccountId"), direction=BACK, appliance="reprotectAgentId"
        ),
        # The article speaks of a cache storage account here; the API has no key for one (A7).
        (Operation.REPROTECT, _FAILBACK_ITEM): Input(
            ("processServerId", "policyId"), ("runAsAccountId",), appliance="processServerId"
        ),
    },
)
