"""The state graph as a Mermaid flowchart, which GitHub and many editors draw without further tools.

A flowchart and not a state diagram, because only its arrows can tell operations (thick), happenings (thin) and failures
(dotted) apart.
"""

from __future__ import annotations

from collections.abc import Iterator

from asr_model.vocabulary import Group, Site
from asr_reports.dot import BEHIND, INK, LINE, QUIET, SERVING
from asr_reports.guards_in_words import words
from asr_reports.state_graph import Arrow, Kind, Node, StateGraph

STROKES = {Kind.OPERATION: "==>", Kind.HAPPENING: "-->", Kind.FAILURE: "-.->"}


def to_mermaid(graph: StateGraph) -> str:
    """Give the Mermaid text of `graph`; the same graph always gives the same text."""
    return "\n".join(["flowchart TB", *(f"  {line}" for line in _body(graph)), ""])


def _body(graph: StateGraph) -> Iterator[str]:
    yield "%% thick: operations; thin: what the service does by itself; dotted: failures and cancelled jobs"
    for fold in graph.folds:
        yield f"%% not drawn, {fold.title}: {fold.sentence}"
    for group in dict.fromkeys(node.group for node in graph.nodes):
        nodes = [node for node in graph.nodes if node.group is group]
        yield f'subgraph {_identifier(group)}["{group or "test failover, in parallel"}"]'
        yield from (f"  {_node(node)}" for node in nodes)
        if group is Group.LEAVING:
            for fold in graph.folds:
                if fold.target is not None:
                    yield f'  many_to_{fold.target}["{fold.title}"]:::note'
                    yield f'  many_to_{fold.target} ==>|"{_label(fold.events)}"| {fold.target}'
        yield from (f"  {_arrow(arrow)}" for arrow in graph.within(nodes))
        yield "end"
    region = {node.name: node.group for node in graph.nodes}
    for arrow in graph.arrows:
        if region[arrow.source] is not region[arrow.target]:
            yield _arrow(arrow)
    for group in dict.fromkeys(node.group for node in graph.nodes):
        yield f"style {_identifier(group)} fill:{BEHIND[group]},stroke:{LINE},color:{INK}"
    for site, fill in SERVING.items():
        yield f"classDef {_serving(site)} fill:{fill},stroke:{QUIET},color:{INK}"
    yield f"classDef transitional fill:#ffffff,stroke:{QUIET},stroke-dasharray:4 3,color:{QUIET},font-style:italic"
    yield f"classDef note fill:none,stroke:none,color:{QUIET}"


def _node(node: Node) -> str:
    style = _serving(node.serving) if node.steady else "transitional"
    return f'{node.name}("{words(node.name)}"):::{style}'


def _arrow(arrow: Arrow) -> str:
    return f'{arrow.source} {STROKES[arrow.kind]}|"{_label(arrow.events)}"| {arrow.target}'


def _label(events: tuple[str, ...]) -> str:
    return "<br/>".join(map(words, events))


def _identifier(group: Group | None) -> str:
    return f"group_{group.name.lower()}" if group else "group_drill"


def _serving(site: Site | None) -> str:
    return f"serving_{site}" if site else "serving_unspecified"
