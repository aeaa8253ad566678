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

from asr_model.efsm import extract
from asr_model.profiles import CHARTS, efsm, lts, stepper
from asr_model.state import State
from asr_properties.exports import json_document
from asr_properties.exports.graphs import input_of, output_of, to_aut, to_dot, to_graphml
from asr_properties.exports.json_document import read_json, to_json
from asr_properties.exports.kiss2 import machine_of, to_kiss2
from asr_properties.exports.scxml import to_scxml
from checkers.interpreter import departures
from checkers.machines import broken, declared
from suites.kiss2 import read_kiss2

PROFILES = pytest.mark.parametrize("profile", CHARTS)
ONE_SOON = pytest.mark.parametrize("profile", ["modernized", pytest.param("classic", marks=pytest.mark.long)])


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
def test_aalpy_has_the_same_deterministic_machine_of_kiss2(profile):
    text = to_kiss2(declared(profile))
    read, machine = read_kiss2(text), machine_of(declared(profile))
    told = dict(re.findall(r"^# input (\d+): (.*)$", text, re.MULTILINE))
    assert list(told.values()) == list(map(str, machine.inputs))
    codes, names = list(told), dict(re.findall(r"^# output (\d+): (.*)$", text, re.MULTILINE))
    assert len(set(names.values())) == len(names) == len({s.output for steps in machine.steps for s in steps.values()})
    assert read.initial_state.state_id == "s0"
    states = {state.state_id: state for state in read.states}
    meaning = {}
    for number, steps in enumerate(machine.steps):
        state = states[f"s{number}"]
        assert set(state.transitions) == {codes[given] for given in steps}
        for given, step in steps.items():
            assert state.transitions[codes[given]].state_id == f"s{step.target}"
            assert meaning.setdefault(state.output_fun[codes[given]], step.output) == step.output


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
