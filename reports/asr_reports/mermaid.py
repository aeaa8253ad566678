"""The state graph as a Mermaid flowchart, which GitHub and many editors draw without further tools.

A flowchart and not a state diagram, because only its arrows can tell operations (thick), happenings (thin) and failures
(dotted) apart. What an arrow says is a node in its middle: Mermaid puts labels of its own on top of one another.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from asr_model.vocabulary import Group, Site
from asr_reports.guards_in_words import words
from asr_reports.marks import NO_MARKS, Marks, heat, times_in_words
from asr_reports.palette import BEHIND, HEAT, INK, LINE, LIT, PAPER, QUIET, SERVING, TEXTS
from asr_reports.state_graph import Kind, Node, StateGraph

STROKES = {Kind.OPERATION: ("===", "==>"), Kind.HAPPENING: ("---", "-->"), Kind.FAILURE: ("-.-", "-.->")}
"""The first half of an arrow, and the second."""


def to_mermaid(graph: StateGraph, marks: Marks = NO_MARKS) -> str:
    """Give the Mermaid text of `graph`; the same graph always gives the same text. marks: as `dot.to_dot` has them."""
    return "\n".join(["flowchart TB", *(f"  {line}" for line in _body(graph, marks)), ""])


def _body(graph: StateGraph, marks: Marks) -> Iterator[str]:
    yield "%% thick: operations; thin: what the service does by itself; dotted: failures and cancelled jobs"
    for fold in graph.folds:
        yield f"%% not drawn, {fold.title}: {fold.sentence}"
    for group in dict.fromkeys(node.group for node in graph.nodes):
        nodes = [node for node in graph.nodes if node.group is group]
        yield f'subgraph {_identifier(group)}["{group or "test failover, in parallel"}"]'
        yield from (f"  {_node(node, marks)}" for node in nodes)
        if group is Group.LEAVING:
            for fold in graph.folds:
                if fold.target in {node.name for node in nodes}:
                    yield f'  many_to_{fold.target}["{fold.title}"]:::note'
                    yield from _labelled(f"many_to_{fold.target}", str(fold.target), Kind.OPERATION, fold.events)
        for arrow in graph.within(nodes):
            yield from _labelled(arrow.source, arrow.target, arrow.kind, [*arrow.events, *_times(marks.taken(arrow))])
        yield "end"
    region = {node.name: node.group for node in graph.nodes}
    for arrow in graph.arrows:
        if region[arrow.source] is not region[arrow.target]:
            yield from _labelled(arrow.source, arrow.target, arrow.kind, [*arrow.events, *_times(marks.taken(arrow))])
    for group in dict.fromkeys(node.group for node in graph.nodes):
        yield f"style {_identifier(group)} fill:{BEHIND[group]},stroke:{LINE},color:{INK}"
    for site, fill in SERVING.items():
        yield f"classDef {_serving(site)} fill:{fill},stroke:{QUIET},color:{INK}"
    yield f"classDef transitional fill:{PAPER},stroke:{QUIET},stroke-dasharray:4 3,color:{QUIET},font-style:italic"
    yield f"classDef note fill:{PAPER},stroke:none,color:{QUIET}"
    if marks.times is not None:
        for level, fill in enumerate(HEAT):
            yield f"classDef heat_{level} fill:{fill},stroke:{QUIET},color:{INK}"
    if lit := [node.name for node in graph.nodes if node.name in marks.lit]:
        yield f"classDef lit stroke:{LIT},stroke-width:4px"
        yield f"class {','.join(lit)} lit"
    for kind in Kind:
        yield f"classDef {kind} fill:{PAPER},stroke:none,color:{TEXTS[kind]}"


def _node(node: Node, marks: Marks) -> str:
    style = _serving(node.serving) if node.steady else "transitional"
    times = marks.entered(node.name)
    style = style if times is None else f"heat_{heat(times)}"
    return f'{node.name}("{"<br/>".join([words(node.name), *_times(times)])}"):::{style}'


def _times(times: int | None) -> list[str]:
    return [] if times is None else [times_in_words(times)]


def _labelled(source: str, target: str, kind: Kind, events: Sequence[str]) -> Iterator[str]:
    label = f"{source}__{target}__{kind}"
    first, second = STROKES[kind]
    yield f'  {label}["{_label(events)}"]:::{kind}'
    yield f"  {source} {first} {label}"
    yield f"  {label} {second} {target}"


def _label(events: Sequence[str]) -> str:
    return "<br/>".join(map(words, events))


def _identifier(group: Group | None) -> str:
    return f"group_{group.name.lower()}" if group else "group_drill"


def _serving(site: Site | None) -> str:
    return f"serving_{site}" if site else "serving_unspecified"
