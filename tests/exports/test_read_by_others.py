"""Other readers find the same machine in what is exported: python-statemachine, AALpy, networkx, jsonschema."""

from __future__ import annotations

import json
import re
from collections import Counter
from xml.etree import ElementTree

import jsonschema
import networkx as nx
import pydantic
import pytest
from aalpy.utils.FileHandler import load_automaton_from_file
from statemachine.exceptions import TransitionNotAllowed
from statemachine.io import load
from statemachine.orderedset import OrderedSet

from asr_model.efsm import extract
from asr_model.lts import subsets
from asr_model.profiles import CHARTS, efsm, lts, stepper
from asr_model.state import State
from asr_properties.exports import json_document
from asr_properties.exports.graphs import input_of, output_of, to_aut, to_dot, to_graphml
from asr_properties.exports.json_document import read_json, to_json
from asr_properties.exports.scxml import to_scxml
from exports.machines import broken, declared

PROFILES = pytest.mark.parametrize("profile", CHARTS)
ONE_SOON = pytest.mark.parametrize("profile", ["modernized", pytest.param("classic", marks=pytest.mark.long)])


class Interpreter:
    """python-statemachine's interpreter of SCXML, put into any state."""

    def __init__(self, text):
        chart = load(text, format="scxml")
        chart.allow_event_without_transition = False
        self._machine = chart()
        self.start = State(*(getattr(self._machine.model, name) for name in State._fields))

    def step(self, state, event, surroundings, known):
        """The state that an event leads to, None where the chart does not allow it."""
        machine = self._machine
        machine.current_state_value = OrderedSet(["item", "lifecycle", "drills", state.phase, state.drill])
        for name, value in state._asdict().items():
            setattr(machine.model, name, value)
        for name in known:
            setattr(machine.model, name, name in surroundings)
        try:
            machine.send(event.name, **dict(event.arguments))
        except TransitionNotAllowed:
            return None
        active = {str(value) for value in machine.configuration_values}
        reached = State(*(getattr(machine.model, name) for name in State._fields))
        assert active == {"item", "lifecycle", "drills", reached.phase, reached.drill}
        return reached


def departures(machine, compiled):
    """Where the interpreted chart does something else than the stepper."""
    interpreter = Interpreter(to_scxml(machine))
    assert interpreter.start == machine.efsm.initial
    for state in lts(machine.efsm.profile).states:
        for event in compiled.events:
            for surroundings in subsets(compiled.relevant(state, event)):
                outcome = compiled.step(state, event, surroundings)
                expected = None if outcome.transition is None else outcome.state
                if interpreter.step(state, event, surroundings, machine.surroundings) != expected:
                    yield state, event, surroundings


@ONE_SOON
def test_the_chart_read_back_steps_as_the_model_does_everywhere(profile):
    assert next(departures(declared(profile), stepper(profile)), None) is None


def test_another_chart_steps_otherwise():
    assert next(departures(broken("modernized", "commit_deletes_other_points"), stepper("modernized")), None)


@PROFILES
def test_a_document_is_read_back_to_an_equal_machine_and_fits_its_schema(profile):
    text = to_json(declared(profile))
    assert read_json(text) == efsm(profile) == extract(CHARTS[profile])
    jsonschema.validate(json.loads(text), json_document.schema())


def test_what_is_no_such_document_is_refused():
    document = json.loads(to_json(declared("modernized")))
    document["efsm"]["transitions"][0]["guard"] = 1
    with pytest.raises(pydantic.ValidationError, match="guard"):
        read_json(json.dumps(document))
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(document, json_document.schema())


@PROFILES
@pytest.mark.filterwarnings("ignore")
def test_aalpy_reads_the_same_machine(profile, tmp_path):
    path = tmp_path / "lifecycle.dot"
    path.write_text(to_dot(declared(profile)), encoding="utf-8")
    read = load_automaton_from_file(path, "onfsm")
    graph = lts(profile)
    assert (read.initial_state.state_id, read.size) == ("s0 not_replicated", len(graph.states))
    found = Counter(
        (state.state_id.split()[0], asked, answer, target.state_id.split()[0])
        for state in read.states
        for asked, ways in state.transitions.items()
        for answer, target in ways
    )
    assert found == Counter((f"s{e.source}", input_of(e), output_of(e), f"s{e.target}") for e in graph.edges)


@PROFILES
def test_aldebaran_lines_hold_every_step(profile):
    head, *lines = to_aut(declared(profile)).splitlines()
    graph = lts(profile)
    edges = list(graph.edges)
    assert head == f"des (0, {len(edges)}, {len(graph.states)})"
    read = [re.fullmatch(r'\((\d+), "([^"]+) / (\w+)", (\d+)\)', line).groups() for line in lines]
    assert read == [(str(e.source), input_of(e), output_of(e), str(e.target)) for e in edges]


@ONE_SOON
def test_networkx_reads_the_same_graph(profile):
    read = nx.parse_graphml(to_graphml(declared(profile)), force_multigraph=True)
    graph = lts(profile)
    assert [State(**read.nodes[f"s{number}"]) for number in range(len(read))] == list(graph.states)
    found = Counter((a, b, data["event"], data["answer"], data["transition"]) for a, b, data in read.edges(data=True))
    assert found == Counter(
        (f"s{e.source}", f"s{e.target}", input_of(e), output_of(e), e.transition.id if e.transition else "")
        for e in graph.edges
    )


@PROFILES
def test_the_chart_is_well_formed_and_tells_where_it_comes_from(profile):
    text = to_scxml(declared(profile))
    transitions = ElementTree.fromstring(text).iter("{http://www.w3.org/2005/07/scxml}transition")
    assert len(list(transitions)) == len(efsm(profile).transitions)
    assert "<!-- R07, X21; may be refused where impaired -->" in text
