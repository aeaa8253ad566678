"""Expressions over steps: the words of a step, those of the observation after it, and with `was_` of the one before."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

from asr_model import expressions
from asr_properties.evidence.observation import Observation
from asr_properties.evidence.step import WORDS, Step
from asr_properties.evidence.unknown import Undetermined

_CODE: dict[str, ast.expr] = {
    **{name: expressions.element("step", index) for index, name in enumerate(Step._fields[:WORDS])},
    **{
        prefix + name: ast.Subscript(
            expressions.element("step", place), ast.Constant(index, **expressions.AT), ast.Load(), **expressions.AT
        )
        for prefix, place in (("was_", WORDS), ("", WORDS + 1))
        for index, name in enumerate(Observation._fields)
    },
}

Question = Callable[[Step], bool | None]
"""True, False, or None where it depends on something unknown."""


def question(text: str) -> Question:
    """Compile an expression over steps.

    Raises:
        ExpressionError: it cannot be understood or names something else.
    """
    ask = value_of(text)

    def answer(step: Step) -> bool | None:
        try:
            return bool(ask(step))
        except Undetermined:
            return None

    return answer


def value_of(text: str) -> Callable[[Step], Any]:
    """Compile a name to the function that reads it, unknown or not."""
    return expressions.compile_function("step", expressions.substitute(expressions.parse(text), _CODE), {})
