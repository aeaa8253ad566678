"""What a class of the lifecycle machine must have, and how its test runs."""

from __future__ import annotations

import unittest
from contextlib import suppress
from difflib import get_close_matches
from functools import cache, wraps
from inspect import Parameter, signature
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis.errors import InvalidDefinition
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test

from asr_properties.generation.shortest import raise_shortest
from asr_properties.generation.told_failure import RequirementBroken

_COLLECTS = (Parameter.VAR_POSITIONAL, Parameter.VAR_KEYWORD)

_WHAT_TO_WRITE = (
    "write `implementation = FACTORY` in it, where FACTORY() gives the adapter of what is to be judged, "
    "for example `implementation = my_package.my_factory`"
)


def check_attributes(machine: type) -> None:
    """Whether the body of a class has what may be a misspelt `implementation`.

    Raises:
        InvalidDefinition: it has.
    """
    inherited = {name for base in machine.__mro__[1:] for name in vars(base)}
    own = [name for name in vars(machine) if name not in inherited and not name.startswith("__")]
    for name in get_close_matches("implementation", (n for n in own if n != "implementation"), n=1, cutoff=0.8):
        raise InvalidDefinition(f"{machine.__name__} has {name!r}: did you mean `implementation`?")


def check_implementation(machine: Any) -> None:
    """Whether a class says what it judges.

    Raises:
        InvalidDefinition: it does not; the message says what to write.
    """
    factory = getattr(machine, "implementation", None)
    if factory is None:
        raise InvalidDefinition(f"{machine.__name__} does not say what to judge: {_WHAT_TO_WRITE}")
    if not callable(factory):
        raise InvalidDefinition(f"{machine.__name__}.implementation is {factory!r}, no factory: {_WHAT_TO_WRITE}")
    with suppress(ValueError):  # not everything written in C tells its parameters
        if any(p.default is p.empty and p.kind not in _COLLECTS for p in signature(factory).parameters.values()):
            raise InvalidDefinition(
                f"{machine.__name__}.implementation takes arguments, and is called with none: {_WHAT_TO_WRITE}"
            )


def fit(chosen: settings) -> settings:
    """Settings as the machine needs them, where nothing else was chosen than the loaded profile has: a step may take
    as long as it takes, and the health checks for tests of plain functions do not concern it."""
    usual = settings.get_profile(settings.get_current_profile_name())
    changes: dict[str, Any] = {}
    if chosen.deadline == usual.deadline:
        changes["deadline"] = None
    if set(chosen.suppress_health_check) == set(usual.suppress_health_check):
        changes["suppress_health_check"] = list(HealthCheck)
    return settings(chosen, **changes)


def without_shrinking(chosen: settings) -> settings:
    """The settings without what Hypothesis does to a failing test case."""
    return settings(chosen, phases=[p for p in chosen.phases if p not in (Phase.shrink, Phase.explain)])


class OwnTestCase:
    """The attribute `TestCase` of a machine: a class of unittest, with settings of its own."""

    def __get__(self, machine: RuleBasedStateMachine | None, kind: type | None = None) -> Any:
        return _test_case_of(kind or type(machine))


@cache
def _test_case_of(machine: Any) -> type[unittest.TestCase]:
    usual: Any = vars(RuleBasedStateMachine)["TestCase"].__get__(None, machine)

    class MachineTest(usual):  # type: ignore[misc]
        settings = fit(settings())

        @wraps(usual.runTest)
        def runTest(self) -> None:  # noqa: N802  # unittest calls it so
            check_implementation(machine)
            chosen = fit(self.settings)
            if Phase.shrink not in chosen.phases:
                run_state_machine_as_test(machine, settings=chosen)
                return
            found: RequirementBroken | None = None
            try:
                run_state_machine_as_test(machine, settings=without_shrinking(chosen))
            except RequirementBroken as error:
                found = error
            if found is not None:
                raise_shortest(machine, found)

    MachineTest.__name__ = f"{machine.__name__}.TestCase"
    MachineTest.__qualname__ = f"{machine.__qualname__}.TestCase"
    MachineTest.__module__ = machine.__module__
    return MachineTest
