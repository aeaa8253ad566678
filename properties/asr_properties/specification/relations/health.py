"""The health that an item shows: that recovery points are missing is a health error of the service (R10, facts 3.1)."""

from __future__ import annotations

from collections.abc import Iterator

from asr_properties.evidence.step import Step
from asr_properties.evidence.unknown import known
from asr_properties.specification.relations.relation import Judgement, Monitor, Relation

MISSING_POINTS_SHOW = Relation(
    name="missing_recovery_points_show_in_health",
    requirements=("R10",),
    says="a protected item that a fault leaves without new recovery points for hours shows that it is not well",
    seen="no new recovery point for {missing:time}; health: {health}; health issues: {issues}",
    right="health warning or critical, or a health issue, after {long:time}",
    needs=("has_issues", "seconds"),
)

RELATIONS = (MISSING_POINTS_SHOW,)

_LONG = 2 * 3600.0
"""The service tells it after an hour; twice that leaves room for the point that was due, and for the look."""

_UNWELL = ("warning", "critical")


class Health(Monitor):
    """Remembers for how long a fault has kept a protected item from getting another recovery point."""

    def begin_item(self) -> None:
        self._missing_for = 0.0

    def enter(self, step: Step) -> Iterator[Judgement]:
        protected = step.agreed_before.phase == step.agreed.phase == "protected"
        made = {point.id for point in step.now.listed} - {point.id for point in step.was.listed}
        if not protected or made or "impaired" not in (known(step.surroundings) or ()):
            self._missing_for = 0.0
            return
        self._missing_for += step.elapsed[0]
        interval = step.settings.get("crash_consistent_minutes", 0) * 60.0
        long = max(_LONG, 2 * interval)
        kept = step.settings.get("retention_minutes", 0) * 60.0
        item = known(step.now.item)
        told = item is not None and item.health_issues is not None
        if told and interval and kept > long and self._missing_for >= long:
            yield MISSING_POINTS_SHOW.judged(
                bool(item.health_issues) or item.health in _UNWELL,
                missing=self._missing_for,
                long=long,
                health=item.health,
                issues=item.health_issues,
            )
