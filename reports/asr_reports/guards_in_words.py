"""Names, guards, assignments and events of the model as a person reads them."""

from __future__ import annotations

import ast
from collections.abc import Collection
from copy import deepcopy

from asr_model import expressions
from asr_model.efsm import Event
from asr_model.state import Value
from asr_model.vocabulary import ARGUMENTS

PHRASES = {
    "drill == 'no_drill'": ("no drill is active", "a drill is active"),
    "points == 'none'": ("no recovery point is listed", "a recovery point is listed"),
    "points == 'app'": ("an app-consistent point is listed", "no app-consistent point is listed"),
    "points == 'crash'": ("only crash-consistent points are listed", "not only crash-consistent points are listed"),
    "shutdown_pending": ("the source is still to be shut down", "nothing is left to be shut down at the source"),
    "fresh_point == 'needed'": (
        "the point of this planned failover is still to be made",
        "the point of this planned failover is made or not needed",
    ),
    "committed": ("the reprotect is past its commit", "the reprotect is before its commit"),
    "stopping": ("the job is being cancelled", "the job is not being cancelled"),
    "resynchronizing": ("a resynchronize job runs", "no resynchronize job runs"),
    "job == 'running'": ("the job still runs", "the job has ended"),
    "job == 'ended'": ("the job has ended", "the job still runs"),
}
"""How the commonest conditions are said: where they hold, and where they do not. Others are said by a general rule."""

SUBJECTS = {
    "phase": "the phase",
    "drill": "the drill",
    "before": "the phase that the job started from",
    "on_premises": "the on-premises machine",
    "azure": "the Azure machine",
}
"""What the variables are called in a sentence, where their name with blanks would not do."""

VALUES: dict[str, str] = {
    "listed": "the id of a listed point",
    "in_use": "the id of the point that the item failed over to",
    "unknown": "an id that names no point",
    "running": "the job that runs",
    "ended": "a job that has ended",
    "unspecified": "left open",
    "nothing": "forgotten",
}
"""Values of arguments and variables that are kinds of value, or that need more than their name."""

_ARGUMENTS = frozenset(name for arguments in ARGUMENTS.values() for name in arguments)


def words(identifier: str) -> str:
    """A name as it is read: `failing_over` becomes `failing over`."""
    text = identifier.replace("_", " ").replace("on premises", "on-premises")
    return text.replace("azure", "Azure")


def in_words(expression: str, phases: Collection[str] | None = None) -> str:
    """Say a guard in words; empty for one that always holds.

    phases: those that there are; others are left out of its sets of phases.

    Raises:
        ExpressionError: it cannot be understood.
    """
    tree = expressions.fold(_Among(phases).visit(deepcopy(expressions.parse(expression))))
    if isinstance(tree, ast.Constant):
        return "" if tree.value else "never"
    return _say(tree)


class _Among(ast.NodeTransformer):
    """Lets no phase be another one than these."""

    def __init__(self, phases: Collection[str] | None) -> None:
        self._phases = phases

    def visit_Compare(self, node: ast.Compare) -> ast.expr:
        match node:
            case ast.Compare(ast.Name("phase"), [ast.Eq()], [ast.Constant(str(phase))]):
                return node if self._phases is None or phase in self._phases else ast.Constant(False)
        return node


def condition_in_words(expression: str) -> str:
    """Say a condition as the end of a sentence: `if ...`."""
    text = in_words(expression)
    return f"if {text}" if text else "in any case"


def value_in_words(value: Value) -> str:
    """A value of an argument or a variable: what it stands for, or itself."""
    return VALUES.get(str(value), str(value))


def update_in_words(name: str, value: str) -> str:
    """Say an assignment as what holds afterwards."""
    tree = expressions.parse(value)
    if not isinstance(tree, ast.Constant):
        if (phrases := PHRASES.get(name)) is not None:
            return f"{phrases[0]} if {value}"
        return f"{SUBJECTS.get(name, words(name))} is this {words(value)}"
    if isinstance(tree.value, bool):
        return _say(ast.Name(name), tree.value)
    return _say(ast.Compare(ast.Name(name), [ast.Eq()], [tree]))


def event_in_words(event: Event) -> str:
    """An operation with its arguments, or a happening: `fail_over(recovery_point: latest, shut_down_source: True)`."""
    inside = ", ".join(f"{name}: {value_in_words(value)}" for name, value in event.arguments)
    return f"{event.name}({inside})" if inside else event.name


def _say(tree: ast.expr, holds: bool = True) -> str:
    match tree:
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return _say(operand, not holds)
        case ast.BoolOp(op=operator, values=values):
            both = isinstance(operator, ast.And) is holds  # De Morgan: the other word where it does not hold
            parts = [f"({said})" if _is_mixed(v, both, holds) else said for v in values for said in [_say(v, holds)]]
            return (" and " if both else " or ").join(parts)
    return _say_atom(tree, holds)


def _is_mixed(tree: ast.expr, both: bool, holds: bool) -> bool:
    while isinstance(tree, ast.UnaryOp):
        tree, holds = tree.operand, not holds
    return isinstance(tree, ast.BoolOp) and (isinstance(tree.op, ast.And) is holds) is not both


def _say_atom(tree: ast.expr, holds: bool) -> str:
    if isinstance(tree, ast.Compare) and isinstance(tree.ops[0], ast.NotEq):
        tree = ast.Compare(tree.left, [ast.Eq()], tree.comparators)
        holds = not holds
    phrases = PHRASES.get(ast.unparse(tree))
    if phrases is not None:
        return phrases[0] if holds else phrases[1]
    match tree:
        case ast.Compare(left=ast.Name(id=name), ops=[ast.Eq()], comparators=[ast.Constant(value=value)]):
            subject = name if name in _ARGUMENTS else SUBJECTS.get(name, words(name))
            return f"{subject} is {'' if holds else 'not '}{VALUES.get(str(value), repr(value))}"
        case ast.Name(id=name):
            return words(name) if holds else f"not {words(name)}"
    text = ast.unparse(tree)
    return text if holds else f"not ({text})"
