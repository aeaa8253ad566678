"""What the settings of the future machine in Azure are changed to."""

from __future__ import annotations

CHANGES = {
    "name": "recovered",
    "resource_group": "another-group",
    "size": "Standard_D4s_v3",
    "disk_type": "Premium_LRS",
    "network": "another-network",
    "subnet": "another-subnet",
    "ip_address": "10.0.0.40",
}
"""What each setting is changed to. Azure allows it, as far as anybody knows without asking."""
LATER = {
    "name": "renamed",
    "resource_group": "group-3",
    "size": "Standard_D8s_v3",
    "disk_type": "Standard_LRS",
    "network": "network-3",
    "subnet": "subnet-3",
    "ip_address": "10.0.0.77",
}
"""A second change."""
IMPOSSIBLE = {"name": "no*such?name", "size": "no*such?size", "network": "no*such?network"}
"""What Azure can never have (R09)."""
