"""Expressions put together from others, with what is constant left out."""

from __future__ import annotations

import ast
from collections.abc import Iterable

TRUE, FALSE = ast.Constant(True), ast.Constant(False)


def simplified(text: str) -> ast.expr:
    """An expression without what is constant in it; its named sets stay."""
    return _simplified(ast.parse(text, mode="eval").body)


def _simplified(node: ast.expr) -> ast.expr:
    match node:
        case ast.BoolOp(op=ast.And(), values=values):
            return conjunction(map(_simplified, values))
        case ast.BoolOp(op=ast.Or(), values=values):
            return disjunction(map(_simplified, values))
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return negation(_simplified(operand))
    return node


def conjunction(parts: Iterable[ast.expr]) -> ast.expr:
    """All of them, what is constant left out."""
    return _joined(ast.And(), parts, FALSE, TRUE)


def disjunction(parts: Iterable[ast.expr]) -> ast.expr:
    """Any of them, what is constant left out."""
    return _joined(ast.Or(), parts, TRUE, FALSE)


def negation(part: ast.expr) -> ast.expr:
    """Not this."""
    match part:
        case ast.Constant(value=value):
            return ast.Constant(not value)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return operand
        case ast.Compare(left=left, ops=[ast.Eq()], comparators=right):
            return ast.Compare(left, [ast.NotEq()], right)
        case ast.Compare(left=left, ops=[ast.In()], comparators=right):
            return ast.Compare(left, [ast.NotIn()], right)
    return ast.UnaryOp(ast.Not(), part)


def _joined(
    operator: ast.boolop, parts: Iterable[ast.expr], absorbing: ast.Constant, neutral: ast.Constant
) -> ast.expr:
    kept: dict[str, ast.expr] = {}
    for part in parts:
        if isinstance(part, ast.Constant):
            if part.value is absorbing.value:
                return absorbing
            continue
        inner = part.values if isinstance(part, ast.BoolOp) and type(part.op) is type(operator) else [part]
        kept.update((ast.unparse(one), one) for one in inner)
    values = list(kept.values())
    return neutral if not values else values[0] if len(values) == 1 else ast.BoolOp(operator, values)


def weakest(parts: Iterable[ast.expr]) -> list[ast.expr]:
    """The parts of a disjunction without those that ask for more than another one does."""
    known = {frozenset(map(ast.unparse, _conjuncts(part))): part for part in parts}
    return [part for asked, part in known.items() if not any(other < asked for other in known)]


def _conjuncts(part: ast.expr) -> list[ast.expr]:
    return part.values if isinstance(part, ast.BoolOp) and isinstance(part.op, ast.And) else [part]
