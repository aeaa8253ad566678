"""What the transitions of a lifecycle name: surroundings in guards, effects, and why an operation is refused.

The profiles share them; the transitions are in `parts`.
"""

from __future__ import annotations

from asr_model.lifecycle.chart import Refusal, Surrounding
from asr_model.vocabulary import Fault

SURROUNDINGS = (
    Surrounding("shutdown_faulty", "the source cannot be shut down", (Fault.SOURCE_SHUTDOWN_FAILS,)),
    Surrounding("failover_faulty", "a task of the failover fails", (Fault.FAILOVER_FAILS,)),
    Surrounding(
        "impaired",
        "appliance, agent, machine, network or datastore do not work as required (contract 7)",
        (
            Fault.APPLIANCE_UNHEALTHY,
            Fault.REPLICATION_UNHEALTHY,
            Fault.AZURE_VM_OFF,
            Fault.MOBILITY_AGENT_STOPPED,
            Fault.SERVICE_URLS_BLOCKED,
            Fault.DATASTORE_UNREACHABLE,
        ),
    ),
    Surrounding(
        "datastore_hidden",
        "the appliance cannot see the datastore (configuration `datastore_visible`, or the one that is named)",
    ),
    Surrounding("appliance_unknown", "the appliance or the cache storage account that is named does not exist"),
)

FAILBACK_FAULTY = Surrounding(
    "planned_failover_faulty", "a task of the failback fails", (Fault.PLANNED_FAILOVER_FAILS,)
)

FAULTS_OF_PLANNED_FAILOVER = (
    FAILBACK_FAULTY,
    Surrounding("cancel_faulty", "a task of the cancel fails", (Fault.CANCEL_FAILS,)),
)

AGENT_REGISTERING = Surrounding(
    "agent_registering",
    "a failover ended less than 15 minutes ago: the agent may still be registering (facts 1.1, 4)",
    passes=True,
)

IN_A_GROUP = Surrounding(
    "in_a_group", "the machine is a member of a multi-VM group (configuration `multi_vm_group`; facts 4, REPROT-C)"
)

#: Effects by name: each assigns literals, or the values that other names had before the step.
EFFECTS = {
    "start_new_life": {"on_premises": "'on'", "azure": "'absent'", "points": "'none'"},
    "leave_item": {
        "azure": "'unspecified'",
        "on_premises": "'unspecified'",
        "points": "'none'",
        "before": "'nothing'",
        "failback_failed": "False",
    },
    "gain_crash_point": {"points": "'crash'"},
    "gain_app_point": {"points": "'app'"},
    "lose_app_points": {"points": "'crash'"},
    "delete_points": {"points": "'none'"},
    "plan_shutdown": {"shutdown_pending": "shut_down_source"},
    "shut_down_source_machine": {"shutdown_pending": "False", "on_premises": "'off'"},
    "go_on_without_shutdown": {"shutdown_pending": "False"},
    "end_shutdown": {"shutdown_pending": "False"},
    "leave_azure_open": {"azure": "'unspecified'"},
    "start_azure_vm": {"azure": "'on'"},
    "leave_source_open": {"on_premises": "'unspecified'"},
    "leave_machines_open": {"on_premises": "'unspecified'", "azure": "'unspecified'"},
    "leave_failback_open": {"on_premises": "'unspecified'", "azure": "'unspecified'", "fresh_point": "'not_needed'"},
    "pass_commit": {"committed": "True"},
    "end_reprotect": {"committed": "False"},
    "turn_on_premises_off": {"on_premises": "'off'"},
    "need_fresh_point": {"fresh_point": "'needed'"},
    "make_fresh_point": {"fresh_point": "'made'"},
    "forget_fresh_point": {"fresh_point": "'not_needed'"},
    "shut_down_azure_vm": {"azure": "'off'"},
    "start_on_premises_vm": {"on_premises": "'on'"},
    "restore_azure": {"on_premises": "'off'", "azure": "'on'"},
    "restore_failback": {"on_premises": "'on'", "azure": "'off'"},
    "remove_azure_vm": {"azure": "'absent'"},
    "remember_phase": {"before": "phase"},
    "forget_phase": {"before": "'nothing'"},
    "ask_to_stop": {"stopping": "True"},
    "stop": {"stopping": "False", "shutdown_pending": "False", "committed": "False"},
    "begin_resynchronizing": {"resynchronizing": "True"},
    "end_resynchronizing": {"resynchronizing": "False", "stopping": "False"},
    "remember_failed_failback": {"failback_failed": "True"},
    "forget_failed_failback": {"failback_failed": "False"},
}

#: The first refusal that holds names the rule. Where none holds, the rule is X02: what is not listed is refused.
REFUSALS = (
    Refusal("cancel_failover", "phase in from_protected_on", ("R76", "R77")),
    Refusal("change_recovery_point", "phase == 'failover_committed'", ("R38", "X03")),
    Refusal("commit", "phase == 'failover_committed'", ("R41", "X03")),
    *(
        Refusal(operation, "phase == 'failover_failed'", ("X18",))
        for operation in ("commit", "change_recovery_point", "reprotect")
    ),
    *(
        Refusal(operation, "phase == 'failover_aborted'", ("R34",))
        for operation in ("enable_replication", "fail_over", "reprotect", "resynchronize")
    ),
    Refusal("fail_over", "phase == 'not_replicated' or phase in not_yet_protected", ("R07",)),
    Refusal(
        "reprotect", "(phase in after_failover or phase in after_failback) and appliance_unknown", ("R87",)
    ),  # contract, sites
    Refusal("reprotect", "phase in after_failover and datastore_hidden", ("R88",)),
    Refusal("test_failover", "drill == 'drill_awaiting_cleanup'", ("X15",)),
    Refusal("fail_over", "drill == 'drill_awaiting_cleanup'", ("X15",)),
    Refusal("disable_replication", "drill == 'drill_awaiting_cleanup'", ("X15", "X12")),
    Refusal("clean_up_test_failover", "drill == 'no_drill'", ("X14",)),
    Refusal("cancel_job", "job == 'ended'", ("R25",)),
    *(
        Refusal(operation, f"phase in can_fail_over and ({when})", ("R16", rule))
        for operation in ("fail_over", "test_failover")
        for when, rule in (
            ("recovery_point == 'latest_processed' and points == 'none'", "R19"),
            ("recovery_point == 'latest_app_consistent' and points != 'app'", "R21"),
            ("recovery_point == 'listed' and points == 'none' or recovery_point == 'unknown'", "R22"),
        )
    ),
    Refusal("change_recovery_point", "recovery_point == 'unknown'", ("R37",)),
    Refusal("enable_replication", "phase in enabled", ("X02",), or_without_effect=True),  # contract 1, F17
    Refusal("resynchronize", "resynchronizing", ("X02",), or_without_effect=True),  # contract 2
)

REFUSALS_OF_PLANNED_FAILOVER = (
    Refusal("cancel_failover", "phase == 'failback_committed'", ("X17",)),
    Refusal("change_recovery_point", "phase in after_failback", ("X04",)),
    Refusal("planned_failover", "phase == 'failed_back'", ("R94", "X04")),
    Refusal("planned_failover", "phase != 'reverse_protected' and phase != 'failing_back'", ("R94",)),
)

REFUSALS_OF_FAILBACK_BY_FAILOVER = (
    Refusal(
        "cancel_failover", "phase in classic_from_reverse_protected_on or phase == 'reprotecting_to_azure'", ("R75",)
    ),
    Refusal("fail_over", "phase == 'failover_committed' or phase == 'reverse_initial_replication'", ("R94",)),
)
