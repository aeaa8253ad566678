"""Parts of the state graph: a direction, the drill, what is around a phase; and how much one picture can hold."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from enum import StrEnum
from typing import Final

from asr_model.vocabulary import Group
from asr_reports.state_graph import StateGraph

MOST: Final = 60
"""So many nodes a picture has at most: with more nobody reads it."""


class View(StrEnum):
    """What part of the lifecycle is drawn."""

    WHOLE = "whole"
    TO_AZURE = "to-azure"
    TO_ON_PREMISES = "to-on-premises"
    DRILL = "drill"


_GROUPS = {View.TO_AZURE: Group.TOWARDS_AZURE, View.TO_ON_PREMISES: Group.TOWARDS_ON_PREMISES}


class TooMany(ValueError):
    """There is more to be drawn than a picture can hold; the message tells how to have less."""

    def __init__(self, there: int, hint: str) -> None:
        super().__init__(f"{there} nodes are more than a picture can hold ({MOST}): {hint}")


def part(graph: StateGraph, view: View) -> StateGraph:
    """A part of `graph`. That of a direction has the phases beside it too, and the arrows that lead there and back."""
    if view is View.WHOLE:
        return graph
    if view is View.DRILL:
        return _only(graph, {node.name for node in graph.drills}, set())
    inside = {node.name for node in graph.phases if node.group is _GROUPS[view]}
    beside = {
        name
        for arrow in graph.arrows
        for name, other in ((arrow.source, arrow.target), (arrow.target, arrow.source))
        if other in inside and name not in inside
    }
    beside |= {fold.target for fold in graph.folds if fold.target is not None}
    return _only(graph, inside | beside, beside)


def around(graph: StateGraph, name: str, steps: int = 1) -> StateGraph:
    """What can be reached from a node, or leads to it, in so many steps, and the arrows between; at least one step."""
    found, edge = {name}, {name}
    for _ in range(steps):
        near = {a.target for a in graph.arrows if a.source in edge} | {
            a.source for a in graph.arrows if a.target in edge
        }
        edge = near - found
        found |= near
    return _only(graph, found, edge)


def check_size(graph: StateGraph) -> StateGraph:
    """The graph itself.

    Raises:
        TooMany: it has more nodes than a picture can hold.
    """
    if len(graph.nodes) > MOST:
        views = ", ".join(view for view in View if view is not View.WHOLE)
        raise TooMany(len(graph.nodes), f"ask for a part of it, --view {views}, or for what is --around PHASE")
    return graph


def _only(graph: StateGraph, names: Collection[str], outermost: Collection[str]) -> StateGraph:
    """These nodes, and the arrows between them but for those from one of the outermost to another."""
    return replace(
        graph,
        nodes=tuple(node for node in graph.nodes if node.name in names),
        arrows=tuple(
            arrow
            for arrow in graph.arrows
            if {arrow.source, arrow.target} <= set(names) and not {arrow.source, arrow.target} <= set(outermost)
        ),
        folds=tuple(fold for fold in graph.folds if fold.target in names),
    )
