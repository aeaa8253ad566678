"""What of the model a run has covered."""

from __future__ import annotations

from dataclasses import dataclass, field

from asr_model.lts import Lts
from asr_model.stepper import Stepper
from asr_model.vocabulary import Operation


@dataclass
class Coverage:
    """What was certainly reached: phases, states, declared transitions, and (phase, operation) pairs tried."""

    phases: set[str] = field(default_factory=set)
    states: set[object] = field(default_factory=set)
    transitions: set[str] = field(default_factory=set)
    pairs: set[tuple[str, str]] = field(default_factory=set)


@dataclass(frozen=True)
class Coverable:
    """What there is to cover in a model."""

    phases: frozenset[str]
    states: int
    transitions: frozenset[str]
    pairs: frozenset[tuple[str, str]]

    @classmethod
    def of(cls, lts: Lts) -> Coverable:
        """Everything reachable in `lts`."""
        phases = frozenset(state.phase for state in lts.states)
        return cls(
            phases=phases,
            states=len(lts.states),
            transitions=frozenset(edge.transition.id for edge in lts.edges if edge.transition is not None),
            pairs=frozenset((phase, str(operation)) for phase in phases for operation in Operation),
        )


def citing(stepper: Stepper, transitions: set[str]) -> dict[str, int]:
    """How many of `transitions` cite each requirement."""
    counts: dict[str, int] = {}
    for transition in stepper.efsm.transitions:
        if transition.id in transitions:
            for identifier in transition.requirements:
                counts[identifier] = counts.get(identifier, 0) + 1
    return counts
