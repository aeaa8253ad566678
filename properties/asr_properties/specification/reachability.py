"""Properties of what can be reached: witnesses ("sometimes"), ways back, the only way, no dead ends.

They speak of the model's graph, so they are judged on the model; a run shows their witnesses as coverage.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from dataclasses import dataclass

from asr_model.lts import Edge, Lts
from asr_properties.evidence.of_the_model import ModelObservations
from asr_properties.evidence.questions import question
from asr_properties.specification.rule import MODEL_ONLY, EvidenceKind, Rule

Holds = Callable[[Edge], bool]


@dataclass(frozen=True, kw_only=True)
class GraphProperty(Rule):
    """A rule about the model's graph. Expressions are over the model's steps, as in the patterns."""

    evidence: frozenset[EvidenceKind] = MODEL_ONLY

    @property
    def names(self) -> frozenset[str]:
        return frozenset()

    @property
    @abstractmethod
    def ltl(self) -> str:
        """A temporal-logic form (CTL, as these quantify over paths)."""

    @abstractmethod
    def judge(self, lts: Lts, looks: ModelObservations) -> tuple[list[Edge] | None, int]:
        """The shortest counterexample (a path from the initial state; empty if there is no path to show) or None,
        and how many states put the property to the test."""

    def _asker(self, lts: Lts, looks: ModelObservations, text: str) -> Holds:
        ask = question(text)

        def holds(edge: Edge) -> bool:
            before, after = lts.states[edge.source], lts.states[edge.target]
            return ask(looks.step(before, edge.event, edge.response, after, edge.surroundings)) is True

        return holds


@dataclass(frozen=True, kw_only=True)
class Sometimes(GraphProperty):
    """There is a run that meets all `waypoints` in this order, without a step where `avoiding` holds."""

    waypoints: tuple[str, ...]
    avoiding: str = "False"

    @property
    def pattern(self) -> str:
        return (
            "Some run has "
            + ", then ".join(f"[{waypoint}]" for waypoint in self.waypoints)
            + f", avoiding [{self.avoiding}]."
        )

    @property
    def ltl(self) -> str:
        form = ""
        for waypoint in reversed(self.waypoints):
            met = f"({waypoint}) & {form}" if form else f"({waypoint})"
            form = f"EF({met})" if self.avoiding == "False" else f"E[!({self.avoiding}) U ({met})]"
        return form

    def judge(self, lts: Lts, looks: ModelObservations) -> tuple[list[Edge] | None, int]:
        fronts = {0}
        avoided = self._asker(lts, looks, self.avoiding)
        for waypoint in self.waypoints:
            holds = self._asker(lts, looks, waypoint)
            reached = lts.reachable(fronts, lambda edge: not avoided(edge))
            fronts = {
                edge.target for state in reached for edge in lts.outgoing[state] if holds(edge) and not avoided(edge)
            }
            if not fronts:
                return [], 0
        return None, len(fronts)


@dataclass(frozen=True, kw_only=True)
class AlwaysPossible(GraphProperty):
    """From every reachable state a state where `goal` holds can be reached."""

    goal: str

    @property
    def pattern(self) -> str:
        return f"From every reachable state [{self.goal}] can be reached."

    @property
    def ltl(self) -> str:
        return f"AG EF({self.goal})"

    def judge(self, lts: Lts, looks: ModelObservations) -> tuple[list[Edge] | None, int]:
        from networkx import ancestors  # as `Lts.graph`: imported where it is needed

        holds = self._asker(lts, looks, self.goal)
        good = {edge.target for edge in lts.edges if holds(edge)}
        good = good.union(*(ancestors(lts.graph, goal) for goal in good))
        if len(good) == len(lts.states):
            return None, len(good)
        return lts.shortest_path(0, lambda state: state not in good), len(lts.states)


@dataclass(frozen=True, kw_only=True)
class OnlyThrough(GraphProperty):
    """Once `source` holds, `goal` is reached only over a step where `via` holds."""

    source: str
    via: str
    goal: str

    @property
    def pattern(self) -> str:
        return f"After [{self.source}], [{self.goal}] is reached only through [{self.via}]."

    @property
    def ltl(self) -> str:
        return f"AG(({self.source}) -> !E[!({self.via}) U ({self.goal})])"

    def judge(self, lts: Lts, looks: ModelObservations) -> tuple[list[Edge] | None, int]:
        source, via, goal = (self._asker(lts, looks, text) for text in (self.source, self.via, self.goal))
        starts = {edge.target for edge in lts.edges if source(edge)}
        goals = {edge.target for edge in lts.edges if goal(edge)}
        found: list[list[Edge]] = []
        for start in starts:
            way = lts.shortest_path(start, goals.__contains__, lambda edge: not via(edge))
            if way is not None:
                found.append([*(lts.shortest_path(0, start.__eq__) or []), *way])
        return (min(found, key=len) if found else None), len(starts)


@dataclass(frozen=True, kw_only=True)
class NoDeadlock(GraphProperty):
    """Every reachable state has a step to another state."""

    @property
    def pattern(self) -> str:
        return "Every reachable state can be left."

    @property
    def ltl(self) -> str:
        return "AG EX(true)"

    def judge(self, lts: Lts, looks: ModelObservations) -> tuple[list[Edge] | None, int]:
        stuck = {state for state, ways in lts.graph.out_degree() if ways == 0}
        return (lts.shortest_path(0, stuck.__contains__) if stuck else None), len(lts.states)
