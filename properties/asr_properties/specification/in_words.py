"""Expressions over steps in words, with the values that a step has for what they name."""

from __future__ import annotations

import ast
from collections.abc import Mapping

from asr_model import expressions
from asr_properties.evidence.questions import value_of
from asr_properties.evidence.step import Step
from asr_properties.evidence.told import told

NAMES: Mapping[str, str] = {
    "event": "step",
    "response": "answer",
    "serving": "active site",
    "allowed": "allowed operations",
    "points": "best kind of recovery point listed",
    "other_points": "best kind of those not in use",
    "on_premises": "machine on-premises",
    "azure": "machine in Azure",
    "instance": "instanceType",
    "has_issues": "health issues shown",
    "job_has_errors": "errors of the job shown",
    "newest_first": "listed newest first",
    "item_id": "id of the item",
    "in_use_id": "point in use",
    "listed_newest_id": "newest listed point",
    "app_newest_id": "newest app-consistent point",
    "on_premises_newest": "newest record on-premises",
    "azure_newest": "newest record in Azure",
    "received_newest": "newest record sent",
    "processed_newest": "newest record processed",
    "received_in_this_life": "sent in this life",
    "ended_operation": "operation whose job ended",
    "tasks_in_order": "its tasks in order",
    "named_id": "point that was named",
    "seconds": "seconds waited",
}
"""What the fields of steps and observations are called where their own name does not tell it."""

RELATIONS: Mapping[str, str] = {"==": "is", ">=": "at least"}
"""What a remembered value is compared by, in words."""


def values(text: str, step: Step) -> str:
    """What a step has for each name in an expression, in the order in which it names them."""
    named = [node.id for node in ast.walk(ast.parse(text, mode="eval")) if isinstance(node, ast.Name)]
    known = [field for field in dict.fromkeys(named) if field in expressions.names(text)]
    return "; ".join(f"{name(field)}: {_value(field, step)}" for field in known)


def expression(text: str) -> str:
    """An expression as people read it: `was_azure == 'on'` is `machine in Azure before is on`."""
    return _words(ast.parse(text, mode="eval").body)


def name(field: str) -> str:
    """What a name in an expression is called."""
    plain = field.removeprefix("was_")
    return NAMES.get(plain, plain.replace("_", " ")) + (" before" if plain != field else "")


def _value(field: str, step: Step) -> str:
    value = told(value_of(field)(step))
    if field == "tasks_in_order" and step.ended:
        return f"{value} ({', '.join(told(task.name) for task in step.ended[-1].job.tasks)})"
    return value


def _words(node: ast.expr, *, inside: bool = False) -> str:
    match node:
        case ast.BoolOp(op=operator, values=parts):
            joined = (" and " if isinstance(operator, ast.And) else " or ").join(_words(p, inside=True) for p in parts)
            return f"({joined})" if inside else joined
        case ast.UnaryOp(operand=operand):
            return f"not {_words(operand, inside=True)}"
        case ast.Compare(left=left, ops=[operator], comparators=[right]):
            return f"{_words(left)} {_OPERATORS[type(operator)]} {_words(right)}"
        case ast.Name(id=field):
            return name(field)
        case ast.Constant(value=value):
            return "yes" if value is True else "no" if value is False else told(value)
        case ast.Tuple(elts=parts) | ast.Set(elts=parts):
            return " or ".join(map(_words, parts))
    return ast.unparse(node)


_OPERATORS: Mapping[type[ast.cmpop], str] = {
    ast.Eq: "is",
    ast.NotEq: "is not",
    ast.GtE: "is at least",
    ast.LtE: "is at most",
    ast.In: "is one of",
    ast.NotIn: "is none of",
}
