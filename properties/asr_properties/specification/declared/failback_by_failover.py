"""The failback of the classic profile: a failover in the reverse direction (facts 4, 5.12)."""

from __future__ import annotations

from asr_properties.specification.declared.phrases import ACCEPTED, UNIMPAIRED, accepted, refused
from asr_properties.specification.of_profile import CLASSIC, only
from asr_properties.specification.patterns import Absence, Remembered, Scope, Universality
from asr_properties.specification.rule import LIVE_ONLY

FAILED = "was_phase == 'failing_back' and phase == 'reverse_protected'"
BEGINS = f"{accepted('fail_over')} and was_phase == 'reverse_protected'"

FAILBACK_BY_FAILOVER = only(
    CLASSIC,
    Absence(
        name="failback_cannot_be_cancelled",
        requirements=("R75",),
        says="cancel_failover is never accepted for a failback, running or finished",
        never=f"{accepted('cancel_failover')} and was_phase in classic_from_reverse_protected_on",
        exercised="event == 'cancel_failover' and was_phase in classic_from_reverse_protected_on",
    ),
    Absence(
        name="there_is_no_planned_failover",
        requirements=("X02",),
        says="a planned failover is never accepted",
        never=accepted("planned_failover"),
        exercised="event == 'planned_failover'",
    ),
    Absence(
        name="failover_needs_replication",
        requirements=("R07", "R94"),
        says="a failover is accepted only for an item that is protected, in either direction, or whose failover failed",
        never=f"{accepted('fail_over')} and was_phase not in can_fail_over and was_phase != 'reverse_protected'",
        exercised="event == 'fail_over' and was_phase not in can_fail_over and was_phase != 'reverse_protected'",
    ),
    Absence(
        name="nothing_else_towards_on_premises",
        requirements=("X02",),
        says="towards on-premises there is no drill and no change of the recovery point",
        never=(
            f"event in ('test_failover', 'change_recovery_point') and {ACCEPTED} "
            "and was_phase in classic_from_reverse_protected_on"
        ),
        exercised=(
            "event in ('test_failover', 'change_recovery_point') and was_phase in classic_from_reverse_protected_on"
        ),
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
            f"{refused('fail_over')} and recovery_point == 'latest' "
            f"and was_phase == 'reverse_protected' and 'fail_over' in was_allowed and {UNIMPAIRED}"
        ),
        exercised="event == 'fail_over' and was_phase == 'reverse_protected'",
    ),
    Absence(
        name="failback_goes_on_without_shutdown",
        requirements=("R24",),
        says="a failback does not fail because its source could not be shut down",
        scope=Scope(
            after=BEGINS, until=f"{accepted('cancel_job')} or was_phase != 'failing_back' and phase != 'failing_back'"
        ),
        never=(
            "was_phase == 'failing_back' and phase == 'reverse_protected' "
            f"and 'failover_faulty' not in surroundings and {UNIMPAIRED}"
        ),
        exercised="was_phase == 'failing_back' and 'shutdown_faulty' in surroundings",
    ),
)
