"""The shortest ways over the model's state graph, as far as the item under test can be led along them."""

from __future__ import annotations

from collections.abc import Collection, Hashable
from dataclasses import dataclass, field
from functools import partial

from asr_model.forbidden import Try, kind_of
from asr_model.lts import Edge, Lts
from asr_model.state import State
from asr_properties.generation.coverage import needs_time_in, passing_unseen
from asr_properties.session.irreplaceable import gives_up
from asr_properties.session.session import Session
from asr_properties.session.tries import asked_by


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
        connection = session.connection
        known = _known(lts, connection.has_clock, connection.has_faults, connection.is_irreplaceable)
        self._edges, self._open, self._open_tries = known.edges, known.open, known.open_tries
        self._ways, self._reached = known.ways, known.reached
        self._unseen: frozenset[str] = frozenset()
        self._unseen_at = -1

    @property
    def passing_unseen(self) -> frozenset[str]:
        """The phases that pass in no time, as far as was known when the item was fresh."""
        if self._unseen_at != self._session.items:
            self._unseen, self._unseen_at = passing_unseen(self._session, self._lts), self._session.items
        return self._unseen

    @property
    def transitions(self) -> Collection[str]:
        """The declared transitions that may be reached, by id."""
        return self._edges.keys()

    def edges_of(self, transition: str) -> list[Edge]:
        """The edges on which a transition is taken."""
        return self._edges[transition]

    def to_transition(self, state: State, transition: str, *, once_more: bool = False) -> list[Edge] | None:
        """The shortest way to take a transition, whose edge is the last one; None if there is no way.

        once_more: over what items have always declined so far, too.
        """
        refused = self._refused(once_more=once_more)
        key = (state, transition, self._given_now, self.passing_unseen, refused)
        if key not in self._ways:
            start, leads_on = self._lts.number[state], partial(self._leads_on, refused)
            last = {edge.source: edge for edge in self._edges[transition] if leads_on(edge)}
            way = self._lts.shortest_path(start, last.__contains__, leads_on)
            self._ways[key] = None if way is None else [*way, last[way[-1].target if way else start]]
        return self._ways[key]

    def is_within_reach(self, transition: str) -> bool:
        """Whether a fresh item can be led to a transition, after all that items have declined so far."""
        declined = self._session.tries.always_declined
        leads_on = partial(self._leads_on, declined)
        key = (self._given_now, self.passing_unseen, declined)
        if key not in self._reached:
            self._reached[key] = self._lts.reachable([0], leads_on)
        reached = self._reached[key]
        return any(edge.source in reached and leads_on(edge) for edge in self._edges[transition])

    @property
    def _given_now(self) -> frozenset[str]:
        return self._session.surroundings & self._given

    def to_phase(self, state: State, phase: str) -> list[Edge] | None:
        """The shortest way to a phase; one that nobody may refuse if there is one. None if there is no way at all."""
        refused = self._refused()
        key = (state, phase, self._given_now, self.passing_unseen, refused, "phase")
        if key not in self._ways:
            start = self._lts.number[state]

            def is_there(number: int) -> bool:
                return self._lts.states[number].phase == phase

            certain = self._lts.shortest_path(start, is_there, lambda e: id(e) not in self._open and self.is_usable(e))
            self._ways[key] = (
                self._lts.shortest_path(start, is_there, partial(self._leads_on, refused))
                if certain is None
                else certain
            )
        return self._ways[key]

    def is_usable(self, edge: Edge) -> bool:
        """Whether the suite can bring a step about and may do so.

        The surroundings that the step needs hold already, or come of faults that can be begun. Where nobody can make a
        machine anew, the step must not give it up.
        """
        if edge.transition is None or not edge.surroundings & self._given <= self._session.surroundings:
            return False
        if needs_time_in(edge, self.passing_unseen, self._lts):
            return False
        phase, of = self._lts.states[edge.source].phase, str(dict(edge.event.arguments).get("job"))
        spared = self._session.connection.is_irreplaceable
        return not (spared and gives_up(self._lts.stepper.efsm, phase, edge.event.name, of))

    def _leads_on(self, refused: frozenset[Try], edge: Edge) -> bool:
        """Whether a way can go over a step. What an item may refuse and has refused, it may refuse forever."""
        return self._open.get(id(edge)) not in refused and self.is_usable(edge)

    def _refused(self, *, once_more: bool = False) -> frozenset[Try]:
        """What this item has refused although the model leaves it open, and what items always decline."""
        refusals = [step for step in self._session.steps if step.answer.startswith("refused")]
        refused = {(str(step.shown_phase), asked_by(step.action)) for step in refusals}
        declined = frozenset() if once_more else self._session.tries.always_declined
        return declined | (refused & self._open_tries)


@dataclass(frozen=True)
class _Known:
    """What holds for every item that is reached alike. Working it out takes a tenth of a second.

    edges: of each declared transition that may be reached. open: what is asked for on a step that an item may refuse
    although the model accepts it, by the `id` of the edge. ways, reached: the answers so far.
    """

    edges: dict[str, list[Edge]]
    open: dict[int, Try]
    open_tries: frozenset[Try]
    ways: dict[tuple[Hashable, ...], list[Edge] | None] = field(default_factory=dict)
    reached: dict[tuple[Hashable, ...], set[int]] = field(default_factory=dict)


_KNOWN: dict[tuple[int, bool, bool, bool], tuple[Lts, _Known]] = {}
"""By the `id` of the model, which is kept alive, and by what decides which steps can be taken."""

MOST_WAYS = 20_000
"""So many ways are remembered at most: a long run must not grow."""


def _known(lts: Lts, has_clock: bool, has_faults: bool, is_irreplaceable: bool) -> _Known:
    key = (id(lts), has_clock, has_faults, is_irreplaceable)
    if key not in _KNOWN:
        edges: dict[str, list[Edge]] = {}
        for edge in lts.edges:
            if edge.transition is not None and (has_clock or _comes_by_itself(lts, edge)):
                edges.setdefault(edge.transition.id, []).append(edge)
        tries = {id(edge): _try_of(lts, edge) for edge in lts.edges if _is_open(lts, edge)}
        _KNOWN[key] = lts, _Known(edges, tries, frozenset(tries.values()))
    known = _KNOWN[key][1]
    if len(known.ways) > MOST_WAYS:
        known.ways.clear()
    return known


def _is_open(lts: Lts, edge: Edge) -> bool:
    """Whether an item may refuse the step although the model accepts it."""
    return lts.stepper.step(lts.states[edge.source], edge.event, edge.surroundings).may_refuse


def _try_of(lts: Lts, edge: Edge) -> Try:
    return lts.states[edge.source].phase, kind_of(edge.event)


def _comes_by_itself(lts: Lts, edge: Edge) -> bool:
    """Whether a step comes without a clock that the suite can move: it is asked for, ends a job, or is due."""
    phase = lts.stepper.efsm.phases[lts.states[edge.source].phase]
    ends = edge.transition is not None and edge.transition.ends is not None
    return edge.event.is_operation or ends or phase.settles_within is not None
