"""What can happen by itself: the states that happenings lead to from a state while time passes."""

from __future__ import annotations

from collections.abc import Set
from functools import cache
from typing import NamedTuple

from asr_model.efsm import Event
from asr_model.lts import subsets
from asr_model.state import State
from asr_model.stepper import Stepper
from asr_model.vocabulary import JobEnd


class Reached(NamedTuple):
    """A state that happenings lead to. `ends`: how the jobs that ran on the way ended, in order.

    certain: the ids of the transitions that every way to this state takes.
    """

    state: State
    ends: tuple[JobEnd, ...]
    certain: frozenset[str]


@cache
def closure_of(stepper: Stepper) -> Closure:
    """The closure of a stepper, shared by all oracles of it: what it worked out once serves them all."""
    return Closure(stepper)


class Closure:
    """Works out what happenings lead to, once for each state and surroundings.

    surroundings None: not known, so anything may be wrong at any moment (recordings).
    """

    def __init__(self, stepper: Stepper) -> None:
        self._stepper = stepper
        self._happenings = tuple(event for event in stepper.events if not event.is_operation)
        self._ageing = frozenset(event for event in self._happenings if event.name.endswith("_pruned"))
        self._known_at_once: dict[tuple[State, frozenset[str]], tuple[Reached, ...]] = {}
        self._known: dict[tuple[State, frozenset[str] | None], tuple[Reached, ...]] = {}

    def after(self, state: State, surroundings: Set[str] | None) -> tuple[Reached, ...]:
        """Every state that can follow, the state itself included."""
        key = (state, None if surroundings is None else frozenset(surroundings))
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = self._explore(state, key[1])
        return found

    def at_once(self, state: State, surroundings: Set[str]) -> tuple[Reached, ...]:
        """Every state that can follow in no time: jobs may end at once, but recovery points do not age.

        One that is only just made may be gone at once: retention may keep none (contract 11).
        """
        key = (state, frozenset(surroundings))
        found = self._known_at_once.get(key)
        if found is None:
            found = self._known_at_once[key] = self._explore(state, key[1], at_once=True)
        return found

    def _explore(
        self, start: State, surroundings: frozenset[str] | None, *, at_once: bool = False
    ) -> tuple[Reached, ...]:
        # Certain transitions are a greatest fixed point: what is common to all ways into a state.
        origin: tuple[State, tuple[JobEnd, ...]] = (start, ())
        certain: dict[tuple[State, tuple[JobEnd, ...]], frozenset[str]] = {origin: frozenset()}
        todo = [origin]
        while todo:
            here = todo.pop()
            state, ends = here
            for event in self._happenings:
                if at_once and event in self._ageing and state.points == start.points:
                    continue
                for holds in [surroundings] if surroundings is not None else self.possible(state, event):
                    outcome = self._stepper.step(state, event, holds)
                    if outcome.transition is None:
                        continue
                    ended = (*ends, outcome.transition.ends) if outcome.transition.ends else ends
                    there = (outcome.state, ended)
                    ways = certain[here] | {outcome.transition.id}
                    known = certain.get(there)
                    common = ways if known is None else known & ways
                    if common != known:
                        certain[there] = common
                        todo.append(there)
        return tuple(Reached(state, ends, ways) for (state, ends), ways in certain.items())

    def possible(self, state: State, event: Event) -> list[frozenset[str]]:
        """Every combination of the surroundings that the outcome of `event` may depend on."""
        return list(subsets(self._stepper.relevant(state, event)))
