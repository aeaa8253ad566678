"""What the controls `settings`, `disks` and `sites` show: the machine in Azure, disks, and what a reprotect uses."""

from __future__ import annotations

from typing import Literal

from pydantic import ConfigDict, Field, model_validator

from asr_properties.contract.messages import Id, Listed, Message, Name, may_be_left_out


class Settings(Message):
    """The machine in Azure: what it is to be, or what it is."""

    name: Name
    resource_group: Name
    size: Name
    disk_type: Name
    network: Name
    subnet: Name
    ip_address: Name | None = Field(description="null: given by the network")


class Changes(Message):
    """Which settings are to change, and what to: one or more."""

    model_config = ConfigDict(json_schema_extra={"minProperties": 1})

    name: str = may_be_left_out()
    resource_group: str = may_be_left_out()
    size: str = may_be_left_out()
    disk_type: str = may_be_left_out()
    network: str = may_be_left_out()
    subnet: str = may_be_left_out()
    ip_address: str | None = may_be_left_out("null: given by the network")

    @model_validator(mode="after")
    def _at_least_one(self) -> Changes:
        if not self.model_fields_set:
            raise ValueError("takes one setting or more")
        return self


class Disk(Message):
    """A disk of a production machine."""

    id: Id = Field(description="on-premises the same as long as the machine has the disk")
    kind: Literal["vmdk", "iscsi", "managed"]
    role: Literal["os", "data"]
    source: Id | None = Field(default=None, description="the disk whose data it holds; null: not told, or none")


class Appliance(Message):
    """A replication appliance, and how it stands to the machine on-premises."""

    name: Name
    sees_datastore: bool = Field(description="of the machine")
    same_host: bool = Field(description="it runs on the machine's host")
    healthy: bool


class Sites(Message):
    """What a reprotect may name."""

    appliances: Listed[Appliance]
    cache_storage_accounts: Listed[Name]


PLAIN_APPLIANCE = Appliance(name="appliance", sees_datastore=True, same_host=True, healthy=True)
"""What there is if the configuration names no appliances."""
