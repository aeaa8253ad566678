"""The state graph in the DOT language of Graphviz.

The picture is laid out as a wheel: phases towards Azure run down, phases towards on-premises run up beside them, so
that one whole cycle of the item is one turn. Arrows that go against the turn are written with their ends swapped and
`dir=back`: the renderer then finds no cycles to break, and a small change of the lifecycle does not turn the picture
over. The colours are close to the Okabe-Ito set, which colour-blind readers can tell apart; arrows differ in line style
too, and phases in outline and slant.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape
from textwrap import wrap

from asr_model.requirements import CATALOGUE
from asr_model.vocabulary import Direction, Group, Site
from asr_reports.dot_syntax import attributes, quoted
from asr_reports.guards_in_words import condition_in_words, words
from asr_reports.state_graph import Arrow, Fold, Kind, Node, StateGraph

INK = "#1f2933"
QUIET = "#55606b"
LINE = "#cfd6dd"

GRAPH = {
    "rankdir": "TB",
    "newrank": "true",
    "nodesep": "0.22",
    "ranksep": "0.14",
    "pad": "0.1",
    "fontname": "Helvetica",
    "fontsize": "13",
    "fontcolor": INK,
    "bgcolor": "white",
}
NODE = {
    "shape": "box",
    "style": "rounded,filled",
    "fontname": "Helvetica",
    "fontsize": "11",
    "fontcolor": INK,
    "color": QUIET,
    "fillcolor": "white",
    "margin": "0.09,0.03",
    "height": "0.3",
}
ARROW = {"fontname": "Helvetica", "fontsize": "10", "arrowsize": "0.7"}
TRANSITIONAL = {"style": "rounded,filled,dashed", "fontcolor": QUIET}
TEXT = {"shape": "plaintext", "style": "", "fontcolor": QUIET, "fontsize": "10", "margin": "0.02,0"}
INVISIBLE = {"style": "invis"}

SERVING = {Site.ON_PREMISES: "#f6d27a", Site.AZURE: "#9fd0f2", None: "#dfe3e8"}
"""The fill of a steady phase: which site serves."""

BEHIND: dict[Group | None, str] = {
    Group.TOWARDS_AZURE: "#f3f9fd",
    Group.TOWARDS_ON_PREMISES: "#fdf9ee",
    Group.LEAVING: "#f6f7f9",
    None: "#f3f9f6",
}
"""The fill of a cluster; None is the drill."""

STYLES = {
    Kind.OPERATION: {"color": "#0060a0", "fontcolor": "#004a80", "penwidth": "1.9"},
    Kind.HAPPENING: {"color": "#87919b", "fontcolor": "#4a5560", "penwidth": "1.0"},
    Kind.FAILURE: {"color": "#c04a00", "fontcolor": "#9a3b00", "penwidth": "1.2", "style": "dashed"},
}
UNSPECIFIED = {"style": "dotted"}
"""Added to the style of an operation that an implementation is free to refuse."""


def to_dot(graph: StateGraph) -> str:
    """Give the DOT text of `graph`; the same graph always gives the same text."""
    return "\n".join(["digraph lifecycle {", *(f"  {line}" for line in _body(graph)), "}", ""])


def _body(graph: StateGraph) -> Iterator[str]:
    yield f"graph {attributes({**GRAPH, 'tooltip': f'The {graph.profile} lifecycle'})}"
    yield f"node {attributes(NODE)}"
    yield f"edge {attributes(ARROW)}"
    for group in dict.fromkeys(node.group for node in graph.phases):  # the first one written is drawn leftmost
        nodes = tuple(node for node in graph.phases if node.group is group)
        yield from _cluster(str(group), group, nodes, graph)
    if graph.drills:
        yield from _cluster("test failover, in parallel", None, graph.drills, graph)
    yield from _between_clusters(graph)
    yield from _legend(graph)


def _cluster(title: str, group: Group | None, nodes: tuple[Node, ...], graph: StateGraph) -> Iterator[str]:
    upwards = group is Group.TOWARDS_ON_PREMISES
    yield f"subgraph {quoted('cluster ' + (group or 'drill'))} {{"
    yield f"  graph {attributes(_frame(title, BEHIND[group]))}"
    for node in reversed(nodes) if upwards else nodes:
        loops = [arrow for arrow in graph.arrows if arrow.source == arrow.target == node.name]
        yield f"  {_node(node, loops)}"
    order = {node.name: number for number, node in enumerate(nodes)}
    for arrow in graph.within(nodes):
        if arrow.source == arrow.target:
            continue  # written into the node
        along = (order[arrow.source] < order[arrow.target]) is not upwards
        yield f"  {_arrow(arrow, along=along)}"
    if group is Group.LEAVING:
        folds = [fold for fold in graph.folds if fold.target is not None]
        for fold in folds:
            yield from (f"  {line}" for line in _folded(fold))
        yield f"  {{ rank=same; {'; '.join((*order, *map(_beginning, folds)))} }}"
    yield "}"


def _frame(title: str, fill: str) -> dict[str, str]:
    label = f"<<b>{escape(title)}</b>>"
    return {
        "label": label,
        "labeljust": "l",
        "style": "rounded,filled",
        "color": LINE,
        "fillcolor": fill,
        "margin": "10",
        "tooltip": title,
    }


def _between_clusters(graph: StateGraph) -> Iterator[str]:
    group = {node.name: node.group for node in graph.nodes}
    for arrow in graph.arrows:
        here, there = group[arrow.source], group[arrow.target]
        if here is there:
            continue
        if there is Group.LEAVING:
            yield _arrow(arrow, along=False)
        else:
            yield _arrow(arrow, along=True, ranks=arrow.kind is not Kind.FAILURE or here is Group.LEAVING)


def _node(node: Node, loops: list[Arrow]) -> str:
    slant = "b" if node.steady else "i"
    text = "<br/>".join(f"<{slant}>{escape(line)}</{slant}>" for line in wrap(words(node.name), 20))
    if node.steady and node.replicating not in (None, Direction.NONE):
        text += f'<br/><font point-size="9">replicates {escape(words(str(node.replicating)))}</font>'
    for arrow in loops:
        for event in arrow.events:
            text += f'<br/><font point-size="8" color="{STYLES[arrow.kind]["fontcolor"]}">{escape(words(event))}</font>'
    shown = {
        "id": node.name,
        "class": "steady" if node.steady else "transitional",
        "label": f"<{text}>",
        "fillcolor": SERVING[node.serving] if node.steady else "white",
        "tooltip": "\n".join([_node_tooltip(node), *map(_arrow_tooltip, loops)]),
    }
    return f"{node.name} {attributes(shown if node.steady else shown | TRANSITIONAL)}"


def _beginning(fold: Fold) -> str:
    return f"from_many_to_{fold.target}"


def _folded(fold: Fold) -> Iterator[str]:
    yield f"{_beginning(fold)} {attributes({**TEXT, 'label': words(fold.title), 'tooltip': fold.sentence})}"
    style = STYLES[Kind.OPERATION] | {"dir": "back", "tooltip": fold.sentence}
    yield f"{fold.target} -> {_beginning(fold)} {attributes({'label': _label(fold.events), **style})}"


def _arrow(arrow: Arrow, *, along: bool, ranks: bool = True) -> str:
    tooltip = _arrow_tooltip(arrow)
    shown = {
        "id": f"{arrow.source}--{arrow.target}--{arrow.kind}",
        "class": f"{arrow.kind} unspecified" if arrow.unspecified else arrow.kind.value,
        "label": _label(arrow.events),
        "tooltip": tooltip,
        "labeltooltip": tooltip,
        "constraint": str(ranks).lower(),
        "weight": "1" if arrow.kind is Kind.FAILURE else "3",
        **STYLES[arrow.kind],
        **(UNSPECIFIED if arrow.unspecified else {}),
    }
    if along:
        return f"{arrow.source} -> {arrow.target} {attributes(shown)}"
    return f"{arrow.target} -> {arrow.source} {attributes(shown | {'dir': 'back'})}"


def _label(events: Iterable[str]) -> str:
    # the blank keeps the text off its line
    return "\n".join(f" {line} " for event in events for line in wrap(words(event), 18))


def _node_tooltip(node: Node) -> str:
    if node.group is None:
        lines = [f"{node.name}: drill state"]
    else:
        lines = [f"{node.name}: {'steady' if node.steady else 'transitional'} phase, {words(node.group)}"]
    if node.serving is not None:
        lines.append(f"serves: {words(node.serving)}")
    if node.replicating is not None:
        lines.append(f"replicates: {words(node.replicating)}")
    lines.append(f"accepts: {', '.join(node.accepts) or 'nothing'}")
    return "\n".join(lines)


def _arrow_tooltip(arrow: Arrow) -> str:
    lines = [f"{', '.join(arrow.events)}: {arrow.source} to {arrow.target}"]
    lines += [f"{identifier}: {CATALOGUE[identifier].sentence}" for identifier in arrow.requirements]
    lines += [f"may be refused {condition_in_words(text)}" for text in arrow.may_refuse]
    return "\n".join(lines)


def _legend(graph: StateGraph) -> Iterator[str]:
    """One row for each rank beside the wheel, under the drill: one tall node would pull the ranks apart."""
    yield "subgraph cluster_legend {"
    yield f"  graph {attributes(_frame('How to read it', 'white'))}"
    rows = list(_legend_rows(graph))
    for number, row in enumerate(rows):
        cells = "".join(
            f'<tr><td align="left" width="52">{mark}</td><td align="left" width="222">{said}</td></tr>'
            for mark, said in row
        )
        label = f'<<table border="0" cellborder="0" cellspacing="0" cellpadding="1">{cells}</table>>'
        yield f"  legend_{number} {attributes({**TEXT, 'label': label, 'tooltip': 'legend'})}"
    for number in range(1, len(rows)):
        yield f"  legend_{number - 1} -> legend_{number} {attributes(INVISIBLE)}"
    yield "}"
    if graph.drills:
        yield f"{graph.drills[-1].name} -> legend_0 {attributes(INVISIBLE)}"


def _legend_rows(graph: StateGraph) -> Iterator[list[tuple[str, str]]]:
    lines = {kind: style["color"] for kind, style in STYLES.items()}
    yield [
        (_mark(lines[Kind.OPERATION], "<b>──►</b>"), "a user asks for it"),
        (_mark(lines[Kind.HAPPENING], "──►"), "the service does it by itself"),
    ]
    yield [
        (_mark(lines[Kind.FAILURE], "- - ►"), "a job fails or is cancelled"),
        (_mark(lines[Kind.OPERATION], ". . . ►"), "whether it is accepted is left open"),
    ]
    yield [
        (_mark(SERVING[Site.ON_PREMISES], "■"), "bold: steady; the on-premises machine serves"),
        (_mark(SERVING[Site.AZURE], "■"), "steady; the machine in Azure serves"),
    ]
    yield [
        (_mark(SERVING[None], "■"), "steady; nothing says which site serves"),
        (_mark(QUIET, "- - -"), "dashed and slanted: a job runs"),
    ]
    if any(arrow.source == arrow.target for arrow in graph.arrows):
        yield [("small", "in a phase: what happens without leaving it")]
    for fold in graph.folds:
        if fold.target is None:
            lead, *others = map(escape, wrap(fold.sentence, 44))
            yield [("not drawn", lead), *(("", line) for line in others)]


def _mark(color: str, mark: str) -> str:
    return f'<font color="{color}" point-size="13">{mark}</font>'
