"""The state graph in a page: the drawing, and what a phase and an arrow have to tell when they are chosen."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Mapping
from functools import cache
from typing import Any

from asr_model.efsm import Efsm, Transition
from asr_model.requirements import CATALOGUE
from asr_model.vocabulary import Operation
from asr_reports.dot import to_dot
from asr_reports.guards_in_words import condition_in_words, words
from asr_reports.judged_run import Covered
from asr_reports.state_graph import Arrow, Node, StateGraph, state_graph
from asr_reports.svg import RendererMissing, RenderingFailed, render_svg

_SVG = "http://www.w3.org/2000/svg"
_LINK = "{http://www.w3.org/1999/xlink}title"
_MEAN_WIDTH = 0.49
"""Of a letter in Helvetica, in parts of the size of its type; the drawing is laid out for it."""

HEAT = (0, 1, 5, 25, 100)
"""From so many times on something is as warm as its place here: 0 is never, 4 is a hundred times or more."""


def heat(times: int) -> int:
    """How warm something is that happened so often."""
    return max(level for level, least in enumerate(HEAT) if times >= least)


def drawing(efsm: Efsm, covered: Covered | None) -> str:
    """The graph as an `svg` element with a class for the heat of each phase and arrow; empty where nothing can draw.

    covered: None where nothing was counted, and there is no heat.
    """
    graph = state_graph(efsm)
    try:
        root = ElementTree.fromstring(_drawn(graph))
    except (RendererMissing, RenderingFailed):
        return ""
    entered = {} if covered is None else _entered(efsm, covered)
    times = {} if covered is None else covered.times
    arrows = {_arrow_id(arrow): arrow for arrow in graph.arrows}
    nodes = {node.name: node for node in graph.nodes}
    for group in root.iter(f"{{{_SVG}}}g"):
        identifier = group.attrib.pop("id", "")
        kinds = group.get("class", "").split()
        if "node" in kinds and identifier in nodes:
            _choosable(group, "phase", identifier, words(identifier))
            if covered is not None:
                _warm(group, entered.get(identifier, 0))
        elif "edge" in kinds and identifier in arrows:
            arrow = arrows[identifier]
            said = f"{words(arrow.source)} to {words(arrow.target)}: {', '.join(map(words, arrow.events))}"
            _choosable(group, "arrow", identifier, said)
            if covered is not None:
                _warm(group, sum(times.get(t, 0) for t in arrow.transitions))
        elif "edge" not in kinds and "cluster" not in kinds:
            continue
        for text in group.iter(f"{{{_SVG}}}text"):
            _fit(text, group)
    for parent in list(root.iter()):  # the legend is that of the drawing in its own colours
        for child in parent.findall(f"{{{_SVG}}}g"):
            title = child.findtext(f"{{{_SVG}}}title") or ""
            if title == "cluster_legend" or title.startswith("legend_"):
                parent.remove(child)
    for link in root.iter(f"{{{_SVG}}}a"):
        link.attrib.pop(_LINK, None)  # the browser would show it over the panel
    for parent in list(root.iter()):
        for child in parent.findall(f"{{{_SVG}}}title"):
            parent.remove(child)
    root.attrib |= {"role": "group", "aria-label": f"The {efsm.profile} lifecycle", "class": "map"}
    for size in ("width", "height"):
        root.attrib.pop(size, None)
    ElementTree.register_namespace("", _SVG)
    return ElementTree.tostring(root, encoding="unicode")


def _choosable(group: ElementTree.Element, kind: str, name: str, said: str) -> None:
    group.attrib |= {f"data-{kind}": name, "tabindex": "0", "role": "button", "aria-label": said}


def _warm(group: ElementTree.Element, times: int) -> None:
    group.attrib["class"] += f" heat-{heat(times)}"
    group.attrib["aria-label"] += f", {times} times"


def _fit(text: ElementTree.Element, group: ElementTree.Element) -> None:
    """Give a text the width for which the drawing was made, whatever font there is: it stays in its box."""
    size = float(text.get("font-size", "10"))
    width = len((text.text or "").strip()) * size * _MEAN_WIDTH
    outline = group.find(f".//{{{_SVG}}}path")
    if "node" in group.get("class", "") and text.get("text-anchor") == "start" and outline is not None:
        across = [float(x) for x in re.findall(r"(-?[\d.]+),-?[\d.]+", outline.get("d", ""))]
        middle = (min(across) + max(across)) / 2
        width = 2 * (middle - float(text.get("x", "0")))
    text.attrib |= {"textLength": f"{width:.1f}", "lengthAdjust": "spacingAndGlyphs"}


@cache
def _drawn(graph: StateGraph) -> str:
    return render_svg(to_dot(graph))


def told(efsm: Efsm, covered: Covered) -> dict[str, Any]:
    """What the page tells of phases and arrows, as plain data.

    transitions: all of them, in the order of the lifecycle. phases: name -> its facts, with the numbers of the
    transitions that begin there. arrows: id -> the numbers of those that it stands for.
    """
    graph = state_graph(efsm)
    numbers = {transition.id: number for number, transition in enumerate(efsm.transitions)}
    entered = _entered(efsm, covered)
    leaving: dict[str, list[int]] = {}
    for transition in efsm.transitions:
        leaving.setdefault(transition.source, []).append(numbers[transition.id])
    return {
        "transitions": [_transition(transition, covered) for transition in efsm.transitions],
        "phases": {
            node.name: _phase(node, entered.get(node.name, 0)) | {"transitions": leaving.get(node.name, [])}
            for node in graph.nodes
        },
        "arrows": {
            _arrow_id(arrow): {
                "title": f"{words(arrow.source)} → {words(arrow.target)}",
                "transitions": [numbers[identifier] for identifier in arrow.transitions],
            }
            for arrow in graph.arrows
        },
        "requirements": {
            one.id: {"sentence": one.sentence, "evidence": one.evidence.value} for one in CATALOGUE.values()
        },
    }


def _phase(node: Node, entered: int) -> dict[str, Any]:
    facts = ["steady: nothing happens until somebody asks" if node.steady else "transitional: a job runs"]
    if node.group is None:
        facts = ["a state of the test failover, in parallel to the phases"]
    if node.serving is not None:
        facts.append(f"serves: {words(node.serving)}")
    if node.replicating is not None:
        facts.append(f"replicates: {words(node.replicating)}")
    return {"title": words(node.name), "facts": facts, "entered": entered}


def _transition(transition: Transition, covered: Covered) -> dict[str, Any]:
    return {
        "event": words(transition.event),
        "operation": transition.event in set(Operation),
        "source": transition.source,
        "target": transition.target,
        "to": words(transition.target),
        "when": "" if transition.guard == "True" else condition_in_words(transition.guard),
        "refusable": "" if transition.may_refuse == "False" else condition_in_words(transition.may_refuse),
        "requirements": list(transition.requirements),
        "times": covered.times.get(transition.id, 0),
        "why": covered.not_taken.get(transition.id, ""),
    }


def _entered(efsm: Efsm, covered: Covered) -> Mapping[str, int]:
    """How often each phase and drill state was come to."""
    found: dict[str, int] = {}
    for transition in efsm.transitions:
        if transition.source != transition.target:
            found[transition.target] = found.get(transition.target, 0) + covered.times.get(transition.id, 0)
    return found


def _arrow_id(arrow: Arrow) -> str:
    return re.sub(r"\s", "_", f"{arrow.source}--{arrow.target}--{arrow.kind}")
