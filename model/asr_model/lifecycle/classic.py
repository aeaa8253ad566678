"""The classic lifecycle (InMageAzureV2 / InMage), as far as it differs from the modernized one (facts 4, 5.12).

Its failback is a failover in the reverse direction, which can be neither cancelled nor reverted (R75). Whether
reprotect needs a commit first is open, and it may be refused while the agent registers, and to a member of a group.
"""

from __future__ import annotations

from asr_model.lifecycle import terms
from asr_model.lifecycle.chart import Lifecycle, replicated_item
from asr_model.lifecycle.parts.committing import committing_the_failback, committing_the_failover
from asr_model.lifecycle.parts.disabling import disabling
from asr_model.lifecycle.parts.drill import drill
from asr_model.lifecycle.parts.enabling import enabling
from asr_model.lifecycle.parts.failback_by_failover import failback_by_failover
from asr_model.lifecycle.parts.failover_to_azure import changing_the_recovery_point, failover_to_azure
from asr_model.lifecycle.parts.recovery_points import recovery_points
from asr_model.lifecycle.parts.reprotecting import reprotecting
from asr_model.lifecycle.parts.resynchronizing import resynchronizing
from asr_model.lifecycle.phases import CLASSIC, DRILLS


class Classic(Lifecycle):
    """One replicated item of the classic stack: its lifecycle and, in parallel, its drill."""

    profile = "classic"
    phases = CLASSIC
    drill_states = DRILLS
    surroundings = (*terms.SURROUNDINGS, terms.FAILBACK_FAULTY, terms.AGENT_REGISTERING, terms.IN_A_GROUP)
    effects = terms.EFFECTS
    refusals = (*terms.REFUSALS, *terms.REFUSALS_OF_FAILBACK_BY_FAILOVER)

    item = replicated_item(
        CLASSIC,
        DRILLS,
        lifecycle=(
            enabling,
            recovery_points,
            failover_to_azure,
            changing_the_recovery_point,
            committing_the_failover,
            reprotecting(
                uncommitted_to_on_premises="True",  # A3 is about the modernized stack
                to_on_premises="impaired or agent_registering or in_a_group",
                uncommitted_to_azure="True",  # FB-C calls the commit required; so does F2 for a sibling
                to_azure="impaired or datastore_hidden or agent_registering or in_a_group",
            ),
            failback_by_failover,
            committing_the_failback,
            resynchronizing,
            disabling,
        ),
        drills=(drill,),
    )
