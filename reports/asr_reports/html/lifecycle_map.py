"""The state graph in a page: the drawing, and what a phase and an arrow have to tell when they are chosen."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from functools import cache
from typing import Any

from asr_model.efsm import Efsm, Transition
from asr_model.requirements import CATALOGUE
from asr_model.vocabulary import Operation
from asr_reports.dot import to_dot
from asr_reports.guards_in_words import condition_in_words, words
from asr_reports.judged_run import Covered
from asr_reports.marks import entered, heat
from asr_reports.state_graph import Node, StateGraph, state_graph
from asr_reports.svg import SVG, XLINK, RendererMissing, RenderingFailed, laid_out, written


def drawing(efsm: Efsm, covered: Covered | None) -> str:
    """The graph as an `svg` element with a class for the heat of each phase and arrow; empty where nothing can draw.

    covered: None where nothing was counted, and there is no heat.
    """
    graph = state_graph(efsm)
    try:
        root = ElementTree.fromstring(_drawn(graph))
    except (RendererMissing, RenderingFailed):
        return ""
    come_to = {} if covered is None else entered(efsm, covered.times)
    times = {} if covered is None else covered.times
    arrows = {arrow.id: arrow for arrow in graph.arrows}
    nodes = {node.name: node for node in graph.nodes}
    for group in root.iter(f"{SVG}g"):
        identifier = group.attrib.pop("id", "")
        kinds = group.get("class", "").split()
        if "node" in kinds and identifier in nodes:
            _choosable(group, "phase", identifier, words(identifier))
            if covered is not None:
                _warm(group, come_to.get(identifier, 0))
        elif "edge" in kinds and identifier in arrows:
            arrow = arrows[identifier]
            said = f"{words(arrow.source)} to {words(arrow.target)}: {', '.join(map(words, arrow.events))}"
            _choosable(group, "arrow", identifier, said)
            if covered is not None:
                _warm(group, sum(times.get(t, 0) for t in arrow.transitions))
    for link in root.iter(f"{SVG}a"):
        link.attrib.pop(f"{XLINK}title", None)  # the browser would show it over the panel
    for parent in list(root.iter()):
        for child in parent.findall(f"{SVG}title"):
            parent.remove(child)
    root.attrib |= {"role": "group", "aria-label": f"The {efsm.profile} lifecycle", "class": "map"}
    for size in ("width", "height"):
        root.attrib.pop(size, None)
    return written(root)


def _choosable(group: ElementTree.Element, kind: str, name: str, said: str) -> None:
    group.attrib |= {f"data-{kind}": name, "tabindex": "0", "role": "button", "aria-label": said}


def _warm(group: ElementTree.Element, times: int) -> None:
    group.attrib["class"] += f" heat-{heat(times)}"
    group.attrib["aria-label"] += f", {times} times"


@cache
def _drawn(graph: StateGraph) -> str:
    return written(laid_out(to_dot(graph, legend=False)))


def told(efsm: Efsm, covered: Covered) -> dict[str, Any]:
    """What the page tells of phases and arrows, as plain data.

    transitions: all of them, in the order of the lifecycle. phases: name -> its facts, with the numbers of the
    transitions that begin there. arrows: id -> the numbers of those that it stands for.
    """
    graph = state_graph(efsm)
    numbers = {transition.id: number for number, transition in enumerate(efsm.transitions)}
    come_to = entered(efsm, covered.times)
    leaving: dict[str, list[int]] = {}
    for transition in efsm.transitions:
        leaving.setdefault(transition.source, []).append(numbers[transition.id])
    return {
        "transitions": [_transition(transition, covered) for transition in efsm.transitions],
        "phases": {
            node.name: {
                "title": words(node.name),
                "facts": facts_of(node),
                "entered": come_to.get(node.name, 0),
                "transitions": leaving.get(node.name, []),
            }
            for node in graph.nodes
        },
        "arrows": {
            arrow.id: {
                "title": f"{words(arrow.source)} → {words(arrow.target)}",
                "transitions": [numbers[identifier] for identifier in arrow.transitions],
            }
            for arrow in graph.arrows
        },
        "requirements": {
            one.id: {"sentence": one.sentence, "evidence": one.evidence.value} for one in CATALOGUE.values()
        },
    }


def facts_of(node: Node) -> list[str]:
    """What is known of a phase or drill state."""
    facts = ["steady: nothing happens until somebody asks" if node.steady else "transitional: a job runs"]
    if node.group is None:
        facts = ["a state of the test failover, in parallel to the phases"]
    if node.serving is not None:
        facts.append(f"serves: {words(node.serving)}")
    if node.replicating is not None:
        facts.append(f"replicates: {words(node.replicating)}")
    return facts


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
