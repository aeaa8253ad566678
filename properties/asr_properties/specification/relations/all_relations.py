"""All relations, and all their monitors at work together: what each step puts to the test, and what it breaks."""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Collection, Mapping

from asr_properties.evidence.step import Step
from asr_properties.specification.relations import (
    after_faults,
    appliances,
    committed_points,
    data_on_disks,
    disk_lists,
    durations,
    failback_by_failover,
    former_points,
    health,
    job_progress,
    listings,
    machine_settings,
    machines,
    named_points,
    not_replicating,
    open_acceptance,
    recovery_point_ids,
    refusals,
    replication_flow,
    replication_policy,
    service_reverts,
)
from asr_properties.specification.relations.relation import Monitor, Relation
from asr_properties.specification.rule import Broken

MONITORS: Mapping[type[Monitor], tuple[Relation, ...]] = {
    refusals.Refusals: refusals.RELATIONS,
    job_progress.EndedJobs: job_progress.OF_ENDED_JOBS,
    job_progress.JobProgress: job_progress.RELATIONS,
    listings.Listings: listings.RELATIONS,
    committed_points.CommittedPoints: committed_points.RELATIONS,
    recovery_point_ids.RecoveryPointIds: recovery_point_ids.RELATIONS,
    named_points.NamedPoints: named_points.RELATIONS,
    former_points.FormerPoints: former_points.RELATIONS,
    health.Health: health.RELATIONS,
    machine_settings.MachineSettings: machine_settings.RELATIONS,
    disk_lists.DiskLists: disk_lists.RELATIONS,
    appliances.Appliances: appliances.RELATIONS,
    machines.Machines: machines.RELATIONS,
    replication_policy.ReplicationPolicy: replication_policy.RELATIONS,
    not_replicating.NotReplicating: not_replicating.RELATIONS,
    service_reverts.ServiceReverts: service_reverts.RELATIONS,
    replication_flow.ReplicationFlow: replication_flow.RELATIONS,
    data_on_disks.DiskContents: data_on_disks.RELATIONS,
    failback_by_failover.FailbackByFailover: failback_by_failover.RELATIONS,
    open_acceptance.OpenAcceptance: open_acceptance.RELATIONS,
    durations.Durations: durations.RELATIONS,
    after_faults.AfterFaults: after_faults.RELATIONS,
}
"""Each monitor and the relations that it judges. The order decides which broken relation is blamed first."""

RELATIONS: tuple[Relation, ...] = tuple(relation for relations in MONITORS.values() for relation in relations)


class RelationMonitors:
    """The monitors that judge `relations` on one item of an implementation after another.

    exercised: counts, by name, how often each relation was put to the test.
    """

    def __init__(self, relations: Collection[Relation], exercised: Counter[str]) -> None:
        self._judged = frozenset(relation.name for relation in relations)
        self._exercised = exercised
        self._monitors = [kind() for kind, own in MONITORS.items() if not self._judged.isdisjoint(r.name for r in own)]

    def copy(self, exercised: Counter[str]) -> RelationMonitors:
        """Monitors that remember the same, and go on by themselves from here."""
        twin = copy.deepcopy(self)
        twin._exercised = exercised
        return twin

    def begin_walk(self) -> None:
        """A walk begins with a fresh item."""
        for monitor in self._monitors:
            monitor.begin_walk()

    def begin_item(self) -> None:
        """In the middle of a walk, a fresh item takes the place of the one before."""
        for monitor in self._monitors:
            monitor.begin_item()

    def see(self, step: Step, *, explained: bool = True) -> list[Broken]:
        """Take in one step, and return the relations that it breaks.

        explained: whether some model state agrees with what was seen. If none does, monitors that need agreement do
        not see the step.
        """
        broken: dict[str, Broken] = {}
        for monitor in self._monitors:
            if not explained and monitor.needs_agreement:
                continue
            for judgement in monitor.enter(step):
                name = judgement.relation.name
                if name in self._judged:
                    self._exercised[name] += 1
                    if not judgement.holds and name not in broken:
                        broken[name] = judgement.broken
        return list(broken.values())
