"""The planned failover to on-premises, its failure and its cancel: rules of the modernized profile."""

from __future__ import annotations

from asr_properties.specification.declared.phrases import CANCELLED, RESTORED, REVERTED, UNIMPAIRED, accepted, refused
from asr_properties.specification.of_profile import MODERNIZED, only
from asr_properties.specification.patterns import Absence, Precedence, Response, Scope, Universality
from asr_properties.specification.remembered import Remembered
from asr_properties.specification.rule import LIVE_ONLY, MODEL_ONLY, OBSERVED, RECORDED_ONLY

LOSSLESS = f"{accepted('planned_failover')} and recovery_point_type == 'crash_consistent'"
BEFORE_FAILBACK = Scope(
    after=(
        f"{accepted('planned_failover')} and was_phase == 'reverse_protected' and was_azure == 'on' and {UNIMPAIRED}"
    ),
    until="was_phase == 'reverse_protected' and phase == 'reverse_protected' or event == 'disable_replication'",
)
AZURE = (("azure", "==", "was_azure"), ("serving", "==", "was_serving"))
SITES = (*AZURE, ("on_premises", "==", "was_on_premises"))

PLANNED_FAILOVER = only(
    MODERNIZED,
    Absence(
        name="planned_failover_needs_reverse_protection",
        requirements=("R43", "R94"),
        says="a planned failover is accepted only once the item replicates to on-premises",
        never=f"{accepted('planned_failover')} and was_phase != 'reverse_protected'",
        exercised="event == 'planned_failover' and was_phase != 'reverse_protected'",
    ),
    Precedence(
        name="planned_failover_makes_its_point",
        requirements=("R44", "R48"),
        says="a crash-consistent planned failover uses a recovery point made after it was triggered",
        scope=Scope(after=LOSSLESS, until="phase not in ('failing_back', 'failed_back')"),
        first="event == 'failback_point_created'",
        then="phase == 'failed_back'",
        evidence=MODEL_ONLY,
    ),
    Remembered(
        name="planned_failover_loses_nothing",
        requirements=("R47", "R44", "R48"),
        says="after a crash-consistent planned failover the on-premises machine has all that Azure held at the trigger",
        scope=Scope(after=LOSSLESS, until="phase not in ('failing_back', 'failed_back')"),
        where="phase == 'failed_back' and was_phase != 'failed_back'",
        compare=(("on_premises_newest", ">=", "was_azure_newest"),),
        evidence=LIVE_ONLY,
    ),
    Precedence(
        name="azure_stops_before_on_premises_starts",
        requirements=("R50", "R49"),
        says="the on-premises machine is turned on only after the machine in Azure was shut down",
        scope=Scope(after=accepted("planned_failover"), until="phase != 'failing_back'"),
        first="azure == 'off'",
        then="on_premises == 'on'",
    ),
    Universality(
        name="planned_failover_shuts_azure_down",
        requirements=("R49",),
        says="after a planned failover the machine in Azure is off",
        where="phase == 'failed_back'",
        always="azure == 'off'",
        evidence=LIVE_ONLY,
    ),
    Universality(
        name="failback_serves_on_premises",
        requirements=("R51", "R85"),
        says="after a planned failover the machine is active on-premises",
        where="phase == 'failed_back'",
        always="on_premises == 'on' and serving == 'on_premises'",
    ),
    Universality(
        name="failed_back_item_is_active_on_premises",
        requirements=("R51", "R85"),
        says="after a planned failover the item shows that it is active on-premises",
        where="phase == 'failed_back'",
        always="serving == 'on_premises'",
        evidence=RECORDED_ONLY,
    ),
    Absence(
        name="planned_failover_can_be_cancelled",
        requirements=("R59", "R61", "R72"),
        says="cancelling a finished planned failover is never refused",
        never=f"{refused('cancel_failover')} and was_phase == 'failed_back'",
        exercised="event == 'cancel_failover' and was_phase == 'failed_back'",
    ),
    Remembered(
        name="cancel_restores_what_was_there",
        requirements=("R66", "R65", "R68"),
        says="cancelling a planned failover brings back what was there before it, the machine in Azure above all",
        scope=BEFORE_FAILBACK,
        where=f"{CANCELLED} and {UNIMPAIRED}",
        compare=AZURE,
    ),
    Remembered(
        name="revert_restores_what_was_there",
        requirements=("R79",),
        says="the service's own revert of a failed planned failover brings back what was there before it",
        scope=BEFORE_FAILBACK,
        where=f"{REVERTED} and {UNIMPAIRED}",
        compare=SITES,
    ),
    Universality(
        name="replication_resumes_after_cancel",
        requirements=("R70",),
        by_label=True,
        says="after a cancel, replication to on-premises is on again",
        where=RESTORED,
        always="replicating == 'to_on_premises'",
    ),
    Absence(
        name="planned_failover_can_be_run_again",
        requirements=("R60", "R74", "X07"),
        says="after a cancel a planned failover can be run again",
        scope=Scope(after=RESTORED, until=accepted("disable_replication")),
        never=(
            f"{refused('planned_failover')} and recovery_point_type == 'crash_consistent' "
            f"and was_phase == 'reverse_protected' and 'planned_failover' in was_allowed and {UNIMPAIRED}"
        ),
        exercised="event == 'planned_failover' and was_phase == 'reverse_protected'",
    ),
    Absence(
        name="failed_planned_failover_is_reverted",
        requirements=("R78",),
        says="a planned failover that fails is reverted by the service: it never just stays failed",
        never=(  # a wait may be so long that the revert has failed meanwhile
            "was_phase == 'failing_back' and event != 'cancel_failover' and (phase in ('failback_committed', "
            "'reprotecting_to_azure', 'failover_committed') or phase == 'failback_cancel_failed' and event != 'wait')"
        ),
        exercised=(
            "was_phase == 'failing_back' and phase == 'reverting_failback' "
            "and ('planned_failover_faulty' in surroundings or 'impaired' in surroundings)"
        ),
    ),
    Response(
        name="revert_comes_to_an_end",
        requirements=("R79",),
        says="the service's own revert brings back the state before the planned failover, or fails and says so",
        trigger="phase == 'reverting_failback'",
        reaction="phase in ('reverse_protected', 'failback_cancel_failed')",
    ),
    Absence(
        name="failed_cancel_can_be_retried",
        requirements=("R64", "R80"),
        says="after a cancel that failed, cancel_failover is never refused",
        never=f"{refused('cancel_failover')} and was_phase == 'failback_cancel_failed'",
        exercised="event == 'cancel_failover' and was_phase == 'failback_cancel_failed'",
    ),
    Universality(
        name="failed_revert_is_a_health_issue",
        requirements=("R82",),
        says="when the revert failed, the item shows a health issue",
        where="phase == 'failback_cancel_failed'",
        always="has_issues == True",
        evidence=OBSERVED,
    ),
    Universality(
        name="failed_planned_failover_tells_why",
        requirements=("R81",),
        says="when the revert failed, the planned failover's job has an error",
        where=(
            "phase == 'failback_cancel_failed' and (was_phase == 'reverting_failback' "
            "or was_phase == 'reverse_protected' and event == 'planned_failover')"
        ),
        always="job_has_errors == True",
        evidence=LIVE_ONLY,
    ),
    Universality(
        name="failed_planned_failover_goes_on_telling_why",
        requirements=("R81",),
        says="once the revert has failed, the planned failover's job has an error whenever it is looked at",
        where="phase == 'failback_cancel_failed'",
        always="job_has_errors == True",
        evidence=RECORDED_ONLY,
    ),
)
