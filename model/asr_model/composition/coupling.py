"""How items are coupled, as data: which events they take part in together, and what that must keep.

Events that are joint happen to all members at once, or not at all. That is a decision of the composition, not a rule of
the service, wherever `because` says so: the facts do not tell how a group's members take part in one operation.
"""

from __future__ import annotations

from dataclasses import dataclass

from asr_model.vocabulary import Operation


@dataclass(frozen=True)
class Joint:
    """Events that members make together. because: the source, or that it is assumed."""

    events: tuple[str, ...]
    because: str


@dataclass(frozen=True)
class NeverTogether:
    """An invariant of two items: never is one where `one` holds while another is where `other` holds. Both are
    expressions over an item's state, and exclude each other. because: what the sentence stands on."""

    name: str
    says: str
    one: str
    other: str
    because: str


@dataclass(frozen=True)
class Coupling:
    """A way in which items hang together. holding: surroundings that hold for every member."""

    name: str
    joint: tuple[Joint, ...]
    never_together: tuple[NeverTogether, ...]
    holding: frozenset[str] = frozenset()

    @property
    def events(self) -> frozenset[str]:
        """The names of all joint events."""
        return frozenset(event for joint in self.joint for event in joint.events)

    def without(self, *events: str) -> Coupling:
        """The same, but that these events are each member's own."""
        kept = tuple(Joint(tuple(e for e in j.events if e not in events), j.because) for j in self.joint)
        return Coupling(self.name, kept, self.never_together, self.holding)


MULTI_VM_GROUP = Coupling(
    name="multi-VM group",
    joint=(
        Joint(
            (
                "first_recovery_point_created",
                "crash_consistent_point_created",
                "app_consistent_point_created",
                "app_consistent_points_pruned",
                "recovery_points_pruned",
            ),
            "members of a replication group share crash- and app-consistent points (facts 3.1); that a shared point is "
            "made for all of them at once, the first one too, and pruned so, is assumed",
        ),
        Joint(
            (
                Operation.FAIL_OVER,
                Operation.PLANNED_FAILOVER,
                Operation.COMMIT,
                Operation.CANCEL_FAILOVER,
                Operation.REPROTECT,
            ),
            "what a recovery plan asks of its items, a group being in one group of a plan (facts 6); that it is asked "
            "of all members with the same arguments, and accepted by all or none, is assumed",
        ),
    ),
    never_together=(
        NeverTogether(
            "group_fails_over_together",
            "while the failover of one member runs, no member is committed or on its way back",
            "phase == 'failing_over'",
            "phase in ('committing_failover', 'failover_committed', 'reprotecting_to_on_premises', "
            "'reverse_initial_replication', 'reverse_protected')",
            "R04; facts 6",
        ),
        NeverTogether(
            "group_shares_crash_consistent_points",
            "of two protected members, not just one has recovery points",
            "phase == 'protected' and points == 'none'",
            "phase == 'protected' and points != 'none'",
            "facts 3.1",
        ),
        NeverTogether(
            "group_shares_app_consistent_points",
            "of two protected members with recovery points, not just one has app-consistent ones",
            "phase == 'protected' and points == 'crash'",
            "phase == 'protected' and points == 'app'",
            "facts 3.1",
        ),
    ),
    holding=frozenset({"in_a_group"}),
)
"""Machines that replicate as one group and are failed over together."""
