"""The failback of the classic profile: a failover in the reverse direction (facts 4, 5.12; contract 15).

The rules of a failover to Azure (R15 to R34, X18) do not hold for it. What is known of it is that it follows a
reprotect (R94), that it can't be cancelled (R75), and that one that fails leaves production in Azure.
"""

from __future__ import annotations

from asr_properties.specification.declared.phrases import ACCEPTED, FAILBACK_BEGINS, UNIMPAIRED, accepted
from asr_properties.specification.of_profile import CLASSIC, only
from asr_properties.specification.patterns import Absence, Scope, Universality
from asr_properties.specification.remembered import Remembered
from asr_properties.specification.rule import LIVE_ONLY, OBSERVED

FAILED = "was_phase == 'failing_back' and phase == 'reverse_protected'"
OF_A_CANCEL = "('cancelling_failback', 'reverting_failback', 'failback_cancel_failed')"
"""Phases that this profile does not have: only a failback that is cancelled or reverted goes through them."""
BEFORE_A_FAILBACK = (
    "was_phase in after_failover or was_phase in ('reprotecting_to_on_premises', 'reverse_initial_replication')"
)
"""The item runs in Azure, and does not replicate to on-premises yet."""
NO_FAULT = (
    "'failover_faulty' not in surroundings and 'planned_failover_faulty' not in surroundings "
    f"and 'shutdown_faulty' not in surroundings and {UNIMPAIRED}"
)

FAILBACK_BY_FAILOVER = only(
    CLASSIC,
    Absence(
        name="failback_cannot_be_cancelled",
        requirements=("R75",),
        says="cancel_failover is never accepted for a failback, running or finished",
        never=(
            f"{accepted('cancel_failover')} "
            "and (was_phase in classic_from_reverse_protected_on or was_phase == 'reprotecting_to_azure')"
        ),
        exercised="event == 'cancel_failover' and was_phase in classic_from_reverse_protected_on",
    ),
    Absence(
        name="cancel_of_a_failback_is_not_listed",
        requirements=("R75",),
        says="cancel_failover is never listed for a failback, running or finished",
        never="phase in classic_from_reverse_protected_on and 'cancel_failover' in allowed",
        exercised="event == 'cancel_failover' and phase in classic_from_reverse_protected_on",
        evidence=OBSERVED,
    ),
    Absence(
        name="failback_is_never_undone",
        requirements=("R75",),
        says="no item is ever in the phase of a failback that is cancelled or reverted",
        never=f"phase in {OF_A_CANCEL}",
        exercised="event == 'cancel_failover' and was_phase in classic_from_reverse_protected_on",
        evidence=OBSERVED,
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
        requirements=("R07",),
        says="a failover is accepted only for an item that is protected, in either direction, or whose failover failed",
        never=(
            f"{accepted('fail_over')} and was_phase not in can_fail_over and was_phase != 'reverse_protected' "
            f"and not ({BEFORE_A_FAILBACK})"
        ),
        exercised="event == 'fail_over' and was_phase not in can_fail_over and was_phase != 'reverse_protected'",
    ),
    Absence(
        name="failback_needs_replication",
        requirements=("R94",),
        says="after a failover to Azure a failback is accepted only once the item replicates to on-premises",
        never=f"{accepted('fail_over')} and ({BEFORE_A_FAILBACK})",
        exercised=f"event == 'fail_over' and ({BEFORE_A_FAILBACK})",
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
    Absence(
        name="failback_is_offered",
        requirements=("R94", "X02"),
        says="an item that replicates to on-premises lists fail_over, until a failback has begun",
        scope=Scope(
            after="phase == 'reverse_protected' and was_phase == 'reverse_initial_replication'",
            until=f"phase != 'reverse_protected' or event == 'fail_over' and {ACCEPTED}",
        ),
        never=f"'fail_over' not in allowed and {UNIMPAIRED}",
    ),
    Remembered(
        name="failback_to_latest_brings_all_received",
        requirements=("R94",),
        says="a failback to the latest point brings over all that was received when it was triggered",
        scope=Scope(
            after=f"{FAILBACK_BEGINS} and recovery_point == 'latest'",
            until=(
                "phase not in ('failing_back', 'failed_back') "
                f"or {FAILBACK_BEGINS} and recovery_point != 'latest' "
                "or phase == 'failed_back' and was_phase == 'failed_back'"
            ),
        ),
        where=(
            "phase == 'failed_back' and (was_phase == 'failing_back' or event == 'fail_over') "
            "and received_newest <= azure_newest and received_in_this_life == True"  # and not in the other direction
        ),
        compare=(("on_premises_newest", ">=", "was_received_newest"),),
        evidence=LIVE_ONLY,
    ),
    Universality(
        name="failed_failback_leaves_the_site",
        requirements=("R94", "X10"),
        says="after a failback that failed, or whose job was cancelled, the item is active in Azure",
        where=FAILED,
        always="serving == 'azure'",
    ),
    Universality(
        name="failed_failback_leaves_azure_on",
        requirements=("R94", "R55"),
        says="the machine in Azure is on while the item replicates to on-premises, also after a failback that failed",
        where=f"phase == 'reverse_protected' and {NO_FAULT}",
        always="azure == 'on'",
        evidence=OBSERVED,
    ),
)
