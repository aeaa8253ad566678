"""What to do so that the item takes a step of the model: ask for an operation, wait, or first begin or end a fault."""

from __future__ import annotations

from random import Random

from asr_model.lts import Edge, Lts
from asr_properties.contract.faults import REPLICATION_ALONE
from asr_properties.evidence.actions import WAIT_FOR_JOB, Action, as_request, wait
from asr_properties.generation.action_choice import WAITS, Chooser
from asr_properties.generation.routes import Routes
from asr_properties.session.session import Session


class EdgeActions:
    """Turns the first step of a way into an action on the item of a session."""

    def __init__(self, session: Session, lts: Lts, routes: Routes, chooser: Chooser, random: Random) -> None:
        self._session = session
        self._lts = lts
        self._routes = routes
        self._chooser = chooser
        self._random = random
        self._passing = {s.name for s in lts.stepper.efsm.surroundings if s.passes}

    def first_of(self, way: list[Edge]) -> Action:
        """The action that takes the first step of a way, or one that prepares it."""
        edge = self._variant(way[0])
        prepared = self._foresee(way) or self._prepare(edge)
        if prepared is not None:
            return prepared
        if edge.event.is_operation:
            return as_request(edge.event, self._random.randrange(4))
        return self._let_time_pass(edge)

    def _let_time_pass(self, edge: Edge) -> Action:
        ends = edge.transition is not None and edge.transition.ends is not None
        if ends and "impaired" not in self._session.surroundings and self._random.random() < 0.6:
            return WAIT_FOR_JOB
        if edge.event.name.endswith("pruned"):
            return wait(self._random.choice(WAITS[-2:]))
        lengths = (*WAITS[:3], *WAITS[:4]) if self._session.oracle.explanations[0].job is not None else WAITS
        return wait(self._random.choice(lengths))

    def _variant(self, edge: Edge) -> Edge:
        """The same step under surroundings that hold now, if it can be taken so; else under any others."""
        variants = [
            other
            for other in self._lts.outgoing[edge.source]
            if other.event == edge.event and other.transition == edge.transition and self._routes.is_usable(other)
        ]
        holds = self._session.surroundings
        fitting = [v for v in variants if v.surroundings == holds & self._decided_by_faults(v)]
        return self._random.choice(fitting or variants)

    def _foresee(self, way: list[Edge]) -> Action | None:
        """Half of the time, begin the fault that a later step of a job needs before the job begins.

        Some faults decide already at the beginning of a job how it ends.
        """
        ahead = next((edge for edge in way[1:4] if edge.surroundings and not edge.event.is_operation), None)
        if ahead is None or way[0].surroundings or not way[0].event.is_operation or self._random.random() < 0.5:
            return None
        missing = sorted(self._variant(ahead).surroundings - self._session.surroundings)
        return self._begin(missing[0]) if missing else None

    def _prepare(self, edge: Edge) -> Action | None:
        """Begin or end the faults that a step depends on; None if nothing is left to prepare."""
        holds = self._session.surroundings
        decided = self._decided_by_faults(edge)
        for name in sorted(decided | (holds & set(self._routes.faults))):
            if name in edge.surroundings and name not in holds:
                return self._begin(name)
            in_the_way = name not in edge.surroundings and name in holds
            if in_the_way and (name in decided or self._random.random() < 0.3):
                on = self._session.faults & set(self._routes.faults[name])
                if on:  # an appliance that was named may impair as well, and nothing ends that
                    return Action("clear", self._random.choice(sorted(on)))
        if (holds - edge.surroundings) & self._passing & self._decided_by(edge):
            return wait(WAITS[2])
        if edge.event.name.endswith("pruned") and "impaired" not in holds and self._random.random() < 0.5:
            return Action("inject", REPLICATION_ALONE)  # points vanish only where none are made
        return None

    def _begin(self, surrounding: str) -> Action:
        return self._chooser.fault(self._random.choice(self._routes.faults[surrounding]))

    def _decided_by(self, edge: Edge) -> frozenset[str]:
        """The surroundings that decide how a step goes."""
        return self._lts.stepper.relevant(self._lts.states[edge.source], edge.event)

    def _decided_by_faults(self, edge: Edge) -> frozenset[str]:
        """Those of them that the suite can bring about by faults."""
        return self._decided_by(edge) & set(self._routes.faults)
