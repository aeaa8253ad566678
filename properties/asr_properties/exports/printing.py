"""Expressions of the declaration in another language, which says how it writes what they are made of."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class Language:
    """How a language writes expressions.

    conjunction, disjunction, negation, equal, unequal: its operators. true, false: its truth values. text: how a value
    that is a word is written; `{0}` is the word. member, no_member: that `{0}` is in the set named `{1}`, or is not;
    where they are empty, a set is written as comparisons. sets: the named sets, with what they hold.
    words: names that are written otherwise, as they mean something in the language.
    """

    conjunction: str
    disjunction: str
    negation: str
    equal: str
    unequal: str
    true: str = "true"
    false: str = "false"
    text: str = "{0}"
    member: str = ""
    no_member: str = ""
    literal_set: str = ""
    sets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)

    def write(self, node: ast.expr | str) -> str:
        """An expression, given as text or parsed.

        Raises:
            ValueError: it holds what has no counterpart.
        """
        tree = ast.parse(node, mode="eval").body if isinstance(node, str) else node
        return self._write(tree)

    def name(self, name: str) -> str:
        """A variable or a word of the domain."""
        return self.words.get(name, name)

    def value(self, value: object) -> str:
        """A literal."""
        if isinstance(value, bool):
            return self.true if value else self.false
        return self.text.format(self.name(str(value)))

    def _write(self, node: ast.expr) -> str:
        match node:
            case ast.Name(id=name):
                return self.name(name)
            case ast.Constant(value=value):
                return self.value(value)
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                inner = self._write(operand)
                return f"{self.negation}{inner if isinstance(operand, ast.Name) else f'({inner})'}"
            case ast.BoolOp(op=operator, values=values):
                joined = self.conjunction if isinstance(operator, ast.And) else self.disjunction
                return f" {joined} ".join(map(self._operand, values))
            case ast.Compare(left=left, ops=[ast.Eq() | ast.NotEq() as operator], comparators=[right]):
                sign = self.equal if isinstance(operator, ast.Eq) else self.unequal
                return f"{self._write(left)} {sign} {self._write(right)}"
            case ast.Compare(left=left, ops=[ast.In() | ast.NotIn() as operator], comparators=[right]):
                return self._membership(left, right, isinstance(operator, ast.In))
        raise ValueError(f"cannot be written in this language: {ast.unparse(node)}")

    def _operand(self, node: ast.expr) -> str:
        return f"({self._write(node)})" if isinstance(node, ast.BoolOp) else self._write(node)

    def _membership(self, left: ast.expr, right: ast.expr, inside: bool) -> str:
        match right:
            case ast.Name(id=name) if name in self.sets and self.member:
                return (self.member if inside else self.no_member).format(self._write(left), name)
            case ast.Name(id=name) if name in self.sets:
                values = list(self.sets[name])
            case ast.Tuple(elts=elements) | ast.Set(elts=elements):
                values = [e.value for e in elements if isinstance(e, ast.Constant) and isinstance(e.value, str)]
            case _:
                raise ValueError(f"not a set: {ast.unparse(right)}")
        if self.literal_set:
            members = self.literal_set.format(", ".join(map(self.value, values)))
            return (self.member if inside else self.no_member).format(self._write(left), members)
        sign, joined = (self.equal, self.disjunction) if inside else (self.unequal, self.conjunction)
        return "(" + f" {joined} ".join(f"{self._write(left)} {sign} {self.value(v)}" for v in values) + ")"
