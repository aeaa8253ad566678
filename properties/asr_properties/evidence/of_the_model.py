"""The model as evidence: how its states look, and its steps."""

from __future__ import annotations

from typing import Any

from asr_model.efsm import Efsm, Event
from asr_model.listed_operations import listed
from asr_model.state import State
from asr_model.stepper import Stepper
from asr_model.vocabulary import Answer
from asr_properties.evidence.observation import Observation
from asr_properties.evidence.step import Step, words_of
from asr_properties.evidence.unknown import UNKNOWN


class ModelObservations:
    """What an implementation in a state of the model would show; states that look the same share one observation."""

    def __init__(self, stepper: Stepper) -> None:
        self._stepper = stepper
        self._efsm: Efsm = stepper.efsm
        self._of_state: dict[State, Observation] = {}
        self._shared: dict[tuple[Any, ...], Observation] = {}

    def of(self, state: State) -> Observation:
        """What would be seen in this state. `allowed` holds what is listed for certain, as others may be missing;
        it is UNKNOWN while the list is free (contract 2)."""
        if state not in self._of_state:
            facts = self._efsm.phases[state.phase]
            look = Observation(
                phase=state.phase,
                drill=state.drill,
                serving=UNKNOWN if facts.serving is None else facts.serving,
                replicating=UNKNOWN if facts.replicating is None or state.failback_failed else facts.replicating,
                allowed=UNKNOWN if state.resynchronizing else listed(self._stepper, state).certain,
                points=state.points if facts.lists_points else UNKNOWN,
                on_premises=_power(state.on_premises),
                azure=_power(state.azure),
            )
            key = tuple("unknown" if value is UNKNOWN else value for value in look)
            self._of_state[state] = self._shared.setdefault(key, look)
        return self._of_state[state]

    def step(self, before: State, event: Event, response: Answer | None, after: State, holds: frozenset[str]) -> Step:
        """One step of the model."""
        return Step(
            event.name,
            response,
            **words_of(dict(event.arguments)),
            seconds=None,
            surroundings=holds,
            was=self.of(before),
            now=self.of(after),
        )


def _power(value: str) -> Any:
    return UNKNOWN if value == "unspecified" else value
