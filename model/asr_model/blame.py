"""Whose requirement it is that an operation is possible, or not, where the item is: derived from what is declared.

Transitions cite why an operation is accepted, refusals why it is not; both name the most telling requirement first.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from asr_model.efsm import Transition
from asr_model.lifecycle.phrases import OPTIONS
from asr_model.listed_operations import listed
from asr_model.state import State
from asr_model.stepper import Stepper
from asr_model.vocabulary import UNTIL_COMMITTED, Operation

ANY_REFUSAL, ANY_ACCEPTANCE = "X02", "X21"
"""What is not listed is refused; what is listed is accepted. Every other rule tells more."""

OF_ARGUMENTS = frozenset(identifier for _, identifiers in OPTIONS for identifier in identifiers)
"""Requirements that speak of the recovery point that was asked for."""

_WAITING_DRILL = ("drill_awaiting_cleanup", "X15")

_ROWS = (
    ("X03", "failed_over", (*UNTIL_COMMITTED, Operation.REPROTECT)),
    ("X03", "failover_committed", UNTIL_COMMITTED),
    (
        "X04",
        "failed_back",
        (*UNTIL_COMMITTED, Operation.CANCEL_FAILOVER, Operation.REPROTECT, Operation.PLANNED_FAILOVER),
    ),
    ("X05", "reverse_protected", tuple(Operation)),
)
"""Requirements that state a row of the state table (facts 1.1): the phase, and the operations that they speak of."""

OF_LISTS = frozenset(rule for rule, _, _ in _ROWS) | {"X12"}
"""Requirements that speak of what is listed; the others speak of what happens when it is asked for."""


def why_possible(stepper: Stepper, state: State, operation: str) -> tuple[str, ...]:
    """What says that this operation can be asked for in `state`, whatever its arguments; none if it cannot."""
    outcomes = (stepper.step(state, event) for event in stepper.events if event.name == operation)
    return _common(_not_of_arguments(o.transition) for o in outcomes if o.transition is not None)


def of_a_row(stepper: Stepper, phase: str) -> tuple[str, ...]:
    """The requirements that state what this phase lists."""
    return tuple(rule for rule, at, _ in _ROWS if at == phase and _has(stepper, rule))


def of_a_word(stepper: Stepper, phase: str, drill: str, operation: str) -> tuple[str, ...]:
    """The requirements that are broken where the list of a phase lacks this operation, or has it though it must not.

    The most telling one comes first; X02 or X21 comes last, if at all.
    """
    return _of_a_word(stepper, phase, drill, operation)


@cache
def _of_a_word(stepper: Stepper, phase: str, drill: str, operation: str) -> tuple[str, ...]:
    state = stepper.initial._replace(phase=phase, drill=drill, points="app")
    row = [rule for rule, at, named in _ROWS if at == phase and operation in named and _has(stepper, rule)]
    if operation in listed(stepper, state, (operation,)).all:
        return tuple(dict.fromkeys((*row, *why_possible(stepper, state, operation)[:1])))
    row += [_WAITING_DRILL[1]] if drill == _WAITING_DRILL[0] else []
    events = (event for event in stepper.events if event.name == operation)
    refused = _common(stepper.why_refused(state, event) for event in events)
    telling = [rule for rule in refused if rule != ANY_REFUSAL]
    return tuple(dict.fromkeys((*row, *telling, ANY_REFUSAL)))


def _has(stepper: Stepper, rule: str) -> bool:
    """Whether a row is one of this profile: X04 and X05 speak of the planned failover."""
    return rule == "X03" or Operation.PLANNED_FAILOVER in {transition.event for transition in stepper.efsm.transitions}


def _not_of_arguments(transition: Transition) -> tuple[str, ...]:
    return tuple(rule for rule in transition.requirements if rule not in OF_ARGUMENTS)


def _common(cited: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    """What all of them name, in the order of the first."""
    first, *others = list(cited) or [()]
    return tuple(rule for rule in first if all(rule in other for other in others))
