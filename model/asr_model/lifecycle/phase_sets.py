"""Sets of phases by name, each a question to the facts about the phases (`phases.py`), so that no list restates them.

An expression may use a name after `in` or `not in`: `phase in leaving`, `was_phase not in awaiting_commit`. A set holds
phases in the order of their declaration, those of all profiles unless its name says one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from asr_model.lifecycle.chart import PhaseFacts
from asr_model.lifecycle.phases import CLASSIC, MODERNIZED
from asr_model.vocabulary import Group, Site


def _phases(
    belongs: Callable[[PhaseFacts], bool], among: Mapping[str, PhaseFacts] = MappingProxyType({**MODERNIZED, **CLASSIC})
) -> tuple[str, ...]:
    return tuple(phase for phase, facts in among.items() if belongs(facts))


PHASE_SETS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        # No job runs but that of a drill or a resynchronize job.
        "at_rest": _phases(lambda p: p.steady),
        # A job runs that leaves the phase when it ends.
        "busy": _phases(lambda p: not p.steady),
        # The item is not replicated, or is about to be so.
        "leaving": _phases(lambda p: p.group is Group.LEAVING),
        # Replication to Azure is being set up, or that failed; there is no recovery point to go to.
        "not_yet_protected": _phases(lambda p: p.group is Group.TOWARDS_AZURE and p.before_protection),
        # Replication is enabled, whatever became of it, and no job runs.
        "enabled": _phases(lambda p: p.steady and p.group is not Group.LEAVING),
        # A failover to Azure can start: on-premises serves, and there are recovery points to go to.
        "can_fail_over": _phases(lambda p: p.serving is Site.ON_PREMISES and p.lists_points),
        # From protected on towards Azure: before, in and after a failover, until a reprotect turns the item round.
        "from_protected_on": _phases(lambda p: p.group is Group.TOWARDS_AZURE and not p.before_protection),
        # The same towards on-premises, where the failback is a failover.
        "classic_from_reverse_protected_on": _phases(
            lambda p: p.group is Group.TOWARDS_ON_PREMISES and not p.before_protection, CLASSIC
        ),
        # A failover to Azure has succeeded, committed or not.
        "after_failover": _phases(lambda p: p.group is Group.TOWARDS_AZURE and p.serving is Site.AZURE),
        # A failback has succeeded, committed or not.
        "after_failback": _phases(lambda p: p.group is Group.TOWARDS_ON_PREMISES and p.serving is Site.ON_PREMISES),
        # A failover or a failback has succeeded, and commit has not made it final yet.
        "awaiting_commit": _phases(lambda p: p.awaits_commit),
    }
)
"""Every set by its name."""
