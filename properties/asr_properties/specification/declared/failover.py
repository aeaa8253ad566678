"""Failover to Azure, change of the recovery point, commit."""

from __future__ import annotations

from asr_properties.specification.declared.phrases import ACCEPTED, FAILED_OVER, UNIMPAIRED, accepted
from asr_properties.specification.of_profile import MODERNIZED, only
from asr_properties.specification.patterns import Absence, Response, Scope, Universality
from asr_properties.specification.rule import LIVE_ONLY, OBSERVED, UNRECORDED

FAILOVER_FAILED = (
    "(was_phase == 'failing_over' and phase in can_fail_over "
    "or event == 'fail_over' and phase == 'failover_failed' and was_phase == 'protected')"
)
"""A failover to Azure has failed, be it in no time."""

FAILOVER = (
    Absence(
        name="failover_is_started_by_the_user_only",
        requirements=("R15",),
        says="an item does not fail over without being asked",
        never=(
            "event != 'fail_over' and (phase == 'failing_over' and was_phase != 'failing_over' "
            "or phase in after_failover and was_phase in can_fail_over)"
        ),
        exercised="event == 'wait' and was_phase in can_fail_over",
        evidence=LIVE_ONLY,  # a recording may lack the request
    ),
    Absence(
        name="failover_to_azure_cannot_be_cancelled",
        requirements=("R76", "R77"),
        says="cancel_failover is never accepted for a failover to Azure, running or finished",
        never=f"{accepted('cancel_failover')} and was_phase in from_protected_on",
        exercised="event == 'cancel_failover' and was_phase in from_protected_on",
    ),
    Absence(
        name="cancelled_failover_stops",
        requirements=("R33",),
        says="a failover whose job was cancelled does not complete, and Azure does not serve by it",
        scope=Scope(
            after=f"{accepted('cancel_job')} and was_phase == 'failing_over'",
            until=f"phase in leaving or {accepted('fail_over')}",
        ),
        never="phase == 'failed_over' or phase == 'failover_aborted' and serving == 'azure'",
    ),
    Absence(
        name="cancelled_failover_does_not_lead_back",
        requirements=("R34",),
        says="a failover whose job was cancelled does not leave its item protected",
        scope=Scope(
            after=f"{accepted('cancel_job')} and was_phase == 'failing_over'",
            until="phase in leaving or phase in ('failover_aborted', 'failed_over')",
        ),
        never="phase in can_fail_over",
    ),
    Absence(
        name="aborted_failover_never_replicates_again",
        requirements=("R34",),
        by_label=True,
        says="after an aborted failover nothing replicates until replication is disabled and enabled anew",
        scope=Scope(after="phase == 'failover_aborted'", until=accepted("enable_replication")),
        never="replicating != 'none' or 'fail_over' in allowed or 'resynchronize' in allowed",
    ),
    Universality(
        name="replication_stops_before_failover",
        requirements=("R32",),
        by_label=True,
        says="while the item fails over to Azure it does not replicate",
        where="phase == 'failing_over'",
        always="replicating == 'none'",
    ),
    Absence(
        name="failover_goes_on_without_shutdown",
        requirements=("R24",),
        says="a failover does not fail because its source could not be shut down",
        scope=Scope(after=accepted("fail_over"), until=accepted("cancel_job")),
        never=(
            f"{FAILOVER_FAILED} and 'shutdown_faulty' in surroundings "
            f"and 'failover_faulty' not in surroundings and {UNIMPAIRED}"
        ),
        exercised=f"(was_phase == 'failing_over' or {FAILED_OVER}) and 'shutdown_faulty' in surroundings",
    ),
    Absence(
        name="source_is_shut_down_only_if_asked",
        requirements=("R23",),
        says="a failover that was not asked to shut down its source leaves it on",
        scope=Scope(
            after=f"{accepted('fail_over')} and not shut_down_source",
            until=(f"phase not in ('failing_over', 'failed_over') or {accepted('fail_over')} and shut_down_source"),
        ),
        never="on_premises == 'off' and was_on_premises == 'on'",
        exercised=FAILED_OVER,
    ),
    Response(
        name="failover_comes_to_an_end",
        requirements=("R25",),
        says="an accepted failover ends, in whichever direction: failed over or back, failed or aborted",
        trigger=accepted("fail_over"),
        reaction=(
            "phase in awaiting_commit or phase in can_fail_over or phase in ('failover_aborted', 'reverse_protected')"
        ),
        evidence=UNRECORDED,  # of a recording the job itself tells
    ),
    Absence(
        name="failed_failover_leaves_the_site",
        requirements=("X18",),
        says="a failed failover leaves the item on-premises: nothing to commit, to change or to reprotect",
        scope=Scope(after="phase == 'failover_failed'", until=accepted("fail_over")),
        never=f"event in ('commit', 'change_recovery_point', 'reprotect') and {ACCEPTED}",
        exercised="phase == 'failover_failed' and event in ('commit', 'change_recovery_point', 'reprotect')",
    ),
    Universality(
        name="machine_runs_in_azure_after_failover",
        requirements=("R36",),
        says="after a failover the machine in Azure is on and serves",
        where=f"phase == 'failed_over' and {UNIMPAIRED}",
        always="azure == 'on' and serving == 'azure'",
    ),
    Universality(
        name="commit_deletes_other_points",
        requirements=("R40",),
        beside=frozenset({"R40"}),  # there may have been none before
        says="after commit no other recovery point is left",
        where="phase == 'failover_committed'",
        always="points == 'none'",
    ),
    Universality(
        name="committed_item_lists_no_change",
        requirements=("R38",),
        says="a committed item does not list a change of the recovery point",
        where="phase == 'failover_committed'",
        always="'change_recovery_point' not in allowed",
        evidence=OBSERVED,
    ),
    Absence(
        name="commit_ends_changing",
        requirements=("R38",),
        says="after commit the recovery point can't be changed any more",
        scope=Scope(after="phase == 'failover_committed'", until="phase == 'protected'"),
        never=accepted("change_recovery_point"),
        exercised="event == 'change_recovery_point'",
    ),
    Absence(
        name="commit_completes_the_failover",
        requirements=("R39", "R41"),
        says="a committed failover can't be committed again",
        scope=Scope(after="phase == 'failover_committed'", until="phase in ('failed_back', 'not_replicated')"),
        never=f"{accepted('commit')} and was_phase != 'failed_over'",  # its job may take no time
        exercised="event == 'commit'",
    ),
    Response(
        name="commit_comes_to_an_end",
        requirements=("R41",),
        says="an accepted commit ends committed, or where it was if its job is cancelled",
        trigger=f"{accepted('commit')} and was_phase in awaiting_commit",
        reaction="phase in after_failover or phase in after_failback",
        exercised="phase not in awaiting_commit",
    ),
    Absence(
        name="failover_needs_no_drill",
        requirements=("R08",),
        says="a protected item that never had a drill accepts a failover to its latest point",
        scope=Scope(
            after=(
                "phase == 'protected' and drill == 'no_drill' "
                "and (was_phase in not_yet_protected or was_phase in leaving)"
            ),
            until="event == 'test_failover'",
        ),
        never=(
            "event == 'fail_over' and recovery_point == 'latest' and response == 'refused' "
            f"and was_phase == 'protected' and 'fail_over' in was_allowed and {UNIMPAIRED}"
        ),
        exercised="event == 'fail_over' and recovery_point == 'latest' and was_phase == 'protected'",
    ),
    Absence(
        name="critical_health_admits_failover",
        requirements=("X11",),
        says="whatever the health, a protected item accepts a failover to its latest point",
        never=(
            "event == 'fail_over' and recovery_point == 'latest' and response == 'refused' "
            "and was_phase == 'protected' and was_drill == 'no_drill' and was_allowed == was_allowed "
            "and 'impaired' in surroundings"
        ),
        exercised=(
            "event == 'fail_over' and recovery_point == 'latest' and was_phase == 'protected' "
            "and 'impaired' in surroundings"
        ),
    ),
    *only(
        MODERNIZED,
        Absence(
            name="failover_needs_replication",
            requirements=("R07",),
            says="a failover is accepted only for an item that is protected, or whose failover failed",
            never=f"{accepted('fail_over')} and was_phase not in can_fail_over",
            exercised="event == 'fail_over' and was_phase not in can_fail_over",
        ),
    ),
)
