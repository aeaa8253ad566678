"""Guards that are negated, weakened or off by one."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import replace

from asr_model.efsm import Efsm, Transition
from asr_model.expressions import conjuncts
from asr_model.mutants.mutant import Mutant, Operator
from asr_model.mutants.transitions import changed
from asr_model.state import Value
from asr_model.vocabulary import ARGUMENTS


def negated_guards(efsm: Efsm) -> Iterator[Mutant]:
    """Each condition of each guard is the opposite."""
    for transition in efsm.transitions:
        for tree, condition in _conditions(transition.guard):
            opposite = ast.UnaryOp(ast.Not(), condition)
            what = f"{_text(condition)} is negated"
            wrong = _replaced(tree, condition, opposite)
            yield _with_guard(Operator.GUARD_NEGATED, transition, wrong, what, condition)


def weakened_guards(efsm: Efsm) -> Iterator[Mutant]:
    """Each condition of each conjunction of a guard is left out; so is a guard that is one condition."""
    for transition in efsm.transitions:
        tree = _parsed(transition.guard)
        for condition in conjuncts(tree):
            if not _is_true(condition):
                what = f"{_text(condition)} is not asked for"
                without = _replaced(tree, condition, ast.Constant(True))
                yield _with_guard(Operator.GUARD_WEAKENED, transition, without, what, condition)


def guards_off_by_one(efsm: Efsm) -> Iterator[Mutant]:
    """Each literal that a guard compares with is the value before or after it in the order of its domain."""
    for transition in efsm.transitions:
        domains: Mapping[str, tuple[Value, ...]] = {**efsm.domains, **dict(_arguments(transition.event))}
        for tree, condition in _conditions(transition.guard):
            match condition:
                case ast.Compare(left=ast.Name(id=name), comparators=[ast.Constant(value=value)]) if name in domains:
                    for other in _neighbours(domains[name], value):
                        compared = ast.Compare(condition.left, condition.ops, [ast.Constant(other)])
                        what = f"{_text(condition)} is {_text(compared)}"
                        wrong = _replaced(tree, condition, compared)
                        yield _with_guard(Operator.GUARD_OFF_BY_ONE, transition, wrong, what, condition)


def _with_guard(operator: Operator, transition: Transition, guard: ast.expr, what: str, condition: ast.expr) -> Mutant:
    return changed(operator, transition, replace(transition, guard=_text(guard)), what, _text(condition))


def _conditions(guard: str) -> Iterator[tuple[ast.expr, ast.expr]]:
    """The guard with each of its conditions: what stands between `and`, `or` and `not`."""
    tree = _parsed(guard)
    todo = [tree]
    while todo:
        match todo.pop():
            case ast.BoolOp(values=values):
                todo.extend(reversed(values))
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                todo.append(operand)
            case ast.Constant():
                pass
            case condition:
                yield tree, condition


def _replaced(tree: ast.expr, old: ast.expr, new: ast.expr) -> ast.expr:
    """The tree with another part in the place of `old`; the tree itself stays as it is."""
    if tree is old:
        return new
    match tree:
        case ast.BoolOp(op=operator, values=values):
            return ast.BoolOp(operator, [_replaced(value, old, new) for value in values])
        case ast.UnaryOp(op=operator, operand=operand):
            return ast.UnaryOp(operator, _replaced(operand, old, new))
    return tree


def _neighbours(domain: tuple[Value, ...], value: object) -> list[Value]:
    if value not in domain:
        return []
    at = domain.index(value)
    return [*domain[at - 1 : at], *domain[at + 1 : at + 2]] if at else [*domain[1:2]]


def _arguments(event: str) -> Mapping[str, tuple[Value, ...]]:
    return {name: tuple(domain) for name, domain in ARGUMENTS.get(event, {}).items()}  # type: ignore[call-overload]


def _is_true(tree: ast.expr) -> bool:
    return isinstance(tree, ast.Constant) and tree.value is True


def _parsed(guard: str) -> ast.expr:
    return ast.parse(guard, mode="eval").body


def _text(tree: ast.expr) -> str:
    return ast.unparse(ast.fix_missing_locations(tree))
