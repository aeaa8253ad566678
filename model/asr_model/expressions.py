"""Guards and effects as text: a small part of Python's expressions, checked and compiled to functions.

A set of phases has a name: `phase in leaving` says that the phase is one of `PHASE_SETS["leaving"]`.

Allowed are names, literals, `and`, `or`, `not` and the comparisons `==`, `!=`, `>=`, `<=`, `in`, `not in`. That is what
python-statemachine's own guards understand too (apart from `in`), so a guard reads the same to both.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any

from asr_model.lifecycle.phase_sets import PHASE_SETS
from asr_model.state import Value

AT: dict[str, Any] = {"lineno": 1, "col_offset": 0, "end_lineno": 1, "end_col_offset": 0}
"""A place in a text, as Python wants of what it compiles: to look for what lacks one takes longer than to compile."""

_ALLOWED = (
    ast.Expression, ast.BoolOp, ast.And, ast.Or, ast.UnaryOp, ast.Not, ast.Compare, ast.Eq, ast.NotEq, ast.GtE,
    ast.LtE, ast.In, ast.NotIn, ast.Name, ast.Load, ast.Constant, ast.Tuple, ast.Set,
)  # fmt: skip


class ExpressionError(ValueError):
    """An expression that cannot be understood; the message shows it and says what is wrong."""


@cache
def parse(text: str) -> ast.expr:
    """Parse one expression; a named set of phases becomes comparisons with each of its phases.

    The tree is the same each time: whoever wants to change it takes a copy.

    Raises:
        ExpressionError: it is not an expression, or uses more than is allowed.
    """
    try:
        tree = ast.parse(text, mode="eval")
    except SyntaxError as error:
        raise ExpressionError(f"not an expression: {text!r}: {error.msg}") from None
    for node in ast.walk(tree):
        if not isinstance(node, _ALLOWED):
            raise ExpressionError(
                f"{type(node).__name__} is not allowed in {text!r}; use names, literals, and, or, not"
            )
    expanded: ast.expr = _PhaseSets().visit(tree.body)
    return expanded


class _PhaseSets(ast.NodeTransformer):
    """Writes `phase in NAME` as `phase == A or phase == B ...`, which `fold` can simplify where the phase is known.

    A name that is no set, or that stands beside anything but a phase, is left; whoever compiles it calls it unknown.
    """

    def visit_Compare(self, node: ast.Compare) -> ast.expr:
        match node:
            case ast.Compare(
                left=ast.Name(id="phase" | "was_phase" | "before"),
                ops=[ast.In() | ast.NotIn() as operator],
                comparators=[ast.Name(id=name)],
            ) if name in PHASE_SETS:
                same, joined = (ast.Eq(), ast.Or()) if isinstance(operator, ast.In) else (ast.NotEq(), ast.And())
                each: list[ast.expr] = [
                    ast.Compare(node.left, [same], [ast.Constant(phase, **AT)], **AT) for phase in PHASE_SETS[name]
                ]
                return ast.BoolOp(joined, each, **AT)
        return node


@cache
def names(text: str) -> frozenset[str]:
    """The names an expression reads."""
    return frozenset(node.id for node in ast.walk(parse(text)) if isinstance(node, ast.Name))


def literals(text: str) -> frozenset[object]:
    """The literals an expression speaks of."""
    return frozenset(node.value for node in ast.walk(parse(text)) if isinstance(node, ast.Constant))


def conjuncts(tree: ast.expr) -> Iterator[ast.expr]:
    """The parts of which each must hold for the whole to hold."""
    if isinstance(tree, ast.BoolOp) and isinstance(tree.op, ast.And):
        for value in tree.values:
            yield from conjuncts(value)
    else:
        yield tree


def substitute(tree: ast.expr, code: Mapping[str, ast.expr]) -> ast.expr:
    """Replace every name by the code that computes it.

    Raises:
        ExpressionError: a name has no code.
    """
    return fold(_substituted(tree, code))


def _substituted(tree: ast.expr, code: Mapping[str, ast.expr]) -> ast.expr:
    """A new tree; `tree` stays as it is."""
    match tree:
        case ast.Name(id=name):
            if name not in code:
                raise ExpressionError(f"unknown name {name!r}; known are {', '.join(sorted(code))}")
            return code[name]
        case ast.BoolOp(op=joined, values=values):
            return ast.BoolOp(joined, [_substituted(value, code) for value in values], **AT)
        case ast.UnaryOp(op=operator, operand=operand):
            return ast.UnaryOp(operator, _substituted(operand, code), **AT)
        case ast.Compare(left=left, ops=operators, comparators=others):
            right = [_substituted(other, code) for other in others]
            return ast.Compare(_substituted(left, code), operators, right, **AT)
        case ast.Tuple(elts=values) | ast.Set(elts=values):
            each = [_substituted(value, code) for value in values]
            return ast.Tuple(each, ast.Load(), **AT) if isinstance(tree, ast.Tuple) else ast.Set(each, **AT)
    return tree


def fold(tree: ast.expr) -> ast.expr:
    """Simplify what is constant: comparisons of literals, and `and`, `or`, `not` around them."""
    match tree:
        case ast.Compare(left=ast.Constant(value=left), ops=[operator], comparators=[ast.Constant(value=right)]):
            if isinstance(operator, ast.Eq | ast.NotEq):
                return ast.Constant((left == right) is isinstance(operator, ast.Eq), **AT)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            inner = fold(operand)
            if isinstance(inner, ast.Constant):
                return ast.Constant(not inner.value, **AT)
            return ast.UnaryOp(ast.Not(), inner, **AT)
        case ast.BoolOp(op=operator, values=values):
            absorbing = isinstance(operator, ast.Or)
            kept: list[ast.expr] = []
            for value in map(fold, values):
                if not isinstance(value, ast.Constant):
                    kept.append(value)
                elif bool(value.value) is absorbing:
                    return ast.Constant(absorbing, **AT)
            if not kept:
                return ast.Constant(not absorbing, **AT)
            return kept[0] if len(kept) == 1 else ast.BoolOp(operator, kept, **AT)
    return tree


def compile_function(parameters: str, body: ast.expr, names_in_scope: Mapping[str, Any]) -> Callable[..., Any]:
    """The function `lambda parameters: body`; what is in the body has places, such as AT."""
    names = [ast.arg(name.strip(), **AT) for name in parameters.split(",") if name.strip()]
    arguments = ast.arguments(posonlyargs=[], args=names, kwonlyargs=[], kw_defaults=[], defaults=[])
    function = ast.Expression(ast.Lambda(arguments, body, **AT))
    # The tree holds only what `parse` allows and our own accessors.
    result: Callable[..., Any] = eval(compile(function, "<lifecycle>", "eval"), dict(names_in_scope))
    return result


def literal(value: Value | None) -> ast.expr:
    """The code of a constant."""
    return ast.Constant(value, **AT)


def element(of: str, index: int) -> ast.expr:
    """The code of `of[index]`."""
    return ast.Subscript(ast.Name(of, ast.Load(), **AT), ast.Constant(index, **AT), ast.Load(), **AT)


def membership(name: str, of: str) -> ast.expr:
    """The code of `name in of`."""
    return ast.Compare(literal(name), [ast.In()], [ast.Name(of, ast.Load(), **AT)], **AT)
