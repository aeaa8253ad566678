"""The additional step of some failovers, and faults that last or show nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from asr_properties.reference import CommonItem, ReplicatedItem
from asr_properties.reference.jobs import Job, Step
from wrong.registry import breaks

# The additional step (R26 to R30).


class OtherMachine(CommonItem):
    """Failovers are timed as if the machine were configured in another way."""

    __slots__ = ()

    configured: Mapping[str, Any] = {}

    def failover_steps(self, shut_down_source: bool) -> tuple[Step, ...]:
        own, self.configuration = self.configuration, replace(self.configuration, **self.configured)
        try:
            return super().failover_steps(shut_down_source)
        finally:
            self.configuration = own


@breaks("R26", says="fail_over")
class StepForEverybody(OtherMachine):
    """Every failover takes the additional step, needed or not."""

    __slots__ = ()

    configured: Mapping[str, Any] = {"operating_system": "linux"}


@breaks("R27", says="linux")
class NoStepForLinux(OtherMachine):
    """The additional step is left out for Linux."""

    __slots__ = ()

    configured: Mapping[str, Any] = {"operating_system": "windows"}


@breaks("R28", says="DHCP")
class NoStepWithoutDhcp(OtherMachine):
    """The additional step is left out for machines without DHCP."""

    __slots__ = ()

    configured: Mapping[str, Any] = {"dhcp": True}


@breaks("R29", says="boot drivers")
class NoStepWithoutDrivers(OtherMachine):
    """The additional step is left out for machines that lack boot drivers."""

    __slots__ = ()

    configured: Mapping[str, Any] = {"boot_drivers": True}


@breaks("R30", says="test_failover")
class NoStepInDrills(CommonItem):
    """The additional step is left out in test failovers."""

    __slots__ = ()

    def test_failover(self, arguments: Mapping[str, Any]) -> Job:
        own = self.configuration
        self.configuration = replace(own, operating_system="windows", dhcp=True, boot_drivers=True)
        try:
            return super().test_failover(arguments)
        finally:
            self.configuration = own


# Faults that are never cleared.


class NeverClears(ReplicatedItem):
    """A fault that lasts for good."""

    __slots__ = ()

    fault = ""

    def clear(self, fault: str) -> None:
        if fault != self.fault:
            super().clear(fault)


@breaks("X22", says="source_shutdown_fails")
class ShutdownFailsForGood(NeverClears):
    """Clearing the fault of the source's shutdown does nothing."""

    __slots__ = ()

    fault = "source_shutdown_fails"


@breaks("X22", says="failover_fails")
class FailoverFailsForGood(NeverClears):
    """Clearing the fault of failovers does nothing."""

    __slots__ = ()

    fault = "failover_fails"


@breaks("X22", says="planned_failover_fails")
class FailbackFailsForGood(NeverClears):
    """Clearing the fault of planned failovers does nothing."""

    __slots__ = ()

    fault = "planned_failover_fails"


@breaks("X22", says="cancel_fails")
class CancelFailsForGood(NeverClears):
    """Clearing the fault of cancels does nothing."""

    __slots__ = ()

    fault = "cancel_fails"


@breaks("X22", says="appliance_unhealthy")
class ApplianceIllForGood(NeverClears):
    """Clearing the fault of the appliance does nothing."""

    __slots__ = ()

    fault = "appliance_unhealthy"


@breaks("X22", says="replication_unhealthy")
class ReplicationIllForGood(NeverClears):
    """Clearing the fault of replication does nothing."""

    __slots__ = ()

    fault = "replication_unhealthy"


@breaks("X22", "R55", says="azure_vm_off")
class AzureOffForGood(NeverClears):
    """The machine in Azure stays off when its fault is cleared."""

    __slots__ = ()

    fault = "azure_vm_off"


@breaks("X22", "R56", says="mobility_agent_stopped")
class AgentStoppedForGood(NeverClears):
    """Replication does not go on when the services of the mobility agent run again."""

    __slots__ = ()

    fault = "mobility_agent_stopped"


@breaks("X22", "R58", says="service_urls_blocked")
class UrlsBlockedForGood(NeverClears):
    """Replication does not go on when the service's addresses can be reached again."""

    __slots__ = ()

    fault = "service_urls_blocked"


@breaks("X22", "R89", says="datastore_unreachable")
class DatastoreLostForGood(CommonItem):
    """Replication does not go on when the datastore can be reached again."""

    __slots__ = ()

    def clear(self, fault: str) -> None:
        if fault != "datastore_unreachable":
            super().clear(fault)


@breaks("R55", says="reads off")
class OffShownAsOn(ReplicatedItem):
    """The machine in Azure reads as on while it is off."""

    __slots__ = ()

    def power(self, site: str) -> str:
        return self.machine(site).power
