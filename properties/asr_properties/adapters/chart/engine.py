"""The engine: one instance of a lifecycle's chart, what it would do, and what it does."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from itertools import product
from typing import Any, NamedTuple

from statemachine.exceptions import TransitionNotAllowed
from statemachine.orderedset import OrderedSet
from statemachine.transition import Transition

from asr_model import expressions
from asr_model.lifecycle.chart import Citation, Lifecycle
from asr_model.state import DOMAINS, Value
from asr_model.vocabulary import ARGUMENTS, Operation


class Taken(NamedTuple):
    """A transition that the engine took. was_free: whether the chart would have let it be refused as well."""

    citation: Citation
    was_free: bool


class ChartEngine:
    """Runs a chart. Where several outcomes are open, it only tells so: whoever asks decides.

    surroundings: the conditions that hold, by their names in the chart.
    """

    def __init__(self, chart: type[Lifecycle]) -> None:
        self._chart = chart
        self._machine = chart()
        self._machine.add_listener(self)  # type: ignore[no-untyped-call]
        self._taken: Transition | None = None
        self._first = self._snapshot()
        self._asked: dict[tuple[Any, ...], frozenset[str]] = {}
        self.surroundings: frozenset[str] = frozenset()

    def restart(self) -> None:
        """Go back to where the chart begins; to build it anew takes much longer."""
        self._restore(self._first)
        self.surroundings = frozenset()

    def after_transition(self, transition: Transition) -> None:
        """The engine calls this for each transition that it has taken."""
        self._taken = transition

    @property
    def phase(self) -> str:
        """The phase that the item is in."""
        return self._machine.phase

    @property
    def drill(self) -> str:
        """The state of its drill."""
        return self._machine.drill

    def value(self, variable: str) -> Any:
        """What a variable of the chart is."""
        return getattr(self._machine, variable)

    @property
    def is_busy(self) -> bool:
        """Whether a job runs: the phase or the drill is one that must be left, or a resynchronization goes on."""
        chart = self._chart
        runs_drill = chart.drill_states[self.drill].settles_within is not None
        return not chart.phases[self.phase].steady or runs_drill or bool(self.value("resynchronizing"))

    def take(self, event: str, arguments: Mapping[str, Any] | None = None) -> Taken | None:
        """Send an event; None if the chart does not allow it."""
        machine, before = self._machine, self._snapshot()
        for surrounding in self._chart.surroundings:
            setattr(machine, surrounding.name, surrounding.name in self.surroundings)
        for name, value in (arguments or {}).items():
            setattr(machine, name, value)
        try:
            machine.send(event)
        except TransitionNotAllowed:
            return None
        assert self._taken is not None
        citation: Citation = self._taken.citation  # type: ignore[attr-defined]
        known = {**before, **(arguments or {}), **dict.fromkeys(self.surroundings, True)}
        return Taken(citation, _holds(citation.may_refuse, known))

    def tried(self, event: str, arguments: Mapping[str, Any] | None = None) -> Taken | None:
        """What `take` would do; nothing has changed."""
        before = self._snapshot()
        taken = self.take(event, arguments)
        self._restore(before)
        return taken

    @property
    def happenings(self) -> list[str]:
        """What may happen by itself just now."""
        for surrounding in self._chart.surroundings:
            setattr(self._machine, surrounding.name, surrounding.name in self.surroundings)
        possible = dict.fromkeys(event.id for event in self._machine.enabled_events())
        return [event for event in possible if event not in _OPERATIONS]

    @property
    def acceptable(self) -> tuple[frozenset[str], frozenset[str]]:
        """The operations that are accepted with some arguments while nothing is wrong; and those of them that may be
        refused even so, whatever the arguments."""
        key = tuple(self._snapshot().values())
        found = self._asked.get(key)
        if found is None:
            holding, self.surroundings = self.surroundings, frozenset()
            found = self._asked[key] = frozenset(self._find_acceptable())
            self.surroundings = holding
        free = frozenset(name for name in found if name.startswith(_FREE))
        return found - free, frozenset(name.removeprefix(_FREE) for name in free)

    def _find_acceptable(self) -> Iterator[str]:
        for operation in Operation:
            if operation is Operation.CANCEL_JOB:
                continue
            domains: Mapping[str, tuple[Value, ...]] = ARGUMENTS.get(operation, {})
            tries = (self.tried(operation, dict(zip(domains, v, strict=True))) for v in product(*domains.values()))
            accepted = [taken for taken in tries if taken is not None]
            if accepted:
                yield str(operation)
            if accepted and all(taken.was_free for taken in accepted):
                yield _FREE + operation

    def _snapshot(self) -> dict[str, Any]:
        machine = self._machine
        return {"phase": machine.phase, "drill": machine.drill, **{name: getattr(machine, name) for name in DOMAINS}}

    def _restore(self, before: Mapping[str, Any]) -> None:
        names = ["item", "lifecycle", "drills", before["phase"], before["drill"]]
        self._machine.current_state_value = OrderedSet(names)
        for name in DOMAINS:
            setattr(self._machine, name, before[name])


_OPERATIONS = frozenset(Operation)
_FREE = "free "


def _holds(text: str, values: Mapping[str, Any]) -> bool:
    """Whether an expression of the chart holds; what is no known name is a surrounding that does not."""
    names, ask = _compiled(text)
    return bool(ask(*(values.get(name, False) for name in names)))


@cache
def _compiled(text: str) -> tuple[tuple[str, ...], Callable[..., Any]]:
    names = tuple(sorted(expressions.names(text)))
    return names, expressions.compile_function(", ".join(names), expressions.parse(text), {})
