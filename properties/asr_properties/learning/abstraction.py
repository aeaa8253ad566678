"""What a learner asks and sees: the stated abstraction of an implementation to a Mealy machine.

One input is an operation with its arguments, asked for with nothing wrong, waited for until its job has ended and
whatever the service does by itself then has come to rest. One output is how it was answered, and what the item shows at
rest, as far as the facts say how that looks: where they leave a field open, it is left out.

So faults, cancelled jobs, what is shown while a job runs, resynchronization, records, instants and ids are not in it. A
request counts as refused however it is refused: at once, by its job, or by a job that succeeds without effect where the
contract allows that (contract 1).
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product
from typing import Any, NamedTuple

from asr_model.efsm import Efsm, Event
from asr_model.vocabulary import ARGUMENTS, Operation
from asr_properties.contract.connection import AdapterError, Connection
from asr_properties.contract.errors import ContractError, Refused
from asr_properties.evidence.actions import as_request
from asr_properties.evidence.observation import NOT_REPLICATED, Observation
from asr_properties.evidence.unknown import UNKNOWN
from asr_properties.session.arguments import concrete
from asr_properties.session.observer import Observer
from asr_properties.session.polling import polled

OPEN_ARGUMENTS = (("recovery_point_type", "app_consistent"), ("recovery_point", "latest_app_consistent"))
"""Arguments that no input has: what they need is not there by default, or their acceptance is open."""

NOTHING_TO_NAME = "nothing to name"
"""The answer to an input that names a recovery point where there is none: then nothing is asked for."""

HOUR = 3600.0
LONGEST_REST = 48
"""Hours after which an item that should be at rest is taken as it is."""


class Look(NamedTuple):
    """An item at rest. Empty texts: not shown, or left open by the facts. allowed: the listed operations but for those
    that are optional."""

    phase: str
    drill: str = ""
    serving: str = ""
    replicating: str = ""
    instance: str = ""
    allowed: tuple[str, ...] | None = None
    points: str = ""
    on_premises: str = ""
    azure: str = ""

    def __str__(self) -> str:
        known = [value for value in (self.phase, self.drill, self.serving) if value and value != "no_drill"]
        return ", ".join(known)

    def without(self, fields: frozenset[str]) -> Look:
        """The look with these fields unknown."""
        unknown: dict[str, Any] = {field: None if field == "allowed" else "" for field in fields}
        return self._replace(**unknown)

    @property
    def as_observation(self) -> Observation:
        """The look as the oracle takes it."""
        return Observation(
            phase=self.phase or UNKNOWN,
            drill=self.drill or UNKNOWN,
            serving=self.serving or UNKNOWN,
            replicating=self.replicating or UNKNOWN,
            instance=self.instance or UNKNOWN,
            allowed=UNKNOWN if self.allowed is None else frozenset(self.allowed),
            points=self.points or UNKNOWN,
            other_points=self.points or UNKNOWN,
            on_premises=self.on_premises or UNKNOWN,
            azure=self.azure or UNKNOWN,
        )


class Output(NamedTuple):
    """How an operation was answered (`accepted`, `refused`, or how else its job ended), and how the item looks then."""

    answer: str
    look: Look

    def __str__(self) -> str:
        return f"{self.answer}  [{self.look}]"


def always_open(efsm: Efsm) -> frozenset[str]:
    """The operations of the profile that may be refused wherever they may be accepted: these are no inputs."""
    certain = {transition.event for transition in efsm.transitions if transition.may_refuse != "True"}
    return _declared(efsm) - certain


def _declared(efsm: Efsm) -> frozenset[str]:
    return frozenset(map(str, Operation)) & {transition.event for transition in efsm.transitions}


def inputs(efsm: Efsm) -> tuple[Event, ...]:
    """The inputs: every operation of the profile with every kind of arguments, but for what is open."""
    asked = _declared(efsm) - always_open(efsm)
    found = []
    for operation in Operation:
        if operation not in asked:
            continue
        domains: Mapping[str, tuple[str | bool, ...]] = ARGUMENTS.get(operation, {})
        for values in product(*domains.values()):
            arguments = tuple(zip(domains, values, strict=True))
            if not any(argument in OPEN_ARGUMENTS for argument in arguments):
                found.append(Event(operation, arguments))
    return tuple(found)


class AbstractItem:
    """Asks an implementation the inputs, and gives the outputs. patience: seconds that a wait takes at most where the
    implementation has no clock to move."""

    def __init__(self, connection: Connection, efsm: Efsm, patience: float) -> None:
        self._connection = connection
        self._efsm = efsm
        self._patience = patience
        self._observer = Observer(connection)
        self._left_out = always_open(efsm)

    def restart(self) -> None:
        """Begin with a fresh item."""
        self._connection.new_item({})
        self._observer.restart()
        self._look()

    def ask(self, event: Event) -> Output:
        """One input.

        Raises:
            AdapterError: the adapter is at fault.
        """
        before = self._at_rest()
        # Of several listed points the one that is not in use is meant: the last one.
        action = as_request(event, pick=len(self._observer.points) - 1 if self._observer.points else 0)
        arguments, kinds = concrete(action, self._observer)
        if kinds != dict(event.arguments):
            return Output(NOTHING_TO_NAME, before)
        try:
            job = self._connection.request(event.name, arguments)
        except Refused:
            return Output("refused", self._look())
        except ContractError as error:
            raise AdapterError(
                "an answer that the contract does not allow here",
                sent=f"request {event.name}",
                got=f"{type(error).__name__}: {error}",
                hint="a refusal is code 1000, whatever the reason",
            ) from error
        state = self._end_of(job)
        if event.name == Operation.FAIL_OVER and self._connection.has_clock:
            self._connection.wait(seconds=HOUR)  # until then an agent may still be registering (facts 1.1, 4)
        after = self._at_rest()
        unchanged = after == before
        free = event.name == Operation.ENABLE_REPLICATION and before.phase != NOT_REPLICATED
        if unchanged and (state in ("failed", "cancelled") or (free and state == "succeeded")):
            return Output("refused", after)
        return Output("accepted" if state == "succeeded" else f"job {state.replace('_', ' ')}", after)

    def _end_of(self, job: str) -> str:
        connection = self._connection
        if connection.has_clock:
            connection.wait(job=job)
        else:
            polled(lambda: connection.job(job).state != "in_progress", self._patience)
        return connection.job(job).state

    def _at_rest(self) -> Look:
        """Let the item come to rest, and look at it."""
        for _ in range(LONGEST_REST):
            look = self._look()
            if self._is_at_rest(look):
                break
            if not self._connection.has_clock:
                polled(lambda: self._is_at_rest(self._look()), self._patience)
                break
            self._connection.wait(seconds=HOUR)
        return self._look()

    def _is_at_rest(self, look: Look) -> bool:
        facts, drill = self._efsm.phases.get(look.phase), self._efsm.drills.get(look.drill)
        moves = facts is not None and facts.settles_within is not None
        return not moves and (drill is None or drill.settles_within is None)

    def _look(self) -> Look:
        seen = self._observer.look()
        phase = _text(seen.phase)
        facts = self._efsm.phases.get(phase)
        if phase == NOT_REPLICATED or facts is None:
            return Look(phase)
        allowed = None if seen.allowed is UNKNOWN else tuple(sorted(seen.allowed - self._left_out))
        return Look(
            phase=phase,
            drill=_text(seen.drill),
            serving=_text(seen.serving) if facts.serving is not None else "",
            replicating=_text(seen.replicating) if facts.replicating is not None else "",
            instance=_text(seen.instance) if facts.instance is not None else "",
            allowed=allowed,
            points=_text(seen.points_in(phase)) if facts.lists_points else "",
            on_premises=_text(seen.on_premises) if facts.machines_specified else "",
            azure=_text(seen.azure) if facts.machines_specified else "",
        )


def _text(value: object) -> str:
    return "" if value is UNKNOWN or value is None else str(value)
