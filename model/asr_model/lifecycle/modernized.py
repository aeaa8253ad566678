"""The modernized lifecycle (InMageRcm / InMageRcmFailback), declared once.

Read it beside the facts: the state table (1.1), the operations (2) and the ambiguities (8). `may_refuse` marks where
they leave acceptance open. An operation without a transition is refused; a happening without one does not happen.
"""

from __future__ import annotations

from statemachine import State

from asr_model.lifecycle import terms
from asr_model.lifecycle.chart import Lifecycle, any_of, cite, from_each, returning, staying
from asr_model.lifecycle.phases import DRILLS, PHASES
from asr_model.lifecycle.phrases import (
    CANCEL_FAULT,
    FAILBACK_FAULT,
    FAILOVER_FAULT,
    GOING_ON,
    IDLE,
    IMPAIRED,
    cancellation,
    choosing_a_point,
    failure,
    stoppable,
    success,
)
from asr_model.state import DISABLED_FROM


class Modernized(Lifecycle):
    """One replicated item of the modernized stack: its lifecycle and, in parallel, its drill."""

    profile = "modernized"
    phases = PHASES
    drill_states = DRILLS
    surroundings = terms.SURROUNDINGS
    effects = terms.EFFECTS
    refusals = terms.REFUSALS

    class item(State.Parallel):  # noqa: N801 - the engine takes the state's id from the class name
        class lifecycle(State.Compound):  # noqa: N801
            # facts about each of them: lifecycle/phases.py
            not_replicated = State(initial=True)
            enabling_replication = State()
            enabling_failed = State()
            initial_replication = State()
            awaiting_first_recovery_point = State()
            protected = State()
            failing_over = State()
            failover_failed = State()
            failover_aborted = State()
            failed_over = State()
            changing_recovery_point = State()
            committing_failover = State()
            failover_committed = State()
            reprotecting_to_on_premises = State()
            reverse_initial_replication = State()
            reverse_protected = State()
            failing_back = State()
            reverting_failback = State()
            failback_cancel_failed = State()
            failed_back = State()
            cancelling_failback = State()
            committing_failback = State()
            failback_committed = State()
            reprotecting_to_azure = State()
            disabling_replication = State()

            # == enable, first replication =======================================================================
            enable_replication = cite(
                not_replicated.to(enabling_replication, on="start_new_life"), "R07", "X21", may_refuse="impaired"
            )
            enabling_succeeds = success(enabling_replication.to(initial_replication, cond=GOING_ON), "R07")
            enabling_fails = failure(enabling_replication.to(enabling_failed, cond=IMPAIRED), "R07")
            enabling_comes_to_nothing = failure(enabling_replication.to(not_replicated, cond=IMPAIRED), "R07")
            initial_replication_completes = cite(initial_replication.to(awaiting_first_recovery_point), "R92")
            first_recovery_point_created = cite(
                awaiting_first_recovery_point.to(protected, on="gain_crash_point"), "R10", "R92"
            )

            # == recovery points come and go =====================================================================
            crash_consistent_point_created = cite(
                staying(protected, failing_over, cond="points == 'none'", on="gain_crash_point"), "X20"
            )
            app_consistent_point_created = cite(
                staying(protected, cond="points == 'crash'", on="gain_app_point"), "X20"
            )
            app_consistent_points_pruned = cite(
                staying(protected, failover_failed, failed_over, cond="points == 'app'", on="lose_app_points"), "X20"
            )
            recovery_points_pruned = cite(
                staying(protected, failover_failed, failed_over, cond="points == 'crash'", on="delete_points"), "X20"
            )

            # == failover to Azure ===============================================================================
            fail_over = choosing_a_point(
                (protected, failover_failed), failing_over, IDLE, ("plan_shutdown",), "R08", "R15", "R32", "X21"
            )
            source_shuts_down = cite(
                staying(failing_over, cond="shutdown_pending", on="shut_down_source_machine"), "R23"
            )
            source_shutdown_fails = cite(
                staying(failing_over, cond="shutdown_pending and shutdown_faulty", on="go_on_without_shutdown"), "R24"
            )
            failover_succeeds = success(
                failing_over.to(failed_over, cond=f"not shutdown_pending and {GOING_ON}", on="start_azure_vm"), "R36"
            )
            failover_fails = failure(
                failing_over.to(
                    failover_failed, cond=f"on_premises != 'off' and {FAILOVER_FAULT}", on="go_on_without_shutdown"
                )
                | failing_over.to(
                    failover_failed, cond=f"on_premises == 'off' and {FAILOVER_FAULT}", on="leave_source_open"
                ),
                "X18",
            )
            failover_leaves_item_protected = failure(
                failing_over.to(
                    protected,
                    cond=f"on_premises != 'off' and failover_faulty and {GOING_ON}",
                    on="go_on_without_shutdown",
                )
                | failing_over.to(
                    protected, cond=f"on_premises == 'off' and failover_faulty and {GOING_ON}", on="leave_source_open"
                ),
                "X18",
            )

            # == after the failover ==============================================================================
            change_recovery_point = cite(
                failed_over.to(changing_recovery_point, cond="recovery_point == 'listed' and points != 'none'")
                | failed_over.to(changing_recovery_point, cond="recovery_point == 'in_use'"),
                "R37",
                "X21",
            )
            change_succeeds = success(changing_recovery_point.to(failed_over, cond=GOING_ON), "R37")
            commit = cite(failed_over.to(committing_failover), "R39", "R41", "X21") | cite(
                failed_back.to(committing_failback), "X17", "X21"
            )
            commit_succeeds = success(
                committing_failover.to(failover_committed, cond=GOING_ON, on="delete_points"), "R38", "R40", "R41"
            ) | success(committing_failback.to(failback_committed, cond=GOING_ON, on="remove_azure_vm"), "X17")

            # == reprotect, either way ===========================================================================
            reprotect = (
                cite(
                    failed_over.to(reprotecting_to_on_premises, cond="not datastore_hidden", on="leave_source_open"),
                    "R93",
                    "X06",
                    "X21",
                    may_refuse="impaired",
                )
                | cite(
                    failover_committed.to(
                        reprotecting_to_on_premises,
                        cond="not datastore_hidden",
                        on=["pass_commit", "leave_source_open"],
                    ),
                    "R93",
                    "X21",
                    may_refuse="impaired",
                )
                | cite(
                    failed_back.to(reprotecting_to_azure),
                    "R86",
                    "R87",
                    "X06",
                    "X21",
                    may_refuse="impaired or datastore_hidden",
                )
                | cite(
                    failback_committed.to(reprotecting_to_azure, on="pass_commit"),
                    "R86",
                    "R87",
                    "X21",
                    may_refuse="impaired or datastore_hidden",
                )
            )
            reprotect_commits = cite(
                staying(reprotecting_to_on_premises, cond="not committed", on=("pass_commit", "delete_points"))
                | staying(reprotecting_to_azure, cond="not committed", on=("pass_commit", "remove_azure_vm")),
                "X06",
            )
            reprotect_succeeds = success(
                reprotecting_to_on_premises.to(
                    reverse_initial_replication,
                    cond=f"committed and {GOING_ON}",
                    on=["end_reprotect", "turn_on_premises_off"],
                ),
                "R93",
                "X16",
            ) | success(
                reprotecting_to_azure.to(initial_replication, cond=f"committed and {GOING_ON}", on="end_reprotect"),
                "R86",
                "R92",
            )
            reprotect_fails = failure(
                reprotecting_to_on_premises.to(failover_committed, cond=f"committed and {IMPAIRED}", on="end_reprotect")
                | reprotecting_to_azure.to(failback_committed, cond=f"committed and {IMPAIRED}", on="end_reprotect"),
                "R88",
                "R89",
            )
            reprotect_comes_to_nothing = failure(
                reprotecting_to_on_premises.to(failed_over, cond=f"not committed and {IMPAIRED}")
                | reprotecting_to_azure.to(failed_back, cond=f"not committed and {IMPAIRED}"),
                "R88",
                "R89",
            )
            reverse_initial_replication_completes = cite(reverse_initial_replication.to(reverse_protected), "R94")

            # == planned failover to on-premises =================================================================
            planned_failover = cite(
                reverse_protected.to(
                    failing_back,
                    cond="recovery_point_type == 'crash_consistent'",
                    on=["need_fresh_point", "end_resynchronizing"],
                ),
                "R43",
                "R60",
                "R94",
                "X21",
                may_refuse="impaired or resynchronizing",
            ) | cite(
                reverse_protected.to(
                    failing_back, cond="recovery_point_type == 'app_consistent'", on="end_resynchronizing"
                ),
                "R43",
                "R60",
                "R94",
                may_refuse="True",
            )
            failback_point_created = cite(
                staying(failing_back, cond="fresh_point == 'needed'", on="make_fresh_point"), "R44", "R47", "R48"
            )
            azure_vm_shuts_down = cite(
                staying(failing_back, cond="azure == 'on' and fresh_point != 'needed'", on="shut_down_azure_vm"), "R49"
            )
            on_premises_vm_starts = cite(
                staying(failing_back, cond="azure == 'off' and on_premises == 'off'", on="start_on_premises_vm"), "R50"
            )
            failback_succeeds = success(
                failing_back.to(failed_back, cond=f"on_premises == 'on' and {GOING_ON}", on="forget_fresh_point"),
                "R51",
                "R85",
            )
            failback_fails = failure(
                failing_back.to(reverting_failback, cond=FAILBACK_FAULT, on="leave_failback_open"), "R78"
            )
            failback_comes_to_nothing = failure(
                failing_back.to(reverse_protected, cond=f"azure == 'on' and {FAILBACK_FAULT}", on="forget_fresh_point"),
                "R45",
                "R46",
            )
            revert_succeeds = success(
                reverting_failback.to(reverse_protected, cond=GOING_ON, on="restore_azure"), "R79"
            )
            revert_fails = failure(reverting_failback.to(failback_cancel_failed, cond=CANCEL_FAULT), "R80")

            # == cancel of a planned failover ====================================================================
            cancel_failover = (
                cite(failed_back.to(cancelling_failback, before="remember_phase"), "R59", "R61", "R65", "R72", "X21")
                | cite(
                    failback_cancel_failed.to(cancelling_failback, before="remember_phase"), "R61", "R64", "R80", "X21"
                )
                | cite(
                    failing_back.to(
                        cancelling_failback, cond=GOING_ON, before="remember_phase", on="leave_failback_open"
                    ),
                    "R59",
                    may_refuse="True",
                )
            )
            cancel_succeeds = success(
                cancelling_failback.to(reverse_protected, cond=GOING_ON, on=["restore_azure", "forget_phase"]),
                "R65",
                "R66",
                "R70",
            )
            cancel_fails = failure(
                cancelling_failback.to(
                    failback_cancel_failed, cond=CANCEL_FAULT, on=["leave_machines_open", "forget_phase"]
                ),
                "R63",
                "R64",
            )
            cancel_leaves_item_failed_back = failure(
                cancelling_failback.to(
                    failed_back,
                    cond=f"before == 'failed_back' and {CANCEL_FAULT}",
                    on=["restore_failback", "forget_phase"],
                ),
                "R63",
                "R64",
            )

            # == resynchronize ===================================================================================
            resynchronize = cite(
                staying(
                    protected,
                    failover_failed,
                    reverse_protected,
                    cond=f"not resynchronizing and {IDLE}",
                    on="begin_resynchronizing",
                ),
                "X02",
                may_refuse="True",
            )
            resynchronization_ends = success(
                staying(
                    protected,
                    failover_failed,
                    reverse_protected,
                    cond=f"resynchronizing and {GOING_ON}",
                    on="end_resynchronizing",
                ),
                "X02",
            )

            # == disable =========================================================================================
            disable_replication = cite(
                from_each(
                    vars(),
                    DISABLED_FROM,
                    disabling_replication,
                    cond=IDLE,
                    before="remember_phase",
                    on="end_resynchronizing",
                ),
                "X12",
                "X21",
                may_refuse="resynchronizing",
            )
            disabling_succeeds = success(
                disabling_replication.to(not_replicated, cond=GOING_ON, on="leave_item"), "X19"
            )

            # == cancel of a job (contract 5) ====================================================================
            cancel_job = (
                cite(stoppable(enabling_replication), "R07", may_refuse="True")
                | cite(stoppable(failing_over), "R31", "R33", may_refuse="True")
                | cite(stoppable(changing_recovery_point), "R37", may_refuse="True")
                | cite(stoppable(committing_failover, committing_failback), "R41", may_refuse="True")
                | cite(stoppable(reprotecting_to_on_premises, reprotecting_to_azure), "R93", may_refuse="True")
                | cite(stoppable(failing_back), "R59", may_refuse="True")
                | cite(stoppable(reverting_failback, cancelling_failback), "R63", may_refuse="True")
                | cite(stoppable(disabling_replication), "X12", may_refuse="True")
                | cite(
                    stoppable(protected, failover_failed, reverse_protected, cond="resynchronizing"),
                    "X02",
                    may_refuse="True",
                )
            )
            job_is_cancelled = cancellation(
                any_of(
                    source.to(target, cond="stopping", on=["stop", *effects])
                    for source, target, effects in (
                        (enabling_replication, not_replicated, ()),
                        (changing_recovery_point, failed_over, ()),
                        (committing_failover, failed_over, ()),
                        (committing_failback, failed_back, ()),
                        (reverting_failback, failback_cancel_failed, ()),
                        (cancelling_failback, failback_cancel_failed, ("leave_machines_open", "forget_phase")),
                        (failing_back, reverting_failback, ("leave_failback_open",)),
                    )
                ),
                "R25") | cancellation(
                failing_over.to(failover_aborted, cond="stopping", on=["stop", "leave_machines_open"]),
                "R33", "R34") | cancellation(
                reprotecting_to_on_premises.to(failover_committed, cond="stopping and committed", on="stop")
                | reprotecting_to_on_premises.to(failed_over, cond="stopping and not committed", on="stop")
                | reprotecting_to_azure.to(failback_committed, cond="stopping and committed", on="stop")
                | reprotecting_to_azure.to(failed_back, cond="stopping and not committed", on="stop"),
                "R25") | cancellation(
                returning(
                    disabling_replication, vars(), DISABLED_FROM, cond="stopping", on=["stop", "forget_phase"]
                ),
                "R25") | cancellation(
                staying(
                    protected, failover_failed, reverse_protected,
                    cond="resynchronizing and stopping", on=("stop", "end_resynchronizing")),
                "R25")  # fmt: skip

        class drills(State.Compound):  # noqa: N801
            no_drill = State(initial=True)
            drill_running = State()
            drill_awaiting_cleanup = State()
            cleaning_up_drill = State()

            test_failover = choosing_a_point((no_drill,), drill_running, "phase == 'protected'", (), "X13", "X21")
            drill_succeeds = success(drill_running.to(drill_awaiting_cleanup, cond=GOING_ON), "X13", "X14")
            drill_fails = failure(drill_running.to(drill_awaiting_cleanup, cond=FAILOVER_FAULT), "X14")
            clean_up_test_failover = cite(drill_awaiting_cleanup.to(cleaning_up_drill), "X14", "X21")
            cleanup_succeeds = success(cleaning_up_drill.to(no_drill, cond=GOING_ON), "X13", "X14")
            cancel_job = cite(stoppable(drill_running, cleaning_up_drill), "X14", may_refuse="True")
            job_is_cancelled = cancellation(
                drill_running.to(drill_awaiting_cleanup, cond="stopping", on="stop")
                | cleaning_up_drill.to(drill_awaiting_cleanup, cond="stopping", on="stop"),
                "X14",
            )
