"""What a property looks at, the same for all three kinds of evidence: the model, a live run, a recording.

Evidence is a sequence of moments. A moment is one event, how it was answered, and what the item looked like before
and after. What cannot be seen is `UNKNOWN`; an expression that depends on it has no truth value.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from asr_model import expressions
from asr_model.efsm import Efsm, Event
from asr_model.state import State
from asr_model.stepper import Stepper
from asr_model.vocabulary import Operation, Response


class Undetermined(Exception):
    """An expression asked about something unknown."""


class _Unknown:
    """A value that was not seen. Whoever compares it learns nothing: every question raises `Undetermined`."""

    __slots__ = ()
    __hash__ = object.__hash__

    def _ask(self, *_: object) -> bool:
        raise Undetermined

    __eq__ = __ne__ = __ge__ = __le__ = __contains__ = _ask
    __bool__ = _ask

    def __repr__(self) -> str:
        return "unknown"


UNKNOWN: Any = _Unknown()


class View(NamedTuple):
    """What can be seen of an item; every field may be UNKNOWN.

    allowed: the listed operations; on the model those listed for certain, as others may be missing.
    points: `none`, `crash` or `app`: the best kind of recovery point listed, the one in use apart.
    on_premises, azure: power of the production machines: `on`, `off`, `absent`.
    has_issues: whether a health issue is shown. job_has_errors: whether the last planned failover job has errors.
    on_premises_newest, azure_newest: sequence number of the newest record on the disks; received_newest: of the
    newest record that the service has received.
    in_use_id: the recovery point the item failed over to; named_id: the one the last request named; listed_newest_id,
    app_newest_id: the newest listed one, and the newest app-consistent one. item_id: the item's own.
    ended_operation: whose job has ended since the look before; tasks_in_order: whether its tasks were.
    newest_first: whether the listed recovery points are in that order.
    """

    phase: Any = UNKNOWN
    drill: Any = UNKNOWN
    serving: Any = UNKNOWN
    replicating: Any = UNKNOWN
    allowed: Any = UNKNOWN
    points: Any = UNKNOWN
    on_premises: Any = UNKNOWN
    azure: Any = UNKNOWN
    has_issues: Any = UNKNOWN
    job_has_errors: Any = UNKNOWN
    on_premises_newest: Any = UNKNOWN
    azure_newest: Any = UNKNOWN
    received_newest: Any = UNKNOWN
    in_use_id: Any = UNKNOWN
    named_id: Any = UNKNOWN
    listed_newest_id: Any = UNKNOWN
    app_newest_id: Any = UNKNOWN
    item_id: Any = UNKNOWN
    ended_operation: Any = UNKNOWN
    tasks_in_order: Any = UNKNOWN
    newest_first: Any = UNKNOWN


NOTHING_SEEN = View()


class Moment(NamedTuple):
    """One event and what was seen around it.

    event: an operation, a happening, or what else was done (`wait`, `write`, `inject`, `clear`, `observe`).
    response: `accepted`, `refused`, UNKNOWN while it is open which, or None for what is not an operation.
    seconds: how long was waited, None where that is not known.
    surroundings: the conditions that hold, by the model's names.
    """

    event: Any
    response: Any
    recovery_point: Any
    recovery_point_type: Any
    shut_down_source: Any
    seconds: Any
    surroundings: Any
    was: View
    now: View


def moment_of(
    event: str,
    response: Any,
    arguments: Mapping[str, Any],
    was: View,
    now: View,
    *,
    surroundings: Any,
    seconds: Any = None,
) -> Moment:
    """One event as evidence; `arguments` are the operation's, in the model's kinds of value."""
    return Moment(
        event=event,
        response=response,
        recovery_point=arguments.get("recovery_point"),
        recovery_point_type=arguments.get("recovery_point_type"),
        shut_down_source=arguments.get("shut_down_source"),
        seconds=seconds,
        surroundings=surroundings,
        was=was,
        now=now,
    )


_CODE: dict[str, ast.expr] = {
    **{name: expressions.element("m", index) for index, name in enumerate(Moment._fields[:-2])},
    **{
        prefix + name: ast.Subscript(
            expressions.element("m", len(Moment._fields) - back), ast.Constant(index), ast.Load()
        )
        for prefix, back in (("was_", 2), ("", 1))
        for index, name in enumerate(View._fields)
    },
}

Question = Callable[[Moment], bool | None]
"""True, False, or None where it depends on something unknown."""


def question(text: str) -> Question:
    """Compile an expression over moments: the fields of `Moment`, of the view after it, and before it with `was_`.

    Raises:
        ExpressionError: it cannot be understood or names something else.
    """
    ask = expressions.compile_function("m", expressions.substitute(expressions.parse(text), _CODE), {})

    def answer(moment: Moment) -> bool | None:
        try:
            return bool(ask(moment))
        except Undetermined:
            return None

    return answer


def value_of(text: str) -> Callable[[Moment], Any]:
    """Compile a name to the function that reads it, unknown or not."""
    return expressions.compile_function("m", expressions.substitute(expressions.parse(text), _CODE), {})


class ModelViews:
    """How the states of a model look, as views; states that look the same share one view object."""

    def __init__(self, stepper: Stepper) -> None:
        self._stepper = stepper
        self._efsm: Efsm = stepper.efsm
        self._views: dict[State, View] = {}
        self._shared: dict[tuple[Any, ...], View] = {}

    def view(self, state: State) -> View:
        """What an implementation in this state would show."""
        if state not in self._views:
            facts = self._efsm.phases[state.phase]
            view = View(
                phase=state.phase,
                drill=state.drill,
                serving=UNKNOWN if facts.serving is None else facts.serving,
                replicating=UNKNOWN if facts.replicating is None else facts.replicating,
                allowed=self.allowed(state),
                points=state.points if facts.lists_points else UNKNOWN,
                on_premises=_power(state.on_premises),
                azure=_power(state.azure),
            )
            key = tuple("unknown" if value is UNKNOWN else value for value in view)
            self._views[state] = self._shared.setdefault(key, view)
        return self._views[state]

    def allowed(self, state: State) -> Any:
        """The operations a state must list; UNKNOWN while the list is free (contract 2)."""
        return UNKNOWN if state.resynchronizing else listed(self._stepper, state).certain

    def moment(
        self, before: State, event: Event, response: Response | None, after: State, holds: frozenset[str]
    ) -> Moment:
        """One step of the model as evidence."""
        was, now = self.view(before), self.view(after)
        return moment_of(event.name, response, dict(event.arguments), was, now, surroundings=holds)


class Listed(NamedTuple):
    """The operations that a state lists as allowed: those it lists for certain, and those it may list or not."""

    certain: frozenset[str]
    optional: frozenset[str]

    @property
    def all(self) -> frozenset[str]:
        """Everything that may be listed."""
        return self.certain | self.optional

    def __str__(self) -> str:
        return ", ".join(sorted(self.all)) or "nothing"


def listed(stepper: Stepper, state: State) -> Listed:
    """What `state` lists: an operation for certain if some arguments make it accepted when nothing is wrong; if the
    implementation may refuse it even so, listing it is optional.

    Transitional phases and a drill that runs or is cleaned up list nothing (contract 2).
    """
    facts = stepper.efsm.phases[state.phase]
    if not facts.steady or stepper.efsm.drills[state.drill].settles_within is not None:
        return Listed(frozenset(), frozenset())
    outcomes = [
        (event.name, stepper.step(state, event))
        for event in stepper.events
        if event.is_operation and event.name != Operation.CANCEL_JOB
    ]
    accepted = {name for name, outcome in outcomes if outcome.transition is not None}
    certain = {name for name, outcome in outcomes if outcome.transition is not None and not outcome.may_refuse}
    return Listed(frozenset(certain), frozenset(accepted - certain))


def _power(value: str) -> Any:
    return UNKNOWN if value == "unspecified" else value
