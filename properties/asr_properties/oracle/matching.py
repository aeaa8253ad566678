"""Whether a model state agrees with an observation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from operator import attrgetter

from asr_model.efsm import Efsm
from asr_model.listed_operations import LISTABLE, Listed, listed
from asr_model.state import State
from asr_model.stepper import Stepper
from asr_model.vocabulary import Operation
from asr_properties.evidence.observation import NOT_REPLICATED, Observation
from asr_properties.evidence.unknown import UNKNOWN

AWAITING_CLEANUP = "drill_awaiting_cleanup"

_REPROTECT_MAY_BE_MISSING = frozenset({"in_a_group", "agent_registering"})
"""Surroundings in which Classic may refuse reprotect, and then need not list it (contract 15)."""


#: The requirement behind each field but the phase, where no transition or property names a better one.
FIELD_RULES: Mapping[str, tuple[str, ...]] = {
    "drill": ("X14", "X13"),
    "active_site": ("X10",),
    "replicating": ("R32",),
    "allowed_operations": ("X02",),
    "allowed_operations, whatever the health": ("X11",),
    "recovery_points": ("X20",),
    "on_premises machine": ("X10",),
    "azure machine": ("X10",),
    "profile_instance": ("X01",),
    "current_job": ("R25",),
}


class Matcher:
    """Compares states with observations, field by field, under the contract's rules of what is judged and what is free.

    drills_exclude: whether a drill that awaits its cleanup excludes every other operation (A12, X15). offered: the
    operations that the adapter offers; the item may list the others or not, for what can't be asked for is not judged.
    """

    def __init__(
        self, stepper: Stepper, *, drills_exclude: bool = True, offered: Set[str] = frozenset(LISTABLE)
    ) -> None:
        self._drills_exclude = drills_exclude
        self._offered = offered
        self._stepper = stepper
        self._efsm: Efsm = stepper.efsm
        self._listed: dict[State, Listed] = {}
        self._whatever = frozenset(surroundings.name for surroundings in stepper.efsm.surroundings)

    def agrees(self, state: State, seen: Observation, surroundings: Set[str] | None) -> bool:
        """Whether nothing that was seen contradicts `state`."""
        return next(self.differences(state, seen, surroundings), None) is None

    def differences(
        self, state: State, seen: Observation, surroundings: Set[str] | None
    ) -> Iterator[tuple[str, str, str]]:
        """Each field that contradicts `state`: its name, what the state allows, what was seen.

        surroundings: None where nothing is known of them.
        """
        facts = self._efsm.phases[state.phase]
        if seen.phase is not UNKNOWN and seen.phase != state.phase:
            yield "phase", state.phase, seen.phase
        if seen.drill is not UNKNOWN and seen.drill != state.drill:
            yield "drill", state.drill, seen.drill
        replicating, instance = seen.replicating, seen.instance
        told = facts.replicating is not None and replicating is not UNKNOWN
        if told and replicating != facts.replicating and not state.failback_failed:  # then it is open (contract 15)
            yield "replicating", str(facts.replicating), replicating
        if instance is not UNKNOWN and facts.instance is not None and instance != facts.instance:
            yield "profile_instance", facts.instance, instance
        if not facts.steady:
            if seen.allowed is not UNKNOWN and seen.allowed:
                yield "allowed_operations", "nothing", _words(seen.allowed)
            return
        busy = state.drill in ("drill_running", "cleaning_up_drill") or state.resynchronizing
        if facts.serving is not None and not busy and seen.serving is not UNKNOWN and seen.serving != facts.serving:
            yield "active_site", facts.serving, str(seen.serving)
        points = seen.points_in(state.phase)
        if facts.lists_points and points is not UNKNOWN and points != state.points:
            yield "recovery_points", _POINTS[state.points], _POINTS[points]
        if seen.allowed is not UNKNOWN and not state.resynchronizing:
            yield from self._list_differences(state, seen.allowed, surroundings)
        if facts.machines_specified:
            if seen.on_premises is not UNKNOWN and state.on_premises not in ("unspecified", seen.on_premises):
                yield "on_premises machine", state.on_premises, seen.on_premises
            power_told = seen.azure is not UNKNOWN and surroundings is not None and "impaired" not in surroundings
            if power_told and state.azure not in ("unspecified", seen.azure):
                yield "azure machine", state.azure, seen.azure

    def _list_differences(
        self, state: State, allowed: frozenset[str], surroundings: Set[str] | None
    ) -> Iterator[tuple[str, str, str]]:
        expected = self._listed.get(state)
        if expected is None:
            expected = self._listed[state] = listed(self._stepper, state)
        missing = (expected.certain & self._offered) - allowed
        if not self._drills_exclude and state.drill == AWAITING_CLEANUP:
            allowed &= expected.all
        if state.phase == NOT_REPLICATED:
            missing = frozenset()  # a null lists nothing, and a phase is as good
        if surroundings is None:  # what no surroundings make the item refuse can't be missing (contract 2)
            missing &= listed(self._stepper, state, surroundings=self._whatever).certain
            surroundings = frozenset()
        if "impaired" in surroundings:
            missing &= {Operation.FAIL_OVER}  # X11; the rest may be missing (contract 7)
        if not _REPROTECT_MAY_BE_MISSING.isdisjoint(surroundings):
            missing -= {Operation.REPROTECT}
        if Operation.FAIL_OVER in missing and "impaired" in surroundings:
            yield "allowed_operations, whatever the health", str(expected), _words(allowed)
        elif missing or allowed - expected.all:
            yield "allowed_operations", str(expected), _words(allowed)


_POINTS = {"none": "no recovery point", "crash": "crash-consistent points", "app": "app-consistent points"}


def _words(operations: Set[str]) -> str:
    return ", ".join(sorted(operations)) or "nothing"


MATCHED = attrgetter(
    "phase", "drill", "serving", "replicating", "allowed", "points", "other_points", "on_premises", "azure", "instance"
)
"""All that a state is compared with, but for the job that runs."""
