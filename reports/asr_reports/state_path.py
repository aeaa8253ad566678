"""A walk as a path of states, in DOT and as a Mermaid flowchart: a box for each state, an arrow for each step."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from asr_reports.dot_style import ARROW, GRAPH, NODE, TEXT, legend_of, line, swatch
from asr_reports.dot_syntax import Html, attributes
from asr_reports.guards_in_words import words
from asr_reports.mermaid_syntax import mermaid_text
from asr_reports.palette import LINES, QUIET, SERVING, WRONG, WRONG_BACK
from asr_reports.state_graph import Kind, StateGraph
from asr_reports.walk_steps import DrawnStep, in_lines, value_said

WIDTH = 44
"""Characters in a line of what is told."""


def to_dot(graph: StateGraph, steps: Sequence[DrawnStep]) -> str:
    """The DOT text of a path. graph: of its lifecycle, which tells how its phases look."""
    return "\n".join(["digraph path {", *(f"  {text}" for text in _body(graph, steps)), "}", ""])


def _body(graph: StateGraph, steps: Sequence[DrawnStep]) -> Iterator[str]:
    yield f"graph {attributes({**GRAPH, 'ranksep': '0.22', 'tooltip': 'The states of a walk, in their order'})}"
    yield f"node {attributes(NODE)}"
    yield f"edge {attributes({**ARROW, 'color': LINES[Kind.OPERATION], 'penwidth': '1.5'})}"
    fills = {node.name: SERVING[node.serving] for node in graph.phases if node.steady}
    begins = steps[0].before if steps else "unknown"
    yield f"state_0 {attributes({'id': 'state-0', **_box(begins, [], fills)})}"
    for place, one in enumerate(steps, 1):
        lines = [value_said(name, value) for name, value in one.changes]
        yield f"state_{place} {attributes({'id': f'state-{one.number}', **_box(one.after, lines, fills, one)})}"
        said = "\n".join(in_lines([f"{one.number}. {one.step.action}"], WIDTH) + in_lines([one.step.answer], WIDTH))
        yield f"step_{place} {attributes({**TEXT, 'id': f'step-{one.number}', 'label': said, 'height': '0'})}"
        yield f"state_{place - 1} -> step_{place} {attributes({'dir': 'none'})}"
        yield f"step_{place} -> state_{place}"
    there = {fills.get(one.after) for one in steps}
    serving = [(swatch(fill), f"{words(str(site))} serves") for site, fill in SERVING.items() if site and fill in there]
    departs = [(line(WRONG, width=2), "no state of the model agrees")] if any(s.step.departs for s in steps) else []
    yield from legend_of([*serving, *departs, (swatch("none", style="dashed"), "a job runs")], columns=1)


def _box(phase: str, lines: list[str], fills: dict[str, str], one: DrawnStep | None = None) -> dict[str, str]:
    slant = "b" if phase in fills else "i"
    text = f"<{slant}>{escape(words(phase))}</{slant}>"
    departs = one is not None and one.step.departs
    told = in_lines(one.told, WIDTH) if one is not None and departs else []
    for said in (*in_lines(lines, WIDTH), *told):
        text += f'<br/><font point-size="9">{escape(said)}</font>'
    look = {"fillcolor": fills[phase]} if phase in fills else {"style": "rounded,filled,dashed", "color": QUIET}
    if departs:
        look |= {"color": WRONG, "penwidth": "2.5", "fillcolor": WRONG_BACK}
    return {"label": Html(text), "tooltip": words(phase), **look}


def to_mermaid(graph: StateGraph, steps: Sequence[DrawnStep]) -> str:
    """The Mermaid text of a path."""
    return "\n".join(["flowchart TB", *(f"  {text}" for text in _flow(steps)), ""])


def _flow(steps: Sequence[DrawnStep]) -> Iterator[str]:
    begins = steps[0].before if steps else "unknown"
    yield f'state_0("{mermaid_text([words(begins)])}")'
    for place, one in enumerate(steps, 1):
        lines = [words(one.after), *(value_said(name, value) for name, value in one.changes)]
        told = in_lines(one.told, WIDTH) if one.step.departs else []
        said = in_lines([f"{one.number}. {one.step.action}", one.step.answer], WIDTH)
        yield f'step_{place}["{mermaid_text(said)}"]:::step'
        yield f'state_{place}("{mermaid_text([*lines, *told])}"){":::departs" if one.step.departs else ""}'
        yield f"state_{place - 1} --- step_{place}"
        yield f"step_{place} --> state_{place}"
    yield "classDef step fill:none,stroke:none"
    yield f"classDef departs stroke:{WRONG},stroke-width:3px"
