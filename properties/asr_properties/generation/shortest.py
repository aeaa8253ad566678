"""Makes what Hypothesis has found minimal, and tells it as Hypothesis tells a failing test case.

Hypothesis shrinks the choices that it made. For walks of this length that takes minutes, while the model knows shorter
ways to the same failure: see `asr_properties.counterexamples.minimise`.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

from asr_model.profiles import lts
from asr_properties.contract.connection import AdapterError
from asr_properties.counterexamples.blame import to_blame, without_idle_faults
from asr_properties.counterexamples.minimise import Minimal, Minimiser
from asr_properties.generation.runbook import call_of
from asr_properties.generation.told_failure import RequirementBroken

if TYPE_CHECKING:
    from asr_properties.generation.lifecycle_machine import LifecycleMachine

KEPT = "@reproduce_failure"
"""What a note of Hypothesis tells that stays true: how the walk is done again that it found."""

NOT_AGAIN = "It did not fail again when the same steps were done on a fresh implementation: the steps are not minimal."


def raise_shortest(machine: type[LifecycleMachine], found: RequirementBroken) -> None:
    """Raise the failure again, from a walk from which no step can be left out.

    Raises:
        RequirementBroken: always, be it `found` itself where the walk does not fail again.
    """
    try:
        minimal, alone = _minimal(machine, found)
    except AdapterError as error:
        found.add_note(f"The steps are not minimal: {error}")
        raise found from None
    if minimal is None:
        found.add_note(NOT_AGAIN)
        raise found from None
    kept = [note for note in getattr(found, "__notes__", ()) if KEPT in note]
    try:
        do(machine(), minimal, alone)
    except RequirementBroken as error:
        for note in ("\n".join(runbook(machine, minimal, error.invariant)), *kept):
            error.add_note(note)
        raise error from None
    found.add_note(NOT_AGAIN)
    raise found from None


def _minimal(machine: type[LifecycleMachine], found: RequirementBroken) -> tuple[Minimal | None, tuple[str, ...]]:
    """The walk with the fewest steps, and the requirements to blame alone; None if it does not fail again."""
    session, model = machine.new_session(), lts(machine.profile)
    minimiser = Minimiser(session, model)
    alone: tuple[str, ...] = ()
    minimal = minimiser.minimise(found.configuration, found)
    if minimal is not None:
        without = without_idle_faults(minimal, minimiser, model.stepper)
        alone = to_blame(found, without, minimiser, was_idle=without is not minimal)
        minimal = without
    with contextlib.suppress(AdapterError):
        session.connection.bye()
    return minimal, alone


def do(state: LifecycleMachine, minimal: Minimal, alone: tuple[str, ...] = ()) -> None:
    """Do a walk by the machine's methods. alone: what is to blame where the broken rule is not the cause.

    Raises:
        RequirementBroken: it fails, by the invariant of the rule that is broken.
    """
    state.blamed_alone = alone
    try:
        state.new_item(configuration=dict(minimal.configuration))
        state.do(minimal.actions)
    finally:
        state.teardown()


def runbook(machine: type[LifecycleMachine], minimal: Minimal, invariant: str) -> Iterator[str]:
    """The walk as code that can be put into a test."""
    yield "Failing test case:"
    yield f"state = {machine.__name__}()"
    yield f"state.new_item(configuration={dict(minimal.configuration)!r})"
    yield from map(call_of, minimal.actions)
    yield f"state.{invariant}()"
    yield "state.teardown()"
