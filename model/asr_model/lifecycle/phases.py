"""What is known about each phase and drill state (facts 1.1). Classic differs in names and evidence only (facts 4)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from types import MappingProxyType

from asr_model.lifecycle.chart import DrillFacts, PhaseFacts
from asr_model.requirements.requirement import Grade
from asr_model.vocabulary import Direction, Group, Site

_forward = partial(PhaseFacts, group=Group.TOWARDS_AZURE, instance="InMageRcm", evidence=Grade.OBSERVED)
_reverse = partial(PhaseFacts, group=Group.TOWARDS_ON_PREMISES, instance="InMageRcmFailback", evidence=Grade.OBSERVED)
_at_rest = partial(_forward, steady=True, machines_specified=True)
_at_rest_reverse = partial(_reverse, steady=True, machines_specified=True)
_on_premises_to_azure = partial(_at_rest, serving=Site.ON_PREMISES, replicating=Direction.TO_AZURE)
_azure_alone = partial(_at_rest, serving=Site.AZURE, replicating=Direction.NONE, lists_points=True)
_azure_to_on_premises = partial(_at_rest_reverse, serving=Site.AZURE, replicating=Direction.TO_ON_PREMISES)
_on_premises_alone = partial(_at_rest_reverse, serving=Site.ON_PREMISES, replicating=Direction.NONE)

MODERNIZED: Mapping[str, PhaseFacts] = MappingProxyType(
    {
        "not_replicated": PhaseFacts(
            group=Group.LEAVING, evidence=Grade.INFERRED, steady=True, lists_points=True, replicating=Direction.NONE
        ),
        "enabling_replication": _forward(before_protection=True, settles_within=24),
        "enabling_failed": _at_rest(
            before_protection=True, serving=Site.ON_PREMISES, replicating=Direction.NONE, token="EnablingFailed"
        ),
        "initial_replication": _on_premises_to_azure(
            before_protection=True, settles_within=24, token="InitialReplicationInProgress"
        ),
        "awaiting_first_recovery_point": _on_premises_to_azure(
            before_protection=True, settles_within=24, token="InitialReplicationRecoveryCompletionPending"
        ),
        "protected": _on_premises_to_azure(lists_points=True, token="Protected"),
        "failing_over": _forward(replicating=Direction.NONE, settles_within=24),
        "failover_failed": _at_rest(
            serving=Site.ON_PREMISES,
            lists_points=True,
            token="UnplannedFailoverCompletionFailed",
            evidence=Grade.INFERRED,
        ),
        "failover_aborted": _forward(
            steady=True, serving=Site.ON_PREMISES, replicating=Direction.NONE, evidence=Grade.DOCUMENTED
        ),
        "failed_over": _azure_alone(awaits_commit=True, token="UnplannedFailoverCommitPendingStatesBegin"),
        "changing_recovery_point": _forward(settles_within=24, evidence=Grade.CONTRACT),
        "committing_failover": _forward(settles_within=24),
        "failover_committed": _azure_alone(token="UnplannedFailoverCommitted"),
        "reprotecting_to_on_premises": _reverse(before_protection=True, settles_within=24, instance=None),
        "reverse_initial_replication": _azure_to_on_premises(
            before_protection=True, settles_within=24, token="InitialReplicationInProgress"
        ),
        "reverse_protected": _azure_to_on_premises(token="Protected"),
        "failing_back": _reverse(settles_within=24),
        "reverting_failback": _reverse(settles_within=28, settles_once_seen=4, evidence=Grade.DOCUMENTED),
        "failback_cancel_failed": _reverse(steady=True, replicating=Direction.NONE, evidence=Grade.DOCUMENTED),
        "failed_back": _on_premises_alone(awaits_commit=True, token="CommitPendingStatesBegin"),
        "cancelling_failback": _reverse(settles_within=24),
        "committing_failback": _reverse(settles_within=24, evidence=Grade.INFERRED),
        "failback_committed": _on_premises_alone(evidence=Grade.INFERRED),
        "reprotecting_to_azure": _reverse(before_protection=True, settles_within=24, instance=None),
        "disabling_replication": PhaseFacts(group=Group.LEAVING, evidence=Grade.OBSERVED, settles_within=24),
    }
)

_ONLY_MODERNIZED = ("reverting_failback", "failback_cancel_failed", "cancelling_failback")
_CLASSIC_INSTANCES = {"InMageRcm": "InMageAzureV2", "InMageRcmFailback": "InMage", None: None}
#: Observed `protectionState`s: facts F4, F5, F12, F18 and the recording V2ATestReprotect of Azure PowerShell.
_CLASSIC_TOKENS: Mapping[str, tuple[str, ...]] = {
    "enabling_failed": ("EnablingFailed",),
    "initial_replication": ("InitialReplicationInProgress",),
    "protected": ("Protected",),
    "failover_failed": ("UnplannedFailoverCompletionFailed",),
    "failed_over": ("UnplannedFailoverCommitPendingStatesBegin",),
    "failover_committed": ("UnplannedFailoverCommitted", "UnplannedFailoverStatesBegin"),  # of 2021, and of 2017
    "reverse_initial_replication": ("InitialReplicationInProgress",),
    "reverse_protected": ("Protected",),
}
_CARRIED_OVER = ("not_replicated", "awaiting_first_recovery_point", "changing_recovery_point")


def _classic_evidence(phase: str) -> Grade:
    if phase in _CLASSIC_TOKENS:
        return Grade.OBSERVED
    return Grade.INFERRED if phase in _CARRIED_OVER else Grade.DOCUMENTED


CLASSIC: Mapping[str, PhaseFacts] = MappingProxyType(
    {
        phase: replace(
            facts,
            instance=_CLASSIC_INSTANCES[facts.instance],
            token=next(iter(_CLASSIC_TOKENS.get(phase, ())), None),
            other_tokens=_CLASSIC_TOKENS.get(phase, ())[1:],
            evidence=_classic_evidence(phase),
        )
        for phase, facts in MODERNIZED.items()
        if phase not in _ONLY_MODERNIZED
    }
)

DRILLS = MappingProxyType(
    {
        "no_drill": DrillFacts(),
        "drill_running": DrillFacts(settles_within=24),
        "drill_awaiting_cleanup": DrillFacts(),
        "cleaning_up_drill": DrillFacts(settles_within=24),
    }
)
