"""What the model allows and an implementation never showed, and why."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from asr_model.efsm import Transition
from asr_model.lts import Lts
from asr_properties.refinement.refinement import Comparison

OF_THE_REFERENCE: tuple[tuple[str, str], ...] = (
    (
        r"recovery_points_pruned: protected -> .*|crash_consistent_point_created: protected -> .*",
        "while it replicates it makes points sooner than this retention lets them go",
    ),
    (
        r"(app|crash)_consistent_point_created: failover_failed -> .*",
        "it does not replicate after a failed failover, and so makes no points",
    ),
)
"""Why the reference never takes some transitions: a regular expression for the whole id of one, and the reason. It may
be narrower than the model, as any implementation may."""


class NeverShown(NamedTuple):
    """A transition that was never taken for certain, and why."""

    transition: Transition
    why: str


NOT_REACHED = "no state that it leaves was reached within the bound"
PERHAPS = "what was seen can be explained with it and without it"
NEVER = "it was never taken within the bound, although states that it leaves were reached"


def never_shown(found: Comparison, lts: Lts, declared: Callable[[str], str | None]) -> Iterator[NeverShown]:
    """Each transition of the model that was not taken for certain. declared: gives the reason of an id, if there is
    one."""
    leaves: dict[str, set[int]] = {}
    for edge in lts.edges:
        if edge.transition is not None:
            leaves.setdefault(edge.transition.id, set()).add(edge.source)
    for transition in lts.stepper.efsm.transitions:
        if transition.id in found.shown:
            continue
        sources = {lts.states[source] for source in leaves.get(transition.id, ())}
        if transition.id in found.possible:
            yield NeverShown(transition, PERHAPS)
        else:
            reached = NEVER if sources & found.left else NOT_REACHED
            yield NeverShown(transition, declared(transition.id) or reached)


def reason_of_the_reference(identifier: str) -> str | None:
    """Why the reference never takes a transition, where that is declared."""
    return next((why for pattern, why in OF_THE_REFERENCE if re.fullmatch(pattern, identifier)), None)


def edges_of(lts: Lts) -> int:
    """How many steps the model has from one state to another by one transition."""
    return len({(edge.source, edge.transition.id, edge.target) for edge in lts.edges if edge.transition is not None})
