"""What is never asked for on a real service, because nobody there can make a machine anew.

Elsewhere `new_item` gives a fresh machine, whatever became of the one before. On a real service, an item may be given
up while Azure serves, or before its failback is committed. It then leaves machines behind that nobody turns on or
removes. And an item whose failover is cancelled never replicates again.
"""

from __future__ import annotations

from collections.abc import Iterable

from asr_model.efsm import Efsm
from asr_model.vocabulary import Operation, Site
from asr_properties.evidence.actions import Action
from asr_properties.oracle.explanation import Explanation

_FAILING = ("failing_over", "failing_back")


def gives_up(efsm: Efsm, phase: str, operation: str, of: str = "running") -> bool:
    """Whether an operation in a phase may leave machines that nobody can bring back.

    of: which job a `cancel_job` is for, `running` or `ended`.
    """
    match operation:
        case Operation.DISABLE_REPLICATION:
            at_home = efsm.phases[phase].serving is Site.ON_PREMISES and phase != "failed_back"
            return not at_home and phase != "not_replicated"
        case Operation.CANCEL_JOB:
            return of == "running" and phase in _FAILING
    return False


def is_spared(efsm: Efsm, action: Action, explanations: Iterable[Explanation]) -> bool:
    """Whether an action gives up a machine if any of the explanations is true."""
    operation = {"request": action.name, "cancel_job": Operation.CANCEL_JOB}.get(action.kind, "")
    phases = {explanation.state.phase for explanation in explanations}
    return any(gives_up(efsm, phase, operation, action.name) for phase in phases)
