"""Doing one action on an implementation: what is asked of it, and how it answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import inf
from typing import NamedTuple

from asr_model.efsm import Event
from asr_model.vocabulary import Answer, Operation, Site
from asr_properties.contract.connection import AdapterError, Connection
from asr_properties.contract.errors import ContractError, InvalidParameters, NotOffered, Refused
from asr_properties.evidence.actions import SLICE, Action
from asr_properties.evidence.step import Step, Update, words_of
from asr_properties.evidence.unknown import UNKNOWN, known
from asr_properties.oracle.disagreement import Disagreement
from asr_properties.oracle.explanation import SERVICE_JOB
from asr_properties.oracle.matching import AWAITING_CLEANUP
from asr_properties.oracle.oracle import Oracle
from asr_properties.session.arguments import concrete
from asr_properties.session.irreplaceable import is_spared
from asr_properties.session.observer import Observer
from asr_properties.session.polling import polled, time_of
from asr_properties.session.surroundings import ItemSurroundings
from asr_properties.session.through import Through, named_by

LONGEST_JOB = 86_400.0
"""Seconds that a job takes at most, with nothing wrong (contract, Time)."""


class Skipped(Exception):
    """An action that is not done; the message says why."""


class Done(NamedTuple):
    """An action that was done, before anything was looked at.

    step: what was done and how it was answered. asked: the operation and its job; the job is None where the operation
    was refused. cancelled: the job that was to be cancelled. waited_for: the job that must have ended by now.
    """

    step: Step
    asked: tuple[Event, str | None] | None = None
    cancelled: str | None = None
    waited_for: str | None = None


@dataclass(frozen=True)
class Actor:
    """Does actions on the item of one connection; the fields are as for `Session`."""

    connection: Connection
    observer: Observer
    oracle: Oracle
    surroundings: ItemSurroundings
    drills_exclude: bool
    patience: float
    rest: Callable[[float], None]

    def act(self, action: Action) -> Done:
        """Do an action on the present item.

        Raises:
            Skipped: the action cannot be done, or must not be.
            Disagreement: the answer is one that no implementation may give.
            AdapterError: the adapter is at fault.
        """
        efsm = self.oracle.stepper.efsm
        if self.connection.is_irreplaceable and is_spared(efsm, action, self.oracle.explanations):
            raise Skipped("nobody could bring the machine back")
        match action.kind:
            case "request":
                return self._request(action)
            case "cancel_job":
                return self._cancel_job(action)
            case "wait" | "time":
                return self._wait(action) if self.connection.has_clock else self._poll(action)
            case "write":
                return self._write(action)
            case "inject" | "clear":
                return self._disturb(action)
            case "update_settings":
                return self._update_settings(action)
        raise AssertionError(f"{action.kind} is no action on an item")

    def _request(self, action: Action) -> Done:
        self._check_that_it_can_be_asked(action.name)
        through = self._name_appliance(action)
        arguments, kinds = concrete(action, self.observer) if through is None else (through.sent, {})
        event = Event(action.name, tuple(kinds.items()))
        names_a_point = kinds.get("recovery_point") == "listed"
        step = self._step(action, event.name)._replace(
            **words_of(kinds),
            sent=arguments,
            named_id=arguments["recovery_point"] if names_a_point else UNKNOWN,
            through=None if through is None else through.kinds,
        )
        try:
            job = self.connection.request(action.name, arguments)
        except Refused as refusal:
            return Done(_refused(step, refusal), asked=(event, None))
        except ContractError as error:
            raise _misplaced(f"request {action.name}", error) from error
        if self.observer.knows_job(job):
            what, allowed = f"the job id {job} is used again", ["job ids are never reused"]
            raise Disagreement(what, allowed, ["X22"], self.oracle.explanations)
        self.observer.opened(job, action.name)
        return Done(step._replace(answer="accepted", response=Answer.ACCEPTED, job=job), asked=(event, job))

    def _name_appliance(self, action: Action) -> Through | None:
        """What a reprotect names where sites are shown; None for other operations, and where they are not.

        Raises:
            Skipped: there is nothing of that kind.
        """
        if action.name != Operation.REPROTECT:
            return None
        if not self.connection.has_sites:
            if action.arguments:
                raise Skipped("the implementation shows no appliances")
            return None
        facts = self.oracle.stepper.efsm.phases
        sites = {facts[explanation.state.phase].serving for explanation in self.oracle.explanations}
        through = named_by(action, self.observer.sites(), to_azure=Site.AZURE not in sites)
        if through is None:
            raise Skipped("there is no such appliance or account")
        self.surroundings.names(through.surroundings)
        return through

    def _update_settings(self, action: Action) -> Done:
        if not self.connection.has_settings:
            raise Skipped("the implementation shows no settings")
        changes = self.observer.updates.changes(action)
        if not changes:
            raise Skipped("nothing is known of the settings at first")
        step = self._step(action, "update_settings")._replace(sent=changes)
        try:
            job = self.connection.update_settings(changes)
        except Refused as refusal:
            return Done(step._replace(answer=f"refused ({refusal.reason})", update=Update(changes, refused=True)))
        if job is not None:
            if self.observer.knows_job(job):
                what, allowed = f"the job id {job} is used again", ["job ids are never reused"]
                raise Disagreement(what, allowed, ["X22"], self.oracle.explanations)
            self.observer.updating(job)
        return Done(step._replace(answer="accepted", update=Update(changes, job)))

    def _check_that_it_can_be_asked(self, operation: str) -> None:
        if operation not in self.connection.offered:
            raise Skipped("not offered by this implementation")
        if self.observer.updates.running_job is not None:
            raise Skipped("whether an operation is possible while a change of the settings runs is not said")
        if not self.drills_exclude and operation != Operation.CLEAN_UP_TEST_FAILOVER and self._is_drill_waiting():
            raise Skipped("what a waiting drill admits is not judged")

    def _cancel_job(self, action: Action) -> Done:
        ended = self.observer.ended_jobs
        picked = ended[action.pick % len(ended)] if ended else None
        job = self._running_job() if action.name == "running" else picked
        if job is None:
            raise Skipped("there is no such job")
        event = Event(Operation.CANCEL_JOB, (("job", action.name),))
        step = self._step(action, event.name)._replace(sent={"job": job})
        try:
            self.connection.cancel_job(job)
        except Refused as refusal:
            return Done(_refused(step, refusal), asked=(event, None), cancelled=job)
        except ContractError as error:
            raise _misplaced("cancel_job", error) from error
        return Done(step._replace(answer="accepted", response=Answer.ACCEPTED), asked=(event, job), cancelled=job)

    def _running_job(self) -> str | None:
        """The job that runs: the one that all explanations agree on, else the one that the observer knows of."""
        jobs = {explanation.job for explanation in self.oracle.explanations}
        agreed = jobs.pop() if len(jobs) == 1 else None
        return self.observer.running_job() if agreed in (None, SERVICE_JOB) else agreed

    def _wait(self, action: Action) -> Done:
        seconds = action.seconds
        job = self._running_job() or self.observer.updates.running_job if seconds is None else None
        if seconds is None and job is None:
            raise Skipped("no job runs")
        elapsed, last_wait = (0.0, inf if self.surroundings.troubles else LONGEST_JOB), 0.0
        try:
            if action.kind == "time" and job is not None:
                last_wait, seconds = SLICE, time_of(self.connection, job, LONGEST_JOB)
            else:
                self.connection.wait(job=job, seconds=seconds)
                last_wait = seconds or 0.0
        except ContractError as error:
            raise _misplaced("wait", error) from error
        if seconds is not None:
            elapsed = (seconds, seconds)
        step = self._step(action, "wait")._replace(answer="time passed", elapsed=elapsed, last_wait=last_wait)
        return Done(step, waited_for=job if action.kind == "wait" else None)

    def _poll(self, action: Action) -> Done:
        """Without a clock, look ever more seldom until what is due has happened, or until patience ends.

        Time is the implementation's own then, so nothing is concluded from how long that takes (contract, Time).
        """
        job = self._running_job() or self.observer.updates.running_job
        facts = self.oracle.stepper.efsm.phases
        if job is None and all(facts[e.state.phase].settles_within is None for e in self.oracle.explanations):
            raise Skipped("nothing is due, and time is the implementation's own")

        def happened() -> bool:
            if job is not None:
                return self.connection.job(job).state != "in_progress"
            now, last = self.connection.item(), known(self.observer.last.item)
            return bool((now and now.phase) != (last and last.phase))

        late = f"still going on after {self.patience:g} s"
        answer = "time passed" if polled(happened, self.patience, self.rest) else late
        return Done(self._step(action, "wait")._replace(answer=answer))

    def _write(self, action: Action) -> Done:
        if not self.connection.has_workload:
            raise Skipped("the implementation offers no workload")
        wrote: int | None = None
        try:
            wrote = self.connection.write()
            answer = f"record {wrote}"
        except Refused as refusal:
            answer = f"refused ({refusal.reason})"
        except ContractError as error:
            raise _misplaced("write", error) from error
        return Done(self._step(action, "write")._replace(answer=answer, wrote=wrote))

    def _disturb(self, action: Action) -> Done:
        if not self.connection.has_faults:
            raise Skipped("the implementation offers no faults")
        try:
            if action.kind == "inject":
                self.connection.inject(action.name, action.task)
                self.surroundings.begins(action.name)
            else:
                self.connection.clear(action.name)
                self.surroundings.ends(action.name)
        except NotOffered:
            raise Skipped("the implementation does not have this fault") from None
        except InvalidParameters as error:
            if action.task is None:
                raise _misplaced(f"{action.kind} {action.name}", error) from error
            raise Skipped(f"the implementation has no task {action.task}") from None
        except ContractError as error:
            raise _misplaced(f"{action.kind} {action.name}", error) from error
        self.oracle.disturbed()
        return Done(self._step(action, action.kind)._replace(answer="done"))

    def _step(self, action: Action, event: str) -> Step:
        """The step of an action. With a clock it takes no time; without one any time may have passed."""
        elapsed = (0.0, 0.0) if self.connection.has_clock else (0.0, inf)
        seconds = UNKNOWN if action.seconds is None else action.seconds
        return Step(event, action=action, seconds=seconds, elapsed=elapsed)

    def _is_drill_waiting(self) -> bool:
        return any(explanation.state.drill == AWAITING_CLEANUP for explanation in self.oracle.explanations)


def _refused(step: Step, refusal: Refused) -> Step:
    return step._replace(answer=f"refused ({refusal.reason})", response=Answer.REFUSED)


def _misplaced(sent: str, error: ContractError) -> AdapterError:
    return AdapterError(
        "an answer that the contract does not allow here",
        sent=sent,
        got=f"{type(error).__name__}: {error}",
        hint="a refusal is code 1000, whatever the reason",
    )
