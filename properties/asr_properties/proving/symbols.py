"""The extended machine to z3: its variables at one moment, its expressions, and one step between two moments.

A variable of few values is a bit vector of the number of its value, a condition is a Boolean, a counter an integer
without a bound.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from typing import Any

import z3

from asr_model.state import State
from asr_properties.proving.extended import Extended, Moment, Move

Term = Any
"""An expression of z3."""

_BITS, _MOVE_BITS = 8, 12


def new_solver() -> Any:
    """A solver of z3 that always takes the same way."""
    solver = z3.Solver()
    solver.set("random_seed", 0)
    return solver


class Symbols:
    """What z3 knows of an extended machine."""

    def __init__(self, machine: Extended) -> None:
        self.machine = machine
        domains = machine.stepper.efsm.domains
        self._truths = frozenset(name for name in State._fields if domains[name] == (False, True))
        texts = (str(value) for name in State._fields if name not in self._truths for value in domains[name])
        self._values: tuple[str, ...] = tuple(dict.fromkeys(texts))
        self._number = {value: number for number, value in enumerate(self._values)}
        if len(self._values) >= 2**_BITS or len(machine.moves) >= 2**_MOVE_BITS:
            raise ValueError("more values or moves than bits for them")

    def at(self, moment: int) -> dict[str, Term]:
        """The variables, conditions and counters of a moment, by name."""
        found: dict[str, Term] = {}
        for name in State._fields:
            symbol = f"{name}@{moment}"
            found[name] = z3.Bool(symbol) if name in self._truths else z3.BitVec(symbol, _BITS)
        found |= {name: z3.Bool(f"{name}@{moment}") for name in self.machine.surroundings}
        return found | {name: z3.Int(f"{name}@{moment}") for name in self.machine.counters}

    def is_state(self, state: State, at: Mapping[str, Term]) -> Term:
        """The variables have the values of a state."""
        return z3.And([at[name] == self._literal(value) for name, value in zip(State._fields, state, strict=True)])

    def is_one_of(self, states: Iterable[State], at: Mapping[str, Term]) -> Term:
        """They have those of one of these."""
        return z3.Or([self.is_state(state, at) for state in states])

    def is_moment(self, moment: Moment, at: Mapping[str, Term]) -> Term:
        """Variables and counters have the values of a moment."""
        numbers = zip(self.machine.counters, moment.counters, strict=True)
        return z3.And(self.is_state(moment.state, at), *(at[name] == number for name, number in numbers))

    def move(self, moment: int) -> Term:
        """The number of the move that leads on from a moment."""
        return z3.BitVec(f"move@{moment}", _MOVE_BITS)

    def is_taken(self, moment: int) -> Term:
        """Whether a step is taken that leads on from a moment."""
        return z3.Bool(f"taken@{moment}")

    def step(self, moment: int) -> Term:
        """If it is taken, one move leads from a moment to the next one."""
        before, after, taken = self.at(moment), self.at(moment + 1), self.move(moment)
        ways = [
            z3.Implies(taken == number, self._leads(m, before, after)) for number, m in enumerate(self.machine.moves)
        ]
        return z3.Implies(self.is_taken(moment), z3.And(z3.ULT(taken, len(self.machine.moves)), *ways))

    def _leads(self, move: Move, before: Mapping[str, Term], after: Mapping[str, Term]) -> Term:
        parts = [self.term(move.guard, before)]
        for name in State._fields:
            new = move.updates.get(name)
            parts.append(after[name] == (before[name] if new is None else self.term(new, before)))
        for name in self.machine.counters:
            change = move.changes.get(name)
            if change is None:
                parts.append(after[name] == before[name])
            else:
                base = change.base if isinstance(change.base, int) else before[change.base]
                parts.append(after[name] == base + change.plus)
        return z3.And(parts)

    def term(self, expression: ast.expr, at: Mapping[str, Term]) -> Term:
        """An expression at a moment."""
        match expression:
            case ast.Name(id=name):
                return at[name]
            case ast.Constant(value=value):
                return self._literal(value)
            case ast.BoolOp(op=ast.And(), values=values):
                return z3.And([self.term(value, at) for value in values])
            case ast.BoolOp(op=ast.Or(), values=values):
                return z3.Or([self.term(value, at) for value in values])
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return z3.Not(self.term(operand, at))
            case ast.Compare(left=left, ops=[operator], comparators=[right]):
                return self._compared(self.term(left, at), operator, right, at)
        raise NotImplementedError(f"no term for {ast.unparse(expression)}")

    def _compared(self, left: Term, operator: ast.cmpop, right: ast.expr, at: Mapping[str, Term]) -> Term:
        match operator, right:
            case ast.In(), ast.Tuple(elts=values) | ast.Set(elts=values):
                return z3.Or([left == self.term(value, at) for value in values])
            case ast.NotIn(), ast.Tuple(elts=values) | ast.Set(elts=values):
                return z3.And([left != self.term(value, at) for value in values])
            case ast.Eq(), _:
                return left == self.term(right, at)
            case ast.NotEq(), _:
                return left != self.term(right, at)
            case ast.GtE(), _:
                return left >= self.term(right, at)
            case ast.LtE(), _:
                return left <= self.term(right, at)
        raise NotImplementedError(f"no term for {ast.dump(operator)}")

    def _literal(self, value: object) -> Term:
        """A constant: an integer is a counter's, a text the number of a variable's value."""
        if isinstance(value, bool):
            return z3.BoolVal(value)
        if isinstance(value, int):
            return z3.IntVal(value)
        # A text that no variable has is equal to none of them.
        return z3.BitVecVal(self._number.get(str(value), 2**_BITS - 1), _BITS)

    def negated(self, term: Term) -> Term:
        """Not this."""
        return z3.Not(term)

    def moments(self, model: Any, last: int) -> list[Moment]:
        """The moments of a model that z3 found, up to `last`."""
        found = []
        for moment in range(last + 1):
            at = self.at(moment)
            state = State(*(self._read(model, name, at[name]) for name in State._fields))
            counters = tuple(model.eval(at[name], model_completion=True).as_long() for name in self.machine.counters)
            if moment == 0:
                found.append(Moment(state, counters))
                continue
            came = self.at(moment - 1)
            number = model.eval(self.move(moment - 1), model_completion=True).as_long()
            taken, before = self.machine.moves[number], found[-1].state
            matters = frozenset[str]() if taken.event is None else self.machine.stepper.relevant(before, taken.event)
            holds = frozenset(name for name in matters if z3.is_true(model.eval(came[name], model_completion=True)))
            found.append(Moment(state, counters, taken.name, taken.event, holds))
        return found

    def _read(self, model: Any, name: str, symbol: Term) -> Any:
        value = model.eval(symbol, model_completion=True)
        return z3.is_true(value) if name in self._truths else self._values[value.as_long()]
