"""The strategies from which the lifecycle machine draws, and those that depend on what it has seen so far."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from asr_model.vocabulary import ARGUMENTS, Operation
from asr_properties.evidence.actions import APPLIANCES, NO_POINT, OPTION_WORDS, Action, request
from asr_properties.generation.action_choice import OPERATIONS, WAITS, Chooser, tasks_of
from asr_properties.generation.beliefs import answers_now
from asr_properties.generation.configurations import draw_configuration

if TYPE_CHECKING:
    from asr_properties.generation.lifecycle_machine import LifecycleMachine

NEWEST, OLDEST = 0, -1

numbers_of_points = st.sampled_from((NEWEST, OLDEST, 1, 2))
"""Which of the listed recovery points, counted from the newest; modulo their number."""

waits = st.sampled_from((3600.0, *(seconds for seconds in WAITS if seconds != 3600.0)))
"""Seconds. The plainest is an hour: long enough for a recovery point, short enough for everything to last."""

variants = st.integers(0, 3)
"""Of a way that the model knows; 0 is the plainest."""


@st.composite
def configurations(draw: st.DrawFn) -> dict[str, object]:
    """The configuration of a fresh item."""
    return draw_configuration(lambda below: draw(st.integers(0, below - 1)))


@st.composite
def changes_of_settings(draw: st.DrawFn) -> dict[str, str | None]:
    """Changes of the future machine's settings."""
    return dict(Chooser(lambda below: draw(st.integers(0, below - 1))).change_of_settings().arguments)


def _of_the_machine(strategy: Any) -> st.SearchStrategy[Any]:
    """What a function of the machine gives when it is drawn from."""
    return st.runner().flatmap(strategy)


def accepted_arguments(operation: Operation) -> dict[str, st.SearchStrategy[Any]]:
    """A strategy for each argument of an operation, from what the model accepts at that moment."""

    def of(argument: str) -> st.SearchStrategy[Any]:
        if argument == "recovery_point":
            return _of_the_machine(lambda machine: st.sampled_from(machine.usable_points(operation)))
        return _of_the_machine(
            lambda machine: st.sampled_from(answers_now(machine.session).accepted_values(operation, argument))
        )

    return {argument: of(argument) for argument in ARGUMENTS.get(operation, {})}


def _refused_by(machine: LifecycleMachine) -> st.SearchStrategy[Action]:
    refused = answers_now(machine.session).refused
    names = [name for name in OPERATIONS if name in refused and machine.offers(name)]

    def with_arguments(name: str) -> st.SearchStrategy[Action]:
        return st.sampled_from(refused[name]).flatmap(
            lambda event: _with_any_point(request(name, **dict(event.arguments)))
        )

    return st.sampled_from(names).flatmap(with_arguments)


def _with_any_point(action: Action) -> st.SearchStrategy[Action]:
    """The request; if it names no recovery point, it does so in one of several ways."""
    arguments = dict(action.arguments)
    if arguments.get("recovery_point") != "unknown":
        return st.just(action)
    taken = ARGUMENTS[Operation(action.name)]["recovery_point"]
    names = (*NO_POINT, *(word for word in OPTION_WORDS if word not in taken))
    return st.sampled_from(names).map(lambda name: request(action.name, **{**arguments, "recovery_point": name}))


must_be_refused = _of_the_machine(_refused_by)
"""A request that the model refuses at that moment."""

cancellable_jobs = _of_the_machine(lambda machine: st.sampled_from(machine.jobs_to_cancel()))
"""The job that runs, or one of those that ended last."""

faults_that_are_on = _of_the_machine(lambda machine: st.sampled_from(sorted(machine.session.faults)))


def beginning_faults(faults: tuple[str, ...]) -> st.SearchStrategy[Action]:
    """A fault begins: for its job as a whole, or for one of its tasks."""
    return st.sampled_from(faults).flatmap(
        lambda fault: st.sampled_from((None, *tasks_of(fault))).map(lambda task: Action("inject", fault, task=task))
    )


phases_to_head_for = _of_the_machine(lambda machine: st.sampled_from(machine.goals().phases))

transitions_to_take = _of_the_machine(lambda machine: st.sampled_from(machine.goals().transitions))

scenarios_to_follow = _of_the_machine(lambda machine: st.sampled_from(machine.goals().scenarios))

appliances = st.sampled_from(APPLIANCES)
