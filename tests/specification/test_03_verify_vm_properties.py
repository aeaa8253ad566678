"""R09 to R14: the section "Verify VM properties" of the article."""

from __future__ import annotations

from specification.shown import Shown
from walks import PROTECTED
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
