"""What a picture of the lifecycle shows beyond it: how often a run went where, or the way of one walk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from asr_model.efsm import Efsm
from asr_reports.state_graph import Arrow, StateGraph
from asr_reports.walk import Walk

LEAST = (0, 1, 5, 25, 100)
"""From so many times on something is as warm as its place here: 0 is never, 4 is a hundred times or more."""


@dataclass(frozen=True, slots=True)
class Marks:
    """times: how often each transition was taken, by its id, and each node come to, by its name; None where nothing was
    counted. lit: the names of nodes and the ids of arrows that a walk went through."""

    times: Mapping[str, int] | None = None
    lit: frozenset[str] = frozenset()

    def entered(self, node: str) -> int | None:
        """How often a node was come to; None where nothing was counted."""
        return None if self.times is None else self.times.get(node, 0)

    def taken(self, arrow: Arrow) -> int | None:
        """How often what an arrow stands for was taken; None where nothing was counted."""
        return None if self.times is None else sum(self.times.get(one, 0) for one in arrow.transitions)


NO_MARKS = Marks()


def heat(times: int) -> int:
    """How warm something is that happened so often: a place in `LEAST`."""
    return max(level for level, least in enumerate(LEAST) if times >= least)


def times_in_words(times: int) -> str:
    """How often something was gone through."""
    return "never" if times == 0 else f"{times}\N{MULTIPLICATION SIGN}"


def counted(efsm: Efsm, taken: Mapping[str, int]) -> Marks:
    """The marks of a run. taken: how often it took each transition, by its id."""
    return Marks(times={**taken, **entered(efsm, taken)})


def entered(efsm: Efsm, taken: Mapping[str, int]) -> dict[str, int]:
    """How often each phase and drill state was come to."""
    found: dict[str, int] = {}
    for transition in efsm.transitions:
        if transition.source != transition.target:
            found[transition.target] = found.get(transition.target, 0) + taken.get(transition.id, 0)
    return found


def way_of(graph: StateGraph, walk: Walk) -> Marks:
    """The marks of a walk: the phases that it showed or that the model took it to be in, and the arrows between."""
    here = walk.begins
    lit = set() if here is None else {here}
    for step in walk.steps:
        phase = step.agreed or step.phase
        if phase is None or phase == here:
            continue
        lit |= {phase, *(arrow.id for arrow in graph.arrows if (arrow.source, arrow.target) == (here, phase))}
        here = phase
    return Marks(lit=frozenset(lit))
