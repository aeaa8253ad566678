"""The item as a whole: its drill, its end, what hinders reprotect."""

from __future__ import annotations

from asr_properties.specification.declared.listed_operations import Row
from asr_properties.specification.declared.phrases import ACCEPTED, accepted
from asr_properties.specification.of_profile import CLASSIC, MODERNIZED, only
from asr_properties.specification.patterns import Absence, Scope, Universality
from asr_properties.specification.rule import LIVE_ONLY

FAILOVER_MAY_FAIL = "'failover_faulty' in surroundings or 'impaired' in surroundings"
SHUTDOWN_HINDERED = "'shutdown_faulty' in surroundings or 'impaired' in surroundings"
SOMETHING_WRONG = (
    "'impaired' in surroundings or 'datastore_hidden' in surroundings or 'appliance_unknown' in surroundings"
)


def one_machine_at_most(*open_from: str) -> Absence:
    """At most one machine serves, from when both are known until one of these holds; then it is open."""
    until = ("phase in leaving or phase in ('initial_replication', 'protected')", *open_from)
    return Absence(
        name="one_machine_at_most",
        requirements=("X10",),
        says="once the source was shut down or reprotected, at most one production machine is on",
        scope=Scope(
            after="on_premises == 'off' and azure == 'on' and phase not in ('failing_back', 'failed_back')",
            until=" or ".join(until),
        ),
        never="on_premises == 'on' and azure == 'on'",
    )


def listed_operations_are_accepted(unless: str) -> Absence:
    """What is listed after a failover, in either direction, is accepted."""
    return Absence(
        name="listed_operations_are_accepted",
        requirements=("X21",),
        says="a listed operation whose arguments fit is accepted when nothing is wrong",
        never=(
            "response == 'refused' and event in was_allowed "
            "and event in ('commit', 'reprotect', 'disable_replication') "
            "and (was_phase in after_failover or was_phase in after_failback) "
            f"and not ({unless})"
        ),
        exercised="event in ('commit', 'reprotect', 'disable_replication') and event in was_allowed",
    )


ITEM = (
    *only(MODERNIZED, one_machine_at_most(), listed_operations_are_accepted(SOMETHING_WRONG)),
    *only(
        CLASSIC,
        # A failback that was not asked to shut its source down, or could not, may leave the machine in Azure on until
        # the commit. Whether reprotect needs that commit is not known either.
        one_machine_at_most(
            f"{accepted('fail_over')} and was_phase == 'reverse_protected' and not shut_down_source",
            f"(phase == 'failing_back' or was_phase == 'failing_back') and ({SHUTDOWN_HINDERED})",
        ),
        listed_operations_are_accepted(
            f"{SOMETHING_WRONG} or event == 'reprotect' "
            "and (was_phase in awaiting_commit or 'agent_registering' in surroundings or 'in_a_group' in surroundings)"
        ),
    ),
    Row(
        name="waiting_drill_lists_only_cleanup",
        requirements=("X14", "X15"),
        says="while a drill awaits its cleanup, only the cleanup is listed",
        where="drill == 'drill_awaiting_cleanup'",
        always="allowed == {'clean_up_test_failover'}",
        phase="protected",
        drill="drill_awaiting_cleanup",
        certain=frozenset({"clean_up_test_failover"}),
    ),
    Absence(
        name="waiting_drill_accepts_only_cleanup",
        requirements=("X15",),
        says="while a drill awaits its cleanup, no operation but the cleanup is accepted",
        never=(
            f"was_drill == 'drill_awaiting_cleanup' and {ACCEPTED} "
            "and event not in ('clean_up_test_failover', 'cancel_job')"
        ),
        exercised="was_drill == 'drill_awaiting_cleanup' and event not in ('clean_up_test_failover', 'wait', 'write')",
    ),
    Universality(
        name="drill_leaves_the_item_alone",
        requirements=("X13",),
        says="while there is a drill the item stays protected, replicating, on-premises",
        where="drill != 'no_drill'",
        always="phase == 'protected' and replicating == 'to_azure' and serving == 'on_premises'",
    ),
    Absence(
        name="drill_ends_only_by_cleanup",
        requirements=("X14",),
        says="a drill that did not fail ends only by its cleanup",
        never="was_drill in ('drill_running', 'drill_awaiting_cleanup') and drill == 'no_drill' and event != 'observe' "
        f"and not ({accepted('clean_up_test_failover')}) "  # its job may take no time
        f"and not (was_drill == 'drill_running' and ({FAILOVER_MAY_FAIL}))",
        exercised="was_drill in ('drill_running', 'drill_awaiting_cleanup')",
    ),
    Absence(
        name="protected_item_is_shown",
        requirements=("R10",),
        says="an item that was enabled and has recovery points is shown until replication is disabled",
        scope=Scope(after=accepted("enable_replication"), until=accepted("disable_replication")),
        never="phase == 'not_replicated' and points in ('crash', 'app')",
        exercised="points in ('crash', 'app')",
        evidence=LIVE_ONLY,
    ),
    Absence(
        name="disable_leaves_nothing",
        requirements=("X19",),
        says="after disabling, no points are left and nothing comes back until replication is enabled",
        scope=Scope(
            after=(
                f"phase == 'not_replicated' and (was_phase == 'disabling_replication' "
                f"or {accepted('disable_replication')})"
            ),
            until=accepted("enable_replication"),
        ),
        never="points in ('crash', 'app') or phase != 'not_replicated'",
    ),
    Absence(
        name="hidden_datastore_prevents_reprotect",
        requirements=("R88",),
        says="reprotect to on-premises is refused when the appliance can't see the datastore",
        never=f"{accepted('reprotect')} and was_phase in after_failover and 'datastore_hidden' in surroundings",
        exercised="event == 'reprotect' and was_phase in after_failover and 'datastore_hidden' in surroundings",
    ),
)
