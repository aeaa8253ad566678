"""Two executions of one declaration: the python-statemachine engine and the compiled step agree everywhere."""

from __future__ import annotations

import pytest

from asr_model.lts import subsets
from asr_model.profiles import CHARTS, lts, stepper
from model.engine import Engine


@pytest.mark.parametrize("profile", CHARTS)
def test_the_engine_and_the_step_agree_in_every_reachable_state_on_every_event(profile):
    engine, compiled, graph = Engine(CHARTS[profile]), stepper(profile), lts(profile)
    compared = 0
    for state in graph.states:
        for event in compiled.events:
            for surroundings in subsets(compiled.relevant(state, event)):
                outcome = compiled.step(state, event, surroundings)
                expected = None if outcome.transition is None else outcome.state
                assert engine.step(state, event, surroundings) == expected, (state, event, surroundings)
                compared += 1
    assert compared >= len(graph.states) * len(compiled.events)


@pytest.mark.parametrize("profile", CHARTS)
def test_the_engine_starts_where_the_step_starts(profile):
    machine = CHARTS[profile]()
    assert (machine.phase, machine.drill) == stepper(profile).initial[:2]
