"""The item as a whole: its list of allowed operations, its machines, its drill, its end."""

from __future__ import annotations

from dataclasses import dataclass

from asr_properties.properties.evidence import Moment
from asr_properties.properties.patterns import Absence, Scope, Universality

ACCEPTED = "response == 'accepted'"
IDLE = "drill == 'no_drill'"


#: An operation -> the requirements that are broken where it is missing from a list.
MISSED = {
    "disable_replication": ("X12",),
    "change_recovery_point": ("R37",),
    "fail_over": ("R15",),
    "test_failover": ("X21",),
    "planned_failover": ("R43",),
    "cancel_failover": ("R61",),
    "commit": ("R39",),
    "reprotect": ("R93",),
}


@dataclass(frozen=True, kw_only=True)
class Row(Universality):
    """A row of the state table: the phase lists just these operations. What is missing or too much decides who is
    blamed."""

    operations: frozenset[str]
    own: tuple[str, ...]

    def blames(self, moment: Moment) -> tuple[str, ...]:
        allowed = moment.now.allowed
        missing = [identifier for name in sorted(self.operations - allowed) for identifier in MISSED[name]]
        return (*self.own, *(["X02"] if allowed - self.operations else missing))


def lists_exactly(phase: str, *operations: str, own: tuple[str, ...] = ()) -> Row:
    """A row of the state table (facts 1.1) as a property of its own; `own`: the requirement that states just it."""
    expected = "{" + ", ".join(map(repr, operations)) + "}"
    others = (identifier for name in operations for identifier in MISSED[name])
    return Row(
        name=f"{phase}_lists_its_operations",
        requirements=tuple(dict.fromkeys((*own, "X02", *others))),
        says=f"an item in {phase} lists {', '.join(operations)} and nothing else",
        where=f"phase == {phase!r} and {IDLE} and 'impaired' not in surroundings",
        always=f"allowed == {expected}",
        operations=frozenset(operations),
        own=own,
    )


ITEM = (
    lists_exactly("enabling_failed", "disable_replication"),
    lists_exactly("initial_replication", "disable_replication"),
    lists_exactly("awaiting_first_recovery_point", "disable_replication"),
    lists_exactly("protected", "fail_over", "test_failover", "disable_replication"),
    lists_exactly("failover_failed", "fail_over", "disable_replication"),
    lists_exactly("failover_aborted", "disable_replication"),
    lists_exactly("failed_over", "commit", "change_recovery_point", "reprotect", "disable_replication", own=("X03",)),
    lists_exactly("failover_committed", "reprotect", "disable_replication", own=("X03",)),
    lists_exactly("reverse_initial_replication", "disable_replication"),
    lists_exactly("reverse_protected", "planned_failover", "disable_replication", own=("X05",)),
    lists_exactly("failed_back", "commit", "reprotect", "cancel_failover", "disable_replication", own=("X04",)),
    lists_exactly("failback_cancel_failed", "cancel_failover", "disable_replication"),
    lists_exactly("failback_committed", "reprotect", "disable_replication"),
    Absence(
        name="one_machine_at_most",
        requirements=("X10",),
        says="once the source was shut down or reprotected, at most one production machine is on",
        scope=Scope(
            after="on_premises == 'off' and azure == 'on'",
            until="phase in ('disabling_replication', 'not_replicated', 'initial_replication', 'protected')",
        ),
        never="on_premises == 'on' and azure == 'on'",
    ),
    Universality(
        name="waiting_drill_lists_only_cleanup",
        requirements=("X14", "X15"),
        says="while a drill awaits its cleanup, only the cleanup is listed",
        where="drill == 'drill_awaiting_cleanup'",
        always="allowed == {'clean_up_test_failover'}",
    ),
    Absence(
        name="waiting_drill_accepts_only_cleanup",
        requirements=("X15",),
        says="while a drill awaits its cleanup, no operation but the cleanup is accepted",
        never=(
            f"was_drill == 'drill_awaiting_cleanup' and {ACCEPTED} "
            "and event not in ('clean_up_test_failover', 'cancel_job')"
        ),
        exercised="was_drill == 'drill_awaiting_cleanup' and event not in ('clean_up_test_failover', 'wait', 'write')",
    ),
    Universality(
        name="drill_leaves_the_item_alone",
        requirements=("X13",),
        says="while there is a drill the item stays protected, replicating, on-premises",
        where="drill != 'no_drill'",
        always="phase == 'protected' and replicating == 'to_azure' and serving == 'on_premises'",
    ),
    Absence(
        name="drill_ends_only_by_cleanup",
        requirements=("X14",),
        says="a drill ends only by its cleanup",
        never="was_drill in ('drill_running', 'drill_awaiting_cleanup') and drill == 'no_drill' and event != 'observe'",
        exercised="was_drill in ('drill_running', 'drill_awaiting_cleanup')",
    ),
    Absence(
        name="disable_leaves_nothing",
        requirements=("X19",),
        says="after disabling, no points are left and nothing comes back until replication is enabled",
        scope=Scope(after="phase == 'not_replicated'", until=f"event == 'enable_replication' and {ACCEPTED}"),
        never="points in ('crash', 'app') or phase != 'not_replicated'",
    ),
    Absence(
        name="listed_operations_are_accepted",
        requirements=("X21",),
        says="a listed operation whose arguments fit is accepted when nothing is wrong",
        never=(
            "response == 'refused' and event in was_allowed "
            "and event in ('commit', 'reprotect', 'disable_replication') "
            "and was_phase in ('failed_over', 'failover_committed', 'failed_back', 'failback_committed') "
            "and 'impaired' not in surroundings and 'datastore_hidden' not in surroundings"
        ),
        exercised="event in ('commit', 'reprotect', 'disable_replication') and event in was_allowed",
    ),
    Absence(
        name="hidden_datastore_prevents_reprotect",
        requirements=("R88",),
        says="reprotect to on-premises is refused when the appliance can't see the datastore",
        never=(
            f"event == 'reprotect' and {ACCEPTED} and was_phase in ('failed_over', 'failover_committed') "
            "and 'datastore_hidden' in surroundings"
        ),
        exercised="event == 'reprotect' and 'datastore_hidden' in surroundings",
    ),
)
