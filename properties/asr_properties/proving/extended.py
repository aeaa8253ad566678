"""The extended machine: the model's guards and updates with those of its counters, as expressions, and run in numbers.

The moves are what the prover reasons about, and what a trace that it finds is replayed by, beside the model's stepper.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence, Set
from itertools import pairwise
from typing import Any, NamedTuple

from asr_model import expressions
from asr_model.counters import Become, Extension
from asr_model.efsm import Event
from asr_model.state import State
from asr_model.stepper import Stepper


class Move(NamedTuple):
    """One way to go on. event: of the model; None for what happens beside it. guard: over state, surroundings and
    counters. updates: expressions of the variables that are assigned; changes: of the counters. requirements: why."""

    name: str
    event: Event | None
    guard: ast.expr
    updates: Mapping[str, ast.expr]
    changes: Mapping[str, Become]
    requirements: tuple[str, ...]


class Moment(NamedTuple):
    """A state of the extended machine, and what led there: its name, its event (None: nothing of the model's, or the
    beginning) and the surroundings that held. counters: in the order of the extension."""

    state: State
    counters: tuple[int, ...]
    move: str = ""
    event: Event | None = None
    surroundings: frozenset[str] = frozenset()


class NotAccepted(RuntimeError):
    """The prover shows a trace that the model does not have: one of the two is wrong; the message says where."""


class Extended:
    """The machine of a stepper with an extension."""

    def __init__(self, stepper: Stepper, extension: Extension) -> None:
        self.stepper = stepper
        self.extension = extension
        self.surroundings = tuple(surrounding.name for surrounding in stepper.efsm.surroundings)
        self.counters = tuple(counter.name for counter in extension.counters)
        self.initial = Moment(stepper.initial, (0,) * len(self.counters))
        self._names = {name: ast.Name(name) for name in (*State._fields, *self.surroundings, *self.counters)}
        self.moves = tuple(self._moves())

    def expression(self, text: str, arguments: Sequence[tuple[str, Any]] = ()) -> ast.expr:
        """An expression over the state, the surroundings and the counters.

        Raises:
            ExpressionError: it cannot be understood, or has an unknown name.
        """
        code = {**self._names, **{name: expressions.literal(value) for name, value in arguments}}
        return expressions.substitute(expressions.parse(text), code)

    def _moves(self) -> list[Move]:
        found = []
        for event in self.stepper.events:
            for transition in self.stepper.efsm.transitions:
                if transition.event != event.name:
                    continue
                source = f"{transition.variable} == {transition.source!r} and ({transition.guard})"
                guard = self.expression(source, event.arguments)
                if isinstance(guard, ast.Constant) and not guard.value:
                    continue  # these arguments never take it
                new = {**dict(transition.updates), transition.variable: repr(transition.target)}
                updates = {name: self.expression(text, event.arguments) for name, text in new.items()}
                changes = self.extension.changes_of(transition)
                found.append(Move(str(event), event, guard, updates, changes, transition.requirements))
        for beside in self.extension.beside:
            guard = self.expression(beside.guard)
            found.append(Move(beside.event, None, guard, {}, beside.changes, beside.requirements))
        return found

    def holds(self, expression: ast.expr, moment: Moment, surroundings: frozenset[str] = frozenset()) -> bool:
        """Whether an expression holds at a moment."""
        return bool(self.compiled(expression)(moment.state, surroundings, moment.counters))

    def replay(self, trace: Sequence[Moment], always: ast.expr) -> None:
        """Go through a trace: the stepper takes each step of the model, and the counters follow.

        Raises:
            NotAccepted: it is no trace of the extended machine, or does not break what should always hold.
        """
        if trace[0] != self.initial:
            raise NotAccepted(f"the trace begins in {trace[0].state}, with {trace[0].counters}")
        for before, after in pairwise(trace):
            moved = [move for move in self.moves if self._leads(move, before, after)]
            if not moved:
                raise NotAccepted(f"{after.move} does not lead from {before} to {after}")
        if self.holds(always, trace[-1]):
            raise NotAccepted(f"at the end of the trace all is well: {trace[-1]}")

    def _leads(self, move: Move, before: Moment, after: Moment) -> bool:
        if (move.name, move.event) != (after.move, after.event):
            return False
        if not self.holds(move.guard, before, after.surroundings):
            return False
        if move.event is None:
            state = before.state
        else:
            outcome = self.stepper.step(before.state, move.event, after.surroundings)
            if outcome.transition is None:
                return False
            state = outcome.state
        return (state, self._changed(move.changes, before.counters)) == after[:2]

    def _changed(self, changes: Mapping[str, Become], counters: tuple[int, ...]) -> tuple[int, ...]:
        had = dict(zip(self.counters, counters, strict=True))
        now = {name: (base if isinstance(base, int) else had[base]) + plus for name, (base, plus) in changes.items()}
        return tuple((had | now).values())

    def compiled(self, expression: ast.expr) -> Callable[[State, Set[str], Sequence[int]], bool]:
        """An expression as a function of state, surroundings and counters."""
        code = {name: expressions.element("s", index) for index, name in enumerate(State._fields)}
        code |= {name: expressions.membership(name, "w") for name in self.surroundings}
        code |= {name: expressions.element("c", index) for index, name in enumerate(self.counters)}
        return expressions.compile_function("s, w, c", expressions.substitute(expression, code), {})
