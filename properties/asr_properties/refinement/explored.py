"""One implementation at one moment of an exploration: it can be copied, does one step, and tells what is seen then."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Hashable, Mapping, Sequence
from contextlib import suppress
from copy import copy, deepcopy
from functools import partial
from typing import Any, NamedTuple, Protocol, runtime_checkable

from asr_model.efsm import Event
from asr_model.stepper import Stepper
from asr_model.vocabulary import ARGUMENTS, Operation, Site
from asr_properties.contract.connection import Implementation
from asr_properties.contract.errors import Refused
from asr_properties.contract.messages import PROTOCOL, Item, Machine, RecoveryPoint
from asr_properties.evidence.observation import NOTHING_SEEN, Observation
from asr_properties.evidence.unknown import known
from asr_properties.mutation.beliefs import ASKED, BEYOND_EVERY_BOUND, OWN, RUNNING, Look, look_of
from asr_properties.reference import Freedom
from asr_properties.refinement.branching import Branching, Choice
from asr_properties.session.arguments import UNKNOWN_POINT
from asr_properties.session.surroundings import ItemSurroundings
from asr_properties.session.through import NO_SUCH

HALF_AN_HOUR = 1800.0
"""Seconds that are let pass where nothing is due: points are made and grow old meanwhile."""

APPLIANCE_UNKNOWN = "appliance_unknown"
"""The condition that is brought about by what a reprotect names."""


@runtime_checkable
class Explorable(Implementation, Protocol):
    """An implementation in this process that can be gone through: it has virtual time and faults, `copy.deepcopy` of it
    goes on by itself, and beside the contract it offers these methods."""

    def explore(self, freedom: Freedom) -> None:
        """Leave all open outcomes to `freedom`, from the next `new_item` on."""

    def due_in(self) -> float | None:
        """Seconds until something happens by itself, recovery points apart; None where nothing does."""

    def likeness(self) -> Hashable:
        """What decides what it will do and show: two that are alike are taken for the same."""


class Move(NamedTuple):
    """One thing to do: what is asked for, or time that passes (None); and the conditions that are made to hold."""

    event: Event | None
    conditions: frozenset[str]


class Done(NamedTuple):
    """What was seen of a move. running, asked, own: the states of these jobs, as in `Seen`. look_after: with all faults
    ended, where some were on. holds: the conditions that held, plain: those without faults."""

    is_accepted: bool
    running: str
    asked: str
    own: str
    is_late: bool
    is_awaited: bool
    look: Look
    look_after: Look | None
    holds: frozenset[str]
    plain: frozenset[str]


class Explored:
    """An item of an implementation, fresh and of a configuration.

    Attributes:
        seen: the last look at it.
        chosen: what was chosen in the last step.
    """

    def __init__(self, implementation: Any, stepper: Stepper, configuration: Mapping[str, Any]) -> None:
        self._implementation, self._freedom = implementation, Branching()
        self._fault_of = {s.name: str(s.faults[0]) for s in stepper.efsm.surroundings if s.faults}
        self._surroundings = ItemSurroundings(stepper)
        self._surroundings.restart(configuration)
        implementation.explore(self._freedom)
        implementation.hello(protocol=PROTOCOL)
        implementation.new_item(configuration=dict(configuration))
        self._operations: dict[str, str] = {}
        self._ended: str | None = None
        self._jobs = 0
        self._copying: Callable[[], tuple[Any, Branching]] | None = None
        self._likeness: Hashable = None
        self.seen = self._observation()

    def copied(self) -> Explored:
        """The same, which goes on by itself."""
        other = copy(self)
        other._implementation, other._freedom = self._copies()
        other._surroundings = copy(self._surroundings)
        other._operations = dict(self._operations)
        other._copying = other._likeness = None
        return other

    @property
    def _copies(self) -> Callable[[], tuple[Any, Branching]]:
        """What gives copies of the implementation as it is now; pickled, they take a fifth of the time."""
        if self._copying is None:
            own = (self._implementation, self._freedom)
            try:
                self._copying = partial(pickle.loads, pickle.dumps(own, pickle.HIGHEST_PROTOCOL))
            except (pickle.PicklingError, AttributeError, TypeError):  # a class or function that is found nowhere
                self._copying = partial(deepcopy, own)
        return self._copying

    @property
    def chosen(self) -> Sequence[Choice]:
        """What was chosen in the last step."""
        return self._freedom.chosen

    @property
    def likeness(self) -> Hashable:
        """The same for two that are alike."""
        if self._likeness is None:
            own = (self._surroundings.holds, self._running is None, self._ended is None)
            self._likeness = (self._implementation.likeness(), own)
        return self._likeness

    @property
    def rests(self) -> bool:
        """Whether nothing is due."""
        return self._implementation.due_in() is None

    def can_ask(self, event: Event) -> bool:
        """Whether there is what a request names."""
        arguments = dict(event.arguments)
        match arguments.get("recovery_point"), arguments.get("job"):
            case ("listed" | "in_use") as kind, _:
                return self._point(event, str(kind)) is not None
            case _, "running":
                return self._running is not None
            case _, "ended":
                return self._ended is not None
        return True

    def do(self, move: Move, chosen: Sequence[Choice], *, may_be_late: bool) -> Done:
        """Do a move, in which these are chosen first. may_be_late: whether something is due."""
        self._freedom.follow(chosen)
        self._copying = self._likeness = None
        faults = [self._fault_of[name] for name in sorted(move.conditions & self._fault_of.keys())]
        for fault in faults:
            self._implementation.inject(fault=fault)
            self._surroundings.begins(fault)
        plain = self._surroundings.holds - self._fault_of.keys()
        holds = self._surroundings.holds | move.conditions
        running, asked, seconds, is_late = self._running, None, 0.0, False
        is_accepted = False
        if move.event is None:
            seconds, is_late = self._let_time_pass(may_be_late=may_be_late and not faults)
        elif move.event.name == Operation.CANCEL_JOB:
            is_accepted = self._cancel(running if dict(move.event.arguments)["job"] == "running" else self._ended)
        else:
            asked = self._request(move)
            is_accepted = asked is not None
        is_awaited = asked is not None and self._only_answers(asked)
        if is_awaited:
            self._implementation.wait(job=asked)
        listed = self._implementation.jobs()
        begun, self._jobs = listed[: len(listed) - self._jobs], len(listed)
        own = next((job for job in begun if job != asked), None)
        jobs = (self._state(running), self._state(asked), self._state(own))
        look, look_after = self._looks({running: RUNNING, asked: ASKED, own: OWN}, faults)
        self._surroundings.passes(seconds, failover_ended=self._note_ends(running, asked))
        return Done(is_accepted, *jobs, is_late, is_awaited, look, look_after, holds, plain)

    # -- inside ------------------------------------------------------------------------------------------------

    @property
    def _running(self) -> str | None:
        running: str | None = known(self.seen.current_job)
        return running

    def _request(self, move: Move) -> str | None:
        """Ask for an operation; gives its job, None where it is refused."""
        assert move.event is not None
        arguments = dict(move.event.arguments)
        if "recovery_point" in arguments:
            arguments["recovery_point"] = self._point(move.event, str(arguments["recovery_point"])) or UNKNOWN_POINT
        if APPLIANCE_UNKNOWN in move.conditions:
            arguments |= {"appliance": NO_SUCH, "cache_storage_account": NO_SUCH}
        try:
            started = self._implementation.request(operation=str(move.event.name), arguments=arguments)
        except Refused:
            return None
        job = str(started["job"])
        self._operations[job] = move.event.name
        return job

    def _state(self, job: str | None) -> str:
        return str(self._implementation.job(job=job)["state"]) if job else ""

    def _cancel(self, job: str | None) -> bool:
        try:
            self._implementation.cancel_job(job=job)
        except Refused:
            return False
        return True

    def _let_time_pass(self, *, may_be_late: bool) -> tuple[float, bool]:
        """Up to what is due next. The guest writes before, so that there is always something new."""
        with suppress(Refused):
            self._implementation.write()
        due = self._implementation.due_in()
        is_late = due is None and (may_be_late or self._running is not None)
        seconds = due if due is not None else BEYOND_EVERY_BOUND if is_late else HALF_AN_HOUR
        self._implementation.wait(seconds=seconds)
        return seconds, is_late

    def _only_answers(self, job: str) -> bool:
        """Whether a job that was asked for runs beside the item: it only refuses, or has no effect (contract 1)."""
        item = self._implementation.item()
        current = None if item is None else item["current_job"]
        return job != current and self._implementation.job(job=job)["state"] == "in_progress"

    def _looks(self, names: Mapping[str | None, str], faults: Sequence[str]) -> tuple[Look, Look | None]:
        """A look, and another one when the faults have ended, if it differs. names: of the jobs."""
        look = self._named_look(names)
        for fault in faults:
            self._implementation.clear(fault=fault)
            self._surroundings.ends(fault)
        after = self._named_look(names) if faults else look
        return look, after if after != look else None

    def _named_look(self, names: Mapping[str | None, str]) -> Look:
        self.seen = self._observation()
        job = self._running
        return look_of(self.seen, None if job is None else names.get(job, job))

    def _observation(self) -> Observation:
        shown = self._implementation
        item = shown.item()
        listed = [RecoveryPoint.model_construct(**point) for point in shown.recovery_points()]
        machines = [Machine.model_construct(**shown.machine(site=str(site))) for site in Site]
        looked = NOTHING_SEEN.with_item(None if item is None else Item.model_validate(item))
        return looked.with_points(listed, tells_in_use=True, lasting=True).with_machines(*machines, are_written=False)

    def _note_ends(self, running: str | None, asked: str | None) -> bool:
        """Note which jobs have ended; gives whether a failover has."""
        ended = [job for job in (running, asked) if job and self._implementation.job(job=job)["state"] != "in_progress"]
        if ended:
            self._ended = ended[-1]
        return any(self._operations.pop(job, "") == Operation.FAIL_OVER for job in ended)

    def _point(self, event: Event, kind: str) -> str | None:
        """The id of a listed point, of one of the model's words else; None where there is none to be named."""
        if kind not in ("listed", "in_use"):
            return None if kind == "unknown" else kind
        in_use = known(self.seen.in_use_id)
        if kind == "in_use":
            return next((point.id for point in self.seen.listed if point.id == in_use), None)
        apart = "in_use" in ARGUMENTS[Operation(event.name)]["recovery_point"]
        return next((point.id for point in self.seen.listed if not (apart and point.id == in_use)), None)
