"""The engines: one instance of a lifecycle, what it would do, and what it does.

`ChartEngine` lets python-statemachine run the declared chart; `StepperEngine` runs an extended finite state machine, so
that a changed one (`asr_model.mutants`) can be judged like any implementation.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from itertools import product
from typing import Any, NamedTuple, Protocol

from statemachine.exceptions import TransitionNotAllowed
from statemachine.orderedset import OrderedSet
from statemachine.transition import Transition

from asr_model import expressions
from asr_model.efsm import Event
from asr_model.lifecycle.chart import Citation, DrillFacts, Lifecycle, PhaseFacts, Surrounding
from asr_model.machine import Machine, MachineState
from asr_model.state import DOMAINS, Value
from asr_model.vocabulary import ARGUMENTS, JobEnd, Operation


class Declared(Protocol):
    """What is declared of a lifecycle beside its transitions; an `Efsm` has it."""

    @property
    def profile(self) -> str:
        """The name of its profile."""

    @property
    def phases(self) -> Mapping[str, PhaseFacts]:
        """The facts about its phases."""

    @property
    def drills(self) -> Mapping[str, DrillFacts]:
        """The facts about the states of its drill."""

    @property
    def surroundings(self) -> tuple[Surrounding, ...]:
        """The conditions that its guards may read."""


class Facts(NamedTuple):
    """What is declared of a chart beside its transitions."""

    profile: str
    phases: Mapping[str, PhaseFacts]
    drills: Mapping[str, DrillFacts]
    surroundings: tuple[Surrounding, ...]


class Taken(NamedTuple):
    """A transition that the engine took. ends: how the running job ends with it. was_free: whether the lifecycle would
    have let it be refused as well. told: whether an operation is answered as what was done; if not, as refused."""

    ends: JobEnd | None
    was_free: bool
    told: bool = True


class Engine(Protocol):
    """Runs a lifecycle. Where several outcomes are open, it only tells so: whoever asks decides.

    surroundings: the conditions that hold, by their names in the lifecycle.
    """

    surroundings: frozenset[str]

    @property
    def declared(self) -> Declared:
        """What is declared of the lifecycle."""

    @property
    def phase(self) -> str:
        """The phase that the item is in."""

    @property
    def drill(self) -> str:
        """The state of its drill."""

    @property
    def happenings(self) -> list[str]:
        """What may happen by itself just now."""

    @property
    def is_busy(self) -> bool:
        """Whether a job runs: the phase or the drill is one that must be left, or a resynchronization goes on."""

    @property
    def acceptable(self) -> tuple[frozenset[str], frozenset[str]]:
        """The operations that are accepted with some arguments while nothing is wrong; and those of them that may be
        refused even so, whatever the arguments."""

    def restart(self) -> None:
        """Go back to where the lifecycle begins."""

    def value(self, variable: str) -> Any:
        """What a variable of the lifecycle is."""

    def take(self, event: str, arguments: Mapping[str, Any] | None = None) -> Taken | None:
        """Send an event; None if the lifecycle does not allow it."""

    def tried(self, event: str, arguments: Mapping[str, Any] | None = None) -> Taken | None:
        """What `take` would do; nothing has changed."""


class ChartEngine:
    """Runs a chart; see `Engine`."""

    def __init__(self, chart: type[Lifecycle]) -> None:
        self._chart = chart
        self.declared = Facts(chart.profile, chart.phases, chart.drill_states, chart.surroundings)
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
        return Taken(citation.ends, _holds(citation.may_refuse, known))

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


class StepperEngine:
    """Runs an extended finite state machine, or a mutant of one; see `Engine`."""

    def __init__(self, machine: Machine) -> None:
        self._machine = machine
        self.declared = machine.efsm
        self._happenings = tuple(event for event in machine.events if not event.is_operation)
        self.restart()

    def restart(self) -> None:
        """Go back to where the machine begins."""
        self._at: MachineState = self._machine.initial
        self.surroundings: frozenset[str] = frozenset()

    @property
    def phase(self) -> str:
        """The phase that the item is in."""
        return self._at.state.phase

    @property
    def drill(self) -> str:
        """The state of its drill."""
        return self._at.state.drill

    def value(self, variable: str) -> Any:
        """What a variable of the machine is; one that is a site has the name of it."""
        return getattr(self._at.state, variable)

    @property
    def is_busy(self) -> bool:
        """Whether a job runs."""
        return self._machine.is_busy(self._at.state)

    def take(self, event: str, arguments: Mapping[str, Any] | None = None) -> Taken | None:
        """Let an event happen; None if the machine does not allow it."""
        taken = self._step(event, arguments)
        if taken is not None:
            self._at = taken[0]
        return None if taken is None else taken[1]

    def tried(self, event: str, arguments: Mapping[str, Any] | None = None) -> Taken | None:
        """What `take` would do; nothing has changed."""
        taken = self._step(event, arguments)
        return None if taken is None else taken[1]

    @property
    def happenings(self) -> list[str]:
        """What may happen by itself just now."""
        allowed = (self._machine.step(self._at, event, self.surroundings).is_taken for event in self._happenings)
        return [event.name for event, is_allowed in zip(self._happenings, allowed, strict=True) if is_allowed]

    @property
    def acceptable(self) -> tuple[frozenset[str], frozenset[str]]:
        """As `Engine.acceptable`."""
        return self._machine.acceptable(self._at)

    def _step(self, event: str, arguments: Mapping[str, Any] | None) -> tuple[MachineState, Taken] | None:
        asked = dict(arguments or {})
        given = tuple((name, asked[name]) for name in ARGUMENTS.get(event, {}))  # type: ignore[call-overload]
        step = self._machine.step(self._at, Event(event, given), self.surroundings)
        return (step.after, Taken(step.ends, step.may_refuse, step.is_told)) if step.is_taken else None


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
