"""What a mutant is: one change of the extended finite state machine, as data."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from asr_model.efsm import Efsm, Transition


class Operator(StrEnum):
    """The kinds of mistakes."""

    TRANSITION_MISSING = "transition missing"
    REFUSAL_MISSING = "refusal missing"
    WRONG_TARGET = "wrong target"
    GUARD_NEGATED = "guard negated"
    GUARD_WEAKENED = "guard weakened"
    GUARD_OFF_BY_ONE = "guard off by one"
    UPDATE_DROPPED = "update dropped"
    UPDATE_CHANGED = "update changed"
    WRONG_OBSERVATION = "wrong observation"
    WRONG_RESPONSE = "wrong response"
    EXTRA_STATES = "extra states"


@dataclass(frozen=True, slots=True)
class Shown:
    """What is shown wrongly while the item is at `place`, a phase or a state of the drill. field: of the observation.
    value: what is shown instead; of `allowed_operations` the one that is listed though it is not, or the reverse; of
    `recovery_points` the kind that those which are listed have, `none` where they are left out; of `current_job`
    nothing."""

    place: str
    field: str
    value: str


@dataclass(frozen=True, slots=True)
class Feigned:
    """An operation that must be refused in a phase is accepted; its job succeeds at once, and nothing has changed."""

    phase: str
    operation: str


@dataclass(frozen=True, slots=True)
class Mutant:
    """One mistake.

    name: its own among the mutants of a profile, and the same in every process. what: is wrong, in words. operator:
    the kind of mistake. requirements: of what is changed. gone, added: the transition that is taken away, and the one
    that stands in its place, or is new. hushed: the id of a transition of an operation that is taken while the answer
    is that it was refused. part: the condition or the update of the transition that is changed; empty where it is the
    transition itself. shown, feigned: what is shown or answered wrongly. place, visits: the mistake is made only after
    this phase, or state of the drill, was entered so many times and left; never (0) means that it is always made.
    """

    operator: Operator
    name: str
    what: str
    requirements: tuple[str, ...]
    gone: Transition | None = None
    added: Transition | None = None
    part: str = ""
    hushed: str | None = None
    shown: Shown | None = None
    feigned: Feigned | None = None
    place: str = ""
    visits: int = 0

    @property
    def event(self) -> str | None:
        """The event whose transitions are changed, if any are."""
        changed = self.gone or self.added
        return None if changed is None else changed.event

    def applied(self, efsm: Efsm) -> Efsm:
        """The machine with the mistake in it; one that only shows or answers wrongly is as it was."""
        if self.gone is None:
            return efsm if self.added is None else replace(efsm, transitions=(*efsm.transitions, self.added))
        put = () if self.added is None else (self.added,)
        changed = [new for old in efsm.transitions for new in (put if old == self.gone else (old,))]
        return replace(efsm, transitions=tuple(changed))
