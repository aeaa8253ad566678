"""Two executions of one declaration: the python-statemachine engine and the compiled step agree everywhere."""

from __future__ import annotations

from asr_model.lifecycle.modernized import Modernized
from asr_model.lts import subsets
from asr_model.profiles import lts, stepper
from model.engine import Engine


def test_the_engine_and_the_step_agree_in_every_reachable_state_on_every_event():
    engine, compiled, graph = Engine(Modernized), stepper(), lts()
    compared = 0
    for state in graph.states:
        for event in compiled.events:
            for surroundings in subsets(compiled.relevant(state, event)):
                outcome = compiled.step(state, event, surroundings)
                expected = None if outcome.transition is None else outcome.state
                assert engine.step(state, event, surroundings) == expected, (state, event, surroundings)
                compared += 1
    assert compared >= len(graph.states) * len(compiled.events)


def test_the_engine_starts_where_the_step_starts():
    machine = Modernized()
    assert (machine.phase, machine.drill) == stepper().initial[:2]
