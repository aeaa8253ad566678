"""R09 to R14: the section "Verify VM properties" of the article."""

from __future__ import annotations

from asr_properties.evidence.actions import wait
from specification.shown import Shown
from walks import DAY, PROTECTED, begins
from wrong import implementations as wrong


def test_R10_the_item_shows_its_health_and_its_recovery_points(requirement: Shown) -> None:
    """The replicated item shows a summary of the VM, its health and its latest recovery points."""
    requirement.passes(*PROTECTED)
    requirement.fails(
        wrong.UnseenItem,
        "Once it is protected the item is not shown any more.",
        configuration={"retention_minutes": 0},
        beside=("R92",),
    )
    without_points = (*PROTECTED, begins("replication_unhealthy"), wait(DAY))
    requirement.passes(*without_points)
    requirement.fails(
        wrong.WellWithoutPoints, "A protected item shows good health, though no recovery point has been made for days."
    )
