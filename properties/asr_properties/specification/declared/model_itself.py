"""What the model says of its own steps: its points, the jobs that are cancelled or fail, the outcomes that are open.

What happens by itself is not seen of an item, so that these are judged on the model alone. The oracle judges
implementations by the steps of the model; these hold the model to them. Each was declared for changes of the model that
no other property noticed.
"""

from __future__ import annotations

from typing import NamedTuple

from asr_model.lifecycle.phase_sets import PHASE_SETS
from asr_properties.specification.declared.phrases import ACCEPTED, FAILBACK_BEGINS, UNIMPAIRED, accepted, refused
from asr_properties.specification.of_profile import CLASSIC, MODERNIZED, only
from asr_properties.specification.patterns import Absence, Scope, Universality
from asr_properties.specification.reachability import Sometimes
from asr_properties.specification.rule import MODEL_ONLY

RESYNCHRONIZABLE = (*PHASE_SETS["can_fail_over"], "reverse_protected")
"""Where a resynchronize job may run beside the phase (facts 2.10)."""

NO_JOB = f"was_phase in at_rest and not was_phase in {RESYNCHRONIZABLE!r}"
"""No job runs but that of a drill."""

BUSY = "was_phase in busy and not was_phase in ('failing_over', 'reprotecting_to_on_premises', 'failing_back')"
"""A job runs, apart from those whose operations have properties of their own."""

CANCELS = ("reverting_failback", "cancelling_failback")
"""Where a planned failover is undone, which Classic does not have."""

STOPPABLE = (*RESYNCHRONIZABLE, *(phase for phase in PHASE_SETS["busy"] if phase not in CANCELS))
"""Where a job may be cancelled in both profiles: whether that is accepted is open (contract 5)."""

OUTCOMES = (
    "enabling_succeeds", "change_succeeds", "commit_succeeds", "reprotect_succeeds", "failback_succeeds",
    "revert_succeeds", "cancel_succeeds", "disabling_succeeds", "drill_succeeds", "cleanup_succeeds",
    "resynchronization_ends", "enabling_fails", "enabling_comes_to_nothing", "reprotect_fails",
    "reprotect_comes_to_nothing", "failback_fails", "failback_comes_to_nothing", "cancel_fails",
    "cancel_leaves_item_failed_back", "revert_fails", "drill_fails", "drill_comes_to_nothing",
)  # fmt: skip
"""How jobs end by themselves; a failover has its own property (R33)."""

BEGUN = f"{ACCEPTED} and event != 'cancel_job'"
"""A job begins. It ends a resynchronize job that runs beside the phase."""

LEFT = f"{BEGUN} and was_phase in at_rest and not phase in at_rest"
"""A job begins that leaves the phase, and so any job beside it."""

OPTIONS = ("latest", "latest_processed", "latest_app_consistent", "listed")


class Failing(NamedTuple):
    """Ways in which jobs fail. faults: what may be wrong then, beside what impairs replication; rules: that say so."""

    events: tuple[str, ...]
    faults: tuple[str, ...]
    rules: tuple[str, ...]


FAILINGS = (
    Failing(
        ("failover_fails", "failover_leaves_item_protected", "drill_fails", "drill_comes_to_nothing"),
        ("failover_faulty", "shutdown_faulty"),
        ("X18",),
    ),
    Failing(
        ("enabling_fails", "enabling_comes_to_nothing", "reprotect_fails", "reprotect_comes_to_nothing"),
        (),
        ("R88", "R89"),
    ),
)
FAILINGS_OF_PLANNED = (
    Failing(
        ("failback_fails", "failback_comes_to_nothing"),
        ("planned_failover_faulty", "failover_faulty"),
        ("R45", "R46", "R78"),
    ),
    Failing(("cancel_fails", "cancel_leaves_item_failed_back", "revert_fails"), ("cancel_faulty",), ("R63", "R80")),
)
"""Those of a planned failover and what undoes it."""
FAILINGS_OF_FAILOVER = (
    Failing(("failback_fails",), ("failover_faulty", "planned_failover_faulty", "shutdown_faulty"), ("R94",)),
)
"""Those of a failback by a failover, to which R24 does not apply (contract 15)."""


def _only_for_a_reason(failing: Failing) -> Absence:
    absent = " and ".join(f"{fault!r} not in surroundings" for fault in ("impaired", *failing.faults))
    return Absence(
        name=f"{failing.events[0]}_for_a_reason",
        requirements=failing.rules,
        says="a job fails only while something is wrong that concerns it",
        never=f"event in {failing.events!r} and {absent}",
        evidence=MODEL_ONLY,
    )


def _outcome(event: str, phase: str) -> str:
    return f"event == {event!r} and was_phase == {phase!r}"


