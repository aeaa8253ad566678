"""Rules and invariants of the lifecycle machine, made from what is declared of a profile.

One rule for each operation, with the contract's names; one invariant for each property that can be judged on a run.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from hypothesis.stateful import Bundle, invariant, precondition, rule

from asr_model.profiles import efsm
from asr_model.vocabulary import ARGUMENTS, Operation
from asr_properties.evidence.actions import Action
from asr_properties.generation.beliefs import answers_now
from asr_properties.generation.drawn import (
    accepted_arguments,
    beginning_faults,
    phases_to_head_for,
    transitions_to_take,
    variants,
)
from asr_properties.specification.declared import properties_of
from asr_properties.specification.rule import EvidenceKind

AGREES = "agrees_with_the_model"
"""The invariant that some state of the model explains all that was seen."""

_Function = TypeVar("_Function", bound=Callable[..., Any])


def declared_rules(profile: str, jobs: Bundle[str]) -> Iterator[tuple[str, Any]]:
    """The rules and invariants of a profile, by name. jobs: the bundle of what requests start."""
    lifecycle = efsm(profile)
    asked = {event.name for event in lifecycle.events() if event.is_operation}
    for operation in Operation:
        if operation in asked and operation is not Operation.CANCEL_JOB:
            yield str(operation), _asking(operation, jobs)
    yield "fault_begins", _fault_begins(lifecycle.faults)
    yield "must_all_be_refused", _probing(jobs)
    yield "head_for", _heading(jobs)
    yield "take", _taking(jobs)
    yield AGREES, _invariant(AGREES, "Some state of the model explains all that was seen.")
    for candidate in properties_of(profile):
        if EvidenceKind.LIVE in candidate.evidence:
            yield candidate.name, _invariant(candidate.name, candidate.says)


def names_of(profile: str) -> frozenset[str]:
    """The names of what `declared_rules` gives."""
    return frozenset(name for name, _ in declared_rules(profile, Bundle("jobs")))


def _asking(operation: Operation, jobs: Bundle[str]) -> Any:
    """The rule that asks for an operation which the model accepts, with arguments that it accepts."""
    optional = ("appliance", "cache_storage_account") if operation is Operation.REPROTECT else ()

    names = (*ARGUMENTS.get(operation, {}), *optional)

    def ask(self: Any, *values: Any, **arguments: Any) -> Any:
        return self._ask(operation, {**dict(zip(names, values, strict=False)), **arguments})

    def is_accepted(self: Any) -> bool:
        return operation in answers_now(self.session).accepted and self.offers(operation)

    def has_a_point(self: Any) -> bool:
        return bool(self.usable_points(operation))

    drawn: dict[str, Any] = accepted_arguments(operation)
    parameters = [*ARGUMENTS.get(operation, {}), *((name, None) for name in optional)]
    ask = _named(ask, str(operation), f"Ask for {operation}; what is returned is the job.", parameters)
    ask = rule(target=jobs, **drawn)(ask)
    if "recovery_point" in ARGUMENTS.get(operation, {}):
        ask = precondition(has_a_point)(ask)
    return precondition(is_accepted)(ask)


def _heading(jobs: Bundle[str]) -> Any:
    def head_for(self: Any, phase: str, variant: int = 0) -> Any:
        """Go the model's shortest way to a phase."""
        return self._go(self.guide.to_phase(phase, variant))

    return rule(target=jobs, phase=phases_to_head_for, variant=variants)(head_for)


def _probing(jobs: Bundle[str]) -> Any:
    def must_all_be_refused(self: Any, variant: int = 0) -> Any:
        """Ask for each operation that the model refuses now, as long as the phase is the same."""
        return self._go(self.guide.everything_refused(variant))

    return rule(target=jobs, variant=variants)(must_all_be_refused)


def _taking(jobs: Bundle[str]) -> Any:
    def take(self: Any, transition: str, variant: int = 0) -> Any:
        """Go the model's shortest way to a declared transition, and over it."""
        return self._go(self.guide.to_transition(transition, variant))

    return rule(target=jobs, transition=transitions_to_take, variant=variants)(take)


def _fault_begins(faults: tuple[str, ...]) -> Any:
    def has_faults(self: Any) -> bool:
        return self.session.connection.has_faults and len(self.session.faults) < len(faults)

    def fault_begins(self: Any, fault: Action) -> None:
        """A fault begins: `inject` says it in the contract's words."""
        self._go(iter((fault,)))

    return precondition(has_faults)(rule(fault=beginning_faults(faults))(fault_begins))


def _invariant(name: str, says: str) -> Any:
    """An invariant that holds until the last step broke the rule of this name; then it tells what went wrong."""

    def is_broken(self: Any) -> bool:
        return bool(self._broken == name)

    def holds(self: Any) -> None:
        if self._broken == name:
            raise self._error() from None

    holds.__code__ = holds.__code__.replace(co_name=name, co_qualname=name)
    # Without the precondition a falsifying example would list each of the invariants after each step.
    return precondition(is_broken)(invariant()(_named(holds, name, says, ())))


def _named(function: _Function, name: str, says: str, parameters: Any) -> _Function:
    function.__name__, function.__qualname__, function.__doc__ = name, f"LifecycleMachine.{name}", says
    if parameters:
        kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
        given = [inspect.Parameter("self", kind)]
        for parameter in parameters:
            if isinstance(parameter, tuple):
                given.append(inspect.Parameter(parameter[0], kind, default=parameter[1]))
            else:
                given.append(inspect.Parameter(parameter, kind))
        function.__signature__ = inspect.Signature(given)  # type: ignore[attr-defined]
    elif function.__code__.co_flags & inspect.CO_VARKEYWORDS:
        kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
        function.__signature__ = inspect.Signature([inspect.Parameter("self", kind)])  # type: ignore[attr-defined]
    return function
