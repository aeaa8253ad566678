"""What can be reached: the whole cycle, the ways back, no dead ends."""

from __future__ import annotations

from asr_properties.specification.declared.phrases import CANCELLED, accepted
from asr_properties.specification.of_profile import CLASSIC, MODERNIZED, only
from asr_properties.specification.reachability import AlwaysPossible, NoDeadlock, OnlyThrough, Sometimes


def full_cycle_exists(failback: str, *requirements: str) -> Sometimes:
    """Round the whole lifecycle, with this operation for the failback."""
    return Sometimes(
        name="full_cycle_exists",
        requirements=requirements,
        says="an item can be failed over, reprotected, failed back, reprotected, protected and failed over again",
        waypoints=(
            "phase == 'protected'",
            accepted("fail_over"),
            "phase == 'failed_over'",
            accepted("reprotect"),
            "phase == 'reverse_protected'",
            accepted(failback),
            "phase == 'failed_back'",
            accepted("reprotect"),
            "phase == 'protected'",
            accepted("fail_over"),
            "phase == 'failed_over'",
        ),
        avoiding=accepted("disable_replication"),
    )


WAYS = (
    *only(
        MODERNIZED,
        full_cycle_exists("planned_failover", "R43", "R86", "R93"),
        Sometimes(
            name="cancel_and_failback_again_exists",
            requirements=("R60", "R74", "X07"),
            says="a planned failover can be cancelled and run again, more than once",
            waypoints=(
                "phase == 'failed_back'",
                accepted("cancel_failover"),
                CANCELLED,
                accepted("planned_failover"),
                "phase == 'failed_back'",
                accepted("cancel_failover"),
                CANCELLED,
            ),
            avoiding=accepted("disable_replication"),
        ),
    ),
    *only(CLASSIC, full_cycle_exists("fail_over", "R86", "R93", "R94")),
    AlwaysPossible(
        name="protection_can_always_be_regained",
        requirements=("R86", "R92", "X19"),
        says="from every reachable state the item can become protected again",
        goal="phase == 'protected'",
    ),
    OnlyThrough(
        name="aborted_failover_is_left_by_disabling_only",
        requirements=("R34",),
        says="from an aborted failover the item becomes protected again only after it was disabled",
        source="phase == 'failover_aborted'",
        via=accepted("disable_replication"),
        goal="phase == 'protected'",
    ),
    NoDeadlock(name="no_dead_end", requirements=("X12",), says="no reachable state is a dead end"),
)
