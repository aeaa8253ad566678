"""A lifecycle as an implementation of itself would run it: the stepper, or a mutant of it.

Pure: a state goes in, a step comes out. What the facts leave open is told, not decided.
"""

from __future__ import annotations

from functools import cached_property
from typing import NamedTuple

from asr_model.efsm import Efsm, Event
from asr_model.mutants.mutant import Mutant
from asr_model.state import State
from asr_model.stepper import Stepper, Surroundings
from asr_model.vocabulary import JobEnd, Operation


class MachineState(NamedTuple):
    """A state of a machine. visits: how often a mutant's place was left, as far as that matters to it."""

    state: State
    visits: int = 0


class MachineStep(NamedTuple):
    """What an event does. is_taken: whether anything is done; if not, an operation is refused and a happening is
    impossible. ends: how the running job ends with it; of an operation, its own job, at once. may_refuse: whether it
    may as well be refused. is_told: whether an operation is answered as accepted."""

    is_taken: bool
    after: MachineState
    ends: JobEnd | None = None
    may_refuse: bool = False
    is_told: bool = True


class Machine:
    """Runs the lifecycle of a stepper, with the mistake of a mutant in it if there is one.

    Attributes:
        right: the stepper without the mistake.
    """

    def __init__(self, stepper: Stepper, mutant: Mutant | None = None) -> None:
        self.right = self._wrong = stepper
        self.mutant = mutant
        if mutant is not None and mutant.event is not None:
            self._wrong = stepper.changed(mutant.applied(stepper.efsm))
        self.initial = MachineState(stepper.initial)
        self.events = stepper.events
        self._acceptable: dict[tuple[State, bool], tuple[frozenset[str], frozenset[str]]] = {}

    @property
    def efsm(self) -> Efsm:
        """The lifecycle; what is declared of its states is the same with a mistake in it."""
        return self.right.efsm

    @cached_property
    def stepped(self) -> Stepper:
        """The stepper that has the mistake in it."""
        return self._wrong

    def step(self, at: MachineState, event: Event, surroundings: Surroundings) -> MachineStep:
        """What `event` does."""
        mutant, state = self.mutant, at.state
        outcome = self._stepper(at).step(state, event, surroundings)
        transition = outcome.transition
        if transition is None:
            feigned = mutant.feigned if mutant is not None else None
            if feigned is not None and (feigned.phase, feigned.operation) == (state.phase, event.name):
                return MachineStep(True, at, JobEnd.SUCCEEDED)
            return MachineStep(False, at)
        is_told = mutant is None or mutant.hushed != transition.id
        return MachineStep(True, self._after(at, outcome.state), transition.ends, outcome.may_refuse, is_told)

    def is_busy(self, state: State) -> bool:
        """Whether a job runs: the phase or the drill is one that must be left, or a resynchronization goes on."""
        efsm = self.efsm
        runs_drill = efsm.drills[state.drill].settles_within is not None
        return not efsm.phases[state.phase].steady or runs_drill or state.resynchronizing

    def acceptable(self, at: MachineState) -> tuple[frozenset[str], frozenset[str]]:
        """The operations that are accepted with some arguments while nothing is wrong; and those of them that may be
        refused even so, whatever the arguments."""
        stepper = self._stepper(at)
        key = (at.state, stepper is self._wrong)
        found = self._acceptable.get(key)
        if found is None:
            outcomes = [(event.name, stepper.step(at.state, event)) for event in _listable(stepper)]
            accepted = {name for name, outcome in outcomes if outcome.transition is not None}
            certain = {name for name, o in outcomes if o.transition is not None and not o.may_refuse}
            found = self._acceptable[key] = frozenset(accepted), frozenset(accepted - certain)
        return found

    def _stepper(self, at: MachineState) -> Stepper:
        mutant = self.mutant
        return self._wrong if mutant is None or at.visits >= mutant.visits else self.right

    def _after(self, at: MachineState, state: State) -> MachineState:
        """Count the visits to the mutant's place that have ended."""
        mutant = self.mutant
        if mutant is None or at.visits == mutant.visits:
            return MachineState(state, at.visits)
        left = mutant.place in at.state[:2] and mutant.place not in state[:2]
        return MachineState(state, at.visits + left)


def _listable(stepper: Stepper) -> list[Event]:
    return [event for event in stepper.events if event.is_operation and event.name != Operation.CANCEL_JOB]
