"""The failback of the classic profile: a failover in the reverse direction (facts 4, 5.12)."""

from __future__ import annotations

from asr_properties.specification.of_profile import CLASSIC, only
from asr_properties.specification.patterns import Absence, Remembered, Scope, Universality
from asr_properties.specification.rule import LIVE_ONLY

ACCEPTED = "response == 'accepted'"
REVERSE = "('reverse_protected', 'failing_back', 'failed_back', 'committing_failback', 'failback_committed')"
FAILED = "was_phase == 'failing_back' and phase == 'reverse_protected'"
BEGINS = f"event == 'fail_over' and {ACCEPTED} and was_phase == 'reverse_protected'"

FAILBACK_BY_FAILOVER = only(
    CLASSIC,
    Absence(
        name="failback_cannot_be_cancelled",
        requirements=("R75",),
        says="cancel_failover is never accepted for a failback, running or finished",
        never=f"event == 'cancel_failover' and {ACCEPTED} and was_phase in {REVERSE}",
        exercised=f"event == 'cancel_failover' and was_phase in {REVERSE}",
    ),
    Absence(
        name="there_is_no_planned_failover",
        requirements=("X02",),
        says="a planned failover is never accepted",
        never=f"event == 'planned_failover' and {ACCEPTED}",
        exercised="event == 'planned_failover'",
    ),
    Absence(
        name="failover_needs_replication",
        requirements=("R07", "R94"),
        says="a failover is accepted only for an item that is protected, in either direction, or whose failover failed",
        never=(
            f"event == 'fail_over' and {ACCEPTED} "
            "and was_phase not in ('protected', 'failover_failed', 'reverse_protected')"
        ),
        exercised="event == 'fail_over' and was_phase not in ('protected', 'failover_failed', 'reverse_protected')",
    ),
    Absence(
        name="nothing_else_towards_on_premises",
        requirements=("X02",),
        says="towards on-premises there is no drill and no change of the recovery point",
        never=f"event in ('test_failover', 'change_recovery_point') and {ACCEPTED} and was_phase in {REVERSE}",
        exercised=f"event in ('test_failover', 'change_recovery_point') and was_phase in {REVERSE}",
    ),
    Universality(
        name="failback_serves_on_premises",
        requirements=("R94",),
        says="after a failback the machine is active on-premises",
        where="phase == 'failed_back'",
        always="on_premises == 'on' and serving == 'on_premises'",
    ),
    Remembered(
        name="failback_to_latest_brings_all_received",
        requirements=("R18",),
        says="a failback to the latest point brings over all that was received when it was triggered",
        scope=Scope(
            after=f"{BEGINS} and recovery_point == 'latest'",
            until=(
                "phase not in ('failing_back', 'failed_back') "
                f"or {BEGINS} and recovery_point != 'latest' or phase == 'failed_back' and was_phase == 'failed_back'"
            ),
        ),
        where="was_phase == 'failing_back' and phase == 'failed_back'",
        compare=(("on_premises_newest", ">=", "was_received_newest"),),
        evidence=LIVE_ONLY,
    ),
    Universality(
        name="failed_failback_leaves_the_site",
        requirements=("X18",),
        says="after a failback that failed the item is active in Azure and replicates to on-premises",
        where=FAILED,
        always="serving == 'azure' and replicating == 'to_on_premises'",
    ),
    Absence(
        name="failed_failback_can_be_retried",
        requirements=("X18",),
        says="a failback that failed can be tried again",
        scope=Scope(after=FAILED, until=f"event in ('fail_over', 'disable_replication') and {ACCEPTED}"),
        never=(
            "event == 'fail_over' and response == 'refused' and recovery_point == 'latest' "
            "and was_phase == 'reverse_protected' and 'fail_over' in was_allowed and 'impaired' not in surroundings"
        ),
        exercised="event == 'fail_over' and was_phase == 'reverse_protected'",
    ),
    Absence(
        name="failback_goes_on_without_shutdown",
        requirements=("R24",),
        says="a failback does not fail because its source could not be shut down",
        scope=Scope(
            after=BEGINS,
            until=f"event == 'cancel_job' and {ACCEPTED} or was_phase != 'failing_back' and phase != 'failing_back'",
        ),
        never=(
            "was_phase == 'failing_back' and phase == 'reverse_protected' "
            "and 'failover_faulty' not in surroundings and 'impaired' not in surroundings"
        ),
        exercised="was_phase == 'failing_back' and 'shutdown_faulty' in surroundings",
    ),
)
