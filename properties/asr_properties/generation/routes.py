"""The shortest ways over the model's state graph, as far as the item under test can be led along them."""

from __future__ import annotations

from collections.abc import Collection
from functools import partial

from asr_model.lts import Edge, Lts
from asr_model.state import State
from asr_model.vocabulary import Operation
from asr_properties.evidence.actions import Action
from asr_properties.session.irreplaceable import gives_up
from asr_properties.session.session import Session

_Refused = frozenset[tuple[str, str]]
"""Phases, each with an operation that this item has refused there."""


class Routes:
    """Finds ways from a state of the model to a transition or a phase.

    faults: surrounding -> the faults that bring it about. Surroundings that the suite cannot bring about are left out.
    """

    def __init__(self, session: Session, lts: Lts) -> None:
        self._session = session
        self._lts = lts
        surroundings = lts.stepper.efsm.surroundings
        can_disturb = session.connection.has_faults
        self.faults = {s.name: s.faults for s in surroundings if s.faults and can_disturb}
        self._given = {s.name for s in surroundings} - set(self.faults)
        self._edges: dict[str, list[Edge]] = {}
        for edge in lts.edges:
            if edge.transition is not None and (session.connection.has_clock or self._comes_by_itself(edge)):
                self._edges.setdefault(edge.transition.id, []).append(edge)
        self._ways: dict[tuple[State, str, frozenset[str], _Refused], list[Edge] | None] = {}

    @property
    def transitions(self) -> Collection[str]:
        """The declared transitions that may be reached, by id."""
        return self._edges.keys()

    def edges_of(self, transition: str) -> list[Edge]:
        """The edges on which a transition is taken."""
        return self._edges[transition]

    def to_transition(self, state: State, transition: str) -> list[Edge] | None:
        """The shortest way to take a transition, whose edge is the last one; None if there is no way."""
        refused = self._refused()
        key = (state, transition, self._session.surroundings & self._given, refused)
        if key not in self._ways:
            start = self._lts.number[state]
            last = {edge.source: edge for edge in self._edges[transition] if self.is_usable(edge)}
            way = self._lts.shortest_path(start, last.__contains__, partial(self._leads_on, refused))
            self._ways[key] = None if way is None else [*way, last[way[-1].target if way else start]]
        return self._ways[key]

    def to_phase(self, state: State, phase: str) -> list[Edge] | None:
        """The shortest way to a phase; one that nobody may refuse if there is one. None if there is no way at all."""
        start = self._lts.number[state]

        def is_there(number: int) -> bool:
            return self._lts.states[number].phase == phase

        certain = self._lts.shortest_path(
            start, is_there, lambda edge: self.is_usable(edge) and not self._is_open(edge)
        )
        if certain is not None:
            return certain
        return self._lts.shortest_path(start, is_there, partial(self._leads_on, self._refused()))

    def is_usable(self, edge: Edge) -> bool:
        """Whether the suite can bring a step about and may do so.

        The surroundings that the step needs hold already, or come of faults that can be begun. Where nobody can make a
        machine anew, the step must not give it up.
        """
        if edge.transition is None or not edge.surroundings & self._given <= self._session.surroundings:
            return False
        phase, of = self._lts.states[edge.source].phase, str(dict(edge.event.arguments).get("job"))
        spared = self._session.connection.is_irreplaceable
        return not (spared and gives_up(self._lts.stepper.efsm, phase, edge.event.name, of))

    def _leads_on(self, refused: _Refused, edge: Edge) -> bool:
        """Whether a way can go over a step. What an item may refuse and has refused, it may refuse forever."""
        phase = self._lts.states[edge.source].phase
        return self.is_usable(edge) and not ((phase, edge.event.name) in refused and self._is_open(edge))

    def _is_open(self, edge: Edge) -> bool:
        """Whether an item may refuse the step although the model accepts it."""
        return self._lts.stepper.step(self._lts.states[edge.source], edge.event, edge.surroundings).may_refuse

    def _refused(self) -> _Refused:
        return frozenset(
            (step.shown_phase, _operation(step.action))
            for step in self._session.steps
            if step.answer.startswith("refused") and step.shown_phase is not None
        )

    def _comes_by_itself(self, edge: Edge) -> bool:
        """Whether a step comes without a clock that the suite can move: it is asked for, ends a job, or is due."""
        phase = self._lts.stepper.efsm.phases[self._lts.states[edge.source].phase]
        ends = edge.transition is not None and edge.transition.ends is not None
        return edge.event.is_operation or ends or phase.settles_within is not None


def _operation(action: Action) -> str:
    return str(Operation.CANCEL_JOB) if action.kind == "cancel_job" else action.name
