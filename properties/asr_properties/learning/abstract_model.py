"""The model at the learner's abstraction: what it may answer to an input, and how the item may look then."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from typing import NamedTuple

from asr_model.closure import closure_of
from asr_model.efsm import Event
from asr_model.state import State
from asr_model.stepper import UNDISTURBED, Stepper
from asr_properties.learning.abstraction import NOTHING_TO_NAME, Look, Output
from asr_properties.oracle.matching import Matcher

FIELDS = {
    "phase": "phase",
    "drill": "drill",
    "active_site": "serving",
    "replicating": "replicating",
    "profile_instance": "instance",
    "allowed_operations": "allowed",
    "recovery_points": "points",
    "on_premises machine": "on_premises",
    "azure machine": "azure",
}
"""The fields of a look by the names that the oracle gives them."""

States = frozenset[State]
"""States at rest that the item may be in, as far as was seen."""


class Allowed(NamedTuple):
    """One thing that the model allows: the answer, and the state at rest that follows. requirements: of the transition,
    or of the refusal."""

    answer: str
    state: State
    requirements: tuple[str, ...]

    def __str__(self) -> str:
        drill = "" if self.state.drill == "no_drill" else f", {self.state.drill}"
        return f"{self.answer}  [{self.state.phase}{drill}]"


class AbstractModel:
    """The model of a profile, asked as a learner asks: with nothing wrong, and waiting until the item is at rest."""

    def __init__(self, stepper: Stepper) -> None:
        self.stepper = stepper
        self._closure = closure_of(stepper)
        self._matcher = Matcher(stepper)
        self._allowed: dict[tuple[State, Event], tuple[Allowed, ...]] = {}

    @property
    def initial(self) -> States:
        """A fresh item."""
        return frozenset({self.stepper.initial})

    def allowed(self, state: State, event: Event) -> tuple[Allowed, ...]:
        """All that may follow an input."""
        key = (state, event)
        found = self._allowed.get(key)
        if found is None:
            found = self._allowed[key] = tuple(dict.fromkeys(self._find(state, event)))
        return found

    def after(self, states: States, event: Event, output: Output) -> States:
        """The states that agree with an output; none if the model does not allow it."""
        seen = output.look.as_observation
        return frozenset(
            allowed.state
            for state in states
            for allowed in self.allowed(state, event)
            if allowed.answer == output.answer and self._matcher.agrees(allowed.state, seen, UNDISTURBED)
        )

    def nearest(self, look: Look, states: Iterable[State]) -> tuple[States, frozenset[str]]:
        """Those of `states` at rest that look most like this, in the same phase; and the fields that differ even so."""
        near: dict[frozenset[str], set[State]] = {}
        for state in states:
            if state.phase == look.phase and self._is_at_rest(state):
                found = self._matcher.differences(state, look.as_observation, UNDISTURBED)
                near.setdefault(frozenset(FIELDS[name] for name, _, _ in found), set()).add(state)
        if not near:
            return frozenset(), frozenset()
        fields = min(near, key=lambda found: (len(found), sorted(found)))
        return frozenset(near[fields]), fields

    def differing(self, state: State, look: Look) -> list[str]:
        """How a look differs from a state, field by field."""
        found = self._matcher.differences(state, look.as_observation, UNDISTURBED)
        return [f"{field}: {seen} (allowed: {right})" for field, right, seen in found]

    def walks(self, inputs: tuple[Event, ...]) -> list[tuple[Event, ...]]:
        """The shortest inputs that lead the model to each of its states at rest, where it is kind."""
        came: dict[State, tuple[Event, ...]] = {self.stepper.initial: ()}
        todo = deque([self.stepper.initial])
        while todo:
            here = todo.popleft()
            for event in inputs:
                for allowed in self.allowed(here, event):
                    if allowed.state not in came:
                        came[allowed.state] = (*came[here], event)
                        todo.append(allowed.state)
        return list(came.values())

    def _find(self, state: State, event: Event) -> list[Allowed]:
        outcome = self.stepper.step(state, event)
        found: list[Allowed] = []
        if dict(event.arguments).get("recovery_point") in ("listed", "in_use"):
            found += [Allowed(NOTHING_TO_NAME, rest, ()) for rest in self._rests(state)]
        if outcome.transition is not None:
            rules = outcome.transition.requirements
            found += [Allowed("accepted", rest, rules) for rest in self._rests(outcome.state)]
        if outcome.transition is None or outcome.may_refuse:
            why = self.stepper.why_refused(state, event)
            found += [Allowed("refused", rest, why) for rest in self._rests(state)]
        return found

    def _rests(self, state: State) -> list[State]:
        reached = (one.state for one in self._closure.after(state, UNDISTURBED))
        return [state for state in reached if self._is_at_rest(state)]

    def _is_at_rest(self, state: State) -> bool:
        efsm = self.stepper.efsm
        moves = efsm.phases[state.phase].settles_within is not None
        return not moves and efsm.drills[state.drill].settles_within is None and not state.resynchronizing
