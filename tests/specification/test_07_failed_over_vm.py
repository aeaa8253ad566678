"""R55 to R58: the section "Failed over VM to Azure - requirements" of the article.

Each is assumed only: what is shown is that things work again once it is met again.
"""

from __future__ import annotations

from specification.shown import Shown
from walks import PLANNED, REVERSE, begins, once_over
from wrong import implementations as wrong

REFUSED_UNDER_FAULTS = {"planned_failover_under_fault": "refused"}


def test_R55_the_machine_in_azure_is_always_on(requirement: Shown) -> None:
    """The VM in Azure must always be on.

    Assumed only: shown is that it reads off while it is, and that a planned failover works once it is on again.
    """
    requirement.is_assumed(*once_over("azure_vm_off", REVERSE, PLANNED), choices=REFUSED_UNDER_FAULTS)
    requirement.fails(
        wrong.AzureOffForFailback,
        "Once the machine in Azure was off, planned failovers stay refused when it is on again.",
    )

    requirement.fails(
        wrong.OffShownAsOn, "The machine in Azure reads as on while it is off.", *REVERSE, begins("azure_vm_off")
    )


def test_R56_the_services_of_the_mobility_agent_run(requirement: Shown) -> None:
    """The two services of the mobility agent must be running on the VM in Azure.

    Assumed only: shown is that a planned failover works once they run again.
    """
    requirement.is_assumed(*once_over("mobility_agent_stopped", REVERSE, PLANNED), choices=REFUSED_UNDER_FAULTS)
    requirement.fails(
        wrong.AgentStoppedForGood, "Replication does not go on when the services of the mobility agent run again."
    )


def test_R58_the_urls_can_be_reached(requirement: Shown) -> None:
    """The documented URLs must be reachable from the VM in Azure.

    Assumed only: shown is that a planned failover works once they can be reached again.
    """
    requirement.is_assumed(*once_over("service_urls_blocked", REVERSE, PLANNED), choices=REFUSED_UNDER_FAULTS)
    requirement.fails(
        wrong.UrlsBlockedForGood, "Replication does not go on when the service's addresses can be reached again."
    )