def _point(option: str, phase: str) -> str:
    return f"{accepted('fail_over')} and recovery_point == {option!r} and was_phase == {phase!r}"


THE_MODEL_ITSELF = (
    Absence(
        name="points_serve_only_while_they_are_listed",
        requirements=("R16", "R19", "R21", "R22"),
        says="an option that no listed point serves is refused",
        never=f"event in ('fail_over', 'test_failover', 'change_recovery_point') and {ACCEPTED} and "
        "(recovery_point == 'latest_app_consistent' and was_points != 'app' or "
        "recovery_point in ('latest_processed', 'listed') and was_points == 'none')",
        evidence=MODEL_ONLY,
    ),
    Universality(
        name="points_come_and_go",
        requirements=("X20",),
        says="a point that is made is listed, and one that is pruned was",
        where="event in ('crash_consistent_point_created', 'app_consistent_point_created', "
        "'app_consistent_points_pruned', 'recovery_points_pruned')",
        always="event == 'crash_consistent_point_created' and was_points == 'none' and points == 'crash' or "
        "event == 'app_consistent_point_created' and was_points == 'crash' and points == 'app' or "
        "event == 'app_consistent_points_pruned' and was_points == 'app' and points == 'crash' or "
        "event == 'recovery_points_pruned' and was_points == 'crash' and points == 'none'",
        evidence=MODEL_ONLY,
    ),
    Sometimes(
        name="every_kind_of_point_comes_and_goes",
        requirements=("X20",),
        says="crash- and app-consistent points are made and pruned wherever they are listed",
        waypoints=(
            *(_outcome("recovery_points_pruned", phase) for phase in ("protected", "failover_failed", "failed_over")),
            *(_outcome("crash_consistent_point_created", p) for p in ("protected", "failing_over", "failover_failed")),
            *(_outcome("app_consistent_point_created", phase) for phase in ("protected", "failover_failed")),
            *(
                _outcome("app_consistent_points_pruned", phase)
                for phase in ("protected", "failover_failed", "failed_over")
            ),
        ),
    ),
    Sometimes(
        name="every_option_can_be_chosen",
        requirements=("R16", "R19", "R21", "R22", "X18", "R37"),
        says="a failover, one that is tried again, and a drill take each option; the point can be changed",
        waypoints=(
            *(_point(option, phase) for phase in ("protected", "failover_failed") for option in OPTIONS),
            *(f"{accepted('test_failover')} and recovery_point == {option!r}" for option in OPTIONS),
            f"{accepted('change_recovery_point')} and recovery_point == 'listed'",
            f"{accepted('change_recovery_point')} and recovery_point == 'in_use'",
            "event == 'change_succeeds'",
            "event == 'drill_succeeds'",
        ),
    ),
    Absence(
        name="resynchronize_needs_replication",
        requirements=("X02",),
        says="resynchronize is accepted only where it is listed when it is relevant",
        never=f"{accepted('resynchronize')} and not was_phase in {RESYNCHRONIZABLE!r}",
        evidence=MODEL_ONLY,
    ),
    Sometimes(
        name="resynchronization_is_possible",
        requirements=("X02",),
        says="a resynchronize job can run and end in each phase that may list it",
        waypoints=tuple(
            step
            for phase in RESYNCHRONIZABLE
            for step in (_outcome("resynchronize", phase), _outcome("resynchronization_ends", phase))
        ),
    ),
    Absence(
        name="no_job_is_cancelled_where_none_runs",
        requirements=("X02", "R25"),
        says="no job can be cancelled where none runs",
        never=f"{accepted('cancel_job')} and {NO_JOB} and was_drill in ('no_drill', 'drill_awaiting_cleanup')",
        evidence=MODEL_ONLY,
    ),
    Absence(
        name="a_job_that_is_cancelled_ends_so",
        requirements=("R25",),
        says="once cancelling a job is accepted, it ends in no other way",
        scope=Scope(after=accepted("cancel_job"), until=f"event == 'job_is_cancelled' or {BEGUN}"),
        never=f"event in {OUTCOMES!r}",
        evidence=MODEL_ONLY,
    ),
    Absence(
        name="no_job_is_cancelled_unasked",
        requirements=("R25",),
        says="a job is cancelled only after that was accepted",
        scope=Scope(after=LEFT, until=accepted("cancel_job")),
        never="event == 'job_is_cancelled'",
        evidence=MODEL_ONLY,
    ),
    Absence(
        name="resynchronization_ends_once",
        requirements=("X02",),
        says="a resynchronize job that was cancelled, or that another job has ended, does not end again",
        scope=Scope(after=f"event == 'job_is_cancelled' or {LEFT}", until=accepted("resynchronize")),
        never="event == 'resynchronization_ends'",
        evidence=MODEL_ONLY,
    ),
    Absence(
        name="one_job_at_a_time",
        requirements=("X02",),
        says="while a job runs no other operation is accepted",
        never=f"{ACCEPTED} and event in ('enable_replication', 'change_recovery_point', 'commit', 'reprotect', "
        f"'disable_replication', 'cancel_failover') and {BUSY}",
        evidence=MODEL_ONLY,
    ),
    Sometimes(
        name="every_job_may_be_cancelled",
        requirements=("R25", "R31", "R93"),
        says="a service may accept that a job is cancelled, whichever it is",
        waypoints=(
            *(
                step
                for phase in STOPPABLE
                for step in (
                    f"{accepted('cancel_job')} and was_phase == {phase!r} and was_drill == 'no_drill'",
                    f"{_outcome('job_is_cancelled', phase)} and was_drill == 'no_drill'",
                )
            ),
            f"{_outcome('job_is_cancelled', 'reprotecting_to_on_premises')} and phase == 'failed_over'",
            f"{_outcome('job_is_cancelled', 'reprotecting_to_azure')} and phase == 'failed_back'",
        ),
    ),
    *map(_only_for_a_reason, FAILINGS),
    *only(
        MODERNIZED,
        *map(_only_for_a_reason, FAILINGS_OF_PLANNED),
        Sometimes(
            name="a_cancel_may_be_cancelled",
            requirements=("R59", "R63"),
            says="a service may accept that the revert or the cancel of a planned failover is cancelled",
            waypoints=tuple(
                step
                for phase in CANCELS
                for step in (
                    f"{accepted('cancel_job')} and was_phase == {phase!r}",
                    _outcome("job_is_cancelled", phase),
                )
            ),
        ),
        Sometimes(
            name="every_failure_of_a_planned_failover_exists",
            requirements=("R45", "R46", "R63", "R78", "R80"),
            says="a planned failover, its revert and its cancel can fail in each way that is left open",
            waypoints=(
                "event == 'failback_point_created'",
                "event == 'failback_fails'",
                "event == 'revert_fails'",
                "event == 'failback_comes_to_nothing'",
                "event == 'cancel_leaves_item_failed_back'",
                "event == 'cancel_fails'",
            ),
        ),
    ),
    *only(
        CLASSIC,
        *map(_only_for_a_reason, FAILINGS_OF_FAILOVER),
        Absence(
            name="failback_fails_by_a_shutdown_that_lasts",
            requirements=("R94",),
            says="a failback does not fail because of a shutdown that was not asked for, or that is over",
            scope=Scope(
                after=f"{FAILBACK_BEGINS} and not shut_down_source "
                "or event in ('source_shuts_down', 'source_shutdown_fails') and phase == 'failing_back'",
                until=f"{FAILBACK_BEGINS} and shut_down_source",
            ),
            never="event == 'failback_fails' and 'failover_faulty' not in surroundings "
            f"and 'planned_failover_faulty' not in surroundings and {UNIMPAIRED}",
            exercised="event == 'failback_fails'",
            evidence=MODEL_ONLY,
        ),
        Sometimes(
            name="every_option_of_a_failback_can_be_chosen",
            requirements=("R94",),  # its input has them all (facts 4: LatestTime, LatestTag, Custom)
            says="a failback takes each option of a failover",
            waypoints=tuple(_point(option, "reverse_protected") for option in OPTIONS),
        ),
        Sometimes(
            name="every_failure_of_a_failback_exists",
            requirements=("R94",),
            says="a failback can fail; whether it can be tried again is open, so that it may be accepted and refused",
            waypoints=(
                _outcome("source_shutdown_fails", "failing_back"),
                "event == 'failback_fails'",
                f"{refused('fail_over')} and was_phase == 'reverse_protected' and recovery_point == 'latest' "
                f"and {UNIMPAIRED}",
                _point("latest", "reverse_protected"),
                "event == 'failback_succeeds'",
            ),
            avoiding=accepted("resynchronize"),  # which may be why a failback is refused
        ),
    ),
    Sometimes(
        name="every_failure_exists",
        requirements=("R24", "X18", "R88", "R89"),
        says="a failover, a drill, enabling and reprotect can fail in each way that the documentation leaves open",
        waypoints=(
            _outcome("source_shutdown_fails", "failing_over"),
            "event == 'failover_fails'",
            "event == 'failover_leaves_item_protected'",
            "event == 'drill_fails'",
            "event == 'drill_comes_to_nothing'",
            "event == 'enabling_fails'",
            "event == 'enabling_comes_to_nothing'",
            *(
                _outcome(event, phase)
                for phase in ("reprotecting_to_on_premises", "reprotecting_to_azure")
                for event in ("reprotect_commits", "reprotect_fails", "reprotect_comes_to_nothing")
            ),
        ),
    ),
)
