"""Reprotect, either way, and what holds after a failback, however it was done."""

from __future__ import annotations

from asr_properties.specification.declared.phrases import ACCEPTED
from asr_properties.specification.patterns import Absence, Response, Scope, Universality

FAILBACK = (
    Absence(
        name="failback_does_not_replicate_by_itself",
        requirements=("R86",),
        by_label=True,
        says="after a failback nothing replicates to Azure until reprotect",
        scope=Scope(
            after="phase == 'failed_back'",
            until=f"event in ('reprotect', 'disable_replication', 'cancel_failover') and {ACCEPTED}",
        ),
        never="replicating == 'to_azure'",
    ),
    Response(
        name="reprotect_leads_to_protection",
        requirements=("R86", "R92"),
        says="once reprotected to Azure, the item gets recovery points again",
        trigger="was_phase == 'reprotecting_to_azure' and phase == 'initial_replication'",
        reaction="phase == 'protected' or event == 'disable_replication'",
    ),
    Response(
        name="reprotect_to_on_premises_leads_to_protection",
        requirements=("R93",),
        says="once reprotected to on-premises, the item becomes protected in the reverse direction",
        trigger="was_phase == 'reprotecting_to_on_premises' and phase == 'reverse_initial_replication'",
        reaction="phase == 'reverse_protected' or event == 'disable_replication'",
    ),
    Universality(
        name="reprotect_turns_the_source_off",
        requirements=("X16",),
        says="once reprotected to on-premises, the on-premises machine is off",
        where=(
            "phase == 'reverse_initial_replication' "
            "or phase == 'reverse_protected' and (was_phase == 'reprotecting_to_on_premises' or event == 'reprotect')"
        ),
        always="on_premises == 'off'",
    ),
    Universality(
        name="commit_of_failback_removes_the_azure_machine",
        requirements=("X17",),
        says="committing a failback removes the machine in Azure and the way back",
        where="phase == 'failback_committed'",
        always="azure == 'absent' and 'cancel_failover' not in allowed",
    ),
)
