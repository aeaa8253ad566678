"""How much of the model a run has covered, and how much there is to cover."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from asr_model.lts import Edge, Lts
from asr_model.vocabulary import Operation
from asr_properties.session.session import Session

ENTERED_ENOUGH = 6
"""A phase that was entered so often, and in which the item was never seen, is taken to pass in no time."""


@dataclass
class Coverage:
    """The phases, states and transitions that a run reached for certain, and the (phase, operation) pairs it tried.

    times: how often each of the transitions was taken.
    """

    phases: set[str] = field(default_factory=set)
    states: set[object] = field(default_factory=set)
    transitions: set[str] = field(default_factory=set)
    pairs: set[tuple[str, str]] = field(default_factory=set)
    times: Counter[str] = field(default_factory=Counter)

    @classmethod
    def of(cls, session: Session) -> Coverage:
        """What the walks of a session have covered so far."""
        return cls(
            phases={state.phase for state in session.states} | {phase for phase, _ in session.tries.pairs},
            states=set(session.states),
            transitions=set(session.oracle.taken),
            pairs=session.tries.pairs,
            times=Counter(session.oracle.taken),
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


def passing_unseen(session: Session, lts: Lts) -> frozenset[str]:
    """The phases that pass in no time: the item went through each of them more than once, and was never seen in it.

    Nothing can be asked for there.
    """
    entered: dict[str, int] = {}
    for transition in lts.stepper.efsm.transitions:
        if transition.variable == "phase" and transition.source != transition.target:
            taken = session.oracle.taken[transition.id]
            entered[transition.target] = entered.get(transition.target, 0) + taken
    phases = lts.stepper.efsm.phases
    seen = Coverage.of(session).phases
    return frozenset(
        phase
        for phase, times in entered.items()
        if times >= ENTERED_ENOUGH and phase not in seen and not phases[phase].steady
    )


def needs_time_in(edge: Edge, phases: frozenset[str], lts: Lts) -> bool:
    """Whether a step is an operation that can only be asked for while the item stays in one of these phases."""
    return edge.event.is_operation and lts.states[edge.source].phase in phases
