"""How the lifecycle machine tells a failure: as a counterexample, with the requirement in the name of the error."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from asr_model.stepper import Stepper
from asr_properties.generation.declared_rules import AGREES
from asr_properties.session.nonconformance import BROKEN, NonConformance


class RequirementBroken(NonConformance, AssertionError):
    """The implementation broke a requirement.

    invariant: the name of the declared property that was broken first, or that no state of the model agrees.
    """

    invariant: str


@cache
def error_of(requirement: str) -> type[RequirementBroken]:
    """The error of a requirement, which bears its name. So Hypothesis takes two broken requirements for two failures,
    and does not shrink one into the other."""
    return type(requirement, (RequirementBroken,), {"__doc__": f"{requirement} is broken.", "__module__": __name__})


def told(
    failure: NonConformance, invariant: str, configuration: Mapping[str, Any], stepper: Stepper
) -> RequirementBroken:
    """The error of a failure on an item that was begun with this configuration; invariant: what it breaks, by name."""
    error = error_of(failure.blamed[0] if failure.blamed else "Departure")(
        failure.what,
        failure.allowed,
        failure.requirements,
        failure.decided,
        failure.before,
        failure.steps,
        stepper,
        failure.blamed,
        values=failure.values,
        configuration=configuration,
    )
    error.invariant = invariant
    return error


def broken_rule(failure: NonConformance) -> str:
    """The name of the declared property that was broken first, or that no state of the model agrees."""
    telling = [rule for rule in failure.broken if set(failure.blamed[:1]) <= set(rule.requirements)]
    others = failure.broken if failure.what.startswith(BROKEN) else ()
    return next((rule.name for rule in (*telling, *others)), AGREES)
