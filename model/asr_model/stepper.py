"""One step of the lifecycle: a pure, total function, compiled from the EFSM.

Every (state, event) has an outcome: an operation without an enabled transition is refused, a happening without one
is impossible, and both leave the state as it was. At most one transition is enabled (a test checks it everywhere).
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Set
from functools import cache
from typing import NamedTuple, TypeVar

from asr_model import expressions
from asr_model.efsm import Efsm, Event, Transition
from asr_model.lifecycle.chart import Refusal
from asr_model.state import State
from asr_model.vocabulary import Answer

Surroundings = Set[str]
"""The names of the surroundings that hold just now."""

UNDISTURBED: frozenset[str] = frozenset()


class Outcome(NamedTuple):
    """What an event does. `transition` is None when it is refused or impossible; `may_refuse` tells that the facts
    leave acceptance open, so that a refusal that leaves the state alone is as right as this outcome."""

    response: Answer | None
    state: State
    transition: Transition | None
    may_refuse: bool = False


class _Compiled(NamedTuple):
    guard: Callable[[State, Surroundings], bool] | None
    update: Callable[[State], State]
    may_refuse: Callable[[State, Surroundings], bool] | None
    transition: Transition
    response: Answer | None


_Key = TypeVar("_Key")
_Value = TypeVar("_Value")


class _OnDemand(dict[_Key, _Value]):
    """What is made of each key when it is first asked for."""

    def __init__(self, make: Callable[[_Key], _Value]) -> None:
        self._make = make

    def __missing__(self, key: _Key) -> _Value:
        made = self[key] = self._make(key)
        return made


class Stepper:
    """Steps of one EFSM. The first step of an event in a phase compiles guards and updates; a later one takes a few
    microseconds or less."""

    def __init__(self, efsm: Efsm) -> None:
        self.efsm = efsm
        self.initial = efsm.initial
        self.events = tuple(efsm.events())
        self._known = {surrounding.name for surrounding in efsm.surroundings}
        self._table = {event: _OnDemand(self._compiler(event)) for event in self.events}
        self._relevant = _OnDemand(self._find_relevant)
        self._refusals = _OnDemand(self._find_refusals)
        self._code = _OnDemand(self._code_of_names)

    def changed(self, efsm: Efsm) -> Stepper:
        """The stepper of a changed lifecycle: of events whose transitions are the same, it has what is compiled here.

        efsm: has the same surroundings, and no event that is none of `events`; one that it has no transition of any
        more is never possible.
        """
        other = Stepper(efsm)
        other.events = self.events
        for event in self.events:
            same = _declared(efsm, event) == _declared(self.efsm, event)
            other._table[event] = self._table[event] if same else _OnDemand(other._compiler(event))
        return other

    def step(self, state: State, event: Event, surroundings: Surroundings = UNDISTURBED) -> Outcome:
        """What `event` does in `state`.

        Raises:
            KeyError: the event is none of `events`.
        """
        for guard, update, may_refuse, transition, response in self._table[event][state[0]]:
            if guard is None or guard(state, surroundings):
                free = may_refuse is not None and may_refuse(state, surroundings)
                return Outcome(response, update(state), transition, free)
        return Outcome(Answer.REFUSED if event.is_operation else None, state, None)

    def relevant(self, state: State, event: Event) -> frozenset[str]:
        """The surroundings that the outcome may depend on."""
        return self._relevant[event, state[0]]

    def why_refused(self, state: State, event: Event, surroundings: Surroundings = UNDISTURBED) -> tuple[str, ...]:
        """The requirements that say why this operation is refused here; X02 where no more special rule is declared."""
        for refusal, applies in self._refusals[event]:
            if applies(state, surroundings):
                return refusal.requirements
        return ("X02",)

    def may_have_no_effect(self, state: State, event: Event, surroundings: Surroundings = UNDISTURBED) -> bool:
        """Whether this operation, which is refused here, may as well be accepted and change nothing."""
        return any(r.or_without_effect and applies(state, surroundings) for r, applies in self._refusals[event])

    def enabled(self, state: State, event: Event, surroundings: Surroundings = UNDISTURBED) -> list[Transition]:
        """Every enabled transition; more than one is a mistake in the declaration."""
        found = self._table[event][state[0]]
        return [c.transition for c in found if c.guard is None or c.guard(state, surroundings)]

    def _compiler(self, event: Event) -> Callable[[str], tuple[_Compiled, ...]]:
        """What compiles the transitions of an event in a phase."""

        @cache
        def compiled(transition: Transition) -> _Compiled | None:
            return self._compile(transition, event)

        def in_phase(phase: str) -> tuple[_Compiled, ...]:
            declared = _declared(self.efsm, event)
            here = (compiled(t) for t in declared if t.variable != "phase" or t.source == phase)
            return tuple(one for one in here if one is not None)

        return in_phase

    def _find_refusals(self, event: Event) -> tuple[tuple[Refusal, Callable[[State, Surroundings], bool]], ...]:
        declared = (refusal for refusal in self.efsm.refusals if refusal.operation == event.name)
        return tuple((refusal, self._predicate(refusal.when, event)) for refusal in declared)

    def _find_relevant(self, at: tuple[Event, str]) -> frozenset[str]:
        event, phase = at
        found = [compiled.transition for compiled in self._table[event][phase]]
        texts = [text for transition in found for text in (transition.guard, transition.may_refuse)]
        return frozenset(name for text in texts for name in expressions.names(text) & self._known)

    def _code_of_names(self, event: Event) -> dict[str, ast.expr]:
        code = {name: expressions.element("s", index) for index, name in enumerate(State._fields)}
        code |= {s.name: expressions.membership(s.name, "w") for s in self.efsm.surroundings}
        return code | {name: expressions.literal(value) for name, value in event.arguments}

    def _predicate(self, text: str, event: Event) -> Callable[[State, Surroundings], bool]:
        return expressions.compile_function(
            "s, w", expressions.substitute(expressions.parse(text), self._code[event]), {}
        )

    def _compile(self, transition: Transition, event: Event) -> _Compiled | None:
        code = self._code[event]
        guard_text = transition.guard
        if transition.variable == "drill":
            guard_text = f"drill == {transition.source!r} and {guard_text}"
        guard = expressions.substitute(expressions.parse(guard_text), code)
        if isinstance(guard, ast.Constant) and not guard.value:
            return None  # these arguments never take it
        changes = dict(transition.updates) | {transition.variable: repr(transition.target)}
        values = [
            expressions.substitute(expressions.parse(changes[name]), code) if name in changes else code[name]
            for name in State._fields
        ]
        named = [ast.Name(name, ast.Load(), **expressions.AT) for name in ("new", "State")]
        new = ast.Call(named[0], [named[1], ast.Tuple(values, ast.Load(), **expressions.AT)], [], **expressions.AT)
        may_refuse = expressions.substitute(expressions.parse(transition.may_refuse), code)
        return _Compiled(
            guard=None if isinstance(guard, ast.Constant) else expressions.compile_function("s, w", guard, {}),
            update=expressions.compile_function("s", new, {"new": tuple.__new__, "State": State}),
            may_refuse=None
            if isinstance(may_refuse, ast.Constant) and not may_refuse.value
            else expressions.compile_function("s, w", may_refuse, {}),
            transition=transition,
            response=Answer.ACCEPTED if event.is_operation else None,
        )


def _declared(efsm: Efsm, event: Event) -> tuple[Transition, ...]:
    """The transitions of an event, in the order of their declaration."""
    return tuple(transition for transition in efsm.transitions if transition.event == event.name)
