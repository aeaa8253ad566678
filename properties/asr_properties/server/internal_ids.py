"""Ids that the service itself gives to what a vault has: the same wherever they are shown.

As recorded (2017), a fabric's `internalIdentifier` is what jobs call its `VmmId`, and `cloud_` and that id names its
container inside the service: in jobs, and in the ids of recovery points (2023), where a request names the container by
another name.
"""

from __future__ import annotations

from uuid import NAMESPACE_URL, uuid5

from asr_properties.arm.addresses import VaultAddress


def guid(of: str) -> str:
    """An id for something that has none of its own: the same every time."""
    return str(uuid5(NAMESPACE_URL, f"asr-conformance/{of}"))


def fabric_guid(vault: VaultAddress, fabric: str) -> str:
    """The internal id of a fabric of a vault."""
    return guid(f"{vault}/replicationFabrics/{fabric}".lower())


def cloud_of(vault: VaultAddress, fabric: str) -> str:
    """What the service calls a container of a fabric."""
    return f"cloud_{fabric_guid(vault, fabric)}"


def azure_fabric(vault: VaultAddress) -> str:
    """The internal id of Azure, where it is a fabric of a vault."""
    return guid(f"{vault}/azure".lower())


def azure_container(vault: VaultAddress) -> str:
    """The internal id of Azure's container."""
    return guid(f"{vault}/azure/container".lower())


def policy_guid(vault: VaultAddress, policy: str) -> str:
    """The internal id of a policy, by its name or its ARM id."""
    return guid(f"{vault}/replicationPolicies/{policy.rpartition('/')[2]}".lower())
