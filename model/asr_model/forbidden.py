"""What each requirement forbids: operations, by their kind of arguments, in the steady phases of the model."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from asr_model.efsm import Event
from asr_model.lts import Lts
from asr_model.vocabulary import Operation

Try = tuple[str, Event]
"""A phase, and what is asked for there, by its kind of arguments."""

PLAINLY_REFUSED = "X02"
"""Whatever is not listed is refused. That every pair was tried stands for it."""


def kind_of(event: Event) -> Event:
    """The operation with the arguments that tell kinds of requests apart: whether the source is shut down does not."""
    return Event(event.name, tuple(item for item in event.arguments if item[0] != "shut_down_source"))


@cache
def forbidden(lts: Lts) -> Mapping[str, frozenset[Try]]:
    """Requirement -> what it forbids: the steady phases, each with what must be refused there by this requirement in
    every state of the phase, whatever else is so."""
    rules: dict[Try, set[str]] = {}
    open_: set[Try] = set()
    for number, state in enumerate(lts.states):
        if not lts.stepper.efsm.phases[state.phase].steady or state.drill != "no_drill" or state.resynchronizing:
            continue
        for edge in lts.outgoing[number]:
            if not edge.event.is_operation or edge.event.name == Operation.CANCEL_JOB:
                continue
            each = (state.phase, kind_of(edge.event))
            if edge.transition is not None:
                open_.add(each)
            else:
                known = rules.setdefault(each, set(edge.requirements))
                known &= set(edge.requirements)
    found: dict[str, set[Try]] = {}
    for each, requirements in rules.items():
        for requirement in requirements - {PLAINLY_REFUSED} if each not in open_ else ():
            found.setdefault(requirement, set()).add(each)
    return {requirement: frozenset(tries) for requirement, tries in found.items()}
