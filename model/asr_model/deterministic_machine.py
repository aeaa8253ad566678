"""The lifecycle as one deterministic Mealy machine: the observable machine, with everything that is open resolved.

Suites that are complete are made for deterministic machines, and the observable machine is not one: the facts leave
outcomes open. So one of them is taken everywhere, by these rules:

- An operation that may be done or refused is done, and what need not be offered is offered.
- Nothing fails unless something is wrong. Then it does, in the first way that is declared; a task that something wrong
  only makes go otherwise goes otherwise.
- While a job runs, time passes until it has ended. Else time passes until one thing has happened.
- Recovery points are made and stay; no app-consistent one is made.

Every step of the machine is a move of the observable machine, or time that changes nothing. What an input does is not
defined where a tester cannot do it, or it tells nothing: cancel a running job where none runs, name a recovery point
where none is listed, pass time with a fault on which nothing depends that can happen in the phase. What is seen is what
the facts say for certain; the power of a machine in those phases only in which it is never left open.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from functools import cache
from typing import NamedTuple

from asr_model import expressions
from asr_model.efsm import Event
from asr_model.listed_operations import LISTABLE
from asr_model.machine import Machine, MachineState, MachineStep
from asr_model.observable_machine import CANCEL_RUNNING, Input, Sort
from asr_model.state import State
from asr_model.stepper import UNDISTURBED, Stepper
from asr_model.suites.mealy import Mealy, explored
from asr_model.vocabulary import Answer, JobEnd, Site

NEVER = ("app_consistent_point_created", "app_consistent_points_pruned", "recovery_points_pruned")
"""What happens to recovery points and is left out."""


class Shown(NamedTuple):
    """What is answered and then seen. answer: None where time passed. ends: how jobs ended meanwhile. look: the fields
    that are told for certain, each with its value."""

    answer: Answer | None
    ends: tuple[JobEnd, ...]
    look: tuple[tuple[str, Hashable], ...]

    def __str__(self) -> str:
        look = dict(self.look)
        drill = [] if look.get("drill") in (None, "no_drill") else [str(look["drill"])]
        told = [str(self.answer)] if self.answer is not None else []
        return " ".join([*told, *(f"job {end}" for end in self.ends), f"[{', '.join([str(look['phase']), *drill])}]"])


def deterministic_machine(machine: Machine, *, complete: bool = False) -> Mealy:
    """The deterministic machine of a lifecycle, or of a mutant of one. Its inputs are `Input`s, its outputs `Shown`.

    complete: whether what is not defined shows the item as it is, as a test finds that comes there all the same.
    """
    resolved = _Resolved(machine, complete, _told_powers(machine.right))
    return explored(tuple(_inputs(machine)), machine.initial, resolved.step)[0]


def with_states(machine: Machine) -> tuple[Mealy, tuple[State, ...]]:
    """The deterministic machine, and the states of the model that its states are."""
    resolved = _Resolved(machine, False, _told_powers(machine.right))
    found, states = explored(tuple(_inputs(machine)), machine.initial, resolved.step)
    return found, tuple(at.state for at in states)


@cache
def _told_powers(stepper: Stepper) -> frozenset[tuple[str, Site]]:
    """The phases in which the power of a machine, at a site, is never left open."""
    machine = Machine(stepper)
    resolved = _Resolved(machine, False, frozenset())
    states = {machine.initial}
    todo = [machine.initial]
    while todo:
        here = todo.pop()
        for given in _inputs(machine):
            done = resolved.step(here, given)
            if done is not None and done[1] not in states:
                states.add(done[1])
                todo.append(done[1])
    phases = {phase for phase, facts in stepper.efsm.phases.items() if facts.machines_specified}
    left_open = {(at.state.phase, site) for at in states for site, value in _powers(at.state) if value == "unspecified"}
    return frozenset((phase, site) for phase in phases for site in Site) - left_open


def _powers(state: State) -> tuple[tuple[Site, str], ...]:
    return (Site.ON_PREMISES, state.on_premises), (Site.AZURE, state.azure)


def _inputs(machine: Machine) -> Iterator[Input]:
    for event in machine.events:
        if event.is_operation:
            yield Input(Sort.ASK, event)
    yield Input(Sort.PASS_TIME)
    for surrounding in machine.efsm.surroundings:
        if surrounding.faults:
            yield Input(Sort.PASS_TIME, wrong=surrounding.name)


class _Resolved:
    def __init__(self, machine: Machine, complete: bool, told_powers: frozenset[tuple[str, Site]]) -> None:
        self._machine, self._is_complete, self._told_powers = machine, complete, told_powers
        self._happenings = tuple(e for e in machine.events if not e.is_operation and e.name not in NEVER)
        names = {event.name for event in self._happenings}
        self._happening = tuple(t for t in machine.efsm.transitions if t.event in names)
        self._looks: dict[MachineState, tuple[tuple[str, Hashable], ...]] = {}

    def step(self, at: MachineState, given: Input) -> tuple[Shown, MachineState] | None:
        """What an input does."""
        if given.sort is Sort.ASK:
            assert given.event is not None
            return self._asked(at, given.event)
        return self._passed(at, given.wrong)

    def _asked(self, at: MachineState, event: Event) -> tuple[Shown, MachineState] | None:
        names_a_point = dict(event.arguments).get("recovery_point") in ("listed", "in_use")
        if event == CANCEL_RUNNING and not self._machine.is_busy(at.state):
            return self._nothing(at)
        if names_a_point and self._points(at) == "none":
            return self._nothing(at)
        step = self._machine.step(at, event, UNDISTURBED)
        answer = Answer.ACCEPTED if step.is_taken and step.is_told else Answer.REFUSED
        ends = (step.ends,) if step.is_taken and step.ends is not None else ()
        return Shown(answer, ends, self._look(step.after)), step.after

    def _nothing(self, at: MachineState) -> tuple[Shown, MachineState] | None:
        """What an input does that a tester cannot give."""
        return (Shown(None, (), self._look(at)), at) if self._is_complete else None

    def _passed(self, at: MachineState, wrong: str) -> tuple[Shown, MachineState] | None:
        if wrong and not self._is_complete and not self._matters(at.state, wrong):
            return None
        holds = frozenset({wrong}) if wrong else UNDISTURBED
        ends: list[JobEnd] = []
        was, came = at, {at}
        while (step := self._next(was, holds)) is not None:
            was = step.after
            if step.ends is not None:
                ends.append(step.ends)
            if ends or was in came or not self._machine.is_busy(was.state):
                break
            came.add(was)
        return Shown(None, tuple(ends), self._look(was)), was

    def _matters(self, state: State, wrong: str) -> bool:
        """Whether anything that can happen in this phase, or to a drill that is so far, depends on it."""
        return any(
            transition.source in (state.phase, state.drill) and wrong in expressions.names(transition.guard)
            for transition in self._happening
        )

    def _next(self, at: MachineState, holds: frozenset[str]) -> MachineStep | None:
        """What happens next: what only happens because something is wrong, else what comes first."""
        possible = [(event, self._machine.step(at, event, holds)) for event in self._happenings]
        found = [(event, step) for event, step in possible if step.is_taken]
        plain = [step for event, step in found if self._machine.step(at, event, UNDISTURBED) == step]
        odd = [step for event, step in found if step not in plain]
        return next(iter([*odd, *plain]), None)

    def _points(self, at: MachineState) -> Hashable:
        """The best kind of recovery point that is shown."""
        return dict(self._look(at)).get("recovery_points", at.state.points)

    def _look(self, at: MachineState) -> tuple[tuple[str, Hashable], ...]:
        found = self._looks.get(at)
        if found is None:
            found = self._looks[at] = tuple(self._shown(at))
        return found

    def _shown(self, at: MachineState) -> Iterator[tuple[str, Hashable]]:
        state, efsm, mutant = at.state, self._machine.efsm, self._machine.mutant
        facts, drill = efsm.phases[state.phase], efsm.drills[state.drill]
        at_rest = facts.steady and drill.settles_within is None
        accepted = self._machine.acceptable(at)[0] if at_rest else frozenset[str]()
        fields: dict[str, Hashable] = {
            "phase": state.phase,
            "drill": state.drill,
            "active_site": facts.serving or "",
            "replicating": facts.replicating or "",
            "profile_instance": facts.instance or "",
            "allowed_operations": accepted.intersection(LISTABLE),
            "current_job": "one" if self._machine.is_busy(state) else "",
        }
        if facts.lists_points:
            fields["recovery_points"] = state.points
        fields |= {site: value for site, value in _powers(state) if (state.phase, site) in self._told_powers}
        wrong = mutant.shown if mutant is not None else None
        if wrong is not None and wrong.place in state[:2] and wrong.field in fields:
            if wrong.field == "allowed_operations":
                fields[wrong.field] = accepted ^ {wrong.value}
            elif wrong.field != "recovery_points" or state.points != "none":
                fields[wrong.field] = wrong.value
        yield from ((str(name), value) for name, value in fields.items())
