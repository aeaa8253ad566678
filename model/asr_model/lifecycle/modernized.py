"""The modernized lifecycle (InMageRcm / InMageRcmFailback).

Read its parts beside the facts: the state table (1.1), the operations (2) and the ambiguities (8). `may_refuse` marks
where they leave acceptance open. An operation without a transition is refused; a happening without one does not happen.
"""

from __future__ import annotations

from asr_model.lifecycle import terms
from asr_model.lifecycle.chart import Lifecycle, replicated_item
from asr_model.lifecycle.parts.committing import committing_the_failback, committing_the_failover
from asr_model.lifecycle.parts.disabling import disabling
from asr_model.lifecycle.parts.drill import drill
from asr_model.lifecycle.parts.enabling import enabling
from asr_model.lifecycle.parts.failover_to_azure import changing_the_recovery_point, failover_to_azure
from asr_model.lifecycle.parts.planned_failover import cancelling_the_planned_failover, planned_failover
from asr_model.lifecycle.parts.recovery_points import recovery_points
from asr_model.lifecycle.parts.reprotecting import reprotecting
from asr_model.lifecycle.parts.resynchronizing import resynchronizing
from asr_model.lifecycle.phases import DRILLS, MODERNIZED

PARTS = (
    enabling,
    recovery_points,
    failover_to_azure,
    changing_the_recovery_point,
    committing_the_failover,
    reprotecting(),
    planned_failover,
    cancelling_the_planned_failover,
    committing_the_failback,
    resynchronizing,
    disabling,
)
"""What the lifecycle is put together from; the drill goes on in parallel."""


class Modernized(Lifecycle):
    """One replicated item of the modernized stack: its lifecycle and, in parallel, its drill."""

    profile = "modernized"
    phases = MODERNIZED
    drill_states = DRILLS
    surroundings = (*terms.SURROUNDINGS, *terms.FAULTS_OF_PLANNED_FAILOVER)
    effects = terms.EFFECTS
    refusals = (*terms.REFUSALS, *terms.REFUSALS_OF_PLANNED_FAILOVER)

    item = replicated_item(MODERNIZED, DRILLS, lifecycle=PARTS, drills=(drill,))
