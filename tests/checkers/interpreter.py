"""python-statemachine's own reader and interpreter of SCXML, compared with the stepper."""

from __future__ import annotations

from statemachine.exceptions import TransitionNotAllowed
from statemachine.io import load
from statemachine.orderedset import OrderedSet

from asr_model.lts import subsets
from asr_model.profiles import lts
from asr_model.state import State
from asr_properties.exports.scxml import to_scxml


class Interpreter:
    """An exported chart, put into any state."""

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
    """Where the interpreted chart does something else than the stepper: state, event, surroundings."""
    interpreter = Interpreter(to_scxml(machine))
    assert interpreter.start == machine.efsm.initial
    for state in lts(machine.efsm.profile).states:
        for event in compiled.events:
            for surroundings in subsets(compiled.relevant(state, event)):
                outcome = compiled.step(state, event, surroundings)
                expected = None if outcome.transition is None else outcome.state
                if interpreter.step(state, event, surroundings, machine.surroundings) != expected:
                    yield state, event, surroundings
