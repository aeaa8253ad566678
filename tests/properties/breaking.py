"""For each property that can be judged on the model, a change of the model that breaks it and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from asr_model.efsm import Efsm, Transition
from asr_model.vocabulary import Direction, Site

Change = Callable[[Efsm], Efsm]
GOING_ON = "not stopping"
MARKED = {"before": "'failing_back'"}


def adding(
    event: str,
    source: str,
    target: str,
    guard: str = "True",
    variable: str = "phase",
    may_refuse: str = "False",
    **sets: str,
) -> Change:
    """One more transition, tried before all others."""
    new = Transition(
        f"wrong {event}: {source}", event, variable, source, target, guard, tuple(sets.items()), ("X02",), may_refuse
    )
    return lambda efsm: efsm.with_transition(new)


def altering(identifier: str, **changes: object) -> Change:
    """A declared transition, changed."""
    return lambda efsm: efsm.with_transition(replace(efsm.transition(identifier), **changes))  # type: ignore[arg-type]


def setting(identifier: str, **sets: str) -> Change:
    """A declared transition with further or other updates."""

    def change(efsm: Efsm) -> Efsm:
        old = efsm.transition(identifier)
        return efsm.with_transition(replace(old, updates=tuple({**dict(old.updates), **sets}.items())))

    return change


def guarding(identifier: str, more: str) -> Change:
    """A declared transition with a further condition."""

    def change(efsm: Efsm) -> Efsm:
        old = efsm.transition(identifier)
        return efsm.with_transition(replace(old, guard=f"({old.guard}) and {more}"))

    return change


def removing(*identifiers: str) -> Change:
    """Without some declared transitions."""
    return lambda efsm: efsm.without(*identifiers)


def knowing(phase: str, **facts: object) -> Change:
    """Other facts about a phase."""
    return lambda efsm: efsm.with_phase(phase, replace(efsm.phases[phase], **facts))  # type: ignore[arg-type]


def both(*changes: Change) -> Change:
    """Several changes at once."""

    def change(efsm: Efsm) -> Efsm:
        for one in changes:
            efsm = one(efsm)
        return efsm

    return change


def _freezing(efsm: Efsm) -> Efsm:
    """A running drill can freeze the item: nothing at all is possible any more."""
    for transition in efsm.transitions:
        if transition.source == "protected" or transition.variable == "drill":
            efsm = efsm.with_transition(replace(transition, guard=f"({transition.guard}) and not committed"))
    return adding("freezes", "protected", "protected", "drill == 'drill_running'", committed="True")(efsm)


def listing_more(phase: str, guard: str = "True") -> Change:
    """One more operation accepted, and so listed, in a phase."""
    return adding("enable_replication", phase, phase, guard)


#: Where refusing is wrong, but what the item lists stays the same.
OFTEN = "shutdown_faulty"

SUCCEEDS = "failover_succeeds: failing_over -> failed_over"
PLANNED = "planned_failover: reverse_protected -> failing_back"
TO_AZURE_AGAIN = "reprotect_succeeds: reprotecting_to_azure -> initial_replication"

SHARED: dict[str, Change] = {
    "failover_to_azure_cannot_be_cancelled": adding("cancel_failover", "failing_over", "failing_over"),
    "cancelled_failover_stops": both(
        altering(SUCCEEDS, guard="not shutdown_pending"), setting(SUCCEEDS, stopping="False")
    ),
    "cancelled_failover_does_not_lead_back": adding("failover_is_given_up", "failing_over", "protected", "stopping", stopping="False"),
    "aborted_failover_never_replicates_again": knowing("failover_aborted", replicating=Direction.TO_AZURE),
    "replication_stops_before_failover": knowing("failing_over", replicating=Direction.TO_AZURE),
    "failover_goes_on_without_shutdown": adding(
        "failover_fails", "failing_over", "failover_failed", "shutdown_pending and shutdown_faulty and not stopping", shutdown_pending="False"
    ),
    "source_is_shut_down_only_if_asked": adding(
        "source_shuts_down", "failing_over", "failing_over", "on_premises == 'on' and not shutdown_pending", on_premises="'off'"
    ),
    "failover_comes_to_an_end": guarding(SUCCEEDS, "on_premises != 'off'"),
    "failed_failover_leaves_the_site": adding(
        "change_recovery_point", "failover_failed", "failover_failed", "resynchronizing and recovery_point == 'in_use'"
    ),
    "machine_runs_in_azure_after_failover": knowing("failed_over", serving=Site.ON_PREMISES),
    "commit_deletes_other_points": altering("commit_succeeds: committing_failover -> failover_committed", updates=()),
    "commit_ends_changing": adding(
        "change_recovery_point", "reprotecting_to_on_premises", "reprotecting_to_on_premises"
    ),
    "commit_completes_the_failover": adding("commit", "reprotecting_to_on_premises", "reprotecting_to_on_premises"),
    "commit_comes_to_an_end": guarding("commit_succeeds: committing_failover -> failover_committed", "points == 'none'"),
    "failover_needs_replication": adding("fail_over", "changing_recovery_point", "changing_recovery_point"),
    "failover_needs_no_drill": altering(
        "fail_over: protected -> failing_over", may_refuse="resynchronizing or shutdown_faulty and not impaired"
    ),
    "critical_health_admits_failover": altering(
        "fail_over: protected -> failing_over", may_refuse="resynchronizing or impaired"
    ),
    "failback_serves_on_premises": knowing("failed_back", serving=Site.AZURE),
    "failback_does_not_replicate_by_itself": knowing("failed_back", replicating=Direction.TO_AZURE),
    "reprotect_leads_to_protection": both(
        adding(
            "reprotect_succeeds", "reprotecting_to_azure", "initial_replication", f"committed and impaired and {GOING_ON}",
            committed="False", **MARKED,
        ),
        guarding(
            "initial_replication_completes: initial_replication -> awaiting_first_recovery_point", "before == 'nothing'"
        ),
    ),
    "reprotect_to_on_premises_leads_to_protection": both(
        setting("reprotect: failover_committed -> reprotecting_to_on_premises", **MARKED),
        guarding(
            "reverse_initial_replication_completes: reverse_initial_replication -> reverse_protected",
            "before == 'nothing'",
        ),
    ),
    "reprotect_turns_the_source_off": both(
        adding(
            "reprotect_succeeds", "reprotecting_to_on_premises", "reverse_initial_replication", f"committed and impaired and {GOING_ON}",
            on_premises="'absent'", committed="False",
        ),
        adding(
            "source_turns_off", "reverse_initial_replication", "reverse_initial_replication", "on_premises == 'absent'",
            on_premises="'off'",
        ),
        guarding(
            "reverse_initial_replication_completes: reverse_initial_replication -> reverse_protected",
            "on_premises == 'off'",
        ),
    ),
    "commit_of_failback_removes_the_azure_machine": setting(
        "commit_succeeds: committing_failback -> failback_committed", azure="'off'"
    ),
    "enabling_failed_lists_its_operations": listing_more("enabling_failed"),
    "initial_replication_lists_its_operations": listing_more("initial_replication"),
    "awaiting_first_recovery_point_lists_its_operations": listing_more("awaiting_first_recovery_point"),
    "protected_lists_its_operations": listing_more("protected", "drill == 'no_drill'"),
    "failover_failed_lists_its_operations": listing_more("failover_failed"),
    "failover_aborted_lists_its_operations": listing_more("failover_aborted"),
    "failed_over_lists_its_operations": listing_more("failed_over"),
    "failover_committed_lists_its_operations": listing_more("failover_committed"),
    "reverse_initial_replication_lists_its_operations": listing_more("reverse_initial_replication"),
    "reverse_protected_lists_its_operations": listing_more("reverse_protected"),
    "failed_back_lists_its_operations": listing_more("failed_back"),
    "failback_committed_lists_its_operations": listing_more("failback_committed"),
    "one_machine_at_most": adding(
        "source_wakes_up", "failed_over", "failed_over", "on_premises == 'off'", on_premises="'on'"
    ),
    "waiting_drill_lists_only_cleanup": altering(
        "clean_up_test_failover: drill_awaiting_cleanup -> cleaning_up_drill", may_refuse="True"
    ),
    "waiting_drill_accepts_only_cleanup": altering("resynchronize: protected -> protected", guard="not resynchronizing"),
    "drill_leaves_the_item_alone": knowing("protected", serving=Site.AZURE),
    "drill_ends_only_by_cleanup": altering("drill_succeeds: drill_running -> drill_awaiting_cleanup", target="no_drill"),
    "disable_leaves_nothing": setting("disabling_succeeds: disabling_replication -> not_replicated", points="points"),
    "listed_operations_are_accepted": altering("commit: failed_over -> committing_failover", may_refuse=OFTEN),
    "hidden_datastore_prevents_reprotect": altering(
        "reprotect: failed_over -> reprotecting_to_on_premises", guard="True"
    ),
    "full_cycle_exists": both(
        setting(TO_AZURE_AGAIN, **MARKED),
        guarding(SUCCEEDS, "before == 'nothing'"),
        adding("failover_gives_up", "failing_over", "failover_aborted", f"before != 'nothing' and {GOING_ON}"),
    ),
    "protection_can_always_be_regained": both(
        adding("gets_stuck", "disabling_replication", "disabling_replication", "not committed", committed="True"),
        adding(
            "goes_round", "disabling_replication", "disabling_replication", "committed and not shutdown_pending",
            shutdown_pending="True",
        ),
        adding(
            "comes_round", "disabling_replication", "disabling_replication", "committed and shutdown_pending",
            shutdown_pending="False",
        ),
        guarding("disabling_succeeds: disabling_replication -> not_replicated", "not committed"),
        lambda efsm: both(
            *(
                guarding(t.id, "not committed")
                for t in efsm.transitions
                if t.event == "job_is_cancelled" and t.source == "disabling_replication"
            )
        )(efsm),
    ),
    "aborted_failover_is_left_by_disabling_only": adding(
        "gives_up", "failover_aborted", "not_replicated", points="'none'", azure="'unspecified'",
    ),
    "no_dead_end": _freezing,
    "points_serve_only_while_they_are_listed": adding(
        "test_failover", "no_drill", "drill_running",
        "phase == 'protected' and recovery_point == 'latest_app_consistent' and points == 'none'", variable="drill",
    ),
    "points_come_and_go": adding(
        "recovery_points_pruned", "failed_over", "failed_over", "points == 'app'", points="'none'"
    ),
    "every_kind_of_point_comes_and_goes": removing("app_consistent_point_created: failover_failed -> failover_failed"),
    "every_option_can_be_chosen": removing("fail_over: failover_failed -> failing_over #3"),
    "resynchronize_needs_replication": adding(
        "resynchronize", "changing_recovery_point", "changing_recovery_point"
    ),
    "resynchronization_is_possible": removing("resynchronization_ends: reverse_protected -> reverse_protected"),
    "no_job_is_cancelled_where_none_runs": adding("cancel_job", "failed_over", "failed_over"),
    "a_job_that_is_cancelled_ends_so": both(
        altering("change_succeeds: changing_recovery_point -> failed_over", guard="True"),
        setting("change_succeeds: changing_recovery_point -> failed_over", stopping="False"),
    ),
    "failover_fails_for_a_reason": adding(
        "drill_fails", "drill_running", "drill_awaiting_cleanup", GOING_ON, variable="drill"
    ),
    "enabling_fails_for_a_reason": altering("enabling_fails: enabling_replication -> enabling_failed", guard=GOING_ON),
    "no_job_is_cancelled_unasked": altering(
        "job_is_cancelled: changing_recovery_point -> failed_over", guard="True"
    ),
    "resynchronization_ends_once": adding(
        "resynchronization_ends", "failed_over", "failed_over", "not resynchronizing"
    ),
    "one_job_at_a_time": adding("commit", "changing_recovery_point", "changing_recovery_point"),
    "every_job_may_be_cancelled": removing("cancel_job: committing_failback -> committing_failback"),
    "every_failure_exists": removing("enabling_comes_to_nothing: enabling_replication -> not_replicated"),
}  # fmt: skip

ONLY_MODERNIZED: dict[str, Change] = {
    "planned_failover_needs_reverse_protection": adding("planned_failover", "failing_over", "failing_over"),
    "planned_failover_makes_its_point": altering("azure_vm_shuts_down: failing_back -> failing_back", guard="azure == 'on'"),
    "azure_stops_before_on_premises_starts": both(
        setting("azure_vm_shuts_down: failing_back -> failing_back", azure="'absent'"),
        altering(
            "on_premises_vm_starts: failing_back -> failing_back", guard="azure == 'absent' and on_premises == 'off'"
        ),
    ),
    "planned_failover_can_be_cancelled": altering(
        "cancel_failover: failed_back -> cancelling_failback", may_refuse="impaired"
    ),
    "cancel_restores_what_was_there": adding(
        "cancel_succeeds", "cancelling_failback", "reverse_protected", f"cancel_faulty and {GOING_ON}",
        on_premises="'off'", azure="'absent'", before="'nothing'",
    ),
    "revert_restores_what_was_there": adding(
        "revert_succeeds", "reverting_failback", "reverse_protected", f"planned_failover_faulty and {GOING_ON}",
        on_premises="'off'", azure="'absent'",
    ),
    "replication_resumes_after_cancel": knowing("reverse_protected", replicating=Direction.NONE),
    "planned_failover_can_be_run_again": altering(PLANNED, may_refuse=f"{OFTEN} or impaired or resynchronizing"),
    "failed_planned_failover_is_reverted": altering(
        "failback_fails: failing_back -> reverting_failback", target="failback_cancel_failed"
    ),
    "revert_comes_to_an_end": removing("revert_succeeds: reverting_failback -> reverse_protected"),
    "failed_cancel_can_be_retried": altering(
        "cancel_failover: failback_cancel_failed -> cancelling_failback", may_refuse="impaired"
    ),
    "failback_cancel_failed_lists_its_operations": listing_more("failback_cancel_failed"),
    "cancel_and_failback_again_exists": both(
        setting("cancel_succeeds: cancelling_failback -> reverse_protected", **MARKED),
        setting("revert_succeeds: reverting_failback -> reverse_protected", **MARKED),
        guarding("failback_succeeds: failing_back -> failed_back", "before == 'nothing'"),
    ),
    "failback_fails_for_a_reason": altering("failback_fails: failing_back -> reverting_failback", guard=GOING_ON),
    "cancel_fails_for_a_reason": altering("cancel_fails: cancelling_failback -> failback_cancel_failed", guard=GOING_ON),
    "a_cancel_may_be_cancelled": removing("cancel_job: cancelling_failback -> cancelling_failback"),
    "every_failure_of_a_planned_failover_exists": removing("revert_fails: reverting_failback -> failback_cancel_failed"),
}  # fmt: skip

ONLY_CLASSIC: dict[str, Change] = {
    "failback_cannot_be_cancelled": adding("cancel_failover", "failing_back", "failing_back"),
    "there_is_no_planned_failover": adding("planned_failover", "failing_over", "failing_over"),
    "nothing_else_towards_on_premises": adding("test_failover", "failing_back", "failing_back"),
    "failed_failback_leaves_the_site": knowing("reverse_protected", serving=Site.ON_PREMISES),
    "failback_needs_replication": adding(
        "fail_over", "failed_over", "failed_over", "impaired and recovery_point == 'latest'"
    ),
    "failback_is_offered": altering("fail_over: reverse_protected -> failing_back", may_refuse="True"),
    "failback_fails_for_a_reason": altering(
        "failback_fails: failing_back -> reverse_protected",
        guard=f"(failover_faulty or impaired or shutdown_pending) and {GOING_ON}",
    ),
    "failback_fails_by_a_shutdown_that_lasts": altering(
        "failback_fails: failing_back -> reverse_protected",
        guard=f"(failover_faulty or impaired or shutdown_faulty) and {GOING_ON}",
    ),
    "every_option_of_a_failback_can_be_chosen": removing("fail_over: reverse_protected -> failing_back #3"),
    "every_failure_of_a_failback_exists": removing("source_shutdown_fails: failing_back -> failing_back"),
}  # fmt: skip

#: For each profile: property -> a change of its model that breaks this property and nothing else.
BREAKING: dict[str, dict[str, Change]] = {"modernized": SHARED | ONLY_MODERNIZED, "classic": SHARED | ONLY_CLASSIC}
