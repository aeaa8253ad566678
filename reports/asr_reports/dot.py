"""The state graph in the DOT language of Graphviz.

The picture is laid out as a wheel: phases towards Azure run down, phases towards on-premises run up beside them, so
that one whole cycle of the item is one turn. Arrows that go against the turn are written with their ends swapped and
`dir=back`: the renderer then finds no cycles to break, and a small change of the lifecycle does not turn the picture
over.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from html import escape
from textwrap import wrap

from asr_model.requirements import CATALOGUE
from asr_model.vocabulary import Direction, Group, Site
from asr_reports.dot_style import (
    ARROW,
    GRAPH,
    NODE,
    STYLES,
    TEXT,
    TRANSITIONAL,
    UNSPECIFIED,
    Entry,
    labelled,
    legend_of,
    line,
    swatch,
)
from asr_reports.dot_syntax import Html, attributes, quoted
from asr_reports.guards_in_words import condition_in_words, words
from asr_reports.marks import NO_MARKS, Marks, heat, times_in_words
from asr_reports.palette import BEHIND, HEAT, INK, LINE, LINES, LIT, PAPER, SERVING
from asr_reports.state_graph import MANY, Arrow, Fold, Kind, Node, StateGraph
from asr_reports.svg import LABEL


def to_dot(graph: StateGraph, marks: Marks = NO_MARKS, *, legend: bool = True) -> str:
    """Give the DOT text of `graph`; the same graph always gives the same text.

    marks: what else is shown: how often a run went where, or the way of a walk. legend: whether it has one.
    """
    drawing = _Drawing(graph, marks)
    lines = [*drawing.body(), *(_legend(graph, marks, written=bool(drawing.written)) if legend else ())]
    return "\n".join(["digraph lifecycle {", *(f"  {text}" for text in lines), "}", ""])


class _Drawing:
    """A graph as lines of DOT: each arrow is drawn, or written into the phase that it leaves.

    Written are those that stay in the phase, and those of a fan: one event from very many phases to one, or from one to
    very many.
    """

    def __init__(self, graph: StateGraph, marks: Marks) -> None:
        self.graph = graph
        self.marks = marks
        fans = Counter(end for arrow in graph.arrows for end in _ends(arrow))
        self.drawn = [a for a in graph.arrows if a.source != a.target and all(fans[end] < MANY for end in _ends(a))]
        self.written: dict[str, list[Arrow]] = {}
        for arrow in graph.arrows:
            if arrow not in self.drawn:
                self.written.setdefault(arrow.source, []).append(arrow)

    def body(self) -> Iterator[str]:
        yield f"graph {attributes({**GRAPH, 'tooltip': f'The {self.graph.profile} lifecycle'})}"
        yield f"node {attributes(NODE)}"
        yield f"edge {attributes(ARROW)}"
        for group in dict.fromkeys(node.group for node in self.graph.phases):  # the first one is drawn leftmost
            yield from self._cluster(str(group), group)
        if self.graph.drills:
            yield from self._cluster("test failover, in parallel", None)
        group_of = {node.name: node.group for node in self.graph.nodes}
        for arrow in self.drawn:
            here, there = group_of[arrow.source], group_of[arrow.target]
            if here is not there:
                back = there is Group.LEAVING or (arrow.kind is Kind.FAILURE and here is not Group.LEAVING)
                yield from self._arrow(arrow, along=not back)

    def _cluster(self, title: str, group: Group | None) -> Iterator[str]:
        nodes = [node for node in self.graph.nodes if node.group is group]
        upwards = group is Group.TOWARDS_ON_PREMISES
        yield f"subgraph {quoted('cluster ' + (group or 'drill'))} {{"
        yield f"  graph {attributes(_frame(title, BEHIND[group]))}"
        for node in reversed(nodes) if upwards else nodes:
            yield f"  {self._node(node)}"
        order = {node.name: number for number, node in enumerate(nodes)}
        inside = [arrow for arrow in self.drawn if arrow.source in order and arrow.target in order]
        for arrow in inside:
            along = (order[arrow.source] < order[arrow.target]) is not upwards
            yield from (f"  {text}" for text in self._arrow(arrow, along=along))
        if group is Group.LEAVING:
            level = [*order, *(f"{arrow.id}{LABEL}" for arrow in inside)]
            for fold in self.graph.folds:
                if fold.target in order:
                    yield from (f"  {text}" for text in _folded(fold))
                    level += [_beginning(fold), f"{_beginning(fold)}--{fold.target}{LABEL}"]
            yield f"  {{ rank=same; {'; '.join(map(quoted, level))} }}"
        yield "}"

    def _node(self, node: Node) -> str:
        slant = "b" if node.steady else "i"
        text = "<br/>".join(f"<{slant}>{escape(part)}</{slant}>" for part in wrap(words(node.name), 20))
        if node.steady and node.replicating not in (None, Direction.NONE):
            text += f'<br/><font point-size="9">replicates {escape(words(str(node.replicating)))}</font>'
        for line_, color in dict.fromkeys(self._lines(node)):
            text += f'<br/><font point-size="9" color="{color}">{escape(line_)}</font>'
        times = self.marks.entered(node.name)
        if times is not None:
            text += f'<br/><font point-size="9">{times_in_words(times)}</font>'
        shown = {
            "id": node.name,
            "class": "steady" if node.steady else "transitional",
            "label": Html(text),
            "fillcolor": SERVING[node.serving] if node.steady else PAPER,
            "tooltip": "\n".join([_node_tooltip(node), *map(_arrow_tooltip, self.written.get(node.name, ()))]),
            **({} if node.steady else TRANSITIONAL),
            **({} if times is None else {"fillcolor": HEAT[heat(times)], "fontcolor": INK}),
            **({"color": LIT, "penwidth": "2.5"} if node.name in self.marks.lit else {}),
        }
        return f"{quoted(node.name)} {attributes(shown)}"

    def _lines(self, node: Node) -> Iterator[tuple[str, str]]:
        """What is written into a node, each line with its colour."""
        for arrow in self.written.get(node.name, ()):
            fan = [one for one in self.written[node.name] if one.target != node.name and one.events == arrow.events]
            to = "" if arrow.target == node.name else f" \N{RIGHTWARDS ARROW} {words(arrow.target)}"
            if len(fan) >= MANY:
                to = f" \N{RIGHTWARDS ARROW} one of {len(fan)}"
            for event in arrow.events:
                for part in wrap(words(event) + to, 30):
                    yield part, INK if self.marks.times is not None else STYLES[arrow.kind]["fontcolor"]

    def _arrow(self, arrow: Arrow, *, along: bool) -> Iterator[str]:
        times = self.marks.taken(arrow)
        look: dict[str, str] = {**STYLES[arrow.kind], **(UNSPECIFIED if arrow.unspecified else {})}
        if times is not None:
            look["penwidth"] = f"{0.8 + 0.7 * heat(times):.1f}"
        if arrow.id in self.marks.lit:
            look |= {"color": LIT, "penwidth": "3"}
        yield from labelled(
            (arrow.source, arrow.target) if along else (arrow.target, arrow.source),
            [*arrow.events, *([] if times is None else [times_in_words(times)])],
            {
                "id": arrow.id,
                "class": f"{arrow.kind} unspecified" if arrow.unspecified else arrow.kind.value,
                "tooltip": _arrow_tooltip(arrow),
                "weight": "1" if arrow.kind is Kind.FAILURE else "3",
                **look,
            },
            along=along,
        )


def _ends(arrow: Arrow) -> Iterator[tuple[str, ...]]:
    """What an arrow shares with the others of a fan."""
    if arrow.source != arrow.target:
        yield ("from", arrow.source, *arrow.events)
        yield ("to", arrow.target, *arrow.events)


def _frame(title: str, fill: str) -> dict[str, str]:
    return {
        "label": Html(f"<b>{escape(title)}</b>"),
        "labeljust": "l",
        "labelloc": "t",
        "style": "rounded,filled",
        "color": LINE,
        "fillcolor": fill,
        "margin": "10",
        "tooltip": title,
    }


def _beginning(fold: Fold) -> str:
    return f"from_many_to_{fold.target}"


def _folded(fold: Fold) -> Iterator[str]:
    begins = _beginning(fold)
    yield f"{begins} {attributes({**TEXT, 'label': words(fold.title), 'tooltip': fold.sentence})}"
    look = {"id": f"{begins}--{fold.target}", "tooltip": fold.sentence, **STYLES[Kind.OPERATION]}
    yield from labelled((str(fold.target), begins), fold.events, look, along=False)


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


def _legend(graph: StateGraph, marks: Marks, *, written: bool) -> Iterator[str]:
    entries: list[Entry] = [
        (line(LINES[Kind.OPERATION], width=2), "a user asks for it"),
        (line(LINES[Kind.HAPPENING]), "the service does it by itself"),
        (line(LINES[Kind.FAILURE], style="dashed"), "a job fails or is cancelled"),
    ]
    if any(arrow.unspecified for arrow in graph.arrows):
        entries.append((line(LINES[Kind.OPERATION], width=2, style="dotted"), "whether it is accepted is left open"))
    if marks.times is None:
        there = {node.serving for node in graph.nodes if node.steady}
        entries += [(swatch(SERVING[site]), said) for site, said in _SERVES.items() if site in there]
    else:
        entries += [(swatch(fill), said) for fill, said in zip(HEAT, _TIMES, strict=True)]
    if not all(node.steady for node in graph.nodes):
        entries.append((swatch(PAPER, style="dashed"), "dashed, slanted: a job runs"))
    if marks.lit:
        entries.append((line(LIT, width=3), "the walk went there"))
    notes = [f"Not drawn: {fold.sentence}" for fold in graph.folds if fold.target is None]
    if written:
        notes.append("Small, in a phase: what happens without leaving it, and what leads from or to very many.")
    yield from legend_of(entries, notes, columns=3 if len(graph.nodes) > 14 else 2)


_SERVES = {
    Site.ON_PREMISES: "bold: steady; on-premises serves",
    Site.AZURE: "bold: steady; Azure serves",
    None: "bold: steady; nothing says which serves",
}
_TIMES = ("never gone through", "once or more", "5 times or more", "25 times or more", "100 times or more")
