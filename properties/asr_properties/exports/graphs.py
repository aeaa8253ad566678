"""The enumerated graph of states: `.aut` (Aldebaran), DOT as automata tools read it, GraphML.

An edge is one step of the model: an event with its arguments, the surroundings it depends on, and the answer.
"""

from __future__ import annotations

from collections.abc import Iterator

from asr_model.lts import Edge
from asr_properties.exports.machine import Machine
from asr_properties.specification.rule import Rule
from asr_reports.dot_syntax import attributes

HAPPENED = "happened"
"""The output of an event that nobody asked for."""


def to_aut(machine: Machine, properties: tuple[Rule, ...] = ()) -> str:
    """Aldebaran's format: `des (first, transitions, states)`, then a line for each transition."""
    edges = list(machine.lts.edges)
    lines = [f"des (0, {len(edges)}, {machine.states})"]
    lines += [f'({edge.source}, "{input_of(edge)} / {output_of(edge)}", {edge.target})' for edge in edges]
    return "\n".join(lines) + "\n"


def to_dot(machine: Machine, properties: tuple[Rule, ...] = ()) -> str:
    """DOT with a label `input/output` on each edge, which AALpy reads as an observably nondeterministic machine."""
    return "\n".join(_dot(machine)) + "\n"


def to_graphml(machine: Machine, properties: tuple[Rule, ...] = ()) -> str:
    """GraphML with the variables of each state, and event, answer, surroundings and requirements of each step."""
    import networkx as nx  # it takes 0.2 s, which few commands need

    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph(profile=machine.efsm.profile)
    for number, state in enumerate(machine.lts.states):
        graph.add_node(f"s{number}", **state._asdict())
    for edge in machine.lts.edges:
        graph.add_edge(
            f"s{edge.source}",
            f"s{edge.target}",
            event=input_of(edge),
            answer=output_of(edge),
            surroundings=" ".join(sorted(edge.surroundings)),
            transition="" if edge.transition is None else edge.transition.id,
            requirements=" ".join(edge.requirements),
        )
    return "\n".join(nx.generate_graphml(graph)) + "\n"


def input_of(edge: Edge) -> str:
    """What is done: the event with its arguments, and the surroundings among those it depends on that hold."""
    inside = ",".join(f"{name}={value}" for name, value in edge.event.arguments)
    asked = f"{edge.event.name}({inside})" if inside else str(edge.event.name)
    return f"{asked}[{','.join(sorted(edge.surroundings))}]" if edge.surroundings else asked


def output_of(edge: Edge) -> str:
    """How it is answered."""
    return HAPPENED if edge.response is None else edge.response.value


def _dot(machine: Machine) -> Iterator[str]:
    yield "digraph lifecycle {"
    for number, state in enumerate(machine.lts.states):
        yield f"s{number} {attributes({'label': f's{number} {state.phase}'})};"
    for edge in machine.lts.edges:
        label = attributes({"label": f"{input_of(edge)}/{output_of(edge)}"})
        yield f"s{edge.source} -> s{edge.target} {label};  // {', '.join(edge.requirements)}"
    yield '__start0 [label="", shape="none"];'
    yield '__start0 -> s0 [label=""];'
    yield "}"
