"""What the machines hold: which recovery point was used, what came over, what came back. And the order of tasks."""

from __future__ import annotations

from asr_properties.specification.declared.phrases import (
    ACCEPTED,
    CANCELLED,
    FAILED_BACK,
    FAILED_OVER,
    RESTORED,
    UNIMPAIRED,
    accepted,
)
from asr_properties.specification.of_profile import CLASSIC, MODERNIZED, only
from asr_properties.specification.patterns import Absence, Scope, Universality
from asr_properties.specification.remembered import Remembered
from asr_properties.specification.rule import LIVE_ONLY, OBSERVED


def failover_with(option: str) -> Scope:
    """From an accepted failover with this recovery-point option to its end."""
    return Scope(
        after=f"{accepted('fail_over')} and recovery_point == {option!r}",
        until=(
            "phase != 'failing_over' and was_phase != 'failing_over' and event != 'fail_over' "
            f"or {accepted('fail_over')} and recovery_point != {option!r}"
        ),
    )


def shutdown_comes_before_failover(where: str) -> Universality:
    """The tasks of a failover to Azure; `where` tells that one has ended."""
    return Universality(
        name="shutdown_comes_before_failover",
        requirements=("R23",),
        by_label=True,
        says="the tasks of a failover to Azure are in order: the source's shutdown, then the failover",
        where=where,
        always="tasks_in_order == True",
        evidence=OBSERVED,
    )


DATA = (
    Remembered(
        name="latest_brings_all_received",
        requirements=("R18", "R17"),
        says="a failover to the latest point brings over all that was received when it was triggered",
        scope=failover_with("latest"),
        where=f"({FAILED_OVER}) and received_newest <= on_premises_newest and received_in_this_life == True",
        compare=(("azure_newest", ">=", "was_received_newest"),),
        evidence=LIVE_ONLY,
    ),
    Remembered(
        name="latest_processed_uses_the_newest_point",
        requirements=("R19", "R20"),
        beside=frozenset({"R20"}),
        by_label=True,
        says="a failover to the latest processed point uses the newest listed one",
        scope=failover_with("latest_processed"),
        where=FAILED_OVER,
        compare=(("in_use_id", "==", "was_listed_newest_id"),),
        evidence=LIVE_ONLY,
    ),
    Remembered(
        name="latest_app_consistent_uses_that_point",
        requirements=("R21",),
        by_label=True,
        says="a failover to the latest app-consistent point uses the newest such one",
        scope=failover_with("latest_app_consistent"),
        where=FAILED_OVER,
        compare=(("in_use_id", "==", "was_app_newest_id"),),
        evidence=LIVE_ONLY,
    ),
    Remembered(
        name="cancel_keeps_the_data_of_azure",
        profiles=MODERNIZED,
        requirements=("R66", "R68"),
        says="after a cancel the machine in Azure has all it had before the planned failover",
        scope=Scope(
            after=accepted("planned_failover"),
            until="was_phase == 'reverse_protected' and phase == 'reverse_protected' or event == 'disable_replication'",
        ),
        where=CANCELLED,
        compare=(("azure_newest", ">=", "was_azure_newest"),),
        evidence=LIVE_ONLY,
    ),
    Universality(
        name="cancel_discards_what_on_premises_wrote",
        profiles=MODERNIZED,
        requirements=("R68", "R69"),
        says="after a cancel the on-premises disks hold nothing that was written there since the planned failover",
        scope=Scope(
            after=FAILED_BACK,
            until=(
                "was_phase == 'reverse_protected' and phase != 'failed_back' "
                f"or event in ('reprotect', 'commit') and {ACCEPTED}"
            ),
        ),
        where=RESTORED,
        always="azure_newest >= on_premises_newest",
        evidence=LIVE_ONLY,
    ),
    *only(MODERNIZED, shutdown_comes_before_failover("ended_operation == 'fail_over'")),
    *only(
        CLASSIC,
        shutdown_comes_before_failover(
            "ended_operation == 'fail_over' and phase not in classic_from_reverse_protected_on"
        ),
    ),
    Universality(
        name="planned_failover_does_its_tasks_in_order",
        profiles=MODERNIZED,
        requirements=("R50", "R49"),
        by_label=True,
        says="the tasks of a planned failover are in order: Azure is shut down, then on-premises is started",
        where="ended_operation == 'planned_failover'",
        always="tasks_in_order == True",
        evidence=OBSERVED,
    ),
    Universality(
        name="cancel_does_its_tasks_in_order",
        profiles=MODERNIZED,
        requirements=("R71",),
        by_label=True,
        says="the tasks of a cancel are in order: on-premises is reverted, replication resumes, Azure is started",
        where="ended_operation == 'cancel_failover'",
        always="tasks_in_order == True",
        evidence=OBSERVED,
    ),
    Remembered(
        name="item_keeps_its_id",
        requirements=("X01",),
        says="the item keeps its id from enable to disable",
        scope=Scope(
            after="phase != was_phase and was_phase in ('not_replicated', 'enabling_replication')",
            until=f"phase in ('not_replicated', 'enabling_replication') or {accepted('disable_replication')}",
        ),
        where="True",
        compare=(("item_id", "==", "item_id"),),
        evidence=LIVE_ONLY,
    ),
    Remembered(
        name="disable_leaves_the_machines",
        requirements=("X19",),
        says="disabling replication leaves both production machines as they were, on, off or absent",
        scope=Scope(
            after=f"{accepted('disable_replication')} and {UNIMPAIRED}",
            until=f"phase not in leaving or {accepted('enable_replication')}",
        ),
        where=f"phase == 'not_replicated' and {UNIMPAIRED}",
        compare=(("on_premises", "==", "was_on_premises"), ("azure", "==", "was_azure")),
        evidence=LIVE_ONLY,
    ),
    Absence(
        name="points_are_made_at_their_interval",
        requirements=("X20",),
        says="a protected item with nothing wrong gets a new recovery point within a day",
        never=(  # an interval may be long; `points_are_made_in_time` knows it
            "event == 'wait' and seconds >= 86400 and was_phase == 'protected' and phase == 'protected' "
            "and not surroundings and listed_newest_id == was_listed_newest_id"
        ),
        exercised="event == 'wait' and seconds >= 86400 and was_phase == 'protected' and listed_newest_id != 'none'",
        evidence=LIVE_ONLY,
    ),
    Universality(
        name="new_item_forgets_all",
        requirements=("X22",),
        says="a new item is not replicated and has no recovery points",
        where="event == 'new_item'",
        always="phase == 'not_replicated' and points == 'none'",
        evidence=LIVE_ONLY,
    ),
    Universality(
        name="new_item_is_a_fresh_machine",
        requirements=("X22",),
        says="a new item is on and active on-premises, with nothing written, and there is no machine in Azure",
        where="event == 'new_item'",
        always="on_premises == 'on' and azure == 'absent' and on_premises_newest == 0",
        evidence=LIVE_ONLY,
    ),
    Universality(
        name="lists_are_newest_first",
        requirements=("X22",),
        says="recovery points are listed newest first",
        where="points in ('crash', 'app')",
        always="newest_first == True",
        evidence=LIVE_ONLY,
    ),
)
