"""How much of the model a run has covered, and how much there is to cover."""

from __future__ import annotations

from dataclasses import dataclass, field

from asr_model.lts import Lts
from asr_model.vocabulary import Operation
from asr_properties.session.session import Session


@dataclass
class Coverage:
    """The phases, states and transitions that a run reached for certain, and the (phase, operation) pairs it tried."""

    phases: set[str] = field(default_factory=set)
    states: set[object] = field(default_factory=set)
    transitions: set[str] = field(default_factory=set)
    pairs: set[tuple[str, str]] = field(default_factory=set)

    @classmethod
    def of(cls, session: Session) -> Coverage:
        """What the walks of a session have covered so far."""
        return cls(
            phases={state.phase for state in session.states} | {phase for phase, _ in session.tries.pairs},
            states=set(session.states),
            transitions=set(session.oracle.taken),
            pairs=session.tries.pairs,
        )


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
