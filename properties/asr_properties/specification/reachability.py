"""Properties of what can be reached: witnesses ("sometimes"), ways back, the only way, no dead ends.

They speak of the model's graph, so they are judged on the model; a run shows their witnesses as coverage.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from dataclasses import dataclass

from asr_model.lts import Edge, Lts
from asr_properties.specification.rule import MODEL_ONLY, EvidenceKind, Rule

Holds = Callable[[Edge], bool]

Asker = Callable[[str], Holds]
"""Of an expression, what tells whether it is known to hold at an edge of the model."""


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
    def judge(self, lts: Lts, asker: Asker) -> tuple[list[Edge] | None, int]:
        """The shortest counterexample (a path from the initial state; empty if there is no path to show) or None,
        and how many states put the property to the test."""


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

    def judge(self, lts: Lts, asker: Asker) -> tuple[list[Edge] | None, int]:
        fronts = {0}
        avoided = asker(self.avoiding)
        for waypoint in self.waypoints:
            holds = asker(waypoint)
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

    def judge(self, lts: Lts, asker: Asker) -> tuple[list[Edge] | None, int]:
        holds = asker(self.goal)
        good = lts.leading_to(edge.target for edge in lts.edges if holds(edge))
        everything = lts.from_the_start
        lost = None if everything <= good else lts.shortest_path(0, lambda state: state not in good)
        return lost, len(everything)


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

    def judge(self, lts: Lts, asker: Asker) -> tuple[list[Edge] | None, int]:
        source, via, goal = (asker(text) for text in (self.source, self.via, self.goal))
        starts = {edge.target for state in lts.from_the_start for edge in lts.outgoing[state] if source(edge)}
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

    def judge(self, lts: Lts, asker: Asker) -> tuple[list[Edge] | None, int]:
        everything = lts.from_the_start
        stuck = {state for state in everything if all(edge.target == state for edge in lts.outgoing[state])}
        return (lts.shortest_path(0, stuck.__contains__) if stuck else None), len(everything)
