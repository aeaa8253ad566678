"""What the ARM API calls and takes differently for the items of one profile."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from asr_model.vocabulary import Operation
from asr_properties.arm.operations import Input


@dataclass(frozen=True)
class ArmProfile:
    """The ARM side of one lifecycle. Which `instanceType`s its items have, the lifecycle itself declares.

    profile: its name. fabric: `primaryFabricProvider` (facts 7.3). failback_policy: name of the policy in force after a
    reprotect that named none; `{forward}` stands for the name of the forward one. without: keys that the operations'
    inputs need by default, and those of this profile do not have. inputs: the providers' parts of
    request bodies, by operation and the item's `instanceType`, where they are not the operation's default.
    """

    profile: str
    fabric: str
    failback_policy: str
    without: frozenset[str]
    inputs: Mapping[tuple[Operation, str], Input]
