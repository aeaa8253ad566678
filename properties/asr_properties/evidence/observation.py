"""Everything that was seen of an item at one instant.

A run makes observations of what an adapter answers, a recording of what the service answered, and the model of its own
states. Whatever was not seen is `UNKNOWN`, part by part.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

from asr_model.vocabulary import Site
from asr_properties.contract.messages import Item, Machine, RecoveryPoint, Replication
from asr_properties.evidence.told import told
from asr_properties.evidence.unknown import UNKNOWN, known, seen

NOT_REPLICATED = "not_replicated"
COMMITTED = "failover_committed"


class Observation(NamedTuple):
    """One look at an item; every field may be UNKNOWN. Properties name these fields in their expressions.

    Of the item: phase, drill, serving (the active site), replicating, allowed (the listed operations), instance (its
    `instanceType`), item_id, in_use_id (the recovery point it failed over to), last_planned_failover, has_issues
    (whether a health issue is shown), current_job (None: it shows that none runs).
    Of its recovery points: points and other_points: `none`, `crash` or `app`, the best kind listed, the second of those
    that are not in use; newest_first: whether they are listed so; listed_newest_id, app_newest_id: the newest one, and
    the newest app-consistent one.
    Of its production machines: on_premises, azure: `on`, `off` or `absent`; on_premises_newest, azure_newest: the
    sequence number of the newest record on their disks.
    Of replication: received_newest, processed_newest: the newest record received, and processed; received_in_this_life:
    whether the former may not be one of an earlier life, which no source forbids to be told.
    Of its jobs: jobs: their ids, newest first; running: those that ran at the look before, or have begun since, as they
    are now, with their tasks; job_has_errors: whether the last planned failover's job has errors.
    Of the machine in Azure: future_machine: the settings that it is to have, None where they are refused;
    azure_machine: those that it has, None where there is none; updates: the jobs of changes that ran at the look before
    or have begun since, by id, with their states.
    Of disks: on_premises_disks, azure_disks: those of the production machines, None where they are refused.
    sites: what a reprotect can name.
    item, recovery_points: as they were answered. An item of which nothing is replicated is None.
    """

    phase: Any = UNKNOWN
    drill: Any = UNKNOWN
    serving: Any = UNKNOWN
    replicating: Any = UNKNOWN
    allowed: Any = UNKNOWN
    points: Any = UNKNOWN
    other_points: Any = UNKNOWN
    on_premises: Any = UNKNOWN
    azure: Any = UNKNOWN
    instance: Any = UNKNOWN
    has_issues: Any = UNKNOWN
    job_has_errors: Any = UNKNOWN
    last_planned_failover: Any = UNKNOWN
    newest_first: Any = UNKNOWN
    current_job: Any = UNKNOWN
    item_id: Any = UNKNOWN
    in_use_id: Any = UNKNOWN
    listed_newest_id: Any = UNKNOWN
    app_newest_id: Any = UNKNOWN
    on_premises_newest: Any = UNKNOWN
    azure_newest: Any = UNKNOWN
    received_newest: Any = UNKNOWN
    received_in_this_life: Any = UNKNOWN
    processed_newest: Any = UNKNOWN
    jobs: Any = UNKNOWN
    running: Any = UNKNOWN
    item: Any = UNKNOWN
    recovery_points: Any = UNKNOWN
    future_machine: Any = UNKNOWN
    azure_machine: Any = UNKNOWN
    updates: Any = UNKNOWN
    on_premises_disks: Any = UNKNOWN
    azure_disks: Any = UNKNOWN
    sites: Any = UNKNOWN

    @property
    def listed(self) -> tuple[RecoveryPoint, ...]:
        """The listed recovery points, newest first; none where they were not seen."""
        return known(self.recovery_points) or ()

    def newest(self, site: Site) -> int | None:
        """The newest record on the disks at a site; None where that is not seen or there is no machine."""
        value: int | None = known(self.azure_newest if site is Site.AZURE else self.on_premises_newest)
        return value

    def points_in(self, phase: str) -> Any:
        """The best kind of recovery point that counts in a phase: once committed, that of the others (A6)."""
        return self.other_points if phase == COMMITTED else self.points

    def in_phase(self, phase: str | None) -> Observation:
        """The observation of an item that is in this phase, where it does not show one itself."""
        shown = known(self.phase) or phase
        if shown is None:
            return self
        return self._replace(phase=shown, points=self.points_in(shown))

    @property
    def in_brief(self) -> Observation:
        """The observation without the lists it was made of: what is kept of many steps."""
        return self._replace(jobs=UNKNOWN, running=UNKNOWN, item=UNKNOWN, recovery_points=UNKNOWN, sites=UNKNOWN)

    @property
    def in_words(self) -> dict[str, str]:
        """Each thing that was seen, by the name of its field, in words that are fit to be shown."""
        seen_words = {name: told(value) for name, value in self._asdict().items() if value is not UNKNOWN}
        if self.allowed is not UNKNOWN:  # operations are few, and which ones they are matters
            seen_words["allowed"] = ", ".join(sorted(map(told, self.allowed))) or "nothing"
        return seen_words

    # -- how one is put together -------------------------------------------------------------------------------

    def with_item(self, item: Item | None) -> Observation:
        """With what an item shows. Null is not known just now; of `current_job` it means that none runs.

        What is not replicated may be told by a phase as well (contract, method `item`): it is no item then, and has
        neither an id nor a past.
        """
        if item is None:
            return self._replace(item=None, phase=NOT_REPLICATED)
        allowed, issues = item.allowed_operations, item.health_issues
        shown = {
            "phase": seen(item.phase),
            "drill": seen(item.drill),
            "replicating": seen(item.replicating),
            "allowed": UNKNOWN if allowed is None else frozenset(allowed),
            "current_job": item.current_job if "current_job" in item.model_fields_set else UNKNOWN,
        }
        if item.phase == NOT_REPLICATED:
            return self._replace(item=None, **shown)
        return self._replace(
            item=item,
            serving=seen(item.active_site),
            instance=seen(item.profile_instance),
            has_issues=UNKNOWN if issues is None else bool(issues),
            last_planned_failover=seen(item.last_planned_failover),
            item_id=seen(item.id),
            in_use_id=seen(item.failover_recovery_point),
            **shown,
        )

    def with_points(self, listed: Sequence[RecoveryPoint], *, tells_in_use: bool, lasting: bool) -> Observation:
        """With the listed recovery points, newest first.

        tells_in_use: whether the item tells which one is in use; where it does not, the newest may be it. lasting:
        whether no other one can have been made by the time that something is asked for.
        """
        in_use = known(self.in_use_id)
        others = [point for point in listed if point.id != in_use] if tells_in_use else listed[1:]
        apps = [point.id for point in listed if point.kind == "app_consistent"] if lasting else []
        return self._replace(
            recovery_points=tuple(listed),
            points=_best_kind(listed),
            other_points=_best_kind(others),
            newest_first=all(a.created >= b.created for a, b in pairwise(listed)),
            listed_newest_id=listed[0].id if listed and lasting else UNKNOWN,
            app_newest_id=apps[0] if apps else UNKNOWN,
        )

    def with_machines(self, on_premises: Machine, azure: Machine, *, are_written: bool) -> Observation:
        """With the production machines.

        are_written: whether records can be written on them. Where none ever is, disks without any tell nothing of what
        a failover brings over.
        """
        powers = self._replace(on_premises=on_premises.power, azure=azure.power)
        if not are_written:
            return powers
        return powers._replace(on_premises_newest=seen(on_premises.sequence), azure_newest=seen(azure.sequence))

    def with_replication(self, replication: Replication, *, before: int) -> Observation:
        """With how far replication is. before: the newest record received in an earlier life of the item."""
        return self._replace(
            received_newest=replication.sent,
            processed_newest=replication.processed,
            received_in_this_life=replication.sent > before,
        )


NOTHING_SEEN = Observation()

NEEDS: Mapping[str, tuple[str, ...]] = {
    "on_premises": ("machines",),
    "azure": ("machines",),
    "on_premises_newest": ("machines", "workload"),
    "azure_newest": ("machines", "workload"),
    "received_newest": ("workload",),
    "received_in_this_life": ("workload",),
    "serving": ("active_site",),
    "replicating": ("replicating",),
    "allowed": ("allowed_operations",),
    "drill": ("drill",),
    "has_issues": ("health_issues",),
    "in_use_id": ("failover_recovery_point",),
    "listed_newest_id": ("clock",),
    "app_newest_id": ("clock",),
    "item_id": ("id",),
    "last_planned_failover": ("last_planned_failover",),
    "future_machine": ("settings",),
    "azure_machine": ("settings",),
    "on_premises_disks": ("disks",),
    "azure_disks": ("disks",),
    "sites": ("sites",),
}
"""A field of an observation -> what an adapter offers for it: controls, or a field of the item."""


def _best_kind(points: Iterable[RecoveryPoint]) -> str:
    kinds = {point.kind for point in points}
    return "app" if "app_consistent" in kinds else "crash" if kinds else "none"
